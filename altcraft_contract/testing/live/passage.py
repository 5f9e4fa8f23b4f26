"""One order on its way from a test to a live target, under the rules of safety."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import anyio

from altcraft_contract.renderers.redaction import redact_text
from altcraft_contract.stub.asgi import ClientGone, read_request, send_answer
from altcraft_contract.stub.journal import JournalEntry
from altcraft_contract.stub.proxy_answers import own_answer
from altcraft_contract.stub.proxy_judge import outcome_of
from altcraft_contract.stub.proxy_passage import Enforcing
from altcraft_contract.stub.traffic import find_header
from altcraft_contract.target.guard import Reply
from altcraft_contract.target.not_sent import NotSent

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from altcraft_contract.stub.journal import Journal
    from altcraft_contract.stub.proxy_client import Client
    from altcraft_contract.stub.proxy_judge import Examined
    from altcraft_contract.stub.proxy_record import Record
    from altcraft_contract.stub.traffic import Answer, Headers
    from altcraft_contract.stub.transport import Refused
    from altcraft_contract.stub.upstream import Upstream
    from altcraft_contract.target.guard import Guard

_FORBIDDEN: Final = 403
_REDIRECTS: Final = range(300, 400)
_ELSEWHERE: Final = frozenset({b"location", b"refresh", b"alt-svc"})  # headers that send a client away


class LivePassage(Enforcing):
    """Sends a request if the rules of safety let it go; whatever the target answers goes back.

    Args:
        client: Who sent the request.
        upstream: Where it goes.
        record: What is kept.
        limit: Bytes of a body.
        guard: The rules of safety.
        test: What the journal of orders calls the test.
        permits: Whether a request may be sent that breaks these rules.
        on_held: Is told why a request was not sent.
    """

    def __init__(
        self,
        client: Client,
        upstream: Upstream,
        record: Record,
        limit: int,
        *,
        guard: Guard,
        test: str | None,
        permits: Callable[[Sequence[str]], bool],
        on_held: Callable[[str], None],
    ) -> None:
        super().__init__(client, upstream, record, limit)
        self._guard = guard
        self._test = test
        self._permits = permits
        self._on_held = on_held
        self._prepared = b""
        self._attempt: str | None = None
        self._has_left = False

    def holds_request(self, asked: Examined) -> bool:
        """Whether a request breaks the contract, and the test does not mean it to."""
        return bool(asked.errors) and not self._permits(asked.errors)

    def holds_answer(self, answered: Examined) -> bool:  # noqa: ARG002 - the test hears of what is wrong with it
        """Nothing: the client gets what the target says."""
        return False

    async def forward(self) -> None:
        """Send the request if it may be sent; answer the client."""
        try:
            await self.record.beside_if_large(self._prepare)
            await super().forward()
        except NotSent as refused:
            await self._hold(refused.reason)
        finally:
            self._settle()  # whatever happened: the client may be gone, and the server stopping

    def _prepare(self) -> None:
        """Make the body that may be sent.

        Raises:
            NotSent: if there is none.
        """
        asked = self.record.asked
        if asked is None or asked.verdict is None:
            raise NotSent("it could not be checked")
        self._prepared = self._guard.prepare(asked.body, asked.verdict.document.syntax)
        if self._prepared != asked.body:
            self.record.notes.append("skip_triggers was set on the way to the target")

    def outgoing(self) -> tuple[Headers, AsyncIterator[bytes]]:
        """The headers of the client, and the body that may be sent."""
        length = str(len(self._prepared)).encode()
        headers = tuple(
            (name, length if name == b"content-length" else value) for name, value in self.client.request.headers
        )
        return headers, self._leaving()

    async def _leaving(self) -> AsyncIterator[bytes]:
        self._has_left = True  # it is asked for when the connection stands
        if self._prepared:
            yield self._prepared

    async def exchange(self) -> None:
        """Wait for the turn of the request, write it down, send it, take in the answer.

        Raises:
            NotSent: if it may not be sent.
        """
        while delay := self._guard.take_turn():  # noqa: ASYNC110 - turns come with the time, which no event tells
            await anyio.sleep(delay)
        asked = await self.record.examine_request()
        external_id = asked.value.get("external_id")
        self._attempt = self._guard.send(
            external_id if isinstance(external_id, str) else None,
            test=self._test,
            skips_triggers=not self._guard.with_triggers or asked.value.get("skip_triggers") is True,
            secrets=asked.secrets_in(self.client.request),
        )
        await super().exchange()

    async def pass_answer(self) -> None:
        """Pass the answer on, but for what would send the client past the rules of safety."""
        self._settle()
        record = self.record
        status, headers = record.head
        record.head = status, tuple(header for header in headers if header[0] not in _ELSEWHERE)
        if status in _REDIRECTS:
            record.notes.append("the target redirects; the Location was left out, since no rule of safety holds there")
        await super().pass_answer()

    async def refuse(self, own: tuple[Answer, int, str]) -> None:
        """Answer in the place of the target; of an order that has left, the outcome is written down first."""
        self._settle()
        await super().refuse(own)

    async def _hold(self, reason: str) -> None:
        asked = await self.record.examine_request()
        reason = redact_text(reason, asked.secrets_in(self.client.request))
        self.record.notes.append(f"the request was not sent to the target: {reason}")
        self._on_held(reason)
        await self.refuse(own_answer(_FORBIDDEN, f"not sent to the target: {reason}", asked.syntax))

    def _settle(self) -> None:
        """Write down what became of the order, once."""
        attempt, self._attempt = self._attempt, None
        if attempt is None:
            return
        outcome = self._guard.settle(attempt, self._reply() if self._has_left else None)
        if outcome == "unknown":
            self.record.notes.append("the order may exist at the target: nothing certain came back")

    def _reply(self) -> Reply:
        record = self.record
        status, headers = record.head
        retry_after = find_header(headers, b"retry-after")
        if not status or not record.answer_body.is_whole:
            return Reply(retry_after=retry_after)
        if record.answered is None:
            return Reply(status=status, retry_after=retry_after)
        data = record.answered.value.get("data")
        order_status = data.get("status") if isinstance(data, dict) else None
        return Reply(
            status=status,
            error=outcome_of(record.answered)[1],
            order_status=order_status if isinstance(order_status, str) else None,
            retry_after=retry_after,
        )


async def refuse_unsent(client: Client, refused: Refused, journal: Journal, limit: int) -> None:
    """Refuse a request for how it was sent, as the stub does; nothing reaches the target."""
    try:
        request = await read_request(client.scope, client.receive, limit)
    except ClientGone as gone:
        request = gone.request
    answer, code, text = own_answer(refused.status, refused.text, None, headers=refused.headers)
    entry = JournalEntry(
        request,
        body_size=len(request.body),
        refusal=refused.refusal,
        notes=("the request was not sent to the target",),
        answer=answer,
        answer_size=len(answer.body),
        outcome="refused",
        error=code,
        error_text=text,
    )
    entry.trim()
    journal.add(entry)
    await send_answer(answer, client.scope, client.receive, client.send)
