"""Makes a market up from a seed: regimes, jumps with fat tails, pairs that move together, busy and quiet hours.

How a price moves
    The logarithm of a pair's price is its own walk plus the market's walk times `Character.market_weight`. Each walk is in one
    regime at a time (REGIMES), for an exponentially distributed time of hours, and then in another, drawn by weight. A step is
    normally distributed around the regime's drift. Jumps come at the regime's rate and have a Pareto tail (exponent 3), at most
    JUMP_MAX daily volatilities high. Nothing in a regime tells when it ends, and nothing is arranged for any strategy: trends are
    there because two regimes drift, for hours, by about as much as the price would wander in that time anyway.
What the background shows
    The spread and the distance of levels widen, and sizes shrink, with the regimes' volatility and after a jump. Volume follows
    the hour of the day (busiest at 14:00 UTC, quietest at 02:00), the same volatility, and a random factor from 0 to 3.
Simplifications
    One trade for each update. The price does not learn of the accounts' orders: what they take from the depth is there again at
    the next update, so a large order moves the price only until then. Weekends are like other days.

Inside the walk numbers are floats, which the same seed repeats on the same Python; prices and quantities leave it as integers on
the pair's grid. Each walk has a stream of chance of its own, so a pair's market is the same whatever other pairs are there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, exp, pi, sqrt
from typing import Final

from fairway.exchange.market_data import MarketUpdate, Print
from fairway.exchange.markets.joined import joined
from fairway.exchange.markets.ladder import Ladder
from fairway.exchange.rules import SymbolRules
from fairway.exchange.units import ONE
from fairway.world.chance import Chance, Stream
from fairway.world.clock import DAY, HOUR, SECOND

JUMP_MAX: Final = 4.0
"""The highest jump, in daily volatilities."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """A mood of the market. Rates and drift are per hour."""

    drift: float
    """Daily volatilities an hour: 0.08 with a daily volatility of 2.5 % is 0.2 % an hour."""
    pull: float
    """Part of the way back to where the regime began, an hour."""
    volatility: float
    """Times the ordinary one."""
    jumps: float
    """Expected number an hour."""
    hours: float
    """How long it lasts on average."""
    weight: float
    """How likely it is to come next, relative to the others."""


REGIMES: Final = (
    Regime(drift=0.08, pull=0.0, volatility=0.9, jumps=0.02, hours=10.0, weight=0.25),  # trend up
    Regime(drift=-0.08, pull=0.0, volatility=0.9, jumps=0.02, hours=10.0, weight=0.25),  # trend down
    Regime(drift=0.0, pull=0.25, volatility=0.6, jumps=0.01, hours=8.0, weight=0.35),  # range
    Regime(drift=0.0, pull=0.0, volatility=2.0, jumps=0.15, hours=3.0, weight=0.15),  # volatile
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketCharacter:
    """How one pair behaves."""

    rules: SymbolRules
    price: int
    """Where it starts, in counts of 10⁻⁸."""
    own_volatility: float
    """Standard deviation of a day's own move, as a fraction."""
    market_weight: float
    """How much of the market's move it makes as well."""
    daily_volume: int
    """Base asset traded in a day, in whole coins."""
    spread_share: float
    """Ordinary spread as a fraction of the price."""


MARKET_VOLATILITY: Final = 0.022
"""Standard deviation of a day's move of the market as a whole, as a fraction."""


def _rules(base: str, tick: int, lot: int) -> SymbolRules:
    return SymbolRules(
        symbol=f"{base}USDT",
        base=base,
        quote="USDT",
        tick=tick,
        price_min=tick,
        price_max=1_000_000 * ONE,
        lot=lot,
        quantity_min=lot,
        quantity_max=90_000 * ONE,
        market_quantity_max=9_000 * ONE,
        notional_min=5 * ONE,
        notional_max=9_000_000 * ONE,
    )


THREE_PAIRS: Final = (
    MarketCharacter(
        rules=_rules("BTC", tick=ONE // 100, lot=ONE // 100_000),
        price=60_000 * ONE,
        own_volatility=0.010,
        market_weight=1.0,
        daily_volume=20_000,
        spread_share=0.00002,
    ),
    MarketCharacter(
        rules=_rules("ETH", tick=ONE // 100, lot=ONE // 10_000),
        price=3_000 * ONE,
        own_volatility=0.016,
        market_weight=1.15,
        daily_volume=300_000,
        spread_share=0.00004,
    ),
    MarketCharacter(
        rules=_rules("SOL", tick=ONE // 100, lot=ONE // 1_000),
        price=150 * ONE,
        own_volatility=0.025,
        market_weight=1.4,
        daily_volume=4_000_000,
        spread_share=0.0001,
    ),
)
"""Three pairs with filters like the real exchange's in 2025."""


def generated(
    characters: Sequence[MarketCharacter] = THREE_PAIRS, *, chance: Chance, start_ns: int, days: float, step_s: int = 15
) -> Iterator[MarketUpdate]:
    """Every pair's updates, oldest first: at start_ns and then every step_s seconds, days long (the end itself not included)."""
    if step_s < 1:
        raise ValueError(f"a step of {step_s} s does not move time; a right one is 15")
    count = int(days * DAY) // (step_s * SECOND)
    return joined(_one(character, chance, start_ns, step_s, count) for character in characters)


def _one(character: MarketCharacter, chance: Chance, start_ns: int, step_s: int, count: int) -> Iterator[MarketUpdate]:
    name = character.rules.symbol
    # Each pair walks the market's walk by itself, from the same stream: so it needs no other pair to be there.
    market = _Walk(chance.stream("generated market"), MARKET_VOLATILITY, step_s)
    own = _Walk(chance.stream(f"generated walk {name}"), character.own_volatility, step_s)
    background = _Background(character, chance.stream(f"generated crowd {name}"), step_s)
    weight, at = character.market_weight, start_ns
    for _ in range(count):
        market.step()
        own.step()
        yield background.update(at, own.place + weight * market.place, market.unrest + own.unrest)
        at += step_s * SECOND


class _Walk:
    """One random walk of a logarithm of price. place: where it is, 0 at first; unrest: 1 in ordinary times, more in wild ones."""

    __slots__ = (
        "_anchor",
        "_calm",
        "_deviation",
        "_drift",
        "_gauss",
        "_hours",
        "_jump_in",
        "_pull",
        "_random",
        "_regime",
        "_steps_left",
        "_volatility",
        "_wild",
        "place",
        "unrest",
    )

    def __init__(self, chance: Stream, volatility: float, step_s: int) -> None:
        self._random, self._gauss = chance, chance.gauss
        self._volatility, self._hours = volatility, step_s / 3600
        self.place, self.unrest, self._wild = 0.0, 1.0, 0.0
        self._regime: Regime | None = None
        self._enter(self._drawn())

    def step(self) -> None:
        if self._steps_left <= 0:
            self._enter(self._drawn())
        if self._jump_in <= 0:
            self._jump()
        self._steps_left -= 1
        self._jump_in -= 1
        self._wild *= 0.98
        self.unrest = self._calm + self._wild
        self.place += self._drift + self._pull * (self._anchor - self.place) + self._gauss(0.0, self._deviation)

    def _drawn(self) -> Regime:
        """The next regime: any but the present one."""
        others = [regime for regime in REGIMES if regime is not self._regime]
        return self._random.choices(others, [regime.weight for regime in others])[0]

    def _enter(self, regime: Regime) -> None:
        self._regime, self._anchor = regime, self.place
        self._drift = regime.drift * self._volatility * self._hours
        self._pull = min(1.0, regime.pull * self._hours)
        self._deviation = regime.volatility * self._volatility * sqrt(self._hours / 24)
        self._calm = regime.volatility
        self._steps_left = self._random.expovariate(1 / regime.hours) / self._hours
        self._jump_in = self._random.expovariate(regime.jumps) / self._hours

    def _jump(self) -> None:
        size = min(JUMP_MAX, 0.25 * self._random.paretovariate(3.0))
        self.place += size * self._volatility * (1.0 if self._random.random() < 0.5 else -1.0)
        self._wild += 4.0 * size
        assert self._regime is not None
        self._jump_in = self._random.expovariate(self._regime.jumps) / self._hours


class _Background:
    """Turns where a walk is into trades and depth on a pair's grid."""

    def __init__(self, character: MarketCharacter, chance: Stream, step_s: int) -> None:
        rules = character.rules
        self._symbol, self._tick, self._lot = rules.symbol, rules.tick, rules.lot
        self._random = chance.random
        self._ladder = Ladder(chance, rules.tick, rules.lot)
        self._start_ticks = character.price / rules.tick
        self._spread = character.spread_share
        lots_a_step = character.daily_volume * ONE / rules.lot * step_s / 86_400
        self._lots_by_quarter = [lots_a_step * _busy(quarter / 4) for quarter in range(96)]
        # A side holds about as much as is traded in five minutes.
        self._depth_lots = character.daily_volume * ONE / rules.lot / 288 / 10
        self._last_middle = 0.0

    def update(self, at: int, place: float, unrest: float) -> MarketUpdate:
        """unrest is 2 in ordinary times: 1 from the market and 1 from the pair itself."""
        middle = self._start_ticks * exp(place)
        spread = self._spread * unrest * middle / 2
        random = self._random
        is_buy = random() < (0.7 if middle >= self._last_middle else 0.3)
        bid = max(1, round(middle - spread / 2))
        ask = max(bid + 1, round(middle + spread / 2))
        price = (ask if is_buy else bid) * self._tick
        lots = self._lots(at, unrest)
        quantity = lots * self._lot
        quote = price * quantity // ONE
        bought = (quantity, quote) if is_buy else (0, 0)
        trade = Print(self._symbol, 0, price, quantity, quote, at, not is_buy, 1, *bought)
        self._last_middle = middle
        gap = 1 + int(spread)
        size = int(self._depth_lots * (0.5 + random()) * 2 / (1 + unrest))
        bids, asks = self._ladder.sides(bid * self._tick, ask * self._tick, gap, size)
        return MarketUpdate(self._symbol, at, (trade,), bids, asks)

    def _lots(self, at: int, unrest: float) -> int:
        usual = self._lots_by_quarter[at // (HOUR // 4) % 96]
        u = self._random()
        return 1 + int(usual * unrest * u * u * 1.5)


def _busy(hour: float) -> float:
    """How much is traded at an hour of the day (UTC), times the average."""
    return 1.0 + 0.5 * cos((hour - 14.0) / 24.0 * 2.0 * pi)
