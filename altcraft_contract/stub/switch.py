"""Which scenario comes next."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.errors import UnknownScenario
from altcraft_contract.rules.nearest import find_nearest
from altcraft_contract.stub.scenarios import DEFAULT, SCENARIOS, Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_SECONDS: Final = 3600.0
_preference = re.compile(r'([^\s=;,"]+)\s*(?:=\s*(?:"([^"]*)"|([^\s;,"]*)))?')


@dataclass(frozen=True, slots=True)
class Choice:
    """A scenario that was asked for.

    Attributes:
        scenario: The scenario.
        times: For how many orders; None is always.
        external_id: For which order only; None is any.
        delay: Seconds before the answer, instead of the scenario's own.
    """

    scenario: Scenario
    times: int | None = None
    external_id: str | None = None
    delay: float | None = None

    def as_json(self) -> dict[str, Any]:
        """The JSON form of the control calls."""
        return {
            "scenario": self.scenario.name,
            "times": "always" if self.times is None else self.times,
            "external_id": self.external_id,
            "delay": self.delay,
        }


class ScenarioSwitch:
    """The choices that are in force: those for one order come first, then those for so many, then the standing one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._standing = Choice(DEFAULT)
        self._queue: list[Choice] = []
        self._is_plain = True

    def use(self, choice: Choice) -> None:
        """Put a choice in force.

        One that is always to be, for any order, replaces all that went before; one for so many orders waits in a queue.
        """
        with self._lock:
            if choice.times is None and choice.external_id is None:
                self._standing = choice
                self._queue = [queued for queued in self._queue if queued.external_id is not None]
            else:
                if choice.times is None:
                    self._queue = [queued for queued in self._queue if queued.external_id != choice.external_id]
                self._queue.append(choice)
            self._is_plain = not self._queue and self._standing == Choice(DEFAULT)

    def next_for(self, external_id: str) -> Choice:
        """The choice for an order, which is used up by that."""
        if self._is_plain:
            return self._standing
        with self._lock:
            queued = next(self._iter_for(external_id), None)
            if queued is None:
                return self._standing
            if queued.times is not None:
                index = next(index for index, choice in enumerate(self._queue) if choice is queued)
                self._queue[index : index + 1] = [replace(queued, times=queued.times - 1)] if queued.times > 1 else []
            return queued

    def _iter_for(self, external_id: str) -> Iterator[Choice]:
        yield from (choice for choice in self._queue if choice.external_id == external_id)
        yield from (choice for choice in self._queue if choice.external_id is None)

    def reset(self) -> None:
        """Back to `success`, always."""
        with self._lock:
            self._standing = Choice(DEFAULT)
            self._queue = []
            self._is_plain = True

    def as_json(self) -> dict[str, Any]:
        """The JSON form of the control calls: what stands, what is queued, what there is."""
        with self._lock:
            return {
                "standing": self._standing.as_json(),
                "queued": [choice.as_json() for choice in self._queue],
                "available": [{"name": row.name, "description": row.description} for row in SCENARIOS.values()],
            }


def find_scenario(name: str) -> Scenario:
    """The scenario of that *name*.

    Raises:
        UnknownScenario: if there is none.
    """
    scenario = SCENARIOS.get(name)
    if scenario is None:
        raise UnknownScenario(name[:80], find_nearest(name[:80], SCENARIOS))
    return scenario


def check_times(times: object) -> int | None:
    """*times* as a `Choice` takes it.

    Raises:
        ValueError: if it is neither a whole number from 1 on nor `always` (or None).
    """
    if times is None or times == "always":
        return None
    if times == "once":
        return 1
    if isinstance(times, int) and not isinstance(times, bool) and times >= 1:
        return times
    raise ValueError(f"times={_shown(times)}: expected once, a whole number from 1 on, or always")


def check_delay(delay: object) -> float | None:
    """*delay* as a `Choice` takes it.

    Raises:
        ValueError: if it is no number of seconds from 0 to an hour.
    """
    if delay is None:
        return None
    if isinstance(delay, int | float) and not isinstance(delay, bool) and 0 <= delay <= MOST_SECONDS:
        return float(delay)
    raise ValueError(f"delay={_shown(delay)}: expected seconds, from 0 to {MOST_SECONDS:.0f}")


def _shown(value: object) -> str:
    return repr(value)[:80]


def preferred(prefer: str) -> Choice | None:
    """The choice that a `Prefer` header makes (RFC 7240): `scenario=NAME`, and `wait=SECONDS` for its delay.

    Returns:
        None if it names no scenario.

    Raises:
        UnknownScenario: if it names one that there is not.
        ValueError: if `wait` is no number of seconds.
    """
    preferences: dict[str, str] = {}
    for match in _preference.finditer(prefer):
        name = match[1].lower()
        preferences.setdefault(name, match[2] if match[2] is not None else match[3] or "")
    if "scenario" not in preferences:
        return None
    scenario = find_scenario(preferences["scenario"])
    wait = preferences.get("wait")
    if wait is None:
        return Choice(scenario)
    try:
        return Choice(scenario, delay=check_delay(float(wait)))
    except ValueError:
        raise ValueError(f"wait={_shown(wait)}: expected seconds, from 0 to {MOST_SECONDS:.0f}") from None
