"""Where the reports go."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.testing.coverage.files import report_files, write_report
from tests.testing.coverage import runs

BOTH = ("altcraft-coverage.json", "altcraft-coverage.html")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("out.json", ("out.json",)),
        ("a/b/out.HTML", ("a/b/out.HTML",)),
        ("reports", tuple(f"reports/{name}" for name in BOTH)),
        ("reports/", tuple(f"reports/{name}" for name in BOTH)),
        ("reports.v2/", tuple(f"reports.v2/{name}" for name in BOTH)),
        ("out.json/", tuple(f"out.json/{name}" for name in BOTH)),
        (".", BOTH),
    ],
)
def test_which_files_a_path_stands_for(path: str, expected: tuple[str, ...]) -> None:
    """A suffix names one form; a directory, or what can only be one, gets both."""
    assert report_files(path) == tuple(Path(name) for name in expected)


def test_an_existing_directory_gets_both_whatever_its_name(tmp_path: Path) -> None:
    """A directory that is there is one, though its name has a suffix."""
    directory = tmp_path / "run.2026"
    directory.mkdir()
    assert report_files(directory) == tuple(directory / name for name in BOTH)


def test_home_is_expanded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A tilde is the home directory, which no shell expands behind `--altcraft-report=`."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert report_files("~/out.json") == (tmp_path / "out.json",)


@pytest.mark.parametrize("path", ["out.xml", "out.jsonl", "a.json/out.txt"])
def test_another_suffix_is_refused(path: str) -> None:
    """Any other suffix is refused before anything is written, with what would do."""
    with pytest.raises(ConfigurationFault, match=r"--altcraft-report: .*has another suffix than \.json and \.html"):
        report_files(path)


@pytest.mark.parametrize("path", ["", "a\0b.json"])
def test_what_is_no_path_is_refused(path: str) -> None:
    """An empty path, and one that no file can have, are refused."""
    with pytest.raises(ConfigurationFault, match="the path is empty or has a NUL"):
        report_files(path)


def test_reports_are_written_with_their_directories(tmp_path: Path) -> None:
    """Missing directories are made, both forms are written, and nothing else is left."""
    coverage = runs.something()
    written = write_report(f"{tmp_path}/deep/er/", coverage)
    assert [file.name for file in written] == list(BOTH)
    assert sorted(file.name for file in (tmp_path / "deep/er").iterdir()) == sorted(BOTH)
    assert json.loads(written[0].read_bytes())["totals"]["scenarios"]["exercised"] == 2
    assert written[1].read_bytes().startswith(b"<!doctype html>\n")
    assert b"\r" not in written[0].read_bytes() + written[1].read_bytes()


def test_a_report_is_written_over(tmp_path: Path) -> None:
    """An older report gives way."""
    file = tmp_path / "out.json"
    file.write_text("old")
    assert write_report(str(file), runs.nothing()) == (file,)
    assert json.loads(file.read_bytes())["totals"]["all"]["exercised"] == 0


def test_a_report_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If writing fails the old report stays, no other file does, and the fault says what happened."""
    file = tmp_path / "out.json"
    file.write_text("old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(ConfigurationFault, match=r"out\.json' cannot be written: No space left on device"):
        write_report(file, runs.nothing())
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.json"]
    assert file.read_text() == "old"


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    """A directory that is a file is a fault with its reason, not a traceback."""
    (tmp_path / "taken").write_text("")
    with pytest.raises(ConfigurationFault, match="cannot be written: "):
        write_report(tmp_path / "taken" / "out.html", runs.nothing())


def test_fault_shows_no_secret() -> None:
    """A path that holds an address is told without it."""
    with pytest.raises(ConfigurationFault) as caught:
        report_files(f"reports{os.sep}ann@example.com")
    assert "ann@" not in str(caught.value)
