"""The rules of safety of one run, for everything that it sends to its target."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, Final

from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.target.allow_list import check_allowed, is_loopback
from altcraft_contract.target.not_sent import NotSent
from altcraft_contract.target.order_journal import OrderJournal, outcome_of
from altcraft_contract.target.pace import Pace, read_retry_after
from altcraft_contract.target.triggers import skip_triggers

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable

    from altcraft_contract.contract import Syntax
    from altcraft_contract.target.address import Target
    from altcraft_contract.target.order_journal import Outcome, Triggers

RATE: Final = 2.0  # requests in a second, off the loopback
MOST_ORDERS: Final = 100  # requests of one run, off the loopback
LONGEST_WAIT: Final = 60.0  # seconds; whoever has to wait longer is told so
_TOO_MANY: Final = 429
_UNAVAILABLE: Final = 503
_BREATH: Final = 5.0  # seconds, where a service says that it has had too much but not when to come again


def _now() -> datetime:
    return datetime.now(UTC)


def rate_for(target: Target, rate_limit: float | None) -> float | None:
    """Requests in a second that may be sent to *target*; None is any number. *rate_limit* is what was asked for."""
    return RATE if rate_limit is None and not is_loopback(target) else rate_limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back, as far as it is certain.

    Attributes:
        status: HTTP status; None if no whole answer came.
        error: `error` of the answer, if it is a whole number.
        order_status: `data.status` of the answer.
        retry_after: Its `Retry-After`.
    """

    status: int | None = None
    error: int | None = None
    order_status: str | None = None
    retry_after: str | None = None


class Guard:
    """Says what may be sent to a target, and when; writes down what was. It may be used by several threads.

    Args:
        url: The target, as for `parse_target`.
        allowed_hosts: Hosts that are allowed besides this machine, as for `check_allowed`.
        with_triggers: Whether requests keep the `skip_triggers` that they have.
        journal: File of the orders; off this machine there has to be one.
        rate_limit: Requests in a second; None is 2 off this machine, and any number on it.
        max_orders: Requests of this run; None is 100 off this machine, and any number on it.
        workers: How many processes share the run: of both limits this one gets its part.
        prefix: What stands before the names of the options, in messages.
        clock: Seconds that only grow.
        now: The time, in UTC.

    Raises:
        ConfigurationFault: if the target is not allowed, or a setting cannot be used.

    Attributes:
        target: Where requests go.
        with_triggers: As above.
    """

    def __init__(
        self,
        url: str,
        *,
        allowed_hosts: Iterable[str] = (),
        with_triggers: bool = False,
        journal: str | os.PathLike[str] | None = None,
        rate_limit: float | None = None,
        max_orders: int | None = None,
        workers: int = 1,
        prefix: str = "--",
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self.target = check_allowed(url, allowed_hosts, option=f"{prefix}allow-host")
        self.with_triggers = with_triggers
        is_near = is_loopback(self.target)
        if journal is None and not is_near:
            raise ConfigurationFault("the journal of orders", f"a target off this machine needs one: {prefix}journal")
        if max_orders is not None and max_orders < 0:
            raise ConfigurationFault(f"{prefix}max-orders", f"{max_orders}: expected a whole number from 0 on")
        if rate_limit is not None and not rate_limit > 0:
            raise ConfigurationFault(
                f"{prefix}rate-limit", f"{rate_limit:g}: expected a number of requests in a second, above 0"
            )
        most = MOST_ORDERS if max_orders is None and not is_near else max_orders
        rate = rate_for(self.target, rate_limit)
        self._most = most // workers if most is not None else None
        self._pace = Pace(rate / workers if rate is not None else None, clock=clock)
        self._prefix = prefix
        self._now = now
        self._lock = Lock()
        self._orders = 0
        self._journal = (
            OrderJournal(journal, target=self.target.origin, now=now, is_durable=not is_near)
            if journal is not None
            else None
        )

    @property
    def orders(self) -> int:
        """How many requests have been let go."""
        return self._orders

    def prepare(self, body: bytes, syntax: Syntax) -> bytes:
        """The body as it may be sent.

        Raises:
            NotSent: if `skip_triggers` cannot be set in it.
        """
        if self.with_triggers:
            return body
        try:
            return skip_triggers(body, syntax)
        except NotSent as refused:
            raise NotSent(f"{refused.reason}; {self._prefix}with-triggers sends it as it is") from None

    def take_turn(self) -> float:
        """Take the turn of one request; 0 if it may be sent now, else the seconds after which to ask again.

        Raises:
            NotSent: if as many have been sent as may be, or the target wants to be left alone for long.
        """
        with self._lock:
            if self._most is not None and self._orders >= self._most:
                raise NotSent(
                    f"{self._most} orders have been sent, and this process may send no more ({self._prefix}max-orders)"
                )
            delay = self._pace.take()
            if delay > LONGEST_WAIT:
                raise NotSent(
                    f"no request may leave for another {delay:.0f} s (Retry-After of the target, or the rate limit)"
                )
            self._orders += not delay
            return delay

    def send(
        self, external_id: str | None, *, test: str | None, skips_triggers: bool, secrets: Iterable[str] = ()
    ) -> str:
        """Write down that an order leaves; arguments and exceptions as for `OrderJournal.sent`.

        Returns:
            What `settle` wants to be told.
        """
        if self._journal is None:
            return ""
        triggers: Triggers = "skipped" if skips_triggers else "run"
        return self._journal.sent(external_id, test=test, triggers=triggers, secrets=secrets)

    def settle(self, attempt: str, reply: Reply | None) -> Outcome:
        """Write down what became of an order, and wait as long as the target wants.

        Args:
            attempt: What `send` returned.
            reply: What came back; None if the order has not left, since there was no connection.
        """
        outcome: Outcome = "not-sent"
        if reply is not None:
            outcome = outcome_of(reply.status, reply.error, reply.order_status)
            self._heed(reply)
        if self._journal is not None:
            told = reply or Reply()
            self._journal.settle(attempt, outcome, status=told.status, error=told.error)
        return outcome

    def _heed(self, reply: Reply) -> None:
        if reply.status not in (_TOO_MANY, _UNAVAILABLE):
            return
        asked = read_retry_after(reply.retry_after, self._now()) if reply.retry_after is not None else None
        if asked is None and reply.status == _TOO_MANY:
            asked = _BREATH
        if asked is not None:
            with self._lock:
                self._pace.hold(asked)

    def close(self) -> None:
        """Close the journal."""
        if self._journal is not None:
            self._journal.close()
