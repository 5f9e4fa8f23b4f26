"""Where a run keeps what it needs to be gone on with."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING, Any

import pytest

from altcraft_contract.errors import AltcraftContractError, ConfigurationFault, UnreadableFile
from altcraft_contract.fuzz.case import Trial
from altcraft_contract.fuzz.run_directory import RunDirectory, find_run, open_run
from altcraft_contract.fuzz.settings import CampaignSettings
from tests.fuzz.exchanges import case, exchange
from tests.fuzz.fakes import make_failure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

URL = "http://127.0.0.1:8075/"


def trial_of(trial_id: str) -> Trial:
    """A trial that is not sent."""
    return Trial(id=trial_id, phase="edge", feature="an-edge", make=lambda _: None)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[RunDirectory]:
    """A run that has done two trials."""
    run = open_run(CampaignSettings(directory=tmp_path / "state", seed=7, phases=("edge",), max_requests=99), URL)
    for number, name in enumerate(("edge-0001", "edge-0002"), start=11):
        run.note(trial_of(name), [exchange(of=case(external_id=f"{run.run}-{number}-tail"))])
    run.close()
    yield run
    run.close()


def resume(run: RunDirectory, **settings: Any) -> RunDirectory:
    """The same run, gone on with."""
    home = str(run.path)
    resumed = open_run(CampaignSettings(resume=home, **{"directory": home, **settings}), URL)
    resumed.close()
    return resumed


def test_without_a_directory_nothing_is_kept() -> None:
    """Without a directory there is no file, and all can be told to it."""
    run = open_run(CampaignSettings(), URL)
    run.note(trial_of("edge-0001"), [exchange()])
    run.keep(make_failure(), URL)
    run.close()

    assert (run.path, run.journal, run.done, run.next_number) == (None, None, frozenset(), 1)


def test_a_run_has_a_directory_of_its_own(opened: RunDirectory, tmp_path: Path) -> None:
    """Each run has a directory, which nobody else may read the file of and which no repository takes in."""
    home = tmp_path / "state" / "runs" / opened.run
    other = open_run(CampaignSettings(directory=tmp_path / "state"), URL)
    other.close()

    assert opened.path == str(home)
    assert opened.journal == str(home / "journal.ndjson")
    assert other.path != opened.path
    assert (tmp_path / "state" / ".gitignore").read_text() == "*\n"
    assert stat.S_IMODE((home / "run.ndjson").stat().st_mode) == 0o600
    header = json.loads((home / "run.ndjson").read_text().splitlines()[0])
    assert (header["run"], header["seed"], header["phases"]) == (opened.run, 7, ["edge"])


def test_a_dry_run_keeps_nothing(tmp_path: Path) -> None:
    """A dry run makes no file."""
    run = open_run(CampaignSettings(directory=tmp_path / "state", dry_run=True), URL)
    run.close()

    assert (run.path, run.journal) == (None, None)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_is_kept_as_a_case(opened: RunDirectory) -> None:
    """A failure is written as a case file that is named after it."""
    failure = make_failure()
    opened.keep(failure, URL)
    text = (find_run(str(opened.path), None) / "cases" / f"{failure.id}.json").read_text()

    assert json.loads(text)["id"] == failure.id


def test_what_was_done_is_known(opened: RunDirectory) -> None:
    """A run that is gone on with knows its trials, plans by what it was planned by, and uses new numbers."""
    resumed = resume(opened, seed=1, max_requests=5)

    assert resumed.run == opened.run
    assert resumed.done == {"edge-0001", "edge-0002"}
    assert resumed.next_number > 12
    planned = resumed.plan_settings
    assert (planned.seed, planned.phases, planned.max_requests) == (7, ("edge",), 99)


def test_lines_that_are_not_whole_are_passed_over(opened: RunDirectory) -> None:
    """What was being written when the run was killed, and what is no line of ours, does no harm."""
    file = find_run(str(opened.path), None) / "run.ndjson"
    with file.open("a") as stream:
        stream.write('[]\n{"trial": 1}\n\n{"trial": "edge-0003", "orders": [7]}\n{"trial": "edge-0004", "or')

    assert {"edge-0001", "edge-0002"} <= resume(opened).done
    assert "edge-0004" not in resume(opened).done


def test_a_torn_line_does_not_swallow_the_next(opened: RunDirectory) -> None:
    """What is noted after a line that was cut off is known when the run is gone on with again."""
    file = find_run(str(opened.path), None) / "run.ndjson"
    with file.open("a") as stream:
        stream.write('{"trial": "edge-00')
    resumed = open_run(CampaignSettings(resume=str(opened.path)), URL)
    resumed.note(trial_of("edge-0009"), [exchange()])
    resumed.close()

    assert "edge-0009" in resume(opened).done


def test_triggers_run_only_if_both_say_so(tmp_path: Path) -> None:
    """A run without triggers stays so, and one with triggers needs to be told again."""
    for first, second, planned in ((False, True, False), (True, False, False), (True, True, True)):
        run = open_run(CampaignSettings(directory=tmp_path, with_triggers=first), URL)
        run.close()
        assert resume(run, with_triggers=second).plan_settings.with_triggers is planned


def test_a_run_is_found_by_id_path_or_age(opened: RunDirectory, tmp_path: Path) -> None:
    """A run is named by its id, by its path, or as the latest."""
    state = tmp_path / "state"

    for name in (opened.run, str(opened.path), "latest"):
        assert str(find_run(name, state)) == opened.path


@pytest.mark.parametrize("name", ["latest", "acf-00000000", "nowhere", "../acf-00000000", ""])
def test_an_unknown_run_is_no_run(name: str, tmp_path: Path) -> None:
    """What is no run is told with the place where runs are."""
    with pytest.raises(ConfigurationFault, match="runs"):
        find_run(name, tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "no JSON",
        "[]",
        "{}",
        '{"version": 1}',
        '{"version": 2, "run": "acf-00000000", "seed": 0, "phases": ["edge"], "max_requests": 1, "with_triggers": 1}',
        '{"version": 1, "run": "other", "seed": 0, "phases": ["edge"], "max_requests": 1, "with_triggers": true}',
        '{"version": 1, "run": "acf-00000000", "seed": "x", "phases": ["edge"], "max_requests": 1, "with_triggers": 1}',
        '{"version": 1, "run": "acf-00000000", "seed": 0, "phases": ["no"], "max_requests": 1, "with_triggers": true}',
        '{"version": 1, "run": "acf-00000000", "seed": 0, "phases": 5, "max_requests": 1, "with_triggers": true}',
    ],
)
def test_a_file_that_is_none_of_a_run_is_told(text: str, tmp_path: Path) -> None:
    """A file that cannot be understood is told of, and nothing is added to it."""
    file = tmp_path / "run.ndjson"
    file.write_text(text)

    with pytest.raises(AltcraftContractError):
        open_run(CampaignSettings(resume=str(tmp_path)), URL)
    assert file.read_text() == text


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A directory that cannot be made is told of."""
    (tmp_path / "state").write_text("a file")

    with pytest.raises(UnreadableFile, match="cannot be written"):
        open_run(CampaignSettings(directory=tmp_path / "state"), URL)
