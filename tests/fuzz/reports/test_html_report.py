"""The page, without a browser."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

import pytest

from altcraft_contract.fuzz.reports.html_report import render_html
from tests.fuzz.fakes import make_failure, make_report, make_strictness, sample_reports
from tests.renderers.page_reading import Outline

SAMPLES = sample_reports()


def render(sample: str) -> str:
    """The page of a sample."""
    return "".join(render_html(SAMPLES[sample]))


@pytest.mark.parametrize("sample", SAMPLES)
def test_page_is_inert(sample: str) -> None:
    """Whatever a target says, the page is well-formed, runs nothing, and links to parts of itself alone."""
    outline = Outline(render(sample))
    assert not {"script", "iframe", "object", "img", "form", "base"} & set(outline.tags)
    assert all(link.startswith(("#", "data:image/svg+xml,")) for link in outline.links)
    targets = {link[1:] for link in outline.links if link.startswith("#")}
    assert targets <= set(outline.ids)
    assert len(set(outline.ids)) == len(outline.ids) or sample == "hostile"


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_character_is_in_print(sample: str) -> None:
    """Nothing on the page hides or reorders anything."""
    assert render(sample).replace("\n", "").isprintable()


def test_policy_lets_in_the_style_of_the_page_alone() -> None:
    """The policy names the one style by its hash, and lets in nothing that would be fetched or run."""
    page = render("failures")
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="(.*?)">', page)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    expected = ["default-src 'none'", f"style-src 'sha256-{digest}'", "img-src data:"]
    assert policy.split("; ") == [*expected, "base-uri 'none'", "form-action 'none'"]
    assert not re.search(r"@import|url\(", page)


def test_every_cell_of_the_matrix_is_there() -> None:
    """Each row of the matrix is a cell with a half for either syntax, and those that differ are marked."""
    page = render("failures")
    rows = make_strictness()
    assert page.count('data-rule="') == len(rows)
    for syntax in ("json", "xml"):
        for kind in ("enforced", "not-enforced", "partly", "not-reached", "impossible"):
            expected = sum(getattr(row, syntax).enforcement == kind for row in rows)
            assert page.count(f'<span class="half {kind}" data-syntax="{syntax.upper()}">') == expected
    assert page.count('<span class="pair differs" title=') == sum(row.differs for row in rows)


def test_page_tells_each_ending() -> None:
    """The verdict is in words and in a colour that fits, and the title of the page has it, too."""
    states = {
        "failures": "bad",
        "nothing": "ok",
        "known": "ok",
        "refused": "warn",
        "interrupted": "bad",
        "dry-run": "warn",
    }
    for sample, state in states.items():
        assert f'<div class="verdict {state}">' in render(sample)
    assert "<title>Fuzzing campaign: 3 failures</title>" in render("failures")
    assert "set values of the installation: skus, endpoints." in render("refused")


def test_only_the_first_failures_are_unfolded() -> None:
    """A page with many failures can be looked over."""
    failures = tuple(make_failure(id=f"{number:016x}") for number in range(20))
    page = "".join(render_html(make_report(failures=failures)))
    assert page.count('<details class="card failure"') == 20
    assert len(re.findall(r'<details class="card failure" id="[^"]*" open>', page)) == 3
