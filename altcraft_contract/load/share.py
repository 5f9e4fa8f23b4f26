"""What one worker may do of what a run may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.fuzz.campaign import MOST_ORDERS
from altcraft_contract.load.settings import SYNTAXES
from altcraft_contract.target.allow_list import is_loopback
from altcraft_contract.target.guard import rate_for

if TYPE_CHECKING:
    from altcraft_contract.load.settings import LoadSettings, SyntaxChoice
    from altcraft_contract.target.address import Target

_NUMBERS: Final = ("rate", "orders", "latency_limit")


class Share(NamedTuple):
    """The part of one worker; it travels from the master to the worker as a mapping.

    Attributes:
        run: Id of the run, which every `external_id` begins with.
        number: Of the worker, from 0 on.
        workers: How many there are.
        rate: Requests in a second; None is any number.
        orders: Orders that may be sent; None is any number.
        seed: Of the orders that this worker draws.
        syntax: Of the orders.
        timeout: Seconds for one answer.
        latency_limit: Seconds after which an answer is too late; None is never.
        with_triggers: Whether `skip_triggers` may be other than true.
    """

    run: str
    number: int = 0
    workers: int = 1
    rate: float | None = None
    orders: int | None = None
    seed: int = 0
    syntax: SyntaxChoice = "mix"
    timeout: float = 10.0
    latency_limit: float | None = None
    with_triggers: bool = False

    @property
    def name(self) -> str:
        """What tells the orders and the files of this worker from those of others."""
        return f"{self.run}-{self.number}"

    @property
    def is_limited(self) -> bool:
        """Whether there is not enough for everyone who comes."""
        return self.rate is not None or self.orders is not None


def share_out(settings: LoadSettings, target: Target, run: str, *, workers: int = 1) -> tuple[Share, ...]:
    """Divide what a run may do among its workers.

    Args:
        settings: Of the master, or of the only process.
        target: Where orders are sent.
        run: Id of the run.
        workers: How many there are.
    """
    rate = rate_for(target, settings.rate_limit)
    most = settings.max_orders
    if most is None and not is_loopback(target):
        most = MOST_ORDERS
    return tuple(
        Share(
            run,
            index,
            workers,
            rate=rate / workers if rate is not None else None,
            orders=most // workers + (index < most % workers) if most is not None else None,
            seed=settings.seed + index,
            syntax=settings.syntax,
            timeout=settings.timeout,
            latency_limit=settings.latency_limit,
            with_triggers=settings.with_triggers,
        )
        for index in range(workers)
    )


def read_share(message: Any) -> Share:
    """The share that a master has sent.

    Raises:
        ConfigurationFault: if it is none: then nothing may be sent.
    """
    fault = ConfigurationFault("the master", "it does not say what this worker may send; give both the same version")
    if not isinstance(message, dict) or message.keys() != set(Share._fields):
        raise fault
    share = Share(**cast("dict[str, Any]", message))
    numbers = [getattr(share, name) for name in _NUMBERS]
    are_numbers = all(number is None or _is_number(number) for number in (*numbers, share.timeout))
    are_whole = all(type(number) is int and number >= 0 for number in (share.number, share.workers, share.orders or 0))
    if not (are_numbers and are_whole and share.rate != 0 and share.timeout and share.syntax in tuple(SYNTAXES)):
        raise fault
    if type(share.run) is not str or type(share.seed) is not int or type(share.with_triggers) is not bool:
        raise fault
    if not share.run.replace("-", "").isalnum():  # it becomes part of the names of files
        raise fault
    return share


def _is_number(value: object) -> bool:
    return type(value) in (int, float) and 0 <= cast("float", value) < float("inf")
