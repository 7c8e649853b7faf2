"""The filters of a pair that tests trade, in one place: what a test has differently, it names."""

from typing import Any

from fairway.exchange.rules import SymbolRules
from fairway.exchange.units import ONE


def rules_of(pair: str = "BTC/USDT", **differing: Any) -> SymbolRules:
    """Ticks of 0.01, lots of 0.00001, at least 5 and at most 9,000,000 a trade."""
    base, quote = pair.split("/")
    usual: dict[str, Any] = {
        "symbol": base + quote,
        "base": base,
        "quote": quote,
        "tick": ONE // 100,
        "price_min": ONE // 100,
        "price_max": 1_000_000 * ONE,
        "lot": ONE // 100_000,
        "quantity_min": ONE // 100_000,
        "quantity_max": 9_000 * ONE,
        "market_quantity_max": 100 * ONE,
        "notional_min": 5 * ONE,
        "notional_max": 9_000_000 * ONE,
    }
    return SymbolRules(**usual | differing)
