"""The prober: asks each question of a plan by the clock, over HTTP, and keeps the answers until the pilot takes them.

A question is asked at the multiples of its time, so a start goes on where another has ended. It is asked again only when it has
been answered or given up; each waits for its own answer alone, and delays no other, and no tick of the launch.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from fairway.watch.answers import SIZE_MAX, ProbedPage
from fairway.watch.questions import Metric, ProbeRequest
from fairway.world.clock import SECOND, Clock

if TYPE_CHECKING:
    from aiohttp import ClientSession

WAITING_MAX: Final = 10_000
"""Pages that wait to be taken; beyond, no question is asked, because no pilot takes the answers."""
HEADERS: Final = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "fairway"}
PIECE: Final = 65_536


@dataclass(frozen=True, slots=True)
class TimedQuestion:
    """A question with its clock. every_ns: how often; within_ns: how long an answer may take, at most as long.

    token: what is sent as `Authorization: Bearer`; "" for nothing. It stands in no journal and in no message.
    """

    name: str
    question: ProbeRequest | Metric
    every_ns: int
    within_ns: int
    token: str = field(default="", repr=False)


class Prober:
    """Asks the questions of one plan, from the moment that `asking` is entered."""

    def __init__(self, inquiries: Sequence[TimedQuestion], clock: Clock) -> None:
        self._inquiries, self._clock = inquiries, clock
        self._pages: list[tuple[str, ProbedPage]] = []
        self._asking: asyncio.Task[None] | None = None

    def away(self) -> list[tuple[str, ProbedPage]]:
        """The pages since the last call, by the probe's name, oldest first; they are removed here."""
        if self._asking is not None and self._asking.done() and not self._asking.cancelled():
            self._asking.result()  # it ends by itself only where it is broken, and that must be seen
        pages, self._pages = self._pages, []
        return pages

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[None]:
        """Asks while the block runs."""
        if not self._inquiries:
            yield
            return
        self._asking = asyncio.create_task(self._run(), name="prober")
        try:
            yield
        finally:
            self._asking.cancel()
            await asyncio.wait([self._asking])

    async def _run(self) -> None:
        async with _session() as session, asyncio.TaskGroup() as tasks:
            for each in self._inquiries:
                tasks.create_task(self._keep_asking(each, session), name=f"probe {each.name}")

    async def _keep_asking(self, inquiry: TimedQuestion, session: "ClientSession") -> None:
        while True:
            await asyncio.sleep(self._until_due(inquiry) / SECOND)
            if len(self._pages) < WAITING_MAX:
                page = await page_of(inquiry, session, self._clock)
                self._pages.append((inquiry.name, page))  # to the list of now: another may have been taken away meanwhile

    def _until_due(self, inquiry: TimedQuestion) -> int:
        now = self._clock.now()
        return (now // inquiry.every_ns + 1) * inquiry.every_ns - now


async def page_of(inquiry: TimedQuestion, session: "ClientSession", clock: Clock) -> ProbedPage:
    """Asks once. A server that does not answer yields a page with the reason; no behaviour of a server raises."""
    from aiohttp import ClientError

    at = clock.now()
    try:
        async with asyncio.timeout(inquiry.within_ns / SECOND):
            status, body, is_whole = await _fetched(inquiry, session)
    except (TimeoutError, ClientError, OSError, ValueError) as error:
        return ProbedPage(at, clock.now() - at, silence=_silence(error, inquiry))
    return ProbedPage(at, clock.now() - at, status, body, is_whole)


async def asked_once(inquiry: TimedQuestion, clock: Clock) -> ProbedPage:
    async with _session() as session:
        return await page_of(inquiry, session, clock)


async def _fetched(inquiry: TimedQuestion, session: "ClientSession") -> tuple[int, bytes, bool]:
    """Redirects are not followed: the address that was asked must answer, and a token is sent to no other."""
    headers = HEADERS | ({"Authorization": f"Bearer {inquiry.token}"} if inquiry.token else {})
    async with session.get(inquiry.question.url, headers=headers, allow_redirects=False) as response:
        body = bytearray()
        while len(body) <= SIZE_MAX and (piece := await response.content.read(PIECE)):
            body += piece
        return response.status, bytes(body[:SIZE_MAX]), len(body) <= SIZE_MAX


def _silence(error: Exception, inquiry: TimedQuestion) -> str:
    """The reason in Fairway's own words: those of libraries name addresses, and vary."""
    from aiohttp import ClientConnectorError, ClientSSLError

    match error:
        case ClientSSLError():
            return "its certificate is not trusted"
        case TimeoutError():
            return f"no answer within {inquiry.within_ns / SECOND:g} s"
        case ClientConnectorError():
            return "no server answers at its address"
    return "the connection broke off, or what came was no HTTP"


def _session() -> "ClientSession":
    """A connection of its own for each question, so that a server which accepts none is noticed."""
    import aiohttp
    import certifi

    connector = aiohttp.TCPConnector(
        resolver=aiohttp.ThreadedResolver(),
        use_dns_cache=False,
        force_close=True,
        limit=0,
        ssl=ssl.create_default_context(cafile=certifi.where()),
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None),
        auto_decompress=False,
    )
