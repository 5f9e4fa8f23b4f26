"""Payloads in parts: large files in spans, small ones together, and of none more than the beginning is read."""

from __future__ import annotations

import gzip
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import fsspec
import pytest

from altcraft_contract.distributed.parts import PartSizes, check_part, count_part, iter_parts, lost_part
from altcraft_contract.lint.bulk.chunk import Files, Remark, Remarks, Span
from altcraft_contract.lint.bulk.work import Plan
from altcraft_contract.lint.lint_options import LintOptions
from altcraft_contract.lint.payloads import Payload, iter_payloads
from tests.distributed.orders import faults_in, named, order_texts

if TYPE_CHECKING:
    from altcraft_contract.errors import UnreadableFile

OPTIONS = LintOptions()
SIZES = PartSizes(span=20_000, small=5000, files=3)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shapes(*payloads: Payload) -> list[object]:
    """What parts there are: names of files that go together, and bytes of spans."""
    return [
        [payload.path for payload in part.payloads]
        if isinstance(part, Files)
        else (part.start, part.stop)
        if isinstance(part, Span)
        else part.remarks
        for part in iter_parts(payloads, OPTIONS, SIZES)
    ]


def write(folder: Path, name: str, data: bytes) -> Payload:
    """Make a file, and name it by its short name."""
    (folder / name).write_bytes(data)
    return named(Path(name))


def test_what_is_large_is_cut_and_what_is_small_goes_together(folder: Path) -> None:
    """Lists of orders are cut; other files are parts by themselves, or together with some neighbours."""
    text = "\n".join(order_texts(30)).encode()
    small = [write(folder, f"{number}.json", b"{}") for number in range(4)]
    large = write(folder, "large.ndjson", text)
    assert 40_000 < len(text) < 60_000

    assert shapes(*small, large) == [
        ["0.json", "1.json", "2.json"],
        ["3.json"],
        (0, 20_000),
        (20_000, 40_000),
        (40_000, len(text)),
    ]
    assert shapes(small[0], write(folder, "middle.ndjson", text[:15_000]), small[1]) == [
        ["0.json"],
        ["middle.ndjson"],
        ["1.json"],
    ]
    assert shapes(*[write(folder, f"{number}.xml", b" " * 2000) for number in range(3)]) == [
        ["0.xml", "1.xml"],
        ["2.xml"],
    ]


def test_what_cannot_be_cut_stays_whole(folder: Path) -> None:
    """Compressed files and single documents are read by one worker each, however large they are."""
    packed = write(folder, "packed.ndjson.gz", gzip.compress(os.urandom(30_000)))
    single = write(folder, "single.json", b"[" + b" " * 30_000 + b"]")

    assert shapes(packed, single, named(Path("missing.json"))) == [
        ["packed.ndjson.gz"],
        ["single.json"],
        ["missing.json"],
    ]


def test_parts_are_read_under_absolute_paths_and_told_under_those_of_the_user(folder: Path) -> None:
    """Workers work elsewhere; what is told has the path that was named."""
    (part,) = iter_parts([write(folder, "a.ndjson", next(order_texts(1)).encode())], OPTIONS)
    outcome = check_part(part, Plan(OPTIONS))

    assert isinstance(part, Files)
    assert part.payloads[0].file == folder / "a.ndjson"
    assert {entry.path for entry in outcome.entries} == {"a.ndjson"}


def test_a_large_file_elsewhere_is_cut_if_it_is_stored_as_it_is_read() -> None:
    """A file behind a URL is cut as others are; one that is compressed without saying so is not."""
    text = "\n".join(order_texts(30)).encode()
    packed = gzip.compress(text + os.urandom(30_000))
    faults: list[UnreadableFile] = []
    folder = fsspec.filesystem("memory")
    folder.pipe({"/parts/packed.ndjson": packed, "/parts/plain.ndjson": text})
    parts = list(iter_parts(iter_payloads(["memory://parts/*.ndjson"], report=faults.append), OPTIONS, SIZES))
    outcomes = [check_part(part, Plan(OPTIONS)) for part in parts]
    folder.rm("/parts", recursive=True)

    assert not faults
    assert [type(part) for part in parts] == [Files, Span, Span, Span]
    assert sum(outcome.tally.documents for outcome in outcomes[1:]) == 30


def test_what_only_streams_stays_whole(folder: Path) -> None:
    """A file no part of which can be read by itself is read by one worker."""
    with zipfile.ZipFile(folder / "archive.zip", "w") as archive:
        archive.writestr("plain.ndjson", "\n".join(order_texts(30)))
    faults: list[UnreadableFile] = []
    payloads = iter_payloads([f"zip://plain.ndjson::file://{folder}/archive.zip"], report=faults.append)

    outcomes = [check_part(part, Plan(OPTIONS)) for part in iter_parts(payloads, OPTIONS, SIZES)]
    assert sum(outcome.tally.documents for outcome in outcomes) == 30
    assert not faults


def test_the_standard_input_stays_here(folder: Path) -> None:
    """It is told, and nothing is read from it."""
    (part,) = iter_parts([Payload("<stdin>", None, explicit=True)], OPTIONS)

    assert isinstance(part, Remarks)
    assert str(part.remarks[0].fault) == "<stdin>: the standard input cannot be read on a cluster; name files"
    assert folder.is_dir()


def test_a_file_that_is_missing_here_is_told_without_a_worker(folder: Path) -> None:
    """Where there is no worker, none is named."""
    (part,) = iter_parts([named(Path("missing.json"))], OPTIONS)

    assert faults_in([check_part(part, Plan(OPTIONS))]) == ["missing.json: no such file or directory"]
    assert folder.is_dir()


def test_counts_are_those_of_the_check(folder: Path) -> None:
    """Counting a part finds as many records and lines as checking it."""
    text = "\r\n\n".join(order_texts(30)).encode()
    for part in iter_parts([write(folder, "a.ndjson", text)], OPTIONS, SIZES):
        assert isinstance(part, Span)
        outcome = check_part(part, Plan(OPTIONS))
        assert count_part(part, Plan(OPTIONS)) == (outcome.tally.documents, outcome.lines)


def test_what_is_lost_is_told_file_by_file(folder: Path) -> None:
    """Of a lost part each file, or the bytes of the file, are named; a remark is never lost."""
    one, other = (write(folder, name, b"{}") for name in ("a.json", "b.json"))
    remarks = Remarks((Remark("skipped", "c.json"),))

    assert [str(remark.fault) for remark in lost_part(Files((one, other), 4), "gone").remarks] == [
        "a.json: gone",
        "b.json: gone",
    ]
    (remark,) = lost_part(Span(one, "json", 1000, 2000), "gone").remarks
    assert str(remark.fault) == "a.json: the lines that begin at bytes 1,000 to 2,000: gone"
    assert lost_part(remarks, "gone") == remarks
