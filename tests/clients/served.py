"""A practice exchange served by `fairway exchange serve` in a process of its own, and what tests ask of it over /practice."""

import hmac
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from tests.pure.cli.programs import PATIENCE_S

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
    process_id: int
    opened: tuple[Account, ...] = ()
    """The accounts that it opened with."""

    def practice(self, method: str, path: str, wish: Mapping[str, Any] | None = None) -> Any:
        """Ask /practice for something, and return its answer."""
        body = json.dumps(wish).encode() if wish is not None else None
        with urlopen(Request(f"{self.url}/practice{path}", body, method=method), timeout=PATIENCE_S) as answer:
            return json.loads(answer.read())

    def account(self, balances: Mapping[str, str] | None = None, **wish: Any) -> Account:
        """A new account, with 100,000 USDT and 2 BTC unless told otherwise."""
        wish = {"name": f"trader{next(_NAMES)}", "balances": balances or {"USDT": "100000", "BTC": "2"}} | wish
        opened = self.practice("POST", "/accounts", wish)
        return Account(opened["name"], opened["key"], opened["secret"])

    def order(self, account: Account, client_id: str) -> None:
        """A small order to buy BTC far below its price, so that it rests."""
        wish = f"symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=20000&newClientOrderId={client_id}"
        self.signed(account, "/api/v3/order", wish, method="POST")

    def signed(self, account: Account, path: str, wish: str = "", *, method: str = "GET") -> Any:
        """What the exchange itself answers to a signed question, such as `/api/v3/openOrders`, or wish."""
        query = f"{wish}&timestamp={int(time.time() * 1000)}".lstrip("&")
        signature = hmac.new(account.secret.encode(), query.encode(), sha256).hexdigest()
        address = f"{self.url}{path}?{query}&signature={signature}"
        request = Request(address, headers={"X-MBX-APIKEY": account.key}, method=method)
        with urlopen(request, timeout=PATIENCE_S) as answer:
            return json.loads(answer.read())

    @contextmanager
    def still_market(self) -> Iterator[None]:
        """Nobody but the test trades in here."""
        self.practice("POST", "/pause")
        try:
            yield
        finally:
            self.practice("POST", "/resume")

    @contextmanager
    def struck_dumb(self) -> Iterator[None]:
        """Connections stay open, and nothing is answered."""
        os.kill(self.process_id, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.process_id, signal.SIGCONT)

    @contextmanager
    def faults(self, name: str, **wish: Any) -> Iterator[None]:
        number = self.practice("POST", "/faults", {"name": name} | wish)["id"]
        try:
            yield
        finally:
            self.practice("DELETE", f"/faults/{number}")


@contextmanager
def serving(*arguments: str) -> Iterator[Served]:
    """Serve until the end of the block."""
    command = [str(Path(sys.executable).with_name("fairway")), "exchange", "serve", "--port", "0", "--json", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
            opened = tuple(Account(**each) for each in told["accounts"])
            yield Served(told["url"], told["ws"], told["ws_api"], process.pid, opened)
        finally:
            process.terminate()
