"""What the accounts are worth and have earned, all together."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from fairway.money.amount import ZERO, Amount
from fairway.operations.trader.status import StatusOutcome
from fairway.operations.trader.worth import WorthOutcome
from fairway.texts.display import NOTHING, number, percent, places_for, rounded, signed, signed_percent
from fairway.world.clock import MILLISECOND


@dataclass(frozen=True, slots=True)
class Signed:
    """An amount with its unit. tone: `gain`, `loss` or "", the name of its class."""

    words: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyFacts:
    """at: of which instant (ns) the worth is, the oldest of all accounts."""

    worth: str
    unit: str
    at: int
    today: Signed
    week: Signed
    in_all: Signed
    fall: str
    trades: str


def money_facts(status: StatusOutcome, worth: WorthOutcome) -> MoneyFacts:
    """Of the accounts with the quote asset of the first that was valued."""
    valued = [each.holdings for each in status.accounts if each.holdings.worth is not None]
    quote = valued[0].quote if valued else ""
    valued = [each for each in valued if each.quote == quote]
    whole = sum((each.worth.value for each in valued if each.worth is not None), ZERO)
    places = places_for(quote, whole)
    trades = sum(each.in_all.trades for each in valued)
    return MoneyFacts(
        worth=number(whole, places) if valued else NOTHING,
        unit=quote,
        at=min((each.marked_at for each in valued), default=0),
        today=signed_amount(total(each.today.result for each in valued), places),
        week=_share(worth),
        in_all=signed_amount(total(each.in_all.result for each in valued), places),
        fall=percent(-worth.curve.fall) if worth.curve.points else NOTHING,
        trades=f"{trades:,} in all",
    )


def total(results: Iterable[Amount | None]) -> Amount | None:
    """The sum; None where one of them is not known, or there is none."""
    known = list(results)
    if not known or any(each is None for each in known):
        return None
    amounts = [each for each in known if each is not None]
    return Amount(sum((each.value for each in amounts), ZERO), amounts[0].asset)


def signed_amount(result: Amount | None, places: int) -> Signed:
    """With its sign and unit; nothing where it is not known."""
    if result is None:
        return Signed(NOTHING, "")
    return Signed(f"{signed(result.value, places)} {result.asset}", tone_of(result.value))


def _share(worth: WorthOutcome) -> Signed:
    """What the money has become in the span of the curve."""
    curve = worth.curve
    if len(curve.points) < 2:
        return Signed(NOTHING, "")
    return Signed(signed_percent(curve.gain), tone_of(rounded(curve.gain, 4)))


def tone_of(value: Decimal) -> str:
    """The class of a gain or a loss."""
    return "gain" if value > 0 else "loss" if value < 0 else ""


Curve = tuple[tuple[int, float, float], ...]
"""(instant in ms, worth, fall in percent); floats, for they are drawn and nothing else."""


def drawn_curve(worth: WorthOutcome) -> Curve:
    """A curve as charts take it."""
    found = worth.curve
    pairs = zip(found.points, found.falls, strict=True)
    return tuple((point.at // MILLISECOND, float(point.worth), float(fall * 100)) for point, fall in pairs)
