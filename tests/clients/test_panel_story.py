"""The story of the demo, told by clicks: a launch begins, a fault holds it, a person lifts the hold and approves, and it goes on;
then it is killed. What came of each click is asked of the journals and of the exchange, not of the page."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.clients.browser import Person, chromium, needs_browser, person
from tests.clients.systems import PAIRS, PASSWORD, Client, System, begun, files_made, first_signed_in

from fairway.assembly.tower import launch_as_begun
from fairway.launch.plan.load import parse
from fairway.settings import load

PATIENCE_MS = 180_000
PLAN = """\
plan: first-hundred
about: the story of the demo with seconds instead of days
author: you
release: {attest: [version, configuration, strategy], nodes: one}
approvals:
  need: {owner: 1}
  expires: 1h
accounts:
  practice: {venue: binance, mode: paper}
guards: [daily loss, drawdown, unknown worth, edge health, losses in a row, position loss, runaway rate, errors, latency,
         slippage, fee churn, clock skew, memory]
expects: {order_success: 2000/d, order_ack: 2000/d, round_trips: 500/d, trade_pnl_r: 500/d}
entry: []
stages:
  - name: practice
    limits: {mode: paper, capital: 100 USD, order_value: 100 USD, positions: 2, loss: 20 USD, daily_loss: 3 %}
    approve: {}
    stay: {at_least: 5s, at_most: 1d}
    gates:
      - {name: no-p0, gate: zero_events, of: alerts, only: [P0]}
    on_fail: hold
  - name: practice-200
    limits: {mode: paper, capital: 200 USD, order_value: 100 USD, positions: 2, loss: 20 USD, daily_loss: 3 %}
    stay: {at_least: 15m, at_most: 1d}
    gates:
      - {name: books, gate: invariant, of: tied_out}
    on_fail: hold
rollback: {target: practice, keep: 30d, within: 5m}
"""

SOLD_AFTER = "bars_max: 140"
"""A stage is passed with an order in it: seconds after the outage has ended, what was bought is sold, and bought again."""

pytestmark = needs_browser


@pytest.fixture
def system(tmp_path: Path) -> Iterator[System]:
    files_made(tmp_path, **{"bars_max: 30": SOLD_AFTER})
    (tmp_path / "first-hundred.yaml").unlink()
    up = begun(tmp_path, "--practice")
    try:
        up.until(up.is_well, "all is ready")
        yield up
    finally:
        up.process.terminate()
        up.process.wait(60)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def test_the_story_of_the_demo_by_clicks_alone(browser: Browser, system: System) -> None:
    admin = first_signed_in(system)
    with person(browser, system.url, "me", PASSWORD) as who:
        _begins_the_launch(who, system)
        _is_held_by_a_fault(who, admin)
        _is_released_approved_and_promoted(who, admin)
        _is_killed(who, system)
        assert who.trouble == []
        assert who.foreign == []


def _begins_the_launch(who: Person, system: System) -> None:
    pilot = system.child("pilot")
    assert (pilot["state"], pilot["process_id"], pilot["crashes"]) == ("idle", 0, 0)
    assert "no launch was begun yet" in pilot["said"]
    page = who.opens("/panel/launch")
    page.get_by_role("link", name="Choose a plan, rehearse it, and begin the launch").click()
    page.get_by_label("Text of the plan").fill(PLAN)
    digest = parse(PLAN).plan.digest
    page.get_by_role("button", name="Begin this launch").click()
    effect = page.get_by_role("dialog").locator(".effect")
    for told in (
        digest,
        "main begins with practice; each account: capital 100",
        "main/practice-200 needs the approval of 1 as owner",
    ):
        expect(effect).to_contain_text(told, timeout=PATIENCE_MS)
    page.wait_for_timeout(500)  # while it fades in
    who.keeps_picture("story-begin")
    _confirm(page, "Begin the launch", "two weeks of practice were in order")
    began = launch_as_begun(load(system.folder / "fairway.yaml")).began
    assert began is not None
    assert (began.digest, began.by) == (digest, "me")
    assert (system.folder / "first-hundred.yaml").read_text() == PLAN
    system.until(system.is_protected, "something is held under a stop")


def _is_held_by_a_fault(who: Person, admin: Client) -> None:
    """The exchange is closed until alerting holds the launch, which says why."""
    page = who.opens("/panel/practice")
    fault = page.locator("li.fault", has=page.get_by_role("switch", name="maintenance"))
    fault.locator("summary").click()
    fault.get_by_label("lasts").select_option("")
    fault.get_by_role("switch").click()
    expect(fault.get_by_role("switch")).to_be_checked()
    page = who.opens("/panel/launch")
    hold = page.locator(".hold-list .hold", has_text="venue-errors")
    expect(hold).to_be_visible(timeout=PATIENCE_MS)
    expect(hold).to_contain_text("ends when a person says so")
    expect(page.get_by_role("button", name="Promote")).to_be_disabled()
    (told,) = [each for each in holds(admin) if "venue-errors" in each["reason"]]
    assert told["reason"] in hold.inner_text()
    who.keeps_picture("story-held")
    page = who.opens("/panel/practice")
    page.get_by_role("switch", name="maintenance").click()
    expect(page.get_by_role("switch", name="maintenance")).not_to_be_checked()


def _is_released_approved_and_promoted(who: Person, admin: Client) -> None:
    page = who.opens("/panel/launch")
    _releases_all(page)
    assert holds(admin) == []
    page.get_by_role("button", name="Approve as owner").click()
    effect = page.get_by_role("dialog").locator(".effect")
    for told in ("now, in main/practice: ", "then, in main/practice-200: no real money; each account: capital 200"):
        expect(effect).to_contain_text(told, timeout=PATIENCE_MS)
    expect(effect).to_contain_text("approvals still missing: 1 more as owner (0 of 1 given)", timeout=PATIENCE_MS)
    _confirm(page, "Approve as owner", "it came through the outage as it should")
    expect(page.locator(".where-now h2")).to_contain_text("practice-200, 2 of 2", timeout=PATIENCE_MS)
    code, launch = admin.get("/api/v1/launch")
    assert (code, launch["tracks"][0]["stage"]) == (200, "practice-200")
    who.keeps_picture("story-promoted")


def _releases_all(page: Page) -> None:
    """An outage may lead to more than one hold; those that no person lifts end by themselves."""
    holds = page.locator(".hold-list .hold")
    expect(holds.first).to_be_visible()
    while holds.count():
        page.locator(".hold-list:not(:has(.hold)), .hold-list button").first.wait_for(state="attached", timeout=PATIENCE_MS)
        if (mine := holds.filter(has=page.get_by_role("button", name="Release"))).count():
            reason = mine.first.locator(".name").inner_text()
            mine.first.get_by_role("button", name="Release").click()
            _confirm(page, "Release", "the exchange is open again")
            expect(holds.filter(has_text=reason)).to_have_count(0, timeout=PATIENCE_MS)


def _is_killed(who: Person, system: System) -> None:
    page = who.opens("/panel/")
    page.locator("header").get_by_role("button", name="Kill").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Nothing new is opened until a person resumes", timeout=PATIENCE_MS)
    dialog.get_by_label("sell everything at the market").check()
    expect(dialog).to_contain_text("sold", timeout=PATIENCE_MS)
    _confirm(page, "Kill", "the story is told")
    expect(page.locator(".safety")).to_contain_text("Nothing is held.", timeout=PATIENCE_MS)
    expect(page.locator(".safety")).to_contain_text(
        "by me: the story is told (me). Confirmed at the venue: ", timeout=PATIENCE_MS
    )
    expect(page.locator(".duty")).to_contain_text("resume me once it is in order")
    who.keeps_picture("story-killed")
    served, account = system.exchange()
    assert [each for pair in PAIRS for each in served.signed(account, "/api/v3/openOrders", f"symbol={pair}")] == []
    assert not system.unprotected(), "the exchange still has what was to be sold"


def holds(admin: Client) -> list[dict[str, Any]]:
    code, found = admin.get("/api/v1/launch/holds")
    assert code == 200
    return [each for each in found if each["contains"] or each["kind"] == "person"]


def _confirm(page: Page, button: str, reason: str) -> None:
    """Reads what it would do, says why, confirms it, signs in again where it is asked, and reads that it was done."""
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".effect")).not_to_be_empty(timeout=PATIENCE_MS)
    if (field := dialog.get_by_label("reason")).count():
        field.fill(reason)
    act: Locator = dialog.get_by_role("button", name=button, exact=True)
    act.click()
    expect(dialog.locator(".said")).to_contain_text("✓ done", timeout=PATIENCE_MS)
    dialog.get_by_role("button", name="Close", exact=True).click()
    expect(dialog).to_be_hidden()
