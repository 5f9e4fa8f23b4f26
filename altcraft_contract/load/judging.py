"""What is wrong with an answer, by the oracles of the fuzzer, under names that stay the same."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from altcraft_contract.findings import Basis
from altcraft_contract.fuzz.oracles import ORACLES
from altcraft_contract.fuzz.oracles.latency import LATENCY
from altcraft_contract.fuzz.oracles.oracle import Judgement, Suspicion
from altcraft_contract.renderers.visible import visible

if TYPE_CHECKING:
    from altcraft_contract.fuzz.exchange import Exchange
    from altcraft_contract.fuzz.identity import Identity

FITTING: Final = ("server-error", "response-contract", "echo", "content-type", "disclosure")
"""Oracles that judge one answer by itself. Whether a refusal is wrong takes more than that: refusals are counted."""
_MOST_NAMES: Final = 100  # an answer may hold a new name each time
_LONGEST: Final = 150


class Breach(NamedTuple):
    """What is wrong.

    Attributes:
        name: Tells breaches apart, the same each time.
        suspicion: What the oracle says.
    """

    name: str
    suspicion: Suspicion


class Judge:
    """Judges answers.

    Args:
        latency_limit: Seconds after which an answer is too late; None is never.
    """

    def __init__(self, latency_limit: float | None = None) -> None:
        self._limit = latency_limit
        self._told: Counter[str] = Counter()

    def judge(self, exchange: Exchange, identity: Identity, *, latency_limit: float | None = None) -> list[Breach]:
        """What is wrong with an answer; the first is the one that has been the first least often.

        Locust counts one failure a request: so each of several breaches of every answer gets its row.

        Args:
            exchange: The order and its answer.
            identity: What must not come back.
            latency_limit: As above, for this answer alone.
        """
        judgement = Judgement(kind="single", identity=identity)
        found = [one for name in FITTING for one in ORACLES[name].find((exchange,), judgement)]
        late = self._late(exchange, latency_limit or self._limit)
        found += [late] if late is not None else []
        breaches: dict[str, Breach] = {}
        for one in found:
            name = self._name(one, exchange)
            breaches.setdefault(name, Breach(name, one))
        ordered = sorted(breaches.values(), key=lambda breach: self._told[breach.name])
        if ordered:
            self._told[ordered[0].name] += 1
        return ordered

    def _name(self, suspicion: Suspicion, exchange: Exchange) -> str:
        what = suspicion.rule or suspicion.error
        place = "" if suspicion.place == exchange.case.title else suspicion.place
        where = f" at {place}" if place.startswith("/") else f", {place}" if place else ""
        name = visible(f"{suspicion.oracle}: {what}{where}"[:_LONGEST])
        is_known = name in self._told or len(self._told) < _MOST_NAMES
        return name if is_known else f"{suspicion.oracle}: others"

    def _late(self, exchange: Exchange, limit: float | None) -> Suspicion | None:
        answer = exchange.answer
        if limit is None or answer.fault is not None or answer.seconds <= limit:
            return None
        return Suspicion(
            oracle=LATENCY.name,
            guilty=0,
            message=f"the answer took {answer.seconds:.2f} s",
            expected=f"an answer within {limit:g} s",
            basis=Basis.INFERRED,
            section="request body",
            error=f"above {limit:g} s",
        )
