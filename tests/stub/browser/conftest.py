"""A tab of the browser for each test of the live page."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.stub.browser.browsing import Watch


@pytest.fixture
def size() -> tuple[int, int]:
    """Width and height of the window, for a test to override."""
    return (1440, 900)


@pytest.fixture
def page(browser: "Browser", size: tuple[int, int]) -> Iterator["Page"]:
    """An empty tab."""
    from tests.stub.browser.browsing import opened_page  # noqa: PLC0415 - as above

    with opened_page(browser, size) as page:
        yield page


@pytest.fixture
def watch(page: "Page") -> "Watch":
    """What the tab complains about and whom it asks."""
    from tests.stub.browser.browsing import Watch  # noqa: PLC0415 - as above

    return Watch(page)
