"""What stands at the top of a document, told from its first bytes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_NAME: Final = 40
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")

# A string without an end is a token, too: else each quote within it would be tried.
_tokens = re.compile(r'"(?:[^"\\]|\\.)*+"?|[{}\[\]:,]', re.DOTALL)
_value = re.compile(r"\s*:\s*([^\s])?").match
# The first line that is neither blank, nor a comment, a directive or the mark of a document.
_first_line = re.compile(r"(?:[ \t]*(?:#[^\r\n]*|%[^\r\n]*|---[ \t]*)?[\r\n]+)*+(?:---[ \t]+)?([ ]*)(-?)").match


def iter_json_top(start: bytes) -> Iterator[tuple[str, str]]:
    """The members at the top of a document in JSON: name, and the character with which the value begins.

    Of a list the members of its first item, if that is an object, as `- name`.

    Args:
        start: The first bytes of the document.
    """
    text = start.decode(errors="replace")
    brackets: list[str] = []
    for match in _tokens.finditer(text):
        mark = match[0]
        if mark in "{[":
            brackets.append(mark)
        elif mark in "}]":
            del brackets[-1:]
            if brackets in (["["], []):
                return
        elif brackets in (["{"], ["[", "{"]) and (after := _value(text, match.end())) is not None:
            yield ("" if len(brackets) == 1 else "- ") + mark[1:-1], after[1] or ""


def iter_yaml_top(start: bytes) -> Iterator[tuple[str, str]]:
    """The members at the top of a document in YAML; as for JSON, but that no more than the names is certain.

    Args:
        start: The first bytes of the document.
    """
    text = start.decode("utf-16" if start.startswith(_UTF_16) else "utf-8-sig", errors="replace")
    first = _first_line(text)
    if first is None:
        return
    indent, dash = first[1], first[2]
    if text[first.end() : first.end() + 1] in ("{", "["):
        yield from iter_json_top(text.encode(errors="replace"))
        return
    before = rf"-[ \t]*(?:\r?\n[ ]*)?|{indent}[ ]+" if dash else ""
    names = re.compile(
        rf"^{indent}(?:{before})(['\"]?)([\w-]{{1,{_LONGEST_NAME}}})\1[ \t]*:(?=[ \t\r\n]|\Z)[ \t]*([^\s]?)",
        re.MULTILINE,
    )
    for match in names.finditer(text):
        yield ("- " if dash else "") + match[2], match[3]
