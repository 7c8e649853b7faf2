"""Replays recorded trades that came without a book: each trade exactly as it was, and after it depth around its price.

Simplifications: the depth is made up, as wide and thick as the last minutes' ranges and volumes; trades of one instant and pair
are told in one update, so the depth between them is not seen.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from fairway.exchange.market_data import MarketUpdate, Print
from fairway.exchange.markets.grid import rules_for
from fairway.exchange.markets.joined import replay_of
from fairway.exchange.markets.prints import print_of
from fairway.exchange.markets.synthetic_depth import SyntheticDepth
from fairway.market.files.trades import TradeFile
from fairway.world.chance import Chance, Stream
from fairway.world.clock import MINUTE


def trade_replay(files: Sequence[TradeFile], chance: Chance) -> Iterator[MarketUpdate]:
    """What the background does, oldest first. The files are of different pairs."""
    return replay_of(files, lambda file: _one(file, chance.stream(f"trades {file.symbol}")))


def _one(file: TradeFile, chance: Stream) -> Iterator[MarketUpdate]:
    rules = rules_for(file)
    background, minute = SyntheticDepth(rules, chance), _Minute()
    for at, trades in groupby(file.trades, key=attrgetter("at")):
        prints = tuple(print_of(rules.symbol, trade) for trade in trades)
        if at >= minute.ends_at:
            if minute.volume:
                background.learn(minute.high - minute.low, minute.volume)
            minute = _Minute(at)
        for trade in prints:
            minute.take(trade)
        bids, asks = background.around(prints[-1].price, not prints[-1].buyer_is_maker)
        yield MarketUpdate(rules.symbol, at, prints, bids, asks)


class _Minute:
    """Range and volume of the minute that holds an instant."""

    def __init__(self, at: int = 0) -> None:
        self.ends_at = at - at % MINUTE + MINUTE if at else 0
        self.high = self.low = self.volume = 0

    def take(self, trade: Print) -> None:
        self.high = max(self.high, trade.price) if self.volume else trade.price
        self.low = min(self.low, trade.price) if self.volume else trade.price
        self.volume += trade.quantity
