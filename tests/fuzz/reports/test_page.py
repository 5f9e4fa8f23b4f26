"""The page in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from altcraft_contract.fuzz.reports.html_report import render_html
from tests.fuzz.fakes import make_report, make_strictness, sample_reports
from tests.renderers.page_reading import FAINT, LEAST_CONTRAST

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

# One worker runs the browser.
pytestmark = pytest.mark.xdist_group("browser")

PHONE, DESK = (360, 740), (1440, 900)
SAMPLES = sample_reports()


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Opens the page of a sample in a window of a size, light or dark."""
    contexts = []

    def open_(sample: str, size: tuple[int, int] = DESK, *, scheme: str = "light") -> Page:
        file = tmp_path / f"{sample}.html"
        file.write_text("".join(render_html(SAMPLES[sample])), encoding="utf-8")
        viewport = {"width": size[0], "height": size[1]}
        context = browser.new_context(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]  # literals
        contexts.append(context)
        page = context.new_page()
        page.goto(file.as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize("size", [(320, 640), (860, 600), DESK])
@pytest.mark.parametrize("sample", SAMPLES)
def test_page_fits_its_window(open_page: Callable[..., Page], sample: str, size: tuple[int, int]) -> None:
    """No window, however narrow, scrolls sideways, whatever a target says."""
    page = open_page(sample, size)
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("sample", ["failures", "hostile"])
def test_page_asks_nobody_and_complains_of_nothing(browser: Browser, tmp_path: Path, sample: str) -> None:
    """The page has nothing to complain of, asks nobody for anything, and runs nothing that a target has said."""
    from tests.stub.browser.browsing import Watch, opened_page  # noqa: PLC0415 - without playwright as above

    file = tmp_path / "campaign.html"
    file.write_text("".join(render_html(SAMPLES[sample])), encoding="utf-8")
    with opened_page(browser, DESK) as page:
        watch = Watch(page)
        page.goto(file.as_uri())
        assert watch.complaints == []
        assert {url for url in watch.urls if not url.startswith("data:")} == {file.as_uri()}
        assert page.evaluate("window.hasRun") is None
        assert page.locator(".figures").evaluate("element => getComputedStyle(element).display") == "grid"


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_matrix_names_its_cells(open_page: Callable[..., Page], size: tuple[int, int]) -> None:
    """Every cell can be seen and says in words what it shows, and a place is told by its whole pointer."""
    page = open_page("failures", size)
    cells = page.locator(".matrix .pair")
    assert cells.count() == len(make_strictness())
    assert all(cell.is_visible() for cell in cells.all())
    row = page.locator(".matrix tr", has=page.locator("th[title='/data/endpoint']"))
    assert row.locator("th").text_content() == "/data/endpoint"
    cell = row.locator("[data-rule=missing-field] .pair")
    assert [half.text_content() for half in cell.locator(".unseen").all()] == [
        "JSON: enforced. ",
        "XML: not enforced. ",
    ]
    assert (cell.get_attribute("title") or "").startswith("missing-field at /data/endpoint\nJSON: enforced (1 refused)")
    assert cell.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"


def test_places_of_the_matrix_are_whole_on_a_phone(open_page: Callable[..., Page]) -> None:
    """A narrow window shows a list: each place by its whole pointer, each rule by its name."""
    page = open_page("failures", PHONE)
    assert page.locator("th[title='/data/endpoint']").inner_text() == "/data/endpoint"
    content = "element => getComputedStyle(element, '::before').content"
    assert page.locator("[data-rule=malformed]").first.evaluate(content) == '"malformed"'


def test_bodies_stand_side_by_side(open_page: Callable[..., Page]) -> None:
    """A failing request and the same order in the other syntax stand side by side; on a phone one below the other."""
    for size, is_beside in ((DESK, True), (PHONE, False)):
        sides = open_page("failures", size).locator(".failure").first.locator(".side").all()
        assert [side.locator("h4").inner_text().split()[0] for side in sides] == ["JSON", "XML"]
        boxes = [side.bounding_box() for side in sides]
        assert boxes[0] is not None
        assert boxes[1] is not None
        assert (boxes[0]["y"] == boxes[1]["y"]) == is_beside
        assert "failing" in sides[0].inner_text()
        assert '"$ALTCRAFT_TOKEN"' in sides[0].inner_text()
        assert "count: required" in sides[1].inner_text()


def test_failure_without_twin_has_one_column(open_page: Callable[..., Page]) -> None:
    """Where there is no twin, one column is there, with the steps before it folded."""
    failure = open_page("failures").locator(".failure").nth(2)
    assert failure.locator(".sides > .side").count() == 1
    assert failure.get_by_text("Request 1 of 2, before the failing one").is_visible()
    assert failure.get_by_label("curl").inner_text().startswith("printf ")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("sample", ["failures", "nothing", "refused"])
def test_every_text_can_be_read(open_page: Callable[..., Page], sample: str, scheme: str) -> None:
    """Light and dark, no text is fainter than it may be."""
    page = open_page(sample, scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    assert page.evaluate(FAINT, LEAST_CONTRAST) == []


def test_dark_is_dark(open_page: Callable[..., Page]) -> None:
    """The page follows the scheme that its reader prefers."""
    grounds = {
        open_page("failures", scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    }
    assert len(grounds) == 2


def test_print_shows_what_is_folded(open_page: Callable[..., Page]) -> None:
    """On paper everything is there."""
    page = open_page("failures")
    folded = page.locator("#warm-up .side").first
    assert folded.is_hidden()
    page.emulate_media(media="print")
    assert folded.is_visible()
    assert page.locator("nav").is_hidden()


def test_orders_without_a_report_are_none() -> None:
    """A campaign without a matrix has no picture of it."""
    page = "".join(render_html(make_report(strictness=())))
    assert 'class="matrix"' not in page
