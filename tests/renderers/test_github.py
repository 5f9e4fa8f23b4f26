"""Workflow commands, read as the runner of GitHub Actions reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.findings import Severity
from altcraft_contract.renderers.report import Entry, RenderOptions, Suppressed
from altcraft_contract.renderers.shown import ShownEntry
from altcraft_contract.renderers.visible import visible
from tests.renderers.entries import HOSTILE, entries, entry_of, finding, rendered
from tests.renderers.workflow_commands import Command, read_log

QUIET = RenderOptions(quiet=True)


def commands_of(*run: Entry) -> list[Command]:
    """The commands of a run, which are all of its lines but the last."""
    *commands, last = read_log(rendered("github", *run))
    assert isinstance(last, str)
    assert all(isinstance(command, Command) for command in commands)
    return [command for command in commands if isinstance(command, Command)]


def test_a_finding_is_one_command() -> None:
    """A finding is an annotation at its place, escaped as the toolkit of the actions escapes."""
    text = rendered("github", entry_of(finding(2, 3, hint="100% ok"), path="./a,b:c%.json", first_line=10))
    assert text == (
        "::error file=a%2Cb%3Ac%25.json,line=11,col=3,title=wrong-type"
        "::`data` is a list (/data)%0Ahint: 100%25 ok\n"
        "1 document checked: 1 error, 0 warnings\n"
    )


def test_a_finding_is_read_as_it_was_written() -> None:
    """The runner decodes what was encoded."""
    (command,) = commands_of(entry_of(finding(2, 3, hint="100% ok"), path="a,b:c%0A=.json", where="block 1"))
    assert command == Command(
        "error",
        {"file": "a,b:c%0A=.json", "line": "2", "col": "3", "title": "wrong-type"},
        "`data` is a list (/data, block 1)\nhint: 100% ok",
    )


def test_a_finding_without_a_line_belongs_to_its_file() -> None:
    """A body that is no text has no line; its annotation names the file alone."""
    (command,) = commands_of(entry_of(finding(None, pointer="")))
    assert command.properties == {"file": "order.json", "title": "wrong-type"}
    assert command.data == "`data` is a list (the whole document)"


def test_the_name_goes_before_the_path() -> None:
    """Annotations need the path from the root of the project."""
    (command,) = commands_of(entry_of(finding(), path="x.json", name="docs/x.json"))
    assert command.properties["file"] == "docs/x.json"


def test_errors_go_before_warnings() -> None:
    """GitHub shows the first of each: the warnings wait until all errors are told."""
    warning = finding(severity=Severity.WARNING)
    found = commands_of(entry_of(warning, finding()), entry_of(warning), entry_of(finding()))
    assert [command.name for command in found] == ["error", "error", "warning", "warning"]


def test_what_is_suppressed_is_no_annotation() -> None:
    """What counts for nothing is not shown."""
    assert commands_of(entry_of(suppressed=(Suppressed(finding(), "baseline", "", "f"),))) == []


@pytest.mark.parametrize(
    ("errors", "warnings", "told"),
    [
        (10, 10, ""),
        (11, 0, "; GitHub shows at most 10 errors and 10 warnings of a step, this log has every one of them"),
        (0, 11, "; GitHub shows at most 10 errors and 10 warnings of a step, this log has every one of them"),
        (1, 10_002, "; GitHub shows at most 10 errors and 10 warnings of a step, this log all but 2 warnings"),
    ],
)
def test_the_last_line_says_where_the_rest_is(errors: int, warnings: int, told: str) -> None:
    """Where GitHub does not show every finding, the closing line says so; a quiet run has none."""
    warning = finding(severity=Severity.WARNING)
    run = [entry_of(*[warning] * warnings), entry_of(*[finding()] * errors)]
    *commands, last = read_log(rendered("github", *run))
    assert isinstance(last, str)
    assert last.startswith("2 documents checked: ")
    assert last.partition(";")[1:] == told.partition(";")[1:]
    assert len(commands) == errors + min(warnings, 10_000)
    assert len(read_log(rendered("github", *run, options=QUIET))) == len(commands)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_value_begins_a_command(hostile: str) -> None:
    """A finding is exactly one command, whatever stands in its texts, its path and its place in a host file."""
    found = finding(message=hostile, hint=hostile, pointer=hostile)
    (command,) = commands_of(entry_of(found, path=f"{hostile}.json".replace("\x00", ""), where=hostile))
    assert command.name == "error"
    assert set(command.properties) == {"file", "line", "col", "title"}
    assert command.data == f"{visible(hostile)} ({visible(hostile)}, {visible(hostile)})\nhint: {visible(hostile)}"


@given(st.lists(entries(), max_size=3))
def test_every_finding_is_one_annotation(run: list[Entry]) -> None:
    """Whatever the findings and the names, each finding is one annotation in print, and there is no other command."""
    found = commands_of(*run)
    assert sorted(command.name for command in found) == sorted(
        str(item.severity) for entry in run for item in entry.result.findings
    )
    assert all(line.isprintable() for line in rendered("github", *run).split("\n"))
    told = sorted(command.data.split("\n")[0] for command in found)
    messages = sorted(item.message for entry in run for item in ShownEntry(entry).iter_findings())
    assert len(told) == len(messages)
    assert all(any(line.startswith(message) for line in told) for message in messages)
