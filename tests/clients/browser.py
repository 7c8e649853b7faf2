"""A real browser, Debian's Chromium, with a person who has signed in; it notes what no page may do."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = shutil.which("chromium")
WIDE, PHONE = (1400, 900), (390, 844)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="Debian's package chromium is not installed: make servers")
PATIENCE_MS = 30_000
PICTURES = os.environ.get("FAIRWAY_PICTURES", "")
"""A folder that pictures of pages are kept in; "" where none are kept."""


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield opened
        finally:
            opened.close()


@dataclass
class Person:
    """Somebody before a browser. trouble: errors of the console and of scripts; foreign: requests off this machine."""

    url: str
    context: BrowserContext
    page: Page
    trouble: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def opens(self, path: str) -> Page:
        """Goes to a page of the panel, and waits until it is alive."""
        self.page.goto(f"{self.url}{path}")
        self.page.wait_for_function("window.socket?.connected && window.did_handshake !== false")
        self.page.locator("main").wait_for()
        return self.page

    def violations(self) -> list[str]:
        """What axe-core finds on the page as it is, of the levels A and AA."""
        found = Axe().run(self.page, options={"runOnly": RULES}).response["violations"]
        return [f"{each['id']}: {each['help']}: {each['nodes'][0]['html'][:200]}" for each in found]

    def is_wider_than_its_window(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))

    def keeps_picture(self, name: str) -> None:
        if PICTURES:
            self.page.screenshot(path=Path(PICTURES) / f"{name}.png")


@contextmanager
def person(
    browser: Browser, url: str, user: str = "", password: str = "", *, size: tuple[int, int] = WIDE, **options: Any
) -> Iterator[Person]:
    """In a context of its own; signed in where a user is named."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
    context.set_default_timeout(PATIENCE_MS)
    try:
        if user:
            answer = context.request.post(f"{url}/api/v1/session", data={"user": user, "password": password})
            assert answer.ok, answer.text()
        found = Person(url, context, context.new_page())
        own = (url, url.replace("http", "ws", 1), "data:", "blob:")
        found.page.on("request", lambda asked: None if asked.url.startswith(own) else found.foreign.append(asked.url))
        found.page.on("pageerror", lambda error: found.trouble.append(str(error)))
        found.page.on("console", lambda said: found.trouble.append(said.text) if said.type in ("error", "warning") else None)
        yield found
    finally:
        context.close()
