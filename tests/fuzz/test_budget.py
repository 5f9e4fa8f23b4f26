"""What a campaign may use up: requests, orders and time, with a clock that the test turns."""

from __future__ import annotations

from threading import Thread

import pytest

from altcraft_contract.fuzz.budget import Budget, CampaignEnded


class Clock:
    """Seconds that grow when they are told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """The time."""
        return self.now


def ending_of(budget: Budget) -> str:
    """Why nothing more may be sent."""
    with pytest.raises(CampaignEnded) as ended:
        budget.take()
    assert ended.value.detail
    return ended.value.ending


def test_requests_are_given_out_once() -> None:
    """As many requests as there are may be taken, and no more."""
    budget = Budget(3, None, None)
    for _ in range(3):
        budget.take()

    assert ending_of(budget) == "max-requests"
    assert budget.requests == 3


def test_orders_end_it() -> None:
    """Once as many orders were accepted as may be, no request may be taken; none at all if there may be no order."""
    budget = Budget(10, 2, None)
    budget.take()
    budget.count_order()
    budget.take()
    budget.count_order()

    assert ending_of(budget) == "max-orders"
    assert (budget.requests, budget.orders) == (2, 2)
    assert ending_of(Budget(10, 0, None)) == "max-orders"


def test_time_ends_it() -> None:
    """Time counts from the beginning, and once it is over no request may be taken."""
    clock = Clock()
    budget = Budget(10, None, 5.0, clock=clock)
    clock.now += 4.75
    budget.take()

    assert budget.seconds == 4.75
    assert budget.seconds_left(10.0) == 0.25
    assert budget.seconds_left(0.125) == 0.125
    clock.now += 0.25
    assert ending_of(budget) == "max-time"
    clock.now += 100
    assert budget.seconds_left(1.0) == 0.0


def test_without_a_limit_there_is_time() -> None:
    """Without an end anything may take as long as it takes."""
    assert Budget(1, None, None).seconds_left(1e9) == 1e9


def test_who_stops_it_has_the_last_word() -> None:
    """Once it is stopped no request may be taken, whatever else is left."""
    budget = Budget(10, None, None)
    budget.stopped.set()

    assert ending_of(budget) == "interrupted"
    assert budget.requests == 0


def test_threads_share_it() -> None:
    """Several threads together take no more than there is."""
    budget = Budget(1_000, None, None)

    def take() -> None:
        try:
            while True:
                budget.take()
                budget.count_order()
        except CampaignEnded:
            return

    threads = [Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (budget.requests, budget.orders) == (1_000, 1_000)
