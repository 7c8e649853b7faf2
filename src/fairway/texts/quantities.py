"""Quantities as people write them: a share, a time, money, a number with its unit; never a bare number, never a float.

Each is a pydantic type that takes the text of a file, or the value itself as a program gives it, and bears a right example.
"""

import re
from decimal import Decimal
from typing import Annotated, Any, Final, Self

from msgspec import Struct
from pydantic import BeforeValidator, Field, InstanceOf

from fairway.money.amount import Amount, text_of
from fairway.money.fraction import Fraction
from fairway.texts.durations import LENGTHS, as_setting, duration_of

NUMBER: Final = r"-?\d{1,12}(?:\.\d{1,12})?"
_SHARE = re.compile(rf"({NUMBER})\s*%")
_MONEY = re.compile(rf"({NUMBER})\s+([A-Z][A-Z0-9]{{1,19}})")
_MEASURE = re.compile(rf"({NUMBER})\s*(%?[A-Za-z]*(?:/\d{{0,6}}[a-z]{{1,10}})?)")
_RATE = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\s*/\s*(s|m|h|d|w)")
_SYMBOL = re.compile(r"[A-Z0-9]{1,20}/[A-Z0-9]{1,20}")

_FAMILIES: Final[tuple[dict[str, Decimal], ...]] = (
    {name: Decimal(length) for name, length in LENGTHS.items()},
    {"%": Decimal(100), "bps": Decimal(1)},
    {
        "B": Decimal(1),
        "KB": Decimal(10**3),
        "MB": Decimal(10**6),
        "GB": Decimal(10**9),
        "MiB": Decimal(2**20),
        "GiB": Decimal(2**30),
    },
)
"""Units that can be turned into each other: how much of the smallest one each is."""


class Quantity(Struct, frozen=True):
    """A number with its unit: `500 ms`, `3 bps`, `-0.2 R`, `2 %/24h`; the unit is "" for a bare count."""

    value: Decimal
    unit: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError, in words that continue a sentence that names the value."""
        match = _MEASURE.fullmatch(text.strip())
        if match is None:
            raise ValueError("is no number with a unit; write a number, a space and the unit")
        return cls(Decimal(match[1]), match[2])

    def in_unit(self, unit: str) -> Decimal:
        """The number in another unit of the same kind. Raises ValueError, in words that continue a sentence."""
        if unit == self.unit:
            return self.value
        for family in _FAMILIES:
            if unit in family and self.unit in family:
                return self.value * family[self.unit] / family[unit]
        raise ValueError(f"is not in {unit or 'a bare number'}" + (f" but in {self.unit}" if self.unit else ": it has no unit"))

    def __str__(self) -> str:
        return f"{text_of(self.value)} {self.unit}".rstrip()


class Rate(Struct, frozen=True):
    """So many in a span of time (ns), as they are expected to come."""

    number: Decimal
    span: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """`40/d`. Raises ValueError."""
        match = _RATE.fullmatch(text.strip())
        if match is None:
            raise ValueError("is no rate; write a number, a slash and one of s, m, h, d, w")
        return cls(Decimal(match[1]), LENGTHS[match[2]])

    def within(self, ns: int) -> int:
        """How many are expected in a time, rounded down."""
        return int(self.number * ns / self.span)

    def __str__(self) -> str:
        return f"{text_of(self.number)}/{as_setting(self.span).removeprefix('1')}"


def share_of(text: str) -> Fraction:
    """`95 %`. Without its sign a number could be either, and one of the two is a hundred times as much. Raises ValueError."""
    match = _SHARE.fullmatch(text.strip())
    if match is None:
        raise ValueError("is no percentage; write a number and %")
    return Fraction(Decimal(match[1]) / 100)


def money_of(text: str) -> Amount:
    """`100 USD`. Raises ValueError."""
    match = _MONEY.fullmatch(text.strip())
    if match is None:
        raise ValueError("is no amount of money; write a number, a space and the asset in capitals")
    return Amount(Decimal(match[1]), match[2])


def _read(parse: Any, kind: type, what: str) -> BeforeValidator:
    """Takes a text, and the value itself; a bare number or a float is refused, because it has no unit."""

    def before(value: object) -> object:
        if isinstance(value, str):
            return parse(value)
        if isinstance(value, bool) or not isinstance(value, kind):
            raise ValueError(f"is no {what}" if value is not None else "has no value")
        return value

    return BeforeValidator(before)


def _switch(value: object) -> object:
    if isinstance(value, str):
        if value not in ("true", "false"):
            raise ValueError("is neither true nor false")
        return value == "true"
    return value


def _symbol(value: object) -> object:
    if isinstance(value, str) and not _SYMBOL.fullmatch(value):
        raise ValueError("is no symbol; write base, a slash and quote in capitals")
    return value


Share = Annotated[InstanceOf[Fraction], _read(share_of, Fraction, "percentage"), Field(examples=["95 %"])]
Duration = Annotated[int, _read(duration_of, int, "time"), Field(examples=["24h"])]
"""In nanoseconds."""
Money = Annotated[InstanceOf[Amount], _read(money_of, Amount, "amount of money"), Field(examples=["100 USD"])]
Measure = Annotated[InstanceOf[Quantity], _read(Quantity.parse, Quantity, "number with a unit"), Field(examples=["500 ms"])]
Expected = Annotated[InstanceOf[Rate], _read(Rate.parse, Rate, "rate"), Field(examples=["40/d"])]
Switch = Annotated[bool, BeforeValidator(_switch), Field(examples=["true"])]
Symbol = Annotated[str, BeforeValidator(_symbol), Field(examples=["BTC/USDT"])]
