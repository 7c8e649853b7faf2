"""`fairway up` in real time: everything from an empty directory, each process killed again and again, and safe mode.

What became of orders and positions is asked of the exchange, which is one of the processes that are killed.
"""

import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from tests.clients.served import Account, Served
from tests.prove.size import IS_WHOLE
from tests.pure.cli.programs import FAIRWAY, PATIENCE_S

from fairway.cli.exits import ExitCode
from fairway.settings import load

LOOKS_EVERY_S = 1.0
"""Few enough looks for the exchange's limit of requests, which the trader shares."""
KILLS = 20 if IS_WHOLE else 6
FAST = {"interval: 1m": "interval: 1s", "bars_max: 30": "bars_max: 10000", "_ranges: 8": "_ranges: 20"}
"""Candles of a second, so that a test waits seconds for a trade; it is held to the end, for its stop is far away."""
NAMES = ("exchange", "trader", "pilot", "server")


@dataclass
class System:
    """A system that is up, in a directory of its own."""

    folder: Path
    process: "subprocess.Popen[bytes]"

    @property
    def text(self) -> str:
        return (self.folder / "up.log").read_text()

    def until(self, done: Callable[[], object], what: str, within_s: float = PATIENCE_S) -> None:
        ends_at = time.monotonic() + within_s
        while not done():
            assert self.process.poll() is None, f"it ended while a test waited until {what}:\n{self.text}"
            assert time.monotonic() < ends_at, f"not within {within_s:g} s: {what}\n{self.text[-4000:]}"
            time.sleep(LOOKS_EVERY_S)

    def status(self) -> dict[str, Any]:
        """Of `fairway up status --json`: the code, and what it shows."""
        ended = fairway("up", "status", "--json", folder=self.folder)
        return {"code": ended.returncode, **json.loads(ended.stdout)}

    def child(self, name: str) -> dict[str, Any]:
        found = {each["name"]: each for each in self.status()["children"]}
        return dict(found[name])

    def is_well(self) -> bool:
        return bool(self.status()["code"] == ExitCode.OK)

    def health(self) -> tuple[int, dict[str, Any]]:
        """What the server answers: the code, and each part's state."""
        port = load(self.folder / "fairway.yaml").up.server
        try:
            with urlopen(f"http://127.0.0.1:{port}/health", timeout=PATIENCE_S) as answer:
                return answer.status, json.loads(answer.read())
        except HTTPError as error:
            return error.code, json.loads(error.read())

    def exchange(self) -> tuple[Served, Account]:
        settings = load(self.folder / "fairway.yaml")
        assert settings.venue.key is not None
        assert settings.venue.secret is not None
        url = str(settings.venue.url)
        account = Account(settings.account, settings.venue.key.reveal(), settings.venue.secret.reveal())
        return Served(url, url.replace("http", "ws"), "", 0), account

    def holdings(self) -> dict[str, float]:
        """What the exchange says that the account has of each coin, in parts of it."""
        served, account = self.exchange()
        balances = served.signed(account, "/api/v3/account")["balances"]
        return {each["asset"]: float(each["free"]) + float(each["locked"]) for each in balances if each["asset"] != "USDT"}

    def unprotected(self) -> dict[str, bool]:
        """Coins of which the account holds enough for an order, by the exchange: whether stops cover all but dust."""
        served, account = self.exchange()
        stops: dict[str, float] = {}
        for order in (each for pair in PAIRS for each in served.signed(account, "/api/v3/openOrders", f"symbol={pair}")):
            if order["side"] == "SELL" and order["type"].startswith("STOP"):
                coin = order["symbol"].removesuffix("USDT")
                stops[coin] = stops.get(coin, 0.0) + float(order["origQty"]) - float(order["executedQty"])
        held = {coin: quantity for coin, quantity in self.holdings().items() if quantity > DUST[coin]}
        return {coin: quantity - stops.get(coin, 0.0) > DUST[coin] for coin, quantity in held.items()}

    def naked(self) -> list[str]:
        return [coin for coin, is_naked in self.unprotected().items() if is_naked]

    def is_protected(self) -> bool:
        """Whether something is held, and all of it under a stop."""
        found = self.unprotected()
        return bool(found) and not any(found.values())


PAIRS = ("BTCUSDT", "ETHUSDT", "SOLUSDT")
DUST = {"BTC": 0.00009, "ETH": 0.0017, "SOL": 0.035}
"""Five dollars or less of each, which no order can sell."""


def fairway(*words: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([FAIRWAY, *words], cwd=folder, capture_output=True, text=True, timeout=PATIENCE_S, check=False)


def begun(folder: Path, *options: str) -> System:
    with open(folder / "up.log", "ab") as log:
        process = subprocess.Popen([FAIRWAY, "up", *options], cwd=folder, stdout=log, stderr=log)
    return System(folder, process)


def files_made(folder: Path, **changes: str) -> None:
    """A practice system whose candles are fast, not started."""
    up = begun(folder, "--practice", "--print-systemd")
    assert up.process.wait(PATIENCE_S) == 0, up.text
    config = folder / "fairway.yaml"
    text = config.read_text()
    for old, new in {**FAST, **changes}.items():
        assert old in text
        text = text.replace(old, new)
    config.write_text(text)


@pytest.fixture
def system(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[System]:
    files_made(tmp_path, **getattr(request, "param", {}))
    up = begun(tmp_path)
    try:
        up.until(up.is_well, "all is ready")
        yield up
    finally:
        up.process.send_signal(signal.SIGTERM)
        up.process.wait(PATIENCE_S)


def test_an_empty_directory_is_up_within_fifteen_seconds_and_stops_in_order(tmp_path: Path) -> None:
    began = time.monotonic()
    up = begun(tmp_path, "--practice")
    up.until(lambda: (tmp_path / "fairway.journal.up").exists() and up.is_well(), "all is ready")
    took_s = time.monotonic() - began
    code, health = up.health()
    assert (code, health["status"], set(health["components"])) == (200, "healthy", {"journal", "trader", "pilot", "processes"})
    second = fairway("up", folder=tmp_path)
    assert (second.returncode, "is up already" in second.stderr) == (ExitCode.JOURNAL_IN_USE, True)
    up.process.send_signal(signal.SIGINT)
    assert up.process.wait(PATIENCE_S) == ExitCode.INTERRUPTED
    stopped = [line for line in up.text.splitlines() if "| stopping " in line]
    assert stopped == [f"fairway  | stopping {name}" for name in reversed(NAMES)]
    assert fairway("up", "status", folder=tmp_path).returncode == ExitCode.NO
    print(f"ready in {took_s:.1f} s")


@pytest.mark.parametrize("system", [{"up:\n": "up:\n  crashes: 1000\n"}], indirect=True)
def test_killed_processes_come_back_and_positions_stay_protected(system: System) -> None:
    chance = random.Random(1)
    system.until(system.is_protected, "a first position is held and protected")
    for number in range(KILLS):
        name = chance.choice(NAMES) if number >= len(NAMES) else NAMES[number]
        before = system.child(name)
        os.kill(before["process_id"], signal.SIGKILL)
        system.until(lambda name=name, before=before: system.child(name)["crashes"] > before["crashes"], f"{name} is dead")  # type: ignore[misc]
        system.until(system.is_well, f"{name} is back")
        system.until(system.is_protected, f"what is held after the kill of {name} is protected")
    assert fairway("pause", "fairway.yaml", "--reason", "the test is over", folder=system.folder).returncode == 0
    system.until(lambda: not system.naked(), "nothing is without a stop")
    reconciled = fairway("reconcile", folder=system.folder)
    assert reconciled.returncode == 0, reconciled.stdout + reconciled.stderr
    verified = fairway("journal", "verify", "fairway.journal", folder=system.folder)
    assert verified.returncode == 0, verified.stdout + verified.stderr


@pytest.mark.parametrize("system", [{"up:\n": "up:\n  crashes: 1\n"}], indirect=True)
def test_a_spent_budget_ends_in_safe_mode_as_the_exchange_shows(system: System) -> None:
    system.until(system.is_protected, "a first position is held and protected")
    for crashes in range(2):
        os.kill(system.child("pilot")["process_id"], signal.SIGKILL)
        system.until(lambda crashes=crashes: system.child("pilot")["crashes"] > crashes, "the pilot is dead")  # type: ignore[misc]
        system.until(lambda: system.is_well() or system.status()["safe_mode"], "it is back, or given up")
    system.until(lambda: "paused by fairway up: safe mode: pilot crashed 2 times" in system.text, "the trader obeys")
    assert system.status()["code"] == ExitCode.NO
    code, health = system.health()
    assert code == 503
    assert health["components"]["processes"]["why"] == "safe mode: pilot crashed 2 times in 600 s"
    assert "SAFE MODE: pilot crashed 2 times" in fairway("up", "status", folder=system.folder).stdout
    assert not system.naked()
    bought = buys(system)
    time.sleep(8)  # in which it would have bought twice
    assert buys(system) == bought
    assert not system.naked()


def buys(system: System) -> int:
    """Orders to buy that the exchange has seen."""
    served, account = system.exchange()
    orders = [order for pair in PAIRS for order in served.signed(account, "/api/v3/allOrders", f"symbol={pair}")]
    return sum(order["side"] == "BUY" for order in orders)


def test_children_end_with_their_supervisor(system: System) -> None:
    system.until(lambda: "protected: stop" in system.text, "the trader holds a position")
    children = [system.child(name)["process_id"] for name in NAMES]
    system.process.kill()
    system.process.wait()
    ends_at = time.monotonic() + PATIENCE_S
    while any(is_alive(child) for child in children):
        assert time.monotonic() < ends_at, children
        time.sleep(0.05)
    assert "TraderStopped" in fairway("journal", "show", "fairway.journal", folder=system.folder).stdout


def is_alive(process_id: int) -> bool:
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_directory_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "fairway.journal").write_text("mine")
    ended = fairway("up", "--practice", folder=tmp_path)
    assert ended.returncode == ExitCode.SETTINGS
    assert "holds fairway.journal and no fairway.yaml" in ended.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["fairway.journal"]
