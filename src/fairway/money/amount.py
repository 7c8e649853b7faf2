"""Amounts and prices: exact decimals that know their assets, so that adding BTC to USDT is a TypeError.

| expression               | gives                   | why                                             |
|--------------------------|-------------------------|-------------------------------------------------|
| Amount ± Amount          | Amount of the one asset | TypeError where the assets differ               |
| Amount * Decimal or int  | Amount                  | a fraction has no asset                         |
| Amount / Amount          | Decimal                 | a ratio of one asset                            |
| Price * Amount of base   | Amount of quote         | what it costs                                   |
| Amount of quote / Price  | Amount of base          | what it buys, before any rounding               |
| Price - Price            | Amount of quote         | a distance, for one unit of base                |

Floats are refused everywhere. Text is canonical: no exponent, no trailing zeros, and `0` for every zero.
"""

from decimal import (
    Context,
    Decimal,
    DecimalException,
    DefaultContext,
    FloatOperation,
    InvalidOperation,
    Overflow,
    setcontext,
)
from typing import Self

from msgspec import Struct

CONTEXT = Context(prec=50, traps=[InvalidOperation, Overflow, FloatOperation])
"""Fifty digits: the product of any two amounts a venue can name is exact."""

ZERO = Decimal(0)


def use_exact_decimals() -> None:
    """Makes this thread, and every thread started later, compute with fifty digits and refuse floats. Called once at start."""
    DefaultContext.prec, DefaultContext.traps = CONTEXT.prec, CONTEXT.traps
    setcontext(CONTEXT.copy())


def exact(value: Decimal | int | str) -> Decimal:
    """A finite Decimal. Raises TypeError for floats and bools, ValueError for text that is not a finite plain number."""
    if type(value) is Decimal and value.is_finite():
        return value
    if isinstance(value, float | bool):
        raise TypeError(f"{value!r} is not exact; write it as text, such as '0.1'")
    try:
        number = Decimal(value)
    except DecimalException:
        raise ValueError(f"{value!r} is not a number; a right one is '0.1'") from None
    if not number.is_finite():
        raise ValueError(f"{value!r} is not a finite number; a right one is '0.1'")
    return number


def text_of(value: Decimal) -> str:
    """Canonical text: `1.5`, `1000`, `0`; the same number always gives the same text."""
    if not value:
        return "0"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class Amount(Struct, frozen=True, gc=False):
    """So much of one asset; negative where it is owed or lost."""

    value: Decimal
    asset: str

    @classmethod
    def of(cls, value: Decimal | int | str, asset: str) -> Self:
        return cls(exact(value), asset)

    def _same(self, other: "Amount") -> Decimal:
        if type(other) is Amount and other.asset == self.asset:
            return other.value
        if not isinstance(other, Amount):
            raise TypeError(f"{other!r} is no amount; an amount of {self.asset} is needed")
        raise TypeError(f"{self} and {other} are of different assets")

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.value + self._same(other), self.asset)

    def __sub__(self, other: "Amount") -> "Amount":
        return Amount(self.value - self._same(other), self.asset)

    def __neg__(self) -> "Amount":
        return Amount(-self.value, self.asset)

    def __abs__(self) -> "Amount":
        return Amount(abs(self.value), self.asset)

    def __mul__(self, factor: Decimal | int) -> "Amount":
        return Amount(self.value * exact(factor), self.asset)

    __rmul__ = __mul__

    def __truediv__(self, other: "Amount") -> Decimal:
        return self.value / self._same(other)

    def over(self, price: "Price") -> "Amount":
        """The amount of base that this much quote buys at a price, unrounded."""
        if price.quote != self.asset:
            raise TypeError(f"{self} cannot pay a price in {price.quote}")
        return Amount(self.value / price.value, price.base)

    def __lt__(self, other: "Amount") -> bool:
        return self.value < self._same(other)

    def __le__(self, other: "Amount") -> bool:
        return self.value <= self._same(other)

    def __gt__(self, other: "Amount") -> bool:
        return self.value > self._same(other)

    def __ge__(self, other: "Amount") -> bool:
        return self.value >= self._same(other)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __str__(self) -> str:
        return f"{text_of(self.value)} {self.asset}"


class Price(Struct, frozen=True, gc=False):
    """Quote asset per one unit of base asset."""

    value: Decimal
    base: str
    quote: str

    @classmethod
    def of(cls, value: Decimal | int | str, base: str, quote: str) -> Self:
        return cls(exact(value), base, quote)

    def _same(self, other: "Price") -> Decimal:
        if type(other) is Price and other.base == self.base and other.quote == self.quote:
            return other.value
        if not isinstance(other, Price):
            raise TypeError(f"{other!r} is no price; a price of {self.base} in {self.quote} is needed")
        raise TypeError(f"{self} and {other} are of different pairs")

    def __mul__(self, quantity: Amount) -> Amount:
        if not isinstance(quantity, Amount) or quantity.asset != self.base:
            raise TypeError(f"{self} prices {self.base}, not {quantity}")
        return Amount(self.value * quantity.value, self.quote)

    def __sub__(self, other: "Price") -> Amount:
        return Amount(self.value - self._same(other), self.quote)

    def moved(self, distance: Amount) -> "Price":
        """This price, higher by a distance in quote (lower where negative)."""
        if distance.asset != self.quote:
            raise TypeError(f"{self} cannot move by {distance}")
        return Price(self.value + distance.value, self.base, self.quote)

    def times(self, factor: Decimal | int) -> "Price":
        return Price(self.value * exact(factor), self.base, self.quote)

    def __lt__(self, other: "Price") -> bool:
        return self.value < self._same(other)

    def __le__(self, other: "Price") -> bool:
        return self.value <= self._same(other)

    def __gt__(self, other: "Price") -> bool:
        return self.value > self._same(other)

    def __ge__(self, other: "Price") -> bool:
        return self.value >= self._same(other)

    def __str__(self) -> str:
        return f"{text_of(self.value)} {self.quote}"
