"""A soak in simulated time: one exchange, and one trader for each strategy, on a simulated network, for hours or days.

Every connection of each trader is reset from time to time, so that reconnections are measured.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from fairway.assembly import CODEC, Bot, open_trader
from fairway.exchange.practice_exchange import Credentials
from fairway.journal.commands import ReceiveSignal
from fairway.journal.sql import open_journal
from fairway.market.candles import INTERVALS
from fairway.orders.external_signal import ExternalSignal, SignalAction
from fairway.proving.delayed_inbox import DelayedInbox
from fairway.proving.market import SimulatedMarket, choose_market
from fairway.proving.served import EXCHANGE, URL, begin_anew, served
from fairway.proving.soak.meter import SoakMeter
from fairway.proving.soak.snapshot import EVERY_S
from fairway.risk.profile import Profile
from fairway.risk.profiles import rules_of
from fairway.strategies.api import Strategy, made, strategy
from fairway.trading.latch import FileLatch
from fairway.venues.ccxt.settings import CcxtSettings
from fairway.venues.ccxt.venue import CcxtVenue
from fairway.world.chance import Chance
from fairway.world.clock import DAY, HOUR, MILLISECOND, SECOND
from fairway.world.links import jittered
from fairway.world.loop import SimLoop, running
from fairway.world.loop import run as run_simulated
from fairway.world.process_memory import SimProcessMemory

CONFIGURED: Final = "configured"
INTERVAL: Final = "5m"
STEP_S: Final = 5
OPENING: Final = {"USDT": 10_000}
QUOTE: Final = "USDT"
CUT_EVERY_S: Final = 4 * 3_600
SIGNAL_EVERY_S: Final = 600
STARTS_AGAIN_S: Final = 5
STRATEGIES: Final[Mapping[str, Callable[[], Strategy]]] = {
    "trend": lambda: _made("trend", bars_max=24),
    "periodic": lambda: _made("periodic", every_bars=3, bars_max=6),
    "signals": lambda: _made("signals"),
}
"""Every strategy that comes with Fairway, each with a trader and an account of its own."""
Look = Callable[[Sequence[SoakMeter], int], None]
"""Called with the meters and the simulated instant (ns) at each snapshot."""


@dataclass(kw_only=True)
class SimulatedSoak:
    """hours: how long it trades. folder: where the journals are made. look: called every five minutes."""

    hours: float
    seed: int
    folder: Path
    look: Look
    is_stopped: Callable[[], bool] = lambda: False
    """Whether a person wants an end; asked at each snapshot."""
    configured: Bot | None = None
    """A bot of a person's own, which trades beside the others, on the soak's symbols."""
    meters: list[SoakMeter] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)
    """Errors in which a trader ended; each was started again."""
    market: SimulatedMarket = field(init=False)
    bots: dict[str, Bot] = field(init=False)
    now: int = 0
    """The newest simulated instant (ns) that was looked at."""

    def __post_init__(self) -> None:
        self.bots = {name: _bot(name) for name in STRATEGIES}
        if self.configured is not None:
            self.bots[CONFIGURED] = replace(self.configured, account=CONFIGURED, needs_lease=False)
        warm_up = max(bot.strategy.warm_up * INTERVALS[bot.interval] for bot in self.bots.values())
        length = round(self.hours * HOUR)
        days = -(-length // DAY)
        chance = Chance(self.seed)
        self.market = choose_market((), days=days, history_ns=warm_up, chance=chance, step_s=STEP_S)
        self.now = self.market.trading_from
        self.bots = {name: replace(bot, symbols=self.market.symbols) for name, bot in self.bots.items()}

    @property
    def since(self) -> int:
        return self.market.trading_from

    @property
    def ends_at(self) -> int:
        return self.since + round(self.hours * HOUR)

    def run(self) -> None:
        """To its end. Ctrl-C leaves journals and meters as they are."""
        run_simulated(self._live, seed=self.seed, epoch_ns=self.since)

    def journal(self, name: str) -> Path:
        return self.folder / f"{name}.journal"

    async def _live(self) -> None:
        loop = running()
        inboxes = {name: DelayedInbox() for name in self.bots}
        openings = dict.fromkeys(self.bots, OPENING)
        async with served(loop, self.market, openings, ()) as (_, keys):
            traders = []
            for name in self.bots:
                begin_anew(self.journal(name))
                latency = jittered(5 * MILLISECOND, 15 * MILLISECOND, loop.chance.stream(f"latency {name}"))
                loop.network.shape(name, EXCHANGE, latency=latency)
                traders.append(loop.spawn(name, self._supervised(loop, name, keys[name], inboxes[name])))
            await asyncio.sleep(1)
            self.meters = [SoakMeter(self.journal(name), name, self.since) for name in self.bots]
            beside = [loop.create_task(self._cut(loop)), loop.create_task(self._signal(inboxes["signals"]))]
            await self._watch(loop)
            for task in (*beside, *traders):
                task.cancel()
            await asyncio.gather(*beside, *traders, return_exceptions=True)

    async def _watch(self, loop: SimLoop) -> None:
        while (now := loop.clock.now()) < self.ends_at and not self.is_stopped():
            await asyncio.sleep(min(EVERY_S * SECOND, self.ends_at - now) / SECOND)
            self.now = loop.clock.now()
            for meter in self.meters:
                meter.read()
            self.look(self.meters, self.now)

    async def _supervised(self, loop: SimLoop, name: str, key: Credentials, inbox: DelayedInbox) -> None:
        while True:
            try:
                return await self._trade(loop, name, key, inbox)
            except Exception as error:  # what ends a trader is this run's finding, and a supervisor starts it again
                self.crashes.append(f"{name}: {error!r}")
            await asyncio.sleep(STARTS_AGAIN_S)

    async def _trade(self, loop: SimLoop, name: str, key: Credentials, inbox: DelayedInbox) -> None:
        settings = CcxtSettings(
            exchange="binance", key=key.key, secret=key.secret, url=URL, market_silence_s=40 + 3 * self.market.quiet_ns / SECOND
        )
        venue = CcxtVenue(settings, loop.clock, loop.chance.child(f"venue of {name}"))
        journal = open_journal(self.journal(name), CODEC, mode="practice", trader=name, synchronous="OFF")
        latch = FileLatch(self.folder, name, self.market.symbols)
        try:
            trader = await open_trader(
                self.bots[name], venue, journal, latch, loop.clock, loop.process_chance(), SimProcessMemory(), inbox
            )
            await trader.run()
        finally:
            journal.close()
            await venue.close()

    async def _cut(self, loop: SimLoop) -> None:
        while True:
            await asyncio.sleep(CUT_EVERY_S)
            for name in self.bots:
                loop.network.cut(name, EXCHANGE)

    async def _signal(self, inbox: DelayedInbox) -> None:
        """A program outside buys one symbol after the other, and sells it again."""
        number = 0
        while True:
            await asyncio.sleep(SIGNAL_EVERY_S)
            symbol = self.market.symbols[number // 2 % len(self.market.symbols)]
            action = SignalAction.SELL if number % 2 else SignalAction.BUY
            signal = ExternalSignal(source="soak", id=str(number), symbol=symbol, action=action, sent_at=running().clock.now())
            inbox.say("webhook", ReceiveSignal(reason="soak", signal=signal))
            number += 1


def _made(name: str, **own: object) -> Strategy:
    """A strategy that comes with Fairway, with these of its settings and the defaults of the others."""
    plugin = strategy(name)
    return made(plugin, plugin.settings.model_validate(own))


def _bot(name: str) -> Bot:
    """Its symbols are those of the market."""
    rules = rules_of(Profile.MODERATE, QUOTE)
    return Bot(account=name, symbols=(), interval=INTERVAL, strategy_name=name, strategy=STRATEGIES[name](), rules=rules)
