"""The way of a case to the target: within the rules of safety, and back as an exchange."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from altcraft_contract.fuzz.budget import CampaignEnded
from altcraft_contract.fuzz.connection import Connection, ConnectionSettings
from altcraft_contract.fuzz.reading import read_exchange
from altcraft_contract.target.guard import Reply
from altcraft_contract.target.not_sent import NotSent

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from altcraft_contract.fuzz.budget import Budget
    from altcraft_contract.fuzz.case import Case
    from altcraft_contract.fuzz.exchange import Answer, Exchange
    from altcraft_contract.fuzz.identity import Identity
    from altcraft_contract.fuzz.settings import Target
    from altcraft_contract.target.guard import Guard

_BUSY: Final = (429, 503)
_MOST_BUSY: Final = 4  # answers in a row that ask us to come again
_PAUSES: Final = (0.1, 0.5, 2.0)  # seconds before a target that takes no connection is tried again
_JUST_NOW: Final = 0.25  # seconds
_TOLD_DROPS: Final = 2
_SHORT_WAIT: Final = 0.5  # seconds, beyond those of the rate limit, that nobody needs to be told of


class Sender:
    """Sends cases on one connection.

    Args:
        target: The service.
        guard: The rules of safety, shared by all senders of a campaign.
        identity: What is put in the place of stand-ins.
        timeout: Seconds for one answer.
        budget: What may be used up; None is as much as is wanted.
        on_wait: Is told of seconds, and why.
        usual_wait: Seconds between two requests by the rate limit.
    """

    def __init__(
        self,
        target: Target,
        guard: Guard,
        identity: Identity,
        *,
        timeout: float,
        budget: Budget | None = None,
        on_wait: Callable[[float, str], None] | None = None,
        usual_wait: float = 0.0,
    ) -> None:
        self._guard = guard
        self._identity = identity
        self._budget = budget
        self._on_wait = on_wait
        self._drops = 0
        self._usual_wait = usual_wait + _SHORT_WAIT
        settings = ConnectionSettings(timeout=timeout, ca_file=target.ca_file, is_insecure=target.is_insecure)
        self._connection = Connection(guard.target, settings)

    def send(self, case: Case, *, repeats_dropped: bool = True, is_judged: bool = True) -> Exchange:
        """Send a case, when its turn has come.

        Args:
            case: With stand-ins.
            repeats_dropped: Whether a request that a connection swallowed which had been used before is sent again on
                a new one.
            is_judged: Whether anybody looks at what went wrong.

        Raises:
            CampaignEnded: if nothing more may be sent, or the target cannot be reached.
        """
        for _ in range(_MOST_BUSY):
            exchange = self._send_once(case)
            answer = exchange.answer
            if repeats_dropped and self._is_let_pass(answer, is_judged=is_judged):
                again = self._send_once(case)
                exchange = exchange if again.outcome == "broken" else again
            elif answer.fault == "refused-connection":
                exchange = self._knock(case, exchange)
            if not self._is_busy(exchange.answer):
                return exchange
        raise CampaignEnded(
            "rate-limited", "the target answers again and again that it has had too much; lower --rate-limit"
        )

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _is_let_pass(self, answer: Answer, *, is_judged: bool) -> bool:
        """Whether a request that a used connection swallowed is sent again without a word.

        A connection that nobody used may be closed at any time. One that was used just now may not, unless the answer
        before said so (RFC 9112, 9.6): that is told, and then let pass, so that the campaign goes on.
        """
        if not answer.is_reused or answer.fault not in ("closed", "reset"):
            return False
        if answer.idle > _JUST_NOW or not is_judged:
            return True
        self._drops += 1
        return self._drops > _TOLD_DROPS

    def _is_busy(self, answer: Answer) -> bool:
        """Whether the target asks to come again: a 503 alone is a failure."""
        return answer.status in _BUSY and (answer.status != _BUSY[1] or answer.header("retry-after") is not None)

    def _knock(self, case: Case, exchange: Exchange) -> Exchange:
        """Try again with a target that takes no connection.

        Raises:
            CampaignEnded: if it stays so.
        """
        for pause in _PAUSES:
            self.wait(pause, "the target takes no connection")
            exchange = self._send_once(case)
            if exchange.answer.fault != "refused-connection":
                return exchange
        raise CampaignEnded("unreachable", exchange.answer.detail)

    def _send_once(self, case: Case) -> Exchange:
        self._take_turn()
        sent = self._identity.reveal(case.body, case.syntax)
        skips = b"skip_triggers" in sent
        try:
            attempt = self._guard.send(
                case.external_id, test=case.title, skips_triggers=skips, secrets=self._identity.secrets
            )
        except NotSent as refused:
            raise CampaignEnded("target-failed", refused.reason) from None
        answer = self._connection.send(case, sent, self._identity.token)
        exchange = read_exchange(case, sent, answer)
        data = (exchange.value or {}).get("data")
        status = data.get("status") if isinstance(data, dict) else None
        reply = Reply(
            status=answer.status if answer.fault is None else None,
            error=exchange.error,
            order_status=status if isinstance(status, str) else None,
            retry_after=answer.header("retry-after"),
        )
        self._guard.settle(attempt, None if answer.fault in ("refused-connection", "tls") else reply)
        if self._budget is not None and exchange.outcome == "accepted":
            self._budget.count_order()
        return exchange

    def _take_turn(self) -> None:
        """Wait until a request may leave.

        Raises:
            CampaignEnded: if none may.
        """
        if self._budget is not None:
            self._budget.take()
        while True:
            try:
                delay = self._guard.take_turn()
            except NotSent as refused:
                raise CampaignEnded("rate-limited", refused.reason) from None
            if not delay:
                return
            self.wait(delay, "the target wants to be left alone" if delay > self._usual_wait else "")

    def wait(self, seconds: float, reason: str) -> None:
        """Wait, but not beyond the end of the campaign.

        Raises:
            CampaignEnded: if there is no time left.
        """
        if reason and self._on_wait is not None:
            self._on_wait(seconds, reason)
        if self._budget is None:
            time.sleep(seconds)
            return
        left = self._budget.seconds_left(seconds)
        if self._budget.stopped.wait(left):
            raise CampaignEnded("interrupted", "it was interrupted")
        if left < seconds:
            raise CampaignEnded("max-time", "its time (--max-time) ended while it waited")
