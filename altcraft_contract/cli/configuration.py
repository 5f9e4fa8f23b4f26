"""`[tool.altcraft-contract]` in pyproject.toml, or altcraft-contract.toml: keys equal the long options."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from altcraft_contract.configuration import SEVERITY, TABLE, VALUES, find_configuration, read_configuration
from altcraft_contract.errors import AltcraftContractError, ConfigurationFault

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

_LEVELS: Final = ("error", "warning")


def load_configuration(
    path: str | None, options: Mapping[str, click.Option], directory: Path | None = None
) -> tuple[dict[str, Any], dict[str, str]]:
    """Load the configuration.

    Args:
        path: The file that the user named; None looks for one in *directory* and above it.
        options: Key to the option that it sets.
        directory: Where to begin to look; None is the working directory.

    Returns:
        Key to value, and the table of rule ids to severities.

    Raises:
        ConfigurationFault: if the file cannot be read, is no TOML, has a key that there is not, or a wrong value.
    """
    file = Path(path) if path is not None else find_configuration(directory)
    if file is None:
        return {}, {}
    table = read_configuration(file, is_named=path is not None)
    table.pop(VALUES, None)  # for tests and campaigns, which make orders
    severities = table.pop(SEVERITY, {})
    try:
        _check_keys(table, [*options, SEVERITY])
        values = {key: _value(key, value, options[key]) for key, value in table.items()}
        _check_severities(severities)
        _check_rules(values.get("select", ()), values.get("ignore", ()), severities)
    except _Wrong as wrong:
        raise ConfigurationFault(str(file), str(wrong)) from None
    return values, severities


class _Wrong(Exception):
    """Something in the file is wrong; the message lacks only its name."""


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
        return [part.strip() for text in texts for part in text.split(",") if part.strip()]
    if option.is_flag:
        if not isinstance(value, bool):
            raise _Wrong(f"{key} = {value!r}: expected true or false")
        return value
    if isinstance(option.type, click.Choice):
        if value not in option.type.choices:
            raise _Wrong(f"{key} = {value!r}: expected one of {', '.join(option.type.choices)}")
        return value
    if isinstance(option.type, click.IntRange):
        if not isinstance(value, int) or isinstance(value, bool) or not _is_within(value, option.type):
            raise _Wrong(f"{key} = {value!r}: expected a whole number from {option.type.min} to {option.type.max}")
        return value
    if not isinstance(value, str):
        raise _Wrong(f"{key} = {value!r}: expected a text")
    return value


def _is_within(value: int, bounds: click.IntRange) -> bool:
    return (bounds.min is None or value >= bounds.min) and (bounds.max is None or value <= bounds.max)


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
