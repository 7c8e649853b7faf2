"""A day of three symbols at one update a second each, through ccxt and the wire, with a trading strategy, in simulated time."""

import gc
import resource
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from fairway.assembly import Bot
from fairway.proving.demo import RULES
from fairway.proving.market import choose_market
from fairway.proving.simulation import Simulation, Viewer
from fairway.reports.run import RunProgress
from fairway.strategies.api import strategy
from fairway.world import loop as simulated
from fairway.world.chance import Chance
from fairway.world.clock import DAY, HOUR, MINUTE

PAGE = resource.getpagesize()


def resident_bytes() -> int:
    """What this process holds in memory now (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


@dataclass
class Gauge(Viewer):
    """Reads the process's memory each simulated hour."""

    show_every_ns: int = HOUR
    readings: list[int] = field(default_factory=list)

    def show(self, progress: RunProgress) -> None:
        gc.collect()
        self.readings.append(resident_bytes())


def run_day(folder: Path, *, step_s: int = 1, days: int = 1) -> tuple[float, Gauge]:
    """Seconds of real time, without building the market's history, and the memory by the hour."""
    plugin = strategy("trend")
    plan = plugin.make(plugin.settings())
    market = choose_market((), days=days, history_ns=plan.warm_up * MINUTE, chance=Chance(1), step_s=step_s)
    bot = Bot(account="bench", symbols=market.symbols, interval="1m", strategy_name="trend", strategy=plan, rules=RULES)
    gauge = Gauge()
    simulation = Simulation(market=market, bot=bot, opening={"USDT": 10_000}, journal=folder / "journal.db", viewer=gauge)
    began = time.perf_counter()
    simulated.run(simulation.live, seed=1, epoch_ns=market.trading_from)
    return time.perf_counter() - began, gauge


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside it)."""
    with tempfile.TemporaryDirectory() as folder:
        took, gauge = run_day(Path(folder))
    first, last = gauge.readings[1], gauge.readings[-1]
    allowed = max(first // 50, 2 * 2**20)
    return [
        ("24 h of three symbols at an update a second each, simulated", f"{took:.1f} s", "at most 60 s"),
        ("times real time", f"{DAY / 1e9 / took:,.0f}", "at least 1,440"),
        (
            "memory, first simulated hour to last",
            f"{first / 2**20:.1f} to {last / 2**20:.1f} MiB",
            f"grows by {(last - first) / 2**20:+.1f}, at most {allowed / 2**20:.1f} MiB",
        ),
    ]


if __name__ == "__main__":
    for row in rows():
        print(*row, sep="  |  ")
