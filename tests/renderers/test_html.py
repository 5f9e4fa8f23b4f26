"""The page of a run, without a browser."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.findings import Severity
from altcraft_contract.renderers import html_page
from altcraft_contract.renderers.html_page import render_page
from altcraft_contract.renderers.report import Entry, Suppressed, Tally
from altcraft_contract.rules.catalogue import RULES
from altcraft_contract.validation import check_request
from tests.renderers.entries import HOSTILE, entries, entry_of, finding, rendered
from tests.renderers.page_reading import Outline

if TYPE_CHECKING:
    from pathlib import Path

TEXT = '{\n "token": "QXZWJ0123456789QX",\n "data": []\n}'
WARNING = finding(3, 4, severity=Severity.WARNING, rule="unknown-field")


def page_of(*run: Entry, tally: Tally | None = None) -> str:
    """The page of a run, which is well-formed, inert, in print, and links to parts of itself alone."""
    page = rendered("html", *run, tally=tally)
    outline = Outline(page)
    assert not {"script", "iframe", "object", "img", "form", "base"} & set(outline.tags)
    assert all(link.startswith(("#", "data:image/svg+xml,")) for link in outline.links)
    assert {link[1:] for link in outline.links if link.startswith("#")} <= set(outline.ids)
    assert len(set(outline.ids)) == len(outline.ids)
    assert page.replace("\n", "").isprintable()
    return page


def text_of(page: str) -> str:
    """What can be read, without the style."""
    body = page.partition("<body>")[2]
    return unescape(re.sub("<[^>]*>", "", body))


def test_a_finding_has_all_that_is_known() -> None:
    """Message, source with caret, remedy, pointer, rule, and section of the page are there, and no secret."""
    page = page_of(Entry("shop/order.json", None, check_request(TEXT), TEXT))
    text = text_of(page)
    assert "`" not in text
    for part in ("`data` is a list, expected an object", RULES["wrong-type"].statement, "request body (documented)"):
        assert part.replace("`", "") in text
    assert '3 |  "data": []\n  |          ^' in text
    assert "QXZWJ" not in page
    assert "/<wbr>data" in page


def test_findings_are_grouped_by_file() -> None:
    """A file has one part, however many documents, and a row with its counts; records and places within say which."""
    page = page_of(
        entry_of(finding(), path="a.ndjson", document=1),
        entry_of(WARNING, path="b.md", where="code block 2"),
        entry_of(finding(), WARNING, path="a.ndjson", document=9),
        entry_of(path="clean.json"),
    )
    assert re.findall(r'<details class="card file" id="(.*?)"', page) == ["file-1", "file-2"]
    text = text_of(page)
    assert "a.ndjson2 errors, 1 warning" in text
    assert "record 9" in text
    assert "code block 2" in text
    assert '<a href="#file-1">a.ndjson</a></th><td class="number">2</td><td class="number">1</td>' in page
    assert "clean.json" not in text


def test_rules_are_counted_errors_first() -> None:
    """The table of rules has those of errors first."""
    text = text_of(page_of(entry_of(*[WARNING] * 3, finding())))
    assert text.index("wrong-type error") < text.index("unknown-field warning")


@pytest.mark.parametrize(
    ("run", "tally", "state", "verdict"),
    [
        ([entry_of(finding(), WARNING)], Tally(), "bad", "1 error, 1 warning"),
        ([entry_of(WARNING)], Tally(), "warn", "1 warning"),
        ([entry_of()], Tally(), "ok", "no findings"),
        ([], Tally(), "warn", "nothing checked"),
        ([entry_of()], Tally(unreadable=2), "bad", "no findings, 2 paths unreadable"),
    ],
)
def test_the_verdict_is_in_words_and_in_a_colour(run: list[Entry], tally: Tally, state: str, verdict: str) -> None:
    """The verdict comes first, and the title has it, too."""
    page = page_of(*run, tally=Tally(unreadable=tally.unreadable))
    assert f'<div class="verdict {state}"><strong>{verdict}</strong>' in page
    assert f"<title>Contract findings: {verdict}</title>" in page


def test_what_is_suppressed_is_told_with_its_reason() -> None:
    """A suppressed finding is a row of a table of its own."""
    suppressed = (
        Suppressed(finding(2, 3), "configuration", "old <shop>", "0" * 16),
        Suppressed(finding(None), "baseline", "", "1" * 16),
    )
    text = text_of(page_of(entry_of(path="a.json", suppressed=suppressed)))
    assert "a.json:2:3wrong-type data is a listold <shop>" in text
    assert "a.jsonwrong-type data is a listknown before: in the baseline" in text


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_is_markup(text: str) -> None:
    """Whatever a message, a hint, a name, a place, a reason or the source says is text."""
    hostile = finding(message=text, pointer=f"/{text}", hint=text)
    suppressed = (Suppressed(hostile, "configuration", text, "0" * 16),)
    source = text.replace("\ud800", "").replace("\udcff", "")
    page_of(entry_of(hostile, path=f"a{text}.json", where=text, text=source, suppressed=suppressed))


@given(st.lists(entries(), max_size=3))
def test_every_page_is_well_formed(run: list[Entry]) -> None:
    """Whatever the findings and the names, the page is inert, and no finding is lost."""
    page = page_of(*run)
    assert page.count('<article class="finding"') == sum(len(entry.result.findings) for entry in run)


def test_a_long_run_is_cut() -> None:
    """A page shows ten thousand findings and a thousand suppressed ones, and counts the rest."""
    suppressed = (Suppressed(finding(), "baseline", "", "0" * 16),) * 1_500
    page = rendered("html", entry_of(*[finding()] * 6_000), entry_of(*[WARNING] * 6_000, suppressed=suppressed))
    assert page.count('<article class="finding"') == 10_000
    assert "And 2,000 more findings, which the other reports show." in page
    assert page.count("known before: in the baseline") == 1_000
    assert "And 500 more suppressed findings." in page


def test_long_texts_are_cut() -> None:
    """A pointer of a megabyte is not written out for each finding."""
    long = "x" * 2**20
    assert len(page_of(entry_of(*[finding(message=long, hint=long, pointer=long)] * 10, path=long))) < 2**17


def test_a_document_with_more_findings_says_so() -> None:
    """What was not kept is told."""
    assert "1 document had more findings than were kept." in page_of(entry_of(finding(), truncated=True))


def test_policy_lets_in_the_style_of_the_page_alone() -> None:
    """The policy names the one style by its hash, and lets in nothing that would be fetched or run."""
    page = page_of(entry_of(finding()))
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="(.*?)">', page)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    expected = ["default-src 'none'", f"style-src 'sha256-{digest}'", "img-src data:"]
    assert policy.split("; ") == [*expected, "base-uri 'none'", "form-action 'none'"]
    assert not re.search(r"@import|url\(", page)


def test_line_ends_of_a_checkout_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A frame and a style that a checkout has given CRLF make the same page."""
    expected = "".join(render_page("x", ["y"]))
    for name in ("page.html", "page.css"):
        part = files("altcraft_contract.renderers").joinpath(name).read_bytes()
        (tmp_path / name).write_bytes(part.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    monkeypatch.setattr(html_page, "files", lambda _: tmp_path)
    assert "".join(render_page("x", ["y"])) == expected
