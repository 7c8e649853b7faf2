"""Runs a hand-written journal past a screen, with real snapshots of a real desk."""

from collections.abc import Iterator
from decimal import Decimal

from fairway.journal.kinds import Marked
from fairway.market.candles import Quote
from fairway.money.fees import Fees
from fairway.money.fraction import Fraction
from fairway.reports.event_log import EventLog
from fairway.reports.run import DemoResult, RunProgress, Screen
from fairway.risk.rules import RiskRules
from fairway.strategies.trend import Trend, TrendSettings
from fairway.trading.account_config import AccountConfig
from fairway.trading.account_state import AccountState
from fairway.trading.snapshot import snapshot
from fairway.world.clock import MINUTE

CENT = Decimal("0.01")


def desk_of(run: DemoResult) -> AccountState:
    return AccountState(
        AccountConfig(
            account="main",
            quote=run.quote,
            symbols=tuple(run.instruments),
            interval="15m",
            interval_ns=15 * MINUTE,
            instruments=run.instruments,
            fees=dict.fromkeys(run.instruments, Fees(Decimal("0.001"), Decimal("0.001"))),
            strategy=Trend(TrendSettings.model_validate({})),
            rules=RiskRules(per_trade=Fraction.of("0.005"), position_max=Fraction.of("0.3"), positions_max=3),
        )
    )


def play(run: DemoResult, screen: Screen) -> Iterator[RunProgress]:
    """Tells and shows each event of a run, as the assembly does."""
    desk, event_log = desk_of(run), EventLog(run.instruments)
    desk.access.down.clear()
    for event, at in run.events:
        desk.apply(event, at)
        if isinstance(event, Marked):
            for symbol, mark in event.marks.items():
                desk.market.quotes[symbol] = Quote(symbol, mark - CENT, CENT, mark + CENT, CENT, at, at)
        for line in event_log.lines([event], at):
            screen.tell(at, line)
        progress = RunProgress(at, (at - run.started_at) / max(1, run.ended_at - run.started_at), snapshot(desk, at))
        screen.show(progress)
        yield progress
