"""The page of a run in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from altcraft_contract.findings import Severity
from altcraft_contract.renderers.report import Suppressed
from tests.renderers.entries import HOSTILE, entry_of, finding, rendered
from tests.renderers.page_reading import FAINT, LEAST_CONTRAST

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

# One worker runs the browser.
pytestmark = pytest.mark.xdist_group("browser")

PHONE, DESK = (360, 740), (1280, 900)
SOURCE = "{\n" + '"data": ["' + "日本" * 30 + '", "x" ]\n}'
ALL = "".join(HOSTILE)


def make_page() -> str:
    """The page of a run with all that a page may show, hostile things among it."""
    hostile = finding(2, 60, message=ALL, pointer=f"/{ALL}" * 20, hint=ALL, severity=Severity.WARNING)
    suppressed = (Suppressed(hostile, "configuration", ALL, "0" * 16),)
    return rendered(
        "html",
        entry_of(finding(2, 9, hint="mend it"), path="shop/order.json", text=SOURCE),
        entry_of(hostile, path="x" * 400, text=SOURCE, where="code block 2", suppressed=suppressed),
    )


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Opens the page in a window of a size, light or dark."""
    contexts = []
    file = tmp_path / "findings.html"
    file.write_text(make_page(), encoding="utf-8")

    def open_(size: tuple[int, int] = DESK, *, scheme: str = "light") -> Page:
        viewport = {"width": size[0], "height": size[1]}
        context = browser.new_context(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]  # literals
        contexts.append(context)
        page = context.new_page()
        page.goto(file.as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize("size", [(320, 640), PHONE, (860, 600), DESK])
def test_page_fits_its_window(open_page: Callable[..., Page], size: tuple[int, int]) -> None:
    """No window, however narrow, scrolls sideways; a long line of source scrolls in its frame."""
    page = open_page(size)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.locator(".frame").first.get_attribute("tabindex") == "0"


def test_page_asks_nobody_and_complains_of_nothing(browser: Browser, tmp_path: Path) -> None:
    """The page has nothing to complain of and asks nobody for anything; its style is let in."""
    from tests.stub.browser.browsing import Watch, opened_page  # noqa: PLC0415 - without playwright as above

    file = tmp_path / "findings.html"
    file.write_text(make_page(), encoding="utf-8")
    with opened_page(browser, DESK) as page:
        watch = Watch(page)
        page.goto(file.as_uri())
        assert watch.complaints == []
        assert {url for url in watch.urls if not url.startswith("data:")} == {file.as_uri()}
        assert page.locator(".figures").evaluate("element => getComputedStyle(element).display") == "grid"


@pytest.mark.parametrize("size", [PHONE, DESK])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(open_page: Callable[..., Page], scheme: str, size: tuple[int, int]) -> None:
    """Light and dark, no text is fainter than it may be."""
    assert open_page(size, scheme=scheme).evaluate(FAINT, LEAST_CONTRAST) == []


def test_dark_is_dark(open_page: Callable[..., Page]) -> None:
    """The page follows the scheme that its reader prefers."""
    ground = "getComputedStyle(document.body).backgroundColor"
    assert len({open_page(scheme=scheme).evaluate(ground) for scheme in ("light", "dark")}) == 2


def test_page_can_be_found_through(open_page: Callable[..., Page]) -> None:
    """There are landmarks and headings, tables say what their columns are, and the caret stands below its place."""
    page = open_page()
    assert [page.get_by_role(role).count() for role in ("banner", "main", "navigation")] == [1, 1, 1]
    assert page.get_by_role("heading", level=1).inner_text() == "Altcraft contract: findings"
    assert page.get_by_role("heading", name="error wrong-type line 2, column 9").count() == 1
    assert page.get_by_role("region", name="Files").get_by_role("columnheader").all_inner_texts() == [
        "File",
        "Errors",
        "Warnings",
    ]
    frame = page.get_by_role("group", name="Source").first.inner_text().splitlines()
    assert frame[1].index("[") == frame[2].index("^")


def test_paper_shows_what_is_folded(open_page: Callable[..., Page]) -> None:
    """On paper everything is there."""
    page = open_page()
    page.locator("#file-1 > summary").click()
    assert page.locator("#finding-1").is_hidden()
    page.emulate_media(media="print")
    assert page.locator("#finding-1").is_visible()
    assert page.locator("nav").is_hidden()
