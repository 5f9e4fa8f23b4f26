"""A reader of the log of a step, which takes commands out of it as the runner of GitHub Actions does.

It follows `ActionCommand` of `actions/runner` (MIT): a command begins a line, but for white space, with `::`; what
stands before the next `::` is its name and its properties. Where a line is none of those, one of the older form,
`##[name properties]data`, is looked for anywhere in it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

COMMANDS = frozenset(
    {
        *("error", "warning", "notice", "debug", "group", "endgroup", "echo", "add-mask", "add-matcher"),
        *(
            "remove-matcher",
            "add-path",
            "set-output",
            "save-state",
            "set-env",
            "stop-commands",
            "internal-set-repo-path",
        ),
    }
)
_DATA = (("%0D", "\r"), ("%0A", "\n"), ("%25", "%"))
_PROPERTY = (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))
_OLD = re.compile(r"##\[([^\] ]*)[^\]]*\]")


class Command(NamedTuple):
    """A command as the runner understands it."""

    name: str
    properties: dict[str, str]
    data: str


def read_log(text: str) -> list[Command | str]:
    """The lines of a log, each a command or a text; lines end as a .NET `StreamReader` ends them."""
    lines = re.split(r"\r\n|\r|\n", text)
    assert lines[-1] == "", "the last line has an end"
    return [read_command(line) or line for line in lines[:-1]]


def read_command(line: str) -> Command | None:
    """The command on *line*; None if it holds none."""
    message = line.lstrip()
    end = message.find("::", 2)
    if message.startswith("::") and end >= 0:
        name, _, properties = message[2:end].partition(" ")
        if name in COMMANDS:
            pairs = [part.partition("=") for part in properties.strip().split(",") if part]
            values = {key: _decoded(value, _PROPERTY) for key, _, value in pairs if key and value}
            return Command(name, values, _decoded(message[end + 2 :], _DATA))
    old = _OLD.search(line)
    return Command(old[1], {}, line[old.end() :]) if old is not None and old[1] in COMMANDS else None


def _decoded(text: str, escapes: tuple[tuple[str, str], ...]) -> str:
    for escape, character in escapes:
        text = text.replace(escape, character)
    return text
