"""JSON host files to trees; more lenient than the reader of messages, since the file itself is not judged."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.documents.position import LineIndex
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.hosts.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from altcraft_contract.documents.limits import Limits

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"  # exporters on Windows write one
_skip = re.compile(r"[ \t\r\n]*+").match
_string = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)  # one without an end matches, too, lest it is tried again
_decode = json.JSONDecoder(strict=False).raw_decode


def read_json_tree(data: bytes, path: str, limits: Limits) -> Tree:
    """Read a host file.

    Raises:
        UnreadableFile: if it is not JSON, or exceeds the *limits*.
    """
    if _count_values(data, limits.max_values) > limits.max_values:
        raise UnreadableFile(path, f"more than {limits.max_values:,} values; split the file")
    try:
        text = data.removeprefix(_BYTE_ORDER_MARK).decode()
    except UnicodeDecodeError as error:
        raise UnreadableFile(path, f"not UTF-8 at byte {error.start + 1}; save it as UTF-8") from None
    try:
        value = json.loads(text, strict=False)
    except json.JSONDecodeError as error:
        reason = f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}; export or record it again"
        raise UnreadableFile(path, reason) from None
    except RecursionError:
        raise UnreadableFile(path, "JSON nested too deeply; export or record it again") from None
    except ValueError:  # integers have a limit on digits
        raise UnreadableFile(path, "holds a number with thousands of digits; export or record it again") from None
    return Tree(value, partial(_find_lines, text))


def _count_values(data: bytes, enough: int) -> int:
    """At least how many values there are; exactly, if they seem more than *enough*."""
    commas_and_brackets = _count_marks(data)
    return commas_and_brackets if commas_and_brackets <= enough else _count_marks(_string.sub(b"", data))


def _count_marks(data: bytes) -> int:
    return data.count(b",") + data.count(b"[") + data.count(b"{")


def _find_lines(text: str, path: Sequence[str]) -> list[int]:
    """The lines of the items at *path*, in a *text* that has been read already."""
    at = _skip(text, 0).end()  # type: ignore[union-attr]  # it matches nothing, too
    for name in path:
        places = [start for key, start in _iter_parts(text, at) if key == name]
        if not places:
            return []
        at = places[-1]  # of members of one name the last counts, as for the value
    index = LineIndex(text)
    return [index.position(start).line for key, start in _iter_parts(text, at) if key is None]


def _iter_parts(text: str, at: int) -> Iterator[tuple[str | None, int]]:
    """Where the items of the list, or the members of the object, at *at* begin; members with their names."""
    opening = text[at]
    if opening not in "[{":
        return
    at = _skip(text, at + 1).end()  # type: ignore[union-attr]  # as above
    while text[at] not in "]}":
        key: Any = None
        if opening == "{":
            key, at = _decode(text, at)
            at = _skip(text, _skip(text, at).end() + 1).end()  # type: ignore[union-attr]  # over the colon
        yield key, at
        _, at = _decode(text, at)
        at = _skip(text, at).end()  # type: ignore[union-attr]  # as above
        if text[at] == ",":
            at = _skip(text, at + 1).end()  # type: ignore[union-attr]  # as above
