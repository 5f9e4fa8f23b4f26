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

    from altcraft_contract.contract import Contract
    from altcraft_contract.findings import CheckResult
    from altcraft_contract.lint.hosts.host_text import HostText
    from altcraft_contract.validation.checking import Engine


class Judgement(NamedTuple):
    """What was found in one message of a host file, or in a request and its response together.

    Attributes:
        entry: For the renderers; its findings stand at the places of the host file.
        body: Of the message; None if two were checked together, which `entry.result.message` tells, too.
    """

    entry: Entry
    body: bytes | None


def iter_judgements(
    exchanges: Iterable[Exchange],
    path: str,
    host: HostText,
    *,
    rules: RuleSelection = ALL_RULES,
    limits: Limits = DEFAULT_LIMITS,
    engine: Engine = "fast",
    contract: Contract | None = None,
) -> Iterator[Judgement | Unseen]:
    """Check every message of *exchanges*, and each request and response together, one after the other.

    Args:
        exchanges: As a host file holds them.
        path: Of the host file, as the user knows it.
        host: The text of the host file.
        rules: Which rules count, and how severely.
        limits: Bounds on each document.
        engine: `fast` or `reference`.
        contract: The version of the contract; None is the newest.

    Yields:
        What was found, with and without findings; messages that cannot be checked as they are.
    """
    judge = _Judge(path, host, rules, limits, engine, contract)
    for exchange in exchanges:
        yield from judge.judge(exchange)


def place_of(path: str, line: int | None, where: str) -> str:
    """Where in a host file something stands; terminals make a link of its beginning."""
    return f"{path}:{line} ({where})" if line is not None else f"{path} ({where})"


class _Judge(NamedTuple):
    path: str
    host: HostText
    rules: RuleSelection
    limits: Limits
    engine: Engine
    contract: Contract | None

    def judge(self, exchange: Exchange) -> Iterator[Judgement | Unseen]:
        request, response = exchange.request, exchange.response
        for message in (None if exchange.repeats else request, response):
            if isinstance(message, Excerpt):
                entry = self.entry(self.check(message), message, exchange, message.where)
                yield Judgement(entry, message.body)
            elif message is not None:
                yield message
        if isinstance(request, Excerpt) and isinstance(response, Excerpt):
            result = self.check_both(request, response)
            yield Judgement(self.entry(result, response, exchange, f"{exchange.where}, response to its request"), None)

    def check(self, excerpt: Excerpt) -> CheckResult:
        if excerpt.what == "request":
            return check_request(
                excerpt.body,
                syntax=excerpt.syntax,
                rules=self.rules,
                limits=self.limits,
                engine=self.engine,
                contract=self.contract,
                token_in_header=excerpt.token_in_header,
            )
        return check_response(
            excerpt.body,
            syntax=excerpt.syntax,
            rules=self.rules,
            limits=self.limits,
            engine=self.engine,
            contract=self.contract,
        )

    def check_both(self, request: Excerpt, response: Excerpt) -> CheckResult:
        return check_exchange(
            request.body,
            response.body,
            request_syntax=request.syntax,
            response_syntax=response.syntax,
            rules=self.rules,
            limits=self.limits,
            engine=self.engine,
            contract=self.contract,
            token_in_header=request.token_in_header,
        )

    def entry(self, result: CheckResult, excerpt: Excerpt, exchange: Exchange, where: str) -> Entry:
        if not result.findings:
            return Entry(self.path, None, result, "", where=where, secrets=exchange.secrets)
        from altcraft_contract.lint.hosts.placeholders import without_placeholders  # noqa: PLC0415 - only findings
        from altcraft_contract.lint.hosts.placing import place_result  # noqa: PLC0415 - need these

        result = without_placeholders(result, excerpt, self.limits)
        secrets = _secrets_beside(excerpt, exchange)
        return place_result(result, excerpt, self.host, path=self.path, where=where, secrets=secrets)


def _secrets_beside(excerpt: Excerpt, exchange: Exchange) -> frozenset[str]:
    """The secrets outside of *excerpt*: an answer may repeat those of its request."""
    request = exchange.request
    if excerpt is request or not isinstance(request, Excerpt):
        return exchange.secrets
    from altcraft_contract.renderers.redaction import Redactor  # noqa: PLC0415 - only answers with findings need it

    return exchange.secrets | Redactor(request.body.decode(errors="replace")).secrets
