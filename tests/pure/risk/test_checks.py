"""Checks: each at its very edge, and what happens to an entry of which one cannot be asked."""

from dataclasses import replace
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest
from msgspec import structs
from tests.pure.risk.test_review import GOOD, NOW, QUOTE, check

from fairway.money.amount import Amount, Price
from fairway.money.fraction import Fraction
from fairway.orders.plan import ExitPlan, Rung
from fairway.risk.checks import account, data, market, order
from fairway.risk.checks.order import (
    is_levered_within,
    is_paid_for,
    is_small_enough,
    loses_within,
    loses_within_with_others,
    stays_exposed_within,
)
from fairway.risk.entry import EntryRefusal, OtherAccounts, ProposedEntry, Sized
from fairway.risk.guards.recent import KEPT_NS, Entered, RecentEntries
from fairway.risk.hours import Hours
from fairway.risk.limits import Limits
from fairway.risk.profiles import Profile, rules_of
from fairway.risk.review import INTENT_CHECKS, ORDER_CHECKS, review
from fairway.world.clock import DAY, HOUR, MILLISECOND, MINUTE, SECOND


def ruled(**changes: Any) -> ProposedEntry:
    return structs.replace(GOOD, rules=structs.replace(GOOD.rules, **changes))


def passes(entry: ProposedEntry) -> None:
    assert isinstance(review(entry), Sized)


def usdt(value: str) -> Amount:
    return Amount.of(value, "USDT")


def recent(*ages_ns: int, quantity: str = "1", stop: str = "98", symbol: str = "BTC/USDT") -> RecentEntries:
    """Entries of so long ago, oldest first."""
    entries = RecentEntries()
    for age in ages_ns:
        target = Price.of("104", "BTC", "USDT")
        entries.add(Entered(symbol, Amount.of(quantity, "BTC"), Price.of(stop, "BTC", "USDT"), target, NOW - age))
    return entries


def test_a_price_far_from_the_close_is_not_paid() -> None:
    """The ask of 100.1, 2 % above or below the close that the strategy saw, and not a bit more."""
    collared = ruled(collar=Fraction.parse("2 %"))
    passes(collared)
    for close in ("98.2", "102.1"):
        passes(structs.replace(collared, close=Decimal(close)))
    for close in ("98.1", "102.2"):
        check(structs.replace(collared, close=Decimal(close)), f"PRICE_COLLAR: ask=100.1 close={close} max=0.02")


def test_a_stop_farther_than_the_profile_allows() -> None:
    """2.1 below 100.1 is 2.097902 %."""
    passes(ruled(stop_max=Fraction.of("0.021")))
    check(ruled(stop_max=Fraction.of("0.02097")), "STOP_FAR: distance=0.020979 max=0.02097")


def test_a_strategy_that_says_how_sure_it_is_must_be_sure_enough() -> None:
    """Above the bound, not at it; one that does not say is not asked."""
    bold = ruled(confidence_min=Fraction.parse("80 %"))
    passes(bold)
    for confidence in ("80.1 %", "80 %"):
        sure = structs.replace(bold, intent=structs.replace(bold.intent, confidence=Fraction.parse(confidence)))
        if confidence == "80 %":
            check(sure, "CONFIDENCE_LOW: confidence=0.8 min=0.8")
        else:
            passes(sure)


def test_an_account_does_not_buy_from_its_own_order() -> None:
    """A sale of ours within the reach of a market order; told before the busy symbol that it always is."""
    passes(structs.replace(GOOD, resting_sale=Decimal("104")))
    busy = structs.replace(GOOD, resting_sale=Decimal("100.2"), symbol_is_busy=True)
    check(busy, "SELF_TRADE: own_sale=100.2 ask=100.1")


@pytest.mark.parametrize("sign", [1, -1])
def test_a_clock_that_is_off_enters_nothing(sign: int) -> None:
    """500 ms to either side; unmeasured, entries wait for the catch-up with which it is measured."""
    strict = ruled(skew_max_ns=500 * MILLISECOND)
    passes(strict)
    passes(structs.replace(strict, skew_ns=sign * 500 * MILLISECOND))
    check(structs.replace(strict, skew_ns=sign * 501 * MILLISECOND), f"CLOCK_SKEWED: skew_ms={sign * 501} max_ms=500")


def test_a_second_entry_within_five_seconds_is_a_duplicate() -> None:
    """Of the same symbol; another symbol, or one nanosecond later, is none."""
    strict = ruled(duplicate_ns=5 * SECOND)
    check(structs.replace(strict, recent=recent(5 * SECOND - 1)), "DUPLICATE: symbol=BTC/USDT age_ms=4999 window_ms=5000")
    passes(structs.replace(strict, recent=recent(5 * SECOND)))
    passes(structs.replace(strict, recent=recent(1, symbol="ETH/USDT")))


def test_so_many_entries_a_minute_and_no_more() -> None:
    """Whatever their symbols; at sixty seconds they are forgotten."""
    limited = structs.replace(GOOD, limits=Limits(orders_a_minute=2))
    passes(structs.replace(limited, recent=recent(MINUTE, MINUTE - 1)))
    busy = recent(MINUTE - 1, SECOND, symbol="ETH/USDT")
    check(structs.replace(limited, recent=busy), "RATE_MAX: entries_a_minute=2 max=2")


def test_the_very_same_entry_again_and_again() -> None:
    """Symbol, quantity, stop and target alike for the fourth time in ten minutes; any difference makes it another."""
    strict = ruled(repeats_max=3)
    sized = review(strict)
    assert isinstance(sized, Sized)
    same = str(sized.quantity.value)
    ages = (8 * MINUTE, 6 * MINUTE, 4 * MINUTE)
    told = f"REPEATED: symbol=BTC/USDT quantity={sized.quantity} times=4 max=3"
    check(structs.replace(strict, recent=recent(*ages, quantity=same)), told)
    passes(structs.replace(strict, recent=recent(*ages[1:], quantity=same)))
    passes(structs.replace(strict, recent=recent(*ages, quantity="7")))
    passes(structs.replace(strict, recent=recent(*ages, quantity=same, stop="97")))
    passes(structs.replace(strict, recent=recent(KEPT_NS, *ages[1:], quantity=same)))


def test_a_size_that_the_book_may_not_hold() -> None:
    """One is offered at 100.1 with a spread of 0.1; each further one is supposed a spread higher: 0.05 % on average for two."""
    shallow = ruled(slippage_max=Fraction.of("0.0099"), spread_max=Fraction.parse("1 %"))
    sized = review(GOOD)
    assert isinstance(sized, Sized)
    quantity = sized.quantity.value  # a little more than 39
    passes(structs.replace(shallow, quote=replace(QUOTE, ask_quantity=quantity)))
    thin = replace(QUOTE, ask_quantity=quantity / 20)
    passes(structs.replace(shallow, quote=thin))  # nineteen more levels: 0.1 x 19 / 2 of 100.1
    thinner = replace(QUOTE, ask_quantity=quantity / 21)
    check(structs.replace(shallow, quote=thinner), "SLIPPAGE_MAX: slippage=0.00999 max=0.0099")
    empty = replace(QUOTE, ask_quantity=Decimal(0))
    check(structs.replace(shallow, quote=empty), "SLIPPAGE_MAX: nothing is offered at 100.1")


def test_an_account_may_be_worth_too_little() -> None:
    """At the least it may trade."""
    passes(structs.replace(GOOD, limits=Limits(capital_min=usdt("10000"))))
    check(structs.replace(GOOD, limits=Limits(capital_min=usdt("10000.01"))), "CAPITAL_MIN: worth=10000 USDT min=10000.01 USDT")


def test_only_some_strategies_and_profiles_may_open() -> None:
    """An account, a strategy or a profile without a name is never allowed."""
    limited = structs.replace(GOOD, limits=Limits(strategies=frozenset({"trend", "range"})))
    passes(structs.replace(limited, strategy="trend"))
    check(structs.replace(limited, strategy="edge"), "STRATEGY_NOT_ALLOWED: strategy=edge allowed=range,trend")
    check(limited, "STRATEGY_NOT_ALLOWED: strategy=none")
    check(structs.replace(GOOD, limits=Limits(strategies=frozenset())), "STRATEGY_NOT_ALLOWED: strategy=none allowed=none")
    calm = structs.replace(ruled(profile="conservative"), limits=Limits(profiles=frozenset({"conservative"})))
    passes(calm)
    bold = structs.replace(calm, rules=rules_of(Profile.AGGRESSIVE, "USDT"))
    check(bold, "PROFILE_NOT_ALLOWED: profile=aggressive allowed=conservative")
    check(structs.replace(calm, rules=GOOD.rules), "PROFILE_NOT_ALLOWED: profile=none")


def test_so_many_entries_at_work_and_no_more() -> None:
    """The next one would be one too many."""
    limited = structs.replace(GOOD, limits=Limits(open_orders=2))
    passes(structs.replace(limited, open_orders=1))
    check(structs.replace(limited, open_orders=2), "OPEN_ORDERS_MAX: open=2 max=2")
    check(structs.replace(GOOD, limits=Limits(open_orders=0)), "OPEN_ORDERS_MAX: open=0 max=0")


def at(instant: int) -> ProposedEntry:
    """A good entry at another instant, with a quote of then."""
    return structs.replace(GOOD, now=instant, quote=replace(QUOTE, seen_at=instant))


@pytest.mark.parametrize(
    ("spell", "opens_ns", "closes_ns"),
    [("08:00-20:00", 8 * HOUR, 20 * HOUR), ("22:00-06:30", 22 * HOUR, 30 * HOUR + 30 * MINUTE)],
)
def test_positions_are_opened_within_hours(spell: str, opens_ns: int, closes_ns: int) -> None:
    """From the first nanosecond to before the last, over midnight too, by UTC."""
    day, limits = 20_000 * DAY, Limits(hours=Hours.parse(spell))
    for inside in (opens_ns, closes_ns - 1):
        passes(structs.replace(at(day + inside), limits=limits))
    for outside in (opens_ns - 1, closes_ns):
        check(structs.replace(at(day + outside), limits=limits), "HOURS_CLOSED: now=")
    told = "HOURS_CLOSED: now=07:59 open=08:00-20:00"
    check(structs.replace(at(day + 8 * HOUR - 1), limits=Limits(hours=Hours.parse("08:00-20:00"))), told)


def test_the_account_may_be_levered_so_far() -> None:
    """Of 10,000, of which 499 are taken: to the cent. The size is made to fit it, as to every other bound."""
    ten, exposed = Amount.of(10, "BTC"), structs.replace(GOOD, exposure=usdt("499"))  # ten are worth 1,001
    assert is_levered_within(structs.replace(exposed, limits=Limits(leverage=Decimal("0.15"))), ten) is None
    tight = structs.replace(exposed, limits=Limits(leverage=Decimal("0.1499")))
    assert is_levered_within(tight, ten) == "LEVERAGE_MAX: leverage=0.15 max=0.1499"
    sized = review(structs.replace(exposed, limits=Limits(leverage=Decimal("0.15"))))
    assert isinstance(sized, Sized)
    assert sized.bound == "limits.leverage"
    assert sized.quantity < ten


def test_a_stage_that_may_lose_only_so_much_opens_nothing_that_could_lose_more() -> None:
    """Ten at 100.1 lose 21 down to 98, and 0.2 % of both prices: 24.962. With 70 lost and 4 at risk that is 98.962."""
    ten, staged = Amount.of(10, "BTC"), structs.replace(GOOD, lost=Decimal(70), at_risk=Decimal(4))
    assert loses_within(structs.replace(staged, limits=Limits(loss=usdt("98.962"))), ten) is None
    told = loses_within(structs.replace(staged, limits=Limits(loss=usdt("98.961999"))), ten)
    assert told == "LOSS_MAX: lost=70 at_risk=4 planned=24.962 max=98.961999 USDT"
    gained = structs.replace(staged, lost=Decimal(-50), limits=Limits(loss=usdt("0")))
    assert loses_within(gained, ten) is None
    check(structs.replace(staged, limits=Limits(loss=usdt("98.962"))), "LOSS_MAX: lost=70 at_risk=4 planned=")
    check(structs.replace(GOOD, limits=Limits(loss=usdt("1000"))), "LOSS_UNKNOWN: the loss")


def test_all_accounts_together_have_so_much_at_work() -> None:
    """The room that is left bounds the size; where none is left, the entry is refused."""
    crowded = structs.replace(GOOD, exposure=usdt("100"), others=OtherAccounts(exposure=Decimal(900)))
    check(structs.replace(crowded, limits=Limits(capital_total=usdt("1000"))), "CAPITAL_TOTAL_MAX: at_work=1000 max=1000 USDT")
    sized = review(structs.replace(crowded, limits=Limits(capital_total=usdt("1500"))))
    assert isinstance(sized, Sized)
    assert sized.bound == "limits.capital_total"
    assert sized.quantity.value * Decimal("100.1") * Decimal("1.002") <= 500


def test_all_accounts_together_may_lose_so_much() -> None:
    """Others at worst 50; here 10 gained, 4 at risk, and ten that lose 24.962: 68.962. No gain offsets a loss."""
    ten = Amount.of(10, "BTC")
    staged = structs.replace(GOOD, lost=Decimal(-10), at_risk=Decimal(4), others=OtherAccounts(worst=Decimal(50)))
    assert loses_within_with_others(structs.replace(staged, limits=Limits(loss_total=usdt("68.962"))), ten) is None
    told = loses_within_with_others(structs.replace(staged, limits=Limits(loss_total=usdt("68.961999"))), ten)
    assert told == "LOSS_TOTAL_MAX: others=50 lost=-10 at_risk=4 planned=24.962 max=68.961999 USDT"
    rich = structs.replace(staged, lost=Decimal(-1000), limits=Limits(loss_total=usdt("50")))
    assert loses_within_with_others(rich, ten) is None
    assert loses_within_with_others(structs.replace(rich, limits=Limits(loss_total=usdt("49.99"))), ten) is not None
    for unknown in (structs.replace(staged, lost=None), structs.replace(staged, others=OtherAccounts(unknown=1))):
        check(structs.replace(unknown, limits=Limits(loss_total=usdt("1000"))), "LOSS_UNKNOWN: the loss")


def test_what_was_bounded_is_looked_at_once_more() -> None:
    """Were the size ever too large, by a fault of its own, the order would be refused: to the cent, and to the lot."""
    ten = Amount.of(10, "BTC")  # worth 1,001
    limited = structs.replace(GOOD, limits=Limits(order_value=usdt("1001")))
    assert is_small_enough(limited, ten) is None
    assert is_small_enough(structs.replace(GOOD, limits=Limits(order_value=usdt("1000.99"))), ten) is not None
    small = structs.replace(GOOD, instrument=replace(GOOD.instrument, quantity_max=Decimal("9.999")))
    assert is_small_enough(small, ten) == "ORDER_QUANTITY_MAX: quantity=10 BTC max=9.999"
    for limits in (Limits(capital=usdt("1500")), Limits(exposure_value=usdt("1500")), Limits(exposure=Fraction.parse("15 %"))):
        exposed = structs.replace(GOOD, limits=limits, exposure=usdt("499"))
        assert stays_exposed_within(exposed, ten) is None
        assert stays_exposed_within(structs.replace(exposed, exposure=usdt("499.01")), ten) is not None
    assert is_paid_for(structs.replace(GOOD, free=usdt("1002.001")), ten) is None
    told = is_paid_for(structs.replace(GOOD, free=usdt("1002")), ten)
    assert told == "LEVERAGE_MAX: cost=1002.001 free=1002 USDT max=1"


def test_a_check_that_cannot_be_asked_refuses() -> None:
    """Whatever is wrong with it, or with what it is asked about; the refusal names the check."""
    broken = structs.replace(GOOD, limits=Limits(positions="many"))  # type: ignore[arg-type]
    verdict = review(broken)
    assert isinstance(verdict, EntryRefusal)
    assert verdict.code.startswith("CHECK_FAILED: check=has_room error=TypeError")
    unsized = structs.replace(GOOD, limits=Limits(capital=Amount.of(1, "BTC"), size="x"))  # type: ignore[arg-type]
    verdict = review(unsized)
    assert isinstance(verdict, EntryRefusal)
    assert verdict.code.startswith("CHECK_FAILED: check=size_entry error=AttributeError")


def test_every_check_is_made() -> None:
    """All that there are stand in the two lists."""
    defined = set().union(*(_questions(module) for module in (account, data, market, order)))
    assert defined - {"unsound"} == {it.__name__ for it in (*INTENT_CHECKS, *ORDER_CHECKS)}


def _questions(module: ModuleType) -> set[str]:
    own = {name for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__}
    return {name for name in own if not name.startswith("_")}


def test_an_entry_whose_exit_the_venue_could_not_hold_is_refused() -> None:
    """A stop and a target beside what rests: five stops and 200 orders in all, and no coin locked that is not in the books."""
    passes(structs.replace(GOOD, stops_beside=4, orders_beside=198))
    check(structs.replace(GOOD, stops_beside=5), "EXIT_MAX_NUM_ALGO_ORDERS: stops=1 beside=5 max=5")
    check(structs.replace(GOOD, orders_beside=199), "EXIT_MAX_NUM_ORDERS: orders=2 beside=199 max=200")
    passes(structs.replace(GOOD, locked_short=Decimal("-0.5")))
    check(structs.replace(GOOD, locked_short=Decimal("0.001")), "EXIT_LOCKED: quantity=")


def test_each_rung_of_a_ladder_needs_a_stop_of_its_own() -> None:
    rung = Rung(Fraction.parse("50 %"), Price.of("102", "BTC", "USDT"))
    ladder = structs.replace(GOOD, intent=structs.replace(GOOD.intent, exit_plan=ExitPlan(rungs=(rung,))))
    passes(structs.replace(ladder, stops_beside=3))
    check(structs.replace(ladder, stops_beside=4), "EXIT_MAX_NUM_ALGO_ORDERS: stops=2 beside=4 max=5")
