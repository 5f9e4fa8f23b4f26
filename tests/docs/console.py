"""Runs what the documentation shows, in a copy of the files that it speaks of."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sysconfig
from typing import TYPE_CHECKING, NamedTuple

from tests.docs.markdown import ROOT
from tests.docs.servers import Servers, starts_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Self

CTRL_C = "^C"
LEFT_OUT = "…"  # a line of its own in place of any number of lines; at the end of a line, in place of its rest
ALWAYS_RUN = frozenset({"altcraft-contract", "cat", "cp", "diff", "echo", "head", "pytest", "python", "sh"})
RUN_IF_FOUND = frozenset({"check-jsonschema", "curl", "node", "xmllint"})
OUR_VARIABLES = "ALTCRAFT_"


class Step(NamedTuple):
    """A command that a block shows, and the output that it shows below."""

    command: str
    output: str


def iter_steps(text: str) -> Iterator[Step]:
    """Yield the commands of a block, which stand behind `$ `, each with the lines below it; Ctrl-C stands as `^C`."""
    before, *parts = re.split(r"^(?:\$ |(?=\^C$))", text, flags=re.MULTILINE)
    assert not before, f"no command before {before!r}"
    for part in parts:
        command, _, output = re.sub(r" \\\n *", " ", part).partition("\n")
        yield Step(command, output)


def matches(shown: str, printed: str) -> bool:
    """Tell whether *printed* is what is *shown*, apart from lines that are left out."""
    lines = [line.rstrip() for line in shown.splitlines()]
    pattern = "".join(r"(?:.*\n)*?" if line == LEFT_OUT else _pattern_of(line) for line in lines)
    return re.fullmatch(pattern, f"{printed.rstrip()}\n" if printed.strip() else "") is not None


def _pattern_of(line: str) -> str:
    return re.escape(line.removesuffix(LEFT_OUT)) + (r".*\n" if line.endswith(LEFT_OUT) else r" *\n")


class Console:
    """A shell whose working directory is a copy of the checkout's schemas and documentation.

    Args:
        folder: Where to put the copy; it must be empty.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.status = 0
        for name in ("docs", "schemas"):
            shutil.copytree(ROOT / name, folder / name)
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(OUR_VARIABLES) and name not in ("FORCE_COLOR", "NO_COLOR", "PYTHONPATH")
        }
        path = os.pathsep.join((sysconfig.get_path("scripts"), os.environ["PATH"]))
        self.environment = kept | {"PATH": path, "COLUMNS": "80", "PYTHONIOENCODING": "utf-8", "no_proxy": "127.0.0.1"}
        # Of the plugins of this project's own tests, one has something to say at every start.
        self.environment["PYTEST_ADDOPTS"] = "-p no:asyncio -p no:cacheprovider"
        self.servers = Servers(folder, self.environment)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.servers.stop()

    def can_run(self, command: str) -> bool:
        """Tell whether the tests run a command: ours, or one that is on this machine."""
        if command == CTRL_C:
            return True
        tools = {part.split()[0] for part in re.split(r"&&|\|", command) if part.strip()}
        return all(
            tool in ALWAYS_RUN or (tool in RUN_IF_FOUND and shutil.which(tool, path=self.environment["PATH"]))
            for tool in tools
        )

    def follow(self, step: Step) -> str:
        """Do what a step shows, and return what is printed; a server goes on once it has printed what is shown."""
        if step.command == CTRL_C:
            self.status, printed = self.servers.interrupt()
            return printed
        if starts_server(step.command):
            return self.servers.start(step.command, step.output)
        return self.servers.show(self.run(self.servers.translate(step.command)))

    def run(self, command: str) -> str:
        """Run a command, and return what it prints on both streams."""
        if command == "echo $?":
            return f"{self.status}\n"
        finished = subprocess.run(
            ["sh", "-c", command],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=60,
        )
        self.status = finished.returncode
        return finished.stdout.decode().replace("\r\n", "\n")

    def patch(self, text: str) -> None:
        """Apply a diff whose hunks begin with `@@` and each fit one place of the file."""
        head, *hunks = re.split(r"^@@.*\n", text, flags=re.MULTILINE)
        (name,) = re.findall(r"^\+\+\+ (\S+)$", head, re.MULTILINE)
        content = (self.folder / name).read_text("utf-8")
        for hunk in hunks:
            lines = hunk.splitlines(keepends=True)
            before = "".join(line[1:] for line in lines if line[0] in " -")
            after = "".join(line[1:] for line in lines if line[0] in " +")
            assert content.count(before) == 1, f"{name}: the hunk fits {content.count(before)} places:\n{hunk}"
            content = content.replace(before, after)
        (self.folder / name).write_text(content, "utf-8")
