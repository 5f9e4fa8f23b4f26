"""The site of the documentation: built strictly, whole, and readable at any width."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.docs.markdown import PAGES

pytest.importorskip("mkdocs", reason="MkDocs is not installed: `nox -s site` has it")
pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SOURCES = [page for page in PAGES if DOCS in page.parents]


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and writes no log."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; whatever MkDocs warns of is an error."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    built = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


@pytest.fixture(scope="module")
def origin(site: Path) -> Iterator[str]:
    """Where the site is served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_every_page_is_in_the_navigation(site: Path) -> None:
    """The start page leads to every tab, and each page of the documentation is built and stands in the menu."""
    for source in SOURCES:
        page = site / source.relative_to(DOCS).with_suffix(".html")
        text = page.read_text("utf-8")
        assert 'class="md-nav__link md-nav__link--active"' in text or source.name == "index.md", source
    start = (site / "index.html").read_text("utf-8")
    for tab in ("Tutorial", "How-to guides", "Reference", "Explanation"):
        assert tab in start


def test_no_link_leads_out_of_the_site(site: Path) -> None:
    """Links to other files of the project are told as their paths."""
    for source in SOURCES:
        page = site / source.relative_to(DOCS).with_suffix(".html")
        for part in page.read_text("utf-8").split('href="')[1:]:
            target = part.partition('"')[0].partition("#")[0]
            if target and not target.startswith(("http:", "https:", "data:", "/")):
                assert (page.parent / target).resolve().exists(), f"{source}: {target}"


@pytest.mark.parametrize("size", [(390, 844), (1400, 900)], ids=["phone", "desktop"])
def test_pages_fit_and_load_nothing_from_elsewhere(size: tuple[int, int], origin: str, browser: Browser) -> None:
    """No page scrolls sideways, complains, or asks anybody else for anything."""
    from tests.stub.browser.browsing import Watch, opened_page  # noqa: PLC0415 - without playwright as above

    with opened_page(browser, size) as page:
        watch = Watch(page)
        for source in SOURCES:
            name = source.relative_to(DOCS).with_suffix(".html").as_posix()
            page.goto(f"{origin}/{name}")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert watch.strangers(origin) == []
        assert watch.complaints == []


def test_the_search_finds_a_rule(origin: str, browser: Browser) -> None:
    """What is typed into the search leads to the page of the rule."""
    from playwright.sync_api import expect  # noqa: PLC0415 - without playwright as above

    from tests.stub.browser.browsing import opened_page  # noqa: PLC0415 - as above

    with opened_page(browser, (1400, 900)) as page:
        page.goto(f"{origin}/index.html")
        page.locator(".md-search__input").fill("invalid-decimal")
        expect(page.locator('.md-search-result__link[href*="rules/invalid-decimal.html"]').first).to_be_attached()
