"""Market streams without sockets: what is sent, when, to whom, and in which shape."""

import json
from typing import Any

import pytest
from tests.pure.exchange.wire_ground import START, Ground, crowd, run

from fairway.exchange.hub import LIFETIME
from fairway.exchange.stream_connection import StreamConnection
from fairway.exchange.wire.stream_names import StreamName, read_stream
from fairway.world.clock import DAY, HOUR, MILLISECOND, MINUTE, SECOND

AT = START // MILLISECOND


async def ask(listener: StreamConnection, method: str, *names: Any) -> Any:
    answers = await listener.receive(json.dumps({"method": method, "params": list(names), "id": 5}))
    return json.loads(answers[0])


@pytest.mark.parametrize(
    ("name", "stream"),
    [
        ("btcusdt@trade", StreamName("btcusdt@trade", "trade", "BTCUSDT")),
        ("btcusdt@kline_1M", StreamName("btcusdt@kline_1M", "kline", "BTCUSDT", "1M", speed_ns=2 * SECOND)),
        ("btcusdt@kline_1s", StreamName("btcusdt@kline_1s", "kline", "BTCUSDT", "1s", speed_ns=SECOND)),
        ("btcusdt@depth", StreamName("btcusdt@depth", "depth", "BTCUSDT")),
        ("btcusdt@depth@100ms", StreamName("btcusdt@depth@100ms", "depth", "BTCUSDT", speed_ns=SECOND // 10)),
        ("btcusdt@depth20@100ms", StreamName("btcusdt@depth20@100ms", "partialDepth", "BTCUSDT", "", 20, SECOND // 10)),
        ("!ticker@arr", StreamName("!ticker@arr", "ticker", "")),
        ("!ticker_4h@arr", StreamName("!ticker_4h@arr", "rollingTicker", "", "4h")),
        ("btcusdt@ticker_1h", StreamName("btcusdt@ticker_1h", "rollingTicker", "BTCUSDT", "1h")),
        (
            "btcusdt@kline_1d@+08:00",
            StreamName("btcusdt@kline_1d@+08:00", "kline", "BTCUSDT", "1d", speed_ns=2 * SECOND, zone_ns=8 * HOUR),
        ),
        ("btcusdt@kline_1d@+09:00", None),
        ("btcusdt@ticker_2h", None),
        ("btcusdt@depth7", None),
        ("btcusdt@kline_2m", None),
        ("btcusdt@trade@100ms", None),
        ("BTCUSDT@trade", None),
        ("0", None),
    ],
)
def test_stream_names_are_understood(name: str, stream: StreamName | None) -> None:
    """Every kind on the wire page; nothing else."""
    assert read_stream(name) == stream


ROLLING = "e E s p P o h l c w v q O C F L n"


@pytest.mark.parametrize(("size", "count"), [("1h", 2), ("4h", 3), ("1d", 4)])
def test_rolling_windows_are_streamed(size: str, count: int) -> None:
    """The fields of the exchange; the window opens on a minute. The stream of all symbols tells the same in a list."""

    async def scene() -> None:
        opens = [START - 5 * HOUR, START - 2 * HOUR, START - 30 * MINUTE, START + SECOND // 2]
        ground = await Ground([crowd(at, 50_000 + number) for number, at in enumerate(opens)]).begin()
        one, everyone = ground.listener(), ground.listener()
        await ask(one, "SUBSCRIBE", f"btcusdt@ticker_{size}")
        await ask(everyone, "SUBSCRIBE", f"!ticker_{size}@arr")
        frame, frames = await ground.pass_time(START + SECOND)
        assert frames == [frame]
        assert (" ".join(frame), frame["e"], frame["n"], frame["c"]) == (ROLLING, f"{size}Ticker", count, "50003.00000000")
        assert (frame["O"] % 60_000, frame["C"], frame["L"]) == (0, AT + 1000, 4)
        assert await ground.pass_time(START + 3 * SECOND) == []

    run(scene())


def test_candles_of_the_zone_close_at_its_midnight() -> None:
    """16:00 in UTC is midnight in the zone +08:00: the day of one zone closes, that of the other goes on."""

    async def scene() -> None:
        midnight = (START // DAY * DAY) + 16 * HOUR + DAY
        ground = Ground([crowd(midnight - 2 * SECOND, 50_000), crowd(midnight + SECOND, 50_001)])
        ground.clock.at = midnight - 2 * SECOND
        await ground.begin()
        listener = ground.listener()
        await ask(listener, "SUBSCRIBE", "btcusdt@kline_1d@+08:00", "btcusdt@kline_1d")
        frames = [it["k"] for it in await ground.pass_time(midnight + 4 * SECOND) if it != ("ping",)]
        zoned = [it for it in frames if it["t"] % 86_400_000 == 16 * 3_600_000]
        assert [(it["t"], it["x"], it["n"]) for it in zoned if it["x"]] == [(midnight // MILLISECOND - 86_400_000, True, 1)]
        assert zoned[-1]["t"] == midnight // MILLISECOND
        assert not any(it["x"] for it in frames if it["t"] % 86_400_000 == 0)

    run(scene())


def test_subscriptions_are_made_listed_and_ended() -> None:
    """SUBSCRIBE, LIST_SUBSCRIPTIONS, UNSUBSCRIBE, and the property that wraps frames."""

    async def scene() -> None:
        ground = await Ground().begin()
        listener = ground.listener()
        assert await ask(listener, "SUBSCRIBE", "btcusdt@trade", "ethusdt@trade") == {"result": None, "id": 5}
        assert (await ask(listener, "LIST_SUBSCRIPTIONS"))["result"] == ["btcusdt@trade", "ethusdt@trade"]
        assert await ask(listener, "UNSUBSCRIBE", "ethusdt@trade") == {"result": None, "id": 5}
        assert (await ask(listener, "LIST_SUBSCRIPTIONS"))["result"] == ["btcusdt@trade"]
        assert (await ask(listener, "GET_PROPERTY", "combined"))["result"] is False
        await ask(listener, "SET_PROPERTY", "combined", True)
        assert (await ask(listener, "GET_PROPERTY", "combined"))["result"] is True
        ground.exchange.backend.apply(crowd(START, 50_000))
        (frame,) = await ground.frames()
        assert (frame["stream"], frame["data"]["e"]) == ("btcusdt@trade", "trade")
        listener.stop()
        ground.exchange.backend.apply(crowd(START, 50_000))
        assert await ground.frames() == []

    run(scene())


@pytest.mark.parametrize("wrong", ["btcusdt@nothing", "btcusdt@depth7", 7, None, ["btcusdt@trade"]])
def test_a_mixed_subscribe_is_all_or_nothing(wrong: object) -> None:
    """One name that is none, wherever it stands: the connection listens to what it listened to before."""

    async def scene() -> None:
        ground = await Ground().begin()
        listener = ground.listener()
        await ask(listener, "SUBSCRIBE", "btcusdt@bookTicker")
        for names in (["btcusdt@trade", wrong], [wrong, "btcusdt@trade"], ["btcusdt@trade", wrong, "btcusdt@depth"]):
            assert (await ask(listener, "SUBSCRIBE", *names))["error"] == {"code": 2, "msg": "Invalid request: invalid stream"}
        assert (await ask(listener, "LIST_SUBSCRIPTIONS"))["result"] == ["btcusdt@bookTicker"]
        ground.exchange.backend.apply(crowd(START, 50_001))
        assert {frame.get("e") for frame in await ground.frames()} == {None}  # bookTicker alone has no event's name

    run(scene())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", 3),
        ("[]", 2),
        ('{"id": 1}', 2),
        ('{"method": "SUBSCRIBE", "params": ["btcusdt@nothing"], "id": 1}', 2),
        ('{"method": "SUBSCRIBE", "params": [7], "id": 1}', 2),
        ('{"method": "SUBSCRIBE", "params": {}, "id": 1}', 2),
        ('{"method": "subscribe", "params": [], "id": 1}', 2),
        ('{"method": "LIST_SUBSCRIPTIONS", "id": 1.5}', 2),
        ('{"method": "GET_PROPERTY", "params": ["colour"], "id": 1}', 0),
        ('{"method": "SET_PROPERTY", "params": ["combined", 1], "id": 1}', 1),
    ],
)
def test_a_message_with_a_mistake_is_answered_with_an_error(text: str, code: int) -> None:
    """Each with the exchange's number."""

    async def scene() -> None:
        ground = await Ground().begin()
        (answer,) = await ground.listener().receive(text)
        assert json.loads(answer)["error"]["code"] == code

    run(scene())


def test_a_connection_holds_1024_streams() -> None:
    """One more is refused; the names that an address gives count too."""

    async def scene() -> None:
        ground = await Ground().begin()
        listener = ground.listener()
        names = [f"s{number}usdt@trade" for number in range(1025)]
        assert "result" in await ask(listener, "SUBSCRIBE", *names[:1024])
        assert (await ask(listener, "SUBSCRIBE", names[1024]))["error"]["code"] == 2
        assert await ground.listener().start(names) == "too many streams"

    run(scene())


def test_five_messages_a_second_are_heard() -> None:
    """Messages, pings and pongs alike; the sixth within a second is one too many."""
    ground = Ground()
    listener = ground.listener()
    assert all(listener.heard(START) for _ in range(5))
    assert not listener.heard(START + SECOND - 1)
    other = ground.listener()
    assert all(other.heard(START + number * SECOND // 5) for number in range(100))


def test_trades_and_the_best_prices_are_sent_at_once() -> None:
    """To raw and to wrapped listeners; the best prices only when they change."""

    async def scene() -> None:
        ground = await Ground().begin()
        raw, wrapped = ground.listener(), ground.listener(combined=True)
        await raw.start(["btcusdt@trade"])
        await wrapped.start(["btcusdt@trade", "btcusdt@aggTrade", "btcusdt@bookTicker"])
        ground.exchange.backend.apply(crowd(START, 50_010))
        trade = {"e": "trade", "E": AT, "s": "BTCUSDT", "t": 2, "p": "50010.00000000", "q": "0.50000000", "T": AT}
        trade |= {"m": False, "M": True}
        best = {"u": 3, "s": "BTCUSDT", "b": "50009.00000000", "B": "1.00000000", "a": "50011.00000000", "A": "1.00000000"}
        sent = await ground.frames()
        assert sent[:2] == [trade, {"stream": "btcusdt@trade", "data": trade}]
        assert (sent[2]["stream"], sent[2]["data"]["a"], sent[2]["data"]["f"]) == ("btcusdt@aggTrade", 2, 2)
        assert sent[3:] == [{"stream": "btcusdt@bookTicker", "data": best}]
        ground.exchange.backend.apply(crowd(START, 50_010, sizes=(1, 9, 9), trade=False))
        assert await ground.frames() == []

    run(scene())


def test_depth_changes_join_the_snapshot_without_a_gap() -> None:
    """Applied to a REST snapshot by the published rule, the frames give the book, whatever the moment of the snapshot."""

    async def scene() -> None:
        market = [crowd(START + n * 37 * MILLISECOND, 50_000 + n % 7, sizes=(1 + n % 3, 2, 3)) for n in range(200)]
        ground = Ground(market)
        listener = ground.listener()
        await listener.start(["btcusdt@depth@100ms"])
        sent: list[Any] = []
        for step in range(1, 75):
            sent += await ground.pass_time(START + step * 100 * MILLISECOND)
            if step == 20:
                snapshot = await ground.get("depth", symbol="BTCUSDT", limit=5000)
        assert len(sent) > 50
        book = {side: dict(snapshot[name]) for side, name in (("b", "bids"), ("a", "asks"))}
        last = snapshot["lastUpdateId"]
        for frame in sent:
            if frame["u"] <= last:
                continue
            assert frame["U"] <= last + 1 <= frame["u"] or frame["U"] == last + 1
            last = frame["u"]
            for side in ("b", "a"):
                for price, size in frame[side]:
                    book[side][price] = size
                    if float(size) == 0:
                        del book[side][price]
        now = await ground.get("depth", symbol="BTCUSDT", limit=5000)
        assert last == now["lastUpdateId"]
        assert book == {"b": dict(now["bids"]), "a": dict(now["asks"])}

    run(scene())


def test_partial_depth_and_tickers_come_on_the_beat_after_a_change() -> None:
    """Once a second (or every 100 ms), and not at all while nothing changes."""

    async def scene() -> None:
        ground = await Ground().begin()
        listener = ground.listener()
        await listener.start(
            ["btcusdt@depth5@100ms", "btcusdt@miniTicker", "btcusdt@ticker", "!miniTicker@arr", "btcusdt@avgPrice"]
        )
        assert await ground.pass_time(START + 5 * SECOND) == []
        ground.exchange.backend.apply(crowd(ground.clock.at, 50_020))
        assert await ground.pass_time(START + 5 * SECOND + 99 * MILLISECOND) == []
        (depth,) = await ground.pass_time(START + 5 * SECOND + 100 * MILLISECOND)
        assert depth["bids"][0] == ["50019.00000000", "1.00000000"]
        mini, ticker, average, everything = await ground.pass_time(START + 7 * SECOND)
        assert (mini["e"], mini["c"], mini["v"]) == ("24hrMiniTicker", "50020.00000000", "1.00000000")
        assert (ticker["e"], ticker["n"], ticker["p"], ticker["P"]) == ("24hrTicker", 2, "20.00000000", "0.040")
        assert everything == [mini]
        assert (average["e"], average["w"], average["i"]) == ("avgPrice", "50010.00000000", "5m")

    run(scene())


def test_candles_are_sent_every_two_seconds_and_when_they_close() -> None:
    """While they change; each closed one exactly once, with x true, at its end; also a candle in which nothing traded."""

    async def scene() -> None:
        trades = (0, 1, 10, 58, 185)
        ground = Ground([crowd(START + second * SECOND, 50_000 + second) for second in trades])
        listener = ground.listener()
        await listener.start(["btcusdt@kline_1m"])
        sent = [it for it in await ground.pass_time(START + 190 * SECOND) if isinstance(it, dict)]
        told = [(frame["E"] - AT, (frame["k"]["t"] - AT) // 1000, frame["k"]["x"], frame["k"]["n"]) for frame in sent]
        assert told == [
            (2_000, 0, False, 2),
            (12_000, 0, False, 3),
            (60_000, 0, True, 4),
            (120_000, 60, True, 0),
            (180_000, 120, True, 0),
            (186_000, 180, False, 1),
        ]
        closed = sent[2]["k"]
        assert (closed["o"], closed["c"], closed["h"], closed["l"]) == (
            "50000.00000000",
            "50058.00000000",
            "50058.00000000",
            "50000.00000000",
        )
        assert (closed["T"], closed["f"], closed["L"], closed["i"]) == (AT + 59_999, 1, 4, "1m")

    run(scene())


def test_nothing_is_due_while_nobody_listens() -> None:
    """No topic, no timer: the exchange sleeps until the market's next update."""

    async def scene() -> None:
        ground = Ground([crowd(START, 50_000), crowd(START + MINUTE, 50_001)])
        await ground.begin()
        assert ground.exchange.next_due() == START + MINUTE
        listener = ground.listener()
        await listener.start(["btcusdt@kline_1m"])
        listener.stop()
        await ground.pass_time(START + MINUTE)
        assert ground.exchange.hub.streams.next_beat() > START + 10**6 * MINUTE

    run(scene())


def test_a_quiet_symbol_and_a_name_in_capitals_stay_silent() -> None:
    """Accepted and never heard of again, as at the exchange."""

    async def scene() -> None:
        ground = await Ground().begin()
        listener = ground.listener()
        assert "result" in await ask(listener, "SUBSCRIBE", "nosuch@trade", "BTCUSDT@trade")
        ground.exchange.backend.apply(crowd(START, 50_000))
        assert await ground.frames() == []

    run(scene())


def test_connections_are_pinged_warned_and_closed_after_a_day() -> None:
    """A ping every 20 seconds; a client that never answers is closed after a minute; the others after 24 hours."""

    async def scene() -> None:
        ground = await Ground().begin()
        silent = ground.listener()
        assert await ground.pass_time(START + MINUTE) == [("ping",)] * 3
        assert await ground.pass_time(START + 2 * MINUTE) == [("close", "no pong within 60 s")]
        silent.stop()
        lively = ground.listener(combined=True)
        begun, sent = ground.clock.at, []
        while ground.clock.at < begun + LIFETIME:
            lively.heard(ground.clock.at)
            sent += await ground.pass_time(ground.clock.at + MINUTE // 2)
        assert sent[-1] == ("close", "connections last 24 hours")
        assert sent.count(("ping",)) == 24 * 180 - 1
        (warning,) = [it for it in sent if isinstance(it, dict)]
        assert (warning["stream"], warning["data"]["e"]) == ("!serverShutdown", "serverShutdown")

    run(scene())


def test_a_paused_market_shows_changes_at_once() -> None:
    """Its time stands still, so no beat would come; orders of accounts are still told."""

    async def scene() -> None:
        ground = await Ground().begin()
        listener = ground.listener()
        await listener.start(["btcusdt@depth@100ms", "btcusdt@kline_1m"])
        ground.exchange.time.pause()
        await ground.order(type="MARKET", price=None, timeInForce=None)
        depth, candle = await ground.frames()
        assert depth["a"] == [["50001.00000000", "0.99000000"]]
        assert (candle["k"]["c"], candle["k"]["x"]) == ("50001.00000000", False)

    run(scene())


def test_candles_are_not_lost_when_the_clock_jumps() -> None:
    """A machine that slept for three minutes sends each candle that closed meanwhile."""

    async def scene() -> None:
        ground = await Ground().begin()
        await ground.listener().start(["btcusdt@kline_1m"])
        ground.clock.at = START + 3 * MINUTE + SECOND
        closed = [it for it in await ground.frames() if isinstance(it, dict)]
        assert [(it["k"]["t"] - AT, it["k"]["x"]) for it in closed] == [(0, True), (60_000, True), (120_000, True)]

    run(scene())
