"""Texts as XML that is nothing but text."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from altcraft_contract.renderers.visible import visible

_illegal = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_attribute(text: str) -> str:
    """*text* as the value of an attribute, in quotes."""
    return quoteattr(_legal(text))


def xml_content(text: str) -> str:
    """*text* as the content of an element."""
    return escape(_legal(text))


def _legal(text: str) -> str:
    """*text* with what XML has no place for as escapes."""
    return _illegal.sub(lambda found: visible(found[0]), text)
