"""Host files to the entries of a run."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from altcraft_contract.documents.limits import DEFAULT_LIMITS, Limits
from altcraft_contract.findings import with_findings
from altcraft_contract.lint.hosts.host import Unseen
from altcraft_contract.lint.hosts.host_text import HostText
from altcraft_contract.lint.hosts.judging import iter_judgements
from altcraft_contract.rules.selection import ALL_RULES, RuleSelection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from altcraft_contract.contract import Contract
    from altcraft_contract.findings import Finding
    from altcraft_contract.lint.hosts.host import Host
    from altcraft_contract.renderers.report import Entry
    from altcraft_contract.validation.checking import Engine

_NAMELESS: Final = frozenset({"HTTP Archive", "cassette", "Markdown document"})  # hosts whose parts are only numbered


def iter_host_entries(
    host: Host,
    data: bytes,
    path: str,
    *,
    rules: RuleSelection = ALL_RULES,
    limits: Limits = DEFAULT_LIMITS,
    engine: Engine = "fast",
    contract: Contract | None = None,
    unseen: Callable[[Unseen], None],
) -> Iterator[Entry]:
    """Check every message within a host file; what a response does wrong to its request counts for the response.

    Args:
        host: What the file is, as `find_host` tells it.
        data: Its bytes.
        path: Of the file, as the user knows it.
        rules: Which rules count, and how severely.
        limits: Bounds on the file and on each document.
        engine: `fast` or `reference`.
        contract: The version of the contract; None is the newest.
        unseen: Is told of each message that cannot be checked.

    Raises:
        UnreadableFile: if it is no file of that kind.
    """
    names = _Names(host, data)
    waiting: Entry | None = None
    exchanges = host.iter_exchanges(data, path, limits)
    for judgement in iter_judgements(
        exchanges, path, HostText(data), rules=rules, limits=limits, engine=engine, contract=contract
    ):
        if isinstance(judgement, Unseen):
            unseen(names.in_unseen(judgement))
        elif judgement.body is None and waiting is not None:
            waiting = _joined(waiting, judgement.entry)
        else:
            if waiting is not None:
                yield names.in_entry(waiting)
            waiting = judgement.entry
    if waiting is not None:
        yield names.in_entry(waiting)


class _Names:
    """Takes secrets of a host file out of the names that people gave to its parts."""

    def __init__(self, host: Host, data: bytes) -> None:
        self._has_names = host.name not in _NAMELESS
        self._data = data

    def in_entry(self, entry: Entry) -> Entry:
        if not entry.result.findings or not self._has_names:
            return entry
        return entry._replace(where=self._redact(entry.where))

    def in_unseen(self, unseen: Unseen) -> Unseen:
        if not self._has_names:
            return unseen
        return replace(unseen, where=self._redact(unseen.where), reason=self._redact(unseen.reason))

    @cached_property
    def _redact(self) -> Callable[[str], str]:
        from altcraft_contract.renderers.redaction import Redactor  # noqa: PLC0415 - only what is told needs it

        return Redactor(self._data.decode(errors="replace")).redact


def _joined(response: Entry, exchange: Entry) -> Entry:
    """The entry of a response with what was found in it and its request together."""
    if not exchange.result.findings:
        return response
    if not response.result.findings:
        window = exchange
    else:
        window = response if response.first_line == exchange.first_line else response._replace(text="", first_line=1)
    found = [
        replace(finding, line=(finding.line or 1) + entry.first_line - window.first_line)
        for entry in (response, exchange)
        for finding in entry.result.findings
    ]
    result = with_findings(response.result, sorted(found, key=_place))
    secrets = response.secrets | exchange.secrets
    return response._replace(result=result, text=window.text, first_line=window.first_line, secrets=secrets)


def _place(finding: Finding) -> tuple[int, int]:
    return finding.line or 0, finding.column or 0
