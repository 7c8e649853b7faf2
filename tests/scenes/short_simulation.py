"""A few hours of a simulation, of a seed's making or of real candles; prints the journal's digest and the exchange's balances."""

import sys
import tempfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from fairway.assembly import Bot
from fairway.journal.sql import open_reader
from fairway.market.candles import INTERVALS
from fairway.money.amount import use_exact_decimals
from fairway.proving.demo import OPENING, RULES
from fairway.proving.demo_incident import Script
from fairway.proving.market import choose_market
from fairway.proving.simulation import FinalState, Simulation, Viewer
from fairway.strategies.trend import Trend, TrendSettings
from fairway.world import loop as simulated
from fairway.world.chance import Chance
from fairway.world.clock import HOUR, MINUTE

PLAN = TrendSettings(
    breakout_bars=8, exit_bars=4, trend_bars=10, range_bars=6, stop_ranges=Decimal(2), target_ranges=Decimal(4), bars_max=30
)


def live(
    seed: int, journal: Path, *, hours: int = 3, data: Sequence[Path] = (), interval: str = "1m", script: Script | None = None
) -> FinalState:
    """A short life with a hasty strategy, so that there is something to disagree about. script: its incident."""
    use_exact_decimals()
    strategy = Trend(PLAN)
    history_ns = strategy.warm_up * INTERVALS[interval]
    market = choose_market(data, days=2, history_ns=history_ns, chance=Chance(seed))
    bot = Bot(account="main", symbols=market.symbols, interval=interval, strategy_name="trend", strategy=strategy, rules=RULES)
    viewer = Until(market.trading_from + hours * HOUR)
    opening = {rules.quote: OPENING[rules.quote] for rules in market.rules}
    simulation = Simulation(
        market=market, bot=bot, opening=opening, journal=journal, viewer=viewer, faults=script.acts if script else ()
    )
    return simulated.run(simulation.live, seed=seed, epoch_ns=market.trading_from)


class Until(Viewer):
    """Ends the simulation at an instant."""

    show_every_ns = MINUTE

    def __init__(self, end: int) -> None:
        self._end = end

    @property
    def stop_wanted(self) -> bool:
        return simulated.running().wall_ns >= self._end


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        truth = live(int(sys.argv[1]), Path(folder) / "journal.db")
        with open_reader(Path(folder) / "journal.db") as journal:
            last = journal.last()
            assert last is not None
            print(last.seq, last.digest, dict(sorted(truth.balances.items())))
