"""The way of an order to the target under load: the fuzzer's, but that being asked to wait is an answer, too."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Final

from altcraft_contract.fuzz.budget import CampaignEnded
from altcraft_contract.fuzz.sending import Sender

if TYPE_CHECKING:
    from typing import Any

    from altcraft_contract.fuzz.case import Case
    from altcraft_contract.fuzz.exchange import Exchange

NOT_CONNECTED: Final = ("refused-connection", "tls")


class Allowance:
    """How many orders a worker may still send; it may be used by several users.

    Args:
        most: How many; None is any number.
    """

    def __init__(self, most: int | None) -> None:
        self._most = most
        self._taken = 0
        self._lock = Lock()

    def take(self) -> None:
        """Take one.

        Raises:
            CampaignEnded: if there is none left.
        """
        with self._lock:
            if self._most is not None and self._taken >= self._most:
                detail = f"{self._most:,} orders were sent from here, and no more may be (--max-orders)"
                raise CampaignEnded("max-orders", detail)
            self._taken += 1

    def give_back(self) -> None:
        """Give one back, since the order has not left."""
        with self._lock:
            self._taken -= 1


class OrderSender(Sender):
    """Sends orders on one connection.

    Args:
        *arguments: As for `Sender`.
        allowance: How many orders may leave.
        **settings: As for `Sender`.
    """

    def __init__(self, *arguments: Any, allowance: Allowance, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._allowance = allowance

    def send(self, case: Case, *, repeats_dropped: bool = True, is_judged: bool = True) -> Exchange:
        """Send an order, when its turn has come; arguments and exceptions as for `Sender.send`.

        An answer that asks to come again is returned as it is: the next turn is as late as it asks for.
        """
        exchange = self._send_once(case)
        if exchange.answer.fault == "refused-connection":
            return self._knock(case, exchange)
        if repeats_dropped and self._is_let_pass(exchange.answer, is_judged=is_judged):
            again = self._send_once(case)
            return exchange if again.outcome == "broken" else again
        return exchange

    def asks_to_wait(self, exchange: Exchange) -> bool:
        """Whether the target wants to be left alone for a while."""
        return self._is_busy(exchange.answer)

    def _send_once(self, case: Case) -> Exchange:
        self._allowance.take()
        exchange = super()._send_once(case)
        if exchange.answer.fault in NOT_CONNECTED:
            self._allowance.give_back()
        return exchange
