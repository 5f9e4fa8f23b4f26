"""Markdown for the summary of a job."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.fuzz.reports.markdown_report import fenced, inline, render_markdown
from tests.fuzz.fakes import make_failure, make_report, sample_reports

markdown_it = pytest.importorskip("markdown_it", reason="markdown-it-py is not installed")

SAMPLES = sample_reports()
OURS = {"h2", "h3", "p", "strong", "blockquote", "details", "summary", "b", "code", "pre", "ul", "li", "br", "table"}
OURS |= {"thead", "tbody", "tr", "th", "td"}
HARD = "`*_~[]()<>!#|\\&;:@.-+=$\n 1ahttps://www.x.test"


class Tags(HTMLParser):
    """The tags of a page, which must be nested well."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.open: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        assert all(name in {"class", "style"} for name, _ in attrs)
        self.found.add(tag)
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - as named above
        """Note a tag without content."""
        self.found.add(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element, which must be of that name."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        self.text += data


def to_html(text: str) -> Tags:
    """What a reader of Markdown, HTML and tables included, makes of a text."""
    parser = markdown_it.MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return Tags(parser.render(text))


@pytest.mark.parametrize("sample", SAMPLES)
def test_only_the_report_is_markup(sample: str) -> None:
    """Whatever a target says, the page has no elements but those of the report, and they are nested well."""
    tags = to_html("".join(render_markdown(SAMPLES[sample])))
    assert not tags.open
    assert tags.found <= OURS


@given(text=st.text(HARD))
def test_inline_text_is_text(text: str) -> None:
    """A text on one line is what it was, and no markup but code."""
    tags = to_html(inline(text))
    assert tags.found <= {"p", "code"}
    plain = re.sub(r"`([^`]+)`", r"\1", " ".join(text.split()))
    assert tags.text.strip() == plain.strip()


@given(text=st.text(HARD))
def test_inline_text_names_nobody_and_links_nowhere(text: str) -> None:
    """GitHub finds neither a mention nor an address."""
    assert not re.search(r"@|https?:/|www\.", inline(text), re.IGNORECASE)


@given(lines=st.lists(st.text("`~a ", max_size=12), min_size=1))
def test_fence_holds_what_it_fences(lines: list[str]) -> None:
    """No line ends its fence."""
    tags = to_html(fenced(lines) + "after")
    assert tags.found == {"pre", "code", "p"}
    assert tags.text == "\n".join(lines) + "\n" + "\nafter\n"


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
