"""The panel: the first chart after a sign-in, what fifty open browsers cost the server, and how soon a change is seen."""

import ast
import asyncio
import os
import re
import tempfile
import time
from math import inf
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

import aiohttp
import socketio
from tests.clients.browser import chromium, person
from tests.clients.servers import PASSWORD as SERVER_PASSWORD
from tests.clients.servers import TRADER, serving
from tests.clients.systems import PASSWORD, Client, System, first_signed_in, running

from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS, StageBegan
from fairway.journal.sql import open_journal
from fairway.money.amount import Amount
from fairway.world.clock import SystemClock

BROWSERS: Final = 50
WATCHED_S: Final = 30
"""So long the open pages are followed; a system with candles of a second changes each second."""
SIGN_INS: Final = 5
STATUS_READS: Final = 200
STATUS_READERS: Final = 200
STATUS_EVERY_S: Final = 5.0
"""Readers of the status page come back after this time, each at an instant of its own."""
STATUS_WATCHED_S: Final = 20.0
CHANGES: Final = 60
EVERY_MS: Final = 700
LAST_LOOK_MS: Final = 3_000
"""So long the last change may take."""
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_QUERY: Final = re.compile(r"query: (\{.*?\}),")
"""Where NiceGUI's page has what its stream is opened with."""
_OBSERVED: Final = """() => {
  const one = document.querySelector('.events');
  window.seen = {};
  new MutationObserver(() => {
    for (const [stage] of one.textContent.matchAll(/stage s\\d+ began/g)) window.seen[stage] ??= Date.now();
  }).observe(one, {childList: true, characterData: true, subtree: true});
}"""


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside it)."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as system:
        admin = first_signed_in(system)
        system.until(lambda: _valued(admin) > 1, "the account was valued twice, so that there is a curve", within_s=180)
        charts = _first_charts(system)
        idle = asyncio.run(_used(system, 0))
        used = asyncio.run(_used(system, BROWSERS))
        alone, crowded = asyncio.run(_status(system))
    seen = _seen()
    return [
        (f"sign-in to the first chart in Chromium, slowest of {SIGN_INS}", f"{max(charts):.2f} s", "at most 3 s"),
        (
            f"{BROWSERS} open overviews, a change each second: share of a core",
            f"{used - idle:.1%}",
            f"at most 10 %; the server without a browser {idle:.1%}",
        ),
        (f"journal to page, {CHANGES} changes, {_missed(seen)} never seen, p50", f"{median(seen):.2f} s", ""),
        ("the same, p95", f"{quantiles(seen, n=20)[-1]:.2f} s", "at most 1 s"),
        ("the status page for one reader, p50 / p99", _milliseconds(alone), ""),
        (
            f"the same beside {STATUS_READERS} readers that come back every {STATUS_EVERY_S:g} s, p50 / p99",
            _milliseconds(crowded),
            f"ratio of p50 {median(crowded) / median(alone):.1f}; the file itself is any web server's to serve",
        ),
    ]


def _valued(admin: Client) -> int:
    """How often the account was valued, by the trader's journal."""
    _, records = admin.get("/api/v1/journal?limit=500")
    return sum(each["kind"] == "Marked" for each in records)


def _first_charts(system: System) -> list[float]:
    """Seconds from the click that signs in until the chart is drawn, each in a browser that has kept nothing."""
    found = []
    with chromium() as browser:
        for _ in range(SIGN_INS):
            with person(browser, system.url) as who:
                who.page.goto(f"{system.url}/")
                who.page.fill("#sign-in [name=user]", "me")
                who.page.fill("#sign-in [name=password]", PASSWORD)
                began = time.perf_counter()
                who.page.click("#sign-in button")
                who.page.locator(".worth-chart canvas").first.wait_for()
                found.append(time.perf_counter() - began)
    return found


async def _used(system: System, browsers: int) -> float:
    """The server's share of a core while so many overviews are open."""
    process_id = int(system.child("server")["process_id"])
    async with aiohttp.ClientSession(system.url, cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        body = {"user": "me", "password": PASSWORD}
        async with session.post("/api/v1/session", json=body) as answer:
            assert answer.status == 200
        opened = [await _opened(system.url, session) for _ in range(browsers)]
        await asyncio.sleep(2)
        told = [len(each.updates) for each in opened]
        before, began = _cpu_s(process_id), time.perf_counter()
        await asyncio.sleep(WATCHED_S)
        used = (_cpu_s(process_id) - before) / (time.perf_counter() - began)
        news = [len(each.updates) - had for each, had in zip(opened, told, strict=True)]
        assert not news or min(news) > WATCHED_S / 2, "pages were not brought up to date"
        for each in opened:
            await each.client.disconnect()
    return used


class _Opened:
    """A page as a browser holds it: the address's client, and its stream."""

    def __init__(self) -> None:
        self.client = socketio.AsyncClient(reconnection=False)
        self.updates: list[Any] = []
        self.client.on("update", self.updates.append)


async def _opened(url: str, session: aiohttp.ClientSession) -> _Opened:
    async with session.get("/panel/") as answer:
        page = await answer.text()
    given = ast.literal_eval(_QUERY.findall(page)[0])
    found = _Opened()
    cookies = "; ".join(f"{each.key}={each.value}" for each in session.cookie_jar)
    named = {**given, "implicit_handshake": "true", "tab_id": given["client_id"], "document_id": given["client_id"]}
    query = "&".join(f"{name}={value}" for name, value in named.items())
    headers = {"Cookie": cookies, "Origin": url}
    await found.client.connect(f"{url}?{query}", headers, transports=["websocket"], socketio_path="/panel/_nicegui_ws/socket.io")
    return found


def _cpu_s(process_id: int) -> float:
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _seen() -> list[float]:
    """Seconds from the end of a commit until Chromium showed the event, beside a journal that is written here; infinite for one
    that was never shown."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server, chromium() as browser:
        journal = open_journal(server.folder / "fairway.journal", Codec(*EVENTS), mode="practice", trader=TRADER)
        with person(browser, server.url, "ada", SERVER_PASSWORD.reveal()) as who:
            page = who.opens("/panel/")
            page.evaluate(_OBSERVED)
            committed = {}
            for number in range(CHANGES):
                began = StageBegan(stage=f"s{number}", worth=Amount.of("1000", "USDT"))
                journal.append((began,), account="tom1", author="trader", at=SystemClock().now())
                journal.sync()
                committed[f"stage s{number} began"] = time.time()
                page.wait_for_timeout(EVERY_MS + 37 * (number % 10))  # at another phase of the panel's looks each time
            page.wait_for_timeout(LAST_LOOK_MS)
            seen = page.evaluate("window.seen")
        journal.close()
    return [seen[event] / 1000 - at if event in seen else inf for event, at in committed.items()]


def _missed(seen: list[float]) -> int:
    return seen.count(inf)


async def _status(system: System) -> tuple[list[float], list[float]]:
    """Seconds of each answer: for one reader alone, and for the same reader beside many that come back again and again."""
    async with aiohttp.ClientSession(system.url) as session:

        async def read() -> float:
            began = time.perf_counter()
            async with session.get("/status/") as answer:
                assert answer.status == 200
                await answer.read()
            return time.perf_counter() - began

        async def read_one_by_one() -> list[float]:
            found = []
            for _ in range(STATUS_READS):
                found.append(await read())
                await asyncio.sleep(STATUS_WATCHED_S / STATUS_READS)
            return found

        async def come_back(first_s: float) -> None:
            await asyncio.sleep(first_s)
            while True:
                await read()
                await asyncio.sleep(STATUS_EVERY_S)

        alone = await read_one_by_one()
        others = [asyncio.create_task(come_back(number * STATUS_EVERY_S / STATUS_READERS)) for number in range(STATUS_READERS)]
        crowded = await read_one_by_one()
        assert not [each for each in others if each.done()], "a reader got no page"
        for each in others:
            each.cancel()
        await asyncio.gather(*others, return_exceptions=True)
    return alone, crowded


def _milliseconds(seen: list[float]) -> str:
    return f"{median(seen) * 1000:.1f} ms / {quantiles(seen, n=100)[-1] * 1000:.1f} ms"
