"""Where the values of a YAML file stand: event by event, as the values themselves are read."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.lint.hosts.source_map import Piece, assemble
from altcraft_contract.lint.hosts.tree import Place
from altcraft_contract.lint.hosts.yaml_scalars import map_yaml_scalar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from altcraft_contract.lint.hosts.source_map import SourceMap
    from altcraft_contract.lint.hosts.tree import Path

_MOST_EVENTS: Final = 1_000_000  # some 200 bytes each
_MOST_PIECES: Final = 1_000_000  # of one message
_LONGEST: Final = 100_000  # characters of a text whose every character is placed by itself
_NO_KEY: Final = object()
MERGED: Final = "<<"
"""The name of the member whose members count as those of the mapping that it stands in."""

# What plain scalars mean in the core schema of YAML 1.2, as OpenAPI has it: dates, `yes` and `1_000` are texts.
_booleans: Final = frozenset({"true", "True", "TRUE", "false", "False", "FALSE"})
_integer = re.compile(r"([-+]?)(?:0(?=[0-9]))*+([0-9]+)", re.ASCII).fullmatch
_based_integer = re.compile(r"0o[0-7]{1,40}|0x[0-9a-fA-F]{1,40}").fullmatch
_fraction = re.compile(r"([-+]?)(?:0(?=[0-9]))*+([0-9]*+)(?:\.([0-9]*+))?((?:[eE][-+]?[0-9]+)?)", re.ASCII).fullmatch
_EXPLICIT: Final = (":int", ":float", ":bool")  # tags of what is no text
_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})


def is_null(event: Any) -> bool:
    """Whether a scalar means nothing."""
    return bool(event.implicit[0]) and not event.style and event.value in _NULLS


def is_binary(event: Any) -> bool:
    """Whether a scalar is base64."""
    return (event.tag or "").endswith((":binary", "!binary"))


class _NoMessage(Exception):
    """A value cannot be written in JSON, or would be too large."""


class Node:
    """What is known of a value in the file.

    Attributes:
        start: Offset at which it begins.
        end: Offset at which it ends.
        style: Of a scalar, as events tell it; empty if it has no quotes, and for mappings and lists.
        is_plain: Whether a scalar may be something else than a text.
        below: The members or items; None for a scalar.
        names: Of a mapping, the nodes of the names of its members; None where that is no scalar.
    """

    __slots__ = ("below", "end", "is_plain", "names", "start", "style")

    def __init__(self, start: int, end: int, style: str, below: Any, *, is_plain: bool) -> None:
        self.start = start
        self.end = end
        self.style = style
        self.below = below
        self.is_plain = is_plain
        self.names: dict[str | None, Node] = {}

    def find(self, path: Path) -> Node | None:
        """The node at *path* below."""
        node: Node | None = self
        for name in path:
            if node is None:
                return None
            below = node.below
            if isinstance(below, dict):
                node = below.get(name)
            else:
                node = below[name] if isinstance(below, list) and isinstance(name, int) and name < len(below) else None
        return node


def read_nodes(events: Iterable[Any], shift: int) -> Node | None:
    """The node of the value of a document; None if it is too large to keep them.

    Args:
        events: Of a document that has been read, so that nothing is judged here.
        shift: How many characters stand before the first that events count.
    """
    builder = _NodeBuilder(shift)
    for number, event in enumerate(events):
        if number > _MOST_EVENTS:
            return None
        builder.take(event)
    return builder.root


class _NodeBuilder:
    def __init__(self, shift: int) -> None:
        self.root: Node | None = None
        self._shift = shift
        self._stack: list[tuple[Node, list[Any]]] = []  # with the name that waits for its value, and its node
        self._anchors: dict[str, tuple[Node, str | None]] = {}

    def take(self, event: Any) -> None:
        kind = type(event).__name__
        if kind == "ScalarEvent":
            is_plain = not event.style and (event.implicit[0] or (event.tag or "").endswith(_EXPLICIT))
            name = None if is_null(event) or is_binary(event) else event.value
            self._keep(event, self._node(event, event.style or "", None, is_plain=is_plain), name)
        elif kind == "AliasEvent":
            self._add(*self._anchors[event.anchor])
        elif kind == "MappingStartEvent":
            self._open(event, {})
        elif kind == "SequenceStartEvent":
            self._open(event, [])
        elif kind in {"MappingEndEvent", "SequenceEndEvent"}:
            self._close(event)

    def _node(self, event: Any, style: str, below: Any, *, is_plain: bool = False) -> Node:
        start, end = event.start_mark.index + self._shift, event.end_mark.index + self._shift
        return Node(start, end, style, below, is_plain=is_plain)

    def _keep(self, event: Any, node: Node, name: str | None) -> None:
        if event.anchor is not None:
            self._anchors[event.anchor] = (node, name)
        self._add(node, name)

    def _open(self, event: Any, below: Any) -> None:
        node = self._node(event, "", below)
        self._keep(event, node, None)
        self._stack.append((node, [_NO_KEY, None]))

    def _close(self, event: Any) -> None:
        """A collection in brackets ends with them; another with the last that stands in it."""
        node, _ = self._stack.pop()
        if event.end_mark.index > event.start_mark.index:
            node.end = event.end_mark.index + self._shift
        if self._stack:
            self._stack[-1][0].end = max(self._stack[-1][0].end, node.end)

    def _add(self, node: Node, name: str | None) -> None:
        if not self._stack:
            self.root = node
            return
        parent, key = self._stack[-1]
        parent.end = max(parent.end, node.end)
        if isinstance(parent.below, list):
            parent.below.append(node)
        elif key[0] is _NO_KEY:
            key[:] = name, node
        else:
            parent.below[key[0]] = node
            parent.names[key[0]] = key[1]
            key[0] = _NO_KEY


class YamlPlace(Place):
    """Where a value of a YAML file stands.

    Args:
        text: Of the file.
        node: Of the value.
        value: The value.
    """

    def __init__(self, text: str, node: Node, value: Any) -> None:
        self._text = text
        self._node = node
        self._value = value
        self.start = node.start

    def find_text(self, path: Path, text: str) -> SourceMap | None:
        """As for `Place`."""
        node = self._node.find(path)
        if node is None or node.below is not None:
            return None
        return map_yaml_scalar(self._text, node.start, node.end, node.style, text)

    def read_message(self) -> tuple[str, SourceMap] | None:
        """As for `Place`: written in JSON, each value in the place of the one that it was."""
        try:
            return assemble(_bounded(self._iter_pieces(self._value, self._node)), self._node.end)
        except (_NoMessage, RecursionError):  # aliases of aliases may go as deep as there is room for
            return None

    def _iter_pieces(self, value: Any, node: Node) -> Iterator[Piece]:
        if isinstance(value, dict):
            yield from self._iter_members(value, node)
        elif isinstance(value, list):
            yield Piece(node.start, "[")
            for index, (item, below) in enumerate(zip(value, node.below, strict=True)):
                if index:
                    yield Piece(below.start, ", ")
                yield from self._iter_pieces(item, below)
            yield Piece(node.end, "]")
        elif isinstance(value, bytes):
            raise _NoMessage
        elif value is None:
            yield Piece(node.start, "null")
        else:
            yield from self._iter_scalar(str(value), node)

    def _iter_members(self, value: dict[Any, Any], node: Node) -> Iterator[Piece]:
        yield Piece(node.start, "{")
        is_first = True
        for name, member, parent in _iter_merged(value, node, frozenset()):
            key = parent.names[name]
            if not is_first:
                yield Piece(key.start, ", ")
            is_first = False
            yield from self._iter_text("null" if name is None else name, key)
            yield Piece(key.end, ": ")
            yield from self._iter_pieces(member, parent.below[name])
        yield Piece(node.end, "}")

    def _iter_scalar(self, text: str, node: Node) -> Iterator[Piece]:
        plain = _json_of_plain(text) if node.is_plain else None
        if plain is not None:
            yield Piece(node.start, plain)
        else:
            yield from self._iter_text(text, node)

    def _iter_text(self, text: str, node: Node) -> Iterator[Piece]:
        yield Piece(node.start, '"')
        written = json.dumps(text, ensure_ascii=False)[1:-1]
        source = map_yaml_scalar(self._text, node.start, node.end, node.style, text) if len(text) <= _LONGEST else None
        if source is None:
            yield Piece(node.start, written)
        elif written == text == self._text[source.start : source.start + len(text)]:
            yield Piece(source.start, text)
        else:
            for offset, character in enumerate(text):
                yield Piece(source.find(offset), json.dumps(character, ensure_ascii=False)[1:-1])
        yield Piece(node.end, '"')


def _bounded(pieces: Iterable[Piece]) -> Iterator[Piece]:
    for number, piece in enumerate(pieces):
        if number > _MOST_PIECES:
            raise _NoMessage
        yield piece


def _iter_merged(value: dict[Any, Any], node: Node, known: frozenset[Any]) -> Iterator[tuple[Any, Any, Node]]:
    """The members of a mapping, its own first, then those that are merged in, with the node that they stand in."""
    own = {name: member for name, member in value.items() if name != MERGED or not isinstance(member, dict | list)}
    for name, member in own.items():
        if name not in known:
            yield name, member, node
    if len(own) == len(value):
        return
    merged, below = value[MERGED], node.below[MERGED]
    parts = zip(merged, below.below, strict=True) if isinstance(merged, list) else [(merged, below)]
    known = known.union(own)
    for part, place in parts:
        if isinstance(part, dict):
            yield from _iter_merged(part, place, known)
            known = known.union(part)


def _json_of_plain(text: str) -> str | None:
    """A scalar without quotes as a number or boolean of JSON; None if it is a text."""
    if text in _booleans:
        return text.lower()
    if match := _integer(text):
        return ("-" if match[1] == "-" else "") + match[2]
    if _based_integer(text):
        return str(int(text, 0))
    if (match := _fraction(text)) and (match[2] or match[3]):
        digits = (match[2] or "0") + (f".{match[3] or '0'}" if match[3] is not None else "")
        return ("-" if match[1] == "-" else "") + digits + match[4]
    return None
