"""`[tool.altcraft-contract]` in pyproject.toml, or altcraft-contract.toml: keys equal the long options."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from altcraft_contract.configuration import SEVERITY, TABLE, VALUES, find_configuration, read_configuration
from altcraft_contract.errors import AltcraftContractError, ConfigurationFault

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

_LEVELS: Final = ("error", "warning")


class Loaded(NamedTuple):
    """What a configuration says to a command.

    Attributes:
        options: Key to the value of the option.
        severities: Rule id to severity.
        values: The table of what exists on the installation, as it stands there.
        file: Where all of it stands; None if nothing is configured.
    """

    options: Mapping[str, Any]
    severities: Mapping[str, str]
    values: Any
    file: Path | None = None


def load_configuration(
    path: str | None,
    options: Mapping[str, click.Option],
    directory: Path | None = None,
    *,
    command: str | None = None,
    commands: Collection[str] = (),
    is_of_others: Callable[[str], bool] = lambda _: False,
) -> Loaded:
    """Load the configuration.

    Args:
        path: The file that the user named; None looks for one in *directory* and above it.
        options: Key to the option that it sets.
        directory: Where to begin to look; None is the working directory.
        command: Name of the command, and of the table that is for it alone.
        commands: Names of all commands.
        is_of_others: Whether a key at the top is one of another command, and so to be passed over.

    Raises:
        ConfigurationFault: if the file cannot be read, is no TOML, has a key that there is not, or a wrong value.
    """
    file = Path(path) if path is not None else find_configuration(directory)
    if file is None:
        return Loaded({}, {}, {})
    table = read_configuration(file, is_named=path is not None)
    installation = table.pop(VALUES, {})
    severities = table.pop(SEVERITY, {})
    tables = {name: table.pop(name) for name in commands if name in table}
    try:
        own = {key: value for key, value in table.items() if key in options or not is_of_others(key)}
        own |= _table(command, tables.get(command or "", {}))
        _check_keys(own, [*options, SEVERITY])
        values = {key: _value(key, value, options[key]) for key, value in own.items()}
        _check_severities(severities)
        _check_rules(values.get("select", ()), values.get("ignore", ()), severities)
    except _Wrong as wrong:
        raise ConfigurationFault(str(file), str(wrong)) from None
    return Loaded(values, severities, installation, file)


class _Wrong(Exception):
    """Something in the file is wrong; the message lacks only its name."""


def _table(name: str | None, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Wrong(f"{name} = {value!r}: expected a table of keys for that command")
    return value


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


def _value(key: str, value: Any, option: click.Option) -> Any:
    """*value* as the option takes it from a configuration."""
    if option.multiple:
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise _Wrong(f"{key} = {value!r}: expected a list of texts")
        parts = [part.strip() for text in texts for part in text.split(",") if part.strip()]
        if isinstance(option.type, click.Choice):
            for part in parts:
                _check_choice(key, part, option.type.choices)
        return parts
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
        raise _Wrong(f"{key} = {value!r}: expected a text")
    return value


def _check_choice(key: str, value: Any, choices: Collection[str]) -> None:
    if value not in choices:
        raise _Wrong(f"{key} = {value!r}: expected one of {', '.join(choices)}")


def _number(key: str, value: Any, kind: click.types.IntParamType | click.FloatRange) -> float:
    """*value* as a number of that kind, which is whole unless the kind is a range of others."""
    is_whole = not isinstance(kind, click.FloatRange)
    if isinstance(value, int if is_whole else (int, float)) and not isinstance(value, bool):
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
    return f"{lowest} to {kind.max}"


def _check_severities(severities: Any) -> None:
    if not isinstance(severities, dict):
        raise _Wrong(f"{SEVERITY} = {severities!r}: expected a table of rules and severities")
    for rule, level in severities.items():
        if level not in _LEVELS:
            raise _Wrong(f"{SEVERITY}.{rule} = {level!r}: expected one of {', '.join(_LEVELS)}")


def _check_rules(select: Collection[str], ignore: Collection[str], severities: Mapping[str, str]) -> None:
    if not (select or ignore or severities):
        return
    from altcraft_contract.rules.selection import RuleSelection  # noqa: PLC0415 - most configurations name no rule

    try:
        RuleSelection(select, ignore, severities)
    except AltcraftContractError as error:
        raise _Wrong(str(error)) from None
