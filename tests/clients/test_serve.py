"""`fairway exchange serve` as people start it: what it prints, what it replays, and how it says what is wrong."""

import asyncio
import gzip
import json
import re
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import aiohttp
import pytest
from tests.clients.served import Served, serving
from tests.pure.cli.programs import BOUND_S, PATIENCE_S, Ended, started, stopped
from tests.shared_data import BTC_FRAMES, BTC_MINUTES, ETH_FIVES, needs_shared_data

RIGHT = "a right one is 3h, and there are s, m, h, d and w; see fairway exchange serve --help"
FAIRWAY = str(Path(sys.executable).with_name("fairway"))


def fail(*arguments: str) -> tuple[int, str]:
    """Exit code and the one sentence of a start that fails."""
    done = subprocess.run(
        [FAIRWAY, "exchange", "serve", *arguments], capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    return done.returncode, done.stderr


def test_mistakes_are_told_in_one_sentence_with_their_exit_code(tmp_path: Path) -> None:
    """A port in use, a bad account, a missing or broken data file, a bad script, a port that is none."""
    broken = tmp_path / "BTCUSDT-1m.csv"
    broken.write_text("this is no candle\n")
    script = tmp_path / "script.json"
    script.write_text('[{"name": "earthquake"}]')
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = str(other.getsockname()[1])
        code, told = fail("--port", taken, "--history", "0.01")
        assert (code, f"cannot listen on 127.0.0.1 port {taken}: address already in use; choose" in told) == (12, True)
    for hours in ("nan", "-1", "169"):
        told = f"fairway: Invalid value for --history: '{hours}' is no duration of up to 7d; {RIGHT}\n"
        assert fail("--history", hours) == (2, told)
    mistakes = (
        (("--account", "alice"), 2, "a right one is alice:USDT=10000,BTC=1"),
        (("--account", "alice:USDT=many"), 2, "'many' is not an amount"),
        (("--port", "70000"), 2, "70000"),
        (("--host", "203.0.113.1"), 12, "203.0.113.1"),
        (("--host", "no.such.host.invalid"), 12, "no.such.host.invalid"),
        (("--data", str(tmp_path / "none.csv")), 4, "none.csv"),
        (("--data", str(broken)), 4, "BTCUSDT-1m.csv"),
        (("--script", str(tmp_path / "none.json")), 3, "none.json cannot be read: No such file"),
        (("--script", str(script)), 3, "there is no fault 'earthquake'"),
    )
    with ThreadPoolExecutor(4) as starts:
        ends = starts.map(lambda mistake: fail("--history", "0.01", *mistake[0]), mistakes)
        for (_, expected, words), (code, told) in zip(mistakes, ends, strict=True):
            assert (code, words in told) == (expected, True), told


def test_people_are_told_where_it_listens_and_with_which_keys() -> None:
    """Without --json; the same seed gives the same keys."""
    keys = []
    for _ in range(2):
        command = [FAIRWAY, "exchange", "serve", "--port", "0", "--history", "0.01", "--seed", "5", "--account", "alice:USDT=1"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(5)]
            process.terminate()
        assert "http://127.0.0.1:" in lines[0]
        assert lines[2] == "account alice\n"
        keys.append(lines[3:5])
    assert keys[0] == keys[1]


@needs_shared_data
def test_people_are_told_when_the_market_of_their_files_ends() -> None:
    """Of each pair; a made-up one goes on for a year, and nothing is said."""
    process = started("exchange", "serve", "--port", "0", "--data", str(BTC_FRAMES), "--history", "0.05")
    assert process.stdout is not None
    told = [process.stdout.readline() for _ in range(2)][1]
    assert re.fullmatch(
        r"The market of the files goes on until \d{4}-\d\d-\d\d \d\d:\d\d UTC \(BTCUSDT\); then it stands still.\n", told
    )
    assert stopped(process).err == "fairway: stopped by Ctrl-C\n"


def _rows(path: Path) -> list[list[str]]:
    with gzip.open(path, "rt") as lines:
        return [line.split(",") for line in lines]


@needs_shared_data
def test_candles_are_replayed_on_the_present_to_the_digit() -> None:
    """The file's candles are served with its own figures, moved by whole hours to now."""
    with serving("--data", str(BTC_MINUTES), "--history", "2") as it:

        async def main() -> None:
            async with aiohttp.ClientSession(it.url) as session:
                now = (await (await session.get("/api/v3/time")).json())["serverTime"]
                answer = await session.get("/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=1000")
                rows = await answer.json()
            assert abs(now - rows[-1][0]) <= 120_000
            assert len(rows) >= 119
            given = _rows(BTC_MINUTES)
            assert [row[1:6] for row in rows[:100]] == [[f"{Decimal(cell):.8f}" for cell in row[1:6]] for row in given[:100]]
            moved = {row[0] - int(before[0]) for row, before in zip(rows[:100], given, strict=False)}
            assert len(moved) == 1
            assert moved.pop() % 3_600_000 == 0

        asyncio.run(main())


@needs_shared_data
def test_recorded_frames_are_replayed_on_the_present() -> None:
    """The recorded book is there, and trades come."""
    with serving("--data", str(BTC_FRAMES), "--history", "0.05") as it:

        async def main() -> None:
            async with aiohttp.ClientSession() as session:
                book = await (await session.get(f"{it.url}/api/v3/depth?symbol=BTCUSDT&limit=5")).json()
                assert float(book["bids"][0][0]) == pytest.approx(61_800, rel=0.05)
                async with session.ws_connect(f"{it.ws}/ws/btcusdt@trade") as stream:
                    assert json.loads(await stream.receive_str(timeout=PATIENCE_S))["e"] == "trade"

        asyncio.run(main())


@needs_shared_data
@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ("bookTicker", "no changes of the book: the best price of each side is shown, 28040 of them"),
        ("depth", "no depth snapshot: the book grows from 3"),
        ("trade", "trades and no book: the depth around them is made up"),
    ],
)
def test_a_recording_without_a_depth_snapshot_is_a_market_all_the_same(kept: str, told: str, tmp_path: Path) -> None:
    """From what it holds; what it lacks is told at the start, and the default --history does not end it."""
    part = tmp_path / "btcusdt.jsonl"
    with gzip.open(BTC_FRAMES, "rt") as lines:
        part.write_text("".join(line for line in lines if f'"btcusdt@{kept}' in line[:50]))
    process = started("exchange", "serve", "--port", "0", "--json", "--data", str(part))
    assert process.stdout is not None
    url = json.loads(process.stdout.readline())["url"]

    async def main() -> None:
        async with aiohttp.ClientSession(url) as session:
            book = await (await session.get("/api/v3/ticker/bookTicker?symbol=BTCUSDT")).json()
            assert float(book["bidPrice"]) == pytest.approx(61_800, rel=0.02)
            assert float(book["bidPrice"]) < float(book["askPrice"])
            assert (await (await session.get("/practice")).json())["market_ended"] is False

    asyncio.run(main())
    ended = stopped(process)
    notes = ended.err.splitlines()[:-1]
    assert len(notes) == 2
    assert told in notes[0]
    assert "--history 3 would leave too little" in notes[1]


@needs_shared_data
def test_files_of_different_years_are_all_traded_now(tmp_path: Path) -> None:
    """One of 2018 and one of 2022: neither has ended, and none waits four years for its first trade."""
    process = started("exchange", "serve", "--port", "0", "--json", "--data", str(BTC_MINUTES), "--data", str(ETH_FIVES))
    assert process.stdout is not None
    url = json.loads(process.stdout.readline())["url"]

    async def main() -> None:
        async with aiohttp.ClientSession(url) as session:
            now = (await (await session.get("/api/v3/time")).json())["serverTime"]
            for symbol in ("BTCUSDT", "ETHBTC"):
                rows = await (await session.get(f"/api/v3/klines?symbol={symbol}&interval=5m&limit=1000")).json()
                assert len(rows) >= 36
                assert 0 <= now - rows[-1][0] <= 600_000
                assert sum(float(row[5]) for row in rows[-7:]) > 0
            assert (await (await session.get("/practice")).json())["market_ended"] is False

    asyncio.run(main())
    assert "the files share too little time" in stopped(process).err


def test_a_snapshot_alone_is_no_market(tmp_path: Path) -> None:
    """Told in one sentence, with what would be one."""
    alone = tmp_path / "btcusdt.jsonl"
    alone.write_text('1723161254087891268 {"lastUpdateId":7,"bids":[["1","1"]],"asks":[["2","1"]]}\n')
    code, told = fail("--data", str(alone))
    assert (code, "does not move" in told, "depth@100ms" in told) == (4, True, True)


def test_a_client_that_is_too_fast_is_disconnected(served: Served) -> None:
    """Six messages in a second close the connection, with a reason."""

    async def main() -> None:
        async with aiohttp.ClientSession() as session, session.ws_connect(f"{served.ws}/stream?streams=btcusdt@trade") as stream:
            for number in range(6):
                await stream.send_json({"method": "LIST_SUBSCRIPTIONS", "id": number})
            messages = [message async for message in stream]
            assert len([it for it in messages if "result" in it.json()]) == 5
            assert stream.close_code == 1008

    asyncio.run(main())


def test_pings_of_clients_are_answered_and_frames_of_any_size_arrive(served: Served) -> None:
    """A pong with the ping's payload; an answer of more than 64 KiB is one whole frame."""

    async def main() -> None:
        async with aiohttp.ClientSession() as session:
            async with session.ws_connect(f"{served.ws}/ws", autoping=False) as stream:
                await stream.ping(b"are you there")
                pong = await stream.receive(timeout=PATIENCE_S)
                assert (pong.type, bytes(pong.data)) == (aiohttp.WSMsgType.PONG, b"are you there")
            async with session.ws_connect(served.ws_api, max_msg_size=0) as api:
                request = {"id": 1, "method": "klines", "params": {"symbol": "BTCUSDT", "interval": "1s", "limit": 700}}
                await api.send_json(request)
                answer = await api.receive_str(timeout=PATIENCE_S)
                assert len(answer) > 65_536
                assert len(json.loads(answer)["result"]) >= 600

    asyncio.run(main())


def test_a_page_of_another_origin_cannot_open_an_account(served: Served) -> None:
    """As a browser sends it for a page that a person looks at; the same without a page is a program, and is obeyed."""

    async def main() -> None:
        async with aiohttp.ClientSession(served.url) as session:
            for headers, status in (({"Origin": "https://evil.example"}, 403), ({"Host": "evil.example:9100"}, 403), ({}, 200)):
                wish = {"name": f"page {status} {len(headers)}"}
                async with session.post("/practice/accounts", json=wish, headers=headers) as answer:
                    assert answer.status == status
            names = (await (await session.get("/practice")).json())["accounts"]
        assert [name for name in names if name.startswith("page ")] == ["page 200 0"]

    asyncio.run(main())


def test_the_old_listen_key_is_gone(served: Served) -> None:
    """410 for each of its three requests."""

    async def main() -> None:
        async with aiohttp.ClientSession(served.url) as session:
            for method in ("POST", "PUT", "DELETE"):
                async with session.request(method, "/api/v3/userDataStream", headers={"X-MBX-APIKEY": "x"}) as answer:
                    assert answer.status == 410

    asyncio.run(main())


STOPS = pytest.mark.parametrize(("by", "code", "word"), [(signal.SIGINT, 130, "Ctrl-C"), (signal.SIGTERM, 143, "SIGTERM")])


@STOPS
def test_it_stops_at_once_and_tells_its_clients(by: signal.Signals, code: int, word: str) -> None:
    """Open connections are closed with 1001; a service manager is told as much as a person is."""

    async def main(process: "subprocess.Popen[str]", ws: str) -> None:
        async with aiohttp.ClientSession() as session, session.ws_connect(f"{ws}/ws/btcusdt@trade") as stream:
            await stream.receive_str(timeout=PATIENCE_S)
            process.send_signal(by)
            assert [it async for it in stream if it.type is not aiohttp.WSMsgType.TEXT] == []
            assert stream.close_code == 1001

    process = started("exchange", "serve", "--port", "0", "--json", "--history", "0.01")
    assert process.stdout is not None
    asyncio.run(main(process, json.loads(process.stdout.readline())["ws"]))
    ended = stopped(process, by=by)
    assert (ended.code, ended.err) == (code, f"fairway: stopped by {word}\n")


@STOPS
def test_it_does_not_wait_for_requests_that_are_held_up(by: signal.Signals, code: int, word: str) -> None:
    """Faults may hold an answer back for longer than a person waits."""
    process = started("exchange", "serve", "--port", "0", "--json", "--history", "0.01")
    assert process.stdout is not None
    url = json.loads(process.stdout.readline())["url"]

    async def main() -> Ended:
        async with aiohttp.ClientSession(url) as session:
            late = {"name": "latency", "options": {"before_ms": 20_000}}
            await (await session.post("/practice/faults", json=late)).read()
            asked = asyncio.create_task(session.get("/api/v3/time").__aenter__())
            await asyncio.sleep(0.3)  # the request is there; it will not be answered in this time
            ended = await asyncio.to_thread(stopped, process, by=by)
            await asyncio.wait([asked])
            assert isinstance(asked.exception(), aiohttp.ClientError)
            return ended

    ended = asyncio.run(main())
    assert ended.took_s < BOUND_S
    assert (ended.code, ended.err) == (code, f"fairway: stopped by {word}\n")


@pytest.mark.parametrize("after_s", [0.1, 0.4, 0.8, 1.5, 2.5])
def test_ctrl_c_does_not_wait_for_a_long_history(after_s: float) -> None:
    """Most of a minute of work, and nobody listens yet."""
    ended = stopped(started("exchange", "serve", "--port", "0", "--history", "160"), after_s=after_s)
    assert ended.took_s < BOUND_S
    assert (ended.code, ended.out, ended.err) == (130, "", "fairway: stopped by Ctrl-C\n")


def test_the_log_follows_an_order_and_holds_no_key_and_no_secret(tmp_path: Path) -> None:
    log = tmp_path / "exchange.log"
    options = ("--history", "0.01", "--seed", "1", "--log", str(log), "--log-level", "debug")
    with serving(*options) as served:
        account = served.account()
        served.order(account, "my-order-1")
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    followed = [line["event"] for line in lines if line.get("order_id") == "my-order-1"]
    assert followed == ["request", "order_accepted"]
    assert {line["process"] for line in lines} == {"exchange"}
    assert (lines[0]["event"], lines[-1]["event"]) == ("account_opened", "process_stopped")
    assert account.key not in log.read_text()
    assert account.secret not in log.read_text()
