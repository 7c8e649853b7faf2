"""A bot trades through the nights in which clocks are put on and back, and around a leap day: all of its time is UTC."""

import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from tests.scenes.short_simulation import PLAN, Until

from fairway.assembly import CODEC, Bot
from fairway.exchange.markets import THREE_PAIRS, generated
from fairway.journal.kinds import EntryPlanned
from fairway.journal.sql import open_reader
from fairway.money.amount import use_exact_decimals
from fairway.proving.demo import OPENING, RULES
from fairway.proving.market import SimulatedMarket
from fairway.proving.simulation import FinalState, Simulation
from fairway.strategies.trend import Trend
from fairway.world import loop as simulated
from fairway.world.chance import Chance
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND, parse_instant

NIGHTS = ["2026-03-29T00:35:00Z", "2026-10-25T00:35:00Z", "2028-02-28T23:35:00Z", "2028-02-29T23:35:00Z"]
"""In Berlin there is no 2:30 in the first and two of them in the second; then the midnights before and after a leap day."""
LENGTH_NS = 45 * MINUTE


@dataclass(frozen=True)
class Lived:
    truth: FinalState
    digest: str
    entries: int


def lived(begin: int, journal: Path) -> Lived:
    use_exact_decimals()
    history, step_s = HOUR, 15
    updates = generated(THREE_PAIRS, chance=Chance(1), start_ns=begin - history, days=(history + LENGTH_NS) / DAY, step_s=step_s)
    market = SimulatedMarket(
        symbols=tuple(f"{it.rules.base}/{it.rules.quote}" for it in THREE_PAIRS),
        rules=tuple(it.rules for it in THREE_PAIRS),
        updates=updates,
        history_from=begin - history,
        trading_from=begin,
        ends_at=begin + LENGTH_NS,
        quiet_ns=step_s * SECOND,
    )
    bot = Bot(account="main", symbols=market.symbols, interval="1m", strategy_name="trend", strategy=Trend(PLAN), rules=RULES)
    opening = {rules.quote: OPENING[rules.quote] for rules in market.rules}
    universe = Simulation(market=market, bot=bot, opening=opening, journal=journal, viewer=Until(market.ends_at))
    truth = simulated.run(universe.live, seed=1, epoch_ns=begin)
    with open_reader(journal) as reader:
        records = list(reader.read())
    return Lived(truth, records[-1].digest, sum(isinstance(CODEC.decode(it), EntryPlanned) for it in records))


@pytest.mark.parametrize("night", NIGHTS)
def test_where_the_machine_stands_changes_nothing(night: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same journal to the byte in UTC and in Berlin, and a candle for each minute: none twice, none missing."""
    lives = []
    for zone in ("UTC", "Europe/Berlin"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        lives.append(lived(parse_instant(night), tmp_path / f"{zone.replace('/', '-')}.journal"))
    monkeypatch.undo()
    time.tzset()
    first, second = lives
    assert first.digest == second.digest
    assert first.entries > 0, "a night in which nothing happens proves nothing"
    for candles in first.truth.candles.values():
        assert {later.open_at - candle.open_at for candle, later in pairwise(candles)} == {MINUTE}
