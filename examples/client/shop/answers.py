"""What Altcraft's answer means for the shop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class OrderOutdated(Exception):
    """A price has changed: calculate the order anew and show it to the customer again."""


class OrderRefused(Exception):
    """Altcraft has not taken the order; there is a mistake to mend."""


class OutcomeUnknown(Exception):
    """Nobody knows whether the order is confirmed: a person has to look, and nothing is sent again by itself."""


@dataclass(frozen=True)
class Confirmed:
    """The order is confirmed.

    Attributes:
        coupons: Codes for the customer.
    """

    coupons: tuple[str, ...]


def read_answer(status: int, answer: Any) -> Confirmed:
    """Say what an answer means.

    Args:
        status: Of HTTP.
        answer: What the body says, its numbers as numbers and its lists as lists; None if it says nothing.

    Raises:
        OrderOutdated, OrderRefused, OutcomeUnknown: as they say.
    """
    if not isinstance(answer, dict) or not isinstance(answer.get("error"), int):
        raise OutcomeUnknown(f"HTTP {status} without a readable answer")
    if answer["error"] != 0:
        refusal = OutcomeUnknown if status >= 500 else OrderRefused
        raise refusal(f"error {answer['error']}: {answer.get('error_text')}")
    data = answer.get("data")
    confirmed = data.get("status") if isinstance(data, dict) else None
    if confirmed == "outdated":
        raise OrderOutdated
    if status != 200 or confirmed != "success":
        raise OutcomeUnknown(f"HTTP {status}, status {confirmed!r}")
    issued = data.get("issued_promocodes") or []
    return Confirmed(tuple(code for item in issued for code in item.get("codes") or []))
