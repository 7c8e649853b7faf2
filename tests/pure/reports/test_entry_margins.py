"""How far an approved entry was from what would have refused it."""

from decimal import Decimal

from fairway.journal.kinds import EntryPlanned
from fairway.money.amount import Amount, Price
from fairway.money.fraction import Fraction
from fairway.reports.entry_margins import CheckMargin, entry_margins
from fairway.risk.limits import NO_LIMITS, Limits
from fairway.risk.rules import RiskRules
from fairway.world.clock import MILLISECOND, MINUTE, SECOND

RULES = RiskRules(
    per_trade=Fraction.parse("1 %"), position_max=Fraction.parse("20 %"), positions_max=3, stop_max=Fraction.parse("20 %")
)


def price(text: str) -> Price:
    return Price.of(text, "BTC", "USDT")


PLANNED = EntryPlanned(
    symbol="BTC/USDT",
    order_id="fw-main-k3x9q-1-1-e",
    stop=price("90"),
    target=price("120"),
    why="told",
    quote_age_ns=500 * MILLISECOND,
    price=price("100"),
    intent_age_ns=15 * SECOND,
)


def margins(planned: EntryPlanned = PLANNED, limits: Limits = NO_LIMITS) -> dict[str, CheckMargin]:
    return {each.check: each for each in entry_margins(planned, Decimal(2), RULES, limits, MINUTE)}


def test_ages_are_told_against_the_oldest_that_would_do() -> None:
    found = margins()
    assert (found["age of the quote"].figure, found["age of the quote"].share) == ("500 ms", Decimal("0.05"))
    assert found["age of the intent"].share == Decimal("0.25")
    assert not found["age of the intent"].is_bound_of_now


def test_a_distance_and_a_value_are_told_against_bounds_of_now() -> None:
    found = margins(limits=Limits(order_value=Amount.of("400", "USDT")))
    assert (found["distance of the stop"].figure, found["distance of the stop"].share) == ("10.00 %", Decimal("0.5"))
    assert (found["value of the order"].figure, found["value of the order"].share) == ("200.00 USDT", Decimal("0.5"))
    assert found["value of the order"].is_bound_of_now


def test_an_old_record_tells_what_it_has() -> None:
    old = EntryPlanned(
        symbol="BTC/USDT", order_id="a", stop=price("90"), target=price("120"), why="told", quote_age_ns=MILLISECOND
    )
    assert list(margins(old)) == ["age of the quote"]
