"""What exists on an installation, as a table of TOML says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from altcraft_contract.configuration import TABLE, VALUES, read_toml
from altcraft_contract.errors import AltcraftContractError, ConfigurationFault, ImpossibleRequest
from altcraft_contract.strategies.vocabulary import Values

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def load_values(path: Path) -> Values:
    """Load what exists on an installation.

    The file has the keys at its top, in `[values]`, or in `[tool.altcraft-contract.values]`.

    Args:
        path: A file of TOML.

    Raises:
        ConfigurationFault: if it cannot be read, is no TOML, or says what cannot be.
    """
    content = read_toml(path)
    tool = content.get("tool")
    ours = tool.get(TABLE) if isinstance(tool, dict) else None
    if isinstance(ours, dict) and VALUES in ours:
        table = ours[VALUES]
    elif isinstance(tool, dict):
        raise ConfigurationFault(str(path), f"has no table [tool.{TABLE}.{VALUES}]")
    else:
        table = content.get(VALUES, content)
    return checked_values(table, str(path))


def checked_values(table: Any, where: str) -> Values:
    """As `values_of`, for a table that stands in the file *where*.

    Raises:
        ConfigurationFault: if it is no table, or says what cannot be.
    """
    if not isinstance(table, dict):
        raise ConfigurationFault(where, f"{VALUES} = {table!r:.80}: expected a table")
    try:
        return values_of(table)
    except AltcraftContractError as fault:
        raise ConfigurationFault(where, str(fault)) from None


def values_of(table: Mapping[str, Any]) -> Values:
    """What exists on an installation, from its table in the configuration.

    Keys are the fields of `strategies.Values`, with `-` or `_`. Ids of pools stand as texts, as TOML has its keys; a
    currency of points is a table with `iid`, `eid` or both, or a list of the two.

    Raises:
        ImpossibleRequest: if there is no such field, or a value cannot be one.
    """
    fields = {key.replace("-", "_"): value for key, value in table.items()}
    for name in fields:
        if name not in Values.__dataclass_fields__:
            raise ImpossibleRequest("values", name, f"one of {', '.join(Values.__dataclass_fields__)}")
    if isinstance(pools := fields.get("pools"), dict):
        fields["pools"] = {int(pool) if _is_whole(pool) else pool: codes for pool, codes in pools.items()}
    if isinstance(currencies := fields.get("point_currencies"), list):
        fields["point_currencies"] = [
            (item.get("iid"), item.get("eid")) if isinstance(item, dict) and item.keys() <= {"iid", "eid"} else item
            for item in currencies
        ]
    return Values(**fields)


def _is_whole(text: object) -> bool:
    return isinstance(text, str) and text.isascii() and text.removeprefix("-").isdigit()
