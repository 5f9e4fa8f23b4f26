"""What a campaign sends: calls, and trials of one or more of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from altcraft_contract.endpoint import ENDPOINT_METHOD
from altcraft_contract.strategies.wire import plain_body

if TYPE_CHECKING:
    from collections.abc import Mapping

    from altcraft_contract.contract import Syntax

Phase = Literal["examples", "valid", "edge", "mutations", "malformed", "transport", "relations"]
Expected = Literal["accepted", "refused", "undocumented"]
Framing = Literal["length", "chunked", "pieces", "bytewise", "expect-continue"]
Kind = Literal["single", "twins", "variant", "repeat", "authentication", "controlled"]
Credentials = Literal["body", "header", "none", "wrong-header"]

PHASES: Final[tuple[Phase, ...]] = ("examples", "valid", "edge", "mutations", "malformed", "transport", "relations")
MEDIA_TYPES: Final[Mapping[Syntax, str]] = {"json": "application/json", "xml": "application/xml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One request.

    Attributes:
        title: What is special about it, in words.
        syntax: Of the body.
        body: With stand-ins in place of token, e-mail and telephone number.
        expected: What the documentation makes of it; `undocumented` is never a failure of its own.
        rule: Id of the rule that it breaks; None if it breaks none.
        place: Where: an RFC 6901 pointer in which `*` stands for any index; empty for the whole body.
        external_id: Of the order; None if it has none that can be told.
        method: HTTP method.
        headers: Names and values besides `Host`, `Content-Length`, `Content-Type` and `Authorization`.
        content_type: None leaves the header out.
        framing: How the body is put on the wire.
        credentials: Where the token stands: in the body, as `Authorization: Bearer`, nowhere, or a wrong one in the
            header.
        own_connection: Whether it has a connection of its own, which is closed afterwards.
        is_odd: Whether it differs from the documented call in more than its body, so that a server may answer
            without an envelope.
    """

    title: str
    syntax: Syntax
    body: bytes
    expected: Expected = "accepted"
    rule: str | None = None
    place: str = ""
    external_id: str | None = None
    method: str = ENDPOINT_METHOD
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str | None = ""
    framing: Framing = "length"
    credentials: Credentials = "body"
    own_connection: bool = False
    is_odd: bool = False

    def __post_init__(self) -> None:
        if self.content_type == "":
            object.__setattr__(self, "content_type", MEDIA_TYPES[self.syntax])


Order = dict[str, Any]
"""The JSON form of a request."""

FreshOrder = Callable[[], Order]
"""Makes a copy of one order, with an `external_id` that has not been sent before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Cases that are sent one after the other on one connection, and judged together.

    Attributes:
        id: Unique within the campaign, the same for the same seed: `mutations-0042`.
        phase: The phase that it belongs to.
        kind: What the cases have to do with each other: `single`, `twins` (one order in both syntaxes), `variant` (an
            order, and the same order in another form), `repeat` (each repeats the first), `authentication`, or
            `controlled` (a control order before and after).
        feature: Name of the mutation, edge case or relation.
        order: The valid order that the cases are made of, whose `external_id` is what stands behind the run's prefix
            and a number; empty if the cases need none.
        make: Makes the cases; None where the order has no place for the feature.
    """

    id: str
    phase: Phase
    feature: str
    make: Callable[[FreshOrder], tuple[Case, ...] | None]
    order: Order = field(default_factory=dict)
    kind: Kind = "single"
    on_new_connection: bool = False
    twin: Callable[[FreshOrder], Case | None] | None = None


def case_of(order: Order, syntax: Syntax, *, title: str, **settings: Any) -> Case:
    """The plainest case of a valid order; *settings* as for `Case`."""
    body = settings.pop("body", None)
    written = plain_body(order, syntax) if body is None else body
    return Case(title=title, syntax=syntax, body=written, external_id=order.get("external_id"), **settings)
