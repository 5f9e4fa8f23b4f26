"""What holds for all that a phase sends, whatever it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from altcraft_contract.fuzz.phases.edge import iter_edge
from altcraft_contract.fuzz.phases.relations import iter_relations
from altcraft_contract.fuzz.phases.transport import iter_transport
from tests.fuzz.phases.made import (
    INSTALLATION,
    Made,
    bytes_of,
    count_requests,
    find_false_claims,
    find_lost_stand_ins,
    find_triggers,
    find_unknown_values,
    made_by,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from altcraft_contract.fuzz.case import Trial
    from altcraft_contract.fuzz.orders import Orders


class Phase(NamedTuple):
    """A phase, its name in the ids of its trials, and the most requests that it may send."""

    name: str
    iter_trials: Callable[[Orders], Iterator[Trial]]
    share: int


PHASES = (
    Phase("edge", iter_edge, 190),
    Phase("transport", iter_transport, 90),
    Phase("relations", iter_relations, 250),
)


@pytest.fixture(scope="module", params=PHASES, ids=lambda phase: phase.name)
def phase(request: pytest.FixtureRequest) -> Phase:
    """Each phase in turn."""
    found: Phase = request.param
    return found


@pytest.fixture(scope="module")
def made(phase: Phase) -> list[Made]:
    """All that the phase sends with nothing known."""
    return made_by(phase.iter_trials)


def test_every_case_is_what_it_claims_to_be(made: list[Made]) -> None:
    """What is expected to be accepted has no finding, and what is expected to be refused has the one that it names."""
    assert not list(find_false_claims(made))


def test_no_case_runs_triggers(made: list[Made]) -> None:
    """Every body that can be read has `skip_triggers` true, in whatever spelling."""
    assert not list(find_triggers(made))


def test_stand_ins_stand_literally(made: list[Made]) -> None:
    """Token, e-mail, telephone number and the order's id stand in the bytes as they are, to be replaced when sent."""
    assert not list(find_lost_stand_ins(made))


def test_the_phase_keeps_to_its_share(phase: Phase, made: list[Made]) -> None:
    """There are no more requests than its share, and no two trials have the same id."""
    ids = [one.trial.id for one in made]

    assert 0 < count_requests(made) <= phase.share
    assert len(set(ids)) == len(ids)
    assert all(one.startswith(f"{phase.name}-") for one in ids)


def test_the_same_seed_sends_the_same(phase: Phase, made: list[Made]) -> None:
    """The same seed makes the same bytes, and another seed makes others."""
    assert bytes_of(made_by(phase.iter_trials)) == bytes_of(made)
    assert bytes_of(made_by(phase.iter_trials, seed=1)) != bytes_of(made)


def test_values_of_the_installation_are_used(phase: Phase) -> None:
    """Where values of the installation are known, every order holds them and no others."""
    trials = made_by(phase.iter_trials, values=INSTALLATION)

    assert not [(one.trial.feature, *found) for one in trials for found in find_unknown_values(one.trial.order)]
    assert not list(find_false_claims(trials))
