"""Exchanges that nobody had: a case, an answer, and what is read out of both."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.fuzz.case import Case, case_of
from altcraft_contract.fuzz.exchange import Answer
from altcraft_contract.fuzz.identity import Identity
from altcraft_contract.fuzz.oracles.oracle import Judgement
from altcraft_contract.fuzz.orders import Orders
from altcraft_contract.fuzz.reading import read_exchange
from altcraft_contract.strategies import Values

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from altcraft_contract.contract import Syntax
    from altcraft_contract.fuzz.case import Kind
    from altcraft_contract.fuzz.exchange import Exchange
    from altcraft_contract.fuzz.oracles.oracle import Oracle, Suspicion

IDENTITY: Final = Identity("Real-Token-4711-Zebra", "zebra@example.com", "+79990001122")
ORDER_ID: Final = "acf-00000000-1"
ACCEPTED: Final[dict[str, Any]] = {
    "error": 0,
    "error_text": "Successful operation",
    "data": {"external_id": ORDER_ID, "status": "success", "processing_target": "immediate"},
}
OUTDATED: Final[dict[str, Any]] = {**ACCEPTED, "data": {"external_id": ORDER_ID, "status": "outdated"}}
REFUSED: Final[dict[str, Any]] = {"error": 400, "error_text": "Incorrect request"}
PAGE: Final = b"<!DOCTYPE html><html><body>Sorry</body></html>"


def case(syntax: Syntax = "json", **settings: Any) -> Case:
    """A case of the plain order; *settings* as for `Case`."""
    order = {**Orders(Values()).plain(), "external_id": ORDER_ID}
    return replace(case_of(order, syntax, title="a plain order"), **settings)


def exchange(
    answer: dict[str, Any] | bytes = ACCEPTED,
    *,
    of: Case | None = None,
    content_type: str | None = "application/json",
    headers: Sequence[tuple[str, str]] = (),
    **wire: Any,
) -> Exchange:
    """An exchange; *wire* as for `Answer`."""
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    sent = of or case()
    known = (("content-type", content_type),) if content_type is not None else ()
    settings: dict[str, Any] = {"status": 200, "body": body, "headers": (*known, *headers), "seconds": 0.01, **wire}
    return read_exchange(sent, IDENTITY.reveal(sent.body, sent.syntax), Answer(**settings))


def lost(fault: str = "closed", *, of: Case | None = None, **wire: Any) -> Exchange:
    """An exchange without an answer."""
    return exchange(b"", of=of, **{"status": None, "fault": fault, "content_type": None, **wire})


def find(oracle: Oracle, *exchanges: Exchange, kind: Kind = "single", **settings: Any) -> list[Suspicion]:
    """What an oracle has against exchanges; *settings* as for `Judgement`."""
    found: Iterator[Suspicion] = oracle.find(exchanges, Judgement(kind=kind, **{"identity": IDENTITY, **settings}))
    suspicions = list(found)
    assert all(one.oracle == oracle.name and one.message and one.expected for one in suspicions)
    return suspicions
