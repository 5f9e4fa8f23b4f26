"""How a run is shared out among workers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.load.settings import LoadSettings
from altcraft_contract.load.share import Share, read_share, share_out
from altcraft_contract.target.address import parse_target

NEAR = parse_target("http://127.0.0.1:8075")
FAR = parse_target("https://staging.example.com")
WHOLE = Share("acf-0123abcd")._asdict()


@given(workers=st.integers(1, 50), orders=st.integers(1, 1000), rate=st.floats(0.01, 1000))
def test_shares_make_up_the_whole(workers: int, orders: int, rate: float) -> None:
    """Together workers may do as much as the run, and none of them one order more than another."""
    settings = LoadSettings(max_orders=orders, rate_limit=rate)
    shares = share_out(settings, NEAR, "acf-0", workers=workers)

    parts = [share.orders for share in shares if share.orders is not None]
    assert sum(parts) == orders
    assert max(parts) - min(parts) <= 1
    assert sum(share.rate or 0 for share in shares) == pytest.approx(rate)
    assert len({share.name for share in shares}) == len({share.seed for share in shares}) == workers


def test_off_this_machine_there_are_limits() -> None:
    """Without a word a run sends two orders a second and 500 in all to another machine, and any number to this one."""
    (far,) = share_out(LoadSettings(), FAR, "acf-0")
    (near,) = share_out(LoadSettings(), NEAR, "acf-0")

    assert (far.rate, far.orders, far.is_limited) == (2.0, 500, True)
    assert (near.rate, near.orders, near.is_limited) == (None, None, False)


def test_a_share_travels_as_a_mapping() -> None:
    """What a master sends is what a worker reads."""
    shares = share_out(LoadSettings(rate_limit=3, max_orders=10, seed=7), FAR, "acf-0123abcd", workers=3)
    assert tuple(read_share(share._asdict()) for share in shares) == shares


@pytest.mark.parametrize(
    "message",
    [
        None,
        [],
        {},
        {**WHOLE, "more": 1},
        {**WHOLE, "run": "../../etc/passwd"},
        {**WHOLE, "run": 5},
        {**WHOLE, "number": -1},
        {**WHOLE, "number": True},
        {**WHOLE, "rate": 0},
        {**WHOLE, "rate": float("nan")},
        {**WHOLE, "rate": "fast"},
        {**WHOLE, "orders": 1.5},
        {**WHOLE, "timeout": 0},
        {**WHOLE, "timeout": None},
        {**WHOLE, "syntax": "yaml"},
        {**WHOLE, "syntax": []},
        {**WHOLE, "with_triggers": 1},
        {**WHOLE, "seed": "x"},
    ],
)
def test_what_is_no_share_allows_nothing(message: Any) -> None:
    """A worker sends nothing when it does not understand what it may send."""
    with pytest.raises(ConfigurationFault, match="what this worker may send"):
        read_share(message)
