"""Pointers of places in a well-formed document, from their offsets."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from altcraft_contract.documents.pointer import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from altcraft_contract.documents.document import Document


def find_pointers(document: Document, places: Iterable[tuple[int, str]]) -> dict[int, str]:
    """The pointers of the scalars in which values stand.

    Args:
        document: A well-formed one.
        places: Offset in the text of the document, and the value that stands there.

    Returns:
        Offset to pointer, without those that stand beside all scalars, such as in a comment or in a member that is
        repeated.
    """
    leaves = dict(_iter_leaves(document.value))
    starts = sorted((offset, pointer) for pointer, offset in document.locate(leaves).items())
    offsets = [offset for offset, _ in starts]
    is_json = document.syntax == "json"
    found = {}
    for offset, value in places:
        index = bisect_right(offsets, offset) - 1
        if index < 0:
            continue
        start, pointer = starts[index]
        if value in leaves[pointer] and (is_json or "<!--" not in document.text[start:offset]):
            found[offset] = pointer
    return found


def _iter_leaves(root: Any) -> Iterator[tuple[str, str]]:
    """Pointer and text of every scalar."""
    waiting: list[tuple[str, Any]] = [("", root)]
    while waiting:
        pointer, value = waiting.pop()
        if isinstance(value, dict):
            waiting += ((f"{pointer}/{escape(name)}", member) for name, member in value.items())
        elif isinstance(value, list):
            waiting += ((f"{pointer}/{index}", item) for index, item in enumerate(value))
        elif isinstance(value, str):
            yield pointer, value
        elif value is not None and not isinstance(value, bool):
            yield pointer, _text(value)


def _text(number: object) -> str:
    try:
        return str(number)
    except ValueError:  # more digits than Python converts
        return ""
