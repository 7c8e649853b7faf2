"""Every page of the panel, before an operator, a viewer and a user, on a screen and on a phone, beside a system that trades;
and what becomes of trading and protection where the panel hangs or is killed."""

import os
import re
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.clients.browser import PHONE, WIDE, Person, chromium, needs_browser, person
from tests.clients.systems import PASSWORD, Client, System, first_signed_in, running, signed_in
from tests.prove.size import IS_WHOLE

from fairway.operations.people.registry_place import RegistryPlace
from fairway.panel.guards import MOUNT
from fairway.panel.pages.all_pages import PAGES
from fairway.people.account import Account, KeyCheck
from fairway.people.secret import Keys, Secret
from fairway.people.user import ChangeNote
from fairway.settings import load
from fairway.world.clock import SystemClock

USERS = {"me": "admin", "vic": "viewer", "tom": "trader"}
STALE_WITHIN_MS = 5_000
LOOKS: dict[str, dict[str, Any]] = {
    "screen": {"size": WIDE, "color_scheme": "light"},
    "phone": {"size": PHONE, "color_scheme": "dark"},
}
IN_SHORT = {("me", "screen"), ("tom", "phone")}
"""`make prove` looks at all, and as viewer."""

pytestmark = needs_browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """tom has the account that trades."""
    with running(tmp_path_factory.mktemp("up")) as up:
        admin = first_signed_in(up)
        for name in ("vic", "tom"):
            _add(up, admin, name, USERS[name])
        _give_account(up, "tom")
        up.until(up.is_protected, "something is held under a stop")
        yield up


def _add(system: System, admin: Client, name: str, role: str) -> None:
    added = admin.done("users-add", {"user": name, "name": name.title(), "role": role, "profile": "moderate", "reason": "a test"})
    assert added["state"] == "done", added
    code, issued = admin.post(f"/api/v1/users/{name}/one-time-password")
    assert code == 200, issued
    once = signed_in(system.url, name, issued["password"])
    code, told = once.post("/api/v1/password", {"password": PASSWORD})
    assert code == 200, told


def _give_account(system: System, user: str) -> None:
    """The account of the configuration, whose trader runs, belongs to a user of the registry."""
    settings, note = load(system.folder / "fairway.yaml"), ChangeNote(by="test", reason="a test", at=SystemClock().now())
    key = system.folder / "master-key"
    key.touch(0o600)
    key.write_text("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n")
    opened = RegistryPlace(registry=str(system.folder / "fairway.people"), master_key=f"file:{key}").open()
    its = Account(
        id=settings.account,
        user=user,
        exchange="binance",
        mode="practice",
        url=str(settings.venue.url),
        created_at=note.at,
        said=note,
        keys_at=note.at,
        key_check=KeyCheck.NOT_CHECKED,
    )
    opened.registrar.add_account(its, Keys(Secret("a key"), Secret("a secret")))
    opened.close()


@pytest.fixture(scope="module")
def named(system: System) -> dict[str, str]:
    """What a page of one thing shows: an order, an incident, a runbook, a ticket, an account and a user that there are."""
    admin = signed_in(system.url, "me", PASSWORD)
    incident = admin.done("incident-declare", {"title": "users see no orders", "severity": "P3", "cause": "orders"})
    assert incident["state"] == "done", incident
    ticket = signed_in(system.url, "tom", PASSWORD).done("ticket-open", {"subject": "no orders", "text": "since noon"})
    assert ticket["state"] == "done", ticket
    return {
        "order": _read(admin, "orders?limit=1")["orders"][0]["id"],
        "incident": _read(admin, "incidents")[0]["id"],
        "runbook": "no-trades",
        "ticket": _read(admin, "tickets")["tickets"][0]["id"],
        "account": load(system.folder / "fairway.yaml").account,
        "user": "tom",
    }


def _read(admin: Client, path: str) -> Any:
    code, found = admin.get(f"/api/v1/{path}")
    assert code == 200, found
    return found


SEEN = [(user, look) for user in USERS for look in LOOKS if IS_WHOLE or (user, look) in IN_SHORT]


@pytest.mark.parametrize(("user", "look"), SEEN)
def test_every_page_is_sound(browser: Browser, system: System, named: dict[str, str], user: str, look: str) -> None:
    """No error in the console, nothing asked of another machine, no objection of axe-core, nothing wider than the screen."""
    with person(browser, system.url, user, PASSWORD, **LOOKS[look]) as who:
        who.opens(f"{MOUNT}/")
        own = who.page.locator("nav a").all_inner_texts()
        for each in (page for page in PAGES if not page.nav or page.nav in own):
            who.opens(f"{MOUNT}{each.path.format(**named)}")
            expect(who.page.locator(".stream")).to_have_text("● live")
            expect(who.page.locator("main h1")).to_have_count(1)
            who.keeps_picture(f"{each.title.lower().replace(' ', '-')}-{user}-{look}")
            assert "cannot be shown" not in who.page.locator("main").inner_text(), each.title
            _is_sound(who, f"{each.title} of {user} on a {look}")


@pytest.mark.parametrize("look", LOOKS)
def test_the_pages_without_a_sign_in_are_sound(browser: Browser, system: System, look: str) -> None:
    with person(browser, system.url, **LOOKS[look]) as who:
        for name, path in (("sign-in", "/"), ("status", "/status/")):
            who.page.goto(f"{system.url}{path}")
            expect(who.page.locator("main h1")).to_have_count(1)
            who.keeps_picture(f"{name}-{look}")
            _is_sound(who, f"{path} on a {look}")


def _is_sound(who: Person, what: str) -> None:
    assert who.violations() == [], what
    assert not who.is_wider_than_its_window(), what
    assert who.trouble == [], what
    assert who.foreign == [], what


def test_the_overview_fits_one_screen(browser: Browser, system: System) -> None:
    with person(browser, system.url, "me", PASSWORD) as who:
        page = who.opens(f"{MOUNT}/")
        page.locator(".worth-chart canvas").first.wait_for(timeout=90_000)  # an account is valued every half minute
        assert page.evaluate("document.documentElement.scrollHeight <= window.innerHeight")
        for name in ("Money", "Launch", "Signs of life", "Positions", "What limits us now", "Lately"):
            expect(page.get_by_role("region", name=name, exact=True)).to_be_in_viewport(ratio=0.9)
        table = page.get_by_role("table", name="Open positions")
        expect(table.locator("tbody tr").first).to_be_visible()
        assert table.evaluate("table => table.scrollWidth <= table.parentElement.clientWidth"), "a column is cut off"


def test_a_page_can_be_reached_and_left_by_keys(browser: Browser, system: System) -> None:
    """It begins on a page that no key leads to, so that each key changes the address."""
    with person(browser, system.url, "me", PASSWORD) as who:
        page = who.opens(f"{MOUNT}/settings")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
        for each in (page for page in PAGES if page.key and page.audience.has(sees_all=True)):
            page.keyboard.press("g")
            page.keyboard.press(each.key)
            page.wait_for_url(f"{system.url}{MOUNT}{each.path}")
        who.opens(f"{MOUNT}/")
        page.keyboard.press("k")
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("Nothing new is opened")
        page.wait_for_timeout(500)  # while it fades in, its words are paler than they will be
        assert who.violations() == []
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()


def test_the_theme_is_chosen_and_kept(browser: Browser, system: System) -> None:
    with person(browser, system.url, "me", PASSWORD, color_scheme="light") as who:
        page = who.opens(f"{MOUNT}/")
        page.locator(".who summary").click()
        page.get_by_role("button", name="Dark or light").click()
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        who.opens(f"{MOUNT}/")
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")


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


def test_a_table_is_searched_ordered_and_remembers_it(browser: Browser, system: System) -> None:
    with person(browser, system.url, "me", PASSWORD) as who:
        page = who.opens(f"{MOUNT}/orders")
        table = page.get_by_role("table", name="Recent orders")
        whole = table.locator("tbody tr").count()
        search = page.get_by_role("searchbox", name="search Recent orders")
        pair = table.locator("tbody tr td[data-label=Pair]").first.inner_text()
        wanted = pair[:3].lower()
        search.press_sequentially(wanted)
        page.wait_for_timeout(1_500)  # the page changes meanwhile, and what was typed stays
        expect(search).to_have_value(wanted)
        found = table.locator("tbody tr").all_inner_texts()
        assert 0 < len(found) <= whole
        assert all(pair in each for each in found)
        table.get_by_role("button", name="State").click()
        expect(table.locator("th[aria-sort=ascending]")).to_have_text("State ▴")
        who.opens(f"{MOUNT}/orders")
        expect(page.get_by_role("searchbox", name="search Recent orders")).to_have_value(wanted)
        expect(table.locator("th[aria-sort=ascending]")).to_have_text("State ▴")
        assert who.trouble == []


ELSEWHERE = "Asia/Kolkata"
"""Five and a half hours before UTC: neither hours nor minutes are the same."""
LABELS = """(chart) => {
  const axes = window.getElement(Number(chart.id.slice(1))).chart.getModel().queryComponents({ mainType: "xAxis" });
  return axes.at(-1).axis.getViewLabels().map((each) => [each.formattedLabel, new Date(each.tick.value).toISOString()]);
}"""
COLOURS = """(chart) => {
  const drawn = chart && window.getElement(Number(chart.id.slice(1)))?.chart;
  return drawn?.getOption()?.series.map((each) => each.itemStyle?.color);
}"""


def test_far_from_utc_a_chart_and_instants_are_in_utc_with_the_local_time_on_hover(browser: Browser, system: System) -> None:
    with person(browser, system.url, "me", PASSWORD, timezone_id=ELSEWHERE, color_scheme="light") as who:
        page = who.opens(f"{MOUNT}/launch")
        drawn = page.locator(".launch-axis .nicegui-echart")
        page.wait_for_function(f"({COLOURS})(document.querySelector('.launch-axis .nicegui-echart'))?.[0]")
        labels = [(found[0], at) for words, at in drawn.evaluate(LABELS) if (found := re.findall(r"\d\d:\d\d", words))]
        assert labels
        assert all(at[11:16] == words for words, at in labels), labels
        colours = drawn.evaluate(COLOURS)
        page.locator(".who summary").click()
        page.get_by_role("button", name="Gain and loss in blue and orange").click()
        page.wait_for_function("document.documentElement.dataset.colours === 'blind'")
        assert drawn.evaluate(COLOURS) != colours, "the chart keeps its colours until its page is opened again"
        one = page.locator(".happened time").first
        for at, here in (("2026-01-05T10:00:00.000Z", "3:30:00"), ("2026-01-05T11:00:00.000Z", "4:30:00")):
            one.evaluate("(one, at) => one.setAttribute('datetime', at)", at)
            page.locator("h1").hover()
            one.hover()
            expect(one).to_have_attribute("title", re.compile(f"{at[:19]}.* UTC, here .*{here}"))
        assert who.trouble == []


def test_a_table_is_copied_whole_and_downloaded_where_there_is_no_clipboard(browser: Browser, system: System) -> None:
    with person(browser, system.url, "me", PASSWORD) as who:
        who.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = who.opens(f"{MOUNT}/incidents")
        tools = page.get_by_role("region", name="Runbooks").locator(".table-tools")
        tools.get_by_role("button", name="Copy as CSV").click()
        expect(tools.get_by_role("status")).to_have_text(re.compile(r"^\d+ rows copied$"))
        copied = page.evaluate("navigator.clipboard.readText()").splitlines()
        assert copied[0] == '"Runbook","About","Severity","Steps","Last executed"', "a button is no text"
        assert len(copied) - 1 == int(tools.get_by_role("status").inner_text().split()[0])
        page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")  # as on plain http off this machine
        with page.expect_download() as download:
            tools.get_by_role("button", name="Copy as CSV").click()
        assert download.value.suggested_filename == "runbooks.csv"
        assert download.value.path().read_text().splitlines() == copied
        expect(tools.get_by_role("status")).to_contain_text("downloaded")
        assert who.trouble == []


def test_a_strategy_is_switched_off_and_on_by_account(browser: Browser, system: System) -> None:
    with person(browser, system.url, "me", PASSWORD) as who:
        page = who.opens(f"{MOUNT}/control")
        table = page.get_by_role("table", name="Strategies by account")
        _switch(page, "Switch off", "a look")
        expect(table).to_contain_text("off: paused by me: a look")
        _switch(page, "Switch on", "I have looked")
        expect(table).not_to_contain_text("off:")
        planned = page.get_by_role("table", name="What runs when, soonest first").locator("time[datetime]")
        expect(planned.first).to_be_visible()
        instants = planned.evaluate_all("found => found.map((each) => each.getAttribute('datetime'))")
        assert instants == sorted(instants)
        assert who.trouble == []


def _switch(page: Page, button: str, reason: str) -> None:
    page.get_by_role("button", name=f"{button} me").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("reason").fill(reason)
    dialog.get_by_role("button", name=button).click()
    expect(dialog).to_contain_text("✓ done")
    dialog.get_by_role("button", name="Close").click()


def test_a_user_pauses_resumes_and_closes_the_own_account_on_a_phone(browser: Browser, system: System) -> None:
    """By taps alone; what came of it is what the exchange says."""
    with person(browser, system.url, "tom", PASSWORD, size=PHONE) as who:
        page = who.opens(f"{MOUNT}/")
        _tap(who, "Pause", "I want to look at it first")
        expect(page.get_by_role("dialog")).to_contain_text("✓ done")
        page.get_by_role("button", name="Close", exact=True).click()
        expect(page.locator(".accounts .state")).to_contain_text("opens nothing")
        _tap(who, "Resume", "I have looked at it")
        expect(page.get_by_role("dialog")).to_contain_text("✓ done")
        page.get_by_role("button", name="Close", exact=True).click()
        expect(page.locator(".accounts .state")).not_to_contain_text("I want to look at it first")
        _tap(who, "Emergency close", "I want out")
        expect(page.get_by_role("dialog")).to_contain_text("✓ done", timeout=60_000)
    assert system.naked() == []
    assert not system.unprotected(), "the exchange still has what was to be sold"


def _tap(who: Person, button: str, reason: str) -> None:
    who.page.get_by_role("button", name=button).first.click()
    dialog = who.page.get_by_role("dialog")
    dialog.get_by_label("reason").fill(reason)
    dialog.get_by_role("button", name=button).click()
