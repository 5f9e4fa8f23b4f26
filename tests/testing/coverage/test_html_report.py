"""The page, without a browser."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html import escape
from html.parser import HTMLParser
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from altcraft_contract.renderers import html_page
from altcraft_contract.testing.coverage.html_report import render_html
from altcraft_contract.testing.coverage.legend import LEGEND
from altcraft_contract.testing.coverage.summary import FieldUse, RuleUse, ScenarioUse, summarize
from tests.testing.coverage import runs

if TYPE_CHECKING:
    from pathlib import Path

    from altcraft_contract.testing.coverage import Coverage
    from altcraft_contract.testing.coverage.summary import Use

VOID = {"meta", "link", "input", "rect", "wbr"}
HOSTILE = "</code><script>alert(1)</script>\"'&"


class Outline(HTMLParser):
    """The elements of a page, which must be nested well."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.feed(page)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element, which must run no script and have no style of its own."""
        self.tags.append(tag)
        assert not any(name.startswith("on") or name == "style" for name, _ in attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser names it
        """Note an element that has no content."""
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost open element, which must be of that name."""
        assert self.open.pop() == tag


@pytest.mark.parametrize("coverage", [runs.nothing(), runs.something(), runs.everything()])
def test_page_tells_every_item(coverage: Coverage) -> None:
    """Every field, rule and scenario has a row, each marked as exercised or never, and no script is needed."""
    summary = summarize(coverage)
    page = render_html(summary)
    outline = Outline(page)
    assert "script" not in outline.tags
    uses: list[Use] = [*summary.fields, *summary.rules, *summary.scenarios]
    assert page.count('<tr class="use exercised">') == sum(use.exercised for use in uses) == summary.total.exercised
    assert page.count('<tr class="use never">') == sum(not use.exercised for use in uses)
    for use in uses:
        assert f"<code>{use.name.replace('/', '/<wbr>')}</code>" in page
    for heading, _ in LEGEND:
        assert f"<dt>{heading}</dt>" in page


def test_policy_lets_in_the_style_of_the_page_alone() -> None:
    """The policy names the one style by its hash, and lets in nothing that would be fetched or run."""
    page = render_html(summarize(runs.something()))
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="(.*?)">', page)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_page_names_no_other_host() -> None:
    """The page holds no address but the name of the SVG namespace, which nobody fetches."""
    page = render_html(summarize(runs.something()))
    assert re.findall(r"https?://[^'\"\s<]+", page) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"@import|url\(", page)


def test_text_is_written_as_text() -> None:
    """Whatever a table may hold, it stands in the page as text."""
    summary = summarize(runs.something())
    field = summary.fields[0].field._replace(pointer=f"/{HOSTILE}", section=HOSTILE)
    rule = replace(summary.rules[0].rule, id=HOSTILE, statement=f"`{HOSTILE}`")
    scenario = replace(summary.scenarios[0].scenario, name=HOSTILE, description=HOSTILE)
    hostile = replace(
        summary,
        contract=HOSTILE,
        fields=(FieldUse(field, 1),),
        rules=(RuleUse(rule, 1, 0),),
        off=(HOSTILE,),
        scenarios=(ScenarioUse(scenario, 0),),
    )
    page = render_html(hostile)
    assert "script" not in Outline(page).tags
    assert page.count(escape(HOSTILE).replace("/", "/<wbr>")) + page.count(escape(HOSTILE)) >= 6


def test_line_ends_of_a_checkout_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A template that a checkout has given CRLF makes the same page."""
    summary = summarize(runs.something())
    expected = render_html(summary)
    template = files("altcraft_contract.testing.coverage").joinpath("page.html").read_bytes()
    (tmp_path / "page.html").write_bytes(template.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    monkeypatch.setattr(html_page, "files", lambda _: tmp_path)
    assert render_html(summary) == expected
