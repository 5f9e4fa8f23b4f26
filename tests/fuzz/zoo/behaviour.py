"""What a server does with an order, as steps that a faulty server replaces one of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from altcraft_contract.contract import Syntax
    from altcraft_contract.findings import Finding
    from tests.fuzz.zoo.listener import Reply, Request

TOKEN: Final = "Zoo-Keeper-4711-Token"  # noqa: S105 - of nobody
CONTENT_TYPES: Final[dict[Syntax, str]] = {"json": "application/json", "xml": "application/xml"}


@dataclass(slots=True, kw_only=True)
class Exchange:
    """One request on its way through a server.

    Attributes:
        request: As it came over HTTP.
        syntax: Of the body.
        body: As it came.
        value: The message; of an unreadable one at most its id.
        errors: What is wrong with it.
        token: From the body, or else from the header.
        serial: Number of the request on the server, from 1.
        accepted: Number of orders that were accepted before.
        is_repeat: Whether an order with its id was accepted before.
        previous: The exchange before it on the same connection.
        answer: The answer; None until it is made.
    """

    request: Request
    syntax: Syntax
    body: bytes
    value: dict[str, Any] = field(default_factory=dict)
    errors: tuple[Finding, ...] = ()
    token: Any = None
    serial: int = 1
    accepted: int = 0
    is_repeat: bool = False
    previous: Exchange | None = None
    answer: Any = None

    @property
    def data(self) -> dict[str, Any]:
        """The order."""
        return as_object(self.value.get("data"))

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The lines of the order."""
        return as_objects(self.data.get("lines"))

    @property
    def order_promotions(self) -> list[dict[str, Any]]:
        """The promotions of the order as a whole."""
        return as_objects(self.data.get("requested_promotions"))

    @property
    def line_promotions(self) -> list[dict[str, Any]]:
        """The promotions of all lines."""
        return [item for line in self.lines for item in as_objects(line.get("requested_promotions"))]

    @property
    def promotions(self) -> list[dict[str, Any]]:
        """All promotions."""
        return self.order_promotions + self.line_promotions

    @property
    def is_refused(self) -> bool:
        """Whether the answer is a refusal."""
        return as_object(self.answer).get("error") != 0

    def texts(self) -> Iterator[str]:
        """Every text of the message, but for names of members."""
        return _texts(self.value)

    def at(self, pointer: str) -> Any:
        """The value at a JSON Pointer; None if there is none."""
        value: Any = self.value
        for token in pointer.split("/")[1:]:
            if isinstance(value, dict):
                value = value.get(token)
            elif isinstance(value, list) and token.isdigit() and int(token) < len(value):
                value = value[int(token)]
            else:
                return None
        return value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for member in value.values():
            yield from _texts(member)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value


def as_object(value: Any) -> dict[str, Any]:
    """An object, empty if *value* is none."""
    return value if isinstance(value, dict) else {}


def as_objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list, none if *value* is none."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def as_integer(value: Any) -> int:
    """A whole number, from text or number; 0 if *value* is none."""
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """The steps of a server; the defaults are right.

    Attributes:
        meets: The reply to a request that is not looked at any further; None goes on.
        mends: The body that is judged in place of a malformed one.
        knows_token: Whether the token is taken for the right one.
        forgives: Whether an error is overlooked.
        refuses: Whether a valid order is refused.
        answers: The answer that is given in place of the right one.
        writes: The text that is sent in place of the right one.
        replies: The reply that is sent in place of the right one.
    """

    meets: Callable[[Request], Reply | None] = lambda _: None
    mends: Callable[[bytes, Syntax], bytes] = lambda body, _: body
    knows_token: Callable[[Exchange], bool] = lambda exchange: exchange.token == TOKEN
    forgives: Callable[[Finding, Exchange], bool] = lambda _, __: False
    refuses: Callable[[Exchange], bool] = lambda _: False
    answers: Callable[[Exchange, dict[str, Any]], Any] = lambda _, answer: answer
    writes: Callable[[Exchange, bytes], bytes] = lambda _, text: text
    replies: Callable[[Exchange, Reply], Reply] = lambda _, reply: reply


RIGHT: Final = Behaviour()
"""A server without a fault."""
