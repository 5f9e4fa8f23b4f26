"""Failures such as campaigns find them, and servers that are wrong in that way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from altcraft_contract.findings import Basis
from altcraft_contract.fuzz.case import Case, case_of
from altcraft_contract.fuzz.case_file import SavedCase, saved_case_of
from altcraft_contract.fuzz.failure import Cause, Failure, Received, Step
from altcraft_contract.fuzz.orders import Orders
from altcraft_contract.rules.selection import RuleSelection
from altcraft_contract.strategies.vocabulary import NOTHING_KNOWN

if TYPE_CHECKING:
    from altcraft_contract.contract import Syntax
    from altcraft_contract.fuzz.case import Order

RUN = "acf-1f3a9c20"
SAVED_AT = "http://127.0.0.1:8075"
TOKEN = "marked-token-0123456789"  # noqa: S105 - of nobody
EMAIL = "marked.member@example.com"
PHONE = "+79997654321"
RULE = "invalid-decimal"
PLACE = "/data/total_price"
FORGIVING = RuleSelection(ignore=[RULE])
"""Of a stub that takes what breaks the rule."""


def order_of(number: int = 1, **data: Any) -> Order:
    """A plain order of the run, with other members of `data`."""
    order = {**Orders(NOTHING_KNOWN).plain(), "external_id": f"{RUN}-{number}"}
    return {**order, "data": {**order["data"], **data}}


def plain_case(number: int = 1, syntax: Syntax = "json", **settings: Any) -> Case:
    """A valid order."""
    return case_of(order_of(number), syntax, **{"title": "a plain order", **settings})


def broken_case(syntax: Syntax = "json", **settings: Any) -> Case:
    """An order whose price is a word."""
    plain = {"title": "a word", "expected": "refused", "rule": RULE, "place": PLACE}
    return case_of(order_of(17, total_price="ten"), syntax, **{**plain, **settings})


def failure_of(*cases: Case, cause: Cause, **changes: Any) -> Failure:
    """A failure that those cases showed."""
    received = Received(status=200, headers=(), text="", size=0, is_cut=False, outcome="accepted", seconds=0.1)
    plain: dict[str, Any] = {
        "id": cause.fingerprint,
        "cause": cause,
        "phase": "mutations",
        "trial": "mutations-0001",
        "feature": "price-word",
        "rule": cause.rule or None,
        "basis": Basis.DOCUMENTED,
        "section": "request body, data",
        "message": f"a request is wrong in {cause.place}",
        "expected": "an `error` other than 0: a price is a decimal number",
        "steps": tuple(Step(case=case, received=received) for case in cases),
    }
    return Failure(**{**plain, **changes})


def accepted_failure(syntax: Syntax = "json", **settings: Any) -> Failure:
    """An order that breaks the rule was accepted."""
    cause = Cause("invalid-accepted", RULE, PLACE, "accepted", "")
    return failure_of(broken_case(syntax, **settings), cause=cause)


def refused_failure() -> Failure:
    """A valid order was refused between two that were accepted."""
    tried = plain_case(2, title="a region", place="/data/region")
    cause = Cause("valid-refused", "", "/data/region", "error 400", "incorrect request")
    steps = (plain_case(1), tried, plain_case(3))
    return failure_of(*steps, cause=cause, guilty=1, phase="valid", expected="`error` 0, as for the orders beside it")


def saved(failure: Failure) -> SavedCase:
    """The case of a failure."""
    return saved_case_of(failure, run=RUN, target=SAVED_AT)
