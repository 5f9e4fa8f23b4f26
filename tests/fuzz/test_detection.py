"""Campaigns against the zoo: what is faulty is found, and what is right is let be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from altcraft_contract.fuzz import CampaignSettings, Target, run_campaign
from tests.fuzz.zoo.faults import FAULTS
from tests.fuzz.zoo.server import TOKEN, correct_server, zoo_server

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNDOCUMENTED = "the page is silent: what the target makes of it is an observation"
_TRIGGERS = "only an order that does not skip triggers shows it"
BEYOND: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "accepts-byte-order-mark",
            "page-for-get",
            "refusal-in-json-for-xml",
            "refuses-empty-redeem-points",
            "refuses-empty-requested-promotions",
            "refuses-huge-price",
            "refuses-integer-with-exponent",
            "refuses-large-count",
            "refuses-large-line-number",
            "refuses-large-pool",
            "refuses-long-text",
            "refuses-negative-line-number",
            "refuses-negative-pool",
            "refuses-price-with-leading-zeros",
            "refuses-price-with-many-decimals",
            "refuses-three-identifiers",
            "refuses-time-first-year",
            "refuses-time-last-year",
            "refuses-time-long-fraction",
            "refuses-xml-byte-order-mark",
            "token-never-in-header",
        ),
        _UNDOCUMENTED,
    ),
    "accepts-boolean-in-capitals": _TRIGGERS,
    "accepts-boolean-in-words": _TRIGGERS,
}
"""Fault to why a campaign does not tell of it."""
SAMPLE = [name for name in FAULTS if name not in BEYOND][::22]


@pytest.mark.parametrize("name", SAMPLE)
def test_a_fault_is_found(name: str) -> None:
    """A server with one fault fails a campaign of 1,500 requests, whatever the fault."""
    settings = CampaignSettings(max_requests=1_500, max_failures=1, timeout=1.0, shrink=False)

    with zoo_server(name) as url:
        report = run_campaign(Target(url, token=TOKEN), settings)

    assert report.failures
    assert report.exit_code == 1


@pytest.mark.parametrize("seed", [0, 1])
def test_a_right_server_is_let_be(seed: int) -> None:
    """A server without a fault fails no campaign, and every rule is seen to be enforced."""
    with correct_server() as url:
        report = run_campaign(Target(url, token=TOKEN), CampaignSettings(seed=seed))

    assert report.failures == ()
    assert report.exit_code == 0
    assert report.ending == "finished"
    assert all(row.json.enforcement != "not-enforced" for row in report.strictness if row.severity == "error")
