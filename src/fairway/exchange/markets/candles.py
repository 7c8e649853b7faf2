"""Replays candles as trades and depth, so that the exchange's own candles equal the replayed ones to the last digit.

Each candle becomes the fewest prints that touch its open, low, high and close. The first print is at its opening instant, the
last one a millisecond before its end. Simplifications:

- A rising candle goes to its low first and then to its high, a falling one the other way; the true path is not in the file.
- A print stands for a share of all the candle's trades (`Print.trades`), and carries a share of the file's quote volume rather
  than price x quantity: the true prices between the four are not known, the sums are.
- Where a file knows no takers (zeros throughout), takers buy in a print above the one before and sell in one below; where it
  knows no count, each print is one trade. The exchange then serves these instead of the zeros.
- A candle without volume makes no update: the depth before it stays, as in a gap of the file.
- Spread and depth follow the range and volume of past candles (an average over about sixteen), never of the one being replayed,
  so that the book does not tell the future.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from fairway.exchange.market_data import MarketUpdate, Print
from fairway.exchange.markets.grid import rules_for, units_of
from fairway.exchange.markets.joined import replay_of
from fairway.exchange.markets.synthetic_depth import SyntheticDepth
from fairway.exchange.rules import SymbolRules
from fairway.market.candles import Candle
from fairway.market.files.klines import CandleFile
from fairway.world.chance import Chance, Stream
from fairway.world.clock import DAY, MILLISECOND


def candle_replay(files: Sequence[CandleFile], chance: Chance, *, days: int | None = None) -> Iterator[MarketUpdate]:
    """What the background does, oldest first, for so many days from the earliest candle. The files are of different pairs."""
    end = min(file.candles[0].open_at for file in files) + days * DAY if days is not None else None
    return replay_of(files, lambda file: _one(file, chance.stream(f"replay {file.symbol}"), end))


def _one(file: CandleFile, chance: Stream, end: int | None) -> Iterator[MarketUpdate]:
    rules = rules_for(file)
    replay = _Replay(rules, chance, knows_takers=any(candle.taker_buy_volume for candle in file.candles))
    for candle in file.candles:
        if end is not None and candle.close_at > end:
            return
        if candle.volume:
            yield from replay.updates(_shares(candle, chance, rules.lot))
            replay.learn(candle)


class _Share(NamedTuple):
    """One print's part of a candle; all but price and at are shares that sum up to the candle's."""

    at: int
    price: int
    quantity: int
    quote: int
    trades: int
    taker_quantity: int
    taker_quote: int


class _Replay:
    """One pair's prints, each followed by the background's depth around it."""

    def __init__(self, rules: SymbolRules, chance: Stream, *, knows_takers: bool) -> None:
        self._symbol, self._background, self._knows_takers = rules.symbol, SyntheticDepth(rules, chance), knows_takers
        self._last_price = 0

    def updates(self, shares: Sequence[_Share]) -> Iterator[MarketUpdate]:
        symbol = self._symbol
        for at, price, quantity, quote, trades, taker_quantity, taker_quote in shares:
            # A print is told as a buy only where something was bought: else the exchange would take it all for bought.
            is_buy = 0 < taker_quantity * 2 >= quantity if self._knows_takers else price >= self._last_price
            self._last_price = price
            trade = Print(symbol, 0, price, quantity, quote, at, not is_buy, trades, taker_quantity, taker_quote)
            bids, asks = self._background.around(price, is_buy)
            yield MarketUpdate(symbol, at, (trade,), bids, asks)

    def learn(self, candle: Candle) -> None:
        """Takes a finished candle into the background's memory."""
        self._background.learn(units_of(candle.high - candle.low), units_of(candle.volume))


def _shares(candle: Candle, chance: Stream, lot: int) -> list[_Share]:
    prices = _path(candle)
    count = len(prices)
    weights = [1 + chance.getrandbits(4) for _ in prices]
    volume, quote = units_of(candle.volume), units_of(candle.quote_volume)
    quantities = _split_from_one(volume, weights, lot)
    costs = [price * quantity for price, quantity in zip(prices, quantities, strict=True)]
    # The exchange computes the quote of a print that gives none, so each must have at least a unit where there are enough.
    quotes = _split_from_one(quote, costs, 1) if quote >= count else _split(quote, costs)
    return list(
        map(
            _Share,
            _instants(candle, count, chance),
            prices,
            quantities,
            quotes,
            _split_from_one(candle.count, weights, 1) if candle.count else [1] * count,
            _split(units_of(candle.taker_buy_volume), quantities),
            _split(units_of(candle.taker_buy_quote), quotes if quote else quantities),
        )
    )


def _path(candle: Candle) -> list[int]:
    """The fewest prices that make the candle, in units: as many as `least_trades` says."""
    low_first = candle.close > candle.open or (candle.close == candle.open and candle.high == candle.open)
    turns = (candle.low, candle.high) if low_first else (candle.high, candle.low)
    path = [candle.open]
    for price in (*turns, candle.close):
        if price != path[-1]:
            path.append(price)
    return [units_of(price) for price in path]


def _instants(candle: Candle, count: int, chance: Stream) -> list[int]:
    """The opening instant, the last millisecond, and the ones between at chance, each in a part of its own."""
    if count == 1:
        return [candle.open_at]
    length = (candle.close_at - candle.open_at) // MILLISECOND
    part = length // count
    between = [part * place + chance.randrange(part) for place in range(1, count - 1)]
    return [candle.open_at + at * MILLISECOND for at in (0, *between, length - 1)]


def _split(total: int, weights: Sequence[int]) -> list[int]:
    """Whole shares in proportion to weights that sum up to total; no share is above its weight unless total is above theirs."""
    whole = sum(weights)
    ends = [total * weight // whole for weight in accumulate(weights)]
    return [high - low for low, high in pairwise([0, *ends])]


def _split_from_one(total: int, weights: Sequence[int], step: int) -> list[int]:
    """As `_split`, in multiples of step and at least one each. total is a multiple of step and has one for each."""
    rest = _split(total // step - len(weights), weights)
    return [(1 + share) * step for share in rest]
