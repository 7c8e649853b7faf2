"""What people bring to the panel and take from it: a sign-in, a configuration, a record as PDF, a journal as lines."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.clients.browser import chromium, needs_browser, person
from tests.clients.systems import PASSWORD, System, first_signed_in, running

from fairway.panel.guards import MOUNT

pytestmark = needs_browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running(tmp_path_factory.mktemp("up")) as up:
        first_signed_in(up)
        yield up


def test_a_sign_in_leads_to_the_page_that_was_asked_for(browser: Browser, system: System) -> None:
    with person(browser, system.url) as who:
        page = who.page
        page.goto(f"{system.url}{MOUNT}/risk")
        page.get_by_label("User").fill("me")
        page.get_by_label("Password", exact=True).fill("not this one")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text("wrong")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{system.url}{MOUNT}/risk")


def test_the_record_of_a_launch_is_kept_as_pdf(browser: Browser, system: System) -> None:
    with person(browser, system.url, "me", PASSWORD) as who:
        page = who.opens(f"{MOUNT}/launch/record")
        with page.expect_download() as download:
            page.get_by_role("link", name="Download as PDF").click()
        assert download.value.path().read_bytes().startswith(b"%PDF-")
        assert who.trouble == []


def test_a_journal_is_exported_record_by_record(browser: Browser, system: System) -> None:
    with person(browser, system.url, "me", PASSWORD) as who:
        page = who.opens(f"{MOUNT}/journal")
        held = re.search(r"holds ([\d,]+) records", page.locator("main").inner_text())
        assert held is not None
        with page.expect_download() as download:
            page.get_by_role("link", name="Export JSON lines").click()
        records = [json.loads(line) for line in download.value.path().read_text().splitlines()]
        assert [each["seq"] for each in records] == list(range(1, len(records) + 1))
        assert len(records) >= int(held[1].replace(",", ""))
        assert who.trouble == []


def test_a_configuration_is_checked_while_it_is_typed_and_written_with_a_snapshot(browser: Browser, system: System) -> None:
    file = system.folder / "fairway.yaml"
    before = file.read_text()
    with person(browser, system.url, "me", PASSWORD) as who:
        page = who.opens(f"{MOUNT}/control")
        area = page.get_by_label("text of the configuration")
        area.fill(f"{before}reconcile_every: often\n")
        expect(page.locator(".problems")).to_contain_text("reconcile_every")
        write = page.get_by_role("button", name="Write it only")
        expect(write).to_be_disabled()
        area.fill(f"{before}# a note for the next reader\n")
        expect(write).to_be_enabled()
        write.click()
        _confirm(page, "Write the configuration", "a note")
        assert file.read_text() == f"{before}# a note for the next reader\n"
        expect(page.locator(".snapshots li, .snapshots tbody tr").first).to_be_visible()
        assert who.trouble == []


def _confirm(page: Page, button: str, reason: str) -> None:
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("reason").fill(reason)
    dialog.get_by_role("button", name=button, exact=True).click()
    expect(dialog).to_contain_text("✓ done", timeout=60_000)
