"""What an oracle is, what it is told, and what it says."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from altcraft_contract.findings import Basis
from altcraft_contract.fuzz.failure import Cause

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from altcraft_contract.fuzz.case import Case, Kind
    from altcraft_contract.fuzz.exchange import Exchange
    from altcraft_contract.fuzz.identity import Identity
    from altcraft_contract.fuzz.settings import FailBasis

USUAL: Final = 0.02  # seconds of an answer, before any is known
SERVER_ERRORS: Final = range(500, 600)
_LONGEST_TEXT: Final = 80
_quoted = re.compile(r"""(["'`]).*?\1""")
_changing = re.compile(r"acf-[0-9a-f]{8}\S*|(?:/[\w*]+)+|[0-9a-f]{8,}|[0-9]+")
_index = re.compile(r"/[0-9]+(?=/|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """What an oracle has against an exchange.

    Attributes:
        oracle: Its name.
        guilty: Index of the exchange.
        message: What is wrong, in a sentence; without secrets.
        expected: What was expected, in a sentence.
        basis: Why it is wrong.
        section: Section of the vendor's page.
        rule: Id of the rule; None if the oracle judges by none.
        place: Pointer with `*` for indexes, or what is special about the request.
        error: What the answer said: its `error`, its HTTP status, or what went wrong on the wire.
        text: What else tells it from others.
    """

    oracle: str
    guilty: int
    message: str
    expected: str
    basis: Basis = Basis.DOCUMENTED
    section: str = "response body"
    rule: str | None = None
    place: str = ""
    error: str = ""
    text: str = ""

    @property
    def cause(self) -> Cause:
        """What makes it the same as another."""
        return Cause(self.oracle, self.rule or "", self.place, self.error, self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What oracles are told besides the exchanges.

    Attributes:
        kind: What the exchanges have to do with each other.
        identity: What must not come back.
        has_token: Whether the token is the installation's; a made-up one says nothing about authentication.
        fail_basis: Whether inferred rules fail.
        usual: Seconds that an answer usually takes.
    """

    kind: Kind
    identity: Identity
    has_token: bool = True
    fail_basis: FailBasis = "any"
    usual: float = USUAL


@dataclass(frozen=True, slots=True)
class Oracle:
    """One way to judge exchanges.

    Attributes:
        name: In kebab-case.
        statement: What it fails for, in a sentence.
        basis: Why that is a failure.
        find: Finds it.
    """

    name: str
    statement: str
    basis: Basis
    find: Callable[[Sequence[Exchange], Judgement], Iterator[Suspicion]] = field(repr=False)


def said(exchange: Exchange) -> str:
    """What an answer said, for telling causes apart: what went wrong on the wire, its HTTP status, its `error`."""
    answer = exchange.answer
    if answer.fault is not None or answer.surplus:
        return answer.fault or "surplus"
    if answer.status in SERVER_ERRORS or exchange.error is None:
        return f"HTTP {answer.status}"
    return f"error {exchange.error}"


def normal_text(exchange: Exchange, identity: Identity) -> str:
    """`error_text` without what changes from one request to the next."""
    text = identity.conceal((exchange.error_text or "")[: 10 * _LONGEST_TEXT])
    return " ".join(_changing.sub("#", _quoted.sub("…", text.lower())).split())[:_LONGEST_TEXT]


def starred(pointer: str) -> str:
    """*pointer* with `*` for indexes."""
    return _index.sub("/*", pointer)


def subject_of(case: Case) -> str:
    """Where a case is special; its title, if that is no single place."""
    return case.place or case.title
