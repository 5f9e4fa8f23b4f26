"""The trials of a campaign, and the order in which they come."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from altcraft_contract.fuzz.case import PHASES
from altcraft_contract.fuzz.orders import Orders
from altcraft_contract.fuzz.phases.edge import iter_edge
from altcraft_contract.fuzz.phases.examples import iter_examples
from altcraft_contract.fuzz.phases.malformed import iter_malformed
from altcraft_contract.fuzz.phases.mutations import iter_mutations
from altcraft_contract.fuzz.phases.relations import iter_relations
from altcraft_contract.fuzz.phases.transport import iter_transport
from altcraft_contract.fuzz.phases.valid import FIRST, iter_valid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from altcraft_contract.fuzz.case import Phase, Trial
    from altcraft_contract.fuzz.settings import CampaignSettings

MAKERS: Final[Mapping[Phase, Callable[[Orders], Iterator[Trial]]]] = {
    "examples": iter_examples,
    "valid": iter_valid,
    "edge": iter_edge,
    "mutations": iter_mutations,
    "malformed": iter_malformed,
    "transport": iter_transport,
    "relations": iter_relations,
}
"""Phase to what makes its trials; those of `valid` and `mutations` never end."""

_ENDLESS: Final[Mapping[Phase, int]] = {"valid": FIRST, "mutations": 600}
"""Phase without an end to the number of trials before the other phases have their turn."""
_TYPICAL: Final = 1_270  # requests of the first round
_SPARE: Final = 0.85  # part of the requests that are planned; the rest confirms and shrinks
_MORE: Final[tuple[Phase, ...]] = (*("mutations",) * 9, "valid")  # by turns in the second round
_MOST_MORE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What a campaign is going to send.

    Attributes:
        first: The first round: phase to trials, in the order of the phases.
        more: What follows while requests are left.
        is_whole: Whether the first round is all that it can be, and not cut to a few requests.
    """

    first: Mapping[Phase, tuple[Trial, ...]]
    more: Iterator[Trial]
    is_whole: bool


def make_plan(settings: CampaignSettings) -> Plan:
    """Plan a campaign; with few requests, every phase sends its most telling trials."""
    sources: dict[Phase, Iterator[Trial]] = {}
    for number, phase in enumerate(PHASES):
        if phase in settings.phases:
            orders = Orders(
                settings.values,
                seed=settings.seed * len(PHASES) + number,
                with_triggers=settings.with_triggers,
            )
            sources[phase] = MAKERS[phase](orders)
    share = min(1.0, settings.max_requests * _SPARE / _TYPICAL)
    first: dict[Phase, tuple[Trial, ...]] = {}
    rests: dict[Phase, Iterator[Trial]] = {}
    for phase, trials in sources.items():
        known = deque(islice(trials, _ENDLESS.get(phase, _TYPICAL)))
        count = max(1, round(len(known) * share))
        first[phase] = tuple(known.popleft() for _ in range(min(count, len(known))))
        rests[phase] = chain(known, trials)
    return Plan(first, _more(rests), share == 1.0)


def _more(rests: Mapping[Phase, Iterator[Trial]]) -> Iterator[Trial]:
    """What the first round left out, then trials of the phases that never end, by turns."""
    for phase, trials in rests.items():
        if phase not in _ENDLESS:
            yield from trials
    turns = [phase for phase in _MORE if phase in rests]
    for number in range(_MOST_MORE if turns else 0):
        yield next(rests[turns[number % len(turns)]])
