"""`fairway server`: each part's health over HTTP, from a process that only reads."""

import json
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from tests.pure.cli.programs import PATIENCE_S, read_until, started

from fairway.cli.exits import ExitCode

CONFIG = """
mode: practice
account: main
venue: {exchange: binance, url: "http://127.0.0.1:9", key: env:TEST_KEY, secret: env:TEST_SECRET}
symbols: [BTC/USDT]
strategy: {name: periodic}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Its address. It ends by SIGTERM, with that code."""
    port = free_port()
    running = started("server", folder / "fairway.yaml", "--port", str(port))
    try:
        read_until(running, "server listens")
        yield f"http://127.0.0.1:{port}"
    finally:
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=PATIENCE_S)
    assert running.returncode == ExitCode.TERMINATED


def asked(address: str) -> tuple[int, Any]:
    try:
        with urlopen(address, timeout=PATIENCE_S) as answer:
            return answer.status, json.loads(answer.read())
    except HTTPError as error:
        return error.code, json.loads(error.read())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "fairway.yaml").write_text(CONFIG)
    return tmp_path


def test_a_system_without_a_trader_is_alive_and_neither_ready_nor_healthy(folder: Path) -> None:
    with serving(folder) as url:
        assert asked(f"{url}/live") == (200, {"status": "alive"})
        code, ready = asked(f"{url}/ready")
        assert (code, ready["is_ready"]) == (503, False)
        assert "no journal exists yet" in ready["why"]
        code, health = asked(f"{url}/health")
        assert (code, health["status"]) == (503, "unhealthy")
        assert health["components"]["trader"]["status"] == "failed"
        assert "fairway run" in health["components"]["trader"]["why"]
        assert asked(f"{url}/api/v1/health/")[0] == 503
        assert asked(f"{url}/nothing")[0] == 404
        assert asked(f"{url}/openapi.json")[1]["openapi"].startswith("3.1")
    assert [each.name for each in folder.iterdir()] == ["fairway.yaml"], "it writes nothing"


def test_a_host_that_others_reach_is_refused(folder: Path) -> None:
    for host in ("0.0.0.0", "::", "192.0.2.1", "example"):
        ended = started("server", folder / "fairway.yaml", "--host", host)
        _, words = ended.communicate(timeout=PATIENCE_S)
        assert (ended.returncode, f"--host {host} can be reached" in words) == (ExitCode.USAGE, True)


def test_a_port_in_use_is_one_sentence(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        ended = started("server", folder / "fairway.yaml", "--port", str(other.getsockname()[1]))
        _, words = ended.communicate(timeout=PATIENCE_S)
    assert ended.returncode == ExitCode.PORT_IN_USE
    assert words.count("\n") == 1
