"""Texts as markup that is nothing but text."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_code = re.compile(r"`([^`]+)`")


def prose(text: str) -> str:
    """*text* as markup: what stands in back quotes is code."""
    return _code.sub(r"<code>\1</code>", escape(text))


def place(pointer: str) -> str:
    """A pointer, which may break after a slash."""
    return escape(pointer).replace("/", "/<wbr>")


def block(lines: Iterable[str], *, kind: str = "", label: str = "") -> str:
    """Lines as they are."""
    # A line end right after the tag is no part of the text.
    attributes = (f' class="{kind}"' if kind else "") + (f' aria-label="{escape(label)}"' if label else "")
    return f"<pre{attributes}>\n{escape(chr(10).join(lines))}</pre>\n"


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Names with what they are, which is markup already; those without anything are left out."""
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{value}</dd>" for name, value in pairs if value)
    return f'<dl class="facts">{rows}</dl>\n' if rows else ""
