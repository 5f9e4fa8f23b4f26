"""Tables and links in Markdown, and the attributes that a docstring lists."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def make_table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Yield the lines of a table."""
    for cells in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def link_rules(rules: Iterable[str]) -> str:
    """Return links to the pages of some rules, each once, from a page of the reference."""
    return ", ".join(f"[`{rule}`](rules/{rule}.md)" for rule in dict.fromkeys(rules))


def read_attributes(of: type[object]) -> Iterator[tuple[str, str]]:
    """Yield the attributes that a class's docstring lists, and its properties and its bases', with what they are."""
    section = (inspect.getdoc(of) or "").partition("Attributes:\n")[2].partition("\n\n")[0]
    for name, text in re.findall(r"^    (\w+): (.*(?:\n        .*)*)", section, re.MULTILINE):
        yield name, re.sub(r"\s+", " ", text)
    for base in (of, *of.__bases__):
        for name, member in vars(base).items():
            if isinstance(member, property):
                yield name, (member.__doc__ or "").partition("\n")[0]


def iter_attributes(of: type[object]) -> Iterator[str]:
    """Yield the table of the attributes of a class."""
    yield from make_table(("attribute", "is"), ((f"`{name}`", text) for name, text in read_attributes(of)))
