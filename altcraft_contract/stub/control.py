"""What stands under `/__altcraft__/`: the page, the journal, and the controls of the stub."""

from __future__ import annotations

import json
import time
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol
from urllib.parse import urlsplit

from anyio import to_thread
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from altcraft_contract import __version__
from altcraft_contract.contract import LATEST
from altcraft_contract.errors import AltcraftContractError
from altcraft_contract.rules.catalogue import RULES
from altcraft_contract.stub.page import load_page
from altcraft_contract.stub.traffic import CONTROL_PATH

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from decimal import Decimal

    from starlette.exceptions import HTTPException
    from starlette.requests import Request

    from altcraft_contract.stub.journal import Journal, JournalEntry
    from altcraft_contract.stub.state import State
    from altcraft_contract.stub.switch import ScenarioSwitch

    Handler = Callable[[Request], Awaitable[Response]]

Kind = Literal["stub", "proxy"]

RESETTABLE: Final = ("journal", "state", "scenarios", "prices")
_LARGEST_BODY: Final = 1024 * 1024  # bytes of a control call
_MOST_LISTED: Final = 1000
_LISTED: Final = 100
_LARGEST_NUMBER: Final = 2**53


class Controllable(Protocol):
    """What the control calls of the stub act on."""

    journal: Journal
    state: State

    @property
    def switch(self) -> ScenarioSwitch:
        """Which scenario comes next."""

    @property
    def prices(self) -> Mapping[str, Decimal]:
        """Item to price."""

    def use(self, scenario: str, *, times: int | None, external_id: str | None, delay: float | None) -> None:
        """Choose a scenario."""

    def set_prices(self, prices: Mapping[str, Any]) -> None:
        """Change prices."""

    def reset(self, *what: str) -> None:
        """Start over."""


class _Bad(Exception):
    """A control call that cannot be understood; the message says why."""


def make_control(journal: Journal, kind: Kind, stub: Controllable | None = None) -> Starlette:
    """The control calls: those of every journal, and those of *stub* if there is one."""
    control = _Control(journal, kind)
    routes = [
        _route("", control.page),
        _route("health", control.health),
        _route("journal", control.entries),
        _route("summary", control.summary),
    ]
    if stub is None:
        routes.append(_route("reset", post=control.reset))
    else:
        stubs = _StubControl(stub)
        routes += [
            _route("orders", stubs.orders),
            _route("scenario", stubs.scenario, post=stubs.use),
            _route("prices", stubs.prices, put=stubs.set_prices),
            _route("reset", post=stubs.reset),
        ]
    return Starlette(routes=routes, exception_handlers={404: _lost, 405: _not_allowed})  # type: ignore[dict-item]


def _route(name: str, get: Handler | None = None, *, post: Handler | None = None, put: Handler | None = None) -> Route:
    given = {"GET": get, "POST": post, "PUT": put}
    handlers = {method: handler for method, handler in given.items() if handler is not None}

    async def handle(request: Request) -> Response:
        stranger = _stranger(request)
        if stranger is not None:
            return _wrong(403, f"control calls are not taken from pages of {stranger}")
        try:
            return await handlers["GET" if request.method == "HEAD" else request.method](request)
        except (_Bad, AltcraftContractError, ValueError) as error:
            return _wrong(400, str(error))
        except ClientDisconnect:
            return _wrong(400, "the body ended before it was whole")

    return Route(f"{CONTROL_PATH}{name}", handle, methods=[*handlers])


def _stranger(request: Request) -> str | None:
    """The origin of the web page that a call comes from, if it is not ours: no other page may steer the server."""
    origin, host = request.headers.get("origin"), request.headers.get("host", "")
    try:
        name = urlsplit(f"//{host}").hostname or ""
        is_ours = origin is None or urlsplit(origin).netloc == host
    except ValueError:
        return (origin or host)[:100]
    listening = (request.scope.get("server") or ("", 0))[0]
    if _is_loopback(listening) and not _is_loopback(name):
        return host[:100]  # a name that somebody else made point to this machine
    return None if is_ours or origin is None else origin[:100]


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


async def _lost(request: Request, _: HTTPException) -> Response:
    return _wrong(404, f"there is nothing at {request.url.path[:200]}; see {CONTROL_PATH}")


async def _not_allowed(request: Request, error: HTTPException) -> Response:
    allowed = dict(error.headers or {})
    return _wrong(405, f"{request.method[:20]} is not allowed, send {allowed['Allow']}", allowed)


def _wrong(status: int, text: str, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse({"error": text}, status, headers)


def _number(request: Request, name: str, default: int, most: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < len(str(_LARGEST_NUMBER)) and int(text) <= most):
        raise _Bad(f"{name}={text[:40]!r}: expected a whole number from 0 to {most}")
    return int(text)


async def _members(request: Request, known: tuple[str, ...]) -> dict[str, Any]:
    """The JSON object in the body of a control call; empty without a body."""
    parts, size = [], 0
    async for part in request.stream():
        parts.append(part)
        size += len(part)
        if size > _LARGEST_BODY:
            raise _Bad(f"the body is larger than {_LARGEST_BODY} bytes")
    body = b"".join(parts)
    try:
        value = json.loads(body) if body.strip() else {}
        json.dumps(value, ensure_ascii=False).encode()  # what cannot be written could never be shown again
    except (ValueError, RecursionError):
        raise _Bad("the body is no JSON") from None
    if not isinstance(value, dict):
        raise _Bad("the body is no JSON object")
    for name in value:
        if name not in known:
            raise _Bad(f"unknown member {name[:80]!r}; there are {', '.join(known)}")
    return value


async def _to_reset(request: Request, known: tuple[str, ...]) -> list[str]:
    """What a call wants to be reset: all that is *known*, but for what it says is not."""
    members = await _members(request, known)
    for name, value in members.items():
        if not isinstance(value, bool):
            raise _Bad(f"{name}: expected true or false")
    return [name for name in known if members.get(name, True)]


class _Control:
    """The calls that the stub and the proxy have in common."""

    def __init__(self, journal: Journal, kind: Kind) -> None:
        self.journal = journal
        self.kind: Kind = kind
        self.started = time.monotonic()

    async def page(self, _: Request) -> Response:
        body, policy = load_page(self.kind)
        headers = {
            "content-security-policy": policy,
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
        }
        return Response(body, media_type="text/html", headers=headers)

    async def health(self, _: Request) -> Response:
        return JSONResponse(
            {
                "status": "ok",
                "kind": self.kind,
                "tool_version": __version__,
                "contract": LATEST,
                "run": self.journal.run,
                "received": self.journal.received,
                "dropped": self.journal.dropped,
                "uptime_seconds": round(time.monotonic() - self.started, 1),
            }
        )

    async def entries(self, request: Request) -> Response:
        after = _number(request, "after", 0, _LARGEST_NUMBER)
        last = _number(request, "last", 0, _MOST_LISTED)
        limit = _number(request, "limit", last or _LISTED, _MOST_LISTED)
        if last:
            after = max(after, self.journal.received - last)
        external_id, rule = request.query_params.get("external_id"), request.query_params.get("rule")

        def matches(entry: JournalEntry) -> bool:
            if external_id is not None and entry.external_id != external_id:
                return False
            return rule is None or rule in entry.rules

        entries = await to_thread.run_sync(self._rendered, after, limit, matches)
        return JSONResponse(
            {
                "version": 1,
                "run": self.journal.run,
                "received": self.journal.received,
                "dropped": self.journal.dropped,
                "entries": entries,
            }
        )

    def _rendered(self, after: int, limit: int, matches: Callable[[JournalEntry], bool]) -> list[dict[str, Any]]:
        return [entry.as_json() for entry in self.journal.after(after, limit=limit, matches=matches)]

    async def summary(self, _: Request) -> Response:
        counts = self.journal.counts
        return JSONResponse(
            {
                "received": counts.received,
                "dropped": self.journal.dropped,
                "refused": counts.refused,
                "accepted": counts.accepted,
                "unreachable": counts.unreachable,
                "findings": {
                    rule: {"count": count, "severity": str(RULES[rule].severity)}
                    for rule, count in dict(counts.rules).items()
                },
                "scenarios": dict(counts.scenarios),
            }
        )

    async def reset(self, request: Request) -> Response:
        what = await _to_reset(request, ("journal",))
        if what:
            self.journal.reset()
        return JSONResponse({"reset": what})


class _StubControl:
    """The calls that only the stub has."""

    def __init__(self, stub: Controllable) -> None:
        self.stub = stub

    async def orders(self, request: Request) -> Response:
        limit = _number(request, "limit", _LISTED, _MOST_LISTED)
        return JSONResponse(await to_thread.run_sync(self.stub.state.listing, limit))

    async def scenario(self, _: Request) -> Response:
        return JSONResponse(self.stub.switch.as_json())

    async def use(self, request: Request) -> Response:
        members = await _members(request, ("scenario", "times", "external_id", "delay"))
        name, external_id = members.get("scenario"), members.get("external_id")
        if not isinstance(name, str):
            raise _Bad("scenario is missing: the name of one, such as outdated")
        if external_id is not None and not isinstance(external_id, str):
            raise _Bad("external_id: expected a text")
        self.stub.use(name, times=members.get("times"), external_id=external_id, delay=members.get("delay"))
        return JSONResponse(self.stub.switch.as_json())

    async def prices(self, _: Request) -> Response:
        return JSONResponse({"prices": {item: str(price) for item, price in self.stub.prices.items()}})

    async def set_prices(self, request: Request) -> Response:
        members = await _members(request, ("prices",))
        prices = members.get("prices")
        if not isinstance(prices, dict):
            raise _Bad('prices is missing: an object of items and prices, such as {"prices": {"SKU-1": "100.00"}}')
        self.stub.set_prices(prices)
        return await self.prices(request)

    async def reset(self, request: Request) -> Response:
        what = await _to_reset(request, RESETTABLE)
        if what:
            self.stub.reset(*what)
        return JSONResponse({"reset": what})
