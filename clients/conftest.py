"""A practice exchange in a process of its own, for clients in environments of theirs: nothing of Fairway is imported."""

import hashlib
import hmac
import json
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

FAIRWAY = os.environ.get("FAIRWAY", str(Path(__file__).parents[1] / ".venv" / "bin" / "fairway"))
PATIENCE_S = 120
_NAMES = count(1)


@dataclass(frozen=True)
class Account:
    name: str
    key: str
    secret: str


@dataclass(frozen=True)
class Served:
    """Where it listens."""

    url: str
    ws: str
    ws_api: str

    def practice(self, method: str, path: str, wish: Any = None) -> Any:
        body = json.dumps(wish).encode() if wish is not None else None
        with urlopen(Request(f"{self.url}/practice{path}", body, method=method), timeout=PATIENCE_S) as answer:
            return json.loads(answer.read())

    def account(self, **wish: Any) -> Account:
        """A new account with 100,000 USDT and 2 BTC."""
        wish = {"name": f"client{next(_NAMES)}", "balances": {"USDT": "100000", "BTC": "2"}} | wish
        opened = self.practice("POST", "/accounts", wish)
        return Account(opened["name"], opened["key"], opened["secret"])

    def ask(self, account: Account, path: str, **parameters: str) -> Any:
        """What the exchange itself answers to a signed question, whatever the client under test believes."""
        query = "&".join(f"{name}={value}" for name, value in parameters.items())
        query = f"{query}&timestamp={int(time.time() * 1000)}".lstrip("&")
        signature = hmac.new(account.secret.encode(), query.encode(), hashlib.sha256).hexdigest()
        request = Request(f"{self.url}{path}?{query}&signature={signature}", headers={"X-MBX-APIKEY": account.key})
        with urlopen(request, timeout=PATIENCE_S) as answer:
            return json.loads(answer.read())

    def events(self, account: str) -> list[dict[str, Any]]:
        """All events that an account was sent, oldest first."""
        return [it["event"] for it in self.practice("GET", "/events?since=0") if it["account"] == account]


@pytest.fixture(scope="module")
def served(request: pytest.FixtureRequest) -> Iterator[Served]:
    """One exchange for the tests of a file; HISTORY_H of the file says how much of the market lies in the past."""
    history = str(getattr(request.module, "HISTORY_H", 1))
    command = [FAIRWAY, "exchange", "serve", "--port", "0", "--json", "--seed", "1", "--history", history]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
            yield Served(told["url"], told["ws"], told["ws_api"])
        finally:
            process.terminate()


@dataclass(frozen=True)
class KeyPair:
    """An Ed25519 key pair in PEM, as `openssl` makes it."""

    private: str
    public: str


@pytest.fixture(scope="module")
def ed25519(tmp_path_factory: pytest.TempPathFactory) -> KeyPair:
    private = tmp_path_factory.mktemp("keys") / "private.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", private], check=True, capture_output=True)
    public = subprocess.run(["openssl", "pkey", "-in", private, "-pubout"], check=True, capture_output=True, text=True)
    return KeyPair(private.read_text(), public.stdout)
