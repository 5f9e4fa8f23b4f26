"""Payloads in chunks: every record once, under its number and on its line."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.limits import Limits
from altcraft_contract.lint.bulk import cutting
from altcraft_contract.lint.bulk.chunk import Files, Records, Remarks, Span, Whole
from altcraft_contract.lint.bulk.cutting import GROWING, Sizes, count, iter_chunks, iter_spans, read_span
from altcraft_contract.lint.bulk.work import Numbering, Plan, check_chunk
from altcraft_contract.lint.lint_options import LintOptions
from altcraft_contract.lint.payloads import Payload
from tests.lint.bulk.payloads import Kept

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REQUEST = json.dumps(json.loads(load_contract().examples["request.json"])).encode()

LINES = st.lists(
    st.tuples(
        st.sampled_from([b"", b" ", b"{}", b'{"a": 1}', b"{\r}", b"x" * 30, b"\x0c", b"\xff"]),
        st.sampled_from([b"\n", b"\n", b"\r\n"]),
    ),
    max_size=12,
)


def number_lines(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The records of some text, each with its number and its line, told one by one."""
    number, line_number = 0, 1
    for line in data.split(b"\n"):
        if line.strip():
            number += 1
            yield number, line_number, line.rstrip(b"\r")
        line_number += 1 + line.count(b"\r") - line.endswith(b"\r")


@given(lines=LINES, end=st.sampled_from([b"", b"{}"]), step=st.integers(1, 40), first=st.integers(1, 50))
def test_every_record_comes_once_under_its_number_and_on_its_line(
    lines: list[tuple[bytes, bytes]], end: bytes, step: int, first: int
) -> None:
    """However a file is cut and however slowly it comes, its records are those of the whole."""
    data = b"".join(line + stop for line, stop in lines) + end
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cutting, "START", 8)
        patch.setattr(cutting, "MEBIBYTE", 20)
        options = LintOptions(syntax="ndjson")
        chunks = list(iter_chunks([Kept(data, step=step)], options, Sizes(first, 4 * first)))
    records = [chunk for chunk in chunks if isinstance(chunk, Records)]
    found = [
        (chunk.first_record + number - 1, chunk.first_line + line_number - 1, line)
        for chunk in records
        for number, line_number, line in number_lines(chunk.data)
    ]
    assert found == list(number_lines(data))
    assert b"".join(chunk.data for chunk in records).split() == data.split()
    assert bool(records) == (not any(isinstance(chunk, Remarks) for chunk in chunks))


@given(before=st.integers(0, 3), length=st.integers(11, 90), after=st.integers(0, 3), step=st.integers(1, 50))
def test_of_a_line_that_is_too_long_the_beginning_is_kept(before: int, length: int, after: int, step: int) -> None:
    """A record over the limit costs no more memory than the limit, and those after it keep their numbers."""
    most = 10
    data = b"{}\n" * before + b"x" * length + b"\n" + b"[]\n" * after
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cutting, "START", 4)
        patch.setattr(cutting, "MEBIBYTE", 7)
        options = LintOptions(syntax="ndjson", limits=Limits(max_bytes=most))
        chunks = list(iter_chunks([Kept(data, step=step)], options, Sizes(5, 5)))
    lines = [
        (chunk.first_record + number - 1, line)
        for chunk in chunks
        if isinstance(chunk, Records)
        for number, _, line in number_lines(chunk.data)
    ]
    expected = [b"{}"] * before + [b"x" * (most + 1)] + [b"[]"] * after
    cut = [(number, line[: most + 1]) for number, line in lines]
    assert cut == list(enumerate(expected, 1))


@given(data=st.binary(max_size=60) | st.text("\r\n \x0ca", max_size=20).map(str.encode))
def test_counts_are_those_of_reading_line_by_line(data: bytes) -> None:
    """Counting a block at once gives what counting its lines gives."""
    assert count(data).records == sum(1 for line in data.split(b"\n") if line.strip())
    ends = data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
    assert count(data).lines == ends + (bool(data) and not data.endswith(b"\n"))


def test_small_files_go_together(tmp_path: Path) -> None:
    """Files are handed out by the handful, and large lists are cut."""
    small = [tmp_path / f"order-{number:02}.json" for number in range(20)]
    for file in small:
        file.write_bytes(REQUEST)
    large = tmp_path / "orders.ndjson"
    large.write_bytes(b"\n".join([REQUEST] * 3000))
    payloads = [Payload(str(file), file, explicit=True) for file in [*small, large]]
    chunks = list(iter_chunks(payloads, LintOptions(), GROWING))
    assert [len(chunk.payloads) for chunk in chunks if isinstance(chunk, Files)] == [16, 4]
    spans = [chunk for chunk in chunks if isinstance(chunk, Span)]
    assert sum(count(records.data).records for span in spans for records in read_span(span, 1 << 20)) == 3000
    assert sum(span.stored for span in spans) == large.stat().st_size


@given(lines=LINES, end=st.sampled_from([b"", b"{}"]), size=st.integers(1, 40), block=st.integers(1, 50))
def test_spans_hold_every_line_once(lines: list[tuple[bytes, bytes]], end: bytes, size: int, block: int) -> None:
    """However a file is cut into bytes, the lines that begin in the parts are all its lines; counts add up."""
    data = b"".join(line + stop for line, stop in lines) + end
    payload = Kept(data)
    found: list[tuple[int, int, bytes]] = []
    numbering = Numbering()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cutting, "MEBIBYTE", block)
        for span in iter_spans(payload, "json", len(data), size):
            outcome = check_chunk(span, Plan(LintOptions(), tells_clean=True))
            entries = numbering.number(span, outcome).entries
            found += [(entry.document or 0, entry.first_line, entry.text.encode()) for entry in entries]
    expected = [(number, line_number) for number, line_number, _ in number_lines(data)]
    assert [(number, line_number) for number, line_number, _ in found] == expected


def test_a_small_compressed_file_may_be_large(tmp_path: Path) -> None:
    """A compressed file is cut as it unpacks, however small it is: it may hold a thousand times as much."""
    path = tmp_path / "orders.ndjson.gz"
    path.write_bytes(gzip.compress(b"".join(b'{"external_id": "1"}\n' for _ in range(200_000))))
    payload = Payload(str(path), path, explicit=True)

    chunks = [chunk for chunk in iter_chunks([payload], LintOptions(), GROWING) if chunk is not None]

    assert path.stat().st_size < 1 << 15
    assert len(chunks) > 3
    assert all(isinstance(chunk, Records) and len(chunk.data) <= 1 << 21 for chunk in chunks)


def test_a_large_document_is_read_whole(tmp_path: Path) -> None:
    """A file that is one document is one chunk, of one byte more than is allowed at most."""
    file = tmp_path / "order.json"
    file.write_bytes(b'{\n"a":"' + b"x" * 400_000 + b'"}')
    payload = Payload(str(file), file, explicit=True)
    (chunk,) = iter_chunks([payload], LintOptions(limits=Limits(max_bytes=300_000)))
    assert isinstance(chunk, Whole)
    assert len(chunk.data) == 300_001


def test_xml_with_a_document_a_line_is_a_list() -> None:
    """Whole documents on the first lines make a file a list of XML documents; one document is none."""
    line = b"<?xml version='1.0'?><xml><external_id>1</external_id></xml>\n"
    (chunk,) = iter_chunks([Kept(line * 3, "orders.xml")], LintOptions())
    assert isinstance(chunk, Records)
    assert chunk.syntax == "xml"
    (whole,) = iter_chunks([Kept(line, "order.xml")], LintOptions())
    assert isinstance(whole, Whole)
    (one,) = iter_chunks([Kept(line, "order.xml")], LintOptions(syntax="xml-lines"))
    assert isinstance(one, Records)
