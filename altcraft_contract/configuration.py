"""The file that configures us: `[tool.altcraft-contract]` in pyproject.toml, or altcraft-contract.toml."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.errors import ConfigurationFault

if TYPE_CHECKING:
    from collections.abc import Mapping

OWN_FILE: Final = "altcraft-contract.toml"
SHARED_FILE: Final = "pyproject.toml"
TABLE: Final = "altcraft-contract"
SEVERITY: Final = "severity"  # a table: rule id to severity
VALUES: Final = "values"  # a table: what exists on the installation


def find_configuration(directory: Path | None = None) -> Path | None:
    """The nearest file that configures us, in *directory* (the working directory) or above, not beyond the repository.

    Raises:
        ConfigurationFault: if a file on the way cannot be read.
    """
    try:
        start = directory or Path.cwd()
        for folder in (start, *start.parents):
            own, shared = folder / OWN_FILE, folder / SHARED_FILE
            if own.is_file():
                return own
            if shared.is_file() and TABLE.encode() in shared.read_bytes() and TABLE in _tool_table(_parse(shared)):
                return shared
            if (folder / ".git").exists():
                return None
    except OSError as error:
        raise ConfigurationFault(str(error.filename or "the working directory"), str(error.strerror)) from None
    return None


def read_configuration(file: Path, *, is_named: bool = False) -> dict[str, Any]:
    """The table at *file* that is ours: key to value, as TOML has them.

    Args:
        file: A file of ours, or a pyproject.toml.
        is_named: Whether the user named the file, so that there has to be such a table.

    Raises:
        ConfigurationFault: if the file cannot be read, is no TOML, or has no such table.
    """
    try:
        content = _parse(file)
    except OSError as error:
        raise ConfigurationFault(str(file), f"the configuration cannot be read: {error.strerror}") from None
    if file.name != SHARED_FILE:
        return content
    tool = _tool_table(content)
    if is_named and TABLE not in tool:
        raise ConfigurationFault(str(file), f"has no table [tool.{TABLE}]")
    table = tool.get(TABLE, {})
    if not isinstance(table, dict):
        raise ConfigurationFault(str(file), f"[tool.{TABLE}] is not a table")
    return dict(table)


def read_toml(file: Path) -> dict[str, Any]:
    """The content of any file of TOML.

    Raises:
        ConfigurationFault: if it cannot be read, or is no TOML.
    """
    try:
        return _parse(file)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ConfigurationFault(str(file), f"it cannot be read: {reason}") from None


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
