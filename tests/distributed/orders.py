"""Orders in files of all kinds."""

from __future__ import annotations

import gzip
import json
import os
from io import BytesIO
from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow import parquet

from altcraft_contract.contract import load_contract
from altcraft_contract.conversion import write_xml
from altcraft_contract.lint.payloads import Payload
from altcraft_contract.renderers.rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import BinaryIO, Self

    from altcraft_contract.lint.bulk.work import Outcome
    from altcraft_contract.renderers.rows import Row

ORDER = json.loads(load_contract().examples["request.json"])


def order_texts(count: int) -> Iterator[str]:
    """Orders with warnings, every tenth of which has an error, too."""
    for number in range(count):
        yield json.dumps(ORDER | {"external_id": f"order_{number}"} | ({} if number % 10 else {"token": 1}))


def make_archive(folder: Path) -> list[str]:
    """Files of all kinds; return the paths to check."""
    lines = [text.encode() for text in order_texts(120)]
    (folder / "large.ndjson").write_bytes(b"\r\n".join([*lines[:60], b"", b"{", *lines[60:]]))
    (folder / "packed.ndjson.gz").write_bytes(gzip.compress(b"\n".join(lines)))
    (folder / "torn.ndjson.gz").write_bytes(gzip.compress(b"\n".join(lines))[:-10])
    small = folder / "small"
    small.mkdir()
    for number, line in enumerate(lines[:40]):
        (small / f"{number:02}.json").write_bytes(line)
    (small / "package.json").write_text('{"name": "shop"}')
    (small / "order.xml").write_text(write_xml({**ORDER, "token": "1"}, message="request"))
    parquet.write_table(pa.table({"id": range(120), "body": [*order_texts(119), None]}), folder / "rows.parquet")
    return ["large.ndjson", "packed.ndjson.gz", "torn.ndjson.gz", "small", "rows.parquet", "missing.json"]


def rows_in(outcomes: Iterable[Outcome]) -> list[Row]:
    """All findings, in order."""
    return [row for outcome in outcomes for entry in outcome.entries for row in rows_of(entry)]


def faults_in(outcomes: Iterable[Outcome]) -> list[str]:
    """What could not be read, in order."""
    return [str(remark.fault) for outcome in outcomes for remark in outcome.remarks]


def named(file: Path) -> Payload:
    """A file that a user has named."""
    return Payload(str(file), file, explicit=True)


class Faulty(Payload):
    """A file whose first part makes a worker fail, as by a bug, as often as there are bytes in the file *times*."""

    times: Path

    def __new__(cls, file: Path, times: Path) -> Self:
        """Make one."""
        faulty = super().__new__(cls, str(file), file, explicit=True)
        faulty.times = times
        return faulty

    def __reduce__(self) -> tuple[object, ...]:
        return Faulty, (self.file, self.times)

    def open_seekable(self) -> BinaryIO:
        """Open the file."""
        assert self.file is not None
        return _Trap(self.file.read_bytes(), self.times)


class _Trap(BytesIO):
    """Bytes the first of which cannot be read."""

    def __init__(self, data: bytes, times: Path) -> None:
        super().__init__(data)
        self._times = times

    def read(self, size: int | None = -1, /) -> bytes:
        left = self._times.stat().st_size
        if left and not self.tell():
            os.truncate(self._times, left - 1)
            raise RuntimeError("a bug\nof two lines")
        return super().read(size)
