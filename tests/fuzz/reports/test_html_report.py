"""The page, without a browser."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from altcraft_contract.fuzz.reports import html_report
from altcraft_contract.fuzz.reports.html_report import render_html
from tests.fuzz.fakes import make_failure, make_report, make_strictness, sample_reports

if TYPE_CHECKING:
    from pathlib import Path

VOID = {"meta", "link", "rect", "wbr"}
SAMPLES = sample_reports()


class Outline(HTMLParser):
    """The elements of a page, which must be nested well."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(page)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element, which must run no script and have no style of its own."""
        self.tags.append(tag)
        found = dict(attrs)
        assert not any(name.startswith("on") or name in {"style", "src", "srcdoc", "action"} for name in found)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.links += [found["href"] or ""] if "href" in found else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - as named above
        """Note an element that has no content."""
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost open element, which must be of that name."""
        assert self.open.pop() == tag


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


def test_line_ends_of_a_checkout_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A template that a checkout has given CRLF makes the same page."""
    expected = render("failures")
    template = files("altcraft_contract.fuzz.reports").joinpath("page.html").read_bytes()
    (tmp_path / "page.html").write_bytes(template.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    monkeypatch.setattr(html_report, "files", lambda _: tmp_path)
    assert render("failures") == expected
