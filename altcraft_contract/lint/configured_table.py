"""Tables of a list in the configuration: `[[tool.altcraft-contract.<list>]]`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn

from altcraft_contract.configuration import SHARED_FILE, TABLE
from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.lint.path_pattern import PathPattern

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

_LONGEST: Final = 80  # characters of a value that a fault shows


class ConfiguredTable(NamedTuple):
    """One table of a list, and what to say where it is wrong.

    Attributes:
        name: Of the list.
        number: 1-based, in the list.
        file: Where it stands.
        values: Key to value, as TOML has them.
    """

    name: str
    number: int
    file: Path
    values: Mapping[str, Any]

    def refuse(self, reason: str) -> NoReturn:
        """Say what is wrong, and what to do.

        Raises:
            ConfigurationFault: always.
        """
        raise ConfigurationFault(str(self.file), f"{self.name} {self.number}: {reason}")

    def expect(self, key: str, what: str) -> NoReturn:
        """Say that the value of *key* is not *what* it should be.

        Raises:
            ConfigurationFault: always.
        """
        if key not in self.values:
            self.refuse(f"{key} is missing: expected {what}")
        self.refuse(f"{key} = {shown(self.values[key])}: expected {what}")

    def text(self, key: str, what: str = "a text") -> str | None:
        """The text at *key*; None if the key is not there."""
        value = self.values.get(key)
        if value is not None and not isinstance(value, str):
            self.expect(key, what)
        return value

    def choice(self, key: str, choices: Collection[str]) -> str | None:
        """The text at *key*, one of *choices*; None if the key is not there."""
        value = self.text(key, f"one of {', '.join(choices)}")
        if value is not None and value not in choices:
            self.expect(key, f"one of {', '.join(choices)}")
        return value

    def texts(self, key: str, what: str) -> tuple[str, ...]:
        """The texts at *key*, of which one may stand without a list; none if the key is not there."""
        value = self.values.get(key, [])
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            self.expect(key, f"{what}, or a list of them")
        if key in self.values and not texts:
            self.refuse(f"{key} = []: names nothing; leave the key out, or name {what}")
        return tuple(texts)

    def paths(self, key: str) -> tuple[PathPattern, ...]:
        """The patterns of paths at *key*; none if the key is not there."""
        patterns = []
        for text in self.texts(key, "a pattern of paths"):
            try:
                patterns.append(PathPattern(text))
            except ValueError as error:
                self.refuse(f"{key} = {shown(text)}: {error}")
        return tuple(patterns)


def iter_tables(name: str, value: Any, file: Path, keys: Collection[str]) -> Iterator[ConfiguredTable]:
    """The tables of a list.

    Args:
        name: Of the list.
        value: As TOML has it.
        file: Where it stands.
        keys: What a table may hold.

    Raises:
        ConfigurationFault: if it is no list of tables, or a table has another key.
    """
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        head = f"[[tool.{TABLE}.{name}]]" if file.name == SHARED_FILE else f"[[{name}]]"
        raise ConfigurationFault(str(file), f"{name} is no list of tables: each entry begins with {head}")
    for number, entry in enumerate(value, start=1):
        table = ConfiguredTable(name, number, file, entry)
        for key in entry:
            if key not in keys:
                from altcraft_contract.rules.nearest import find_nearest  # noqa: PLC0415 - only an error needs it

                nearest = find_nearest(key, keys)
                remedy = f"did you mean {nearest!r}?" if nearest else f"known are {', '.join(keys)}"
                table.refuse(f"unknown key {shown(key)}; {remedy}")
        yield table


def shown(value: Any) -> str:
    """*value* as a fault shows it."""
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
