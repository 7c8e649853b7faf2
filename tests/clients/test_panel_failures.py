"""A mistake in one page of the panel: it is told there, and leaves the others alone."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.clients.browser import chromium, needs_browser, person
from tests.clients.servers import PASSWORD as SERVER_PASSWORD
from tests.clients.servers import written
from tests.clients.systems import free_port
from tests.pure.cli.programs import PATIENCE_S

BROKEN = """
import sys
from fairway.cli import main
from fairway.panel.pages import all_pages
from fairway.panel.page import Page
async def build(visit, given):
    raise RuntimeError("a mistake that this test has made")
all_pages.PAGES = (*all_pages.PAGES, Page(path="/broken", title="Broken", nav="Broken", build=build))
sys.argv = ["fairway", "server", sys.argv[1]]
sys.exit(main())
"""

pytestmark = needs_browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def test_a_mistake_in_one_page_is_told_there_and_leaves_the_others_alone(browser: Browser, tmp_path: Path) -> None:
    config = written(tmp_path, free_port())
    log = tmp_path / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-c", BROKEN, str(config)], stdout=out, stderr=out)
    try:
        url = _listening(process, log)
        with person(browser, url, "ada", SERVER_PASSWORD.reveal()) as who:
            page = who.opens("/panel/broken")
            expect(page.locator("main h1")).to_have_text("This page cannot be shown")
            assert "that this test has made" not in page.content()
            expect(page.get_by_role("button", name="Kill", exact=True)).to_be_visible()
            who.opens("/panel/")
            expect(page.locator(".safety")).to_be_visible()
            assert who.trouble == []
    finally:
        process.terminate()
        process.wait(PATIENCE_S)
    assert "that this test has made" in log.read_text(), "nobody learns of it"


def _listening(process: "subprocess.Popen[bytes]", log: Path) -> str:
    """Where it listens, once it does."""
    ends_at = time.monotonic() + PATIENCE_S
    while not (found := re.search(r"listens on (\S+);", log.read_text())):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < ends_at
        time.sleep(0.05)
    return found[1]
