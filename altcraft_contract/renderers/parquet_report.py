"""Findings as a Parquet file, which is written while the run goes on."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.errors import MissingExtra
from altcraft_contract.renderers.rows import Row, rows_of

try:
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter
except ImportError:
    raise MissingExtra("parquet", "pyarrow") from None

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.renderers.report import Entry, RenderOptions, Tally

MOST_ROWS: Final = 20_000
"""Rows that are written together."""
_MOST_CHARACTERS: Final = 1 << 24  # of the same rows: long paths and names take more room than most
_TYPES: Final = {"document": pa.int64(), "line": pa.int64(), "column": pa.int64(), "day": pa.date32()}
_MAYBE: Final = frozenset({"document", "line", "column", "hint", "external_id", "day"})
SCHEMA: Final = pa.schema(
    [pa.field(name, _TYPES.get(name, pa.string()), nullable=name in _MAYBE) for name in Row._fields],
    {"altcraft_contract.rows": "1"},
)
"""The columns: the attributes of `Row`."""


class _Sink:
    """A file that keeps what is written until it is taken."""

    closed = False

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(self._parts[-1])

    def flush(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True

    def take(self) -> bytes:
        """What has been written since the last time."""
        data = b"".join(self._parts)
        self._parts.clear()
        return data


class ParquetReport:
    """A run as a table, each row of which is a `Row`; the file is complete once `end` has been called."""

    def __init__(self, _: RenderOptions) -> None:
        self._sink = _Sink()
        self._writer = ParquetWriter(pa.PythonFile(self._sink, mode="w"), SCHEMA, compression="zstd")
        self._columns: list[list[Any]] = [[] for _ in SCHEMA]
        self._characters = 0

    def begin(self) -> Iterator[bytes]:
        """The head."""
        yield self._sink.take()

    def take(self, entry: Entry) -> Iterator[bytes]:
        """Rows of earlier documents and of this one, if they are enough to be written together."""
        yield from self._add(rows_of(entry))

    def adopt(self, text: str) -> Iterator[bytes]:
        """The same for rows that another process has written as NDJSON."""
        yield from self._add(Row(**json.loads(line)) for line in text.split("\n") if line)

    def end(self, _: Tally) -> Iterator[bytes]:
        """The rest of the rows, and the foot."""
        self._write()
        self._writer.close()
        yield self._sink.take()

    def _add(self, rows: Iterator[Row]) -> Iterator[bytes]:
        for row in rows:
            told = row._replace(day=date.fromisoformat(row.day)) if row.day is not None else row  # type: ignore[arg-type]
            for column, value in zip(self._columns, told, strict=True):
                column.append(value)
            self._characters += sum(len(value) for value in row if type(value) is str)
            if len(self._columns[0]) >= MOST_ROWS or self._characters >= _MOST_CHARACTERS:
                self._write()
                yield self._sink.take()

    def _write(self) -> None:
        if self._columns[0]:
            self._writer.write_table(pa.table(self._columns, schema=SCHEMA))
            self._columns = [[] for _ in SCHEMA]
            self._characters = 0
