"""Payloads that stand for files with habits of their own."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path  # noqa: TC003 - of a class whose objects are pickled
from typing import TYPE_CHECKING, BinaryIO, cast

from altcraft_contract.lint.payloads import Payload

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self


class Trickle(BytesIO):
    """Bytes that come a few at a time, as from a slow program."""

    def __init__(self, data: bytes, step: int) -> None:
        super().__init__(data)
        self.step = step

    def read1(self, size: int | None = -1, /) -> bytes:
        """A few bytes."""
        return super().read(self.step if size is None or size < 0 else min(size, self.step))


class Kept(Payload):
    """A payload from memory."""

    data: bytes
    step: int

    def __new__(cls, data: bytes, path: str = "orders.ndjson", *, explicit: bool = True, step: int = 1 << 20) -> Self:
        """Make one of its bytes, of which so many come at once."""
        kept = super().__new__(cls, path, None, explicit)
        kept.data = data
        kept.step = step
        return kept

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The bytes that it was made of."""
        yield cast("BinaryIO", Trickle(self.data, self.step))

    def open_seekable(self) -> BinaryIO:
        """The same, any part of which can be read."""
        return BytesIO(self.data)


class Deadly(Payload):
    """A file whose reader is killed, as by a system that is out of memory; the process that made it may read it."""

    times: Path
    maker: int

    def __new__(cls, file: Path, times: Path, maker: int | None = None) -> Self:
        """Make one that kills as often as there are bytes in the file *times*."""
        deadly = super().__new__(cls, str(file), file, explicit=True)
        deadly.times = times
        deadly.maker = maker or os.getpid()
        return deadly

    def __reduce__(self) -> tuple[object, ...]:
        return Deadly, (self.file, self.times, self.maker)

    def open(self) -> BinaryIO:
        """Die, or open the file."""
        left = self.times.stat().st_size
        if left and os.getpid() != self.maker:
            os.truncate(self.times, left - 1)
            os.kill(os.getpid(), signal.SIGKILL)
        assert self.file is not None
        return self.file.open("rb")

    def open_seekable(self) -> BinaryIO:
        """The same, any part of which can be read."""
        return self.open()
