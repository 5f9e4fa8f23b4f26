"""`content-type`: a header that says something else than the body is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from altcraft_contract.findings import Basis
from altcraft_contract.fuzz.oracles.oracle import Oracle, Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from altcraft_contract.fuzz.exchange import Exchange
    from altcraft_contract.fuzz.oracles.oracle import Judgement

_TYPES: Final = {
    "json": re.compile(r"application/(?:[\w.-]+\+)?json").fullmatch,
    "xml": re.compile(r"(?:application|text)/(?:[\w.-]+\+)?xml").fullmatch,
}
_charset = re.compile(r";\s*charset\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)


def find_wrong_types(exchanges: Sequence[Exchange], judgement: Judgement) -> Iterator[Suspicion]:
    """Find envelopes whose `Content-Type` is another one than their own."""
    for index, exchange in enumerate(exchanges):
        if exchange.error is None or exchange.answer.fault is not None:
            continue
        mistake = _mistake(exchange.answer.header("content-type"), exchange.syntax)
        if mistake is not None:
            kind, message = mistake
            yield Suspicion(
                oracle=CONTENT_TYPE.name,
                guilty=index,
                message=judgement.identity.conceal(message),
                expected=f"`Content-Type: application/{exchange.syntax}`, in UTF-8",
                basis=Basis.INFERRED,
                place=f"Content-Type of {exchange.syntax.upper()}",
                error=kind,
            )


def _mistake(header: str | None, syntax: str) -> tuple[str, str] | None:
    """What is wrong, in a word and in a sentence."""
    if header is None:
        return "missing", "the answer has no Content-Type"
    essence = header.partition(";")[0].strip()
    if not _TYPES[syntax](essence.lower()):
        return "type", f"the answer is {syntax.upper()}, its Content-Type says {essence[:100]!r}"
    charset = _charset.search(header)
    if charset is not None and charset[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        return "charset", f"the answer is UTF-8, its Content-Type says {charset[1][:40]!r}"
    return None


CONTENT_TYPE: Final = Oracle(
    "content-type",
    "The `Content-Type` of an answer is missing, or is not that of its body.",
    Basis.INFERRED,
    find_wrong_types,
)
