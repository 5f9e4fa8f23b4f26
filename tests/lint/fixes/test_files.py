"""Whole files, replaced at once or not at all."""

from __future__ import annotations

import os
import re
import stat
import tracemalloc
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.documents.limits import Limits
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.fixes.files import MOST_FIXES, FixTally, fix_file, iter_fixed_files
from altcraft_contract.lint.fixes.parts import iter_parts
from altcraft_contract.lint.fixes.replacing import replacing
from altcraft_contract.lint.lint_options import LintOptions, Listener
from altcraft_contract.lint.payloads import Payload
from altcraft_contract.rules.selection import RuleSelection
from tests.lint.fixes.runs import BAD, BAD_LINE, GOOD, GOOD_LINE, Run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def order(tmp_path: Path) -> Path:
    """A file with two findings that can be fixed."""
    return written(tmp_path / "order.json", BAD)


def written(path: Path, text: str) -> Path:
    """A file with *text*."""
    path.write_bytes(text.encode())
    return path


def test_a_file_is_fixed_in_its_place(order: Path) -> None:
    """The file holds the fixed document, what was done is told, and nothing is left beside it."""
    (fixed,) = Run().fix(order)
    assert order.read_bytes() == GOOD.encode()
    assert (fixed.path, fixed.total) == (str(order), 2)
    assert [(fix.rule, fix.pointer, fix.line) for fix in fixed.fixes] == [
        ("invalid-currency", "/data/currency", 9),
        ("wrong-type", "/data/lines/0/count", 21),
    ]
    assert list(order.parent.iterdir()) == [order]
    assert not Run().fix(order)


def test_a_sound_file_is_not_written(tmp_path: Path) -> None:
    """A file in which nothing is to be fixed is left alone, its time included."""
    path = written(tmp_path / "order.json", GOOD)
    os.utime(path, (1, 1))
    assert not Run().fix(path)
    assert path.stat().st_mtime == 1


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755])
def test_permissions_stay(order: Path, mode: int) -> None:
    """The new file has the permissions and the owner of the old one."""
    order.chmod(mode)
    before = order.stat()
    Run().fix(order)
    after = order.stat()
    assert stat.S_IMODE(after.st_mode) == mode
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)


def test_what_a_link_leads_to_is_fixed(tmp_path: Path, order: Path) -> None:
    """A symbolic link stays one, and the file that it leads to is fixed."""
    (tmp_path / "links").mkdir()
    link = tmp_path / "links" / "order.json"
    link.symlink_to(order)
    assert Run().fix(link)
    assert link.is_symlink()
    assert order.read_bytes() == GOOD.encode()
    assert list(link.parent.iterdir()) == [link]


def test_a_read_only_file_stays(order: Path) -> None:
    """A file that nobody may write is a fault, and stays, though its directory could be written."""
    order.chmod(0o444)
    run = Run()
    assert not run.fix(order)
    assert [str(fault) for fault in run.faults] == [f"{order}: cannot be fixed: it is read-only"]
    assert order.read_bytes() == BAD.encode()
    assert list(order.parent.iterdir()) == [order]


def test_a_read_only_file_without_findings_is_no_fault(tmp_path: Path) -> None:
    """Where nothing is to be fixed nothing has to be written."""
    path = written(tmp_path / "order.json", GOOD)
    path.chmod(0o444)
    run = Run()
    run.fix(path)
    assert not run.faults


def test_a_vanished_file_is_a_fault_and_the_others_are_fixed(order: Path) -> None:
    """One file that cannot be read does not keep the others from being fixed."""
    run = Run()
    assert len(run.fix(order.with_name("gone.json"), order.parent, order)) == 1
    assert [fault.path for fault in run.faults] == [str(order.with_name("gone.json")), str(order.parent)]


@pytest.mark.parametrize("meanwhile", [BAD.replace("rub", "usd"), BAD + " ", "", None])
def test_a_file_that_changes_meanwhile_stays(order: Path, meanwhile: str | None) -> None:
    """What somebody else wrote while the file was fixed is not lost."""

    def change() -> None:
        order.unlink() if meanwhile is None else order.write_text(meanwhile)

    with pytest.raises(UnreadableFile, match=r"order\.json: cannot be fixed"):
        fix_beside(order, change)
    assert [path.read_text() for path in order.parent.iterdir()] == ([meanwhile] if meanwhile is not None else [])


def fix_beside(order: Path, event: Callable[[], object]) -> None:
    """Fix a file; when that is almost done, *event* happens."""
    with replacing(str(order), "order.json") as replacement:
        replacement.take(BAD.encode(), GOOD.encode())
        event()
        replacement.finish()


def test_what_breaks_off_leaves_nothing(order: Path) -> None:
    """An interruption leaves the file as it was and nothing beside it."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fix_beside(order, interrupt)
    assert order.read_bytes() == BAD.encode()
    assert list(order.parent.iterdir()) == [order]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_records_are_fixed_one_by_one(tmp_path: Path, end: str) -> None:
    """In NDJSON each record is fixed; blank lines, line ends and broken records stay."""
    template = f"{end} \t{end}{GOOD_LINE}{end}{{broken{end}%s {end}{end}%s\r{end}{GOOD_LINE}"
    path = written(tmp_path / "orders.ndjson", template % (BAD_LINE, BAD_LINE))
    (fixed,) = Run().fix(path)
    assert path.read_bytes() == (template % (GOOD_LINE, GOOD_LINE)).encode()
    assert [fix.line for fix in fixed.fixes] == [5, 5, 7, 7]


def test_records_that_are_too_long_pass_as_they_are(tmp_path: Path) -> None:
    """A record over the limit is copied in parts, and those around it are fixed."""
    long = GOOD_LINE.replace("order_", "x" * 20_000).replace("RUB", "rub")
    lines = [BAD_LINE, long, BAD_LINE, long]
    path = written(tmp_path / "orders.ndjson", "\n".join(lines))
    options = LintOptions(limits=Limits(max_bytes=8_000))
    (fixed,) = Run(options).fix(path)
    assert fixed.total == 4
    assert path.read_text() == f"{GOOD_LINE}\n{long}\n{GOOD_LINE}\n{long}"


@given(
    data=st.lists(st.sampled_from([b"\n", b"\r\n", b"\r", b" ", b"{}", b"[" * 90, GOOD_LINE.encode()])).map(b"".join)
)
def test_the_parts_of_a_file_are_the_file(data: bytes) -> None:
    """Nothing of an NDJSON file is lost or twice in its parts, and their lines count as the linter's do."""
    options = LintOptions(syntax="ndjson", limits=Limits(max_bytes=64))
    payload = Payload("a.ndjson", None, explicit=True)
    parts = list(iter_parts(payload, BytesIO(data), options, _never))
    assert b"".join(part.body + part.end for part in parts) == data
    for part in parts:
        if part.syntax is not None:
            before = data[: data.index(part.body)]
            assert part.first_line >= 1 + len(re.findall(rb"\r\n|\n|\r", before)) or data.count(part.body) > 1


def _never(path: str) -> None:
    raise AssertionError(path)


def test_many_records_take_the_memory_of_one(tmp_path: Path) -> None:
    """The memory that fixing an NDJSON file takes does not grow with the number of its records."""
    peaks = []
    kept = 0
    for number in (60, 600):
        path = written(tmp_path / "orders.ndjson", f"{BAD_LINE}\n" * number)
        tracemalloc.start()
        (fixed,) = Run().fix(path)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert fixed.total == 2 * number
        kept = len(fixed.fixes)
        assert path.read_text() == f"{GOOD_LINE}\n" * number
    assert peaks[1] < peaks[0] + 1_500_000  # the fixes themselves, of which no more than so many are kept
    assert kept == MOST_FIXES


def test_only_messages_of_this_contract_are_fixed(tmp_path: Path) -> None:
    """Found in a directory, a file that is no message is skipped, as in a check; named by itself, it is fixed."""
    path = written(tmp_path / "other.json", '{"a": 1, "a": 1}')
    run = Run()
    assert not run.fix(path, explicit=False)
    assert run.skipped == [str(path)]
    assert Run().fix(path)
    assert path.read_text() == '{"a": 1}'


def test_rules_and_spared_findings_are_heeded(order: Path) -> None:
    """What the options leave out and what somebody wants spared is not fixed."""
    assert not Run(LintOptions(rules=RuleSelection(select=["missing-field"]))).fix(order)
    asked: list[tuple[Any, ...]] = []
    listener = Listener(_never, lambda *_: None, _fail)
    payload = Payload("named.json", order, explicit=True)
    options = LintOptions()

    def spares(*finding: str) -> bool:
        asked.append(finding)
        return True

    assert not list(iter_fixed_files([payload], options, listener, spares=spares))
    assert ("named.json", "invalid-currency", "/data/currency") in asked


def _fail(fault: UnreadableFile) -> None:
    raise fault


def test_messages_in_host_files_are_not_fixed(tmp_path: Path) -> None:
    """Of a file whose messages are extracted nothing is edited."""
    har = f'{{"log": {{"version": "1.2", "creator": {{}}, "entries": []}}, "a": 1, "a": 1, "data": {GOOD}}}'
    path = written(tmp_path / "traffic.har", har)
    assert not Run(LintOptions(extract=True)).fix(path)
    assert path.read_text() == har


def test_the_standard_input_has_no_place_to_be_fixed_in() -> None:
    """What is no file is refused with a remedy."""
    with pytest.raises(UnreadableFile, match="<stdin>: cannot be fixed in its place; name a file"):
        fix_file(Payload("<stdin>", None, explicit=True), LintOptions(), skipped=_never)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
def test_what_is_no_regular_file_is_not_replaced(tmp_path: Path) -> None:
    """A pipe or a device is never replaced by a file."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(UnreadableFile, match="it is no regular file"), replacing(str(pipe), "pipe") as new:
        new.take(b"a", b"b")
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_the_summary_names_the_first_files() -> None:
    """The summary counts findings and files, and names as many as fit a line."""
    tally = FixTally()
    assert tally.summary("fixed") == "fixed nothing"
    tally.take("a.json", 1)
    assert tally.summary("fixed") == "fixed 1 finding in 1 file (a.json: 1)"
    for number in range(6):
        tally.take(f"{number}.json", 200)
    assert tally.summary("would fix") == (
        "would fix 1,201 findings in 7 files (a.json: 1, 0.json: 200, 1.json: 200, 2.json: 200, 3.json: 200, …)"
    )
