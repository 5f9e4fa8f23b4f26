"""Texts as GitHub's and GitLab's Markdown that is nothing but text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_code = re.compile(r"`([^`]+)`")
# What may begin or be markup, a mention, a shortcode or an address that GitHub makes a link of.
_markup = re.compile(r"[^\w .,;:()-]|_|:(?=\S)|(?<=[wW])\.|(?<=\d)[.)](?= |$)|^-", re.ASCII)
# Mentions, references and addresses are looked for in the text that was made of the markup, though never in code.
_reference = re.compile(r"[@#!~%$&^](?=\w)|\w@|://|www\.", re.IGNORECASE)
_ticks = re.compile("`+")


def inline(text: str) -> str:
    """*text* on one line, in which no character is markup.

    What stands in back quotes is code, and so is a word that may be taken for a mention, a reference or an address.
    """
    parts = _code.split(" ".join(text.split()))
    return "".join(f"<code>{_escaped(part)}</code>" if index % 2 else _plain(part) for index, part in enumerate(parts))


def code(text: str) -> str:
    """*text* on one line, all of it code; empty if it is."""
    line = " ".join(text.split())
    return f"<code>{_escaped(line)}</code>" if line else ""


def _plain(text: str) -> str:
    words = zip(text.split(" "), _escaped(text).split(" "), strict=True)
    return " ".join(f"<code>{shown}</code>" if _reference.search(word) else shown for word, shown in words)


def _escaped(text: str) -> str:
    """*text* with a reference for each character that may be more than itself."""
    return _markup.sub(lambda found: f"&#{ord(found[0])};" if found[0].isascii() else found[0], text)


def fenced(lines: Sequence[str], info: str = "text") -> str:
    """Lines in a fence that is longer than any in them."""
    text = "\n".join(lines)
    longest = max((len(found) for found in _ticks.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{info}\n{text}\n{fence}\n\n"


def table_row(cells: Iterable[str]) -> str:
    """A row of a table, of cells that are markup already."""
    return f"| {' | '.join(cells)} |\n"
