"""The page of a summary in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.renderers.page_reading import FAINT, LEAST_CONTRAST
from tests.renderers.summaries import a_year, told

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

# One worker runs the browser.
pytestmark = pytest.mark.xdist_group("browser")

PHONE, DESK = (360, 740), (1280, 900)


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    """Of a window."""
    found: tuple[int, int] = request.param
    return found


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, tmp_path: Path, size: tuple[int, int], request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page of a year, all of it unfolded; it complains of nothing and asks nobody for anything."""
    from tests.stub.browser.browsing import Watch, opened_page  # noqa: PLC0415 - without playwright as above

    file = tmp_path / "summary.html"
    file.write_text(told("html", a_year()), encoding="utf-8")
    with opened_page(browser, size) as page:
        page.emulate_media(color_scheme=request.param)
        watch = Watch(page)
        page.goto(file.as_uri())
        page.locator("details > summary").click()
        yield page
        assert watch.complaints == []
        assert {url for url in watch.urls if not url.startswith("data:")} == {file.as_uri()}


def test_page_fits_its_window_and_can_be_read(page: Page) -> None:
    """No window scrolls sideways, and no text is fainter than it may be."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.evaluate(FAINT, LEAST_CONTRAST) == []


def test_the_picture_can_be_seen_and_heard_of(page: Page) -> None:
    """The picture has the width of its card, columns in two colours, and a name for those who do not see it."""
    picture = page.get_by_role("img", name="Documents by day", exact=True)
    box, card = picture.bounding_box(), page.get_by_role("region", name="Days").bounding_box()
    assert box is not None
    assert card is not None
    assert box["width"] > card["width"] * 0.85
    fills = {
        page.locator(f"svg.documents .{kind}").first.evaluate("element => getComputedStyle(element).fill")
        for kind in ("clean", "failed")
    }
    assert len(fills) == 2
    assert page.locator("svg.documents .failed").count() == 2


def test_tables_say_what_their_columns_are(page: Page) -> None:
    """Landmarks, headings and columns are there."""
    assert [page.get_by_role(role).count() for role in ("banner", "main", "navigation")] == [1, 1, 1]
    assert page.get_by_role("heading", level=2).all_inner_texts() == ["Days", "Rules", "Places"]
    if page.viewport_size is not None and page.viewport_size["width"] == DESK[0]:
        heads = page.get_by_role("region", name="Places").get_by_role("columnheader").all_inner_texts()
        assert heads[:4] == ["Place", "Rules", "Documents", "Findings"]
