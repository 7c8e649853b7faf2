"""Sales, by what the state has seen: when to wait, whose turn it is, at which price, and when a position's time is up."""

from decimal import Decimal

import pytest
from msgspec.structs import replace
from tests.pure.trading.planned import protected
from tests.pure.trading.test_step import SYMBOL

from fairway.journal.kinds import CapRaised, StopFailed
from fairway.market.candles import Quote
from fairway.money.amount import Amount
from fairway.orders.ids import Role
from fairway.orders.lifecycle import CancelSent, OrderSent
from fairway.orders.order import Order, OrderType, Side
from fairway.orders.plan import PLAIN, ExitPlan
from fairway.risk.caps import held as held_cap
from fairway.risk.limits import Limits, TradingState
from fairway.trading.exit_orders import (
    BEYOND_NS,
    close,
    has_given_up,
    is_turn_to_sell,
    must_wait,
    of_stop_beyond,
    overdue,
    sell,
    sound_bid,
)
from fairway.world.clock import MINUTE, SECOND


class Sale:
    """A position under its stop at 98 and its target; so many failures, and whether its stop has failed."""

    def __init__(self, plan: ExitPlan = PLAIN, *, failures: int = 0, collared: bool = False) -> None:
        self.scene, [self.pair] = protected(plan)
        self.state = self.scene.state
        self.state.retries.failures[SYMBOL] = failures
        if collared:
            self.state.protection.collared[SYMBOL] = None

    @property
    def now(self) -> int:
        return self.scene.now

    def stall(self, *, until: int) -> None:
        self.state.retries.stalled[SYMBOL] = (self.now, self.now + until)

    def quote(self, bid: str, *, after: int = 0) -> None:
        """The state sees it, and does nothing about it yet."""
        self.scene.now += after
        best = Decimal(bid)
        quote = Quote(SYMBOL, best, Decimal(1), best + Decimal("0.02"), Decimal(1), self.now, self.now)
        self.state.market.quotes[SYMBOL] = quote

    def sold(self) -> Order:
        [event] = sell(self.state, SYMBOL, Amount.of("0.5", "BTC"), "why", self.now)
        assert isinstance(event, OrderSent)
        assert event.order is not None
        return event.order


@pytest.mark.parametrize(
    ("failures", "collared", "given_up"),
    [(1, False, False), (2, False, True), (2, True, False), (3, True, True), (4, True, True)],
)
def test_a_person_is_called_after_two_failures_or_three_collars(failures: int, collared: bool, given_up: bool) -> None:
    assert has_given_up(Sale(failures=failures, collared=collared).state, SYMBOL) is given_up


@pytest.mark.parametrize(
    ("failures", "collared", "turn"),
    [
        (0, False, True),
        (1, False, True),
        (2, False, False),
        (3, False, True),
        (4, False, False),
        (2, True, True),
        (3, True, False),
    ],
)
def test_protecting_and_selling_take_turns_after_too_many_failures(failures: int, collared: bool, turn: bool) -> None:
    sale = Sale(failures=failures, collared=collared)
    assert is_turn_to_sell(sale.state, SYMBOL, sale.now) is turn


@pytest.mark.parametrize(("bid", "turn"), [("97.99", True), ("98", False), ("99", False)])
def test_below_the_stop_there_is_no_turn_to_protect(bid: str, turn: bool) -> None:
    """By a bid that was received after what failed: the venue would refuse the stop."""
    sale = Sale(failures=2)
    sale.quote(bid)
    sale.stall(until=MINUTE)
    assert not is_turn_to_sell(sale.state, SYMBOL, sale.now), "the bid is as old as the failure"
    sale.quote(bid, after=1)
    assert is_turn_to_sell(sale.state, SYMBOL, sale.now) is turn


def test_a_pause_ends_at_its_instant_and_a_long_one_with_a_newer_bid() -> None:
    sale = Sale()
    assert not must_wait(sale.state, SYMBOL, sale.now)
    sale.state.retries.wait_until[SYMBOL] = sale.now + SECOND
    assert must_wait(sale.state, SYMBOL, sale.now + SECOND - 1)
    assert not must_wait(sale.state, SYMBOL, sale.now + SECOND)
    sale.stall(until=2 * SECOND)
    assert must_wait(sale.state, SYMBOL, sale.now + 2 * SECOND - 1)
    assert not must_wait(sale.state, SYMBOL, sale.now + 2 * SECOND)
    sale.quote("99", after=SECOND)
    assert not must_wait(sale.state, SYMBOL, sale.now)


@pytest.mark.parametrize(("age", "bid"), [(10 * SECOND, Decimal("100.00")), (10 * SECOND + 1, None)])
def test_a_bid_is_sound_for_ten_seconds(age: int, bid: Decimal | None) -> None:
    sale = Sale()
    sale.quote("100.00")
    assert sound_bid(sale.state, SYMBOL, sale.now + age) == bid


def test_what_rests_is_cancelled_before_anything_is_sold() -> None:
    """An exit that is on its way is left alone; with nothing left to sell it, the position is sold, for its reason."""
    sale = Sale()
    legs = [sale.scene.order(sale.pair.stop), sale.scene.order(sale.pair.target)]
    exit_order = replace(legs[0], id="fw-main-aaaaa-1-9-x", role=Role.EXIT)
    asked = list(close(sale.state, SYMBOL, [*legs, exit_order], Amount.of("0.5", "BTC"), "time", sale.now))
    assert asked == [CancelSent(leg.id, "closing: time") for leg in legs]
    [sent] = close(sale.state, SYMBOL, [], Amount.of("0.5", "BTC"), "time", sale.now)
    assert isinstance(sent, OrderSent)
    assert sent.why == "time"


def test_a_sale_is_at_market() -> None:
    order = Sale(failures=2).sold()
    told = (order.symbol, order.role, order.side, order.type, order.price, order.quantity, order.time_in_force)
    assert told == (SYMBOL, Role.EXIT, Side.SELL, OrderType.MARKET, None, Amount.of("0.5", "BTC"), "GTC")


@pytest.mark.parametrize(
    ("failures", "bid", "limit"), [(0, "97.01", "96.04"), (1, "97.01", "95.07"), (2, "97.01", "94.1"), (9, "97.01", "94.1")]
)
def test_after_its_stop_has_failed_a_position_is_sold_at_a_collar(failures: int, bid: str, limit: str) -> None:
    """One percent below the best bid, then two, then three; rounded up, at once or not at all."""
    sale = Sale(failures=failures, collared=True)
    sale.quote(bid)
    order = sale.sold()
    assert (order.type, order.time_in_force, str(order.price)) == (OrderType.LIMIT, "IOC", f"{limit} USDT")


def test_without_a_sound_bid_the_collar_hangs_below_the_stop() -> None:
    sale = Sale(collared=True)
    sale.scene.now += MINUTE
    assert str(sale.sold().price) == "97.02 USDT"


def test_without_a_plan_there_is_no_collar() -> None:
    sale = Sale(collared=True)
    del sale.state.protection.plans[SYMBOL]
    assert sale.sold().type is OrderType.MARKET


@pytest.mark.parametrize(
    ("bars_max", "later", "told"),
    [(0, 99 * MINUTE, None), (3, 4 * MINUTE - 1, None), (3, 4 * MINUTE, "held for 3 bars"), (3, 6 * MINUTE, "held for 5 bars")],
)
def test_without_candles_time_is_up_a_bar_later(bars_max: int, later: int, told: str | None) -> None:
    sale = Sale(ExitPlan(bars_max=bars_max))
    opened = sale.state.money.ledger.positions[SYMBOL].opened_at
    assert overdue(sale.state, SYMBOL, opened + later) == told


@pytest.mark.parametrize(("state", "told"), [(TradingState.REDUCE_ONLY, "held for 98 bars"), (TradingState.HALTED, None)])
def test_time_is_not_up_while_the_account_is_halted(state: TradingState, told: str | None) -> None:
    sale = Sale(ExitPlan(bars_max=3))
    cap = replace(held_cap(SYMBOL, "test", sale.now), limits=Limits(state=state))
    sale.state.apply(CapRaised(cap=cap), sale.now)
    assert overdue(sale.state, SYMBOL, sale.state.money.ledger.positions[SYMBOL].opened_at + 99 * MINUTE) == told


def failed(sale: Sale) -> list[str]:
    events = list(of_stop_beyond(sale.state, SYMBOL, sale.state.protection.plans[SYMBOL], sale.now))
    assert all(isinstance(event, StopFailed) and event.symbol == SYMBOL for event in events)
    return [event.why for event in events if isinstance(event, StopFailed)]


def test_a_stop_has_failed_after_five_seconds_by_two_quotes() -> None:
    """At the stop it has not; the same quote twice convinces nobody; a better one ends the suspicion."""
    sale = Sale()
    sale.quote("97.5")
    assert failed(sale) == []
    sale.scene.now += BEYOND_NS
    assert failed(sale) == [], "the same quote"
    sale.quote("97.4")
    assert failed(sale) == ["the price is 97.4, and was below the stop at 98 USDT for 5 s"]
    sale.quote("98")
    assert failed(sale) == []
    sale.quote("97.4", after=SECOND)
    assert failed(sale) == []
    sale.quote("97.3", after=BEYOND_NS - 1)
    assert failed(sale) == []
    sale.quote("97.3", after=1)
    assert failed(sale) == ["the price is 97.3, and was below the stop at 98 USDT for 5 s"]


def test_without_a_sound_bid_nothing_is_said_of_the_stop() -> None:
    sale = Sale()
    sale.quote("97.5")
    assert failed(sale) == []
    sale.scene.now += MINUTE
    assert failed(sale) == []
    assert SYMBOL in sale.state.protection.beyond_stop
