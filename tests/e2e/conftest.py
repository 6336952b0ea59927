"""The browser of the tests, and somebody before it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browsers import Visitor, chromium_running, visiting


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One for each file, and no longer: while it is open, Playwright's loop runs, and no test may run one of its own."""
    with chromium_running(tmp_path_factory.mktemp("home")) as started:
        yield started


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Visitor]:
    """On a phone, in Korean, by daylight."""
    with visiting(browser) as somebody:
        yield somebody
