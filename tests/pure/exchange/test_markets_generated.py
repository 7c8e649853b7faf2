"""The generated market is the same for the same seed, on its grid, and has the moods that it says it has."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice, pairwise
from math import log

import pytest
from tests.pure.exchange.market_backends import check_well_formed, exchange, feed

from fairway.exchange.market_data import MarketUpdate
from fairway.exchange.markets import THREE_PAIRS, generated
from fairway.world.chance import Chance
from fairway.world.clock import DAY, HOUR, SECOND, parse_instant

START = parse_instant("2025-01-01T00:00:00Z")


def market(seed: int = 1, days: float = 0.1, step_s: int = 15, pairs: int = 3) -> list[MarketUpdate]:
    return list(generated(THREE_PAIRS[:pairs], chance=Chance(seed), start_ns=START, days=days, step_s=step_s))


def hourly(updates: Sequence[MarketUpdate], symbol: str) -> list[float]:
    """Hourly changes of the logarithm of the price."""
    prices = {update.at // HOUR: update.prints[-1].price for update in updates if update.symbol == symbol}
    return [log(later / earlier) for earlier, later in pairwise(prices.values())]


def test_the_same_seed_makes_the_same_market() -> None:
    """And another seed another one."""
    assert market() == market()
    assert market() != market(seed=2)


def test_a_pair_is_the_same_whoever_is_beside_it() -> None:
    """Each pair draws from streams of its own, and all see the same market factor."""
    alone = list(generated(THREE_PAIRS[1:2], chance=Chance(1), start_ns=START, days=0.1))
    assert alone == [update for update in market() if update.symbol == "ETHUSDT"]


def test_every_pair_moves_at_every_step() -> None:
    """From the beginning, in steps of equal length, for as long as asked; pairs in their order."""
    updates = market(days=0.01, step_s=60)
    assert [(update.symbol, update.at) for update in updates] == [
        (f"{base}USDT", START + step * 60 * SECOND) for step in range(14) for base in ("BTC", "ETH", "SOL")
    ]


@pytest.mark.parametrize("step_s", [1, 15])
def test_everything_shown_is_on_the_grid(step_s: int) -> None:
    """Prices, quantities, both sides of the book, ten levels each; and the exchange takes it all."""
    rules = [character.rules for character in THREE_PAIRS]
    backend, clock = exchange(rules)
    updates = list(islice(feed(backend, clock, market(days=0.05, step_s=step_s)), 3_000))
    for rule in rules:
        check_well_formed([update for update in updates if update.symbol == rule.symbol], rule)
    assert all(len(update.bids or ()) == len(update.asks or ()) == 10 for update in updates)
    for update in updates:
        trade = update.prints[0]
        assert update.bids is not None
        assert update.asks is not None
        assert trade.price == (update.bids if trade.buyer_is_maker else update.asks)[0].price


def test_pairs_move_together() -> None:
    """Over two months the hourly moves of each two pairs correlate by more than a half, and by less than all."""
    updates = market(days=60, step_s=600)
    moves = [hourly(updates, character.rules.symbol) for character in THREE_PAIRS]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert 0.5 < _correlation(moves[one], moves[other]) < 0.95


def _correlation(first: Sequence[float], second: Sequence[float]) -> float:
    both = sum(one * other for one, other in zip(first, second, strict=True))
    return float(both / (sum(one * one for one in first) * sum(other * other for other in second)) ** 0.5)


def test_moves_are_as_large_as_stated_and_have_fat_tails() -> None:
    """A day of BTC moves by two to four per cent (standard deviation); the largest hours are far beyond a normal curve's."""
    moves = hourly(market(days=200, step_s=1800, pairs=1), "BTCUSDT")
    deviation = (sum(move * move for move in moves) / len(moves)) ** 0.5
    assert 0.02 < deviation * 24**0.5 < 0.04
    kurtosis = sum(move**4 for move in moves) / len(moves) / deviation**4
    assert kurtosis > 4
    assert max(abs(move) for move in moves) > 5 * deviation


def test_trends_last_for_hours_and_are_not_arranged() -> None:
    """Over half a year, half days go on in the direction of the half day before more often than not, though far from always."""
    moves = hourly(market(days=180, step_s=1800, pairs=1), "BTCUSDT")
    blocks = [sum(moves[at : at + 6]) for at in range(0, len(moves) - 6, 6)]
    same = sum((one > 0) == (other > 0) for one, other in pairwise(blocks)) / (len(blocks) - 1)
    assert 0.51 < same < 0.65


def test_volume_follows_the_hours_of_the_day() -> None:
    """Afternoons (UTC) are busier than nights."""
    volumes = [0] * 24
    for update in market(days=30, step_s=300, pairs=1):
        volumes[update.at % DAY // HOUR] += update.prints[0].quantity
    assert sum(volumes[12:17]) > 2 * sum(volumes[0:5])
    daily = THREE_PAIRS[0].daily_volume * 10**8
    assert 0.6 * daily < sum(volumes) / 30 < 1.6 * daily


def test_the_spread_widens_when_the_market_is_wild() -> None:
    """The widest spreads come with more than twice the moves of the narrowest."""
    updates = market(days=20, step_s=60, pairs=1)
    steps = []
    for before, after in pairwise(updates):
        assert before.bids is not None
        assert before.asks is not None
        steps.append((before.asks[0].price - before.bids[0].price, abs(after.prints[0].price - before.prints[0].price)))
    steps.sort()
    tenth = len(steps) // 10
    assert sum(move for _, move in steps[-tenth:]) > 2 * sum(move for _, move in steps[:tenth])


def test_a_price_never_reaches_nothing() -> None:
    """A pair that starts at two ticks stays on its grid, with bids above zero."""
    small = replace(THREE_PAIRS[2], price=2 * THREE_PAIRS[2].rules.tick, own_volatility=0.5)
    updates = list(generated([small], chance=Chance(3), start_ns=START, days=5, step_s=60))
    check_well_formed(updates, small.rules)


def test_a_step_of_nothing_is_refused() -> None:
    """The error shows a right one."""
    with pytest.raises(ValueError, match="a right one is 15"):
        generated(chance=Chance(1), start_ns=START, days=1, step_s=0)
