"""`[tool.altcraft-contract]` in pyproject.toml, or altcraft-contract.toml: keys equal the long options."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from altcraft_contract.errors import AltcraftContractError, ConfigurationFault

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

OWN_FILE: Final = "altcraft-contract.toml"
SHARED_FILE: Final = "pyproject.toml"
SEVERITY: Final = "severity"  # the one table: rule id to severity
_TABLE: Final = "altcraft-contract"
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
    file = Path(path) if path is not None else _find(directory)
    if file is None:
        return {}, {}
    table = _read(file, is_named=path is not None)
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
        return f"in a file of this name keys stand at the top, without [tool.{_TABLE}]"
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


def _find(directory: Path | None) -> Path | None:
    """The nearest file that configures us, not beyond the repository."""
    try:
        start = directory or Path.cwd()
        for folder in (start, *start.parents):
            own, shared = folder / OWN_FILE, folder / SHARED_FILE
            if own.is_file():
                return own
            if shared.is_file() and _TABLE.encode() in shared.read_bytes() and _TABLE in _tool_table(_parse(shared)):
                return shared
            if (folder / ".git").exists():
                return None
    except OSError as error:
        raise ConfigurationFault(str(error.filename or "the working directory"), str(error.strerror)) from None
    return None


def _read(file: Path, *, is_named: bool) -> dict[str, Any]:
    try:
        content = _parse(file)
    except OSError as error:
        raise ConfigurationFault(str(file), f"the configuration cannot be read: {error.strerror}") from None
    if file.name != SHARED_FILE:
        return content
    tool = _tool_table(content)
    if is_named and _TABLE not in tool:
        raise ConfigurationFault(str(file), f"has no table [tool.{_TABLE}]")
    table = tool.get(_TABLE, {})
    if not isinstance(table, dict):
        raise ConfigurationFault(str(file), f"[tool.{_TABLE}] is not a table")
    return dict(table)


def _parse(file: Path) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - most runs have no configuration

    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except RecursionError:
        raise ConfigurationFault(str(file), "not TOML that can be read: nested too deeply") from None
    except ValueError as error:
        raise ConfigurationFault(str(file), f"not TOML: {error}") from None


def _tool_table(content: Mapping[str, Any]) -> Mapping[str, Any]:
    tool = content.get("tool", {})
    return tool if isinstance(tool, dict) else {}
