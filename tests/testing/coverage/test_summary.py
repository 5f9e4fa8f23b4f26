"""How much is exercised."""

from __future__ import annotations

from decimal import Decimal

import pytest

from altcraft_contract.rules import RULES
from altcraft_contract.stub.scenarios import SCENARIOS
from altcraft_contract.testing.coverage.summary import GROUPS, Share, summarize
from tests.testing.coverage import runs


def test_of_nothing_all_is_missing() -> None:
    """Without any message everything stands among what was never exercised."""
    summary = summarize(runs.nothing())
    assert summary.total.percent == 0
    assert summary.total.all == sum(share.all for share in summary.shares.values())
    assert summary.never("rules") == tuple(RULES)
    assert summary.never("scenarios") == tuple(SCENARIOS)
    assert len(summary.never("request_fields")) == summary.shares["request_fields"].all


def test_of_everything_nothing_is_missing() -> None:
    """Where all is exercised the share is 100 percent and nothing is left."""
    summary = summarize(runs.everything())
    assert summary.total.percent == 100
    assert [summary.never(group) for group in GROUPS] == [()] * len(GROUPS)
    assert not summary.falls_short(100)


def test_one_missing_field_is_told() -> None:
    """One field that is missing lowers the share of its group alone, and falls short of 100."""
    summary = summarize(runs.everything(but="/data/region"))
    assert summary.never("request_fields") == ("/data/region",)
    assert [group for group, share in summary.shares.items() if share.percent < 100] == ["request_fields"]
    assert summary.falls_short(100)


def test_rules_that_are_off_are_not_among_all() -> None:
    """A rule that is switched off is neither exercised nor missing."""
    summary = summarize(runs.something())
    assert summary.off == ("total-mismatch",)
    assert summary.shares["rules"].all == len(RULES) - 1
    assert "total-mismatch" not in summary.never("rules")


@pytest.mark.parametrize(
    ("exercised", "of", "percent"), [(0, 3, 0.0), (1, 3, 33.3), (2, 3, 66.6), (3, 3, 100.0), (9_999, 10_000, 99.9)]
)
def test_percent_is_rounded_down(exercised: int, of: int, percent: float) -> None:
    """Only all is 100 percent, however little is missing."""
    assert Share(exercised, of).percent == percent


def test_of_no_item_all_are_exercised() -> None:
    """Where there is nothing to exercise nothing is missing."""
    assert Share(0, 0).percent == 100


@pytest.mark.parametrize("percent", [0, 0.1, 50, 99.95, 100, Decimal("33.33")])
def test_what_falls_short_is_compared_exactly(percent: float | Decimal) -> None:
    """The bound is held to the exact share: neither is rounded."""
    summary = summarize(runs.something())
    share = Decimal(summary.total.exercised) * 100 / summary.total.all
    assert summary.falls_short(percent) == (share < Decimal(str(percent)))
    exact = f"{summary.total.exact.numerator * 10**9 // summary.total.exact.denominator}e-9"
    assert not summary.falls_short(Decimal(exact))
