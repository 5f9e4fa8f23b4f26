"""The user class for locustfiles. Importing this imports Locust, which patches the standard library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from altcraft_contract.errors import AltcraftContractError, MissingExtra

try:
    from locust import User, events, task
    from locust.exception import CatchResponseError, StopUser
except ImportError:
    raise MissingExtra("load", "locust") from None

from altcraft_contract.fuzz.budget import CampaignEnded
from altcraft_contract.load.dispatch import EXIT_USAGE, Dispatch, End, fail_early
from altcraft_contract.load.settings import SyntaxChoice, add_options, read_values, settings_of
from altcraft_contract.load.shift import REQUEST_TYPE, Served, Till

if TYPE_CHECKING:
    import argparse

    from locust.env import Environment

    from altcraft_contract.strategies.vocabulary import Values

_DISPATCH: Final = "altcraft_dispatch"


class OrderUser(User):
    """Sends valid orders, one after the other, and judges every answer; what breaks the contract is a failure.

    A subclass sets what it wants to have otherwise; `wait_time`, `weight` and the rest are Locust's.

    Attributes:
        syntax: `json`, `xml` or `mix`; None is what the option `--syntax` says.
        values: What exists on the installation, or a file of it (TOML); None is what `--values` or the configuration
            says.
        lines: How many lines an order has, or the least and the most.
        latency_limit: Seconds after which an answer is a failure; None is what `--latency-limit` says.
    """

    abstract = True
    syntax: ClassVar[SyntaxChoice | None] = None
    values: ClassVar[Values | str | None] = None
    lines: ClassVar[int | tuple[int, int]] = (1, 3)
    latency_limit: ClassVar[float | None] = None

    _till: Till | None = None

    def on_stop(self) -> None:
        """Close the connection."""
        if self._till is not None:
            self._till.close()

    @task
    def order(self) -> None:
        """Send an order."""
        try:
            if self._till is None:
                self._till = self._open()
                for served in self._till.warm_up():
                    self._tell(served)
            else:
                self._tell(self._till.serve())
        except CampaignEnded as ended:
            dispatch = _dispatch_of(self.environment)
            if dispatch is not None:
                dispatch.end_for(ended)
            raise StopUser from None

    def _open(self) -> Till:
        """Find out what may be sent; the first user sends the plainest orders.

        This is no part of `on_start`, where Locust shows a traceback for whoever stops.

        Raises:
            StopUser: if nothing may be.
        """
        dispatch = _dispatch_of(self.environment)
        shift = dispatch.shift() if dispatch is not None else None
        if dispatch is None or shift is None:
            raise StopUser
        try:
            till = shift.open_till(
                type(self),
                syntax=self.syntax,
                values=read_values(self.values) if isinstance(self.values, str) else self.values,
                lines=self.lines,
                latency_limit=self.latency_limit,
            )
        except AltcraftContractError as fault:
            dispatch.end(End(EXIT_USAGE, f"{type(self).__name__}: {fault}"))
            raise StopUser from None
        return till

    def _tell(self, served: Served) -> None:
        """Tell Locust of an answer; nothing of what was sent or came."""
        dispatch = _dispatch_of(self.environment)
        if served.failure is not None and dispatch is not None:
            dispatch.note_breach()
        self.environment.events.request.fire(
            request_type=REQUEST_TYPE,
            name=served.name,
            response_time=served.seconds * 1000,
            response_length=served.size,
            exception=CatchResponseError(served.failure) if served.failure is not None else None,
            context={},
            response=None,
        )


def _dispatch_of(environment: Environment) -> Dispatch | None:
    found = vars(environment).get(_DISPATCH)
    return found if isinstance(found, Dispatch) else None


def _add_options(parser: Any) -> None:
    add_options(parser)


def _begin_process(environment: Environment, **_: Any) -> None:
    """Check what is known when a process of Locust begins; what is wrong ends it before anything is sent."""
    try:
        settings = settings_of(cast("argparse.Namespace", environment.parsed_options))
    except AltcraftContractError as fault:
        fail_early(fault)
        return
    dispatch = vars(environment)[_DISPATCH] = Dispatch(environment, settings, OrderUser)
    dispatch.check()


def _begin_run(environment: Environment, **_: Any) -> None:
    dispatch = _dispatch_of(environment)
    if dispatch is not None:
        dispatch.begin()


def _end_run(environment: Environment, **_: Any) -> None:
    dispatch = _dispatch_of(environment)
    if dispatch is not None:
        dispatch.close()


def _end_process(environment: Environment, **_: Any) -> None:
    dispatch = _dispatch_of(environment)
    if dispatch is not None:
        dispatch.settle_exit_code()


_LISTENERS: Final = {
    "init_command_line_parser": _add_options,
    "init": _begin_process,
    "test_start": _begin_run,
    "test_stop": _end_run,
    "quitting": _end_process,
}

for _name, _listener in _LISTENERS.items():
    getattr(events, _name).add_listener(_listener)
