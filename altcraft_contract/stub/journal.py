"""The journal: every request with what was found and what was answered, without secrets.

It is bounded: the oldest entries go first, and are counted. Bodies are judged again when somebody asks for the
findings, so that an entry costs little more than its bytes.
"""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from secrets import token_hex
from threading import Condition
from typing import TYPE_CHECKING, Any, Final, Literal, overload

from altcraft_contract.findings import CheckResult, with_findings
from altcraft_contract.stub.entry_json import render_entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from altcraft_contract.contract import Syntax
    from altcraft_contract.findings import Finding
    from altcraft_contract.stub.traffic import Answer, Request

_logger: Final = logging.getLogger("altcraft_contract.stub")

Refusal = Literal[
    "contract", "token", "path", "method", "content-type", "too-large", "scenario", "incomplete", "failure"
]
Outcome = Literal["success", "outdated", "refused", "broken"]
Check = Callable[[], CheckResult]

MOST_ENTRIES: Final = 10_000
MOST_BYTES: Final = 64 * 1024 * 1024
_OBJECTS: Final = 2_000  # bytes of memory that an entry takes beside what it keeps, more or less
_OBJECT: Final = 200  # bytes of memory that a header takes beside its name and its value
LONGEST_ID: Final = 10_000  # characters of an order's id that an entry keeps; fewer are shown, without secrets
LARGEST_BODY: Final = 1024 * 1024  # bytes of a body that an entry keeps


@dataclass(slots=True, eq=False)
class JournalEntry:
    """One request, and what became of it.

    Attributes:
        request: As it came; of a body over 1 MiB only the beginning is kept.
        body_size: Bytes of the body that came.
        secrets: Those of a body that is not kept whole.
        syntax: `json` or `xml`, as the request says; None if it says neither.
        external_id: Of the order, as far as it can be read.
        ok: Whether the request has no error and was not refused for how it was sent.
        check: Judges the request; None if its body was not looked at.
        refusal: Why it was refused; None if it was not.
        scenario: Name of the scenario that answered; None if the request was refused.
        is_repeat: Whether the order had been confirmed before.
        notes: What a person should know, though no rule speaks of it.
        answer: What was answered; None if there was nothing to answer to, or nobody.
        answer_size: Bytes of its body, of which an entry keeps no more than 1 MiB.
        outcome: What the answer says, once it is whole.
        error: Its `error`.
        error_text: Its `error_text`.
        check_answer: Judges the answer, where answers are judged: the proxy does, the stub knows its own.
        check_exchange: Judges the two together, where answers are judged.
        failures: How many of request, answer and exchange have an error.
        is_unreachable: Whether the request was sent to a service that did not answer.
        rules: The rules that were broken, by request and answer, each once.
        number: 1-based, in the order of arrival; 0 until it is in the journal.
        weight: Bytes of what it keeps of the wire; 0 until then.
        time: When the request was whole, in UTC.
        duration: Seconds from then until the answer was ready.
    """

    request: Request
    body_size: int = 0
    secrets: frozenset[str] = frozenset()
    syntax: Syntax | None = None
    external_id: str | None = None
    ok: bool = False
    check: Check | None = None
    refusal: Refusal | None = None
    scenario: str | None = None
    is_repeat: bool = False
    notes: tuple[str, ...] = ()
    answer: Answer | None = None
    answer_size: int = 0
    outcome: Outcome | None = None
    error: int | None = None
    error_text: str | None = None
    check_answer: Check | None = None
    check_exchange: Check | None = None
    failures: int = 0
    is_unreachable: bool = False
    rules: tuple[str, ...] = ()
    number: int = 0
    weight: int = 0
    time: datetime = field(default_factory=lambda: datetime.now(UTC))
    duration: float = 0.0

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found in the request, in the order of the document."""
        return self.check().findings if self.check is not None else ()

    @property
    def answer_findings(self) -> tuple[Finding, ...]:
        """What was found in the answer, where answers are judged."""
        return self.check_answer().findings if self.check_answer is not None else ()

    @property
    def exchange_findings(self) -> tuple[Finding, ...]:
        """What was found in request and answer together, where answers are judged."""
        return self.check_exchange().findings if self.check_exchange is not None else ()

    def trim(self) -> None:
        """Keep no more of large bodies than there is room for; what was found in them is kept."""
        if len(self.request.body) > LARGEST_BODY:
            if self.check is not None:
                self.check = settled(self.check)
            self.request = self.request._replace(body=self.request.body[:LARGEST_BODY])
        if self.answer is not None and len(self.answer.body) > LARGEST_BODY:
            self.answer = self.answer._replace(body=self.answer.body[:LARGEST_BODY])

    def as_json(self) -> dict[str, Any]:
        """The JSON form of `/__altcraft__/journal`, without secrets."""
        return render_entry(self)

    def __repr__(self) -> str:
        outcome = self.refusal or self.outcome or "no answer"
        return f"<JournalEntry {self.number}: {self.request.method} {self.external_id or ''} {outcome}>"


def settled(check: Check) -> Check:
    """A check whose findings are known, and which does not hold the document."""
    result = check()
    known = with_findings(result, result.findings)
    return lambda: known


def _weight_of(entry: JournalEntry) -> int:
    """Bytes of what an entry keeps of the wire."""
    request, answer = entry.request, entry.answer
    size = _OBJECTS + len(request.body) + len(request.path) + len(request.query)
    for name, value in request.headers:
        size += _OBJECT + len(name) + len(value)
    return size if answer is None else size + len(answer.body)


class Counts:
    """What has come in since the last reset, dropped entries included.

    Attributes:
        received: Requests.
        refused: Those that were answered with a refusal, whether the stub or a scenario refused.
        accepted: Those that were answered with a success.
        rules: Rule id to number of findings, of requests and answers.
        scenarios: Name to number of answers.
        failed: Requests, answers and exchanges with at least one error.
        judged: Requests whose body was looked at.
        unreachable: Requests that the target did not answer.
    """

    def __init__(self) -> None:
        self.received = 0
        self.refused = 0
        self.accepted = 0
        self.failed = 0
        self.judged = 0
        self.unreachable = 0
        self.rules: Counter[str] = Counter()
        self.scenarios: Counter[str] = Counter()

    def count(self, entry: JournalEntry, rules: Iterable[str]) -> None:
        """Take an entry into account, with the rules that were broken, each as often as it was."""
        self.received += 1
        self.refused += entry.outcome == "refused"
        self.accepted += entry.outcome == "success"
        self.judged += entry.check is not None
        self.failed += entry.failures
        self.unreachable += entry.is_unreachable
        if entry.scenario is not None:
            self.scenarios[entry.scenario] += 1
        for rule in rules:
            self.rules[rule] += 1


class Journal:
    """The newest entries, in the order of arrival: a sequence that grows at its end and is bounded at its beginning.

    Args:
        most_entries: How many entries are kept.
        most_bytes: How many bytes of bodies, headers and paths are kept in all.

    Attributes:
        run: Tells what is kept from what was before the last reset, or in another process: numbers begin with 1 again.
        counts: What has come in since the last reset.
    """

    def __init__(self, *, most_entries: int = MOST_ENTRIES, most_bytes: int = MOST_BYTES) -> None:
        self.run = token_hex(8)
        self.most_entries = most_entries
        self.most_bytes = most_bytes
        self._changed = Condition()
        self._entries: deque[JournalEntry] = deque()
        self._listeners: list[Callable[[JournalEntry], None]] = []
        self._bytes = 0
        self._dropped = 0
        self._waiting = 0
        self.counts = Counts()

    @property
    def received(self) -> int:
        """How many requests have come in since the last reset."""
        return self.counts.received

    @property
    def dropped(self) -> int:
        """How many entries had to go since the last reset."""
        return self._dropped

    def listen(self, listener: Callable[[JournalEntry], None]) -> None:
        """Tell *listener* of every new entry, in the thread that serves."""
        self._listeners.append(listener)

    def add(self, entry: JournalEntry, rules: Sequence[str] = ()) -> None:
        """Take a new entry in; *rules* are those that were broken, each as often as it was."""
        with self._changed:
            self.counts.count(entry, rules)
            entry.rules = tuple(dict.fromkeys(rules))
            entry.number = self.counts.received
            self._entries.append(entry)
            entry.weight = _weight_of(entry)
            self._bytes += entry.weight
            while len(self._entries) > self.most_entries or self._bytes > self.most_bytes:
                self._bytes -= self._entries.popleft().weight
                self._dropped += 1
            if self._waiting:
                self._changed.notify_all()
        for listener in self._listeners:
            try:
                listener(entry)
            except Exception:  # the order is confirmed, whatever becomes of what is said about it
                _logger.exception("a listener of the journal failed")

    @property
    def is_listened_to(self) -> bool:
        """Whether anybody is told of new entries."""
        return bool(self._listeners)

    def wait_for(self, received: int, *, timeout: float = 10.0) -> None:
        """Wait until so many requests have come in.

        Raises:
            TimeoutError: if they have not after *timeout* seconds.
        """
        with self._changed:
            self._waiting += 1
            try:
                if not self._changed.wait_for(lambda: self.counts.received >= received, timeout):
                    raise TimeoutError(f"{self.counts.received} of {received} requests came in within {timeout} s")
            finally:
                self._waiting -= 1

    def reset(self) -> None:
        """Forget every entry; numbers begin with 1 again."""
        with self._changed:
            self._entries.clear()
            self.run = token_hex(8)
            self._bytes = self._dropped = 0
            self.counts = Counts()

    def after(self, number: int, *, limit: int, matches: Callable[[JournalEntry], bool]) -> list[JournalEntry]:
        """The first *limit* entries with a higher number that match."""
        found = (entry for entry in self._snapshot() if entry.number > number and matches(entry))
        return list(islice(found, limit))

    def _snapshot(self) -> Sequence[JournalEntry]:
        with self._changed:
            return tuple(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[JournalEntry]:
        return iter(self._snapshot())

    @overload
    def __getitem__(self, index: int) -> JournalEntry: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[JournalEntry]: ...
    def __getitem__(self, index: int | slice) -> JournalEntry | Sequence[JournalEntry]:
        return self._snapshot()[index]

    def __repr__(self) -> str:
        return f"<Journal of {self.received} requests, {len(self)} kept>"

    @property
    def broken_rules(self) -> Mapping[str, int]:
        """Rule id to number of findings since the last reset, warnings included."""
        return dict(self.counts.rules)
