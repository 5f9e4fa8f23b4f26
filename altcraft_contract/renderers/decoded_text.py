"""A text with its escapes decoded, and the way back to where each character stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final

_escape = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\[\"'\\/bfnrt]"
    r"|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|quot|apos|amp|lt|gt);|%[2-7][0-9a-fA-F]|<!\[CDATA\[|\]\]>"
)
_SHORT: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_ENTITIES: Final = {"quot": '"', "apos": "'", "amp": "&", "lt": "<", "gt": ">"}
_LARGEST: Final = 0x10FFFF
_SURROGATES: Final = range(0xD800, 0xE000)

# A quote that was escaped does not end a string that began with a plain one.
_ESCAPED_QUOTES: Final = {"\\": "\ue000", "&": "\ue001", "%": "\ue002"}
QUOTES: Final = "\"'\ue000-\ue002"
"""Quotes, plain and escaped, as the inside of a class of characters in a regular expression."""

_PLAIN_QUOTES: Final = str.maketrans(dict.fromkeys(_ESCAPED_QUOTES.values(), '"'))


def with_plain_quotes(text: str) -> str:
    """*text* from a `DecodedText`, with its escaped quotes as quotes."""
    return text.translate(_PLAIN_QUOTES)


def with_escaped_quotes(text: str) -> set[str]:
    """*text* as a `DecodedText` has it where its quotes were escaped; nothing if it has none."""
    if '"' not in text and "'" not in text:
        return set()
    plain = text.replace("'", '"')
    return {plain.replace('"', quote) for quote in _ESCAPED_QUOTES.values()} | {
        text.replace('"', quote) for quote in _ESCAPED_QUOTES.values()
    }


class DecodedText:
    r"""A text in which an escape of JSON, XML or a URL is the one character that it means.

    Which syntax the text is of makes no difference: one syntax often stands within the other.

    Attributes:
        text: The decoded text; escaped quotes are characters of their own (`QUOTES`).
    """

    def __init__(self, source: str) -> None:
        parts: list[str] = []
        self._decoded = [0]  # offsets in `text` at which an escape begins or ends, ascending
        self._source = [0]  # the same places in *source*
        position = length = 0
        for match in _escape.finditer(source) if _may_hold_escape(source) else ():
            plain = source[position : match.start()]
            character = _meaning(match[0])
            parts += (plain, character)
            length += len(plain)
            if character:
                self._mark(length, match.start())
                length += len(character)
            self._mark(length, match.end())
            position = match.end()
        self.text = "".join([*parts, source[position:]]) if parts else source

    def _mark(self, decoded: int, source: int) -> None:
        self._decoded.append(decoded)
        self._source.append(source)

    def place(self, offset: int) -> int:
        """Where in the source the decoded character at *offset* begins."""
        index = bisect_right(self._decoded, offset) - 1
        return self._source[index] + offset - self._decoded[index]


def _may_hold_escape(text: str) -> bool:
    return "\\" in text or "&" in text or "%" in text or "<![" in text or "]]>" in text


def _meaning(escape: str) -> str:
    """What *escape* means; itself where it means nothing."""
    if escape in ("<![CDATA[", "]]>"):
        return ""
    kind = escape[0]
    if kind == "\\":
        character = _json_meaning(escape)
    elif kind == "%":
        character = chr(int(escape[1:], 16))
    else:
        character = _xml_meaning(escape)
    return _ESCAPED_QUOTES[kind] if character in ('"', "'") else character


def _json_meaning(escape: str) -> str:
    letter = escape[1]
    if letter != "u":
        return _SHORT.get(letter, letter)
    return bytes.fromhex(escape.replace("\\u", "")).decode("utf-16-be", "surrogatepass")


def _xml_meaning(escape: str) -> str:
    name = escape[1:-1]
    if name in _ENTITIES:
        return _ENTITIES[name]
    code = int(f"0{name[1:]}", 0) if name[1] in "xX" else int(name[1:])
    return chr(code) if code <= _LARGEST and code not in _SURROGATES else escape
