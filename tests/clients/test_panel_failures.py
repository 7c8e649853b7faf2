"""The panel hangs, is killed or has a mistake in it: trading and protection are not touched, and pages say so."""

import os
import re
import signal
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
from tests.clients.systems import PASSWORD, System, first_signed_in, free_port, running
from tests.pure.cli.programs import PATIENCE_S

STALE_WITHIN_MS = 5_000
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


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running(tmp_path_factory.mktemp("up")) as up:
        first_signed_in(up)
        up.until(up.is_protected, "something is held under a stop")
        yield up


def test_a_panel_that_hangs_says_so_on_every_page_and_nothing_is_unprotected(browser: Browser, system: System) -> None:
    trader, server = system.child("trader"), int(system.child("server")["process_id"])
    with person(browser, system.url, "me", PASSWORD) as who:
        page = who.opens("/panel/")
        expect(page.locator(".stream")).to_have_text("● live")
        os.kill(server, signal.SIGSTOP)
        try:
            page.locator("body.stale").wait_for(timeout=STALE_WITHIN_MS)
            expect(page.locator(".stream")).to_contain_text("stale since")
            assert system.naked() == []
            assert system.child("trader")["process_id"] == trader["process_id"]
        finally:
            os.kill(server, signal.SIGCONT)
        expect(page.locator(".stream")).to_have_text("● live", timeout=15_000)
    assert system.child("trader")["crashes"] == trader["crashes"]
    assert system.naked() == []


def test_a_panel_that_is_killed_comes_back_and_its_pages_with_it(browser: Browser, system: System) -> None:
    trader, server = system.child("trader"), system.child("server")
    with person(browser, system.url, "me", PASSWORD) as who:
        page = who.opens("/panel/")
        page.evaluate("window.isOld = true")
        os.kill(int(server["process_id"]), signal.SIGKILL)
        assert system.naked() == []
        system.until(lambda: system.child("server")["crashes"] > server["crashes"] and system.is_well(), "the server is back")
        page.wait_for_function("window.isOld === undefined && document.querySelector('.stream')?.textContent === '● live'")
    now = system.child("trader")
    assert (now["process_id"], now["crashes"]) == (trader["process_id"], trader["crashes"])
    assert system.naked() == []


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
