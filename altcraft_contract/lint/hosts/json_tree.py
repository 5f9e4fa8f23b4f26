"""JSON host files to trees; more lenient than the reader of messages, since the file itself is not judged."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from altcraft_contract.documents.json_places import find_end, find_starts
from altcraft_contract.documents.pointer import join
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.hosts.host_text import BYTE_ORDER_MARK
from altcraft_contract.lint.hosts.json_strings import map_json_string
from altcraft_contract.lint.hosts.source_map import verbatim
from altcraft_contract.lint.hosts.tree import Place, Tree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from altcraft_contract.documents.limits import Limits
    from altcraft_contract.lint.hosts.source_map import SourceMap
    from altcraft_contract.lint.hosts.tree import Path

_string = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)  # one without an end matches, too, lest it is tried again


class JsonPlace(Place):
    """Where a value of a JSON file stands.

    Args:
        text: Of the file.
        start: Offset at which the value begins.
    """

    def __init__(self, text: str, start: int) -> None:
        self._text = text
        self.start = start

    def find_text(self, path: Path, text: str) -> SourceMap | None:
        """As for `Place`."""
        pointer = join(path)
        start = find_starts(self._text, [pointer], self.start).get(pointer)
        return map_json_string(self._text, start, text) if start is not None else None

    def read_message(self) -> tuple[str, SourceMap] | None:
        """As for `Place`: it is one already."""
        end = find_end(self._text, self.start)
        return self._text[self.start : end], verbatim(self.start, end)


class JsonTree(Tree):
    """A JSON file as read."""

    def locate(self, paths: Iterable[Path]) -> dict[Path, Place]:
        """As for `Tree`."""
        pointers = {join(path): path for path in paths}
        start = len(BYTE_ORDER_MARK) if self.text.startswith(BYTE_ORDER_MARK) else 0  # exporters on Windows write one
        starts = find_starts(self.text, pointers, start)
        return {pointers[pointer]: JsonPlace(self.text, place) for pointer, place in starts.items()}


def read_json_tree(data: bytes, path: str, limits: Limits) -> JsonTree:
    """Read a host file.

    Raises:
        UnreadableFile: if it is not JSON, or exceeds the *limits*.
    """
    if _count_values(data, limits.max_values) > limits.max_values:
        raise UnreadableFile(path, f"more than {limits.max_values:,} values; split the file")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise UnreadableFile(path, f"not UTF-8 at byte {error.start + 1}; save it as UTF-8") from None
    try:
        value = json.loads(text.removeprefix(BYTE_ORDER_MARK), strict=False)
    except json.JSONDecodeError as error:
        reason = f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}; export or record it again"
        raise UnreadableFile(path, reason) from None
    except RecursionError:
        raise UnreadableFile(path, "JSON nested too deeply; export or record it again") from None
    except ValueError:  # integers have a limit on digits
        raise UnreadableFile(path, "holds a number with thousands of digits; export or record it again") from None
    return JsonTree(value, text)


def _count_values(data: bytes, enough: int) -> int:
    """At least how many values there are; exactly, if they seem more than *enough*."""
    commas_and_brackets = _count_marks(data)
    return commas_and_brackets if commas_and_brackets <= enough else _count_marks(_string.sub(b"", data))


def _count_marks(data: bytes) -> int:
    return data.count(b",") + data.count(b"[") + data.count(b"{")
