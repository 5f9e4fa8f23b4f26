"""Where values stand in a text that are to be judged: those of secret fields, addresses, numbers and credentials."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from altcraft_contract.lint.secrets.field_names import kind_of_name
from altcraft_contract.lint.secrets.numbers import digits_of
from altcraft_contract.renderers.decoded_text import QUOTES, with_plain_quotes
from altcraft_contract.renderers.secret_names import is_secret_name
from altcraft_contract.renderers.secret_places import find_secrets, iter_contacts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from altcraft_contract.renderers.secret_places import Span

Kind = Literal["token", "email", "phone"]

_WINDOW: Final = 160  # characters before a value in which the name of its field is looked for

_name = re.compile(r"[\w.$-]{1,100}")
_yaml_field = re.compile(r"(?:^|\n)[ \t]*(?:- )?[a-z_]+:[ \t]*$").search
_owner = re.compile("author|maintainer|owner|support|sender", re.IGNORECASE).search
_quote = re.compile(f"[{QUOTES}]").match


class Candidate(NamedTuple):
    """A value to be judged.

    Attributes:
        kind: What it would be.
        start: Offset in the decoded text.
        value: Without what stands around it.
        field: Name of its field; empty if it stands in none, or in one that has been damaged.
    """

    kind: Kind
    start: int
    value: str
    field: str


def iter_candidates(text: str, *, is_message: bool) -> Iterator[Candidate]:
    """The values to be judged in a decoded text, in no order.

    Args:
        text: A `DecodedText`'s.
        is_message: Whether *text* is a message of its own. Of a file that holds other things too, addresses and numbers
            count only in fields; in a sentence they may be meant to be there.
    """
    fields = _Fields(text)
    contacts = list(iter_contacts(text))
    begun = set()
    for start, end in contacts:
        value = text[start:end]
        kind: Kind = "email" if "@" in value else "phone" if value.startswith("+") else "token"
        field = fields.find(start)
        if kind == "token":
            yield Candidate(kind, start, value, "Authorization")
            begun.add(start)
        elif field is not None:
            name = fields.name(field)
            if start == field[0] or kind_of_name(name) != "token":
                begun.add(field[0])
            if is_message or _is_field_of_data(text, field[0], name):
                yield Candidate(kind, start, value, name)
        elif is_message and _is_whole(text, start, end):
            yield Candidate(kind, start, value, "")
    for span in fields.spans:
        if span[0] not in begun:
            yield from _iter_of_field(text, span, fields.name(span), is_message=is_message)


def _iter_of_field(text: str, span: Span, name: str, *, is_message: bool) -> Iterator[Candidate]:
    """What is to be judged of the value of one field, in which no address or number in full was found."""
    value = with_plain_quotes(text[slice(*span)])
    kind = kind_of_name(name) if name else "token"
    if kind == "phone" and digits_of(value) is not None:
        if is_message or _is_field_of_data(text, span[0], name):
            yield Candidate("phone", span[0], value, name)
    elif kind == "token" and "://" in value:
        for start, end in find_secrets(value).values:
            yield Candidate("token", span[0] + start, value[start:end], name)
    elif kind == "token":
        yield Candidate("token", span[0], value, name)


class _Fields:
    """The values of secret fields: of those that stand within each other, the innermost."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.spans = _innermost(find_secrets(text).values)
        self._starts = [start for start, _ in self.spans]

    def find(self, offset: int) -> Span | None:
        """The value in which the character at *offset* stands."""
        index = bisect_right(self._starts, offset) - 1
        return self.spans[index] if index >= 0 and offset < self.spans[index][1] else None

    def name(self, span: Span) -> str:
        """The nearest name of a secret before a value; empty if there is none."""
        window = self._text[max(0, span[0] - _WINDOW) : span[0]]
        for name in reversed(_name.findall(window)):
            if is_secret_name(name):
                return str(name)
        return ""


def _innermost(spans: Iterable[Span]) -> list[Span]:
    """*spans* without those that another one ends: `Bearer …` is the same secret as what follows the scheme."""
    starts: dict[int, int] = {}
    for start, end in spans:
        starts[end] = max(start, starts.get(end, 0))
    return sorted((start, end) for end, start in starts.items())


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether nothing else stands in the string or the element."""
    before = text[max(0, start - _WINDOW) : start].rstrip()[-1:]
    after = text[end : end + _WINDOW].lstrip()[:1]
    return (before == ">" and after == "<") or (_quote(before) is not None and _quote(after) is not None)


def _is_field_of_data(text: str, start: int, name: str) -> bool:
    """Whether the value at *start* is one of data, not of a sentence or of what tells who wrote a program."""
    if _owner(name):
        return False
    before = text[max(0, start - _WINDOW) : start]
    return before[-1:] in (">", "=") or _quote(before[-1:]) is not None or _yaml_field(before) is not None
