"""Asking every oracle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from altcraft_contract.fuzz.oracles import ORACLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from altcraft_contract.fuzz.exchange import Exchange
    from altcraft_contract.fuzz.oracles.oracle import Judgement, Suspicion


def judge(exchanges: Sequence[Exchange], judgement: Judgement) -> Iterator[Suspicion]:
    """What the oracles have against the exchanges of one trial, in the order of their table."""
    for oracle in ORACLES.values():
        yield from oracle.find(exchanges, judgement)
