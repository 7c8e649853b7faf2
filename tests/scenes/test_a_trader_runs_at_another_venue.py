"""A venue of another package, without ccxt: a configuration names it, and the trader enters, protects and takes profit there."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conformance.memory_venue import EXCHANGES, MemoryVenue
from tests.installed_package import installed
from tests.scenes.harness import RULES
from tests.scenes.script import ScriptedStrategy, enter, market, rules_of

from fairway.assembly import CODEC, Bot, open_trader, venue_of
from fairway.exchange.answers import OrderStatus
from fairway.exchange.practice_exchange import PracticeExchange
from fairway.exchange.server import Server, pause
from fairway.exchange.units import ONE
from fairway.journal.memory import MemoryFile, open_memory
from fairway.orders.lifecycle import OrderEvent, OrderFilled
from fairway.settings import SettingsError
from fairway.settings.load import parse
from fairway.trading.latch import FileLatch
from fairway.world.loop import EPOCH_NS, run, running
from fairway.world.process_memory import SimProcessMemory

SYMBOL = "BTC/USDT"
MINUTES = 5
CONFIG = """
account: main
mode: live
venue: {{kind: {kind}, exchange: {exchange}, key: {key}, secret: none}}
symbols: [{symbol}]
interval: 1m
strategy: {{name: trend}}
"""


@pytest.fixture(autouse=True)
def package(tmp_path: Path) -> Iterator[None]:
    """Nothing of Fairway names the venue: its package is on Python's path, with an entry point."""
    with installed(tmp_path, "fairway.venues", "memory_package", "from tests.conformance.memory_venue import VENUE", "VENUE"):
        yield
    EXCHANGES.clear()


def exchange_with(path: dict[int, str]) -> PracticeExchange:
    loop = running()
    updates = market({SYMBOL: path}, 60 * MINUTES)
    made = PracticeExchange([rules_of(SYMBOL)], updates, clock=loop.clock, chance=loop.chance.child("exchange"), pause=pause)
    made.warm_up(EPOCH_NS)
    EXCHANGES["lab"] = made
    return made


async def traded(exchange: PracticeExchange, folder: Path) -> list[OrderEvent]:
    """What the trader's journal holds after some minutes."""
    loop, file = running(), MemoryFile()
    key = exchange.open_account("main", {"USDT": 10_000 * ONE}).key
    settings = parse(CONFIG.format(kind="memory", exchange="lab", key=key, symbol=SYMBOL), folder=folder)
    venue = venue_of(settings, clock=loop.clock)
    assert isinstance(venue, MemoryVenue)
    bot = Bot(
        account="main",
        symbols=(SYMBOL,),
        interval="1m",
        strategy_name="scripted",
        strategy=ScriptedStrategy([enter(0)]),
        rules=RULES,
    )
    journal = open_memory(file, CODEC, mode="scene", trader="main")
    latch = FileLatch(folder, "main", (SYMBOL,))
    async with Server(exchange, loop.chance.child("server")).listening("exchange.test", 80):
        trader = await open_trader(bot, venue, journal, latch, loop.clock, loop.chance, SimProcessMemory())
        trading = loop.spawn("trader", trader.run())
        await asyncio.sleep(60 * MINUTES)
        trading.cancel()
    return [event for event in map(CODEC.decode, file.records) if isinstance(event, OrderEvent)]


def test_it_enters_protects_and_takes_profit(tmp_path: Path) -> None:
    """Bought at 100, a stop and a target rest as a pair, the price rises to the target; the exchange's own book says the same."""

    async def scene() -> None:
        exchange = exchange_with({0: "100", 150: "111"})
        events = await traded(exchange, tmp_path)
        roles = [event.order_id.rsplit("-", 1)[1] for event in events if isinstance(event, OrderFilled)]
        assert [role for number, role in enumerate(roles) if role not in roles[:number]] == ["e", "t"]
        orders = await exchange.backend.all_orders("main", "BTCUSDT")
        ended = {order.client_id.rsplit("-", 1)[1]: order.status for order in orders}
        assert ended == {"e": OrderStatus.FILLED, "s": OrderStatus.EXPIRED, "t": OrderStatus.FILLED}
        balances = {it.asset: it.free + it.locked for it in (await exchange.backend.account("main")).balances}
        assert balances["USDT"] > 10_000 * ONE

    run(scene)


def test_a_configuration_with_an_unknown_venue_names_the_known_ones(tmp_path: Path) -> None:
    text = CONFIG.format(kind="moon", exchange="lab", key="none", symbol=SYMBOL)
    with pytest.raises(SettingsError, match="there is no venue 'moon'; there are: ccxt, memory"):
        parse(text, folder=tmp_path)


def test_an_exchange_that_the_venue_does_not_reach_is_refused(tmp_path: Path) -> None:
    async def scene() -> None:
        exchange_with({0: "100"})
        text = CONFIG.format(kind="memory", exchange="binance", key="none", symbol=SYMBOL)
        with pytest.raises(SettingsError, match="is no exchange that this process holds in memory"):
            parse(text, folder=tmp_path)

    run(scene)
