"""What the shop's code tells its caller about one order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class Outcome(StrEnum):
    """What became of an order, as the shop's code tells its caller.

    Attributes:
        SUCCESS: The order is confirmed.
        OUTDATED: A price has changed, there is no order; the preliminary calculation has to be repeated.
        REFUSED: The service has said that it does not confirm the order.
        UNKNOWN: The order may be confirmed or not: no answer came, or none that can be understood.
    """

    SUCCESS = "success"
    OUTDATED = "outdated"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """An outcome with what the shop's code has read from the answer.

    Attributes:
        outcome: What became of the order: an `Outcome`, or its text.
        promocodes: The promo codes that were issued, in the order of the answer; None leaves them unchecked.
    """

    outcome: Outcome | str
    promocodes: Sequence[str] | None = None
