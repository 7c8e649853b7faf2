"""The demo: one simulation with a market of a person's choice, shown while it lives, and told as a result for the report."""

import time
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path

import fairway
from fairway.assembly import Bot, history_of
from fairway.journal.kinds import Event
from fairway.journal.sql import open_reader
from fairway.market.candles import INTERVALS
from fairway.market.instrument import Instrument
from fairway.money.fraction import Fraction
from fairway.proving.demo_incident import Script
from fairway.proving.market import SimulatedMarket, check_days, choose_market, how_much
from fairway.proving.simulation import FinalState, Simulation, Viewer
from fairway.reports.event_log import EventLog
from fairway.reports.run import DAYS, DataFile, DemoOptions, DemoResult, RunProgress, Screen
from fairway.risk.rules import RiskRules
from fairway.strategies.api import strategy
from fairway.world import loop as simulated
from fairway.world.chance import Chance
from fairway.world.clock import MINUTE, SECOND
from fairway.world.realtime import keep_pace

ACCOUNT, INTERVAL = "demo", "15m"
OPENING = {"USDT": 10_000, "BTC": 1}
"""What the account begins with in the asset that its symbols are priced in; 10,000 of any other."""
RULES = RiskRules(per_trade=Fraction.parse("0.5 %"), position_max=Fraction.parse("30 %"), positions_max=3)
MISHAP_AFTER = 4
"""The scripted incident waits for its moment from this part of the run on: in ten days, from noon of the third."""
PICTURES_A_SECOND = 5
"""How often a paced run is shown, in real time."""


def demo(options: DemoOptions, screen: Screen) -> DemoResult:
    """Runs from the first candle to the last, or until a person stops it.

    Raises BadData for a file that cannot be traded on, CannotTrade where the symbols do not fit, and JournalErrors.
    """
    began = time.perf_counter()
    bot = _bot(())
    history_ns = bot.strategy.warm_up * INTERVALS[INTERVAL]
    market = choose_market(options.data, days=options.days or DAYS, history_ns=history_ns, chance=Chance(options.seed))
    if market.files:
        if options.days is not None:
            check_days(market, options.days)
        screen.tell(market.trading_from, how_much(market))
    script = Script(ACCOUNT, _goes_wrong_from(market))
    simulation = Simulation(
        market=market,
        bot=_bot(market.symbols),
        opening=_opening(market),
        journal=options.out / "journal.db",
        viewer=_Shown(screen, options.speed),
        faults=() if market.files else script.acts,
    )

    async def live() -> FinalState:
        if options.speed is None:
            return await simulation.live()
        pacing = simulated.running().create_task(keep_pace(options.speed, lambda: screen.stop_wanted))
        try:
            return await simulation.live()
        finally:
            pacing.cancel()

    truth = simulated.run(live, seed=options.seed, epoch_ns=market.trading_from)
    return _told(simulation, truth, script, options, time.perf_counter() - began)


def _bot(symbols: tuple[str, ...]) -> Bot:
    plugin = strategy("trend")
    return Bot(
        account=ACCOUNT,
        symbols=symbols,
        interval=INTERVAL,
        strategy_name=plugin.name,
        strategy=plugin.make(plugin.settings()),
        rules=RULES,
    )


def _opening(market: SimulatedMarket) -> dict[str, int]:
    quotes = dict.fromkeys(rules.quote for rules in market.rules)
    return {quote: OPENING.get(quote, 10_000) for quote in quotes}


def _goes_wrong_from(market: SimulatedMarket) -> int:
    """The first instant (ns) of the incident, which a person's own candles are spared: they are replayed as they are."""
    return market.trading_from + (market.ends_at - market.trading_from) // MISHAP_AFTER


def shown_every_ns(speed: float) -> int:
    """How often a paced run is shown, in simulated time."""
    return max(int(speed * SECOND) // PICTURES_A_SECOND, SECOND // 10)


class _Shown(Viewer):
    """Hands what happens to a screen, in plain words."""

    def __init__(self, screen: Screen, speed: float | None) -> None:
        self._screen = screen
        self._event_log: EventLog | None = None
        self.show_every_ns = 5 * MINUTE if speed is None else shown_every_ns(speed)

    def meet(self, instruments: Mapping[str, Instrument], history: Iterable[tuple[Event, int]]) -> None:
        self._event_log = EventLog(instruments)

    def show(self, progress: RunProgress) -> None:
        self._screen.show(progress)

    def hear(self, account: str, events: Sequence[Event], at: int) -> None:
        if self._event_log is not None:
            for line in self._event_log.lines(events, at):
                self._screen.tell(at, line)

    @property
    def stop_wanted(self) -> bool:
        return self._screen.stop_wanted


def _told(simulation: Simulation, truth: FinalState, script: Script, options: DemoOptions, wall_seconds: float) -> DemoResult:
    with open_reader(simulation.journal) as journal:
        last = journal.last()
        events = list(history_of(journal))
    assert last is not None, "a run writes at least its start"
    market = simulation.market
    return DemoResult(
        events=events,
        instruments=truth.instruments,
        candles=truth.candles,
        exchange_balances=truth.balances,
        prices=truth.prices,
        quote=market.rules[0].quote,
        started_at=market.trading_from,
        ended_at=truth.ended_at,
        seed=options.seed,
        journal_digest=last.digest,
        journal_count=last.seq,
        journal_path=simulation.journal,
        wall_seconds=wall_seconds,
        data=tuple(DataFile(Path(file.file).name, file.digest) for file in market.files),
        is_complete=truth.is_complete,
        command=_command(options),
        release=fairway.__version__,
        remarks=[str(problem) for problem in chain.from_iterable(file.problems for file in market.files)],
        incidents=script.incidents(truth.instruments.values()),
    )


def _command(options: DemoOptions) -> str:
    if not options.data:
        return f"fairway demo --single --days {options.days or DAYS} --seed {options.seed}"
    data = "".join(f" --data {path.name}" for path in options.data)
    days = f" --days {options.days}" if options.days is not None else ""
    return f"fairway demo{data}{days} --seed {options.seed}"
