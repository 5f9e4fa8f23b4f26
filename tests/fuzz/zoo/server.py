"""A small independent server of the endpoint: right by itself, or with the one fault that its behaviour has."""

from __future__ import annotations

import re
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.endpoint import ENDPOINT_PATH
from altcraft_contract.validation import check_request
from tests.fuzz.zoo.answers import accepted, refused
from tests.fuzz.zoo.behaviour import CONTENT_TYPES, RIGHT, TOKEN, Behaviour, Exchange
from tests.fuzz.zoo.faults import FAULTS
from tests.fuzz.zoo.listener import Listener, Reply
from tests.fuzz.zoo.syntaxes import read_value, write_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from altcraft_contract.contract import Syntax
    from altcraft_contract.findings import Finding
    from tests.fuzz.zoo.listener import Request

__all__ = ["FAULTS", "TOKEN", "Application", "correct_server", "serve", "zoo_server"]

_SYNTAXES: Final[Mapping[str, Syntax]] = {"application/json": "json", "application/xml": "xml", "text/xml": "xml"}
_CHARSET: Final = re.compile(r';\s*charset\s*=\s*"?([^";\s]+)', re.IGNORECASE)


class Application:
    """Answers requests, and remembers the orders that it took.

    Args:
        behaviour: What it does.
    """

    def __init__(self, behaviour: Behaviour = RIGHT) -> None:
        self._behaviour = behaviour
        self._lock = Lock()
        self._known: dict[Any, dict[str, Any]] = {}
        self._previous: Exchange | None = None
        self._serial = 0

    def answer(self, request: Request) -> Reply:
        """The reply to one request."""
        with self._lock:
            self._serial += 1
            reply = self._behaviour.meets(request)
            if reply is not None:
                return reply
            met = _met(request)
            if isinstance(met, Reply):
                return met
            exchange = self._read(request, met)
            exchange.answer = self._behaviour.answers(exchange, self._judged(exchange))
            text = self._behaviour.writes(exchange, write_value(exchange.answer, met))
            reply = Reply(content_type=f"{CONTENT_TYPES[met]}; charset=utf-8", body=text)
            self._previous = exchange
            return self._behaviour.replies(exchange, reply)

    def _read(self, request: Request, syntax: Syntax) -> Exchange:
        body, bearer = request.body, request.header("authorization")
        result = check_request(body, syntax=syntax, token_in_header=bearer is not None)
        if not result.ok and result.errors[0].rule == "malformed":
            body = self._behaviour.mends(body, syntax)
            result = check_request(body, syntax=syntax, token_in_header=bearer is not None)
        value = read_value(body, syntax)
        token = value.get("token", bearer.removeprefix("Bearer ") if bearer is not None else None)
        previous = self._previous
        return Exchange(
            request=request,
            syntax=syntax,
            body=request.body,
            value=value,
            errors=() if result.ok else result.errors,
            token=token,
            serial=self._serial,
            accepted=len(self._known),
            is_repeat=_key(value) in self._known,
            previous=previous if previous and previous.request.connection == request.connection else None,
        )

    def _judged(self, exchange: Exchange) -> dict[str, Any]:
        """The right answer, but for what the behaviour overlooks or minds."""
        behaviour = self._behaviour
        errors = [error for error in exchange.errors if not behaviour.forgives(error, exchange)]
        malformed = any(error.rule == "malformed" for error in errors)
        if not malformed and not behaviour.knows_token(exchange):
            return refused(401, "A valid token is required")
        errors = [error for error in errors if not (_is_about_token(error) and behaviour.knows_token(exchange))]
        if errors:
            return refused(400, f"Incorrect request: {errors[0].rule} at {_place(errors[0])}")
        if behaviour.refuses(exchange):
            return refused(400, "Incorrect request")
        key = _key(exchange.value)
        if key not in self._known:
            self._known[key] = accepted(exchange)
        return self._known[key]


def _key(value: dict[str, Any]) -> str:
    return repr(value.get("external_id"))


def _is_about_token(error: Finding) -> bool:
    """Whether an error is that there is no token; one that is there twice is a mistake of its own."""
    is_empty = error.rule == "empty-value" and error.pointer == "/token"
    return is_empty or (error.rule == "missing-field" and error.message.startswith("`token`"))


def _place(error: Finding) -> str:
    """The place of an error, without what the client wrote there."""
    return re.sub(r"[^/a-z_0-9]", "?", error.pointer)[:60] or "the document"


def _met(request: Request) -> Reply | Syntax:
    """The syntax of the body of an order, or the reply to what is none."""
    if request.target.partition("?")[0] != ENDPOINT_PATH:
        return _envelope(404, "There is nothing here")
    if request.method != "POST":
        return _envelope(405, "Only POST is allowed", ("Allow", "POST"))
    content_type = request.header("content-type") or ""
    syntax = _SYNTAXES.get(content_type.partition(";")[0].strip().lower())
    charset = _CHARSET.search(content_type)
    if syntax is None or (charset is not None and charset[1].lower() not in ("utf-8", "utf8")):
        return _envelope(415, "Orders are application/json or application/xml, in UTF-8")
    return syntax


def _envelope(status: int, text: str, *headers: tuple[str, str]) -> Reply:
    body = write_value(refused(status, text), "json")
    return Reply(status=status, content_type="application/json; charset=utf-8", body=body, headers=headers)


@contextmanager
def serve(behaviour: Behaviour) -> Iterator[str]:
    """A server with some behaviour; gives the full URL of its endpoint, and stops at once when the block ends."""
    with Listener(Application(behaviour).answer) as listener:
        yield f"http://127.0.0.1:{listener.port}{ENDPOINT_PATH}"


@contextmanager
def correct_server() -> Iterator[str]:
    """The server without a fault; otherwise as `serve`."""
    with serve(RIGHT) as url:
        yield url


@contextmanager
def zoo_server(name: str) -> Iterator[str]:
    """The server with the fault called *name*; otherwise as `serve`."""
    with serve(FAULTS[name].behaviour) as url:
        yield url
