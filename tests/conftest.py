"""One browser for all tests of a module that open pages."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")  # its event loop would disturb other tests of this process
def browser() -> Iterator["Browser"]:
    """The browser of this machine."""
    from tests.stub.browser.browsing import launched_browser  # noqa: PLC0415 - without playwright the tests are skipped

    with launched_browser() as browser:
        yield browser
