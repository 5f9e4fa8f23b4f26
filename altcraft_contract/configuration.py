"""The file that configures us: `[tool.altcraft-contract]` in pyproject.toml, or altcraft-contract.toml.

A file may extend others, and hold profiles: each of them is a *layer*, which lies on those before it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from altcraft_contract.errors import ConfigurationFault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

OWN_FILE: Final = "altcraft-contract.toml"
SHARED_FILE: Final = "pyproject.toml"
TABLE: Final = "altcraft-contract"
SEVERITY: Final = "severity"  # a table: rule id to severity
VALUES: Final = "values"  # a table: what exists on the installation
SUPPRESS: Final = "suppress"  # a list of tables: findings that do not count
OVERRIDES: Final = "overrides"  # a list of tables: other options for some paths
SECRETS: Final = "secrets"  # a table of lists of texts: what is no secret
EXTEND: Final = "extend"  # files that this one lies on
PROFILES: Final = "profiles"  # a table: name to a table that is laid over all the rest
MOST_FILES: Final = 20  # that one configuration may be made of
_LARGEST: Final = 4 * 1024 * 1024  # bytes of a file


class Layer(NamedTuple):
    """What one file says, or one profile in it.

    Attributes:
        file: Where it stands.
        table: Key to value, as TOML has them, without `extend` and `profiles`.
        profile: Name of the profile; None for what always counts.
    """

    file: Path
    table: Mapping[str, Any]
    profile: str | None = None


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


def read_layers(file: Path, *, is_named: bool = False) -> list[Layer]:
    """What *file* and the files that it extends say: the weakest first, and after all files their profiles.

    Args:
        file: A file of ours, or a pyproject.toml.
        is_named: Whether the user named the file, so that there has to be such a table.

    Raises:
        ConfigurationFault: if one of them cannot be read, is no TOML, or has no such table.
    """
    stack = _Stack()
    stack.take(file, _read_table(file, is_named=is_named))
    return [*stack.layers, *stack.profiles]


def choose_layers(layers: Sequence[Layer], profile: str | None) -> list[Layer]:
    """Those of *layers* that count with *profile*.

    Raises:
        ConfigurationFault: if no layer is of that profile.
    """
    names = sorted({layer.profile for layer in layers if layer.profile is not None})
    if profile is not None and profile not in names:
        known = f"known are {', '.join(names)}" if names else "the configuration has none"
        file = next(layer.file for layer in reversed(layers) if layer.profile is None)
        raise ConfigurationFault(str(file), f"unknown profile {profile!r}; {known}")
    return [layer for layer in layers if layer.profile in (None, profile)]


def read_configuration(file: Path, *, is_named: bool = False, profile: str | None = None) -> dict[str, Any]:
    """The table at *file* that is ours, with what it extends: key to value, as TOML has them.

    Args:
        file: A file of ours, or a pyproject.toml.
        is_named: Whether the user named the file, so that there has to be such a table.
        profile: Name of the profile that is laid over the rest.

    Raises:
        ConfigurationFault: if a file cannot be read, is no TOML, has no such table, or has no such profile.
    """
    merged: dict[str, Any] = {}
    for layer in choose_layers(read_layers(file, is_named=is_named), profile):
        merged = _merge(merged, layer.table)
    return merged


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


class _Stack:
    """Puts layers in order; each file stands there once, however many extend it."""

    def __init__(self) -> None:
        self.layers: list[Layer] = []
        self.profiles: list[Layer] = []
        self._begun: set[str] = set()
        self._finished: set[str] = set()

    def take(self, file: Path, table: dict[str, Any]) -> None:
        """Put *file* on top of what it extends."""
        identity = os.path.realpath(file)
        self._begun.add(identity)
        profiles = _checked_profiles(file, table.pop(PROFILES, {}))
        for name in _checked_names(file, table.pop(EXTEND, [])):
            self._extend(file, name)
        self._finished.add(identity)
        self.layers.append(Layer(file, table))
        self.profiles += (Layer(file, profile, name) for name, profile in profiles.items())

    def _extend(self, file: Path, name: str) -> None:
        base = file.parent / name
        if not base.is_file():
            raise ConfigurationFault(str(file), f"{EXTEND} = {name!r:.80}: there is no such file beside this one")
        identity = os.path.realpath(base)
        if identity in self._finished:
            return
        if identity in self._begun:
            raise ConfigurationFault(
                str(file), f"{EXTEND} = {name!r:.80}: that file extends this one; leave one of them out"
            )
        if len(self._begun) == MOST_FILES:
            raise ConfigurationFault(str(file), f"{EXTEND} = {name!r:.80}: too many files, the limit is {MOST_FILES}")
        self.take(base, _read_table(base, is_named=True))


def _checked_names(file: Path, value: Any) -> list[str]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ConfigurationFault(str(file), f"{EXTEND} = {value!r:.80}: expected the name of a file, or a list of them")
    return names


def _checked_profiles(file: Path, value: Any) -> dict[str, dict[str, Any]]:
    if not isinstance(value, dict):
        raise ConfigurationFault(str(file), f"{PROFILES} = {value!r:.80}: expected a table of profiles")
    for name, profile in value.items():
        if not isinstance(profile, dict):
            raise ConfigurationFault(str(file), f"{PROFILES}.{name} = {profile!r:.80}: expected a table of keys")
        for key in (PROFILES, EXTEND):
            if key in profile:
                raise ConfigurationFault(str(file), f"{PROFILES}.{name}: {key!r} can stand at the top only")
    return value


def _read_table(file: Path, *, is_named: bool) -> dict[str, Any]:
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


def _merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """*above* on *below*: tables are merged, those of secrets and lists of tables grow, all else is replaced."""
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            merged[key] = join_lists(old, value) if key == SECRETS else {**old, **value}
        elif key in (SUPPRESS, OVERRIDES) and isinstance(value, list) and isinstance(old, list):
            merged[key] = [*old, *value]
        else:
            merged[key] = value
    return merged


def join_lists(*tables: Mapping[str, Iterable[Any]]) -> dict[str, list[Any]]:
    """One table of lists from several: the lists of one key, one after the other."""
    joined: dict[str, list[Any]] = {}
    for table in tables:
        for key, values in table.items():
            joined.setdefault(key, []).extend(values)
    return joined


def _parse(file: Path) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - most runs have no configuration

    with file.open("rb") as stream:
        data = stream.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise ConfigurationFault(str(file), f"not TOML that can be read: larger than {_LARGEST // 1024**2} MiB")
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except RecursionError:
        raise ConfigurationFault(str(file), "not TOML that can be read: nested too deeply") from None
    except ValueError as error:
        raise ConfigurationFault(str(file), f"not TOML: {error}") from None


def _tool_table(content: Mapping[str, Any]) -> Mapping[str, Any]:
    tool = content.get("tool", {})
    return tool if isinstance(tool, dict) else {}
