"""A server to itself for campaigns to be measured with: it counts what comes, and tells.

`python benchmarks/fuzz_server.py yielding` takes everything, and gives one answer in the syntax of the request, as fast
as Python can; `correct` is the server of the zoo that has no fault. The first line that it prints is its port.
`GET /count` tells how many requests the endpoint had since the last such question, and how long it was from the first
to the last.
"""

from __future__ import annotations

import asyncio
import json
import sys
from threading import Event
from time import perf_counter
from typing import Final

from openapi_document import PATH
from zoo import Application, Listener, Reply, Request

from altcraft_contract.contract import load_contract

COUNT: Final = "/count"
_LENGTH: Final = b"\r\ncontent-length:"
_CHUNKED: Final = b"\r\ntransfer-encoding:"


class Count:
    """How many requests came, and when."""

    def __init__(self) -> None:
        self._number = 0
        self._first = self._last = 0.0

    def add(self) -> None:
        """Count a request."""
        self._last = perf_counter()
        self._number += 1
        if self._number == 1:
            self._first = self._last

    def take(self) -> bytes:
        """Return the number of requests and the seconds between the first and the last, and begin anew."""
        taken = json.dumps([self._number, self._last - self._first]).encode()
        self._number = 0
        return taken


def answer_of(syntax: str) -> bytes:
    """Return a whole answer of HTTP that confirms an order."""
    body = load_contract().examples[f"response.{syntax}"]
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: application/{syntax}; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Yielding(asyncio.Protocol):
    """One connection on which every request gets the same answer."""

    def __init__(self, count: Count) -> None:
        self._count = count
        self._answers = {syntax: answer_of(syntax) for syntax in ("json", "xml")}
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer all requests that are whole."""
        self._received += data
        while (end := find_end(self._received)) is not None:
            message, self._received = self._received[:end], self._received[end:]
            head = message.partition(b"\r\n\r\n")[0].lower()
            self._transport.write(self._answer(head))
            if b"\r\nconnection: close" in head:
                self._transport.close()

    def _answer(self, head: bytes) -> bytes:
        target = head.split(b" ", 2)[1].partition(b"?")[0].decode()
        if target == COUNT:
            body = self._count.take()
            return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        if target == PATH:
            self._count.add()
        answer = self._answers["xml" if b"\r\ncontent-type: application/xml" in head else "json"]
        return answer.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if head.startswith(b"head ") else answer


def find_end(received: bytes) -> int | None:
    """Return where the first request ends, or None where it is not whole."""
    blank = received.find(b"\r\n\r\n")
    if blank < 0:
        return None
    head = received[:blank].lower()
    if _CHUNKED in head:
        last = received.find(b"0\r\n\r\n", blank)
        return None if last < 0 else last + 5
    place = head.find(_LENGTH)
    length = int(head[place + len(_LENGTH) :].partition(b"\r\n")[0]) if place >= 0 else 0
    end = blank + 4 + length
    return end if len(received) >= end else None


async def serve_yielding() -> None:
    """Take everything until the process is ended."""
    count = Count()
    server = await asyncio.get_running_loop().create_server(lambda: Yielding(count), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def serve_correct() -> None:
    """Answer as documented until the process is ended."""
    count = Count()
    application = Application()

    def answer(request: Request) -> Reply:
        if request.target == COUNT:
            return Reply(body=count.take())
        if request.target.partition("?")[0] == PATH:
            count.add()
        return application.answer(request)

    with Listener(answer) as listener:
        print(listener.port, flush=True)
        Event().wait()


if __name__ == "__main__":
    if sys.argv[1:] == ["correct"]:
        serve_correct()
    else:
        asyncio.run(serve_yielding())
