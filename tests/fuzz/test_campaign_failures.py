"""What campaigns find in faulty servers: each cause once, made small, with what is needed to see it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from altcraft_contract.findings import Basis
from altcraft_contract.fuzz.case import PHASES, Phase
from altcraft_contract.fuzz.identity import STAND_INS
from altcraft_contract.fuzz.orders import Orders
from altcraft_contract.strategies import Values
from tests.fuzz.campaign_servers import by_oracle, order_of, service
from tests.fuzz.phases.made import INSTALLATION, find_unknown_values
from tests.fuzz.zoo.behaviour import Behaviour
from tests.fuzz.zoo.forgiving import forgiving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from altcraft_contract.fuzz import CampaignReport, Failure
    from tests.fuzz.zoo.behaviour import Exchange

PLAIN = {name: value for name, value in Orders(Values()).plain().items() if name not in ("external_id", "token")}
TAKES_COMMAS = forgiving("invalid-decimal", at="/data/delivery_cost")


def refusing(when: Callable[[Exchange], object]) -> Behaviour:
    """A server that refuses some valid orders."""
    return Behaviour(refuses=lambda exchange: bool(when(exchange)))


def places_of(node: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Pointers to every leaf, with its value."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from places_of(value, f"{pointer}/{name}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from places_of(value, f"{pointer}/{index}")
    else:
        yield pointer, node


def beyond_plain(failure: Failure) -> set[str]:
    """Pointers at which the order of a failure is not the plain one."""
    mine, plain = dict(places_of(order_of(failure))), dict(places_of(PLAIN))
    return {pointer for pointer in mine.keys() | plain.keys() if str(mine.get(pointer)) != str(plain.get(pointer))}


@pytest.fixture(scope="module")
def commas() -> CampaignReport:
    """A campaign against a server that takes what is no decimal as a delivery cost."""
    with service(TAKES_COMMAS) as shop:
        return shop.campaign(phases=("mutations",), max_requests=700)


def test_a_refused_currency_stands_alone() -> None:
    """An order that is refused for its currency is reported as a plain one but for the currency and its sums."""
    with service(refusing(lambda exchange: exchange.data.get("currency") == "KWD")) as shop:
        report = shop.campaign(phases=("valid",), max_requests=150)

    (failure,) = by_oracle(report, "valid-refused")
    assert report.failures == (failure,)
    assert failure.cause.place == "/data/currency"
    assert order_of(failure)["data"]["currency"] == "KWD"
    sums = {"/data/total_price", "/data/final_total_price", "/data/currency"}
    prices = {f"/data/lines/0/{name}_price_per_item" for name in ("base", "final")}
    assert beyond_plain(failure) <= sums | prices
    assert (failure.is_shrunk, failure.phase, failure.basis) == (True, "valid", Basis.DOCUMENTED)
    assert [step.received.outcome for step in failure.steps] == ["accepted", "refused", "accepted"]
    assert failure.step.received.outcome == "refused"


@pytest.mark.parametrize(
    ("refuses", "place", "kept"),
    [
        pytest.param(lambda one: "region" in one.data, "/data/region", {"/data/region"}, id="a field"),
        pytest.param(lambda one: len(one.lines) > 1, "/data/lines/*", None, id="two lines"),
        pytest.param(lambda one: "phone" in one.value, "/phone", {"/phone", "/email"}, id="a phone"),
    ],
)
def test_a_refused_feature_stands_alone(refuses: Callable[[Exchange], bool], place: str, kept: set[str] | None) -> None:
    """A valid order that is refused for one feature is reported once, with that feature and nothing else."""
    with service(refusing(refuses)) as shop:
        report = shop.campaign(phases=("valid",), max_requests=200)

    (failure,) = by_oracle(report, "valid-refused")
    assert failure.cause.place.split(", ")[0] == place
    assert failure.is_shrunk
    if kept is not None:
        assert beyond_plain(failure) <= kept


def test_a_target_that_checks_sums_is_not_blamed_for_that() -> None:
    """What is sent to make an order small has right sums: a target that minds them is told of its own fault."""

    def adds_up(one: Exchange) -> bool:
        total = sum(Decimal(line["base_price_per_item"]) * int(line["count"]) for line in one.lines)
        return Decimal(one.data["total_price"]) in (total, total + Decimal(one.data.get("delivery_cost", "0")))

    with service(refusing(lambda one: len(one.lines) > 2 or not adds_up(one))) as shop:
        report = shop.campaign(phases=("valid",), max_requests=200)

    (failure,) = by_oracle(report, "valid-refused")
    assert len(order_of(failure)["data"]["lines"]) == 3
    assert (failure.cause.place, failure.is_shrunk) == ("/data/lines/*", True)


def test_an_accepted_mutant_stands_alone(commas: CampaignReport) -> None:
    """A mutant that is accepted is reported on an order that has nothing beyond a plain one but its place."""
    (failure,) = commas.failures

    assert (failure.cause.oracle, failure.rule, failure.cause.place) == (
        "invalid-accepted",
        "invalid-decimal",
        "/data/delivery_cost",
    )
    assert beyond_plain(failure) == {"/data/delivery_cost"}
    assert failure.is_shrunk
    assert len(failure.steps) == 1


def test_mutants_of_one_cause_are_one_failure(commas: CampaignReport) -> None:
    """Many mutants that are accepted at one place for one rule are one failure, counted, in both syntaxes."""
    (failure,) = commas.failures

    assert failure.count > 1
    assert failure.syntaxes == ("json", "xml")
    (row,) = [row for row in commas.strictness if (row.rule, row.place) == ("invalid-decimal", "/data/delivery_cost")]
    assert {row.json.enforcement, row.xml.enforcement} <= {"not-enforced", "partly"}


def test_a_failure_has_a_twin(commas: CampaignReport) -> None:
    """A failure shows the same order in the other syntax, with the answer to it."""
    (failure,) = commas.failures
    twin = failure.twin

    assert twin is not None
    assert {twin.case.syntax, failure.step.case.syntax} == {"json", "xml"}
    assert (twin.case.rule, twin.case.place) == (failure.step.case.rule, failure.step.case.place)
    assert twin.received.outcome == "accepted"


def test_cases_hold_stand_ins(commas: CampaignReport) -> None:
    """The bodies of a report hold stand-ins, so that they may be shown."""
    (failure,) = commas.failures

    assert STAND_INS.token.encode() in failure.step.case.body
    assert STAND_INS.email.encode() in failure.step.case.body


def test_known_failures_are_no_failures(commas: CampaignReport) -> None:
    """What the baseline names is told apart and fails nothing; only a campaign of all phases says what is gone."""
    (failure,) = commas.failures
    with service(TAKES_COMMAS) as shop:
        report = shop.campaign(
            phases=("mutations",), max_requests=700, baseline={failure.id: "is known", "0" * 16: "is no more"}
        )

    assert (report.failures, report.exit_code) == ((), 0)
    assert [(one.id, one.cause) for one in report.known] == [(failure.id, failure.cause)]
    assert report.gone == ()


@pytest.mark.parametrize(("phases", "gone"), [(PHASES, ("0" * 16,)), (("examples", "malformed"), ())])
def test_only_a_campaign_of_all_phases_says_what_is_gone(phases: tuple[Phase, ...], gone: tuple[str, ...]) -> None:
    """What the baseline names may have been found by a phase that was left out this time."""
    with service() as shop:
        report = shop.campaign(phases=phases, baseline={"0" * 16: "is no more"})

    assert report.ending == "finished"
    assert report.gone == gone


@pytest.mark.parametrize(("fail_basis", "rules"), [("any", ["duplicate-field"]), ("documented", [])])
def test_inferred_rules_may_be_no_failures(fail_basis: str, rules: list[str]) -> None:
    """With `documented`, a request that breaks an inferred rule may be accepted; the matrix shows that it was."""
    with service(forgiving("duplicate-field")) as shop:
        report = shop.campaign(phases=("mutations",), max_requests=1_000, fail_basis=fail_basis)

    assert sorted({str(failure.rule) for failure in report.failures}) == rules
    assert any(row.rule == "duplicate-field" and row.json.accepted + row.xml.accepted for row in report.strictness)


def test_an_order_holds_what_exists_there() -> None:
    """Where values of the installation are set, nothing else stands in the orders."""
    with service() as shop:
        report = shop.campaign(phases=("examples", "valid", "relations"), max_requests=150, values=INSTALLATION)

        foreign = [
            found for value in shop.values() for found in find_unknown_values(_with_numbers(value)) if found[1] != ""
        ]
    assert foreign == []
    assert report.exit_code == 0


def _with_numbers(node: Any, name: str = "") -> Any:
    """A value of XML, with numbers where the zoo reads texts."""
    if isinstance(node, dict):
        return {key: _with_numbers(value, key) for key, value in node.items()}
    if isinstance(node, list):
        return [_with_numbers(item, name) for item in node]
    return int(node) if name in ("pool_id", "points_currency_iid") else node


@pytest.mark.parametrize(
    ("values", "exit_code"),
    [
        pytest.param(Values(), 1, id="nothing is set"),
        pytest.param(Values(skus=("mug",)), 0, id="others are set"),
        pytest.param(Values(regions=("moscow",)), 1, id="it is set"),
    ],
)
def test_a_refusal_of_a_made_up_value_is_judged_where_none_is_looked_up(values: Values, exit_code: int) -> None:
    """A refusal of what leans on a value that is not set, though others are, is told of and is no failure."""
    with service(refusing(lambda one: "region" in one.data)) as shop:
        report = shop.campaign(phases=("valid",), max_requests=120, values=values)

    told = [one for one in report.observations if (one.kind, one.subject) == ("verdict", "values")]
    assert report.exit_code == exit_code
    assert len(by_oracle(report, "valid-refused")) == exit_code
    assert any("/data/region" in one.message for one in told) == (exit_code == 0)
    assert all("regions" in one.message for one in told)


def test_without_shrinking_orders_stay_as_they_were() -> None:
    """Where nothing is to be made smaller, an order is reported as it was met."""
    with service(refusing(lambda one: "tags" in one.data)) as shop:
        report = shop.campaign(phases=("valid",), max_requests=60, shrink=False)

    failure = by_oracle(report, "valid-refused")[0]
    assert not failure.is_shrunk
    assert len(beyond_plain(failure)) > 1


def test_what_does_not_show_again_is_no_failure() -> None:
    """A difference between the syntaxes that is not there the second time is told of, and is no failure."""
    seen: list[Exchange] = []

    def answers(exchange: Exchange, answer: dict[str, Any]) -> dict[str, Any]:
        if exchange.syntax == "xml" and not seen:
            seen.append(exchange)
            return {**answer, "data": {**answer["data"], "processing_target": "processed"}}
        return answer

    with service(Behaviour(answers=answers)) as shop:
        report = shop.campaign(phases=("examples",))

    assert report.exit_code == 0
    assert [one.subject for one in report.observations if "did not show again" in one.message] == ["syntax-parity"]


def test_an_outdated_plain_order_is_told_of() -> None:
    """Where the target has other prices, the campaign goes on, and says that its answers say little."""

    def answers(_: Exchange, answer: dict[str, Any]) -> dict[str, Any]:
        return {**answer, "data": {**answer["data"], "status": "outdated"}} if answer["error"] == 0 else answer

    with service(Behaviour(answers=answers)) as shop:
        report = shop.campaign(phases=("examples", "malformed"))

    assert report.ending == "finished"
    assert any(one.subject == "outdated" for one in report.observations)
    assert report.outcomes["outdated"] > 0
    assert report.orders == 0


def test_what_the_page_is_silent_about_is_observed() -> None:
    """New codes, fields and statuses are told of, with their number, and fail nothing."""

    def answers(exchange: Exchange, answer: dict[str, Any]) -> dict[str, Any]:
        del exchange
        return {**answer, "served_by": "node"} if answer["error"] == 0 else {**answer, "error": 1042}

    behaviour = Behaviour(
        answers=answers,
        replies=lambda exchange, reply: replace(reply, status=422 if exchange.answer["error"] else 200),
    )
    with service(behaviour) as shop:
        report = shop.campaign(phases=("examples", "malformed"))

    found = {(one.kind, one.subject): one.count for one in report.observations}
    assert report.exit_code == 0
    assert found["field", "/served_by"] == 4
    assert found["error-code", "error 1042"] == found["status", "HTTP 422"] > 10
    assert ("text", "malformed") in found
