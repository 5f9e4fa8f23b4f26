"""Host files as trees: plain values, whose shape nothing vouches for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Tree(NamedTuple):
    """A host file as read.

    Attributes:
        value: Mappings, lists, texts, numbers, None; bytes where the file says that something is binary.
        find_lines: The 1-based lines on which the items of the list at a path of member names begin; empty if they
            cannot be told.
    """

    value: Any
    find_lines: Callable[[Sequence[str]], Sequence[int]]

    def lines(self, path: Sequence[str]) -> LinesOfItems:
        """The lines of the items of the list at *path*, looked up when the first is asked for."""
        return LinesOfItems(self, path)


class LinesOfItems:
    """The lines on which the items of one list begin."""

    def __init__(self, tree: Tree, path: Sequence[str]) -> None:
        self._tree = tree
        self._path = path
        self._lines: Sequence[int] | None = None

    def find(self, index: int) -> int | None:
        """The 1-based line of the item at *index*; None if it cannot be told."""
        if self._lines is None:
            self._lines = self._tree.find_lines(self._path)
        return self._lines[index] if index < len(self._lines) else None


def find_member(value: Any, *path: str) -> Any:
    """What stands at *path* below *value*; None if nothing does."""
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def kind_of(value: Any) -> str:
    """What *value* is, in the words of JSON."""
    kinds = {dict: "an object", list: "a list", str: "a text", bytes: "binary", bool: "a boolean", type(None): "null"}
    return kinds.get(type(value), "a number")
