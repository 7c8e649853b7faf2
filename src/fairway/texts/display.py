"""How numbers and instants are shown to people: grouped digits, a real minus sign, UTC.

Reports round nowhere else; everything before it is exact.
"""

from decimal import ROUND_HALF_EVEN, Decimal

from fairway.money.amount import CONTEXT, Amount, text_of
from fairway.world.clock import datetime_of
from fairway.world.clock import text_of as text_of_instant

NOTHING = "—"
"""Stands where a figure is not defined: no trades have no win rate."""
MINUS = "−"
_WHOLE = Decimal(1)


def rounded(value: Decimal, places: int) -> Decimal:
    """To so many decimals, half to even: nearest, and without a drift upwards over many figures."""
    return value.quantize(_WHOLE.scaleb(-places), ROUND_HALF_EVEN, CONTEXT)


def number(value: Decimal | None, places: int | None = None) -> str:
    """`−12,345.60`. Without places every digit is shown; None is `—`."""
    if value is None:
        return NOTHING
    text = text_of(value) if places is None else f"{rounded(value, places):f}"
    whole, dot, rest = text.lstrip("-").partition(".")
    is_below = text.startswith("-") and any(digit not in "0." for digit in text[1:])
    return f"{MINUS if is_below else ''}{int(whole):,}{dot}{rest}"


def signed(value: Decimal | None, places: int | None = None) -> str:
    """As `number`, with a plus where it is above zero."""
    text = number(value, places)
    return f"+{text}" if value is not None and value > 0 and any(digit in "123456789" for digit in text) else text


def percent(share: Decimal | None, places: int = 2) -> str:
    """A share of one: 0.0031 is `0.31 %`."""
    return NOTHING if share is None else f"{number(share * 100, places)} %"


def signed_percent(share: Decimal | None, places: int = 2) -> str:
    return NOTHING if share is None else f"{signed(share * 100, places)} %"


def amount(value: Amount | None, places: int | None = None) -> str:
    return NOTHING if value is None else f"{number(value.value, places)} {value.asset}"


def places_for(asset: str, scale: Decimal) -> int:
    """Decimals that make sense for amounts around a scale: two for thousands of dollars, eight for hundredths of a bitcoin."""
    if asset in ("USDT", "USDC", "USD", "EUR", "BUSD", "FDUSD") and abs(scale) >= 1:
        return 2
    if not scale:
        return 2
    return min(8, max(2, 5 - scale.adjusted()))


def tick_places(tick: Decimal) -> int:
    """Decimals of a price on this tick: 0.01 has two."""
    return max(0, -int(tick.normalize(CONTEXT).as_tuple().exponent))


def clock_text(at: int) -> str:
    """`10:15`, UTC."""
    return f"{datetime_of(at):%H:%M}"


def day_text(at: int) -> str:
    """`3 Jan 2022`, UTC."""
    moment = datetime_of(at)
    return f"{moment.day} {moment:%b %Y}"


def moment_text(at: int) -> str:
    """`3 Jan 10:15`, UTC."""
    moment = datetime_of(at)
    return f"{moment.day} {moment:%b %H:%M}"


def exact_clock_text(at: int) -> str:
    """`10:15:00.120`, UTC, rounded down to the millisecond."""
    return text_of_instant(at)[11:-1]


def count_text(count: int, one: str, many: str = "") -> str:
    """`1 trade`, `12 trades`, `no trades`."""
    return f"{count:,} {one}" if count == 1 else f"{count or 'no':{',' if count else ''}} {many or one + 's'}"
