"""Services for campaigns: the small server of the zoo, with one behaviour and a list of what came, and campaigns on it.

with service(Behaviour(refuses=...)) as shop:
    report = shop.campaign(phases=("valid",))
"""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

from altcraft_contract.endpoint import ENDPOINT_PATH
from altcraft_contract.fuzz import CampaignSettings, RequestSent, Target, run_campaign
from tests.fuzz.zoo.behaviour import CONTENT_TYPES, RIGHT, TOKEN, Behaviour
from tests.fuzz.zoo.listener import Listener, Reply
from tests.fuzz.zoo.server import Application
from tests.fuzz.zoo.syntaxes import read_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from altcraft_contract.contract import Syntax
    from altcraft_contract.fuzz import CampaignReport, Event, Failure
    from altcraft_contract.fuzz import Listener as EventListener
    from tests.fuzz.zoo.listener import Request

FINITE: Final = ("examples", "edge", "malformed", "transport", "relations")
"""Phases that come to an end."""

_run_id = re.compile(rb"acf-[0-9a-f]{8}")


@dataclass(frozen=True)
class Service:
    """A server that campaigns are run against.

    Attributes:
        url: Its endpoint.
        requests: What came.
        stop: Ends it before its time.
    """

    url: str
    requests: list[Request]
    stop: Callable[[], None]

    def campaign(self, *, on_event: EventListener | None = None, token: str = TOKEN, **settings: Any) -> CampaignReport:
        """Run a campaign here; *settings* as for `CampaignSettings`."""
        return run_campaign(
            Target(self.url, token), CampaignSettings(**{"timeout": 5.0, **settings}), on_event=on_event
        )

    def bodies(self) -> list[bytes]:
        """What came, without the ids of runs."""
        return [_run_id.sub(b"acf-00000000", request.body) for request in self.requests]

    def values(self) -> list[dict[str, Any]]:
        """The orders that came, as far as they can be read."""
        found = []
        for request in self.requests:
            syntax: Syntax = "xml" if b"xml" in request.body[:100] else "json"
            found.append(read_value(request.body, syntax))
        return [value for value in found if isinstance(value.get("data"), dict)]


@contextmanager
def service(behaviour: Behaviour = RIGHT) -> Iterator[Service]:
    """A server with some behaviour, which takes `TOKEN`."""
    application = Application(behaviour)
    requests: list[Request] = []

    def answer(request: Request) -> Reply:
        requests.append(request)
        return application.answer(request)

    with Listener(answer) as listener:
        yield Service(f"http://127.0.0.1:{listener.port}{ENDPOINT_PATH}", requests, listener.__exit__)


def busy(*headers: tuple[str, str], status: int = 429) -> Reply:
    """An answer that asks the client to come again."""
    return Reply(status=status, content_type=CONTENT_TYPES["json"], body=b"{}", headers=headers)


def meeting(*replies: Reply | None) -> Behaviour:
    """A behaviour that gives these replies, one to each of the first requests; None is the right one."""
    turns = iter(replies)
    return Behaviour(meets=lambda _: next(turns, None))


def echoing(token: str, behaviour: Behaviour = RIGHT) -> Behaviour:
    """A behaviour that knows *token*, and sends back all that came wherever it can."""

    def answers(exchange: Any, answer: dict[str, Any]) -> dict[str, Any]:
        text = exchange.body.decode(errors="replace")
        named = {text[:2000]: text} if exchange.syntax == "json" else {}
        return {**answer, "error_text": f"got {text}", "echo": exchange.value, **named}

    def replies(exchange: Any, reply: Reply) -> Reply:
        text = " ".join(exchange.body.decode(errors="replace").split()).encode("latin-1", "replace").decode("latin-1")
        return replace(reply, headers=(("X-Echo", text), ("Set-Cookie", f"token={exchange.token}")))

    return replace(behaviour, knows_token=lambda exchange: exchange.token == token, answers=answers, replies=replies)


def at_request(number: int, act: Callable[[], None]) -> EventListener:
    """A listener that does something once, when a request of that *number* has been answered."""

    def listen(event: Event) -> None:
        if isinstance(event, RequestSent) and event.requests == number:
            act()

    return listen


def all_named(name: str, body: bytes) -> list[Any]:
    """Every value of a member of the root with that *name*, repeated ones included; none of what cannot be read."""
    try:
        if body.lstrip().startswith(b"<") or b"<xml" in body[:100]:
            return [child.text or "" for child in ET.fromstring(body) if child.tag == name]  # noqa: S314 - our own
        pairs = json.loads(body, object_pairs_hook=list)
    except (ValueError, ET.ParseError, RecursionError):
        return []
    is_object = isinstance(pairs, list) and all(isinstance(pair, tuple) for pair in pairs)
    return [value for key, value in pairs if key == name] if is_object else []


def iter_texts(node: Any) -> Iterator[str]:
    """Every text in dataclasses, mappings and sequences, all the way down."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, bytes):
        yield node.decode(errors="replace")
    elif is_dataclass(node) and not isinstance(node, type):
        for field in fields(node):
            yield from iter_texts(getattr(node, field.name))
    elif isinstance(node, dict):
        for name, value in node.items():
            yield from iter_texts(name)
            yield from iter_texts(value)
    elif isinstance(node, list | tuple | frozenset | set):
        for item in node:
            yield from iter_texts(item)


def by_oracle(report: CampaignReport, oracle: str) -> list[Failure]:
    """The failures that one oracle tells of."""
    return [failure for failure in report.failures if failure.cause.oracle == oracle]


def order_of(failure: Failure) -> dict[str, Any]:
    """The order that a failure shows, without its id and its token."""
    case = failure.step.case
    value = read_value(case.body, case.syntax)
    return {name: member for name, member in value.items() if name not in ("external_id", "token")}
