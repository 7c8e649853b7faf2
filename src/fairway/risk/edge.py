"""Edge: whether closed trades show that a strategy earns, and how large a bet their record bears.

Results are in multiples of what a trade risked (R). The win rate is not taken at its face: the lower bound of Wilson's 95 %
interval is (E. B. Wilson, 1927), so twenty lucky trades prove nothing. Kelly's share is p - (1 - p) / b, for wins with
probability p that are b times as large as losses (J. L. Kelly, 1956).
"""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Self

from msgspec import Struct

from fairway.money.amount import ZERO

TRADES_KEPT = 200
EDGE_TRADES_MIN = 50
KELLY_TRADES_MIN = 20
HOT_ABOVE = Decimal("0.1")
Z = Decimal("1.959963984540054")
"""95 % of a normal distribution lie within so many standard deviations."""
ONE = Decimal(1)


class Edge(StrEnum):
    UNKNOWN = "unknown"
    """Too few trades: neither proven nor disproved."""
    HOT = "hot"
    WARM = "warm"
    COLD = "cold"


class TradeRecord(Struct, frozen=True, kw_only=True):
    """The last trades, at most 200, and what they prove. win and loss are means in R, both above zero, and zero without any."""

    trades: int
    wins: int
    win: Decimal
    loss: Decimal
    edge: Edge
    kelly: Decimal | None
    """The share that Kelly would bet, below zero where the record loses; None with too few trades to say."""

    @classmethod
    def of(cls, *, trades: int, wins: int, win: Decimal, loss: Decimal) -> Self:
        edge, kelly = _edge(trades, wins, win, loss), _kelly(trades, wins, win, loss)
        return cls(trades=trades, wins=wins, win=win, loss=loss, edge=edge, kelly=kelly)


def record_of(results: Sequence[Decimal]) -> TradeRecord:
    """The record of closed trades, each in R."""
    wins = [result for result in results if result > 0]
    losses = [-result for result in results if result <= 0]
    return TradeRecord.of(trades=len(results), wins=len(wins), win=_mean(wins), loss=_mean(losses))


def _edge(trades: int, wins: int, win: Decimal, loss: Decimal) -> Edge:
    """By what a trade earns at least, in R: at the lower bound of the win rate."""
    if trades < EDGE_TRADES_MIN:
        return Edge.UNKNOWN
    rate = wilson_lower(wins, trades)
    lower = rate * win - (1 - rate) * loss
    if lower > HOT_ABOVE:
        return Edge.HOT
    return Edge.WARM if lower > 0 else Edge.COLD


def _kelly(trades: int, wins: int, win: Decimal, loss: Decimal) -> Decimal | None:
    if trades < KELLY_TRADES_MIN:
        return None
    if not wins or not loss:
        return ONE if wins else -ONE
    rate = Decimal(wins) / trades
    return rate - (1 - rate) * loss / win


def wilson_lower(wins: int, trades: int) -> Decimal:
    """The lower bound of the 95 % interval of a rate; zero without trades."""
    if not trades:
        return ZERO
    rate, square = Decimal(wins) / trades, Z * Z
    spread = Z * ((rate * (1 - rate) + square / (4 * trades)) / trades).sqrt()
    return max(ZERO, (rate + square / (2 * trades) - spread) / (1 + square / trades))


def _mean(values: Sequence[Decimal]) -> Decimal:
    return sum(values, ZERO) / len(values) if values else ZERO
