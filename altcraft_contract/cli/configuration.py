"""`[tool.altcraft-contract]` in pyproject.toml, or altcraft-contract.toml: keys equal the long options."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from altcraft_contract.configuration import (
    EXTEND,
    OVERRIDES,
    OWN_FILE,
    PROFILES,
    SECRETS,
    SEVERITY,
    SUPPRESS,
    TABLE,
    VALUES,
    choose_layers,
    find_configuration,
    join_lists,
    read_layers,
)
from altcraft_contract.errors import AltcraftContractError, ConfigurationFault

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from altcraft_contract.configuration import Layer

_LEVELS: Final = ("error", "warning")
_OTHER_KEYS: Final = (EXTEND, OVERRIDES, PROFILES, SECRETS, SEVERITY, SUPPRESS, VALUES)
_SECRET_LISTS: Final = ("allow",)
_PATHS: Final = ("FILE", "DIR")  # metavars of options that take a path
_NOT_SHOWN: Final = ("TOKEN",)  # those of options whose value nobody is to read


class Sourced(NamedTuple):
    """A list of tables of one file, or of one profile in it.

    Attributes:
        value: The tables, as TOML has them.
        file: Where they stand; their patterns are relative to the directory of that file.
    """

    value: Sequence[Mapping[str, Any]]
    file: Path


class Loaded(NamedTuple):
    """What a configuration says to a command.

    Attributes:
        options: Key to the value of the option.
        severities: Rule id to severity.
        values: The table of what exists on the installation, as it stands there.
        file: Where it stands, apart from what it extends; None if nothing is configured.
        tables: `suppress` and `overrides` to their lists of tables, in the order in which they count.
        secrets: `allow` to the texts that are no secrets.
    """

    options: Mapping[str, Any]
    severities: Mapping[str, str]
    values: Any
    file: Path | None = None
    tables: Mapping[str, Sequence[Sourced]] = {SUPPRESS: (), OVERRIDES: ()}
    secrets: Mapping[str, Sequence[str]] = {}


def load_configuration(
    path: str | None,
    options: Mapping[str, click.Option],
    directory: Path | None = None,
    *,
    command: str | None = None,
    commands: Collection[str] = (),
    is_of_others: Callable[[str], bool] = lambda _: False,
    profile: str | None = None,
) -> Loaded:
    """Load the configuration.

    Args:
        path: The file that the user named; None looks for one in *directory* and above it.
        options: Key to the option that it sets.
        directory: Where to begin to look; None is the working directory.
        command: Name of the command, and of the table that is for it alone.
        commands: Names of all commands that read a configuration.
        is_of_others: Whether a key at the top is one of another command, and so to be passed over.
        profile: Name of the profile that is laid over the rest.

    Raises:
        ConfigurationFault: if a file cannot be read, is no TOML, has a key that there is not, or a wrong value; or if
            there is no such profile.
    """
    file = Path(path) if path is not None else find_configuration(directory)
    if file is None:
        if profile is not None:
            raise ConfigurationFault(OWN_FILE, f"unknown profile {profile!r}; there is no configuration")
        return Loaded({}, {}, {})
    layers = read_layers(file, is_named=path is not None)
    reader = _LayerReader(options, command, commands, is_of_others)
    parts = [(layer, reader.read(layer)) for layer in layers]  # profiles that are not asked for are checked, too
    chosen = choose_layers(layers, profile)
    return _lay([part for layer, part in parts if layer in chosen], file)


def _lay(parts: Iterable[Loaded], file: Path) -> Loaded:
    """One on top of the other, the weakest first."""
    options: dict[str, Any] = {}
    severities: dict[str, str] = {}
    values: dict[str, Any] = {}
    tables: dict[str, list[Sourced]] = {SUPPRESS: [], OVERRIDES: []}
    secrets: dict[str, list[str]] = {}
    for part in parts:
        options |= part.options
        severities |= part.severities
        values |= part.values
        tables = join_lists(tables, part.tables)
        secrets = join_lists(secrets, part.secrets)
    return Loaded(options, severities, values, file, tables, secrets)


class _Wrong(Exception):
    """Something in the file is wrong; the message lacks only its name."""


class _LayerReader:
    """Reads what each layer says to one command."""

    def __init__(
        self,
        options: Mapping[str, click.Option],
        command: str | None,
        commands: Collection[str],
        is_of_others: Callable[[str], bool],
    ) -> None:
        self.options = options
        self.command = command or ""
        self.commands = commands
        self.is_of_others = is_of_others

    def read(self, layer: Layer) -> Loaded:
        """What one layer says.

        Raises:
            ConfigurationFault: if something is wrong in it.
        """
        try:
            return self._read(dict(layer.table), layer.file)
        except _Wrong as wrong:
            place = f"{PROFILES}.{layer.profile}: " if layer.profile is not None else ""
            raise ConfigurationFault(str(layer.file), f"{place}{wrong}") from None

    def _read(self, table: dict[str, Any], file: Path) -> Loaded:
        installation = _table(VALUES, table.pop(VALUES, {}), "what exists on the installation")
        severities = _checked_severities(table.pop(SEVERITY, {}))
        secrets = _checked_secrets(table.pop(SECRETS, {}))
        tables = {key: _sourced(key, table.pop(key, []), file) for key in (SUPPRESS, OVERRIDES)}
        own_tables = {
            name: _table(name, table.pop(name), "keys for that command") for name in self.commands if name in table
        }
        values = self._values(table, own_tables.get(self.command, {}), file)
        _check_rules(values.get("select", ()), values.get("ignore", ()), severities)
        return Loaded(values, severities, installation, file, tables, secrets)

    def _values(self, shared: Mapping[str, Any], own: Mapping[str, Any], file: Path) -> dict[str, Any]:
        keys = {key: value for key, value in shared.items() if key in self.options or not self.is_of_others(key)}
        _check_keys(keys, [*self.options, *_OTHER_KEYS])
        for key in (own.keys() - self.options.keys()) & {*_OTHER_KEYS}:
            raise _Wrong(f"{self.command}: {key!r} can stand at the top only")
        _check_keys(own, list(self.options))
        return {key: _value(key, value, self.options[key], file.parent) for key, value in {**keys, **own}.items()}


def _table(name: str, value: Any, of: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Wrong(f"{name} = {value!r:.80}: expected a table of {of}")
    return value


def _sourced(key: str, value: Any, file: Path) -> list[Sourced]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise _Wrong(f"{key} = {value!r:.80}: expected a list of tables, each below [[{key}]]")
    return [Sourced(value, file)] if value else []


def _checked_secrets(value: Any) -> dict[str, list[str]]:
    if not isinstance(value, dict):
        raise _Wrong(f"{SECRETS}: expected a table of lists of texts")  # the value may hold secrets
    table: dict[str, Any] = value
    _check_keys((f"{SECRETS}.{key}" for key in table), [f"{SECRETS}.{key}" for key in _SECRET_LISTS])
    for key, texts in table.items():
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise _Wrong(f"{SECRETS}.{key}: expected a list of texts")  # as above
    return table


def _check_keys(keys: Iterable[str], known: list[str]) -> None:
    for key in keys:
        if key not in known:
            raise _Wrong(f"unknown key {key!r}; {_remedy(key, known)}")


def _remedy(key: str, known: list[str]) -> str:
    if key == "tool":
        return f"in a file of this name keys stand at the top, without [tool.{TABLE}]"
    from altcraft_contract.rules.nearest import find_nearest  # noqa: PLC0415 - only an error needs it

    nearest = find_nearest(key, known)
    return f"did you mean {nearest!r}?" if nearest else f"known are {', '.join(sorted(known))}"


def _value(key: str, value: Any, option: click.Option, directory: Path) -> Any:
    """*value* as the option takes it from a configuration in *directory*."""
    if option.multiple:
        return _list_value(key, value, option, directory)
    if option.is_flag:
        if not isinstance(value, bool):
            raise _Wrong(f"{key} = {value!r}: expected true or false")
        return value
    if isinstance(option.type, click.Choice):
        _check_choice(key, value, option.type.choices)
        return value
    if isinstance(option.type, (click.types.IntParamType, click.FloatRange)):
        return _number(key, value, option.type)
    if not isinstance(value, str):
        shown = "" if option.metavar in _NOT_SHOWN else f" = {value!r}"
        raise _Wrong(f"{key}{shown}: expected a text")
    return _path(value, directory) if option.metavar in _PATHS else value


def _list_value(key: str, value: Any, option: click.Option, directory: Path) -> list[str]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise _Wrong(f"{key} = {value!r}: expected a list of texts")
    if option.metavar in _PATHS:
        return [_path(text, directory) for text in texts]
    parts = [part.strip() for text in texts for part in text.split(",") if part.strip()]
    if isinstance(option.type, click.Choice):
        for part in parts:
            _check_choice(key, part, option.type.choices)
    return parts


def _path(text: str, directory: Path) -> str:
    """A path of a configuration in *directory*, which is relative to that; `-` is no path."""
    if text in ("", "-") or directory in (Path(), Path.cwd()):
        return text
    return str(directory / text)


def _check_choice(key: str, value: Any, choices: Collection[str]) -> None:
    if value not in choices:
        raise _Wrong(f"{key} = {value!r}: expected one of {', '.join(choices)}")


def _number(key: str, value: Any, kind: click.types.IntParamType | click.FloatRange) -> float:
    """*value* as a number of that kind, which is whole unless the kind is a range of others."""
    is_whole = not isinstance(kind, click.FloatRange)
    is_number = isinstance(value, int if is_whole else (int, float)) and not isinstance(value, bool)
    if is_number and math.isfinite(value):
        try:
            number: float = kind.convert(value, None, None)
        except click.BadParameter:
            pass
        else:
            return number
    bounds = f" {_bounds_of(kind)}" if isinstance(kind, (click.IntRange, click.FloatRange)) else ""
    raise _Wrong(f"{key} = {value!r}: expected a {'whole ' * is_whole}number{bounds}")


def _bounds_of(kind: click.IntRange | click.FloatRange) -> str:
    lowest = f"above {kind.min}" if kind.min_open else f"from {kind.min}"
    return f"{lowest} to {kind.max}" if kind.max is not None else lowest


def _checked_severities(value: Any) -> dict[str, str]:
    severities = _table(SEVERITY, value, "rules and severities")
    for rule, level in severities.items():
        if level not in _LEVELS:
            raise _Wrong(f"{SEVERITY}.{rule} = {level!r}: expected one of {', '.join(_LEVELS)}")
    return severities


def _check_rules(select: Collection[str], ignore: Collection[str], severities: Mapping[str, str]) -> None:
    if not (select or ignore or severities):
        return
    from altcraft_contract.rules.selection import RuleSelection  # noqa: PLC0415 - most configurations name no rule

    try:
        RuleSelection(select, ignore, severities)
    except AltcraftContractError as error:
        raise _Wrong(str(error)) from None
