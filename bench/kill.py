"""A kill of fifty accounts with ten open orders each, all of one address: how long until the exchange's own books are empty.

In simulated time, with the unmodified ccxt client and the practice exchange, and 50 ms on the way in each direction.
"""

import asyncio
import tempfile
from dataclasses import dataclass
from decimal import Decimal, localcontext
from pathlib import Path

from tests.scenes.script import market, rules_of

from fairway.exchange.practice_exchange import PracticeExchange
from fairway.exchange.server import Server, pause
from fairway.exchange.units import ONE
from fairway.money.amount import CONTEXT
from fairway.money.grid import Round
from fairway.orders.ids import ClientId, Role
from fairway.orders.order import OrderType, Side
from fairway.trading.kill import Killer
from fairway.trading.latch import FileLatch, Killed, KillScope
from fairway.venues.allowance import Lane
from fairway.venues.ccxt.settings import CcxtSettings
from fairway.venues.ccxt.venue import CcxtVenue
from fairway.venues.port import NewOrder
from fairway.world.clock import MILLISECOND, MINUTE, SECOND
from fairway.world.loop import EPOCH_NS, run, running

ACCOUNTS, ORDERS = 50, 10
SYMBOLS = ("BTC/USDT", "ETH/USDT", "SOL/USDT")
EXCHANGE, PORT = "exchange", 8080
ROUNDS = 5
LOOK_EVERY_NS = 5 * MILLISECOND


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds after the latch, by account: until the exchange held none of its orders, and until its killer knew that."""

    gone: list[float]
    known: list[float]


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside it)."""
    with localcontext(CONTEXT), tempfile.TemporaryDirectory() as folder:
        rounds = [run(lambda: _killed(Path(folder)), seed=seed) for seed in range(ROUNDS)]
    gone, known = (sorted(second for took in rounds for second in getattr(took, name)) for name in ("gone", "known"))
    what = f"a kill of {ACCOUNTS * ORDERS} orders of {ACCOUNTS} accounts"
    return [
        (f"{what}: gone from the exchange, simulated", _spread(gone), "50 ms each way"),
        (f"{what}: verified there, simulated", _spread(known), "p99 at most 2 s"),
    ]


def _spread(seconds: list[float]) -> str:
    return f"p50 {seconds[len(seconds) // 2]:.2f} s, p99 {seconds[len(seconds) * 99 // 100]:.2f} s"


async def _killed(folder: Path) -> Took:
    loop = running()
    prices = {symbol: {0: "100"} for symbol in SYMBOLS}
    exchange = PracticeExchange(
        [rules_of(symbol) for symbol in SYMBOLS],
        market(prices, 600),
        clock=loop.clock,
        chance=loop.chance.child("exchange"),
        pause=pause,
    )
    exchange.warm_up(EPOCH_NS)
    loop.network.shape("killer", EXCHANGE, latency=50 * MILLISECOND)
    is_up = asyncio.Event()

    async def serve() -> None:
        async with Server(exchange, loop.chance.child("server")).listening(EXCHANGE, PORT):
            is_up.set()
            await loop.create_future()

    serving = loop.spawn(EXCHANGE, serve())
    await is_up.wait()
    try:
        return await loop.spawn("killer", _kill(exchange, folder))
    finally:
        serving.cancel()
        await asyncio.wait([serving])


async def _kill(exchange: PracticeExchange, folder: Path) -> Took:
    clock, venues = running().clock, _venues(exchange)
    try:
        for venue in venues.values():
            await venue.open()
        await asyncio.gather(*(_place(name, venue) for name, venue in venues.items()))
        await asyncio.sleep(2 * MINUTE / SECOND)  # what that has taken of the address's allowance is given back
        began, killed = clock.now(), Killed(scope=KillScope.ACCOUNT, reason="bench", by="bench", at=clock.now())

        async def carried_out(name: str, venue: CcxtVenue) -> float:
            latch = FileLatch(folder, name, SYMBOLS)
            latch.set(killed)
            await Killer(venue, latch, clock, name, killed, SYMBOLS, run="bench").run()
            return (clock.now() - began) / SECOND

        watching = asyncio.create_task(_gone(exchange, list(venues), began))
        known = await asyncio.gather(*(carried_out(name, venue) for name, venue in venues.items()))
        return Took(gone=await watching, known=known)
    finally:
        for venue in venues.values():
            await venue.close()


def _venues(exchange: PracticeExchange) -> dict[str, CcxtVenue]:
    loop, venues, first = running(), dict[str, CcxtVenue](), None
    for number in range(ACCOUNTS):
        name = f"a{number}"
        credentials = exchange.open_account(name, {"USDT": 100_000 * ONE})
        settings = CcxtSettings(
            exchange="binance", key=credentials.key, secret=credentials.secret, url=f"http://{EXCHANGE}:{PORT}"
        )
        venues[name] = CcxtVenue(settings, loop.clock, loop.chance.child(name), like=first, looks=Lane.CLOSE)
        first = first or venues[name]
    return venues


async def _place(name: str, venue: CcxtVenue) -> None:
    listed = await venue.open()
    for number in range(ORDERS):
        pair = listed[SYMBOLS[number % len(SYMBOLS)]]
        order = NewOrder(
            client_id=str(ClientId(name, 1, number + 1, Role.ENTRY)),
            symbol=pair.symbol,
            side=Side.BUY,
            type=OrderType.LIMIT,
            quantity=pair.quantity("1"),
            price=pair.price(Decimal(90), Round.DOWN),
        )
        await venue.place(order)


async def _gone(exchange: PracticeExchange, names: list[str], began: int) -> list[float]:
    """When the exchange's own book held nothing of each account any more."""
    gone = dict[str, float]()
    while len(gone) < len(names):
        for name in names:
            if name not in gone and not await exchange.backend.open_orders(name, None):
                gone[name] = (running().clock.now() - began) / SECOND
        await asyncio.sleep(LOOK_EVERY_NS / SECOND)
    return list(gone.values())


if __name__ == "__main__":
    for row in rows():
        print(*row, sep="  |  ")
