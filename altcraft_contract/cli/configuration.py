"""`[tool.altcraft-contract]` in pyproject.toml, or altcraft-contract.toml: keys equal the long options."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.errors import ConfigurationFault

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

OWN_FILE: Final = "altcraft-contract.toml"
SHARED_FILE: Final = "pyproject.toml"
SEVERITY: Final = "severity"  # the one table: rule id to severity
_TABLE: Final = "altcraft-contract"


def load_configuration(path: str | None, options: Collection[str], directory: Path | None = None) -> dict[str, Any]:
    """Load the configuration.

    Args:
        path: The file that the user named; None looks for one in *directory* and above it.
        options: The keys that there are.
        directory: Where to begin to look; None is the working directory.

    Returns:
        Key to value, and under `severity` a table of rule ids to severities.

    Raises:
        ConfigurationFault: if the file cannot be read, is no TOML, or has a key that there is not.
    """
    file = Path(path) if path is not None else _find(directory or Path.cwd())
    if file is None:
        return {}
    table = _read(file, required=path is not None)
    for key in table:
        if key != SEVERITY and key not in options:
            from altcraft_contract.rules.nearest import find_nearest  # noqa: PLC0415 - only an error needs it

            nearest = find_nearest(key, [*options, SEVERITY])
            known = ", ".join(sorted([*options, SEVERITY]))
            remedy = f"did you mean {nearest!r}?" if nearest else f"known are {known}"
            raise ConfigurationFault(str(file), f"unknown key {key!r}; {remedy}")
    if not isinstance(table.get(SEVERITY, {}), dict):
        raise ConfigurationFault(str(file), f"{SEVERITY!r} is not a table of rules and severities")
    return table


def _find(directory: Path) -> Path | None:
    """The nearest file that configures us, not beyond the repository."""
    for folder in (directory, *directory.parents):
        own, shared = folder / OWN_FILE, folder / SHARED_FILE
        if own.is_file():
            return own
        if shared.is_file() and _TABLE.encode() in shared.read_bytes() and _read(shared, required=False):
            return shared
        if (folder / ".git").exists():
            return None
    return None


def _read(file: Path, *, required: bool) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - most runs have no configuration

    try:
        content: Mapping[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationFault(str(file), error.strerror or "cannot be read") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationFault(str(file), f"not TOML: {error}") from None
    if file.name != SHARED_FILE:
        return dict(content)
    tool = content.get("tool", {})
    if not isinstance(tool, dict) or not isinstance(tool.get(_TABLE, {}), dict):
        raise ConfigurationFault(str(file), f"[tool.{_TABLE}] is not a table")
    if required and _TABLE not in tool:
        raise ConfigurationFault(str(file), f"has no table [tool.{_TABLE}]")
    return dict(tool.get(_TABLE, {}))
