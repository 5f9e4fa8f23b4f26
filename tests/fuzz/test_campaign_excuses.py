"""What is no failure of a target, and what looks like nothing and is one: seen with whole campaigns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from altcraft_contract.strategies import Values
from tests.fuzz.campaign_servers import by_oracle, service
from tests.fuzz.zoo.behaviour import Behaviour
from tests.fuzz.zoo.faults import FAULTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from altcraft_contract.fuzz import CampaignReport
    from tests.fuzz.zoo.behaviour import Exchange
    from tests.fuzz.zoo.listener import Reply


def refusing(when: Callable[[Exchange], object]) -> Behaviour:
    """A server that refuses some valid orders."""
    return Behaviour(refuses=lambda exchange: bool(when(exchange)))


def told_of(report: CampaignReport) -> str:
    """What is said of refusals that are not judged."""
    return "\n".join(one.message for one in report.observations if one.subject == "values")


@pytest.mark.parametrize(
    ("place", "when"),
    [
        pytest.param("/data/currency", lambda one: one.data.get("currency") != "RUB", id="one currency"),
        pytest.param("/data/redeem_points", lambda one: one.data.get("redeem_points"), id="no points"),
    ],
)
def test_what_an_installation_does_not_have_is_not_judged(place: str, when: Callable[[Exchange], object]) -> None:
    """A shop with one currency, or a member without points, refuses every order of that kind, and is told of."""
    with service(refusing(when)) as shop:
        report = shop.campaign(phases=("valid",), max_requests=150)

    assert report.failures == ()
    assert place in told_of(report)


@pytest.mark.parametrize(
    "when",
    [
        pytest.param(lambda one: one.data.get("currency") == "KWD", id="one currency of many"),
        pytest.param(
            lambda one: any("points_currency_iid" not in item for item in one.data.get("redeem_points", ())),
            id="points by eid alone",
        ),
    ],
)
def test_a_refusal_of_some_of_a_kind_is_judged(when: Callable[[Exchange], object]) -> None:
    """Where the plainest order of the kind is taken, the refusal of another one is a failure."""
    with service(refusing(when)) as shop:
        report = shop.campaign(phases=("valid", "edge"), max_requests=400)

    assert by_oracle(report, "valid-refused")


def test_a_code_that_is_used_up_is_not_judged() -> None:
    """A promo code that may be used once is refused the second time, which is told of and no failure."""
    used: set[str] = set()

    def is_used(one: Exchange) -> bool:
        codes = {str(item.get("code")) for item in one.data.get("promocodes", ()) if isinstance(item, dict)}
        was_used = bool(codes & used)
        used.update(codes)
        return was_used

    with service(refusing(is_used)) as shop:
        report = shop.campaign(phases=("valid",), max_requests=200)

    assert report.failures == ()
    assert "/data/promocodes" in told_of(report)


def test_a_target_that_refuses_everything_at_last_has_no_verdict() -> None:
    """When plain orders are refused that were taken before, the campaign ends and says so, with exit code 3."""
    with service(refusing(lambda one: one.accepted >= 20)) as shop:
        report = shop.campaign(phases=("valid",), max_requests=300)

    assert (report.ending, report.exit_code) == ("target-failed", 3)
    assert "took them before" in report.ending_detail
    assert report.requests < 60


@pytest.mark.parametrize("name", ["connection-refusal-again", "connection-second-dropped"])
def test_a_spoilt_connection_is_a_failure(name: str) -> None:
    """What a connection makes of the request after another one is told of as such, whatever the requests are."""
    with service(FAULTS[name].behaviour) as shop:
        report = shop.campaign(phases=("examples", "malformed"), max_requests=120)

    assert {failure.cause.place for failure in report.failures} == {"a connection that was used before"}


def test_what_a_plain_order_shows_is_told_once() -> None:
    """A failure of plain orders takes in the same failure of all others in that syntax."""

    def fails(_: Any, reply: Reply) -> Reply:
        return replace(reply, status=500, content_type="text/html", body=b"<html>oops</html>")

    def replies(exchange: Exchange, reply: Reply) -> Reply:
        return fails(exchange, reply) if exchange.syntax == "xml" else reply

    with service(Behaviour(replies=replies)) as shop:
        report = shop.campaign(phases=("valid", "edge"), max_requests=200)

    (failure,) = report.failures
    assert (failure.cause.oracle, failure.syntaxes) == ("server-error", ("xml",))
    assert failure.count > 20


def test_a_target_without_usable_answers_is_let_be() -> None:
    """When nothing usable comes any more, not for plain orders either, the campaign ends before its requests do."""
    with service(Behaviour(replies=lambda _, reply: replace(reply, status=500, body=b"oops"))) as shop:
        report = shop.campaign(phases=("valid",), max_requests=500)

    assert (report.ending, report.exit_code) == ("target-failed", 1)
    assert report.requests < 100


def test_mistakes_are_made_in_what_is_taken() -> None:
    """Where a full order is refused, rules are broken in as much of it as is taken, and the rest is not reached."""
    known = Values(skus=("mug",), endpoints=("shop",), statuses=("new",), emails=("qa@example.com",))

    def is_foreign(one: Exchange) -> bool:
        others = {"region", "promocodes", "requested_promotions", "redeem_points"} & one.data.keys()
        lines = any({"product", "requested_promotions"} & line.keys() for line in one.lines)
        return bool(others) or lines or "email" not in one.value

    with service(refusing(is_foreign)) as shop:
        report = shop.campaign(phases=("mutations",), max_requests=1_200, values=known)

    cells = {(row.rule, row.place): row.json.enforcement for row in report.strictness}
    assert report.failures == ()
    assert cells["invalid-decimal", "/data/delivery_cost"] == "enforced"
    assert cells["wrong-type", "/data/promocodes/*/pool_id"] == "not-reached"


def test_two_mistakes_of_every_answer_are_two_failures() -> None:
    """What every answer lacks does not hide what some lack, though it is the same rule."""

    def answers(_: Exchange, answer: dict[str, Any]) -> dict[str, Any]:
        for change in answer.get("data", {}).get("points_changes", ()):
            del change["points_info"]["amount"]
        return {name: value for name, value in answer.items() if name != "error_text"}

    with service(Behaviour(answers=answers)) as shop:
        report = shop.campaign(phases=("valid",), max_requests=150)

    places = {failure.cause.place for failure in by_oracle(report, "response-contract")}
    assert {"", "/data/points_changes/*/points_info"} <= places
