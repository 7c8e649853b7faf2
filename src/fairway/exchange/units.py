"""Numbers of the practice exchange: every price and quantity is an integer count of 10⁻⁸.

The wire protocol writes each number with eight decimals, so inside the exchange each number *is* that integer: exact, fast, and
without a context. The quote amount of a fill is price x quantity cut down to eight decimals; buyer and seller move the same cut
amount, so money is conserved to the last digit.
"""

import re

ONE = 10**8
"""One whole coin, or a price of one."""

ROUND_UP = ONE - 1
"""Added to a product of two numbers before it is cut down, this rounds it up."""

_NUMBER = re.compile(r"^(\d{1,17})(?:\.(\d{1,20}))?$", re.ASCII)


def parse(text: str) -> int | None:
    """Count of 10⁻⁸ in a plain decimal number; None if it is not one, is negative, or has digits after the eighth decimal."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    whole, part = match.group(1), match.group(2) or ""
    if part[8:].strip("0"):
        return None
    return int(whole) * ONE + int(part[:8].ljust(8, "0"))


def text(units: int) -> str:
    """The number as the wire writes it: always eight decimals, `-` in front where negative."""
    sign, units = ("-", -units) if units < 0 else ("", units)
    return f"{sign}{units // ONE}.{units % ONE:08d}"


def short_text(units: int) -> str:
    """The number without idle zeros: `0.001`, `5`."""
    return text(units).rstrip("0").removesuffix(".")


def quote_of(price: int, quantity: int) -> int:
    """Quote amount of a quantity at a price, cut down to eight decimals."""
    return price * quantity // ONE


def quote_hold(price: int, quantity: int) -> int:
    """Quote amount to hold for a buy order: rounded up, so that no sequence of fills can need more."""
    return (price * quantity + ROUND_UP) // ONE
