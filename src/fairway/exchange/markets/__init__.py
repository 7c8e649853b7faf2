"""Markets of the practice exchange: what the background does, as time-ordered iterators of `MarketUpdate`.

One file a source: replayed candles, recorded trades and books, a seeded generator. The market does not react to the orders of
accounts: depth that an account took is shown again with the background's next update.
"""

from fairway.exchange.markets.candles import candle_replay
from fairway.exchange.markets.generated import THREE_PAIRS, MarketCharacter, generated
from fairway.exchange.markets.grid import rules_for
from fairway.exchange.markets.recorded import recorded
from fairway.exchange.markets.trades import trade_replay

__all__ = ["THREE_PAIRS", "MarketCharacter", "candle_replay", "generated", "recorded", "rules_for", "trade_replay"]
