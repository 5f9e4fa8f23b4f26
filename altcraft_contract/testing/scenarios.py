"""Which scenarios a test runs for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.stub.scenarios import SCENARIOS
from altcraft_contract.stub.switch import find_scenario

if TYPE_CHECKING:
    from collections.abc import Sequence


def choose_scenarios(given: Sequence[object] | None) -> tuple[str, ...]:
    """The names of the scenarios that a marker gives; all of them if there is none.

    Raises:
        ConfigurationFault: if it names none, or something that is no name.
        UnknownScenario: if there is no such scenario.
    """
    if given is None:
        return tuple(SCENARIOS)
    if not given:
        raise ConfigurationFault("altcraft_scenarios()", "names no scenario; leave it out to run all")
    names = []
    for name in given:
        if not isinstance(name, str):
            raise ConfigurationFault(f"altcraft_scenarios({name!r:.80})", "takes names, one after the other")
        names.append(find_scenario(name).name)
    return tuple(names)
