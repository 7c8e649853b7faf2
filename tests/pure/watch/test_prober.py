"""The prober asks by the clock, over HTTP, each question by itself; whatever a server does, it is told as a page."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from tests.pure.watch.servers import HEALTHY, Server

from fairway.watch.answers import SIZE_MAX, ProbedPage
from fairway.watch.prober import Prober, TimedQuestion, asked_once
from fairway.watch.questions import Metric, ProbeRequest, Question
from fairway.world.clock import MINUTE, SECOND, SimClock, SystemClock
from fairway.world.loop import EPOCH_NS, run, running

HEALTH = ProbeRequest("http://green.test:8080/health")


def inquiry(question: Question = HEALTH, every_ns: int = MINUTE, within_ns: int = 5 * SECOND, **more: str) -> TimedQuestion:
    assert isinstance(question, ProbeRequest | Metric)
    return TimedQuestion(more.pop("name", "health"), question, every_ns, within_ns, **more)


def asked_for(
    seconds: float, server: Server, *inquiries: TimedQuestion, act: Callable[[], object] = lambda: None
) -> list[tuple[str, ProbedPage]]:
    """What is answered in so many seconds of simulated time. act: what is done after half of it."""

    async def world() -> list[tuple[str, ProbedPage]]:
        loop = running()
        async with server.listening("green.test", 8080):
            prober = Prober(inquiries, SimClock(loop))
            async with prober.asking():
                await asyncio.sleep(seconds / 2)
                act()
                await asyncio.sleep(seconds / 2)
            return prober.away()

    return run(world)


def asked_at(pages: list[tuple[str, ProbedPage]], name: str = "health") -> list[float]:
    return [round((page.at - EPOCH_NS) / SECOND, 3) for told, page in pages if told == name]


def test_each_question_is_asked_at_the_multiples_of_its_time() -> None:
    pages = asked_for(190, Server(), inquiry(), inquiry(every_ns=45 * SECOND, name="often"))
    assert asked_at(pages) == [60, 120, 180]
    assert asked_at(pages, "often") == [45, 90, 135, 180]
    assert {(page.status, page.body.decode(), page.silence) for _, page in pages} == {(200, HEALTHY, "")}
    assert all(0 < page.took_ns < SECOND for _, page in pages)


def test_a_slow_one_delays_no_other_and_never_overtakes_itself() -> None:
    server = Server(delay_s=55)
    slow = inquiry(within_ns=60 * SECOND)
    pages = asked_for(250, server, slow)
    assert asked_at(pages) == [60, 120, 180]
    assert server.most_at_once == 1
    server = Server(delay_s=400)
    pages = asked_for(250, server, slow, inquiry(ProbeRequest("http://nobody.test/"), name="other"))
    assert {page.silence for told, page in pages if told == "health"} == {"no answer within 60 s"}
    assert asked_at(pages, "other") == [60, 120, 180, 240]


def test_a_server_that_stops_is_silent_and_is_asked_on() -> None:
    server = Server()

    def stop() -> None:
        server.delay_s = 30

    pages = asked_for(250, server, inquiry(), act=stop)
    assert [page.silence for _, page in pages] == ["", "", "no answer within 5 s", "no answer within 5 s"]


@pytest.mark.parametrize("url", ["http://nobody.test/health", "http://green.test:81/health"])
def test_who_is_not_there_is_told(url: str) -> None:
    pages = asked_for(70, Server(), inquiry(ProbeRequest(url), within_ns=60 * SECOND))
    assert [(page.status, page.silence) for _, page in pages] == [(0, "no server answers at its address")]


def test_the_token_is_sent_and_no_redirection_is_followed() -> None:
    server = Server()
    pages = asked_for(70, server, inquiry(ProbeRequest("http://green.test:8080/elsewhere"), token="s3cret"))
    assert server.heard == [("/elsewhere", "Bearer s3cret")]
    assert [page.status for _, page in pages] == [302]
    assert "s3cret" not in repr(pages)


def test_no_more_of_a_page_is_read_than_can_be_looked_into() -> None:
    server = Server(body=b"x" * (SIZE_MAX + 1))
    ((_, page),) = asked_for(70, server, inquiry())
    assert (len(page.body), page.is_whole) == (SIZE_MAX, False)
    server.body = b"x" * SIZE_MAX
    ((_, page),) = asked_for(70, server, inquiry())
    assert (len(page.body), page.is_whole) == (SIZE_MAX, True)


def test_what_is_taken_away_while_an_answer_is_waited_for_is_not_lost() -> None:
    async def world() -> list[float]:
        found: list[tuple[str, ProbedPage]] = []
        async with Server(delay_s=3).listening("green.test", 8080):
            prober = Prober([inquiry()], SimClock(running()))
            async with prober.asking():
                for _ in range(200):
                    await asyncio.sleep(1)
                    found += prober.away()
        return asked_at(found)

    assert run(world) == [60, 120, 180]


def test_a_prober_that_breaks_is_seen() -> None:
    async def world() -> None:
        broken = TimedQuestion("a", HEALTH, 0, SECOND)  # no time between two questions
        prober = Prober([broken], SimClock(running()))
        async with prober.asking():
            await asyncio.sleep(1)
            prober.away()

    with pytest.raises(ExceptionGroup, match="unhandled errors"):
        run(world)


# -- over a real network ---------------------------------------------------------------------------------------------------


def real(work: Callable[[], Coroutine[Any, Any, ProbedPage]]) -> ProbedPage:
    return asyncio.run(work())


def test_it_is_the_same_over_a_real_network() -> None:
    async def work() -> ProbedPage:
        server = Server()
        async with server.listening("127.0.0.1"):
            return await asked_once(inquiry(ProbeRequest(f"http://127.0.0.1:{server.port}/health")), SystemClock())

    page = real(work)
    assert (page.status, page.body.decode(), page.silence) == (200, HEALTHY, "")
    assert page.took_ns > 0


def test_a_server_that_speaks_something_else_is_told() -> None:
    async def speak(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH_9.2\r\n")
        await writer.drain()
        writer.close()

    async def work(scheme: str) -> ProbedPage:
        async with await asyncio.start_server(speak, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            return await asked_once(inquiry(ProbeRequest(f"{scheme}://127.0.0.1:{port}/")), SystemClock())

    assert real(lambda: work("http")).silence == "the connection broke off, or what came was no HTTP"
    assert real(lambda: work("https")).silence
