"""An exchange without sockets for wire tests: a clock set by hand, a market of one symbol that moves when told, and clients."""

import asyncio
import hmac
import json
from collections.abc import Coroutine, Iterable, Mapping
from hashlib import sha256
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from tests.pure.exchange.hand_clock import HandClock
from tests.pure.exchange.pair_rules import rules_of

from fairway.exchange.api_connection import ApiConnection
from fairway.exchange.market_data import BookLevel, MarketUpdate, Print
from fairway.exchange.practice_exchange import PracticeExchange
from fairway.exchange.rules import SymbolRules
from fairway.exchange.session import Request, Response
from fairway.exchange.stream_connection import StreamConnection
from fairway.exchange.units import ONE
from fairway.world.chance import Chance
from fairway.world.clock import MINUTE, SECOND

START = 1_700_000_000 * SECOND // MINUTE * MINUTE
KEY, SECRET = "alicekey0001", "alicesecret"
RULES = rules_of()
T = TypeVar("T")


def run(main: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(main)


def crowd(at: int, price: int, *, sizes: Iterable[int] = (1, 2, 3), trade: bool = True, symbol: str = "BTCUSDT") -> MarketUpdate:
    """A trade of 0.5 at this whole price, and three levels a side, one apart; sizes in whole coins."""
    units, half = price * ONE, ONE // 2
    prints = (Print(symbol, 0, units, half, price * half, at, False, 1, half, price * half),) if trade else ()
    sizes = tuple(sizes)
    bids = tuple(BookLevel(units - (n + 1) * ONE, size * ONE) for n, size in enumerate(sizes))
    asks = tuple(BookLevel(units + (n + 1) * ONE, size * ONE) for n, size in enumerate(sizes))
    return MarketUpdate(symbol, at, prints, bids, asks)


class Ground:
    """The exchange with one account, alice: 100,000 USDT and 2 BTC. The market stands at 50,000 unless told otherwise."""

    def __init__(self, market: Iterable[MarketUpdate] | None = None, *, rules: Iterable[SymbolRules] = (RULES,)) -> None:
        self.clock = HandClock(START)
        self.waits: list[int] = []
        self.exchange = PracticeExchange(
            rules,
            [crowd(START, 50_000)] if market is None else market,
            clock=self.clock,
            chance=Chance(1),
            pause=self._pause,
        )
        balances = {"USDT": 100_000 * ONE, "BTC": 2 * ONE}
        self.exchange.open_account("alice", balances, key=KEY, secret=SECRET)
        self._opened = 0

    async def _pause(self, duration_ns: int) -> None:
        self.waits.append(duration_ns)
        self.clock.at += duration_ns

    async def begin(self) -> "Ground":
        """Apply what the market does at the start."""
        await self.exchange.apply_due()
        return self

    # -- REST -----------------------------------------------------------------------------------------------------

    async def send(
        self, method: str, path: str, query: str = "", body: str = "", *, key: str = "", address: str = "10.0.0.1"
    ) -> Response:
        headers = {"X-MBX-APIKEY": key} if key else {}
        return await self.exchange.session.handle(Request(method, path, query, body, headers, address))

    async def get(self, path: str, **parameters: Any) -> Any:
        """The answer to a public request."""
        return read(await self.send("GET", f"/api/v3/{path}", urlencode(parameters)))

    async def ask(self, method: str, path: str, *, secret: str = SECRET, key: str = KEY, **parameters: Any) -> Response:
        """A signed request, with the time of the exchange's own clock unless told otherwise."""
        query = urlencode({"timestamp": self.clock.at // 1_000_000} | parameters)
        signature = hmac.new(secret.encode(), query.encode(), sha256).hexdigest()
        path = path if path.startswith("/") else f"/api/v3/{path}"
        return await self.send(method, path, f"{query}&signature={signature}", key=key)

    async def order(self, **terms: Any) -> Any:
        """Place an order: a limit buy of 0.01 at 40,000 where nothing else is said. `name=None` leaves a parameter out."""
        usual = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.01", "price": "40000"}
        wanted = {name: value for name, value in (usual | terms).items() if value is not None}
        return read(await self.ask("POST", "order", **wanted))

    # -- WebSockets -----------------------------------------------------------------------------------------------

    def listener(self, *, combined: bool = False) -> StreamConnection:
        self._opened += 1
        made = StreamConnection(self.exchange.hub, self._opened, "10.0.0.1", self.clock.at, is_combined=combined)
        self.exchange.hub.open(made)
        return made

    def api(self) -> ApiConnection:
        self._opened += 1
        made = ApiConnection(self.exchange.session, self.exchange.hub, self._opened, "10.0.0.1", self.clock.at)
        self.exchange.hub.open(made)
        return made

    async def tell(self, api: ApiConnection, method: str, signed: bool = False, **parameters: Any) -> Any:
        """Ask the WebSocket API for something, signed with alice's key where wanted."""
        if signed:
            parameters = {"apiKey": KEY, "timestamp": self.clock.at // 1_000_000} | parameters
            payload = "&".join(f"{name}={_written(parameters[name])}" for name in sorted(parameters))
            parameters["signature"] = hmac.new(SECRET.encode(), payload.encode(), sha256).hexdigest()
        answers = await api.receive(json.dumps({"id": 1, "method": method, "params": parameters}))
        assert answers is not None
        return json.loads(answers[0])

    async def frames(self) -> list[Any]:
        """All that is to be sent now, decoded: frames, ("ping",) and ("close", reason)."""
        sent: list[Any] = []
        for to, frame, ping, close in await self.exchange.apply_due():
            what = json.loads(frame) if frame else ("close", close) if close else ("ping",)
            assert not ping or what == ("ping",)
            sent += [what] * len(to)
        return sent

    async def pass_time(self, to: int) -> list[Any]:
        """Let time pass up to an instant, doing what is due when it is; what was sent."""
        sent: list[Any] = []
        while (due := self.exchange.next_due()) <= to:
            self.clock.at = max(self.clock.at, due)
            sent += await self.frames()
        self.clock.at = to
        return sent + await self.frames()


def read(response: Response) -> Any:
    return json.loads(response.body)


def code_of(answer: Mapping[str, Any]) -> int:
    return int(answer["code"])


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def escaped(text: str) -> str:
    return quote(text, safe="")
