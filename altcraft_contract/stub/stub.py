"""The stub: the vendor's endpoint as documented, as an ASGI application, and what a test may do with it."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING, Final

from altcraft_contract.documents.limits import DEFAULT_LIMITS, Limits
from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.rules.selection import ALL_RULES, RuleSelection
from altcraft_contract.stub.asgi import ClientGone, answer_with, read_request, send_answer, take_part
from altcraft_contract.stub.control import RESETTABLE, make_control
from altcraft_contract.stub.endpoint import Endpoint, EndpointSettings
from altcraft_contract.stub.journal import MOST_ENTRIES, Journal
from altcraft_contract.stub.memory import open_state
from altcraft_contract.stub.prices import PriceFile, check_prices
from altcraft_contract.stub.switch import Choice, ScenarioSwitch, check_delay, check_times, find_scenario
from altcraft_contract.stub.traffic import CONTROL_PATH, Answer, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal

    from altcraft_contract.errors import AltcraftContractError
    from altcraft_contract.stub.asgi import Receive, Scope, Send

    Prices = Mapping[str, str | Decimal | int] | str | PathLike[str]

_CONTROL_PREFIX: Final = CONTROL_PATH.rstrip("/")


class Stub:
    """The vendor's endpoint as documented, for clients in the same process: an ASGI application.

    `StubServer` is the same on a socket.

    Args:
        token: The only token that is let in; None lets any in.
        prices: Item to current unit price (text, `Decimal` or `int`), or the path of a file of them: an order with
            another price is `outdated`.
        state: SQLite file that keeps orders, balances and codes; None keeps them in memory.
        opening_balance: Points of a customer who is first met.
        strict_points: Whether an order is `outdated` that redeems more points than its customer has. Otherwise they are
            taken to have been accrued elsewhere: the documentation does not say what happens.
        rules: Which rules count, and how severely.
        limits: Bounds on a body.
        most_entries: How many requests the journal keeps.
        on_price_fault: Is told when the file of prices becomes bad; until it is mended the last good prices hold.

    Raises:
        ConfigurationFault: if prices cannot be understood.
        UnreadableFile: if a file cannot be used.

    Attributes:
        journal: Every request with its findings and its answer, the newest at the end.
        state: Orders, balances and promo codes.
        switch: Which scenario comes next.
    """

    def __init__(
        self,
        *,
        token: str | None = None,
        prices: Prices | None = None,
        state: str | PathLike[str] | None = None,
        opening_balance: int = 1000,
        strict_points: bool = False,
        rules: RuleSelection = ALL_RULES,
        limits: Limits = DEFAULT_LIMITS,
        most_entries: int = MOST_ENTRIES,
        on_price_fault: Callable[[AltcraftContractError], None] | None = None,
    ) -> None:
        _check_settings(token, opening_balance, most_entries)
        self._price_file: PriceFile | None = None
        self._first_prices: Mapping[str, Decimal] = {}
        if isinstance(prices, str | PathLike):
            self._price_file = PriceFile(prices, on_fault=on_price_fault)
        elif prices is not None:
            self._first_prices = check_prices(prices)
        self._changed_prices: dict[str, Decimal] = {}
        self.journal = Journal(most_entries=most_entries)
        self.switch = ScenarioSwitch()
        self.state = open_state(state)
        self._may_wait = state is not None  # for another process that writes to the file
        settings = EndpointSettings(token, rules, limits, opening_balance, strict_points)
        self._endpoint = Endpoint(settings, self.state, self.journal, self.switch, lambda: self.prices)
        self._limit = limits.max_bytes
        self._control = make_control(self.journal, "stub", self)

    @property
    def prices(self) -> Mapping[str, Decimal]:
        """Item (product or SKU) to current unit price; items that are not in it may have any price."""
        first = self._price_file.current() if self._price_file is not None else self._first_prices
        return {**first, **self._changed_prices} if self._changed_prices else first

    def set_prices(self, prices: Mapping[str, str | Decimal | int]) -> None:
        """Change the prices of some items: orders with another price are `outdated` from now on.

        Raises:
            ConfigurationFault: if a price is no decimal number, or a float.
        """
        self._changed_prices = {**self._changed_prices, **check_prices(prices)}

    def set_points(
        self,
        points: int,
        *,
        profile_id: str | None = None,
        email: str | None = None,
        phone: str | None = None,
        iid: int | None = None,
        eid: str | None = None,
    ) -> None:
        """Say how many points a customer has; with `strict_points`, an order that redeems more is `outdated`.

        Args:
            points: A whole number from 0 on, within 64 bits.
            profile_id: Who the customer is; exactly one of this, *email* and *phone*.
            email: See *profile_id*.
            phone: See *profile_id*.
            iid: The currency by `points_currency_iid`.
            eid: The currency by `points_currency_eid`.

        Raises:
            ValueError: if that does not say whose points, of what, and how many.
        """
        self.state.set_points(points, profile_id=profile_id, email=email, phone=phone, iid=iid, eid=eid)

    def use(
        self,
        scenario: str,
        *,
        times: int | str | None = None,
        external_id: str | None = None,
        delay: float | None = None,
    ) -> None:
        """Choose how valid orders are answered from now on.

        Args:
            scenario: Name of a row of `SCENARIOS`.
            times: For how many orders; None or `always` lasts until the next choice.
            external_id: For which order only; None is any.
            delay: Seconds before the answer, instead of the scenario's own.

        Raises:
            UnknownScenario: if there is no such scenario.
            ValueError: if *times* or *delay* is out of range.
        """
        self.switch.use(Choice(find_scenario(scenario), check_times(times), external_id, check_delay(delay)))

    def reset(self, *what: str) -> None:
        """Start over.

        Args:
            what: Any of `journal`, `state`, `scenarios` and `prices`; nothing is all of them.

        Raises:
            ValueError: if there is nothing of that name.
        """
        for name in what:
            if name not in RESETTABLE:
                raise ValueError(f"reset({name!r}): expected any of {', '.join(RESETTABLE)}")
        for name in what or RESETTABLE:
            self._reset_one(name)

    def _reset_one(self, name: str) -> None:
        if name == "journal":
            self.journal.reset()
        elif name == "state":
            self.state.reset()
        elif name == "scenarios":
            self.switch.reset()
        else:
            self._changed_prices = {}

    def receive(self, request: Request) -> Answer:
        """Answer a request without any transport."""
        return self._endpoint.receive(request)

    def answer_at_once(self, request: Request) -> Answer | None:
        """Answer a whole request; None if it is none to the endpoint, or over the limit."""
        if request.path.startswith(_CONTROL_PREFIX) or len(request.body) > self._limit or self._may_wait:
            return None
        return self._receive_safely(request)

    def _receive_safely(self, request: Request) -> Answer:
        try:
            return self.receive(request)
        except Exception as error:  # noqa: BLE001 - a client is told whatever happens, and so is who runs the stub
            return self._endpoint.fail(request, error)

    def close(self) -> None:
        """Let go of the state; of a file everything is kept."""
        self.state.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, as ASGI has it."""
        if scope["type"] != "http":
            await take_part(scope, receive, send)
            return
        if scope["path"].startswith(_CONTROL_PREFIX):
            await self._control(scope, receive, send)
            return
        try:
            request = await read_request(scope, receive, self._limit)
        except ClientGone as gone:
            self.receive(gone.request)
            return
        answer = await answer_with(self._receive_safely, request, may_wait=self._may_wait)
        await send_answer(answer, scope, receive, send)


def _check_settings(token: object, opening_balance: object, most_entries: object) -> None:
    """Refuse at once what would fail with the first request.

    Raises:
        ConfigurationFault: if a setting is out of range.
    """
    if token is not None and (not isinstance(token, str) or not token or not token.isprintable()):
        raise ConfigurationFault("token", "expected a text that is not empty, of printable characters")
    for name, value, least in (("opening_balance", opening_balance, 0), ("most_entries", most_entries, 1)):
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise ConfigurationFault(name, f"{value!r:.80}: expected a whole number from {least} on")
