"""What `fuzz --dry-run` tells: what a campaign would send, and how much of it."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Final

from altcraft_contract.fuzz.campaign import MOST_ORDERS
from altcraft_contract.renderers.text import count
from altcraft_contract.target.allow_list import check_allowed, is_loopback
from altcraft_contract.target.guard import rate_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.fuzz.report import CampaignReport
    from altcraft_contract.fuzz.settings import CampaignSettings, Target
    from altcraft_contract.strategies.vocabulary import Values

_MINUTE: Final = 60


def preview_lines(report: CampaignReport, target: Target, settings: CampaignSettings) -> Iterator[str]:
    """The lines, without line ends.

    Args:
        report: Of a campaign that sent nothing.
        target: Where it would go.
        settings: What it would do.
    """
    yield f"Dry run: nothing was sent to {report.target}"
    yield ""
    yield "A plain order in each syntax first; if both are refused, nothing else. Then, unless a limit ends it before:"
    for phase in report.phases:
        yield f"  {phase.phase:<10} {count(phase.planned, 'trial'):>12}"
    if any(phase.phase in ("valid", "mutations") for phase in report.phases):
        yield "  then more of valid and mutations, as long as requests are left"
    rows = {(row.rule, row.place) for row in report.strictness}
    if rows:
        yield f"  with {count(len({rule for rule, _ in rows}), 'rule')} broken at {count(len(rows), 'place')}"
    yield ""
    yield from _limit_lines(target, settings)
    yield ""
    yield "What exists on the installation:"
    yield from _value_lines(settings.values)


def _limit_lines(target: Target, settings: CampaignSettings) -> Iterator[str]:
    address = check_allowed(target.url, target.allow_hosts)
    orders = settings.max_orders if settings.max_orders is not None or is_loopback(address) else MOST_ORDERS
    rate = rate_for(address, settings.rate_limit)
    yield "Limits:"
    yield f"  requests      {settings.max_requests:,}, those to confirm and to shrink included"
    yield f"  orders        {'any number' if orders is None else f'{orders:,}'} that the target accepts"
    yield f"  failures      {settings.max_failures:,}"
    yield f"  time          {'any' if settings.max_time is None else f'{settings.max_time:g} s'}"
    yield f"  pace          {_pace(rate, settings.max_requests)}"
    connections = "connection" if settings.workers == 1 else "connections side by side"
    yield f"  connections   {settings.workers} {connections}, {settings.timeout:g} s for an answer"
    yield f"  triggers      {'may run (--with-triggers)' if settings.with_triggers else 'skipped in every order'}"
    yield f"  token         {'given' if target.token is not None else 'none; a made-up one is sent'}"


def _pace(rate: float | None, requests: int) -> str:
    if rate is None:
        return "as fast as the target answers"
    seconds = requests / rate
    time = f"{seconds / _MINUTE:,.0f} minutes" if seconds >= 2 * _MINUTE else f"{seconds:,.0f} s"
    return f"{rate:g} a second, which makes {time} for all requests"


def _value_lines(values: Values) -> Iterator[str]:
    """How many values there are of each kind: the values themselves may be secret."""
    for field in fields(values):
        known = getattr(values, field.name)
        yield f"  {field.name.replace('_', '-'):<17} {f'{len(known):,} given' if known else 'made up'}"
