"""`fairway server`: each part's health over HTTP, from a process that only reads."""

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.clients.systems import asked, free_port
from tests.pure.cli.programs import PATIENCE_S, read_until, started

from fairway.cli.exits import ExitCode

CONFIG = """
mode: practice
account: main
venue: {exchange: binance, url: "http://127.0.0.1:9", key: env:TEST_KEY, secret: env:TEST_SECRET}
symbols: [BTC/USDT]
strategy: {name: periodic}
"""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Its address. It ends by SIGTERM, with that code."""
    port = free_port()
    with (folder / "fairway.yaml").open("a") as file:
        file.write(f"server: {{port: {port}}}\n")
    running = started("server", folder / "fairway.yaml")
    try:
        read_until(running, "server listens")
        yield f"http://127.0.0.1:{port}"
    finally:
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=PATIENCE_S)
    assert running.returncode == ExitCode.TERMINATED


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
    written = {each.name for each in folder.iterdir()}
    assert written == {"fairway.yaml", "fairway.journal.server", "fairway.journal.server.lock"}, "it writes its own journal only"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_a_host_that_others_reach_needs_tls_or_a_stated_proxy(folder: Path, host: str) -> None:
    with (folder / "fairway.yaml").open("a") as file:
        file.write(f'server: {{host: "{host}"}}\n')
    ended = started("server", folder / "fairway.yaml")
    _, words = ended.communicate(timeout=PATIENCE_S)
    assert (ended.returncode, f"server.host: {host} can be reached from other machines" in words) == (ExitCode.SETTINGS, True), (
        words
    )


def test_a_port_in_use_is_one_sentence(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with (folder / "fairway.yaml").open("a") as file:
            file.write(f"server: {{port: {other.getsockname()[1]}}}\n")
        ended = started("server", folder / "fairway.yaml")
        _, words = ended.communicate(timeout=PATIENCE_S)
    assert ended.returncode == ExitCode.PORT_IN_USE
    assert words.count("\n") == 1
