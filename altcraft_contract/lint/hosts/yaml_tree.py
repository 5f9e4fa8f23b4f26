"""YAML host files to trees: event by event, so that neither tags, nor aliases, nor nesting can do harm."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.documents.limits import MEBIBYTE
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.hosts.host_text import BYTE_ORDER_MARK, decode_host
from altcraft_contract.lint.hosts.tree import Tree, find_member
from altcraft_contract.lint.hosts.yaml_places import YamlPlace, is_binary, is_null, read_nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from altcraft_contract.documents.limits import Limits
    from altcraft_contract.lint.hosts.tree import Path, Place
    from altcraft_contract.lint.hosts.yaml_places import Node

_NO_KEY: Final = object()
_quoted = re.compile(r"(?<=['\"])[^<'\"][^'\"]{3,}+(?=['\"])").sub


class YamlTree(Tree):
    """A YAML file as read."""

    def locate(self, paths: Iterable[Path]) -> dict[Path, Place]:
        """As for `Tree`; of a file of very many values nothing can be told."""
        root = self._root
        nodes = {} if root is None else {path: root.find(path) for path in paths}
        return {
            path: YamlPlace(self.text, node, find_member(self.value, *path))
            for path, node in nodes.items()
            if node is not None
        }

    @cached_property
    def _root(self) -> Node | None:
        """Most files hold no message, so the places are told by a second reading."""
        shift = len(BYTE_ORDER_MARK) if self.text.startswith(BYTE_ORDER_MARK) else 0
        return read_nodes(_iter_events(self.text), shift)


def read_yaml_tree(data: bytes, path: str, limits: Limits) -> YamlTree:
    """Read a host file, whose plain scalars stay texts, but for null.

    Raises:
        UnreadableFile: if it is not one YAML document, or exceeds the *limits*.
    """
    from yaml import YAMLError  # noqa: PLC0415 - only files in YAML need it

    builder = _Builder(path, limits)
    try:
        text = decode_host(data, errors="strict")
        for event in _iter_events(text):
            builder.take(event)
    except UnicodeDecodeError as error:
        raise UnreadableFile(path, f"not YAML: no text at byte {error.start + 1}; save it as UTF-8") from None
    except YAMLError as error:
        raise UnreadableFile(path, f"not YAML: {_reason_of(error)}; record it again") from None
    except (ValueError, OverflowError):  # a character reference beyond Unicode, a line number beyond 31 bits
        raise UnreadableFile(path, "not YAML: a character that does not exist; record it again") from None
    return YamlTree(builder.root, text)


def _iter_events(text: str) -> Iterator[Any]:
    import yaml  # noqa: PLC0415 - as above

    # Both make events only: nothing is constructed, and nesting is no recursion.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    events: Iterator[Any] = yaml.parse(text.removeprefix(BYTE_ORDER_MARK), Loader=loader)
    yield from events


def _reason_of(error: Exception) -> str:
    """What is wrong, without what stands in the file: it may be a secret."""
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not readable"
    mark = getattr(error, "problem_mark", None)
    words = _quoted("…", str(problem))
    return f"{words} at line {mark.line + 1}, column {mark.column + 1}" if mark is not None else words


@dataclass(slots=True, eq=False)
class _Frame:
    """A mapping or list that is being filled."""

    container: Any
    anchor: str | None
    key: Any = _NO_KEY
    weight: int = 1


@dataclass(slots=True)
class _Builder:
    """Events to values.

    Attributes:
        root: The value of the document.
    """

    path: str
    limits: Limits
    root: Any = None
    _stack: list[_Frame] = field(default_factory=list)
    _anchors: dict[str, tuple[Any, int] | None] = field(default_factory=dict)
    _events: int = 0
    _weight: int = 0
    _documents: int = 0

    def take(self, event: Any) -> None:
        """Take the next event."""
        kind = type(event).__name__
        self._events += 1
        if self._events > self.limits.max_values:
            raise UnreadableFile(self.path, f"more than {self.limits.max_values:,} values; split the file")
        if kind == "ScalarEvent":
            self._take_scalar(event)
        elif kind in {"MappingStartEvent", "SequenceStartEvent"}:
            self._open({} if kind == "MappingStartEvent" else [], event)
        elif kind in {"MappingEndEvent", "SequenceEndEvent"}:
            self._close()
        elif kind == "AliasEvent":
            self._take_alias(event)
        elif kind == "DocumentStartEvent":
            self._documents += 1
            if self._documents > 1:
                raise UnreadableFile(self.path, "holds several YAML documents; a cassette is one: split the file")

    def _take_scalar(self, event: Any) -> None:
        value = self._scalar(event)
        weight = 1 + len(event.value)
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, weight)
        self._add(value, weight, event)

    def _scalar(self, event: Any) -> Any:
        if is_binary(event):
            try:
                return binascii.a2b_base64(event.value.encode())
            except ValueError:
                raise self._fault(event, "a binary that is not base64; record it again") from None
        return None if is_null(event) else event.value

    def _take_alias(self, event: Any) -> None:
        """Share what the alias stands for; what that would be in full has its bounds, too."""
        if event.anchor not in self._anchors:
            raise self._fault(event, "an alias of nothing; record it again")
        target = self._anchors[event.anchor]
        if target is None:
            raise self._fault(event, "an alias within what it stands for; record it again")
        self._add(*target, event)

    def _open(self, container: Any, event: Any) -> None:
        if len(self._stack) >= self.limits.max_depth:
            raise self._fault(event, f"more than {self.limits.max_depth} levels; record it again")
        self._add(container, 1, event)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        self._stack.append(_Frame(container, event.anchor))

    def _close(self) -> None:
        frame = self._stack.pop()
        if frame.anchor is not None:
            self._anchors[frame.anchor] = (frame.container, frame.weight)
        if self._stack:
            self._stack[-1].weight += frame.weight

    def _add(self, value: Any, weight: int, event: Any) -> None:
        self._weight += weight
        if self._weight > self.limits.max_bytes:
            size = self.limits.max_bytes // MEBIBYTE
            raise self._fault(event, f"with its aliases in full larger than {size} MiB; record it again")
        if not self._stack:
            self.root = value
            return
        frame = self._stack[-1]
        frame.weight += weight
        if isinstance(frame.container, list):
            frame.container.append(value)
        elif frame.key is _NO_KEY:
            frame.key = value if isinstance(value, str) else None
        else:
            frame.container[frame.key] = value
            frame.key = _NO_KEY

    def _fault(self, event: Any, reason: str) -> UnreadableFile:
        return UnreadableFile(self.path, f"line {event.start_mark.line + 1}: {reason}")
