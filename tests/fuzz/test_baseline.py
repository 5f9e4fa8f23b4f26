"""Baselines: there and back, what is added and what is dropped, and what is none."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.errors import UnreadableFile
from altcraft_contract.findings import Basis
from altcraft_contract.fuzz.baseline import Known, kept_after, load_baseline, write_baseline
from altcraft_contract.fuzz.case import Case
from altcraft_contract.fuzz.failure import Cause, Failure, Received, Step

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 2, 18)
STEP = Step(
    case=Case(title="", syntax="json", body=b""),
    received=Received(status=200, headers=(), text="", size=0, is_cut=False, outcome="accepted", seconds=0.1),
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
causes = st.builds(Cause, texts, texts, texts, texts, texts)


def failure_of(cause: Cause) -> Failure:
    """A failure with a cause."""
    return Failure(
        id=cause.fingerprint,
        cause=cause,
        phase="mutations",
        trial="mutations-0001",
        feature="",
        rule=cause.rule,
        basis=Basis.DOCUMENTED,
        section="",
        message="",
        expected="",
        steps=(STEP,),
    )


def known_of(cause: Cause, reason: str = "", since: date = DAY) -> Known:
    """The entry of a cause."""
    return Known(
        id=cause.fingerprint, oracle=cause.oracle, rule=cause.rule, place=cause.place, reason=reason, since=since
    )


ONE, OTHER = (Cause("invalid-accepted", "invalid-decimal", place, "accepted", "") for place in ("/a", "/b"))


@given(known=st.lists(st.builds(known_of, causes, texts, st.dates()), max_size=4))
def test_there_and_back_is_identity(known: list[Known], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever is known, and for whatever reason, is read as it was written."""
    path = tmp_path_factory.mktemp("baseline") / "known.toml"
    kept = {entry.id: entry for entry in known}

    write_baseline(path, (), kept)

    assert load_baseline(path) == kept


def test_what_is_new_is_added_and_reasons_stay(tmp_path: Path) -> None:
    """A failure that is known keeps its reason and its day; one that is new gets the day of today."""
    path = tmp_path / "known.toml"
    before = known_of(ONE, "ticket 7", date(2025, 1, 1))

    write_baseline(path, [failure_of(ONE), failure_of(OTHER)], {before.id: before}, today=DAY)

    assert load_baseline(path) == {before.id: before, OTHER.fingerprint: known_of(OTHER)}


@pytest.mark.parametrize(("is_finished", "expected"), [(True, {ONE.fingerprint}), (False, {ONE.fingerprint, "gone"})])
def test_what_is_gone_is_dropped_only_after_a_finished_run(is_finished: bool, expected: set[str]) -> None:
    """What a run has not met leaves the baseline only if the run has looked everywhere."""
    known = {ONE.fingerprint: known_of(ONE), "gone": known_of(OTHER)}

    assert set(kept_after(known, {ONE.fingerprint, "new"}, is_finished=is_finished)) == expected


def test_the_file_is_for_people(tmp_path: Path) -> None:
    """Each entry is a table with one member a line, and the head says what may be changed."""
    path = tmp_path / "known.toml"

    write_baseline(path, [failure_of(ONE)], {}, today=DAY)

    assert path.read_text("utf-8") == (
        "# What is known to be wrong, and makes no run fail. Say why in `reason`: it is kept. --baseline-update adds "
        "what is new\n# and takes out what is gone.\nversion = 1\n\n"
        f'[[known]]\nid = "{ONE.fingerprint}"\noracle = "invalid-accepted"\nrule = "invalid-decimal"\nplace = "/a"\n'
        'reason = ""\nsince = 2026-02-18\n'
    )


def test_a_missing_file_is_a_fault_unless_it_is_to_be_made(tmp_path: Path) -> None:
    """Without a file nothing is known, if it is about to be made; else the fault says how to make it."""
    path = tmp_path / "known.toml"

    assert load_baseline(path, may_be_missing=True) == {}
    with pytest.raises(UnreadableFile, match="there is no such baseline; --baseline-update makes it"):
        load_baseline(path)


ENTRY = '[[known]]\nid = "1"\noracle = "a"\nrule = ""\nplace = ""\n'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"= 1", "not TOML: "),
        (b"\xff", "not TOML: "),
        (b"version = 1\na = " + b"[" * 10_000, "nested too deeply"),
        (b"", "expected version = 1 at its top"),
        (b"version = 2", "expected version = 1 at its top"),
        (b"version = 1\nmore = 1", "unknown key 'more'"),
        (b"version = 1\nknown = 1", "known is no list: each entry begins with [[known]]"),
        (b"version = 1\nknown = [1]", "entry 1 of known is no table"),
        (b"version = 1\n" + ENTRY.encode(), "entry 1 of known: expected since to be a date such as 2026-02-18"),
        (b"version = 1\n" + ENTRY.encode() + b"since = 2026-02-18T00:00:00", "entry 1 of known: expected since"),
        (b"version = 1\n" + ENTRY.encode() + b"reason = 1", "entry 1 of known: expected reason to be a text"),
        (b"version = 1\n" + ENTRY.encode() + b"note = 1", "entry 1 of known: unknown key 'note'"),
    ],
)
def test_what_is_no_baseline_is_told(content: bytes, reason: str, tmp_path: Path) -> None:
    """A file of another form is a fault of one line."""
    path = tmp_path / "known.toml"
    path.write_bytes(content)

    with pytest.raises(UnreadableFile) as caught:
        load_baseline(path)

    assert caught.value.reason.startswith(f"it is no baseline: {reason}")
    assert "\n" not in caught.value.reason


def test_what_cannot_be_read_or_written_is_told(tmp_path: Path) -> None:
    """A directory is neither a baseline nor a place for one."""
    with pytest.raises(UnreadableFile, match="is a directory"):
        load_baseline(tmp_path)
    with pytest.raises(UnreadableFile, match="cannot be written: is a directory"):
        write_baseline(tmp_path, (), {})
