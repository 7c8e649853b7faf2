"""An instrument: one pair at one venue, its grid and its filters, and what they allow."""

from dataclasses import dataclass
from decimal import Decimal

from fairway.money.amount import ZERO, Amount, Price, exact, text_of
from fairway.money.grid import Round, is_on_grid, on_grid


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A spot pair and the venue's rules for it. Zero in a maximum means "no maximum".

    symbol is the name people use, `BTC/USDT`; venue_symbol the one on the wire, `BTCUSDT`. Multipliers bound an order's
    price against the average price: buy orders between bid_down and bid_up times the average, sell orders ask_down to ask_up.
    """

    symbol: str
    venue_symbol: str
    base: str
    quote: str
    tick: Decimal
    lot: Decimal
    price_min: Decimal = ZERO
    price_max: Decimal = ZERO
    quantity_min: Decimal = ZERO
    quantity_max: Decimal = ZERO
    market_quantity_max: Decimal = ZERO
    notional_min: Decimal = ZERO
    notional_max: Decimal = ZERO
    bid_up: Decimal = Decimal(5)
    bid_down: Decimal = Decimal("0.2")
    ask_up: Decimal = Decimal(5)
    ask_down: Decimal = Decimal("0.2")
    orders_max: int = 200
    conditional_orders_max: int = 5
    is_trading: bool = True

    def price(self, value: Decimal | int | str, direction: Round) -> Price:
        """A price on this instrument's ticks."""
        return Price(on_grid(exact(value), self.tick, direction), self.base, self.quote)

    def quantity(self, value: Decimal | int | str, direction: Round = Round.DOWN) -> Amount:
        """A quantity of base on this instrument's lots. Down unless told: never more than was meant."""
        return Amount(on_grid(exact(value), self.lot, direction), self.base)

    def quoted(self, value: Decimal | int | str) -> Amount:
        """An amount of the quote asset."""
        return Amount.of(value, self.quote)

    def breach(self, quantity: Amount, price: Price) -> str | None:
        """Why the venue would refuse this quantity at this price, as `FILTER: key=value …`, or None."""
        return (
            self._price_breach(price.value)
            or self._quantity_breach(quantity.value)
            or self._notional_breach((price * quantity).value)
        )

    def _price_breach(self, price: Decimal) -> str | None:
        if price <= 0 or price < self.price_min or (self.price_max and price > self.price_max):
            return f"PRICE_FILTER: price={text_of(price)} min={text_of(self.price_min)} max={text_of(self.price_max)}"
        if not is_on_grid(price, self.tick):
            return f"PRICE_FILTER: price={text_of(price)} tick={text_of(self.tick)}"
        return None

    def _quantity_breach(self, quantity: Decimal) -> str | None:
        if quantity <= 0 or quantity < self.quantity_min or (self.quantity_max and quantity > self.quantity_max):
            return f"LOT_SIZE: quantity={text_of(quantity)} min={text_of(self.quantity_min)} max={text_of(self.quantity_max)}"
        if not is_on_grid(quantity, self.lot):
            return f"LOT_SIZE: quantity={text_of(quantity)} lot={text_of(self.lot)}"
        return None

    def _notional_breach(self, notional: Decimal) -> str | None:
        if notional < self.notional_min or (self.notional_max and notional > self.notional_max):
            return f"NOTIONAL: value={text_of(notional)} min={text_of(self.notional_min)} max={text_of(self.notional_max)}"
        return None
