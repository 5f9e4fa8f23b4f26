"""Bounds on what a reader takes in, against hostile input."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one document; what exceeds one is malformed.

    Attributes:
        max_bytes: Size of the body, in bytes.
        max_depth: Levels of nesting, the root being level 1.
        max_values: Objects, lists and scalars together (in XML, elements). Bounds the memory that a dense document
            takes: a member with a name of its own takes about 150 bytes. An order of 64 MiB holds some 3,000,000.
        max_text_bytes: Size of one text of an XML document, in bytes of UTF-8.
        max_names: Different names of elements and attributes in an XML document, and attributes of one element. Expat
            keeps each name, and all attributes of an element at once.
    """

    max_bytes: int = 64 * MEBIBYTE
    max_depth: int = 128
    max_values: int = 4_000_000
    max_text_bytes: int = 10_000_000
    max_names: int = 1_000_000


DEFAULT_LIMITS = Limits()
