"""Columns of Parquet and Arrow files that hold messages: texts in batches, in constant memory."""

from __future__ import annotations

from bisect import bisect_right
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.errors import MissingExtra, UnreadableFile
from altcraft_contract.lint.payloads import reason_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from altcraft_contract.lint.payloads import Payload

    Texts = list[bytes | None]

_ROWS: Final = 1024  # in a batch, at most
_PARQUET_ROWS: Final = 256  # as above, of a file that may name a long text once and repeat its number
_BYTES: Final = 1 << 20  # of text in a batch, about
_BUFFER: Final = 1 << 16
_LOOKED_AT: Final = 100_000  # rows in which a column that holds messages has one
_FIRST_ROWS: Final = 64
_MOST_NAMED: Final = 20  # columns that a fault names
_LONGEST_NAME: Final = 60
_LONGEST_REASON: Final = 300
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_BEGINNINGS: Final = (b"{", b"<")


def iter_texts(payload: Payload, column: str | None = None) -> Iterator[tuple[int, Texts]]:
    """The texts of one column of a Parquet or Arrow file, in batches of at most some thousand rows.

    Args:
        payload: The file.
        column: Name of the column; None takes the only one whose first text begins as JSON or XML does.

    Yields:
        The number of the first row, from 0, and the texts; None stands for a row without one. Nothing for a file
        without rows, and for one that was found in a directory and has no such column.

    Raises:
        UnreadableFile: if the file is no such file, or which column is meant is not certain; also behind the texts
            that stand before a damaged place.
    """
    try:
        import pyarrow  # noqa: F401, ICN001, PLC0415 - most runs read no tables
    except ImportError:
        raise UnreadableFile(payload.path, str(MissingExtra("parquet", "pyarrow"))) from None
    with _faults_of(payload), payload.open_seekable() as file:
        table = _open_table(payload, file)
        name = _choose(payload, table, column)
        row = 0
        for array in table.arrays(name, None) if name is not None else ():
            for texts in _iter_batches(array):
                yield row, texts
                row += len(texts)


@contextmanager
def _faults_of(payload: Payload) -> Iterator[None]:
    try:
        yield
    except UnreadableFile:
        raise
    except Exception as error:
        raise UnreadableFile(payload.path, _reason(payload, error)) from error


def _reason(payload: Payload, error: Exception) -> str:
    if payload.url is not None:
        from altcraft_contract.lint.bulk.sources.urls import reason_of_url  # noqa: PLC0415 - few runs need it

        return reason_of_url(error, payload.url)
    if isinstance(error, OSError) and error.strerror:
        return reason_of(error)
    lines = str(error).splitlines() or [type(error).__name__]
    return f"no such table can be read: {lines[0][:_LONGEST_REASON]}"


class _Parquet:
    """A Parquet file."""

    def __init__(self, file: Any) -> None:
        from pyarrow import parquet  # noqa: PLC0415 - most runs read no tables

        self._file = parquet.ParquetFile(file, buffer_size=_BUFFER, pre_buffer=False)
        self.schema = self._file.schema_arrow

    def arrays(self, name: str, rows: int | None) -> Iterator[Any]:
        for batch in self._file.iter_batches(rows or self._rows(), columns=[name], use_threads=False):
            yield batch.column(0)

    def _rows(self) -> int:
        """How many rows hold no more text than a batch should.

        Only row groups are looked at: the metadata of a column may end the process if it is damaged.
        """
        rows = _PARQUET_ROWS
        for number in range(self._file.metadata.num_row_groups):
            group = self._file.metadata.row_group(number)
            if group.num_rows > 0:
                rows = min(rows, _BYTES * group.num_rows // max(group.total_byte_size, 1))
        return max(rows, 1)


class _Arrow:
    """An Arrow file, or a stream of Arrow in a file."""

    def __init__(self, file: Any, *, is_stream: bool) -> None:
        from pyarrow import ipc  # noqa: PLC0415 - most runs read no tables

        self._file = file
        self._is_stream = is_stream
        self._ipc = ipc
        self.schema = self._open().schema

    def _open(self, *fields: int) -> Any:
        self._file.seek(0)
        options = self._ipc.IpcReadOptions(included_fields=list(fields), use_threads=False)
        open_it = self._ipc.open_stream if self._is_stream else self._ipc.open_file
        return open_it(self._file, options=options)

    def arrays(self, name: str, _rows: int | None) -> Iterator[Any]:
        reader = self._open(self.schema.get_field_index(name))
        if self._is_stream:
            batches: Iterable[Any] = reader
        else:
            batches = (reader.get_batch(number) for number in range(reader.num_record_batches))
        for batch in batches:
            yield batch.column(0)


def _open_table(payload: Payload, file: Any) -> _Parquet | _Arrow:
    start = file.read(6)
    file.seek(0)
    if start.startswith((b"PAR1", b"PARE")):
        return _Parquet(file)
    if start.startswith(b"FEA1"):
        raise UnreadableFile(payload.path, "is of Feather version 1; write it as version 2, which is Arrow")
    if start.startswith((b"\x1f\x8b", b"\x28\xb5\x2f\xfd")):
        raise UnreadableFile(payload.path, "is compressed as a whole; decompress it: tables compress their columns")
    return _Arrow(file, is_stream=start != b"ARROW1")


def _choose(payload: Payload, table: _Parquet | _Arrow, column: str | None) -> str | None:
    """The name of the column to read; None if a file that the user did not name has none."""
    names: list[str] = [field.name for field in table.schema if _is_text(field.type)]
    names = [name for name in names if table.schema.names.count(name) == 1]
    if column is not None:
        if column not in names:
            known = f"those of text are {_named(names)}" if names else "it has none of text"
            raise UnreadableFile(payload.path, f"has no column of text {column!r}; {known}")
        return column
    fitting = [name for name in names if _holds_messages(table, name)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        reason = f"several columns hold JSON or XML: {_named(fitting)}; say which with --column NAME"
        raise UnreadableFile(payload.path, reason)
    if not payload.explicit:
        return None
    reason = f"the texts of {_named(names)} do not begin as JSON or XML does" if names else "no column holds text"
    raise UnreadableFile(payload.path, f"{reason}; say which column holds the messages with --column NAME")


def _named(names: Sequence[str]) -> str:
    shown = [name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…" for name in names[:_MOST_NAMED]]
    return ", ".join(map(repr, shown)) + (", …" if len(names) > _MOST_NAMED else "")


def _holds_messages(table: _Parquet | _Arrow, name: str) -> bool:
    seen = 0
    for array in table.arrays(name, _FIRST_ROWS):
        for texts in _iter_batches(array):
            for text in texts:
                if text is not None:
                    return text.removeprefix(_BYTE_ORDER_MARK).lstrip().startswith(_BEGINNINGS)
            seen += len(texts)
        if seen >= _LOOKED_AT:
            break
    return False


def _is_text(kind: Any) -> bool:
    from pyarrow import types  # noqa: PLC0415 - most runs read no tables

    kind = getattr(kind, "storage_type", kind)
    if types.is_dictionary(kind):
        kind = kind.value_type
    return _is_plain_text(kind) or types.is_string_view(kind) or types.is_binary_view(kind)


def _is_plain_text(kind: Any) -> bool:
    from pyarrow import types  # noqa: PLC0415 - as above

    return any(
        is_it(kind) for is_it in (types.is_string, types.is_binary, types.is_large_string, types.is_large_binary)
    )


def _iter_batches(array: Any) -> Iterator[Texts]:
    """The texts of an array, no more than a batch holds at once."""
    import pyarrow  # noqa: ICN001, PLC0415 - as above

    array = getattr(array, "storage", array)
    if isinstance(array, pyarrow.DictionaryArray):
        yield from _iter_repeated(array)
        return
    if not _is_plain_text(array.type):
        array.validate(full=True)
        yield from _grouped(map(_as_bytes, array))
        return
    is_large = pyarrow.types.is_large_string(array.type) or pyarrow.types.is_large_binary(array.type)
    # As bytes, for whether they are UTF-8 is for the check to tell; a damaged file may have offsets that lead nowhere.
    array = array.view(pyarrow.large_binary() if is_large else pyarrow.binary())
    array.validate(full=True)
    if not len(array):
        return
    _, offsets_buffer, data_buffer = array.buffers()
    view = memoryview(offsets_buffer).cast("B").cast("q" if is_large else "i")
    offsets = view[array.offset : array.offset + len(array) + 1].tolist()
    data = memoryview(data_buffer if data_buffer is not None else b"")
    is_valid = array.is_valid().to_pylist() if array.null_count else None
    start = 0
    while start < len(array):
        end = bisect_right(offsets, offsets[start] + _BYTES, start + 1, min(start + _ROWS, len(array)) + 1) - 1
        end = max(end, start + 1)
        texts: Texts = [data[one:other].tobytes() for one, other in pairwise(offsets[start : end + 1])]
        if is_valid is not None:
            texts = [text if here else None for text, here in zip(texts, is_valid[start:end], strict=True)]
        yield texts
        start = end


def _as_bytes(scalar: Any) -> bytes | None:
    value = scalar.as_py()
    return value.encode() if isinstance(value, str) else value


def _iter_repeated(array: Any) -> Iterator[Texts]:
    """The texts of an array that names each different one once, and repeats its number."""
    array.indices.validate(full=True)
    known = [text for texts in _iter_batches(array.dictionary) for text in texts]
    yield from _grouped(_named_texts(array.indices, known))


def _named_texts(indices: Any, known: Texts) -> Iterator[bytes | None]:
    for start in range(0, len(indices), _ROWS):
        for index in indices.slice(start, _ROWS).to_pylist():
            if index is not None and not 0 <= index < len(known):
                raise ValueError(f"a row names text {index} of {len(known)}")
            yield None if index is None else known[index]


def _grouped(texts: Iterable[bytes | None]) -> Iterator[Texts]:
    """*texts*, as many as a batch holds at once."""
    group: Texts = []
    size = 0
    for text in texts:
        group.append(text)
        size += len(text or b"")
        if len(group) >= _ROWS or size >= _BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group
