"""Trials of a phase with the cases they make, and what may be wrong with them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from altcraft_contract.fuzz.identity import STAND_INS
from altcraft_contract.fuzz.orders import Orders
from altcraft_contract.strategies import Values
from altcraft_contract.target.triggers import skip_triggers
from altcraft_contract.validation import check_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from altcraft_contract.fuzz.case import Case, FreshOrder, Order, Trial

INSTALLATION = Values(
    products=("their-mug",),
    skus=("their-mug-white",),
    endpoints=("their-shop",),
    statuses=("their-new",),
    regions=("their-town",),
    pools={7: ("THEIRS",)},
    profile_ids=("0123456789abcdef01234567",),
    point_currencies=((9, "their-points"),),
    promotions=("their-promotion",),
)
_KNOWN: dict[str, Sequence[Any]] = {
    "product": INSTALLATION.products,
    "sku": INSTALLATION.skus,
    "endpoint": INSTALLATION.endpoints,
    "status": INSTALLATION.statuses,
    "region": INSTALLATION.regions,
    "pool_id": (7,),
    "code": ("THEIRS",),
    "profile_id": INSTALLATION.profile_ids,
    "points_currency_iid": (9,),
    "points_currency_eid": ("their-points",),
}


@dataclass(frozen=True)
class Made:
    """A trial and the cases that it made."""

    trial: Trial
    cases: tuple[Case, ...]


def made_by(phase: Callable[[Orders], Iterator[Trial]], *, seed: int = 0, values: Values | None = None) -> list[Made]:
    """All trials of a phase with their cases, whose orders are numbered from 1."""
    numbers = count(1)
    made = []
    for trial in phase(Orders(values or Values(), seed=seed)):
        cases = trial.make(_freshener(trial.order, numbers))
        assert cases, f"{trial.id} makes nothing"
        made.append(Made(trial, cases))
    return made


def _freshener(order: Order, numbers: Iterator[int]) -> FreshOrder:
    return lambda: _fresh(order, next(numbers))


def _fresh(order: Order, number: int) -> Order:
    copy: Order = json.loads(json.dumps(order))
    return {**copy, "external_id": f"acf-00000000-{number}{copy['external_id']}"}


def find_false_claims(made: list[Made]) -> Iterator[str]:
    """Cases that the checker does not agree with."""
    for one in made:
        for case in one.cases:
            result = check_request(case.body, syntax=case.syntax, token_in_header=case.credentials != "body")
            rules = {finding.rule for finding in result.findings}
            if case.expected == "accepted" and rules:
                yield f"{one.trial.id} {case.title}: {rules}"
            if case.expected == "refused" and rules != ({case.rule} if case.rule else set()):
                yield f"{one.trial.id} {case.title}: {rules}, not {case.rule}"


def find_triggers(made: list[Made]) -> Iterator[str]:
    """Cases that may run triggers."""
    for one in made:
        for case in one.cases:
            if not case.body.strip():
                continue
            if case.rule == "malformed":
                is_safe = b"skip_triggers" in case.body[:100]
            else:
                is_safe = skip_triggers(case.body, case.syntax) is case.body
            if not is_safe:
                yield f"{one.trial.id} {case.title}"


def find_lost_stand_ins(made: list[Made]) -> Iterator[str]:
    """Cases in which a stand-in of the order, or what names it, does not stand literally."""
    for one in made:
        names = [name for name in ("token", "email", "phone") if name in one.trial.order]
        for case in one.cases:
            if not case.body.strip():
                continue
            wanted = [getattr(STAND_INS, name) for name in names if (name, case.place) != ("token", "/token")]
            wanted += [case.external_id] if case.external_id and not one.trial.order["external_id"] else []
            yield from (
                f"{one.trial.id} {case.title}: {text}" for text in wanted if f"{text}".encode() not in case.body
            )


def find_unknown_values(node: Any) -> Iterator[tuple[str, Any]]:
    """What the installation does not have, all the way down."""
    if isinstance(node, list):
        for item in node:
            yield from find_unknown_values(item)
    elif isinstance(node, dict):
        for name, value in node.items():
            if (name in _KNOWN and value not in _KNOWN[name]) or (
                name == "promotion" and value["external_id"] not in INSTALLATION.promotions
            ):
                yield name, value
            elif name != "custom_fields":
                yield from find_unknown_values(value)


def bytes_of(made: list[Made]) -> list[tuple[str, tuple[Any, ...]]]:
    """What is sent, in order."""
    return [
        (one.trial.id, tuple((case.method, case.headers, case.content_type, case.body) for case in one.cases))
        for one in made
    ]


def count_requests(made: list[Made]) -> int:
    """How many requests all cases are."""
    return sum(len(one.cases) for one in made)
