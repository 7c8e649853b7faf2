"""A practice exchange, served on a simulated network, whose market has lived through its history; and its own last word."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Final

from fairway.exchange.faults.port import Fault
from fairway.exchange.hub import PING_EVERY
from fairway.exchange.practice_exchange import Credentials, PracticeExchange
from fairway.exchange.server import Server, pause
from fairway.exchange.units import ONE
from fairway.market.candles import Candle
from fairway.market.instrument import Instrument
from fairway.proving.market import SimulatedMarket
from fairway.world.clock import MILLISECOND
from fairway.world.loop import SimLoop

EXCHANGE: Final = "exchange"
PORT: Final = 80
URL: Final = f"http://{EXCHANGE}:{PORT}"
CANDLES_SHOWN_MAX: Final = 10_000


@asynccontextmanager
async def served(
    loop: SimLoop,
    market: SimulatedMarket,
    openings: Mapping[str, Mapping[str, int]],
    faults: Iterable[Fault],
    ping_every_ns: int = PING_EVERY,
) -> AsyncIterator[tuple[PracticeExchange, dict[str, Credentials]]]:
    """openings: what each account begins with, by name and asset; the credentials are by name, too."""
    chance = loop.chance.child("exchange")
    exchange = PracticeExchange(
        market.rules, market.updates, clock=loop.clock, chance=chance, pause=pause, ping_every_ns=ping_every_ns
    )
    exchange.warm_up(market.trading_from)
    for each in faults:
        exchange.context.faults.add(each)
    keys = {
        name: exchange.open_account(name, {asset: whole * ONE for asset, whole in assets.items()})
        for name, assets in openings.items()
    }
    is_up, may_end = asyncio.Event(), asyncio.Event()

    async def serve() -> None:
        async with Server(exchange, chance).listening(EXCHANGE, PORT):
            is_up.set()
            await may_end.wait()

    serving = loop.spawn(EXCHANGE, serve())
    await is_up.wait()
    try:
        yield exchange, keys
    finally:
        may_end.set()
        await serving


async def balances_of(exchange: PracticeExchange, account: str) -> dict[str, Decimal]:
    """Free and locked together, by asset."""
    found = await exchange.backend.account(account)
    return {it.asset: Decimal(it.free + it.locked) / ONE for it in found.balances}


async def candles_of(exchange: PracticeExchange, instrument: Instrument, interval: str, since: int) -> Sequence[Candle]:
    rows = await exchange.backend.candles(instrument.venue_symbol, interval, since=since, limit=CANDLES_SHOWN_MAX)
    return [
        Candle(
            symbol=instrument.symbol,
            open_at=row.open_at,
            close_at=row.close_at + MILLISECOND,
            open=Decimal(row.open) / ONE,
            high=Decimal(row.high) / ONE,
            low=Decimal(row.low) / ONE,
            close=Decimal(row.close) / ONE,
            volume=Decimal(row.volume) / ONE,
            quote_volume=Decimal(row.quote_volume) / ONE,
            count=row.trades,
        )
        for row in rows
    ]


def begin_anew(journal: Path) -> None:
    """A simulation begins from nothing: whatever is left of another run is removed."""
    for suffix in ("", "-wal", "-shm"):
        journal.with_name(journal.name + suffix).unlink(missing_ok=True)
    journal.parent.mkdir(parents=True, exist_ok=True)
