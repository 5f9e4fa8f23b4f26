"""What README and documentation show is what happens."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from tests.docs.console import CTRL_C, Console, Step, iter_steps, matches
from tests.docs.markdown import PAGES, ROOT, RUN_PAGES, Block, iter_blocks, name_page
from tests.docs.servers import starts_server

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


def follow(block: Block, console: Console) -> None:
    """Run the commands of a console block, each of which prints what is shown below it."""
    for step in iter_steps(block.text):
        if console.can_run(step.command):
            printed = console.follow(step)
            assert matches(step.output, printed), f"{block.place}: $ {step.command}\n{printed}"


@needs_shell
@pytest.mark.parametrize("page", RUN_PAGES, ids=name_page)
def test_examples_of_a_page_work(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the top of a page to its bottom, commands print what is shown below them, diffs apply and Python runs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    names: dict[str, Any] = {"__name__": "example"}
    with Console(tmp_path) as console:
        for block in iter_blocks(page):
            if block.title is not None:
                (tmp_path / block.title).write_text(console.servers.translate(block.text), "utf-8")
            if block.language == "diff":
                console.patch(block.text)
            elif block.language == "python":
                run_python(replace(block, text=console.servers.translate(block.text)), names)
            elif block.language == "console":
                follow(block, console)


@needs_shell
@pytest.mark.parametrize(("name", "status"), [("fuzz", 0), ("lint", 1)])
def test_a_command_of_the_readme_prints_what_is_shown(name: str, status: int, tmp_path: Path) -> None:
    """What the README shows first, once installed, prints what stands in the block of text below it."""
    pairs = pairwise(iter_blocks(ROOT / "README.md"))
    (command, shown) = next((one, other) for one, other in pairs if f".venv/bin/altcraft-contract {name}" in one.text)
    *set_up, line = command.text.strip().split(" && ")
    console = Console(tmp_path)

    printed = console.run(line.removeprefix(".venv/bin/"))

    assert set_up == ["python3 -m venv .venv", ".venv/bin/python -m pip install --quiet ."][: len(set_up)]
    assert matches(shown.text, printed), printed
    assert console.status == status


def test_the_readme_gives_its_two_commands_on_a_line_each() -> None:
    """Whoever copies a line of the README has the whole command."""
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()

    for end in ("nox -s tests", ".venv/bin/altcraft-contract fuzz"):
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
        ("ab…\nd\n", "abc\nd\n", True),
        ("ab…\nd\n", "abc\nc\nd\n", False),
    ],
)
def test_only_left_out_lines_may_differ(shown: str, printed: str, expected: bool) -> None:
    """Output is compared line by line, but where a line says that some are left out, or that it goes on."""
    assert matches(shown, printed) is expected


def test_a_block_is_read_step_by_step() -> None:
    """A command goes on behind a backslash at the end of its line, and Ctrl-C is a step, too."""
    steps = list(iter_steps("$ echo a \\\n    b\na b\n^C\nended\n$ echo $?\n130\n"))

    assert steps == [("echo a b", "a b\n"), ("^C", "ended\n"), ("echo $?", "130\n")]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("altcraft-contract stub --port 8080", True),
        ("altcraft-contract proxy --target http://127.0.0.1:8075", True),
        ("altcraft-contract stub --list-scenarios", False),
        ("altcraft-contract stub --help | head -n 1", False),
        ("altcraft-contract lint stub", False),
        ("cat stub.log", False),
    ],
)
def test_servers_are_known_by_their_commands(command: str, expected: bool) -> None:
    """A command that runs until it is stopped is told from one that ends by itself."""
    assert starts_server(command) is expected


@needs_shell
def test_a_server_is_found_at_the_port_that_is_shown(tmp_path: Path) -> None:
    """Whatever port a server really has, commands below find it, and output shows the port of the page."""
    with Console(tmp_path) as console:
        printed = console.follow(Step("altcraft-contract stub --port 8099", "the URL\n"))
        check = "from urllib.request import urlopen; print(urlopen('http://127.0.0.1:8099/__altcraft__/health').status)"
        found = console.follow(Step(f'python -c "{check}"', "200\n"))
        ended = console.follow(Step(CTRL_C, "…\n"))

    assert printed == "http://127.0.0.1:8099/api/v1.1/market/orders/preorder_commit\n"
    assert found == "200\n"
    assert "ended; 0 requests" in ended
    assert console.status == 130


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
