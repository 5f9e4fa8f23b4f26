"""The text of a host file, in which the offsets of a `SourceMap` count."""

from __future__ import annotations

from functools import cached_property
from typing import Final, Literal

from altcraft_contract.documents.position import LineIndex

BYTE_ORDER_MARK: Final = "\ufeff"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")  # readers of YAML take that, too


def decode_host(data: bytes, *, errors: Literal["replace", "strict"] = "replace") -> str:
    """The text of a host file: its line ends and UTF-8's byte order mark stay.

    Raises:
        UnicodeDecodeError: if it is no text, and *errors* are strict.
    """
    return data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8", errors=errors)


class HostText:
    """The text of one host file, decoded when somebody asks.

    Args:
        data: The bytes of the file.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data

    @cached_property
    def text(self) -> str:
        """As `decode_host` tells it."""
        return decode_host(self._data)

    @cached_property
    def lines(self) -> LineIndex:
        """The lines of `text`."""
        return LineIndex(self.text)
