"""Columns of tables."""

from __future__ import annotations

import os
import struct
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from pyarrow import feather, ipc, parquet

from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.bulk.sources import iter_texts
from altcraft_contract.lint.payloads import Payload, iter_payloads

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def write_stream(table: pa.Table, file: Path) -> None:
    """Write a stream of Arrow."""
    with ipc.new_stream(file, table.schema) as writer:
        writer.write_table(table)


def write_file(table: pa.Table, file: Path) -> None:
    """Write a file of Arrow."""
    with ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)


WRITERS: dict[str, Callable[[pa.Table, Path], None]] = {
    "a.parquet": parquet.write_table,
    "a.feather": feather.write_feather,
    "a.arrow": write_file,
    "a.arrows": write_stream,
}
each_form = pytest.mark.parametrize("name", WRITERS)
TEXTS = ["{}", None, "<xml/>", "", None, "{и}"]
BYTES = [None if text is None else text.encode() for text in TEXTS]


def stored(folder: Path, name: str, *, explicit: bool = True, **columns: Any) -> Payload:
    """A table on disk."""
    file = folder / name
    WRITERS[name](pa.table(columns), file)
    return Payload(name, file, explicit=explicit)


def texts_of(payload: Payload, column: str | None = None) -> list[bytes | None]:
    """All texts of a column, whose rows are numbered without a gap."""
    found: list[bytes | None] = []
    for row, texts in iter_texts(payload, column):
        assert row == len(found)
        found += texts
    return found


def reason_of(payload: Payload, column: str | None = None) -> str:
    """Why a table cannot be read."""
    with pytest.raises(UnreadableFile) as caught:
        texts_of(payload, column)
    assert caught.value.path == payload.path
    assert "\n" not in caught.value.reason
    return caught.value.reason


@each_form
@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.binary(), pa.large_binary()])
def test_texts_of_a_column_are_read(tmp_path: Path, name: str, kind: pa.DataType) -> None:
    """Whatever the type of text, the bytes of each row come as they are, and None for a row without one."""
    payload = stored(tmp_path, name, number=list(range(6)), note=["x"] * 6, order=pa.array(TEXTS, kind))
    assert texts_of(payload) == BYTES
    assert texts_of(payload, "order") == BYTES
    assert texts_of(payload, "note") == [b"x"] * 6
    assert payload.is_columnar


@each_form
def test_repeated_texts_are_read(tmp_path: Path, name: str) -> None:
    """A column that names each different text once is read like others."""
    order = pa.array([*TEXTS, *TEXTS]).dictionary_encode()
    assert texts_of(stored(tmp_path, name, order=order)) == BYTES * 2


@pytest.mark.parametrize("name", ["a.arrow", "a.arrows"])
def test_views_are_read(tmp_path: Path, name: str) -> None:
    """A column of views of text is read like others."""
    order = pa.array([*TEXTS, "{" + "x" * 50], pa.string_view())
    assert texts_of(stored(tmp_path, name, order=order)) == [*BYTES, b"{" + b"x" * 50]


@each_form
def test_parts_of_a_column_are_read(tmp_path: Path, name: str) -> None:
    """Where an array is a part of another one, only that part is read."""
    payload = stored(tmp_path, name, order=pa.array(["lost", *TEXTS, "lost"]).slice(1, 6))
    assert texts_of(payload) == BYTES


@each_form
def test_batches_are_small(tmp_path: Path, name: str) -> None:
    """No batch holds more than some thousand rows, or much more than 1 MiB of text."""
    long = ["{" + "x" * 300_000] * 20
    short = ["{}"] * 10_000
    payload = stored(tmp_path, name, order=[*long, *short, *long])
    sizes = []
    for _, texts in iter_texts(payload):
        assert len(texts) <= 1024
        sizes.append(sum(map(len, filter(None, texts))))
    assert max(sizes) <= (1 << 20) + 300_001
    assert sum(sizes) == sum(map(len, [*long, *short, *long]))


@each_form
def test_a_table_without_rows_has_no_texts(tmp_path: Path, name: str) -> None:
    """A table without rows is no fault if the column is named; else nobody knows which is meant."""
    payload = stored(tmp_path, name, order=pa.array([], pa.string()))
    assert texts_of(payload, "order") == []
    assert "say which column holds the messages with --column NAME" in reason_of(payload)


@each_form
def test_which_column_is_meant_must_be_certain(tmp_path: Path, name: str) -> None:
    """Where several columns hold messages, or none does, the fault names the columns and the option."""
    several = stored(tmp_path, name, a=["{}"], b=[" <x/>"], c=["\ufeff{}"], d=["-"], e=[1])
    assert reason_of(several) == "several columns hold JSON or XML: 'a', 'b', 'c'; say which with --column NAME"
    assert reason_of(several, "z") == "has no column of text 'z'; those of text are 'a', 'b', 'c', 'd'"
    assert reason_of(several, "e") == "has no column of text 'e'; those of text are 'a', 'b', 'c', 'd'"
    none = stored(tmp_path, name, d=["-"], n=pa.array([None], pa.string()))
    assert reason_of(none) == (
        "the texts of 'd', 'n' do not begin as JSON or XML does; say which column holds the messages with --column NAME"
    )
    numbers = stored(tmp_path, name, e=[1])
    assert reason_of(numbers) == "no column holds text; say which column holds the messages with --column NAME"
    assert reason_of(numbers, "a") == "has no column of text 'a'; it has none of text"
    found = stored(tmp_path, name, e=[1], explicit=False)
    assert texts_of(found) == []


def test_many_columns_are_not_all_named(tmp_path: Path) -> None:
    """A fault stays short, however many columns there are and whatever they are called."""
    columns: dict[str, Any] = {f"{number}{'x' * 1000}\n": ["{}"] for number in range(100)}
    payload = stored(tmp_path, "a.parquet", **columns)
    reason = reason_of(payload)
    assert len(reason) < 2000
    assert ", …; say which" in reason


def test_text_that_is_not_utf_8_is_read(tmp_path: Path) -> None:
    """Bytes that are no text come as they are: to judge them is left to the check."""
    assert texts_of(stored(tmp_path, "a.arrow", order=pa.array([b"{\xff}"], pa.binary()))) == [b"{\xff}"]
    parts = [None, pa.py_buffer(b"\0\0\0\0\3\0\0\0"), pa.py_buffer(b"{\xff}")]
    broken = pa.Array.from_buffers(pa.string(), 1, parts)
    assert texts_of(stored(tmp_path, "a.arrow", order=broken)) == [b"{\xff}"]


@pytest.mark.parametrize("offsets", [(0, 50, 8), (0, -4, 8), (0, 3, 99), (-1, 3, 8), (9, 3, 8), (0, 3, 2)])
@pytest.mark.parametrize("name", ["a.arrow", "a.arrows"])
def test_offsets_that_lead_nowhere_are_told(tmp_path: Path, name: str, offsets: tuple[int, ...]) -> None:
    """A file that says its texts lie where they do not is unreadable, and nothing else is read."""
    payload = stored(tmp_path, name, order=["{1}", "{123}"])
    assert payload.file is not None
    whole = payload.file.read_bytes()
    payload.file.write_bytes(whole.replace(struct.pack("=3i", 0, 3, 8), struct.pack("=3i", *offsets)))
    assert "no such table can be read" in reason_of(payload, "order")


@pytest.mark.parametrize("name", ["a.arrow", "a.arrows"])
def test_numbers_of_texts_that_are_not_there_are_told(tmp_path: Path, name: str) -> None:
    """A file whose rows name texts that it does not hold is unreadable."""
    order = pa.DictionaryArray.from_arrays(pa.array([0, 9], pa.int32()), pa.array(["{}"]), safe=False)
    assert "no such table can be read" in reason_of(stored(tmp_path, name, order=order), "order")
    order = pa.DictionaryArray.from_arrays(pa.array([0, -1], pa.int32()), pa.array(["{}"]), safe=False)
    assert "no such table can be read" in reason_of(stored(tmp_path, name, order=order), "order")


@each_form
def test_a_broken_table_is_told(tmp_path: Path, name: str) -> None:
    """However a file is broken, what cannot be read is told, and nothing is raised but the fault."""
    payload = stored(tmp_path, name, order=[f'{{"number": {number}}}' for number in range(3_000)])
    assert payload.file is not None
    data = payload.file.read_bytes()
    for broken in (b"", b"PAR1", b"ARROW1", data[:4], data[: len(data) // 2], b"{}\n", os.urandom(1000), bytes(100)):
        payload.file.write_bytes(broken)
        assert reason_of(payload, "order")
    for place in range(0, len(data), max(len(data) // 200, 1)):
        payload.file.write_bytes(data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :])
        with suppress(UnreadableFile):
            texts_of(payload)


def test_a_damaged_place_is_told_after_what_stands_before(tmp_path: Path) -> None:
    """The texts before a damaged place of a table come first."""
    payload = stored(tmp_path, "a.arrows", order=["{}"] * 10)
    assert payload.file is not None
    schema = pa.schema({"order": pa.string()})
    with ipc.new_stream(payload.file, schema) as writer:
        for _ in range(10):
            writer.write_batch(pa.record_batch({"order": ["{}"] * 100}))
    payload.file.write_bytes(payload.file.read_bytes()[:-200])
    rows = []
    with pytest.raises(UnreadableFile):
        rows += [len(texts) for _, texts in iter_texts(payload)]
    rows = []
    with pytest.raises(UnreadableFile):
        rows.extend(len(texts) for _, texts in iter_texts(payload))
    assert sum(rows) == 900


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"FEA1" + bytes(20), "is of Feather version 1; write it as version 2, which is Arrow"),
        (b"\x1f\x8b" + bytes(20), "is compressed as a whole; decompress it: tables compress their columns"),
    ],
)
def test_forms_that_are_not_read_say_what_to_do(tmp_path: Path, data: bytes, reason: str) -> None:
    """What can be mended by whoever has the file is told."""
    (tmp_path / "a.feather.gz").write_bytes(data)
    assert reason_of(Payload("a.feather.gz", tmp_path / "a.feather.gz", explicit=True)) == reason


def test_without_pyarrow_the_remedy_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, a table is unreadable with the remedy."""
    payload = stored(tmp_path, "a.parquet", order=["{}"])
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert reason_of(payload) == "pyarrow is not installed; get it with: pip install 'altcraft-contract[parquet]'"


def test_a_missing_table_is_told(tmp_path: Path) -> None:
    """A table that is not there is unreadable with the reason."""
    assert reason_of(Payload("a.parquet", tmp_path / "a.parquet", explicit=True)) == "no such file or directory"
    (tmp_path / "a.parquet").mkdir()
    assert reason_of(Payload("a.parquet", tmp_path / "a.parquet", explicit=True)) == "is a directory"


@each_form
def test_tables_are_read_from_elsewhere(memory: Any, web: str, tmp_path: Path, name: str) -> None:
    """Tables are read in parts from whatever fsspec reaches."""
    payload = stored(tmp_path, name, number=[1] * 6, order=TEXTS)
    assert payload.file is not None
    memory.pipe_file(f"/d/{name}", payload.file.read_bytes())
    faults: list[UnreadableFile] = []
    elsewhere = list(iter_payloads([f"memory://d/{name}"], report=faults.append))
    assert [texts_of(payload) for payload in elsewhere] == [BYTES]
    # This server gives no parts of files; of one that is small, the whole is a part.
    elsewhere = list(iter_payloads([f"{web}/{name}?sig=sesame"], report=faults.append))
    assert [texts_of(payload) for payload in elsewhere] == [BYTES]
    assert not faults

    memory.pipe_file(f"/d/{name}", b"PAR1")
    assert reason_of(elsewhere[0]._replace(url=f"memory://d/{name}", key=None))
