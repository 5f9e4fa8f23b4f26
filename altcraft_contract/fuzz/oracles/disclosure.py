"""`disclosure`: an answer that holds the token, or the inside of the server."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from altcraft_contract.findings import Basis
from altcraft_contract.fuzz.oracles.oracle import Oracle, Suspicion
from altcraft_contract.rules.catalogue import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from altcraft_contract.fuzz.exchange import Exchange
    from altcraft_contract.fuzz.oracles.oracle import Judgement

_RULE: Final = RULES["token-disclosed"]
_SHORTEST: Final = 6  # characters of a token that is looked for: shorter ones are part of other words
_MOST: Final = 1 << 20  # bytes of a body that are looked at
_TRACES: Final = {
    "a Python traceback": re.compile(rb'Traceback \(most recent call last\)|File \\?"[^"\n]+\.py\\?", line \d+'),
    "a Java stack trace": re.compile(
        rb"\bat [\w.$]+\([\w$]+\.(?:java|kt|scala):\d+\)|\b(?:java|javax|org)\.[\w.]+Exception\b"
    ),
    "a Go stack trace": re.compile(rb"goroutine \d+ \[|runtime error: |\bpanic: "),
    "a JavaScript stack trace": re.compile(
        rb"\bat [^\n(]*\(?(?:/[\w./-]+|node:[\w/]+)\.?[cm]?js:\d+:\d+|TypeError: Cannot read"
    ),
    "a .NET stack trace": re.compile(rb"\bat [\w.]+\([^)]*\) in [^\n]+:line \d+|System\.\w+Exception"),
    "a PHP error": re.compile(
        rb"(?:Fatal error|Warning|Notice)(?:</b>)?: .{1,300}? in .{1,300}? on line|Stack trace:\s*(?:\\n)?#0 "
    ),
    "a Ruby stack trace": re.compile(rb"\.rb:\d+:in "),
    "an SQL error": re.compile(
        rb"SQLSTATE\[|syntax error at or near|You have an error in your SQL syntax|\bORA-\d{5}\b|sqlite3?\.\w*Error|"
        rb"psycopg2?\.|(?i:duplicate key value violates)|near \\?\"[^\"]{0,40}\\?\": syntax error|"
        rb"(?i:\bselect\b.{1,200}\bfrom\b.{1,200}\bwhere\b|\binsert into\b.{1,200}\bvalues\b)"
    ),
    "a file of the server": re.compile(rb"root:[^:\n]{0,20}:0:0:"),
}


def find_disclosures(exchanges: Sequence[Exchange], judgement: Judgement) -> Iterator[Suspicion]:
    """Find the token, stack traces and the like in bodies and headers."""
    forms = _forms(judgement.identity.token)
    for index, exchange in enumerate(exchanges):
        conceal = judgement.identity.conceal
        parts = [(f"header {conceal(name)}", f"{name}: {value}".encode()) for name, value in exchange.answer.headers]
        for place, text in [("the body", exchange.answer.body[:_MOST]), *parts]:
            if any(form in text for form in forms):
                yield Suspicion(
                    oracle=DISCLOSURE.name,
                    guilty=index,
                    message=f"the token stands in {place} of the answer",
                    expected=f"an answer without the token: {_RULE.statement}",
                    basis=_RULE.basis,
                    section=_RULE.section,
                    rule=_RULE.id,
                    place=f"token in {place}",
                )
            for what, pattern in _TRACES.items():
                if pattern.search(text) and not pattern.search(exchange.sent):
                    yield Suspicion(
                        oracle=DISCLOSURE.name,
                        guilty=index,
                        message=f"{what} stands in {place} of the answer",
                        expected="an answer that tells nothing of the inside of the server",
                        basis=Basis.INFERRED,
                        place=f"{what} in {place}",
                    )


def _forms(token: str) -> tuple[bytes, ...]:
    """The token as texts of either syntax hold it."""
    if len(token) < _SHORTEST:
        return ()
    return tuple({text.encode() for text in (token, json.dumps(token)[1:-1], escape(token))})


DISCLOSURE: Final = Oracle(
    "disclosure",
    "An answer holds the token, a stack trace, an error of the database, or a file of the server.",
    Basis.INFERRED,
    find_disclosures,
)
