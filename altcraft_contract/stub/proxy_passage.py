"""One request on its way through the proxy: passed on as it is, observed, or held to the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import anyio

from altcraft_contract.errors import TargetUnreachable
from altcraft_contract.stub.asgi import ClientGone, read_request, send_answer
from altcraft_contract.stub.proxy_answers import answer_text, own_answer, request_text
from altcraft_contract.stub.proxy_client import WentAway
from altcraft_contract.stub.refusal_text import FINDINGS_HEADER, findings_header
from altcraft_contract.stub.traffic import find_header

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from altcraft_contract.stub.proxy_client import Client
    from altcraft_contract.stub.proxy_judge import Examined
    from altcraft_contract.stub.proxy_record import Record
    from altcraft_contract.stub.traffic import Answer, Headers
    from altcraft_contract.stub.upstream import Upstream, UpstreamAnswer

_OK: Final = 200
_INCORRECT: Final = 400
_TOO_LARGE: Final = 413
_BAD_GATEWAY: Final = 502
_WITHOUT_BODY: Final = (204, 304)


class Passing:
    """Passes a request on, and the answer back, piece by piece.

    Args:
        client: Who sent the request.
        upstream: Where it goes.
    """

    def __init__(self, client: Client, upstream: Upstream) -> None:
        self.client = client
        self.upstream = upstream
        self.body = client.body()

    async def run(self) -> None:
        """Do it; if the service does not answer, the client is told."""
        try:
            await self.client.while_there(self.exchange, self.body.whole, self.when_whole)
        except TargetUnreachable as fault:
            if self.client.has_begun:
                await self.client.cut()
            else:
                await self.send(own_answer(_BAD_GATEWAY, f"the proxy got no answer from {fault}", None)[0])

    async def when_whole(self) -> None:
        """Do what is to be done once the request is whole."""

    async def exchange(self) -> None:
        """Send the request; relay the answer."""
        request = self.client.request
        async with self.upstream.send(request.method, self.client.path, request.headers, self.body) as answer:
            await self.relay(answer)

    async def relay(self, answer: UpstreamAnswer) -> None:
        """Pass the answer back."""
        await self.client.begin(answer.status, answer.headers)
        async with answer.parts() as parts:
            async for part in parts:
                await self.client.go_on(part)
        await self.client.end()

    async def send(self, answer: Answer) -> None:
        """Answer in the place of the service."""
        await send_answer(answer, self.client.scope, self.client.receive, self.client.send)


class Observing(Passing):
    """The same, with a copy of both that is checked; nothing is changed but for a small header.

    Args:
        client: Who sent the request.
        upstream: Where it goes.
        record: What is kept.
    """

    def __init__(self, client: Client, upstream: Upstream, record: Record) -> None:
        super().__init__(client, upstream)
        self.record = record
        self.body = client.body(record.body)

    async def run(self) -> None:
        """Do it; both are in the journal before the client can have the whole answer."""
        try:
            await self.client.while_there(self.exchange, self.body.whole, self.when_whole)
        except TargetUnreachable as fault:
            await self._fail(fault)
        finally:
            if not self.record.is_entered:  # the client is gone, the server is stopping, or there is a bug
                _note_end(self.client, self.record)
                self.record.enter_at_once()

    async def when_whole(self) -> None:
        """Examine the request while the service works on it."""
        self.record.start()
        await self.record.examine_request()

    async def relay(self, answer: UpstreamAnswer) -> None:
        """Pass the answer back; of one with a known length the last piece waits until both are in the journal."""
        client, record = self.client, self.record
        record.answer_begins(answer.status, answer.headers)
        if self.body.whole.is_set() and not record.is_large:
            await record.examine_request()
        head = answer.status, (*answer.headers, *self._findings(answer.headers))
        length = find_header(answer.headers, b"content-length")
        is_empty = length == "0" or answer.status in _WITHOUT_BODY
        if not is_empty:
            await client.begin(*head)
        last = b""
        async with answer.parts() as parts:
            async for part in parts:
                record.answer_body.add(part)
                if length is not None and record.answer_body.size >= int(length):
                    last = part
                else:
                    await client.go_on(part)
        record.answer_body.is_whole = True
        await record.enter()
        if is_empty:
            await client.begin(*head)
        await client.end(last)

    def _findings(self, headers: Headers) -> Headers:
        """The header that names what is wrong with the request, if that is known and the service has none like it."""
        asked = self.record.asked
        if asked is None or find_header(headers, FINDINGS_HEADER) is not None:
            return ()
        return findings_header(asked.errors)

    async def _fail(self, fault: TargetUnreachable) -> None:
        """Tell the client, or cut its connection, that there is no answer or only a part of it."""
        client, record = self.client, self.record
        record.is_unreachable = True
        record.notes.append(f"no whole answer from {fault}" if client.has_begun else f"no answer from {fault}")
        if client.has_begun:
            await record.enter()
            await client.cut()
            return
        try:
            await self.body.drain()
        except WentAway:
            client.is_gone = True
            return
        asked = await record.examine_request()
        record.own_answer = own_answer(_BAD_GATEWAY, f"the proxy got no answer from {fault}", asked.syntax)
        await record.enter()
        await self.send(record.own_answer[0])


class Enforcing:
    """Holds a request and its answer to the contract: what breaks it does not pass.

    Args:
        client: Who sent the request.
        upstream: Where it goes.
        record: What is kept.
        limit: Bytes of a body.
    """

    def __init__(self, client: Client, upstream: Upstream, record: Record, limit: int) -> None:
        self.client = client
        self.upstream = upstream
        self.record = record
        self.limit = limit

    async def run(self) -> None:
        """Do it; both are in the journal before the client can have the answer."""
        record = self.record
        try:
            request = await read_request(self.client.scope, self.client.receive, self.limit)
        except ClientGone as gone:
            record.body.add(gone.request.body)
            self.client.is_gone = True
        else:
            record.body.add(request.body)
            record.body.is_over = request.hindrance is not None
            record.body.is_whole = request.hindrance is None
            record.start()
        try:
            if not self.client.is_gone:
                await self._answer()
        finally:
            if not record.is_entered:
                _note_end(self.client, record)
                record.enter_at_once()

    async def _answer(self) -> None:
        record, request = self.record, self.client.request
        texts: list[str] = []
        asked = await record.examine_request()
        if asked.is_too_large:
            record.refusal = "too-large"
            text = f"the body is larger than {self.limit} bytes, the limit of this proxy"
            await self.refuse(own_answer(_TOO_LARGE, text, asked.syntax, headers=((b"connection", b"close"),)))
        elif self.holds_request(asked):
            record.refusal = "contract"
            record.notes.append("the request was not sent to the target")
            await record.beside_if_large(lambda: texts.append(request_text(request, asked)))
            headers = findings_header(asked.errors)
            await self.refuse(own_answer(_OK, texts[0], asked.syntax, code=_INCORRECT, headers=headers))
        else:
            await self.forward()

    def holds_request(self, asked: Examined) -> bool:
        """Whether a request is kept from the service."""
        return bool(asked.errors)

    def holds_answer(self, answered: Examined) -> bool:
        """Whether an answer is kept from the client."""
        exchange = self.record.exchange
        return bool(answered.errors) or (exchange is not None and not exchange.ok)

    async def forward(self) -> None:
        """Send the request; answer the client."""
        record, is_read = self.record, anyio.Event()
        is_read.set()
        try:
            await self.client.while_there(self.exchange, is_read)
        except TargetUnreachable as fault:
            record.is_unreachable = True
            record.notes.append(f"no whole answer from {fault}")
            await self._refuse_answer(f"the proxy got no answer from {fault}")
            return
        if self.client.is_gone:
            return
        await record.examine_answer()
        asked, answered = record.asked, record.answered
        if asked is None or answered is None:  # never: both have just been examined
            return
        if answered.is_too_large:
            await self._refuse_answer(f"the answer of the target is larger than {self.limit} bytes")
        elif self.holds_answer(answered):
            texts: list[str] = []
            about = self.client.request, asked, answered, record.exchange
            await record.beside_if_large(lambda: texts.append(answer_text(*about)))
            await self._refuse_answer(texts[0])
        else:
            await self.pass_answer()

    def outgoing(self) -> tuple[Headers, AsyncIterator[bytes]]:
        """Headers and body that the service gets."""
        return self.client.request.headers, _once(self.record.body.body())

    async def exchange(self) -> None:
        """Send the request; take in the answer."""
        record, (headers, body) = self.record, self.outgoing()
        async with self.upstream.send(self.client.request.method, self.client.path, headers, body) as answer:
            record.answer_begins(answer.status, answer.headers)
            async with answer.parts() as parts:
                async for part in parts:
                    record.answer_body.add(part)
                    if record.answer_body.is_over:
                        return
            record.answer_body.is_whole = True

    async def pass_answer(self) -> None:
        """Pass the answer on."""
        body, (status, headers) = self.record.answer_body.body(), self.record.head
        await self.record.enter()
        await self.client.begin(status, headers)
        await self.client.end(body)

    async def _refuse_answer(self, text: str) -> None:
        asked = await self.record.examine_request()
        self.record.notes.append(f"the proxy answered HTTP {_BAD_GATEWAY} in its place")
        await self.refuse(own_answer(_BAD_GATEWAY, text, asked.syntax))

    async def refuse(self, own: tuple[Answer, int, str]) -> None:
        """Answer in the place of the service, with what `own_answer` gives."""
        self.record.own_answer = own
        await self.record.enter()
        await send_answer(own[0], self.client.scope, self.client.receive, self.client.send)


def _note_end(client: Client, record: Record) -> None:
    """Say why a request comes to no good end."""
    if not client.is_gone:
        record.notes.append("the proxy ended before the answer was whole")
    elif record.body.is_whole:
        record.notes.append("the client went away before the answer was whole")
    else:
        record.refusal = "incomplete"
        record.notes.append("the client went away before the request was whole")


async def _once(body: bytes) -> AsyncIterator[bytes]:
    if body:
        yield body
