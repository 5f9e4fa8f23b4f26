"""The orders that servers are sent: the documented example, under other ids."""

from __future__ import annotations

from itertools import count, repeat
from typing import TYPE_CHECKING, Final

from openapi_document import PATH

from altcraft_contract.contract import load_contract

if TYPE_CHECKING:
    from collections.abc import Iterator

_ID: Final = b"order_12345"
_CUSTOMER: Final = b"696e304f547840a7286619e0"
_ORDERS_EACH: Final = 10  # of one customer, whose points last for so many
_WIDTH: Final = 24  # characters of an id, so that every request is of one length
_numbers: Final = count(1)


def write_order(number: int, syntax: str = "json") -> bytes:
    """Return the example as another order, whose customer has few others."""
    example = load_contract().examples[f"request.{syntax}"]
    head, between, tail = split_example(example)
    return b"".join((head, _name(number), between, _name(number // _ORDERS_EACH), tail))


def break_order(syntax: str = "json") -> bytes:
    """Return the example with one error, which every schema can tell."""
    example = load_contract().examples[f"request.{syntax}"]
    broken = example.replace(b"RUB", b"rub")
    assert broken != example
    return broken


def split_example(example: bytes) -> tuple[bytes, bytes, bytes]:
    """Return what stands before the id of the order, between it and the id of the customer, and after that."""
    head, rest = example.split(_ID)
    between, tail = rest.split(_CUSTOMER)
    return head, between, tail


def write_request(body: bytes, syntax: str) -> bytes:
    """Return the whole request of HTTP."""
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/{syntax}\r\n"
        f"Content-Type: application/{syntax}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def iter_fresh(syntax: str = "json") -> Iterator[bytes]:
    """Yield requests without end, each for an order that no other is for; they are put together as they are sent."""
    model = load_contract().examples[f"request.{syntax}"]
    size = len(model) - len(_ID) - len(_CUSTOMER) + 2 * _WIDTH
    whole = write_request(b" " * size, syntax)
    head, between, tail = split_example(model)
    head = whole[:-size] + head
    return (b"".join((head, _name(number), between, _name(number // _ORDERS_EACH), tail)) for number in _numbers)


def iter_same(syntax: str = "json") -> Iterator[bytes]:
    """Return the same request without end."""
    return repeat(write_request(write_order(0, syntax), syntax))


def _name(number: int) -> bytes:
    return b"%0*x" % (_WIDTH, number)
