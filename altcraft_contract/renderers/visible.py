"""Text for terminals: nothing in it moves the cursor, hides or reorders anything."""

from __future__ import annotations

from typing import Final

_UNDECODED: Final = frozenset(map(chr, range(0xDC80, 0xDD00)))  # bytes of a file name that is not UTF-8


def visible(text: str) -> str:
    """*text* with every character that could move the cursor or hide something written as an escape."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def _escaped(character: str) -> str:
    if character in _UNDECODED:
        return character.encode(errors="surrogateescape").decode(errors="backslashreplace")
    return character.encode("unicode_escape").decode("ascii")


def columns_of(text: str) -> int:
    """How many columns of a terminal *text* takes."""
    if text.lstrip("…").isascii():  # the mark of what is cut off takes one column
        return len(text)
    from unicodedata import category, east_asian_width  # noqa: PLC0415 - only text beyond ASCII needs it

    return sum(
        0 if category(character) in ("Mn", "Me") else 2 if east_asian_width(character) in "WF" else 1
        for character in text
    )


def needs_redaction(path: str) -> bool:
    """Whether *path* may hold an address, a number or `name=value`: to most the answer is no, and saves an import."""
    return any(character in path for character in "@+=:%&")


def label_of(path: str) -> str:
    """*path*, safe to show already, at the beginning of a line: GitHub Actions takes `::` there for a command."""
    return f"./{path}" if path.startswith("::") else path
