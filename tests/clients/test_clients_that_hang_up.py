"""Clients dial a practice exchange that does not answer yet, and hang up: its terminal shows no traceback, and it serves on."""

import json
import os
import signal
import socket
import subprocess
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

from tests.pure.cli.programs import FAIRWAY, PATIENCE_S

UPGRADE = (
    b"GET /ws/btcusdt@trade HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


def dial_and_hang_up(address: tuple[str, int]) -> None:
    with socket.create_connection(address) as client:
        client.sendall(UPGRADE)


def test_whoever_hangs_up_during_a_handshake_is_no_fault(tmp_path: Path) -> None:
    line = [FAIRWAY, "exchange", "serve", "--port", "0", "--json", "--history", "0"]
    told = tmp_path / "told"
    with told.open("w") as err, subprocess.Popen(line, stdout=subprocess.PIPE, stderr=err, text=True) as served:
        try:
            assert served.stdout is not None
            url = json.loads(served.stdout.readline())["url"]
            where = urlsplit(url)
            assert where.hostname is not None
            assert where.port is not None
            for _ in range(5):
                os.kill(served.pid, signal.SIGSTOP)
                for _ in range(20):
                    dial_and_hang_up((where.hostname, where.port))
                os.kill(served.pid, signal.SIGCONT)
                with urlopen(f"{url}/api/v3/time", timeout=PATIENCE_S) as answer:
                    assert answer.status == 200
            served.terminate()
            served.wait(PATIENCE_S)
        finally:
            served.kill()
    assert told.read_text() == "fairway: stopped by SIGTERM\n"
