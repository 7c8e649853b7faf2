"""A whole practice system in a directory of its own, as `fairway up` runs it, with candles of a second; and who signs in."""

import json
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.clients.served import Account, Served
from tests.pure.cli.programs import FAIRWAY, PATIENCE_S

from fairway.cli.exits import ExitCode
from fairway.settings import load

LOOKS_EVERY_S = 1.0
"""Few enough looks for the exchange's limit of requests, which the trader shares."""
FAST = {
    "interval: 1m": "interval: 1s",
    "bars_max: 30": "bars_max: 10000",
    "_ranges: 8": "_ranges: 20",
    "requests: 600": "requests: 100000",
}
"""Candles of a second, so that a test waits seconds for a trade; it is held to the end, for its stop is far away."""
NAMES = ("exchange", "trader", "pilot", "alerting", "server")


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
        return asked(f"{self.url}/health")

    @property
    def url(self) -> str:
        """Of the server."""
        server = load(self.folder / "fairway.yaml").server
        assert server is not None
        return f"http://127.0.0.1:{server.port}"

    @property
    def one_time_password(self) -> str:
        """The newest that was printed."""
        return str(re.findall(r"for one sign-in:  (\S+)", self.text)[-1])

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
    text = _on_own_ports(config.read_text())
    for old, new in {**FAST, **changes}.items():
        assert old in text
        text = text.replace(old, new)
    config.write_text(text)


def _on_own_ports(text: str) -> str:
    """Several systems are made at the same time, and each would find the usual ports free."""
    for port in re.findall(r"^  +(?:port|url): (?:http://127\.0\.0\.1:)?(\d+)", text, re.MULTILINE)[1:]:
        text = re.sub(rf"\b{port}\b", str(free_port()), text)
    return text


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def reached_at_two_addresses(folder: Path) -> None:
    """The exchange of a practice system, which does not run yet, has a second address: its machine's name."""
    config = folder / "fairway.yaml"
    text, found = re.subn(
        r"^  url: http://127\.0\.0\.1:(\d+)$",
        r"\g<0>\n  fallbacks: [http://localhost:\1]",
        config.read_text(),
        flags=re.MULTILINE,
    )
    assert found == 1, text
    config.write_text(text)


@contextmanager
def running(folder: Path, **changes: str) -> Iterator[System]:
    """A practice system whose candles are fast, up and ready."""
    files_made(folder, **changes)
    with up_in(folder) as up:
        yield up


@contextmanager
def up_in(folder: Path) -> Iterator[System]:
    """The practice system whose files are in a folder, up and ready."""
    up = begun(folder, "--practice")
    try:
        up.until(up.is_well, "all is ready")
        yield up
    finally:
        up.process.send_signal(signal.SIGTERM)
        up.process.wait(PATIENCE_S)


PASSWORD = "four unrelated words here"


@dataclass
class Client:
    """A program that has signed in."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> tuple[int, Any]:
        return asked(f"{self.url}{path}", headers={**self.headers, **headers})

    def post(self, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        return asked(f"{self.url}{path}", body={} if body is None else body, headers={**self.headers, **headers})

    def delete(self, path: str) -> tuple[int, Any]:
        return asked(f"{self.url}{path}", headers=self.headers, method="DELETE")

    def done(self, operation: str, body: object) -> Any:
        """The end of a command, which is waited for."""
        code, status = self.post(f"/api/v1/commands/{operation}", body, Prefer="wait=20")
        assert code == 200, status
        return status


def signed_in(url: str, user: str, password: str) -> Client:
    code, tokens = asked(f"{url}/api/v1/token", body={"user": user, "password": password})
    assert code == 200, tokens
    return Client(url, {"Authorization": f"Bearer {tokens['access_token']}"})


def first_signed_in(system: System) -> Client:
    """The admin, who has set PASSWORD with the password for one sign-in."""
    code, told = signed_in(system.url, "me", system.one_time_password).post("/api/v1/password", {"password": PASSWORD})
    assert code == 200, told
    return signed_in(system.url, "me", PASSWORD)


def asked(url: str, *, body: object = None, headers: dict[str, str] | None = None, method: str | None = None) -> tuple[int, Any]:
    """The status, and what was answered: JSON, or text."""
    data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    request = Request(url, data=data, method=method, headers={"Content-Type": "application/json", **(headers or {})})
    try:
        with urlopen(request, timeout=PATIENCE_S) as answer:
            return answer.status, _read(answer.read())
    except HTTPError as error:
        return error.code, _read(error.read())


def _read(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return content.decode()
