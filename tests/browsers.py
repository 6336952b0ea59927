"""A real browser, the people before it, and what they look for: pages that fit their screen and bar nobody."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.boards import PATIENCE_S
from tests.faults.soak import SOAK
from tests.system import chromium

FLAGS: Final = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
PHONE: Final = (390, 844)
NARROW: Final = (360, 740)
DESK: Final = (1280, 800)
PATIENCE_MS: Final = 1_000 * PATIENCE_S
Scheme = Literal["light", "dark"]
Device = Literal["phone", "desk"]
LOOKS: Final[list[tuple[Device, Scheme]]] = [("phone", "light"), ("desk", "dark"), ("phone", "dark"), ("desk", "light")]
"""`make test` looks for barriers on every page in one of these ways, a page after the other in the next; `make soak` in all."""

expect.set_options(timeout=PATIENCE_MS)


@contextmanager
def chromium_running(home: Path) -> Iterator[Browser]:
    """The system's Chromium, with a home of its own."""
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []  # containers only
    with sync_playwright() as play:
        environment: dict[str, str | float | bool] = {**os.environ, "HOME": str(home)}
        started = play.chromium.launch(executable_path=chromium(), headless=True, args=[*FLAGS, *root], env=environment)
        yield started
        started.close()


class Visitor:
    """Somebody with the board open; a complaint of the browser fails the test."""

    def __init__(self, context: BrowserContext) -> None:
        context.set_default_timeout(PATIENCE_MS)
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.loads = 0
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", self._failed)
        self.page.on("load", lambda page: self._loaded())

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the visitor went on to another page
            self.complaints.append(f"{request.url}: {request.failure}")

    def _loaded(self) -> None:
        self.loads += 1

    def goes(self, to: str) -> Page:
        answer = self.page.goto(to)
        assert answer and answer.ok
        return self.page

    def searches(self, for_what: str) -> list[str]:
        """Type into the search; what it finds, line by line."""
        self.page.get_by_role("searchbox").fill(for_what)
        expect(self.page.locator("#found")).not_to_be_empty()
        return [" ".join(line.split()) for line in self.page.locator("#hits li").all_inner_texts()]


@contextmanager
def visiting(
    browser: Browser,
    screen: tuple[int, int] = PHONE,
    scheme: Scheme = "light",
    javascript: bool = True,
    own_policy: bool = True,
    agent: str | None = None,
) -> Iterator[Visitor]:
    context = browser.new_context(
        viewport={"width": screen[0], "height": screen[1]},
        color_scheme=scheme,
        locale="ko-KR",
        java_script_enabled=javascript,
        bypass_csp=not own_policy,
        user_agent=agent,
    )
    somebody = Visitor(context)
    yield somebody
    context.close()
    assert somebody.complaints == [], somebody.complaints


def fits(page: Page, phone: tuple[int, int]) -> None:
    """An open page is no wider than a phone and a desk."""
    for screen in (phone, DESK):
        assert width_on(page, screen) <= screen[0], f"{page.url} is {width_of(page)} pixels wide"


def bars_nobody(page: Page, phone: tuple[int, int], turn: int) -> None:
    """An open page in the look whose turn it is, or in all where there is time."""
    for device, scheme in LOOKS if SOAK else [LOOKS[turn % len(LOOKS)]]:
        page.emulate_media(color_scheme=scheme)
        width_on(page, phone if device == "phone" else DESK)
        found = barriers(page)
        assert found == [], f"{page.url} on a {device}, {scheme}: {found}"


def width_on(page: Page, screen: tuple[int, int]) -> int:
    page.set_viewport_size({"width": screen[0], "height": screen[1]})
    return width_of(page)


def barriers(page: Page) -> list[str]:
    """What WCAG 2.2 AA finds wrong with a page, as far as a program can tell."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}).response
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]]


def width_of(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))
