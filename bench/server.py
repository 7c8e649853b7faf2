"""The HTTP server: its health under load, a thousand readers of events, and what its presence costs the trader."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import Final

from tests.clients.servers import TRADER, RunningServer, serving

from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS, Marked
from fairway.journal.sql import SqlJournal, open_journal
from fairway.money.amount import Amount
from fairway.world.clock import SystemClock

RATE: Final = 100
HEALTH_S: Final = 10
READERS: Final = 1_000
EVENTS_S: Final = 15
"""One event a second for so long."""
TOLD: Final = 100
EVERY_S: Final = 0.3
"""So many events, one after the other, are timed from the journal to one of all readers; three times as many as are asked for."""
PAIRS: Final = 2
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_LATENCY: Final = "import json; from bench.latency import rows; print(json.dumps(rows()[0][1]))"


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside it)."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        health = sorted(asyncio.run(_health(server)))
        bare = sorted(asyncio.run(_bare_health()))
        told, used, floor = asyncio.run(_events(server))
        alone, beside = _trader(server)
    return [
        (f"/health at {RATE} requests/s for {HEALTH_S} s, p50", _ms(median(health)), ""),
        ("the same, p99", _ms(_p99(health)), f"at most 20 ms; a bare asyncio server {_ms(_p99(bare))}"),
        (f"journal to event stream, one of {READERS:,} readers at {1 / EVERY_S:.1f} events/s, p50", _ms(median(told)), ""),
        ("the same, p99", _ms(_p99(told)), "at most 200 ms"),
        (
            f"{READERS:,} readers at 1 event/s: share of a core",
            f"{used:.1%}",
            f"at most 20 %; a bare asyncio server {floor:.1%}, ratio {used / floor:.1f}",
        ),
        (
            "candle to order beside a server with these readers, p50",
            _us(median(beside)),
            f"without {_us(median(alone))}, ratio {median(beside) / median(alone):.2f}; at most 1.05",
        ),
    ]


# -- health ------------------------------------------------------------------------------------------------------------


async def _health(server: RunningServer) -> list[float]:
    """Seconds of each request. They begin on time, whether those before were answered or not."""
    return await _asked_at_a_rate(int(server.url.rpartition(":")[2]))


async def _bare_health() -> list[float]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        writer.close()

    bare = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with bare:
        return await _asked_at_a_rate(bare.sockets[0].getsockname()[1])


async def _asked_at_a_rate(port: int) -> list[float]:
    async def ask(at: float) -> float:
        await asyncio.sleep(at - time.perf_counter())
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        await reader.read()
        writer.close()
        return time.perf_counter() - at

    begins_at = time.perf_counter() + 0.1
    return await asyncio.gather(*(ask(begins_at + number / RATE) for number in range(RATE * HEALTH_S)))


# -- events ------------------------------------------------------------------------------------------------------------


async def _events(server: RunningServer) -> tuple[list[float], float, float]:
    """Seconds from the journal to a reader, the share of a core that the server used, and that of a bare one."""
    token = server.client("vic").headers["Authorization"]
    port = int(server.url.rpartition(":")[2])
    head = f"GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n\r\n".encode()
    journal = open_journal(server.folder / "fairway.journal", Codec(*EVENTS), mode="practice", trader=TRADER)
    streams = await _opened(port, head)
    try:
        used = await _share(server.process_id, lambda: _append(journal))
        told = await _latencies(streams[0][0], journal)
    finally:
        _closed(streams)
        journal.close()
    return told, used, await _floor()


async def _opened(port: int, head: bytes) -> list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    streams = []
    for _ in range(READERS):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head)
        await reader.readuntil(b": \n\n")
        streams.append((reader, writer))
    for reader, _ in streams[1:]:
        asyncio.get_running_loop().create_task(_drained(reader))
    return streams


async def _drained(reader: asyncio.StreamReader) -> None:
    while await reader.read(65_536):
        pass


def _closed(streams: Sequence[tuple[asyncio.StreamReader, asyncio.StreamWriter]]) -> None:
    for _, writer in streams:
        writer.close()


def _append(journal: SqlJournal) -> None:
    journal.append([Marked(worth=Amount.of("1000", "USDT"), marks={})], account="tom1", author="trader", at=SystemClock().now())
    journal.sync()


async def _share(process_id: int, act: object) -> float:
    """Of one core, while an event is written each second."""
    assert callable(act)
    before, began = _cpu_s(process_id), time.perf_counter()
    for _ in range(EVENTS_S):
        act()
        await asyncio.sleep(1)
    return (_cpu_s(process_id) - before) / (time.perf_counter() - began)


def _cpu_s(process_id: int) -> float:
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


async def _latencies(reader: asyncio.StreamReader, journal: SqlJournal) -> list[float]:
    """Of one reader among all, from the end of the commit."""
    took = []
    await _emptied(reader)
    for _ in range(TOLD):
        _append(journal)
        committed = time.perf_counter()
        await reader.readuntil(b"\n\n")
        took.append(time.perf_counter() - committed)
        await asyncio.sleep(EVERY_S)
    return took


async def _emptied(reader: asyncio.StreamReader) -> None:
    try:
        async with asyncio.timeout(1):
            await _drained(reader)
    except TimeoutError:
        return


_BARE: Final = """
import asyncio, sys
async def main():
    writers = []
    async def join(reader, writer):
        await reader.readuntil(b"\\r\\n\\r\\n"); writer.write(b"HTTP/1.1 200 OK\\r\\n\\r\\n: \\n\\n"); writers.append(writer)
    server = await asyncio.start_server(join, "127.0.0.1", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    while True:
        await asyncio.sleep(1)
        for writer in writers: writer.write(b"x" * 400)
asyncio.run(main())
"""


async def _floor() -> float:
    """A process that writes as many bytes to as many sockets, and nothing else."""
    bare = await asyncio.create_subprocess_exec(sys.executable, "-c", _BARE, stdout=subprocess.PIPE)
    assert bare.stdout is not None
    try:
        streams = await _opened(int(await bare.stdout.readline()), b"GET / HTTP/1.1\r\n\r\n")
        used = await _share(bare.pid, lambda: None)
        _closed(streams)
        return used
    finally:
        bare.kill()
        await bare.wait()


# -- beside the trader -------------------------------------------------------------------------------------------------


def _trader(server: RunningServer) -> tuple[list[float], list[float]]:
    """Microseconds from a candle to its order, in turns: alone, and beside the server with its readers and their events."""
    alone, beside = [], []
    for _ in range(PAIRS):
        alone.append(_candle_to_order())
        beside.append(asyncio.run(_beside(server)))
    return alone, beside


async def _beside(server: RunningServer) -> float:
    token = server.client("vic").headers["Authorization"]
    head = f"GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n\r\n".encode()
    journal = open_journal(server.folder / "fairway.journal", Codec(*EVENTS), mode="practice", trader=TRADER)
    streams = await _opened(int(server.url.rpartition(":")[2]), head)
    measuring = asyncio.create_task(asyncio.to_thread(_candle_to_order))
    try:
        while not measuring.done():
            _append(journal)
            await asyncio.wait((measuring,), timeout=1)
        return await measuring
    finally:
        _closed(streams)
        journal.close()


def _candle_to_order() -> float:
    ended = subprocess.run([sys.executable, "-c", _LATENCY], stdout=subprocess.PIPE, text=True, check=True)
    return float(json.loads(ended.stdout.splitlines()[-1]).removesuffix(" µs"))


def _p99(took: Sequence[float]) -> float:
    return quantiles(took, n=100)[98]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def _us(microseconds: float) -> str:
    return f"{microseconds:.0f} µs"


if __name__ == "__main__":
    for row in rows():
        print(*row, sep="  |  ")
