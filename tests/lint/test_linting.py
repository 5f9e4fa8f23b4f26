"""Files to checked documents."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.limits import Limits
from altcraft_contract.lint.lint_options import LintOptions, Listener
from altcraft_contract.lint.linting import iter_entries
from altcraft_contract.lint.payloads import Payload

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Self

    from altcraft_contract.errors import UnreadableFile
    from altcraft_contract.renderers.report import Entry

REQUEST = json.dumps(json.loads(load_contract().examples["request.json"])).encode()
RESPONSE = json.dumps(json.loads(load_contract().examples["response.json"])).encode()


class Run:
    """One run over payloads, and what it told."""

    def __init__(self, *payloads: Payload, options: LintOptions | None = None) -> None:
        self.skipped: list[str] = []
        self.notes: list[tuple[str, str]] = []
        self.faults: list[UnreadableFile] = []
        listener = Listener(self.skipped.append, lambda *note: self.notes.append(note), self.faults.append)
        self.entries: list[Entry] = list(iter_entries(payloads, options or LintOptions(), listener))

    @property
    def places(self) -> list[tuple[int | None, int]]:
        """Record and first line of each entry."""
        return [(entry.document, entry.first_line) for entry in self.entries]


class Kept(Payload):
    """A payload from memory."""

    data: bytes

    def __new__(cls, data: bytes, path: str = "order.json", *, explicit: bool = True) -> Self:
        """Make one of its bytes."""
        kept = super().__new__(cls, path, None, explicit)
        kept.data = data
        return kept

    def open(self) -> BinaryIO:
        """The bytes that it was made of."""
        return BytesIO(self.data)


def test_records_count_without_blank_lines_and_lines_with_them() -> None:
    """Records are numbered from 1 without blank lines; their lines are those of the file, whatever ends them."""
    data = b"\n\r\n" + REQUEST + b"\r\n \t \n" + RESPONSE + b"\n\n" + b"{}"
    run = Run(Kept(data, "a.ndjson"))
    assert run.places == [(1, 3), (2, 5), (3, 7)]
    assert [entry.result.message for entry in run.entries] == ["request", "response", "request"]
    assert run.entries[2].text == "{}"


def test_a_carriage_return_within_a_record_is_a_line_of_the_file() -> None:
    """A lone CR ends no record, but the lines of later records count it, as the findings of its own do."""
    run = Run(Kept(b'{"a":\r 1}\n{"b": 1}\n', "a.ndjson"))
    assert run.places == [(1, 1), (2, 3)]
    assert [finding.line for finding in run.entries[0].result.findings if finding.pointer == "/a"] == [2]


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\n\n"])
def test_the_last_record_needs_no_line_end(end: bytes) -> None:
    """The last record counts with or without a line end."""
    assert Run(Kept(RESPONSE + b"\n" + RESPONSE + end, "a.ndjson")).places == [(1, 1), (2, 2)]


@given(lines=st.lists(st.sampled_from([b"", b" ", b"\t\r", RESPONSE, REQUEST, b"[", b"\xff", RESPONSE + b"\r"])))
def test_every_line_that_is_not_blank_is_a_record(lines: list[bytes]) -> None:
    """Records are the lines that are not blank, in order, each with its own number."""
    run = Run(Kept(b"\n".join(lines), "a.ndjson"), options=LintOptions(syntax="ndjson"))
    expected = [number for number, line in enumerate(lines, start=1) if line.strip()]
    extra = [line.count(b"\r") if not line.endswith(b"\r") else 0 for line in lines]
    assert not any(extra)
    assert run.places == [(record, line) for record, line in enumerate(expected, start=1)]


def test_a_record_of_any_length_keeps_the_numbers_right() -> None:
    """A record longer than allowed is one malformed record, and those after it are still checked."""
    data = b"[" * 200_000 + b"\n" + RESPONSE + b"\n"
    run = Run(Kept(data, "a.ndjson"), options=LintOptions(limits=Limits(max_bytes=100_000)))
    assert run.places == [(1, 1), (2, 2)]
    assert [finding.rule for finding in run.entries[0].result.findings] == ["malformed"]
    assert run.entries[1].result.ok


def test_a_file_too_large_is_shown_by_its_beginning() -> None:
    """Of a file that is too large to be read no more is kept than a code frame holds."""
    (entry,) = Run(Kept(b"[" * 5_000), options=LintOptions(limits=Limits(max_bytes=4_000))).entries
    assert [finding.rule for finding in entry.result.findings] == ["malformed"]
    assert len(entry.text) < 4_000


def test_a_file_of_a_directory_that_is_no_message_is_skipped() -> None:
    """Found in a directory, a foreign document is skipped and named; a message, however broken, is checked."""
    foreign = [
        Kept(data, f"{index}.json", explicit=False) for index, data in enumerate([b"[]", b'{"a": 1}', b"", b"<html/>"])
    ]
    run = Run(
        *foreign, Kept(REQUEST[:-5], "broken.json", explicit=False), Kept(b'{"a": 1}', "x.ndjson", explicit=False)
    )
    assert run.skipped == ["0.json", "1.json", "2.json", "3.json", "x.ndjson"]
    assert [entry.path for entry in run.entries] == ["broken.json"]
    assert not run.notes


@pytest.mark.parametrize(
    ("data", "path", "note"),
    [
        (
            b'{"a": 1}',
            "a.json",
            "looks like no message of this contract; checked as a request (--message says which it is)",
        ),
        (
            b'{"error": "x"}',
            "a.json",
            "looks like no message of this contract; checked as a response (--message says which it is)",
        ),
        (RESPONSE + b"\n" + RESPONSE, "a.json", "holds one object a line; --syntax ndjson checks each of them"),
        (b"\n \n", "a.ndjson", "holds no record"),
    ],
)
def test_what_is_odd_about_a_named_file_is_noted(data: bytes, path: str, note: str) -> None:
    """A file that is checked though it looks like something else is noted, with what to do."""
    assert Run(Kept(data, path)).notes == [(path, note)]


@pytest.mark.parametrize("data", [b"", b" \n", REQUEST, RESPONSE, REQUEST[:-3], REQUEST.replace(b'"token"', b'"tokn"')])
def test_nothing_is_noted_where_the_findings_say_it_all(data: bytes) -> None:
    """Empty files and messages, broken or not, need no note."""
    assert not Run(Kept(data)).notes


def test_options_decide_over_what_a_file_looks_like() -> None:
    """Message, syntax and engine are those that were asked for."""
    (entry,) = Run(Kept(RESPONSE), options=LintOptions(message="request", syntax="json", engine="reference")).entries
    assert entry.result.message == "request"
    assert not entry.result.ok
    (entry,) = Run(Kept(b"<xml/>"), options=LintOptions(syntax="json")).entries
    assert entry.result.syntax == "json"


def test_a_file_that_fails_while_it_is_read_stops_no_other(tmp_path: Path) -> None:
    """A file that cannot be opened or read is reported, and the next one is checked."""
    directory = Payload(str(tmp_path), tmp_path, explicit=True)
    missing = Payload("missing.json", tmp_path / "missing.json", explicit=True)
    run = Run(directory, missing, Kept(RESPONSE))
    assert [fault.reason for fault in run.faults] == ["is a directory", "no such file or directory"]
    assert len(run.entries) == 1
