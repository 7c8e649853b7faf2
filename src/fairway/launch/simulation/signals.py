"""Draws all signals of a bot for a rehearsal at once, with the result of each trade and the fate of its orders.

Simplifications: all users see the same signals, and each takes so many of them as the plan expects; a round trip's result is one
number in R, net of all fees, from a mixture of stops, exits and gains of which the bot's edge is the mean; there are no symbols.
The simulator fills what it fills at the price of the result, because what a launch judges is the result, not how it came to be.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fairway.launch.simulation.bots import SimulatedBot
from fairway.world.chance import Chance
from fairway.world.clock import DAY, HOUR, MINUTE

Numbers = NDArray[np.float64]

STOPPED: Final = 0.46
"""Of the round trips that lose, this share hits its stop; the others are ended before."""
LOSS_MEAN: Final = -0.677
GAIN_MEAN: Final = 0.775
"""By the mixture in `_results`; the share of gains is what makes a mean of them."""
LUCK: Final = 0.5
"""The mean of a lucky bot's first signals, in R."""
OWN_NOISE: Final = 0.08
"""By how much one user's result differs from another's of the same signal, in R."""
LENGTH_NS: Final = HOUR
"""The median of a round trip."""
ACK_SPREAD: Final = 0.35
"""Of the logarithm: one answer in twenty takes 1.8 times as long as the median."""
PARTIAL: Final = 0.15


@dataclass(frozen=True, slots=True)
class SignalSeries:
    """By signal: at, until (ns), is_stop. By signal and user: takes (from 0 to 1), results (R), is_partial. By signal, user and
    order intent: is_good, acks (seconds). a_day: signals."""

    a_day: float
    ats: list[int]
    untils: list[int]
    is_stop: list[bool]
    takes: Numbers
    results: Numbers
    is_partial: NDArray[np.bool_]
    is_good: NDArray[np.bool_]
    acks: Numbers


def draw(bot: SimulatedBot, begins: int, ns: int, chance: Chance, *, a_day: float, users: int, intents: int) -> SignalSeries:
    """chance: the market's; the same signals come to every bot, and what it makes of them is its own."""
    market = chance.columns("signals")
    n = max(1, int(market.poisson(a_day * ns / DAY)))
    ats = np.sort(market.integers(begins, begins + ns, n))
    lengths = np.clip(np.exp(market.normal(np.log(LENGTH_NS), 0.8, n)), 5 * MINUTE, 12 * HOUR)
    luck, kind, depth = market.random(n), market.random(n), market.random(n)
    results, is_stop = _results(_edges(bot, ats - begins), luck, kind, depth, market.exponential(0.03, n))
    own = chance.columns("users")
    success = np.where(_turned(bot, ats - begins), _into(bot).success, bot.success)
    is_good = own.random((n, users, intents)) < success[:, None, None]
    return SignalSeries(
        a_day=a_day,
        ats=ats.tolist(),
        untils=(ats + lengths.astype(np.int64)).tolist(),
        is_stop=is_stop.tolist(),
        takes=own.random((n, users)),
        results=results[:, None] + OWN_NOISE * own.standard_normal((n, users)),
        is_partial=own.random((n, users)) < PARTIAL,
        is_good=is_good,
        acks=bot.ack_s * np.exp(ACK_SPREAD * own.standard_normal((n, users, intents))),
    )


def _turned(bot: SimulatedBot, since: NDArray[np.int64]) -> NDArray[np.bool_]:
    return since >= (bot.turns_at if bot.turns_at is not None and bot.into is not None else np.iinfo(np.int64).max)


def _into(bot: SimulatedBot) -> SimulatedBot:
    return bot.into or bot


def _edges(bot: SimulatedBot, since: NDArray[np.int64]) -> Numbers:
    edges: Numbers = np.where(_turned(bot, since), _into(bot).edge, bot.edge)
    if bot.lucky_trips:
        edges[: bot.lucky_trips] = LUCK
    return edges


def _results(edges: Numbers, luck: Numbers, kind: Numbers, depth: Numbers, slip: Numbers) -> tuple[Numbers, NDArray[np.bool_]]:
    """In R, and whether the stop was hit."""
    is_gain = luck < (edges - LOSS_MEAN) / (GAIN_MEAN - LOSS_MEAN)
    is_stop = ~is_gain & (kind < STOPPED)
    losses = np.where(is_stop, -1 - slip, -0.05 - 0.65 * depth)
    return np.where(is_gain, 0.05 + 1.45 * depth, losses), is_stop
