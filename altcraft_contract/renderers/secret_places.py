"""Where secrets stand in a text: JSON, XML, a form, headers or plain lines, well-formed or not, one within the other.

Nothing is parsed, since a damaged body keeps no grammar. A secret is what follows the name of a secret, by a separator,
up to where such a value ends; where that cannot be told, up to the end of the text. Everything here takes time in
proportion to the length of the text.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from altcraft_contract.renderers.decoded_text import QUOTES
from altcraft_contract.renderers.secret_names import ends_with_secret_name, is_secret_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_NAME: Final = r"[\w.$-]"
# The beginning of a tag; or a name before a separator, or before a quote, with a few stray characters between them.
_place = re.compile(
    rf"<([/?!]?)([^\s<>/=?!{QUOTES}]++)"
    rf"|(?<!{_NAME})({_NAME}++)"
    rf"(?:(?:\s*+[^\w\s:=>]){{0,3}}+\s*+([:=>])|(?=(?:\s*+[^\w\s])?\s*+\\*[{QUOTES}]))"
)
_tag_end = re.compile(r"[^<>]*+>?").match
# What counts for the depth of elements: comments and instructions do not.
_tag = re.compile(r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<(/?)[^\s<>/!?][^<>]*?(/?)>", re.DOTALL)

_to_value = re.compile(rf"\s*+(?=[{QUOTES}{{\[])|[^\w{QUOTES}\n\r{{\[+]*+").match
_to_value_below = re.compile(rf"[^\w{QUOTES}{{\[+]*+").match
_after_lost_colon = re.compile(rf"\s*+\\*[{QUOTES}]\s*+[^\s{QUOTES}]?\s*+(?=[{QUOTES}\w+\[{{])").match
_lost_equals_sign = re.compile(rf"(?:\s*+[^\w\s])?\s*+(?=[{QUOTES}][\w+])").match
_key_start = re.compile(r"[{\[(,\n\r]\Z|\A\Z").search
_bare = re.compile(
    rf"(?:[^\n\r,;&<>}}\])?{QUOTES}-]|-(?!->)|\?(?!>)|,(?!\s|[{QUOTES}{{}}\[\]<>]|{_NAME}++\s*+[:=]|\Z))++"
).match
_bare_word = re.compile(rf"[^\s,;&<>)\]}}{QUOTES}]+").match
# What may follow a value, if it has really ended.
_value_end = re.compile(rf"[ \t]*+(?:[,;&}}\])><\r\n]|/>|\?>|--|\Z)|\s++[\w:.-]++\s*+=\s*+[{QUOTES}]").match
_is_plain_word = re.compile("[a-z]{1,10}").fullmatch
_structure = re.compile('"[^"]*+"?|\ue000[^\ue000]*+\ue000?|[{\\[]|[}\\]]')
_in_prose = re.compile(rf"=(?=\S)|[:=]\s*+\\*[{QUOTES}]").match
_leaf = re.compile('"([^"]*+)"?|\ue000([^\ue000]*+)\ue000?|([^\\s,:{}\\[\\]"\ue000]++)')
# A pair such as `"name": "token", "value": "…"`, in either syntax; compiled when a text may hold one.
_NAMED_VALUE: Final = (
    rf"\b(?:name|key|header|field|param)(?:\\*[{QUOTES}]\s*+:|\s*+=)\s*+\\*[{QUOTES}]({_NAME}++)\\*[{QUOTES}]"
    rf"(?:\s*+,\s*+\\*[{QUOTES}](?:value|content)\\*[{QUOTES}]\s*+:|\s++(?:value|content)\s*+=)"
)
_VALUE_WORDS: Final = ("value", "Value", "VALUE", "content", "Content", "CONTENT")
_SCHEMES: Final = ("bearer", "basic")
_credentials = re.compile(r"\bbearer\s++([\w.~+/=-]{8,}+)|\bbasic\s++([\w+/-]{6,}={1,2})", re.IGNORECASE)
_scheme = re.compile(r"(?:bearer|basic|digest|token)\s++(?=\S)", re.IGNORECASE).match
_NO_ADDRESS: Final = rf"\s<>@,;:=&?/|\\(){{}}\[\]{QUOTES}"
_domain = re.compile(rf"(?:[^{_NO_ADDRESS}.]{{1,64}}\.){{1,20}}[^{_NO_ADDRESS}.]{{1,64}}").match
_local_part = re.compile(rf"[^{_NO_ADDRESS}]++").match  # of a reversed text
_telephone = re.compile(r"\+[0-9](?:[ ()-]{0,3}[0-9]){7,14}(?![0-9])")

# JSON of members and plain words alone, as most orders are: only the name of a member can say that something is secret.
# What stands after two spaces is left to the whole search: it may be what is left of a member.
_SPACE: Final = r"[ \t\r\n]*+"
_TEXT: Final = r'"(?:[\w .,()/#$*@+-]*+|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]++(?:Z|[+-][0-9]{2}:[0-9]{2})?)"'
_VALUE: Final = rf"(?:{_TEXT}|-?[0-9][0-9.]*+|true|false|null|(?=[\[{{]))"
_is_plain = re.compile(
    rf'{_SPACE}(?:[{{,]{_SPACE}"{_NAME}*+"{_SPACE}: ?{_VALUE}|[\[,]{_SPACE}{_TEXT}(?={_SPACE}[,\]])'
    rf"|[\[,]{_SPACE}(?=[{{\]])|\{{{_SPACE}(?=\}})|{_SPACE}[}}\]])*+{_SPACE}"
).fullmatch
_member = re.compile(rf'"({_NAME}++)"{_SPACE}:')
_item = re.compile(rf'[\[,]{_SPACE}"({_NAME}++)"(?={_SPACE}[,\]])')
_LITERALS: Final = (*"0123456789", "true", "false", "null")

_WINDOW: Final = 20  # characters before a separator among which a damaged name is looked for
_LONGEST_LOCAL_PART: Final = 256
_PLAIN: Final = frozenset({"null", "true", "false", "True", "False", "None", ""})  # values that tell nothing

Span = tuple[int, int]


def iter_contacts(text: str) -> Iterator[Span]:
    """Where something looks like an e-mail address, a telephone number or credentials, whatever its name."""
    at = text.find("@")
    while at >= 0:
        domain = _domain(text, at + 1)
        if domain is not None:
            local_part = _local_part(text[max(0, at - _LONGEST_LOCAL_PART) : at][::-1])
            if local_part is not None:
                yield at - local_part.end(), domain.end()
        at = text.find("@", at + 1)
    if "+" in text:
        for match in _telephone.finditer(text):
            yield match.span()
    if not text.isascii() or any(word in text.lower() for word in _SCHEMES):
        for match in _credentials.finditer(text):
            yield match.span(match.lastindex or 0)


class SecretPlaces(NamedTuple):
    """Where the values of secret fields stand in a decoded text.

    Attributes:
        spans: What is to be hidden, in no order.
        values: Those of `spans` that are a secret each, without anything beside it.
        joined: Secrets that stand in pieces, put together.
    """

    spans: list[Span]
    values: list[Span]
    joined: set[str]


def find_secrets(text: str, *, in_prose: bool = False) -> SecretPlaces:
    """Find the values of secret fields.

    Args:
        text: A decoded text.
        in_prose: Whether *text* is a sentence that may speak of secret fields, so that only `name=value` and quoted
            values count.
    """
    finder = _Finder(text, in_prose=in_prose)
    if in_prose or not finder.find_members():
        finder.find()
    return SecretPlaces(finder.spans, finder.values, finder.joined)


@lru_cache(maxsize=256)  # the documents of a run have the same few sets of names
def _secret_among(names: frozenset[str]) -> frozenset[str] | None:
    """Those of *names* that are names of secrets; None if one may look like that with the value that follows it."""
    secret = frozenset(filter(is_secret_name, names))
    is_odd = any(ends_with_secret_name(name + literal) for name in names - secret for literal in _LITERALS)
    return None if is_odd else secret


@lru_cache(maxsize=256)  # as above
def _members_named(names: frozenset[str]) -> Callable[[str], Iterator[re.Match[str]]]:
    """What finds the members with one of *names* in a plain document."""
    return re.compile(rf'"(?:{"|".join(map(re.escape, sorted(names)))})"{_SPACE}:').finditer


class _Finder:
    def __init__(self, text: str, *, in_prose: bool) -> None:
        self.text = text
        self.spans: list[Span] = []
        self.values: list[Span] = []
        self.joined: set[str] = set()
        self.in_prose = in_prose
        self.floor = 0  # nothing before it is looked at again

    def find(self) -> None:
        position = 0
        while match := _place.search(self.text, position):
            if match[2] is None:
                position, end = match.end(), self.field(match)
            elif is_secret_name(match[2].rpartition(":")[2]):
                position, end = match.end(), self.tag(match)
            else:
                position, end = match.start(2), None  # it may be a field that a stray `<` stands in
            if end is not None:
                position = self.floor = max(end, match.end())
        if any(word in self.text for word in _VALUE_WORDS):
            self.find_pairs()

    def find_members(self) -> bool:
        """The same as `find` in a plain document, at a tenth of its cost; whether *text* is one."""
        text = self.text
        if not _is_plain(text) or any(map(is_secret_name, _item.findall(text))):
            return False
        secret = _secret_among(frozenset(_member.findall(text)))
        if secret is None:
            return False
        if secret:
            for member in _members_named(secret)(text):
                if member.start() >= self.floor:
                    match = _place.match(text, member.start() + 1)
                    self.floor = (self.field(match) if match is not None else None) or self.floor
        if any(word in text for word in _VALUE_WORDS):
            self.find_pairs()
        return True

    def find_pairs(self) -> None:
        position = 0
        for match in re.finditer(_NAMED_VALUE, self.text, re.IGNORECASE):
            if match.start() >= position and is_secret_name(match[1]):
                position = self.value(match.end())

    def keep(self, start: int, end: int) -> None:
        """Hide what stands from *start* to *end*, and remember it as a secret."""
        value = self.text[start:end]
        trimmed = value.strip()
        if trimmed in _PLAIN:
            return
        self.spans.append((start, end))
        start += len(value) - len(value.lstrip())
        scheme = _scheme(trimmed)
        end = start + len(trimmed.rstrip(",;\\"))
        self.values += ((start, end), (start + scheme.end(), end)) if scheme is not None else ((start, end),)

    def hide(self, start: int, end: int) -> None:
        """Hide what stands from *start* to *end*, though it may be no secret."""
        if self.text[start:end].strip():
            self.spans.append((start, end))

    # Fields: `"name": value`, `name=value`, and what is left of them

    def field(self, match: re.Match[str]) -> int | None:
        """The end of the value of the field at *match*; None if it is no secret one."""
        text = self.text
        start, end = match.span(3)
        before = text[start - 1 : start]
        is_quoted = bool(before) and before in QUOTES
        is_key = is_quoted and _key_start(text[max(0, start - 3) : start - 1].rstrip(" \t")) is not None
        is_whole = is_key and text[end : end + 1] == before
        if not is_secret_name(match[3]) and (
            is_whole or not ends_with_secret_name(text[max(self.floor, end - _WINDOW) : match.end()])
        ):
            return None
        if match[4] == ">":
            return None if self.in_prose else self.text_after(match.end())
        if match[4] is not None:
            return self.value(match.end(), may_be_below=is_quoted or match[4] == "=")
        lost = _after_lost_colon if is_key else None if is_quoted else _lost_equals_sign
        found = lost(text, end) if lost is not None else None
        return self.value(found.end()) if found is not None else None

    def text_after(self, start: int) -> int:
        end = self.text.find("<", start)
        return self.kept_to(start, end if end >= 0 else len(self.text))

    def value(self, start: int, *, may_be_below: bool = False) -> int:
        """Hide the value that begins at *start*, or after some characters that no value begins with.

        Args:
            start: An offset.
            may_be_below: Whether a value without quotes may stand on the next line.

        Returns:
            Its end.
        """
        text = self.text
        if self.in_prose and not _in_prose(text, start - 1):
            return start
        to_value = _to_value_below if may_be_below else _to_value
        while True:
            start = to_value(text, start).end()  # type: ignore[union-attr]  # it matches nothing, too
            if text[start : start + 1] in ("{", "["):
                return self.container(start)
            end = self.chunk(start)
            inner = start + (text[start : start + 1] in QUOTES)
            last = end - (end - 1 > start and text[end - 1] in QUOTES)
            if inner < last:
                self.keep(inner, last)
            start = end if self.in_prose else self.rest(end)
            if self.in_prose or text[start : start + 1] not in (":", "="):
                return start
            start += 1  # what looked like the value was a part of the name

    def chunk(self, start: int) -> int:
        """The end of the quoted or bare value at *start*."""
        text = self.text
        quote = text[start : start + 1]
        if quote and quote in QUOTES:
            end = text.find(quote, start + 1)
            return end + 1 if end >= 0 else len(text)
        match = (_bare_word if self.in_prose else _bare)(text, start)
        return match.end() if match is not None else start

    def rest(self, start: int) -> int:
        """Hide what is left of a value that was broken by a stray quote: on the same line, up to where it may end."""
        text = self.text
        position = start
        while not _value_end(text, position) and text[position] not in ":=":
            match = _bare(text, position)
            position = match.end() if match is not None else position + 1
        self.hide(start, position)
        return position

    def container(self, start: int) -> int:
        """Hide an object or a list, to the end of the text if it has none."""
        depth = 0
        end = len(self.text)
        for token in _structure.finditer(self.text, start):
            depth += token[0] in ("{", "[")
            depth -= token[0] in ("}", "]")
            if depth == 0:
                end = token.end()
                break
        self.hide(start, end)
        if depth == 0:
            for leaf in _leaf.finditer(self.text, start, end):
                place = leaf.span(leaf.lastindex or 0)
                if not _is_plain_word(self.text[slice(*place)]):  # a name, or a word such as `bearer`
                    self.keep(*place)
        return end

    # Elements

    def tag(self, match: re.Match[str]) -> int:
        """The end of what belongs to the secret tag at *match*."""
        text = self.text
        start, end = match.start(), match.end()
        if match[1] == "?":
            closing = text.find("?>", end)
            return self.kept_to(end, closing if closing >= 0 else len(text))
        closing_bracket = _tag_end(text, end).end()  # type: ignore[union-attr]  # it matches nothing, too
        is_whole = text[closing_bracket - 1] == ">" and closing_bracket > end
        if match[1] == "/":
            before = max(text.rfind("<", self.floor, start), text.rfind(">", self.floor, start), self.floor - 1)
            self.keep(before + 1, start)
            # A tag that is none, such as one quoted in JSON, would take fields that follow it for its own.
            is_closed = is_whole and not text[end : closing_bracket - 1].strip()
            return closing_bracket if is_closed else end
        if not is_whole:
            return self.element(start + 1)
        attributes = text[end : closing_bracket - 1]
        if attributes.endswith("/"):
            self.keep_attributes(end, closing_bracket - 2)
            return closing_bracket
        self.keep_attributes(end, closing_bracket - 1)
        return self.element(closing_bracket)

    def kept_to(self, start: int, end: int) -> int:
        self.keep(start, end)
        return end

    def keep_attributes(self, start: int, end: int) -> None:
        self.hide(start, end)
        for match in re.finditer(f"[{QUOTES}]([^{QUOTES}]*)[{QUOTES}]", self.text[start:end]):
            self.keep(start + match.start(1), start + match.end(1))

    def element(self, start: int) -> int:
        """Hide the content of an element that begins at *start*, to the end of the text if it has none."""
        depth = 1
        end = len(self.text)
        position = start
        texts = []
        for tag in _tag.finditer(self.text, start):
            texts.append((position, tag.start()))
            position = tag.end()
            if tag[1] is None or tag[2]:
                continue
            depth += -1 if tag[1] else 1
            if depth == 0:
                end = tag.start()
                break
        if depth:
            texts = texts[:1] or [(start, end)]
        self.hide(start, end)
        for place in texts:
            self.keep(*place)
        if len(texts) > 1:
            self.joined.add("".join(self.text[slice(*place)] for place in texts).strip())
        return end
