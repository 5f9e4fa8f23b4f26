"""The plan of a campaign: which trials, how many of each phase, and what follows."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import pytest

from altcraft_contract.fuzz.case import PHASES
from altcraft_contract.fuzz.plan import MAKERS, make_plan
from altcraft_contract.fuzz.settings import CampaignSettings

if TYPE_CHECKING:
    from altcraft_contract.fuzz.case import Phase

FINITE: tuple[Phase, ...] = ("examples", "edge", "malformed", "transport", "relations")


def test_every_phase_has_its_maker() -> None:
    """Every phase can be planned, in the order of the phases."""
    assert tuple(MAKERS) == PHASES


def test_phases_come_in_their_order() -> None:
    """However phases are asked for, they come in their own order, and only they."""
    plan = make_plan(CampaignSettings(phases=("relations", "malformed", "examples")))

    assert list(plan.first) == ["examples", "malformed", "relations"]
    for phase, trials in plan.first.items():
        assert trials
        assert {trial.phase for trial in trials} == {phase}


def test_with_many_requests_finite_phases_are_whole() -> None:
    """With requests for all, the first round holds every trial of the phases that end, and nothing follows."""
    plan = make_plan(CampaignSettings(phases=FINITE, max_requests=10_000))

    assert list(plan.more) == []
    assert all(len(trials) > 1 for trials in plan.first.values())


@pytest.mark.parametrize("max_requests", [1, 10, 100, 400, 800])
def test_few_requests_are_shared_among_all(max_requests: int) -> None:
    """With few requests every phase has some trials; what is left out follows, and no trial is lost or doubled."""
    whole = make_plan(CampaignSettings(phases=FINITE, max_requests=10_000))
    plan = make_plan(CampaignSettings(phases=FINITE, max_requests=max_requests))
    first = [trial.id for trials in plan.first.values() for trial in trials]
    every = [trial.id for trials in whole.first.values() for trial in trials]

    assert all(plan.first.values())
    assert len(first) <= max(len(FINITE), max_requests + len(FINITE))
    assert sorted([*first, *(trial.id for trial in plan.more)]) == sorted(every)
    assert len(set(every)) == len(every)
    for phase, trials in plan.first.items():
        assert [trial.id for trial in trials] == [trial.id for trial in whole.first[phase][: len(trials)]]


def test_mutations_and_valid_orders_never_end() -> None:
    """What follows has no end where mutations or drawn orders are asked for: mostly mutations, all different."""
    plan = make_plan(CampaignSettings(phases=("valid", "mutations"), max_requests=50))
    following = list(islice(plan.more, 1_000))
    ids = [trial.id for trial in [*plan.first["valid"], *plan.first["mutations"], *following]]

    assert len(set(ids)) == len(ids)
    phases = [trial.phase for trial in following]
    assert phases.count("mutations") > 2 * phases.count("valid") > 0


def test_phases_do_not_depend_on_each_other() -> None:
    """A phase plans the same trials whichever others there are, so that a failure is found again by its phase alone."""
    alone = make_plan(CampaignSettings(phases=("relations",), max_requests=10_000)).first["relations"]
    among = make_plan(CampaignSettings(phases=FINITE, max_requests=10_000)).first["relations"]

    assert [(trial.id, trial.order) for trial in alone] == [(trial.id, trial.order) for trial in among]


def test_seeds_plan_differently() -> None:
    """The same seed plans the same orders, and another seed plans others."""
    plans = [make_plan(CampaignSettings(phases=("relations",), seed=seed)).first["relations"] for seed in (1, 1, 2)]
    orders = [[trial.order for trial in trials] for trials in plans]

    assert orders[0] == orders[1] != orders[2]
