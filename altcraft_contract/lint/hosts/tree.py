"""Host files as trees: plain values, whose shape nothing vouches for, and where in the text they stand."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any

from altcraft_contract.documents.position import LineIndex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from altcraft_contract.lint.hosts.source_map import SourceMap

Path = tuple[str | int, ...]
"""The way from a value to one below it: names of members and indexes of items."""


class Place(ABC):
    """Where one value of a host file stands.

    Attributes:
        start: Offset in the text of the host file at which it begins.
    """

    start: int

    @abstractmethod
    def find_text(self, path: Path, text: str) -> SourceMap | None:
        """Where the characters of the *text* at *path* below the value stand; None if that cannot be told."""

    @abstractmethod
    def read_message(self) -> tuple[str, SourceMap] | None:
        """The value as the text of a message in JSON, and the way back; None if it cannot be one."""


class Tree(ABC):
    """A host file as read.

    Args:
        value: Mappings, lists, texts, numbers, None; bytes where the file says that something is binary.
        text: Of the host file.
    """

    def __init__(self, value: Any, text: str) -> None:
        self.value = value
        self.text = text

    @abstractmethod
    def locate(self, paths: Iterable[Path]) -> dict[Path, Place]:
        """Where the values at *paths* stand, all looked up at once; those that cannot be found are left out."""

    def line_of(self, place: Place | None) -> int | None:
        """The 1-based line of the host file on which a value begins."""
        return None if place is None else self._lines.position(place.start).line

    @cached_property
    def _lines(self) -> LineIndex:
        return LineIndex(self.text)


def find_member(value: Any, *path: str | int) -> Any:
    """What stands at *path* below *value*; None if nothing does."""
    for name in path:
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and isinstance(name, int) and name < len(value):
            value = value[name]
        else:
            return None
    return value


def kind_of(value: Any) -> str:
    """What *value* is, in the words of JSON."""
    kinds = {dict: "an object", list: "a list", str: "a text", bytes: "binary", bool: "a boolean", type(None): "null"}
    return kinds.get(type(value), "a number")
