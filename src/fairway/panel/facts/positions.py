"""Open positions, each with its stop, its target, and how far the price is from both."""

from dataclasses import dataclass
from decimal import Decimal

from fairway.operations.trader.status import StatusOutcome
from fairway.panel.facts.money import Signed, signed_amount
from fairway.panel.state_marks import Mark
from fairway.reports.holdings import Held
from fairway.texts.display import NOTHING, number, percent, places_for, signed


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionFacts:
    """One position. to_stop, to_target: of the price, in percent. place: of the mark between stop and target, 0 to 1.

    r: the result in units of what the plan risked, nothing where that is not known. fees: of its fills so far.
    """

    account: str
    symbol: str
    quantity: str
    entry: str
    price: str
    result: Signed
    r: str
    fees: str
    stop: str
    target: str
    to_stop: str
    to_target: str
    place: float | None
    opened_at: int
    mark: Mark

    @property
    def key(self) -> tuple[str, str]:
        return self.account, self.symbol


def position_facts(status: StatusOutcome) -> tuple[PositionFacts, ...]:
    """By account and symbol, so that each keeps its place."""
    found = [_facts(each.holdings.account, held) for each in status.accounts for held in each.holdings.held]
    return tuple(sorted(found, key=lambda each: each.key))


def _facts(account: str, held: Held) -> PositionFacts:
    stop = held.stop.value if held.stop is not None else None
    target = held.target.value if held.target is not None else None
    quote = held.result.asset if held.result is not None else ""
    return PositionFacts(
        account=account,
        symbol=held.symbol,
        quantity=f"{number(held.quantity.value)} {held.quantity.asset}",
        entry=number(held.entry, places_for(quote, held.entry)),
        price=number(held.mark, places_for(quote, held.mark)) if held.mark is not None else NOTHING,
        result=signed_amount(held.result, 2),
        r=f"{signed(held.r, 2)} R" if held.r is not None else NOTHING,
        fees=", ".join(
            f"{number(paid, 4 if asset == quote else places_for(asset, paid))} {asset}" for asset, paid in held.fees.items()
        )
        or NOTHING,
        stop=number(stop) if stop is not None else "no stop",
        target=number(target) if target is not None else "no target",
        to_stop=_away(held.mark, stop),
        to_target=_away(held.mark, target),
        place=_place(stop, held.mark, target),
        opened_at=held.opened_at,
        mark=Mark.GOOD if held.is_covered else Mark.BAD,
    )


def _away(mark: Decimal | None, price: Decimal | None) -> str:
    return NOTHING if mark is None or price is None or not mark else percent(abs(price - mark) / mark, 1)


def _place(stop: Decimal | None, mark: Decimal | None, target: Decimal | None) -> float | None:
    if stop is None or mark is None or target is None or target <= stop:
        return None
    return round(min(1.0, max(0.0, float((mark - stop) / (target - stop)))), 3)
