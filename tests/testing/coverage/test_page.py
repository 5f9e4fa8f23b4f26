"""The page in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from altcraft_contract.testing.coverage.files import write_report
from altcraft_contract.testing.coverage.summary import summarize
from tests.testing.coverage import runs

pytest.importorskip("playwright")

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

WIDTHS = (320, 375, 1280)


@pytest.fixture
def address(tmp_path: Path) -> str:
    """Of the report of a run."""
    (file,) = write_report(tmp_path / "coverage.html", runs.something())
    return file.as_uri()


@pytest.fixture(params=WIDTHS)
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """An empty tab."""
    from tests.stub.browser.browsing import opened_page  # noqa: PLC0415 - as above

    with opened_page(browser, (request.param, 800)) as page:
        yield page


def test_page_needs_nothing_and_fits(page: Page, address: str) -> None:
    """The page asks nobody for anything, has nothing to complain of, and is as wide as its window."""
    from tests.stub.browser.browsing import Watch  # noqa: PLC0415 - as above

    watch = Watch(page)
    page.goto(address)
    assert watch.complaints == []
    assert {url for url in watch.urls if not url.startswith("data:")} == {address}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("getComputedStyle(document.querySelector('.figures')).display") == "grid"


def test_filter_leaves_what_was_never_exercised(page: Page, address: str) -> None:
    """The tick hides what was exercised, headings of nothing included, and brings it back."""
    summary = summarize(runs.something())
    page.goto(address)
    rows = page.locator(".use:visible")
    assert rows.count() == summary.total.all
    page.get_by_label("Only what was never exercised").check()
    assert rows.count() == page.locator(".use.never:visible").count() == summary.total.all - summary.total.exercised
    for heading in page.locator(".part:visible").all():
        assert heading.locator("xpath=following-sibling::tr[contains(@class, 'never')]").count() > 0
    assert page.locator(".all-done:visible").count() == sum(share.percent == 100 for share in summary.shares.values())
    page.get_by_label("Only what was never exercised").uncheck()
    assert rows.count() == summary.total.all
