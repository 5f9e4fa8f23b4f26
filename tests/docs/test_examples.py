"""What README and documentation show is what happens."""

from __future__ import annotations

import json
import re
import shutil
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from tests.docs.console import Console, iter_steps, matches
from tests.docs.markdown import PAGES, ROOT, RUN_PAGES, Block, iter_blocks, name_page

if TYPE_CHECKING:
    from pathlib import Path

needs_shell = pytest.mark.skipif(shutil.which("sh") is None, reason="the documentation shows commands of a POSIX shell")


def run_python(block: Block, names: dict[str, Any]) -> None:
    """Run a Python block among the names of those above it, and the test functions that it defines."""
    known = set(names)
    exec(compile(block.text, block.place, "exec", dont_inherit=True), names)  # noqa: S102 - our own documentation
    for name in names.keys() - known:
        if name.startswith("test_"):
            names[name]()


@needs_shell
@pytest.mark.parametrize("page", RUN_PAGES, ids=name_page)
def test_examples_of_a_page_work(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the top of a page to its bottom, commands print what is shown below them, diffs apply and Python runs."""
    console = Console(tmp_path)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "example"}
    for block in iter_blocks(page):
        if block.title is not None:
            (tmp_path / block.title).write_text(block.text, "utf-8")
        if block.language == "diff":
            console.patch(block.text)
        elif block.language == "python":
            run_python(block, names)
        elif block.language == "console":
            for step in iter_steps(block.text):
                if console.can_run(step.command):
                    printed = console.run(step.command)
                    assert matches(step.output, printed), f"{block.place}: $ {step.command}\n{printed}"


@needs_shell
def test_the_first_command_of_the_readme_prints_what_is_shown(tmp_path: Path) -> None:
    """The command that sets up and lints prints, once installed, what the README shows below it."""
    pairs = pairwise(iter_blocks(ROOT / "README.md"))
    (command, shown) = next((one, other) for one, other in pairs if " lint " in one.text)
    *set_up, lint = command.text.strip().split(" && ")
    console = Console(tmp_path)

    printed = console.run(lint.removeprefix(".venv/bin/"))

    assert set_up == ["python3 -m venv .venv", ".venv/bin/python -m pip install --quiet ."]
    assert matches(shown.text, printed), printed
    assert console.status == 1


def test_the_readme_gives_its_two_commands_on_a_line_each() -> None:
    """Whoever copies a line of the README has the whole command."""
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()

    for end in ("nox -s tests", "docs/examples/broken-order.json"):
        assert len([line for line in lines if line.startswith("python3 -m venv ") and line.endswith(end)]) == 1


@pytest.mark.parametrize("page", PAGES, ids=name_page)
def test_json_blocks_are_json(page: Path) -> None:
    """A block that says it is JSON can be read as JSON."""
    for block in iter_blocks(page):
        if block.language == "json":
            assert json.loads(block.text) is not None


@pytest.mark.parametrize(
    ("shown", "printed", "expected"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\n…\nc\n", "a\nb\nb\nc\n", True),
        ("a\n…\n", "a\n", True),
        ("a\n", "a\nb\n", False),
        ("", "a\n", False),
        ("a\n…\nd\n", "a\nb\nc\n", False),
        ("a.c\n", "abc\n", False),
    ],
)
def test_only_left_out_lines_may_differ(shown: str, printed: str, expected: bool) -> None:
    """Output is compared line by line, but where a line says that some are left out."""
    assert matches(shown, printed) is expected


def test_no_page_names_another_command_line() -> None:
    """Every `altcraft-contract` command that a page shows is one that there is."""
    from altcraft_contract.cli.entry import COMMANDS  # noqa: PLC0415 - only this test needs it

    shown = {
        command
        for page in PAGES
        for block in iter_blocks(page)
        for command in re.findall(r"^(?:\$ |.*&& |.*\| )?altcraft-contract ([a-z]+)", block.text, re.MULTILINE)
    }

    assert shown <= set(COMMANDS)
