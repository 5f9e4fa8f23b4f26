"""What the tests of text host files have in common: the excerpts of a file, and a check of where they stand."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING, Any

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.limits import DEFAULT_LIMITS
from altcraft_contract.lint.hosts import Excerpt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from altcraft_contract.documents.limits import Limits
    from altcraft_contract.lint.hosts import Exchange

PATH = "/api/v1.1/market/orders/preorder_commit"
EXAMPLES = {name: data.decode() for name, data in load_contract().examples.items()}
REQUEST = EXAMPLES["request.json"].strip()
RESPONSE = EXAMPLES["response.json"].strip()
XML = EXAMPLES["request.xml"].strip()
SMALL = '{"external_id": "a", "email": "b@example.com", "data": {"status": "new", "currency": "RUB"}}'
ANSWER = '{"error": 0, "error_text": "ok", "data": {"status": "outdated"}}'


def order(**changes: Any) -> dict[str, Any]:
    """The documented request, parsed, with other members."""
    return {**json.loads(REQUEST), **changes}


def read(
    iter_exchanges: Callable[[bytes, str, Limits], Iterator[Exchange]], text: str | bytes, path: str = "file"
) -> list[Exchange]:
    """The exchanges in a host file."""
    data = text.encode(errors="surrogatepass") if isinstance(text, str) else text
    return list(iter_exchanges(data, path, DEFAULT_LIMITS))


def excerpts_of(exchanges: Iterable[Exchange]) -> list[Excerpt]:
    """The messages in *exchanges* that can be seen."""
    return [
        message
        for exchange in exchanges
        for message in (exchange.request, exchange.response)
        if isinstance(message, Excerpt)
    ]


def start_of(host: str, excerpt: Excerpt, needle: str, length: int = 0) -> str:
    """What stands in the host file where the message has *needle*."""
    source = excerpt.find_source()
    assert source is not None
    at = source.find(excerpt.body.decode().index(needle))
    return host[at : at + (length or len(needle))]


def assert_verbatim(host: str, excerpt: Excerpt) -> None:
    """Every character of a message is found as it stands in the host file."""
    source = excerpt.find_source()
    assert source is not None
    body = excerpt.body.decode()
    places = [source.find(offset) for offset in range(len(body) + 1)]
    assert "".join(host[place] for place in places[:-1]) == body
    assert places == sorted(places)


def assert_written(host: str, excerpt: Excerpt) -> None:
    """Every character of a message is found where the literal that it comes from writes it, itself or as an escape."""
    source = excerpt.find_source()
    assert source is not None
    body = excerpt.body.decode(errors="surrogatepass")
    for offset, character in enumerate(body):
        place = source.find(offset)
        if host[place] == "\\" and character != "\\":
            end = place + 2
            while ast.literal_eval(f"'''{_complete(host[place:end])}'''") != character:
                end += 1
                assert end - place < 60, (offset, character)
        else:
            assert host[place] == ("\r" if character == "\n" and host[place] == "\r" else character)


def _complete(escape: str) -> str:
    """*escape*, or something that means nothing while it is not complete."""
    try:
        ast.literal_eval(f"'''{escape}'''")
    except SyntaxError:
        return "incomplete"
    return escape
