"""Orders that must be answered alike, repeats, and wrong tokens."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from altcraft_contract.conversion import from_xml
from altcraft_contract.fuzz.identity import Identity
from altcraft_contract.fuzz.phases.relations import iter_relations
from tests.fuzz.phases.made import (
    Made,
    made_by,
)

if TYPE_CHECKING:
    from altcraft_contract.fuzz.case import Case


@pytest.fixture(scope="module")
def made() -> list[Made]:
    """All that the phase sends with nothing known."""
    return made_by(iter_relations)


def test_variants_mean_the_same(made: list[Made]) -> None:
    """A varied form that is expected to be accepted differs in its bytes alone, but for the order of lists."""
    for one in made:
        if one.trial.kind != "variant" or one.cases[-1].expected != "accepted":
            continue
        if one.trial.feature.endswith("-reversed") or one.trial.feature == "same-line-ids":
            continue
        plain, varied = (_read(case) for case in one.cases)

        assert plain.pop("external_id") != varied.pop("external_id")
        assert plain == varied, one.trial.feature


def test_a_form_without_a_place_makes_nothing(made: list[Made]) -> None:
    """Where an order has nothing that a form would write otherwise, the trial makes no cases."""
    for one in made:
        if one.trial.feature in ("json-lines-reversed", "xml-promotions-reversed", "json-tags-reversed"):
            data = {**one.trial.order["data"], "lines": one.trial.order["data"]["lines"][:1]}
            data = {name: value for name, value in data.items() if name not in ("tags", "requested_promotions")}
            data["lines"] = [{**line, "requested_promotions": []} for line in data["lines"]]
            order = {**one.trial.order, "data": data}

            assert one.trial.make(partial(dict, order)) is None


def test_repeats_repeat_the_first_id(made: list[Made]) -> None:
    """The last case of a repeat has the id of the first, and is judged by nothing that is documented."""
    repeats = [one for one in made if one.trial.kind == "repeat"]

    assert {one.trial.feature for one in repeats} >= {"same-bytes", "other-syntax", "other-total", "after-refusal"}
    for one in repeats:
        assert one.cases[0].external_id == one.cases[-1].external_id
        assert one.cases[-1].expected == "undocumented"


@pytest.mark.parametrize("syntax", ["json", "xml"])
def test_no_wrong_token_is_the_right_one(made: list[Made], syntax: str) -> None:
    """What must be refused for its token holds no right one once the real one has been put in."""
    identity = Identity("Real-Token-4711")
    quoted = {"json": b'"Real-Token-4711"', "xml": b">Real-Token-4711<"}[syntax]
    wrong = [
        case
        for one in made
        if one.trial.kind == "authentication"
        for case in one.cases
        if case.expected == "refused" and case.syntax == syntax
    ]

    assert len({case.title for case in wrong}) == 12
    assert all(case.place == "/token" for case in wrong)
    assert not any(quoted in identity.reveal(case.body, case.syntax) for case in wrong)


def _read(case: Case) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(case.body) if case.syntax == "json" else from_xml(case.body)
    return value
