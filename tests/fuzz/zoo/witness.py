"""What shows a fault: requests, and a look at the answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from altcraft_contract.validation import check_exchange, check_request, check_response
from tests.fuzz.zoo.behaviour import CONTENT_TYPES, TOKEN
from tests.fuzz.zoo.syntaxes import read_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fuzz.zoo.client import Client, Received, Sent

_INNARDS: Final = re.compile(rb"Traceback|\.java:\d|SQLSTATE|ORA-\d|panic:|Exception\b|/srv/|at line \d+ of")


def shows(witness: tuple[Sent, ...] | Callable[[Client], bool], client: Client) -> bool:
    """Whether some answer to the requests of a witness is wrong."""
    if callable(witness):
        return bool(witness(client))
    return sum(is_wrong(sent, client.send(sent)) for sent in witness) > 0  # all are sent, whatever comes


def is_wrong(sent: Sent, received: Received | None) -> bool:
    """Whether the answer to a POST breaks the contract, or takes or refuses what it should not."""
    if received is None or is_broken(received) or _is_misnamed(sent, received) or _tells(sent, received):
        return True
    body, syntax = received.body, sent.syntax
    if not check_response(body, syntax=syntax).ok:
        return True
    bearer = dict(sent.headers).get("Authorization")
    request = check_request(sent.body, syntax=syntax, token_in_header=bearer is not None)
    token = read_value(sent.body, syntax).get("token", (bearer or "").removeprefix("Bearer "))
    is_right = request.ok and token == TOKEN
    is_taken = str(read_value(body, syntax)["error"]) == "0"
    if is_right != is_taken or (is_right and received.status != 200):
        return True
    return not check_exchange(
        sent.body, body, request_syntax=syntax, response_syntax=syntax, token_in_header=bearer is not None
    ).ok


def _is_misnamed(sent: Sent, received: Received) -> bool:
    """Whether the headers say another content type, charset or coding than the answer should have."""
    kind, _, charset = received.headers.get("content-type", "").lower().partition(";")
    coding = received.headers.get("content-encoding", "identity")  # nobody asked for another
    return kind != CONTENT_TYPES[sent.syntax] or "utf-8" not in charset or coding != "identity"


def _tells(sent: Sent, received: Received) -> bool:
    """Whether the answer tells the token, or what the server is made of."""
    if any(TOKEN in value for value in received.headers.values()) or TOKEN.encode() in received.body:
        return True
    told = _INNARDS.search(received.body)
    return told is not None and told[0] not in sent.body


def is_broken(received: Received | None) -> bool:
    """Whether there is no answer, or a failure of the server."""
    return received is None or received.status >= 500


def is_no_envelope(received: Received | None) -> bool:
    """Whether the answer is none, a failure, or not in the form of an answer, in JSON or in XML."""
    if received is None or is_broken(received):
        return True
    return not check_response(received.body).ok
