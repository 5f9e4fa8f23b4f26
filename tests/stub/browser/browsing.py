"""A real browser for the live page, and what it must not do there."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 20_000  # milliseconds that a condition may take to come true on a busy machine


@contextmanager
def launched_browser() -> Iterator[Browser]:
    """Run the browser of this machine without a window; none is ever downloaded."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip(f"none of {', '.join(NAMES)} is installed")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


class Watch:
    """What a page complains about, and where it sends requests.

    Attributes:
        complaints: Errors of the console, violations of the policy among them, and exceptions nobody caught.
        urls: Every request.
    """

    def __init__(self, page: Page) -> None:
        self.complaints: list[str] = []
        self.urls: list[str] = []
        page.on("console", lambda message: self._hear(message.type, message.text))
        page.on("pageerror", lambda error: self._hear("error", str(error)))
        page.on("request", lambda request: self.urls.append(request.url))

    def _hear(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.complaints.append(text)

    def strangers(self, origin: str) -> list[str]:
        """The requests to anybody else, but for what stands in the address itself."""
        return [url for url in self.urls if not url.startswith((f"{origin}/", "data:"))]


@contextmanager
def opened_page(browser: Browser, size: tuple[int, int]) -> Iterator[Page]:
    """Open an empty tab of its own session."""
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, service_workers="block")
    context.set_default_timeout(PATIENCE)
    try:
        yield context.new_page()
    finally:
        context.close()
