"""Which scenarios each test of the suite meets, by the table of what is expected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from altcraft_contract.stub.scenarios import SCENARIOS
from altcraft_contract.testing.client_suite.expectations import EXPECTATIONS, Expectation
from altcraft_contract.testing.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable


def _scenarios(belongs: Callable[[Expectation], bool]) -> tuple[str, ...]:
    """The scenarios of one test: those of the table's rows that belong to it."""
    return tuple(name for name, row in EXPECTATIONS.items() if belongs(row))


LOGGED: Final = tuple(name for name in EXPECTATIONS if name not in ("slow", "huge-response"))
SUCCESSES: Final = _scenarios(lambda row: Outcome.SUCCESS in row.accepted)
OUTDATED: Final = _scenarios(lambda row: Outcome.OUTDATED in row.accepted)
REFUSALS: Final = _scenarios(lambda row: SCENARIOS[row.scenario].kind == "refusal")
ERRORS: Final = _scenarios(lambda row: SCENARIOS[row.scenario].kind == "http")
LOST: Final = _scenarios(lambda row: row.accepted == {Outcome.UNKNOWN} and row.scenario != "slow")
NOT_REPEATABLE: Final = _scenarios(lambda row: not row.is_repeatable and row.scenario in LOGGED)
