"""Values as Python source: literals, and calls that make what is none; formatted, with the imports they need."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import sys
import uuid
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Path = tuple[str, ...]
    Disguise = Callable[[Path, Any], Any]

WIDTH: Final = 100  # columns of a line
_STEP: Final = "    "
_SAME_ENOUGH: Final = 40  # characters, all the same, that are written as a product
_BY_REPR: Final = (
    dt.datetime,
    dt.date,
    dt.time,
    dt.timedelta,
    dt.timezone,
)


class NotWritable(Exception):
    """A value that cannot be written as source that makes it again."""


class Source(NamedTuple):
    """A value as source.

    Attributes:
        expression: Several lines, perhaps; the first is not indented.
        imports: The statements that it needs.
    """

    expression: str
    imports: frozenset[str]


class _Group(NamedTuple):
    """What stands between brackets; *items* are a prefix, such as a key, and a node each."""

    begin: str
    items: list[tuple[str, Any]]
    end: str
    separator: str = ","


_Node = str | _Group


def write_value(value: object, *, depth: int = 0, before: int = 0, disguise: Disguise | None = None) -> Source:
    """Write *value* as source.

    Args:
        value: Of built-in types, of the standard library's small ones, or of classes with fields.
        depth: Levels of indentation of the line on which the expression begins.
        before: Characters that stand on this line before the expression.
        disguise: Takes the names of the fields that lead to a scalar, and the scalar; returns what to write instead.

    Raises:
        NotWritable: if there is no such source.
    """
    writer = _Writer(disguise or (lambda _, scalar: scalar))
    try:
        lines = list(_layout(writer.node((), value), depth, before))
    except NotWritable:
        raise
    except Exception as fault:  # of whatever class the value is, or how deep
        raise NotWritable(f"a value of type {type(value).__qualname__} ({type(fault).__name__})") from fault
    return Source("\n".join(lines), frozenset(writer.imports))


def evaluate(source: Source) -> Any:
    """The value that *source* makes.

    Raises:
        NotWritable: if it makes none.
    """
    namespace: dict[str, Any] = {}
    try:
        exec("\n".join(source.imports), namespace)  # noqa: S102 - written here, of a value that is at hand
        return eval(f"(\n{source.expression}\n)", namespace)  # noqa: S307 - as above
    except Exception as fault:
        raise NotWritable(f"{type(fault).__name__}: {fault}") from fault


class _Writer:
    def __init__(self, disguise: Disguise) -> None:
        self.disguise = disguise
        self.imports: set[str] = set()

    def node(self, path: Path, value: Any) -> _Node:
        kind = type(value)
        if kind is dict:
            return self.members(path, value)
        if kind in (list, tuple, set, frozenset):
            return self.items(path, value)
        value = self.disguise(path, value)
        kind = type(value)
        if kind in (NoneType, bool, int, bytes):
            return repr(value)
        if kind is float:
            return repr(value) if math.isfinite(value) else f'float("{value}")'
        if kind is str:
            return _text_node(value)
        return self.of_library(value) or self.of_class(path, value)

    def members(self, path: Path, value: dict[Any, Any]) -> _Group:
        items = []
        for key, member in value.items():
            below = (*path, key) if isinstance(key, str) else path
            items.append((f"{_flat(self.node((), key))}: ", self.node(below, member)))
        return _Group("{", items, "}")

    def items(self, path: Path, value: Iterable[Any]) -> _Node:
        nodes = [("", self.node(path, item)) for item in value]
        if isinstance(value, list):
            return _Group("[", nodes, "]")
        if isinstance(value, tuple):
            return _Group("(", nodes, ")") if len(nodes) != 1 else _Group("(", nodes, ",)")
        if isinstance(value, set):
            return _Group("{", nodes, "}") if nodes else "set()"
        return _Group("frozenset({", nodes, "})") if nodes else "frozenset()"

    def of_library(self, value: Any) -> str | None:
        kind = type(value)
        if kind in (Decimal, Fraction, uuid.UUID):
            self.imports.add(f"from {'uuid' if kind is uuid.UUID else kind.__module__} import {kind.__name__}")
            return f'{kind.__name__}("{value}")'
        if kind in _BY_REPR:
            self.imports.add("import datetime")
            written = repr(value)
            if "zoneinfo." in written:
                self.imports.add("import zoneinfo")
            return written
        return None

    def of_class(self, path: Path, value: Any) -> _Node:
        kind = type(value)
        name = self.imported(kind)
        if isinstance(value, Enum):
            return f"{name}.{value.name}" if value.name in kind.__members__ else f"{name}({value.value!r})"
        fields = fields_of(value)
        if fields is None:
            raise NotWritable(f"a value of type {kind.__qualname__}")
        return _Group(f"{name}(", [(f"{field}=", self.node((*path, field), member)) for field, member in fields], ")")

    def imported(self, kind: type) -> str:
        """The name by which *kind* is had, after an import."""
        module, _, _ = kind.__qualname__.partition(".")
        home = sys.modules.get(kind.__module__)
        if kind.__module__ == "__main__" or "<" in kind.__qualname__ or not hasattr(home, module):
            raise NotWritable(f"a value of type {kind.__qualname__}, which cannot be imported")
        if kind.__module__ != "builtins":
            self.imports.add(f"from {kind.__module__} import {module}")
        return kind.__qualname__


def fields_of(value: Any) -> Iterator[tuple[str, Any]] | None:
    """Arguments with which the class of *value* makes its like; None if nothing tells them."""
    kind = type(value)
    if dataclasses.is_dataclass(kind):
        names = {field.name: field.name for field in dataclasses.fields(kind) if field.init}
    elif isinstance(value, tuple) and hasattr(kind, "_fields"):
        names = {name: name for name in kind._fields}
    elif hasattr(kind, "__attrs_attrs__"):
        names = {field.name: field.alias for field in kind.__attrs_attrs__ if field.init}
    elif isinstance(getattr(kind, "model_fields", None), Mapping):
        names = {name: field.alias or name for name, field in kind.model_fields.items()}
    else:
        return None
    return ((argument, getattr(value, name)) for name, argument in names.items())


def _text_node(text: str) -> _Node:
    if len(text) >= _SAME_ENOUGH and text == text[0] * len(text):
        return f"{_quoted(text[0])} * {len(text):_}"
    parts = list(_parts(text)) if len(text) > WIDTH // 2 or "\n" in text.rstrip("\n") else []
    return _quoted(text) if len(parts) <= 1 else _Group("(", [("", _quoted(part)) for part in parts], ")", "")


def _parts(text: str) -> Iterator[str]:
    """*text* in parts that have a line each: they end where its own lines do, and are not too long."""
    most = WIDTH // 2
    for line in text.splitlines(keepends=True):
        yield from (line[start : start + most] for start in range(0, len(line), most))


def _quoted(text: str) -> str:
    """*text* as a literal: between double quotes, unless it holds some."""
    written = repr(text)
    return f'"{written[1:-1]}"' if written[0] == "'" and '"' not in written else written


def _flat(node: _Node) -> str:
    if isinstance(node, str):
        return node
    separator = f"{node.separator} "
    return node.begin + separator.join(prefix + _flat(item) for prefix, item in node.items) + node.end


def _layout(node: _Node, depth: int, before: int) -> Iterator[str]:
    """The lines of *node*: one, if it has room after *before* characters, and one for each item otherwise."""
    flat = _flat(node)
    is_split = isinstance(node, _Group) and node.separator == "" and len(node.items) > 1
    if isinstance(node, str) or not node.items or (before + len(flat) < WIDTH and not is_split):
        yield flat
        return
    yield node.begin
    indent = _STEP * (depth + 1)
    for prefix, item in node.items:
        lines = list(_layout(item, depth + 1, len(indent) + len(prefix)))
        lines[0] = indent + prefix + lines[0]
        lines[-1] += node.separator
        yield from lines
    yield _STEP * depth + node.end.removeprefix(",")
