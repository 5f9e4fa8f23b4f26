"""What the proxy keeps of one request and its answer, until both are in the journal."""

from __future__ import annotations

from datetime import UTC, datetime
from time import perf_counter
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread

from altcraft_contract.stub.asgi import LARGE
from altcraft_contract.stub.journal import LARGEST_BODY, LONGEST_ID, JournalEntry, settled
from altcraft_contract.stub.proxy_body import Copy
from altcraft_contract.stub.proxy_judge import outcome_of
from altcraft_contract.stub.traffic import Answer, Headers, Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from altcraft_contract.findings import CheckResult
    from altcraft_contract.stub.journal import Journal, Refusal
    from altcraft_contract.stub.proxy_judge import Examined, Judge


class Record:
    """One request and its answer.

    Args:
        request: The request; its body is in `body`, or comes there.
        judge: Examines both.
        journal: Where they are entered.

    Attributes:
        body: Copy of the body of the request.
        head: Status and headers of the service's answer; the status is 0 until it comes.
        answer_body: Copy of its body.
        notes: What a person should know besides.
        refusal: Why the proxy refused the request; None if it did not.
        own_answer: What the proxy answered by itself, and its text.
        is_entered: Whether they are.
        is_unreachable: Whether the service gave no answer, or none that is whole.
        asked: What was found in the request, once it has been examined.
        answered: What was found in the answer.
        exchange: What was found in the two together.
    """

    def __init__(self, request: Request, judge: Judge, journal: Journal) -> None:
        limit = judge.limits.max_bytes
        self.body, self.answer_body = Copy(limit), Copy(limit)
        self.notes: list[str] = []
        self.refusal: Refusal | None = None
        self.own_answer: tuple[Answer, int, str] | None = None
        self.is_entered = False
        self.is_unreachable = False
        self.asked: Examined | None = None
        self.answered: Examined | None = None
        self.exchange: CheckResult | None = None
        self._request = request
        self._judge = judge
        self._journal = journal
        self._examining = anyio.Lock()
        self.head: tuple[int, Headers] = (0, ())
        self._time: datetime | None = None
        self._started = self._ended = perf_counter()

    def start(self) -> None:
        """Take the time: the request is whole."""
        self._time, self._started = datetime.now(UTC), perf_counter()

    def answer_begins(self, status: int, headers: Headers) -> None:
        """Take in the head of the service's answer."""
        self.head = status, headers

    @property
    def is_large(self) -> bool:
        """Whether there is so much to examine that others would have to wait meanwhile."""
        return self.body.size > LARGE or self.answer_body.size > LARGE

    async def examine_request(self) -> Examined:
        """Examine the request, once."""
        async with self._examining:
            await self.beside_if_large(self._examine_request)
        return self._examine_request()

    def _examine_request(self) -> Examined:
        if self.asked is None:
            self.asked = self._judge.examine_request(self._request, self.body)
        return self.asked

    async def examine_answer(self) -> None:
        """Examine the answer, and the two together."""
        await self.examine_request()
        await self.beside_if_large(self._examine_answer)

    def _examine_answer(self) -> None:
        asked = self._examine_request()
        if self.head[0]:
            self.answered = self._judge.examine_answer(*self.head, self.answer_body)
            self.exchange = self._judge.examine_exchange(self._request, asked, self.answered)

    async def enter(self) -> None:
        """Enter both in the journal."""
        self._ended = perf_counter()
        if self.answered is None:
            await self.examine_answer()
        entries: list[JournalEntry] = []
        await self.beside_if_large(lambda: entries.append(self._entry()))
        self._add(entries[0])

    def enter_at_once(self) -> None:
        """The same, when there is no time left."""
        self._ended = perf_counter()
        if self.answered is None:
            self._examine_answer()
        self._add(self._entry())

    def _add(self, entry: JournalEntry) -> None:
        self.is_entered = True
        self._journal.add(entry, self._rules())

    async def beside_if_large(self, work: Callable[[], object]) -> None:
        """Do *work*; if there is much of it, beside the event loop, so that others are served meanwhile."""
        if self.is_large:
            await anyio.to_thread.run_sync(work)
        else:
            work()

    def _rules(self) -> list[str]:
        rules = [rule for found in (self.asked, self.answered) if found is not None for rule in found.rules]
        return rules + ([finding.rule for finding in self.exchange.findings] if self.exchange is not None else [])

    def _entry(self) -> JournalEntry:
        asked = self._examine_request()
        external_id = asked.value.get("external_id")
        request = self._request._replace(body=asked.body)
        if not self.body.is_whole:
            request = request._replace(hindrance="incomplete")
        entry = JournalEntry(
            request,
            body_size=asked.size,
            syntax=asked.syntax,
            external_id=external_id[:LONGEST_ID] if isinstance(external_id, str) else None,
            ok=asked.check is not None and not asked.errors,
            refusal=self.refusal,
            failures=int(bool(asked.errors)),
            is_unreachable=self.is_unreachable,
            duration=self._ended - self._started,
        )
        entry.time = self._time or entry.time
        if self.answered is not None:
            self._enter_answer(entry, asked, self.answered)
        elif self.own_answer is not None:
            entry.answer, entry.error, entry.error_text = self.own_answer
            entry.answer_size = len(entry.answer.body)
            entry.outcome = "broken" if self.is_unreachable else "refused"
        entry.notes = (*asked.notes, *(self.answered.notes if self.answered is not None else ()), *self.notes)
        if len(asked.body) > LARGEST_BODY or self._journal.is_listened_to:
            entry.secrets = asked.secrets_in(request)
        asked.settle()
        entry.check, entry.request = asked.check, request._replace(body=asked.body)
        return entry

    def _enter_answer(self, entry: JournalEntry, asked: Examined, answered: Examined) -> None:
        status, headers = self.head
        exchange = self.exchange
        entry.failures += bool(answered.errors)
        if exchange is not None:
            entry.failures += not exchange.ok
            entry.check_exchange = self._judge.exchange_check(self._request, asked, answered)
            if len(asked.body) > LARGEST_BODY or len(answered.body) > LARGEST_BODY:
                entry.check_exchange = settled(lambda: exchange)
        if answered.check is not None:
            entry.outcome, entry.error, entry.error_text = outcome_of(answered)
        elif self.is_unreachable:
            entry.outcome = "broken"
        if asked.is_opaque:
            answered.body, answered.check, entry.error_text = b"", None, None
            self.notes.append("the answer is not shown: it may repeat a secret of the request, which could not be read")
        answered.settle()
        entry.check_answer = answered.check
        entry.answer, entry.answer_size = Answer(status, headers, answered.body), answered.size
