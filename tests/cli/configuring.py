"""Configurations as the commands load them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import click

from altcraft_contract.cli.configuration import load_configuration
from altcraft_contract.cli.entry import group
from altcraft_contract.cli.options import CONFIGURED, configuration_keys
from altcraft_contract.lint.overrides import read_overrides
from altcraft_contract.lint.suppression import read_suppressions
from altcraft_contract.strategies.values_file import checked_values

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def keys_of(command: str) -> Mapping[str, click.Option]:
    """The keys that a command takes."""
    loaded = group.get_command(click.Context(group), command)
    assert loaded is not None
    return configuration_keys(loaded)


def load_for_all(file: str, profile: str | None = None) -> None:
    """Load a configuration as every command does that reads one, and read all that stands in it.

    Raises:
        ConfigurationFault: if one of them cannot use it.
    """
    for name in CONFIGURED:
        loaded = load_configuration(
            file,
            keys_of(name),
            command=name,
            commands=CONFIGURED,
            is_of_others=lambda key: any(key in keys_of(other) for other in CONFIGURED),
            profile=profile,
        )
        checked_values(loaded.values, file)
        for part in loaded.tables["suppress"]:
            read_suppressions(part.value, part.file)
        for part in loaded.tables["overrides"]:
            read_overrides(part.value, part.file)
