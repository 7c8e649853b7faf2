"""Who gets into the panel, and what no other site and no name from outside can do: roles, sessions, CSRF, framing, scripts."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager
from decimal import Decimal
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest
from msgspec import Struct
from playwright.sync_api import Browser, expect
from tests.clients.browser import Person, chromium, needs_browser, person
from tests.clients.servers import PASSWORD, TRADER, USERS, RunningServer, registry_of, started, written
from tests.clients.systems import free_port
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from fairway.api.context import COOKIE
from fairway.incidents.alerting_journal import ALERTING_CODEC, ALERTING_STREAM, alerting_beside
from fairway.incidents.incident_events import IncidentDeclared, NoteAdded
from fairway.incidents.tickets import TicketOpened
from fairway.journal import kinds
from fairway.journal.events import Codec
from fairway.journal.sql import open_journal
from fairway.money.amount import Amount
from fairway.panel.guards import MOUNT
from fairway.panel.page import Page as PanelPage
from fairway.panel.pages.all_pages import PAGES
from fairway.people.roles import RULES, ActReach, UserAct, UserRole
from fairway.people.user import ChangeNote, Profile, User
from fairway.risk.causes import AlertSeverity
from fairway.store.place import Place
from fairway.world.clock import SystemClock

ATTACK = "<img src=x onerror=hacked=1><script>hacked=1</script>${hacked=1}{{hacked=1}}`'\""
IN_ADDRESS = quote(ATTACK.replace("/", ""), safe="")
NAMED = {
    "order": IN_ADDRESS,
    "incident": "INC-20260101-1",
    "runbook": IN_ADDRESS,
    "ticket": "T-1",
    "account": IN_ADDRESS,
    "user": "eve",
}
"""What pages of one thing are asked for: each is called like a script, or holds what is."""
STREAM = f"{MOUNT}/_nicegui_ws/socket.io/?EIO=4&transport=websocket"

WAYS_TO_STOP = {
    UserRole.ADMIN: ["Pause", "Hold", "Kill"],
    UserRole.SUPPORT: ["Pause", "Hold", "Kill"],
    UserRole.TRADER: ["Pause", "Emergency close"],
}
"""On every page; a trader's own account."""

pytestmark = needs_browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Beside a journal and a registry whose names are scripts."""
    folder = tmp_path_factory.mktemp("panel")
    written(folder, free_port())
    _write_attacks(folder)
    with started(folder) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def _write_attacks(folder: Path) -> None:
    """An account, a symbol, a reason and a user that are called like scripts. None of them could be made by Fairway itself."""
    now, note = SystemClock().now(), ChangeNote(by="test", reason=ATTACK, at=SystemClock().now())
    events: tuple[Struct, ...] = (
        kinds.TraderStarted(
            account=ATTACK,
            epoch=1,
            release=ATTACK,
            venue="binance",
            strategy=ATTACK,
            symbols=(f"{ATTACK}/USDT",),
            lots={f"{ATTACK}/USDT": Decimal("0.1")},
        ),
        kinds.BalancesOpened(balances={"USDT": Decimal(1000)}),
        kinds.Marked(worth=Amount.of("1000", "USDT"), marks={}),
        kinds.EntryRefused(symbol=f"{ATTACK}/USDT", code=f"ATTACK: {ATTACK}", intent=ATTACK),
    )
    journal = open_journal(folder / "fairway.journal", Codec(*kinds.EVENTS), mode="practice", trader=TRADER)
    journal.append(events, account=ATTACK, author=ATTACK, at=now)
    journal.close()
    _write_incident(alerting_beside(folder / "fairway.journal"), now)
    opened = registry_of(folder).open()
    user = User(id="eve", name=ATTACK, role=UserRole.VIEWER, profile=Profile.MODERATE, created_at=note.at, said=note)
    opened.registrar.add_user(user)
    opened.close()


def _write_incident(path: Place, now: int) -> None:
    """An incident with a note, and a ticket: their words are a person's own."""
    incident = NAMED["incident"]
    events: tuple[Struct, ...] = (
        IncidentDeclared(incident=incident, cause=ATTACK, title=ATTACK, severity=AlertSeverity.P3, by=ATTACK, since=now),
        NoteAdded(incident=incident, by=ATTACK, text=ATTACK),
        TicketOpened(ticket=NAMED["ticket"], by=ATTACK, user="eve", subject=ATTACK, text=ATTACK),
    )
    journal = open_journal(path, ALERTING_CODEC, mode="practice", trader=TRADER, stream=ALERTING_STREAM)
    journal.append(events, account="", author=ATTACK, at=now)
    journal.close()


def before(browser: Browser, server: RunningServer, user: str) -> AbstractContextManager[Person]:
    return person(browser, server.url, user, PASSWORD.reveal())


def address_of(page: PanelPage) -> str:
    return f"{MOUNT}{page.path.format(**NAMED)}"


@pytest.mark.parametrize("user", USERS)
def test_each_role_has_its_pages_and_its_ways_to_stop(browser: Browser, server: RunningServer, user: str) -> None:
    """The navigation names what the role sees; a page that it does not see says so, and shows nothing."""
    role = USERS[user]
    with before(browser, server, user) as who:
        page = who.opens(f"{MOUNT}/")
        sees_all = role is not UserRole.TRADER
        assert page.locator("nav a").all_inner_texts() == [
            each.nav for each in PAGES if each.nav and each.audience.has(sees_all=sees_all)
        ]
        stops = page.locator("header .stops button").all_inner_texts()
        assert stops == WAYS_TO_STOP.get(role, [])
        for other in (each for each in PAGES if not each.audience.has(sees_all=sees_all)):
            who.opens(address_of(other))
            expect(page.locator("main h1")).to_have_text("This page is not for your role")
        assert who.trouble == []


BUTTONS = (
    ("/users", "Add a user", UserAct.GOVERN),
    ("/control", "Resume", UserAct.TRADE),
    ("/control", "Emergency close", UserAct.STOP),
    ("/accounts/tom1", "Change the capital", UserAct.KEEP),
    ("/incidents", "Declare an incident", UserAct.RESPOND),
    (f"/incidents/{NAMED['incident']}", "Acknowledge", UserAct.RESPOND),
)
"""Pages that each has who sees the whole bot, with a button and the act that it stands for."""


@pytest.mark.parametrize("user", [each for each, role in USERS.items() if role is not UserRole.TRADER])
def test_each_role_has_the_buttons_that_the_table_of_roles_gives_it(browser: Browser, server: RunningServer, user: str) -> None:
    with before(browser, server, user) as who:
        for path, button, act in BUTTONS:
            page = who.opens(f"{MOUNT}{path}")
            expect(page.locator("main h1")).to_have_count(1)
            can = RULES[USERS[user]][act] is ActReach.ALL
            found = page.locator("main").get_by_role("button", name=button, exact=True)
            expect(found.locator("visible=true")).to_have_count(int(can))
        assert who.trouble == []


def test_a_user_changes_the_own_account_and_no_other_one(browser: Browser, server: RunningServer) -> None:
    for user, count in (("tom", 1), ("tim", 0)):
        with before(browser, server, user) as who:
            page = who.opens(f"{MOUNT}/accounts/tom1")
            expect(page.get_by_role("button", name="Change the capital")).to_have_count(count)


def test_a_user_sees_no_account_of_another_one(browser: Browser, server: RunningServer) -> None:
    with before(browser, server, "tom") as who:
        page = who.opens(f"{MOUNT}/")
        expect(page.get_by_text("tom1").first).to_be_visible()
        assert "tim1" not in page.content()
        assert "img src=x" not in page.content()


def test_names_that_are_scripts_are_shown_as_text_on_every_page(browser: Browser, server: RunningServer) -> None:
    with before(browser, server, "ada") as who:
        shown = []
        for each in PAGES:
            page = who.opens(address_of(each))
            page.wait_for_timeout(300)
            assert page.evaluate("typeof window.hacked") == "undefined", each.path
            assert page.locator("main img[src=x]").count() == 0, each.path
            if "<img src=x" in page.locator("main").inner_text():
                shown.append(each.title)
        assert {"Overview", "Incident", "Ticket", "Account", "User", "Journal"} <= set(shown), "not tried where it was shown"
        assert who.trouble == []


def test_without_a_sign_in_there_is_neither_page_nor_stream(server: RunningServer) -> None:
    for each in PAGES:
        with urlopen(f"{server.url}{address_of(each)}") as answer:
            assert answer.geturl().startswith(f"{server.url}/?next={MOUNT}/"), each.path
            assert b"_nicegui" not in answer.read()
    with pytest.raises(InvalidStatus, match="403"), connect(f"{server.url.replace('http', 'ws')}{STREAM}"):
        pass


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {}], ids=str)
def test_no_other_site_opens_a_stream_with_our_cookie(server: RunningServer, headers: dict[str, str]) -> None:
    """A browser sends the cookie with it, whatever page asks; SameSite is the second wall, not the first."""
    cookie = {"Cookie": f"{COOKIE}={session_of(server, 'ada')}"}
    address = f"{server.url.replace('http', 'ws')}{STREAM}"
    with pytest.raises(InvalidStatus, match="403"), connect(address, additional_headers={**cookie, **headers}, origin=None):
        pass
    with connect(address, additional_headers={**cookie, "Sec-Fetch-Site": "same-origin"}) as allowed:
        assert str(allowed.recv()).startswith("0")


def session_of(server: RunningServer, user: str) -> str:
    body = json.dumps({"user": user, "password": PASSWORD.reveal()}).encode()
    request = Request(f"{server.url}/api/v1/session", data=body, headers={"Content-Type": "application/json"})
    with urlopen(request) as answer:
        return str(SimpleCookie(answer.headers["Set-Cookie"])[COOKIE].value)


def test_no_page_lets_itself_be_framed_or_runs_a_script_that_is_not_its_own(browser: Browser, server: RunningServer) -> None:
    with before(browser, server, "ada") as who:
        answer = who.page.goto(f"{server.url}{MOUNT}/")
        assert answer is not None
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-frame-options"] == "DENY"
        assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
        other = who.page.goto(f"{server.url}{MOUNT}/")
        assert other is not None
        assert other.headers["content-security-policy"] != policy, "the number is the same twice"
        who.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=y onerror=\"window.hacked=1\">')")
        who.page.wait_for_timeout(300)
        assert who.page.evaluate("typeof window.hacked") == "undefined"
        assert any("Content Security Policy" in each for each in who.trouble)


def test_signing_out_everywhere_ends_every_open_page(browser: Browser, server: RunningServer) -> None:
    """Also in another browser, within seconds and without a click; nothing of it is left on the page."""
    with before(browser, server, "vic") as here, before(browser, server, "vic") as there:
        here.opens(f"{MOUNT}/")
        there.opens(f"{MOUNT}/")
        here.page.locator(".who summary").click()
        here.page.get_by_role("button", name="Sign out everywhere").click()
        here.page.wait_for_url(f"{server.url}/")
        there.page.wait_for_url(f"{server.url}/?next=*")
        expect(there.page.get_by_text("Your sign-in has ended")).to_be_visible()


def test_a_sign_in_that_expires_ends_its_page(browser: Browser, server: RunningServer) -> None:
    with before(browser, server, "sue") as who:
        who.opens(f"{MOUNT}/")
        with sqlite3.connect(server.folder / "people") as registry:
            registry.execute("UPDATE tokens SET expires_at = created_at WHERE user_id = 'sue'")
        who.page.wait_for_url(f"{server.url}/?next=*")


def test_a_page_of_a_user_with_another_role_now_is_opened_again(browser: Browser, server: RunningServer) -> None:
    with before(browser, server, "vic") as who:
        page = who.opens(f"{MOUNT}/")
        expect(page.locator("header .stops button")).to_have_count(0)
        ended = server.client("ada").done("users-role", {"user": "vic", "role": "support", "reason": "a test"})
        assert ended["state"] == "done", ended
        expect(page.locator("header .stops button")).to_have_count(3)


def test_what_raises_rights_asks_for_a_fresh_sign_in_whose_password_no_stream_carries(
    browser: Browser, server: RunningServer
) -> None:
    frames: list[str] = []
    with before(browser, server, "ada") as who:
        who.page.on("websocket", lambda stream: stream.on("framesent", lambda sent: frames.append(str(sent))))
        page = who.opens(f"{MOUNT}/users")
        with sqlite3.connect(server.folder / "people") as registry:
            registry.execute("UPDATE tokens SET signed_in_at = 0 WHERE user_id = 'ada'")
        page.get_by_role("button", name="Add a user").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("user", exact=True).fill("bob")
        dialog.get_by_label("name", exact=True).fill("Bob")
        act = dialog.get_by_role("button", name="Add a user", exact=True)
        dialog.get_by_label("password", exact=True).fill("some other words")
        act.click()
        expect(dialog.locator(".said")).to_contain_text("the password is wrong")
        dialog.get_by_label("password", exact=True).fill(PASSWORD.reveal())
        act.click()
        expect(dialog.locator(".said")).to_contain_text("You are signed in again")
        act.click()
        expect(dialog.locator(".said")).to_contain_text("✓ done")
        code, users = server.client("ada").get("/api/v1/users")
        assert (code, "bob" in {each["id"] for each in users}) == (200, True)
        assert [each for each in frames if "Bob" in each], "the stream was not watched"
        assert not [each for each in frames if PASSWORD.reveal() in each or "some other words" in each]
