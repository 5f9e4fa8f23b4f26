"""Values as Python source, laid out to be read."""

from __future__ import annotations

import re
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH: Final = 100  # columns
_STEP: Final = 4
_LONG: Final = 2_000  # characters, from which equal ones in a row are written as a product
_BYTES: Final = 24  # of one part
_run = re.compile(r"(.)\1{199,}", re.DOTALL)
_part = re.compile(r".{1,84}(?:[ ,]|>(?=<)|\Z)|.{1,84}", re.DOTALL)


def source_of(value: Any, *, depth: int = 0, before: int = 0) -> str:
    """A JSON value, or bytes, as source.

    Args:
        value: Of dictionaries, lists, texts, numbers, booleans, None, and bytes.
        depth: How many times the line is indented on which it begins; lines below are indented accordingly.
        before: Columns of that line that stand before it, without the indentation.
    """
    flat = _flat(value)
    if len(flat) + _STEP * depth + before <= WIDTH:
        return flat
    indent, end = "\n" + " " * _STEP * (depth + 1), "\n" + " " * _STEP * depth
    if isinstance(value, dict) and value:
        items = [f"{_quoted(name)}: {source_of(member, depth=depth + 1)}" for name, member in value.items()]
        return "{" + "".join(f"{indent}{item}," for item in items) + end + "}"
    if isinstance(value, list) and value:
        return "[" + "".join(f"{indent}{source_of(item, depth=depth + 1)}," for item in value) + end + "]"
    if isinstance(value, str | bytes):
        return "(" + "".join(f"{indent}{line}" for line in _lines(value)) + end + ")"
    return flat


def docstring_of(*paragraphs: str, depth: int = 1) -> str:
    """A docstring; each paragraph is broken into lines at its spaces."""
    indent = "\n" + " " * _STEP * depth
    texts = [indent.join(_wrapped(_escaped(paragraph), WIDTH - _STEP * depth)) for paragraph in paragraphs]
    end = indent if len(texts) > 1 else ""
    return f'"""{f"{indent[:1]}{indent}".join(texts)}{end}"""'


def _wrapped(text: str, width: int) -> list[str]:
    return wrap(text, width, break_long_words=False, break_on_hyphens=False)


def name_of(*parts: str) -> str:
    """A name made of words."""
    words = re.findall("[a-z0-9]+", " ".join(parts).lower())
    return "_".join(words)[:80].rstrip("_")


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quoted(name)}: {_flat(member)}" for name, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flat, value)) + "]"
    return _quoted(value) if isinstance(value, str) else repr(value)


def _lines(value: str | bytes) -> Iterator[str]:
    """The lines of a long text: parts that stand beside each other, or a sum if something in it is repeated."""
    if isinstance(value, bytes):
        yield from (repr(value[start : start + _BYTES]) for start in range(0, len(value), _BYTES))
        return
    runs = list(_run.finditer(value)) if len(value) >= _LONG else []
    position = 0
    for run in runs:
        if run.start() > position:
            yield from (_quoted(part) for part in _part.findall(value[position : run.start()]))
            yield "+"
        yield f"{_quoted(run[1])} * {len(run[0])}"
        position = run.end()
        if position < len(value):
            yield "+"
    yield from (_quoted(part) for part in _part.findall(value[position:]))


def _quoted(text: str) -> str:
    quote = "'" if '"' in text and "'" not in text else '"'
    return f"{quote}{_escaped(text, quote)}{quote}"


def _escaped(text: str, quote: str = '"') -> str:
    return "".join(_character(character, quote) for character in text)


def _character(character: str, quote: str) -> str:
    if character in (quote, "\\"):
        return f"\\{character}"
    return character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
