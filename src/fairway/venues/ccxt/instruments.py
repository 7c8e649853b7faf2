"""Reads instruments from what ccxt loaded: from Binance's own filters, or from ccxt's unified limits elsewhere."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from fairway.market.instrument import Instrument
from fairway.money.amount import ZERO, exact
from fairway.venues.ccxt.reading import UNREADABLE

Raw = Mapping[str, Any]
_NONE: Mapping[str, Any] = {}


def of_binance(markets: Mapping[str, Raw]) -> Iterator[Instrument]:
    """Spot instruments with all filters. A filter that the venue leaves out bounds nothing. A pair that cannot be read is left
    out, and hides no other."""
    for market in markets.values():
        if market.get("spot"):
            try:
                instrument = _of_binance(market)
            except UNREADABLE:
                continue
            yield instrument


def _of_binance(market: Raw) -> Instrument:
    raw = market["info"]
    filters = {entry["filterType"]: entry for entry in raw["filters"]}
    price, lot = filters.get("PRICE_FILTER", _NONE), filters.get("LOT_SIZE", _NONE)
    notional = filters.get("NOTIONAL") or filters.get("MIN_NOTIONAL", _NONE)
    sided, both = filters.get("PERCENT_PRICE_BY_SIDE", _NONE), filters.get("PERCENT_PRICE", _NONE)
    up, down = both.get("multiplierUp", "0"), both.get("multiplierDown", "0")
    return Instrument(
        symbol=market["symbol"],
        venue_symbol=raw["symbol"],
        base=market["base"],
        quote=market["quote"],
        tick=_step(price.get("tickSize"), raw.get("quotePrecision", 8)),
        lot=_step(lot.get("stepSize"), raw.get("baseAssetPrecision", 8)),
        price_min=exact(price.get("minPrice", "0")),
        price_max=exact(price.get("maxPrice", "0")),
        quantity_min=exact(lot.get("minQty", "0")),
        quantity_max=exact(lot.get("maxQty", "0")),
        market_quantity_max=exact(filters.get("MARKET_LOT_SIZE", _NONE).get("maxQty", "0")),
        notional_min=exact(notional.get("minNotional", "0")),
        notional_max=exact(notional.get("maxNotional", "0")),
        bid_up=exact(sided.get("bidMultiplierUp", up)) or _FAR_UP,
        bid_down=exact(sided.get("bidMultiplierDown", down)),
        ask_up=exact(sided.get("askMultiplierUp", up)) or _FAR_UP,
        ask_down=exact(sided.get("askMultiplierDown", down)),
        orders_max=int(filters.get("MAX_NUM_ORDERS", _NONE).get("maxNumOrders", 200)),
        conditional_orders_max=int(filters.get("MAX_NUM_ALGO_ORDERS", _NONE).get("maxNumAlgoOrders", 5)),
        is_trading=raw["status"] == "TRADING" and bool(raw.get("isSpotTradingAllowed", True)),
    )


_FAR_UP = Decimal(1_000_000)
"""Bound of a price against the average where the venue sets none."""


def _step(text: str | None, digits: int) -> Decimal:
    """A grid's step; where the filter is absent or switched off (zero), the asset's own precision."""
    step = exact(text or "0")
    return step or Decimal(1).scaleb(-int(digits))


def of_unified(markets: Mapping[str, Raw], *, steps_are_digits: bool) -> Iterator[Instrument]:
    """Spot instruments as ccxt sums them up. Markets without a grid are left out: nothing exact can be sent to them."""
    for market in markets.values():
        precision = market.get("precision") or _NONE
        if market.get("spot") and precision.get("price") is not None and precision.get("amount") is not None:
            yield _of_unified(market, precision, steps_are_digits=steps_are_digits)


def _of_unified(market: Raw, precision: Raw, *, steps_are_digits: bool) -> Instrument:
    limits = {name: market["limits"].get(name) or _NONE for name in ("price", "amount", "cost")}

    def grid(name: str) -> Decimal:
        value = exact(str(precision[name]))
        return Decimal(1).scaleb(-int(value)) if steps_are_digits else value

    def limit(name: str, end: str) -> Decimal:
        value = limits[name].get(end)
        return ZERO if value is None else exact(str(value))

    return Instrument(
        symbol=market["symbol"],
        venue_symbol=market["id"],
        base=market["base"],
        quote=market["quote"],
        tick=grid("price"),
        lot=grid("amount"),
        price_min=limit("price", "min"),
        price_max=limit("price", "max"),
        quantity_min=limit("amount", "min"),
        quantity_max=limit("amount", "max"),
        notional_min=limit("cost", "min"),
        notional_max=limit("cost", "max"),
        is_trading=market.get("active") is not False,
    )
