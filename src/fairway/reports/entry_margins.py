"""How far an approved entry was from what would have refused it, as far as the journal holds the figures.

The journal holds the figure of a check where an entry was refused by it; what is kept of an approved one is in `EntryPlanned`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from fairway.journal.kinds import EntryPlanned
from fairway.money.amount import ZERO
from fairway.reports.ratio import ratio
from fairway.risk.limits import Limits
from fairway.risk.review import INTENT_CHECKS, ORDER_CHECKS, QUOTE_AGE_MAX_NS
from fairway.risk.rules import RiskRules
from fairway.texts.display import number, percent
from fairway.world.clock import MILLISECOND

CHECKS: int = len(INTENT_CHECKS) + len(ORDER_CHECKS)
"""So many checks an entry has to pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckMargin:
    """One check that was passed. share: of the bound that was used up, None where that is nothing.

    is_bound_of_now: whether the bound was perhaps another one when it was checked.
    """

    check: str
    figure: str
    bound: str
    share: Decimal | None
    is_bound_of_now: bool = False


def entry_margins(
    planned: EntryPlanned, quantity: Decimal, rules: RiskRules, limits: Limits, intent_age_max_ns: int
) -> tuple[CheckMargin, ...]:
    """Of an approved entry of so much base. rules, limits: as they are now. intent_age_max_ns: the length of a candle."""
    return (*_ages(planned, intent_age_max_ns), *_prices(planned, quantity, rules, limits))


def _ages(planned: EntryPlanned, intent_age_max_ns: int) -> Iterator[CheckMargin]:
    yield _age("age of the quote", planned.quote_age_ns, QUOTE_AGE_MAX_NS)
    age_ns = planned.intent_age_ns
    if age_ns is not None and age_ns < intent_age_max_ns:  # a signal may be older than a candle, by its strategy's own rule
        yield _age("age of the intent", age_ns, intent_age_max_ns)


def _age(check: str, age_ns: int, most_ns: int) -> CheckMargin:
    return CheckMargin(check=check, figure=_ms(age_ns), bound=_ms(most_ns), share=ratio(Decimal(age_ns), Decimal(most_ns)))


def _ms(ns: int) -> str:
    return f"{ns // MILLISECOND:,} ms"


def _prices(planned: EntryPlanned, quantity: Decimal, rules: RiskRules, limits: Limits) -> Iterator[CheckMargin]:
    price = planned.price.value if planned.price is not None else None
    if not price:
        return
    if rules.stop_max is not None:
        distance = ratio(price - planned.stop.value, price) or ZERO
        yield CheckMargin(
            check="distance of the stop",
            figure=percent(distance),
            bound=percent(rules.stop_max.value),
            share=ratio(distance, rules.stop_max.value),
            is_bound_of_now=True,
        )
    most = limits.order_value
    if most is not None and most.value:
        value = price * quantity
        yield CheckMargin(
            check="value of the order",
            figure=f"{number(value, 2)} {most.asset}",
            bound=f"{number(most.value, 2)} {most.asset}",
            share=ratio(value, most.value),
            is_bound_of_now=True,
        )
