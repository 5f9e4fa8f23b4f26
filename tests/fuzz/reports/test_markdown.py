"""Markdown for the summary of a job."""

from __future__ import annotations

import pytest

from altcraft_contract.fuzz.reports.markdown_report import render_markdown
from tests.fuzz.fakes import make_failure, make_report, sample_reports
from tests.renderers.markdown_reading import to_html

SAMPLES = sample_reports()
OURS = {"h2", "h3", "p", "strong", "blockquote", "details", "summary", "b", "code", "pre", "ul", "li", "br", "table"}
OURS |= {"thead", "tbody", "tr", "th", "td"}


@pytest.mark.parametrize("sample", SAMPLES)
def test_only_the_report_is_markup(sample: str) -> None:
    """Whatever a target says, the page has no elements but those of the report, and they are nested well."""
    tags = to_html("".join(render_markdown(SAMPLES[sample])))
    assert not tags.open
    assert tags.found <= OURS


def test_summary_of_a_job_has_room() -> None:
    """A campaign with many failures stays below the mebibyte that GitHub takes."""
    failures = tuple(make_failure(id=f"{number:016x}") for number in range(500))
    text = "".join(render_markdown(make_report(failures=failures, known=failures)))
    assert len(text.encode()) < 2**20
    assert text.count("And 450 more") == 2


def test_page_tells_what_matters() -> None:
    """Summary, failures, what can be done, the matrix and observations are there."""
    text = to_html("".join(render_markdown(SAMPLES["failures"]))).text
    for part in ("3 failures", "missing-field at /data/lines/*/count", "curl -sS", "Strictness", "error 1042"):
        assert part in text
    assert "unknown sku" in to_html("".join(render_markdown(SAMPLES["refused"]))).text
