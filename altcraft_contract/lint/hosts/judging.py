"""Excerpts to checked documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from altcraft_contract.documents.limits import DEFAULT_LIMITS, Limits
from altcraft_contract.lint.hosts.host import Excerpt, Exchange, Unseen
from altcraft_contract.renderers.report import Entry
from altcraft_contract.rules.selection import ALL_RULES, RuleSelection
from altcraft_contract.validation import check_exchange, check_request, check_response

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from altcraft_contract.findings import CheckResult


class Judgement(NamedTuple):
    """What was found in one message of a host file, or in a request and its response together.

    Attributes:
        entry: For the renderers; its path says where in the host file the message stands.
        body: Of the message; None if two were checked together, which `entry.result.message` tells, too.
        secrets: What must not be shown besides the secrets of the body.
    """

    entry: Entry
    body: bytes | None
    secrets: frozenset[str]


def iter_judgements(
    exchanges: Iterable[Exchange], path: str, *, rules: RuleSelection = ALL_RULES, limits: Limits = DEFAULT_LIMITS
) -> Iterator[Judgement | Unseen]:
    """Check every message of *exchanges*, and each request and response together, one after the other.

    Args:
        exchanges: As a host file holds them.
        path: Of the host file, as the user knows it.
        rules: Which rules count, and how severely.
        limits: Bounds on each document.

    Yields:
        What was found, with and without findings; messages that cannot be checked as they are.
    """
    for exchange in exchanges:
        yield from _iter_of(exchange, path, rules, limits)


def place_of(path: str, line: int | None, where: str) -> str:
    """Where in a host file something stands; terminals make a link of its beginning."""
    return f"{path}:{line} ({where})" if line is not None else f"{path} ({where})"


def _iter_of(exchange: Exchange, path: str, rules: RuleSelection, limits: Limits) -> Iterator[Judgement | Unseen]:
    request, response = exchange.request, exchange.response
    for message in (request, response):
        if isinstance(message, Excerpt):
            result = _check(message, rules, limits)
            yield Judgement(
                _entry(result, message, path, message.where), message.body, _secrets_beside(message, exchange, result)
            )
        elif message is not None:
            yield message
    if isinstance(request, Excerpt) and isinstance(response, Excerpt):
        result = check_exchange(
            request.body,
            response.body,
            request_syntax=request.syntax,
            response_syntax=response.syntax,
            rules=rules,
            limits=limits,
            token_in_header=request.token_in_header,
        )
        entry = _entry(result, response, path, f"{exchange.where}, response to its request")
        yield Judgement(entry, None, _secrets_beside(response, exchange, result))


def _check(excerpt: Excerpt, rules: RuleSelection, limits: Limits) -> CheckResult:
    if excerpt.what == "request":
        return check_request(
            excerpt.body,
            syntax=excerpt.syntax,
            rules=rules,
            limits=limits,
            token_in_header=excerpt.token_in_header,
        )
    return check_response(excerpt.body, syntax=excerpt.syntax, rules=rules, limits=limits)


def _entry(result: CheckResult, excerpt: Excerpt, path: str, where: str) -> Entry:
    text = excerpt.body.decode(errors="replace") if result.findings else ""
    return Entry(place_of(path, excerpt.line, where), None, result, text)


def _secrets_beside(excerpt: Excerpt, exchange: Exchange, result: CheckResult) -> frozenset[str]:
    """The secrets outside of *excerpt*: an answer may repeat those of its request."""
    request = exchange.request
    if not result.findings or excerpt is request or not isinstance(request, Excerpt):
        return exchange.secrets
    from altcraft_contract.renderers.redaction import Redactor  # noqa: PLC0415 - only answers with findings need it

    return exchange.secrets | Redactor(request.body.decode(errors="replace")).secrets
