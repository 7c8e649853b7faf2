"""Events over HTTP: resumed without a gap, and a reader that does not read is dropped while others are served."""

import json
import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.clients.servers import TRADER, RunningServer, serving
from tests.clients.systems import Client
from tests.pure.cli.programs import PATIENCE_S

from fairway.api.events.event_reader import SEND_WITHIN_S
from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS, Marked
from fairway.journal.sql import SqlJournal, open_journal
from fairway.money.amount import Amount
from fairway.world.clock import SystemClock

MANY = 60_000
"""Events of together more than the buffers of both ends of a connection hold."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with serving(tmp_path_factory.mktemp("events")) as running:
        yield running


@pytest.fixture
def journal(server: RunningServer) -> Iterator[SqlJournal]:
    path = server.folder / "fairway.journal"
    with closing(open_journal(path, Codec(*EVENTS), mode="practice", trader=TRADER, synchronous="OFF")) as opened:
        yield opened


def written(journal: SqlJournal, count: int) -> None:
    marked = Marked(worth=Amount.of("1000", "USDT"), marks={})
    for start in range(0, count, 5_000):
        events = [marked] * min(5_000, count - start)
        journal.append(events, account="tom1", author="trader", at=SystemClock().now())
        journal.sync()


def numbers(client: Client, path: str, count: int, **headers: str) -> list[int]:
    """Of the first events of a stream."""
    request = urllib.request.Request(f"{client.url}{path}", headers={**client.headers, **headers})
    found: list[int] = []
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
        while len(found) < count:
            line = answer.readline()
            assert line, f"it ended after {len(found)} events"
            if line.startswith(b"data: "):
                found.append(json.loads(line[6:])["seq"])
    return found


def test_a_reader_goes_on_where_it_was(server: RunningServer, journal: SqlJournal) -> None:
    """Also from before what the server keeps in memory; by number, or as a browser says it."""
    client = server.client("vic")
    written(journal, 20)
    first = numbers(client, "/api/v1/events?after=0", 10)
    written(journal, 20)
    assert numbers(client, f"/api/v1/events?after={first[-1]}", 20) == list(range(first[-1] + 1, first[-1] + 21))
    assert numbers(client, "/api/v1/events", 5, **{"Last-Event-ID": str(first[-1])}) == list(range(first[-1] + 1, first[-1] + 6))


def test_a_reader_that_does_not_read_is_dropped_and_others_are_served(server: RunningServer, journal: SqlJournal) -> None:
    client = server.client("vic")
    written(journal, MANY)
    host, port = server.url.partition("//")[2].split(":")
    with socket.socket() as lazy:
        lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        lazy.connect((host, int(port)))
        head = f"GET /api/v1/events?after=0 HTTP/1.1\r\nHost: x\r\nAuthorization: {client.headers['Authorization']}\r\n\r\n"
        lazy.sendall(head.encode())
        began = time.monotonic()
        assert numbers(client, "/api/v1/events?after=0", 1_000) == list(range(1, 1_001))
        assert time.monotonic() - began < SEND_WITHIN_S, "it waited for the lazy one"
        time.sleep(max(0.0, began + SEND_WITHIN_S + 3 - time.monotonic()))
        lazy.settimeout(PATIENCE_S)
        taken = 0
        try:
            while chunk := lazy.recv(1 << 20):
                taken += len(chunk)
        except ConnectionResetError:
            pass
    size = Path(server.folder / "fairway.journal").stat().st_size
    assert taken < MANY * 200, f"all was sent: {taken} bytes of a journal of {size}"
    assert client.get("/live")[0] == 200
