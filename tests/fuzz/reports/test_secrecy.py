"""No secret in what a target answers reaches a report."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings

from altcraft_contract.fuzz.identity import STAND_INS
from altcraft_contract.fuzz.reports import REPORTS, render_text
from tests.fuzz.fakes import make_case, make_failure, make_observations, make_received, make_report, sample_reports
from tests.renderers.bodies import Body, bodies, damaged_bodies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.fuzz.report import CampaignReport

SAMPLES = sample_reports()


def iter_outputs(report: CampaignReport) -> Iterator[str]:
    """What every report makes of a campaign."""
    for form in REPORTS.values():
        yield "".join(form.render(report))
    for verbose in (False, True):
        yield "".join(render_text(report, verbose=verbose, color=verbose))


def poisoned(body: Body) -> CampaignReport:
    """A campaign whose target has put secrets wherever it could."""
    told = " and ".join(body.contacts) + f", token={body.token}; Authorization: Bearer {body.token}"
    headers = (("authorization", f"Bearer {body.token}"), ("set-cookie", f"token={body.token}"), ("x-told", told))
    received = make_received(body.text, headers=headers, fault="garbage", detail=told)
    steps = tuple(type(make_failure().step)(case=make_case(syntax), received=received) for syntax in ("json", "xml"))
    failure = make_failure(steps=steps, twin=steps[1], message=told, expected=told)
    return make_report(
        failures=(failure,),
        known=(replace(failure, cause=failure.cause._replace(error=told, text=told)),),
        observations=make_observations(told),
        ending="refused-warm-up",
        ending_detail=told,
        warm_up=steps,
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=bodies() | damaged_bodies())
def test_no_report_shows_a_secret(body: Body) -> None:
    """Neither a part of a token nor an address or a number of an answer is in any report, whole body or damaged."""
    for output in iter_outputs(poisoned(body)):
        assert not body.leaks(output), output


@pytest.mark.parametrize("sample", SAMPLES)
def test_stand_ins_are_shown_as_variables(sample: str) -> None:
    """No report shows a stand-in as if it were a value, and the names of the variables survive redaction."""
    for output in iter_outputs(SAMPLES[sample]):
        assert not any(secret in output for secret in (STAND_INS.token, STAND_INS.email, STAND_INS.phone))
        assert "$ALTCRAFT_TOKEN" in output or sample not in {"failures", "refused"}
