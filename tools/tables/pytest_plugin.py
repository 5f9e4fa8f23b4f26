"""The tables of the pytest plugin: fixtures, options, keys of the configuration and markers."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from _pytest.fixtures import FixtureFunctionDefinition  # what pytest makes of a fixture; it has no public name

from altcraft_contract import pytest_plugin
from altcraft_contract.testing.options import MARKERS, add_options
from tools.tables.markdown import make_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class _Options:
    """Stands for pytest's parser and for its group, and keeps what the plugin adds."""

    def __init__(self) -> None:
        self.options: list[tuple[str, str]] = []
        self.keys: list[tuple[str, str]] = []

    def getgroup(self, *_: str) -> _Options:
        """The group, which is this."""
        return self

    def addoption(self, name: str, *, help: str, metavar: str = "", choices: Sequence[str] = (), **_: object) -> None:  # noqa: A002 - as pytest has it
        """Keep an option."""
        takes = metavar or "|".join(choices)
        self.options.append((f"`{name} {takes}`" if takes else f"`{name}`", help))

    def addini(self, name: str, text: str, **_: object) -> None:
        """Keep a key."""
        self.keys.append((f"`{name}`", text))


def _added() -> _Options:
    options = _Options()
    add_options(options)  # type: ignore[arg-type]  # as far as the plugin needs a parser
    return options


def iter_fixtures() -> Iterator[str]:
    """Yield the table of the fixtures."""
    rows = []
    for name, member in vars(pytest_plugin).items():
        if isinstance(member, FixtureFunctionDefinition) and not name.startswith("_"):
            rows.append((f"`{name}`", " ".join((inspect.getdoc(member) or "").split())))
    yield from make_table(("fixture", "is"), rows)


def iter_options() -> Iterator[str]:
    """Yield the table of the options."""
    yield from make_table(("option", "does"), _added().options)


def iter_keys() -> Iterator[str]:
    """Yield the table of the keys in the configuration of pytest."""
    yield from make_table(("key", "is"), _added().keys)


def iter_markers() -> Iterator[str]:
    """Yield the table of the markers."""
    rows = []
    for marker in MARKERS:
        name, _, text = marker.partition(": ")
        rows.append((f"`{name}`", text))
    yield from make_table(("marker", "says"), rows)
