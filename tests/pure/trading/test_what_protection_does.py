"""What is done next for a position, by how its state stands: one change of a position at rest, and the events that follow."""

from collections.abc import Callable
from dataclasses import replace as replaced
from decimal import Decimal

import pytest
from msgspec.structs import replace
from tests.ids import own_id
from tests.pure.kinds_of_caps import other
from tests.pure.trading.planned import LADDER, price, protected
from tests.pure.trading.test_step import SYMBOL

from fairway.journal.kinds import CapRaised, Event
from fairway.market.candles import Quote
from fairway.money.amount import Amount
from fairway.orders.ids import Role
from fairway.orders.lifecycle import CancelSent, OrderAdopted, OrderCancelled, OrderExpired, OrderSent
from fairway.orders.order import Order, OrderState, OrderType, Side
from fairway.orders.plan import PLAIN, ExitPlan
from fairway.risk.cap_kinds import HELD
from fairway.risk.caps import Cap, reduce_only
from fairway.risk.limits import Limits
from fairway.trading.protection import KILL_TAKES_NS, next_moves
from fairway.trading.transient_state import LockedForeignOrder
from fairway.world.clock import MINUTE, SECOND

ENTERED = 2 * SECOND
"""After so long an entry has settled."""


class Position:
    """0.5 BTC or so at 100, under one pair or several; the state is changed at will, and asked what it does next."""

    def __init__(self, plan: ExitPlan = PLAIN) -> None:
        self.scene, self.sent = protected(plan)
        self.state = self.scene.state
        self.now = self.scene.now + ENTERED
        self.see("100")

    @property
    def stop(self) -> Order:
        return self.state.orders.blotter[self.sent[0].stop.id]

    @property
    def target(self) -> Order:
        return self.state.orders.blotter[self.sent[0].target.id]

    def see(self, bid: str) -> None:
        best = Decimal(bid)
        quote = Quote(SYMBOL, best, Decimal(1), best + Decimal("0.02"), Decimal(1), self.now, self.now)
        self.state.market.quotes[SYMBOL] = quote

    def put(self, order: Order) -> None:
        """The books know an order as this one."""
        if order.id in self.state.orders.blotter.live:
            self.state.orders.blotter.apply(OrderCancelled(order.id), self.now)
        self.state.orders.blotter.ended.pop(order.id, None)
        self.state.orders.blotter.apply(OrderAdopted(order.id, order=order), self.now)

    def end(self, *orders: Order) -> None:
        for order in orders:
            self.state.orders.blotter.apply(OrderCancelled(order.id), self.now - MINUTE)

    def naked(self) -> None:
        self.end(*(leg for pair in self.sent for leg in (pair.stop, pair.target)))

    def sale(self, state: OrderState = OrderState.OPEN, **changes: object) -> Order:
        made = replace(
            self.stop,
            id=own_id("x", 77),
            role=Role.EXIT,
            type=OrderType.MARKET,
            stop_price=None,
            pair="",
            state=state,
            venue_id="",
            created_at=self.now - MINUTE,
            updated_at=self.now - MINUTE,
        )
        return replace(made, **changes)

    def cap(self, cap: Cap) -> None:
        self.state.apply(CapRaised(cap=cap), self.now)

    def moves(self) -> list[str]:
        return [self._told(event) for event in next_moves(self.state, SYMBOL, self.now)]

    def _told(self, event: Event) -> str:
        held = str(self.state.money.ledger.position(SYMBOL).quantity.value.quantize(Decimal("0.001"), "ROUND_DOWN"))
        match event:
            case CancelSent():
                what = f"cancel {event.order_id[-1]}: {event.why}"
            case OrderSent(order=None):
                what = f"repeat {event.order_id[-1]}: {event.why}"
            case OrderSent(order=Order() as order):
                what = f"send {order.role} {order.quantity.value} {order.price or '-'} {order.stop_price or '-'}: {event.why}"
            case CapRaised():
                what = f"cap {event.cap.id}: {event.cap.reason}"
            case _:
                fields = [f"{name}={getattr(event, name)}" for name in event.__struct_fields__]
                what = f"{type(event).__name__} {' '.join(fields)}"
        return what.replace(held if Decimal(held) else "none", "HELD").replace(SYMBOL, "SYMBOL").replace(" USDT", "")


def check(change: Callable[[Position], object], *moves: str, plan: ExitPlan = PLAIN) -> None:
    """HELD stands for all that can be sold."""
    position = Position(plan)
    change(position)
    assert position.moves() == list(moves)


def then(*changes: Callable[[Position], object]) -> Callable[[Position], None]:
    """One change after the other."""

    def change(position: Position) -> None:
        for each in changes:
            each(position)

    return change


PAIR = ("send s HELD - 98: protects the position", "send t HELD 104 -: protects the position")


GONE = ("cancel s: closing: because", "cancel t: closing: because")


def wanted(position: Position) -> None:
    position.state.protection.exits[SYMBOL] = "because"


def failed(times: int) -> Callable[[Position], None]:
    def change(position: Position) -> None:
        position.naked()
        position.state.retries.failures[SYMBOL] = times

    return change


def test_a_position_at_rest_is_left_alone() -> None:
    check(lambda it: None)
    check(lambda it: None, plan=LADDER)


def test_an_exit_cancels_first_and_sells_then() -> None:
    check(wanted, *GONE)
    check(then(wanted, lambda it: it.naked()), "send x HELD - -: because")


@pytest.mark.parametrize(
    ("ago", "is_over", "acts"),
    [(0, False, False), (KILL_TAKES_NS - 1, False, False), (KILL_TAKES_NS, False, True), (0, True, True)],
)
def test_while_a_kill_sells_nobody_else_does(ago: int, is_over: bool, acts: bool) -> None:
    position = Position()
    wanted(position)
    cap = reduce_only(other("killed"), "why", position.now - ago)
    position.cap(replace(cap, limits=Limits(hands_off=True), is_over=is_over))
    assert position.moves() == (list(GONE) if acts else [])


def test_what_is_not_known_well_enough_is_not_sold() -> None:
    check(then(wanted, lambda it: setattr(it.state.transient, "asked_at", 0)))
    check(then(wanted, lambda it: it.state.retries.wait_until.update({SYMBOL: it.now + 1})))
    check(then(wanted, lambda it: it.put(replace(it.stop, state=OrderState.SENT))))
    check(then(wanted, lambda it: it.put(replace(it.stop, state=OrderState.CANCELLING))))
    check(then(wanted, lambda it: it.state.transient.orphans.update({own_id("s", 99): SYMBOL})))


def test_what_fits_its_plan_no_more_is_cancelled() -> None:
    moved = ("cancel s: HELD BTC to protect at 97, in another way", "cancel t: HELD BTC to protect at 97, in another way")
    check(
        lambda it: it.state.protection.plans.update({SYMBOL: replace(it.state.protection.plans[SYMBOL], stop=price("97"))}),
        *moved,
    )
    check(lambda it: it.state.protection.plans.pop(SYMBOL))
    check(
        then(lambda it: it.state.protection.plans.pop(SYMBOL), lambda it: it.naked()),
        "ExitWanted symbol=SYMBOL why=a position without a plan cannot be protected cause=unprotected",
    )


def test_a_target_without_its_stop_goes_once_it_has_settled() -> None:
    gone = "cancel t: its stop is gone, or about to go"
    check(lambda it: it.end(it.stop), gone)
    check(lambda it: it.state.orders.blotter.apply(OrderExpired(it.stop.id), it.now - SECOND), gone)
    check(lambda it: it.state.orders.blotter.apply(OrderExpired(it.stop.id), it.now - SECOND + 1))
    torn = ("cancel s: its stop is gone, or about to go", gone)
    check(lambda it: it.put(replace(it.target, filled=Amount.of("0.1", "BTC"))), *torn)


def test_a_naked_position_is_protected() -> None:
    check(lambda it: it.naked(), *PAIR)
    check(then(lambda it: it.naked(), lambda it: it.see("103.99")), *PAIR)
    check(
        then(lambda it: it.naked(), lambda it: it.see("104")),
        "ExitWanted symbol=SYMBOL why=the price is at its target already cause=target",
    )
    check(then(lambda it: it.naked(), lambda it: it.state.market.quotes.clear()), *PAIR)


def test_what_the_venue_refuses_is_tried_otherwise() -> None:
    """Out at once; where that failed, too, a person is called, and the pair is tried again."""
    check(failed(1), "ExitWanted symbol=SYMBOL why=the venue refused its stop and target cause=unprotected")
    called = "cap held SYMBOL: HELD BTC could not be sold 2 times in a row; sell it by hand"
    check(failed(2), called, *PAIR)
    back = "StopMoved symbol=SYMBOL stop=99 why=the venue refused it where it was to be"
    check(
        then(
            failed(1),
            lambda it: it.state.protection.plans.update(
                {SYMBOL: replace(it.state.protection.plans[SYMBOL], fallback=price("99"))}
            ),
        ),
        back,
    )


def test_a_ladder_gets_a_second_try() -> None:
    position = Position(LADDER)
    failed(1)(position)
    assert [move.split()[:2] for move in position.moves()] == [["send", "s"], ["send", "t"]] * 3
    check(failed(2), "LadderDropped symbol=SYMBOL why=the venue refused one of its pairs twice", plan=LADDER)


def test_after_a_refusal_the_ask_counts_against_the_target() -> None:
    """The venue goes by its last trade."""
    reached = "ExitWanted symbol=SYMBOL why=the price is at its target already cause=target"

    def near(position: Position) -> None:
        failed(1)(position)
        position.state.protection.plans[SYMBOL] = replace(position.state.protection.plans[SYMBOL], exit_plan=LADDER)
        position.see("103.98")

    check(near, reached, plan=LADDER)


def test_what_a_stranger_locks_is_told_and_left_out() -> None:
    def locked(position: Position) -> None:
        held = position.state.money.ledger.position(SYMBOL).quantity.value
        of = LockedForeignOrder(symbol=SYMBOL, base="BTC", locked=held - Decimal(10), list_id="5", is_conditional=False)
        position.state.transient.foreign_orders["5"] = of
        position.state.transient.foreign_orders["6"] = replaced(of, base="ETH", symbol="ETH/USDT", list_id="6")
        position.state.retries.failures[SYMBOL] = 1

    position = Position()
    locked(position)
    assert position.moves() == [], "what its stop covers is its own"
    position.naked()
    told, *rest = position.moves()
    assert told.startswith("cap held SYMBOL: ")
    assert told.endswith("BTC of it are locked by an order of another party")
    assert rest == [leg.replace("HELD", "10.000") for leg in PAIR]
    assert SYMBOL not in position.state.retries.failures


def test_a_sale_that_rests_is_cancelled_after_a_second() -> None:
    rests = "cancel x: it rests, and is no stop"
    check(then(lambda it: it.naked(), lambda it: it.put(it.sale(updated_at=it.now - SECOND))), rests)
    check(then(lambda it: it.naked(), lambda it: it.put(it.sale(updated_at=it.now - SECOND + 1))))


def test_without_a_position_nothing_rests() -> None:
    check(
        lambda it: it.state.money.ledger.positions.clear(),
        "cancel s: no position left to protect",
        "cancel t: no position left to protect",
    )
    check(then(lambda it: it.state.money.ledger.positions.clear(), lambda it: it.naked()))


def test_dust_is_left() -> None:
    """Less than a lot, or than the venue takes at the better of bid and stop."""

    def left(quantity: str) -> Callable[[Position], None]:
        def change(position: Position) -> None:
            position.naked()
            kept = replace(position.state.money.ledger.positions[SYMBOL], quantity=Amount.of(quantity, "BTC"))
            position.state.money.ledger.positions[SYMBOL] = kept

        return change

    check(left("0.0009"), "DustLeft symbol=SYMBOL quantity=0.0009 BTC")
    check(left("0.049"), "DustLeft symbol=SYMBOL quantity=HELD BTC")
    check(left("0.05"), "ExitWanted symbol=SYMBOL why=what is left of it is too little for a stop cause=unprotected")
    check(left("0.052"), *PAIR)


def entry(position: Position, **changes: object) -> Order:
    own = position.state.starts.next_id(Role.ENTRY)
    order = replace(
        position.sale(), id=own, side=Side.BUY, role=Role.ENTRY, type=OrderType.LIMIT, price=price("90"), venue_id="9"
    )
    return replace(order, **changes)


def test_what_buys_is_cancelled_where_nothing_may_be_opened() -> None:
    check(lambda it: it.put(entry(it)))
    held = reduce_only(HELD, "why", 1, symbol=SYMBOL)
    check(then(lambda it: it.put(entry(it)), lambda it: it.cap(held)), "cancel e: no more entries: why")
    check(lambda it: it.cap(held))
    over = "cancel e: it is of an earlier start"
    check(lambda it: it.put(entry(it, id=own_id("e", 9, epoch=0))), over)
    check(lambda it: it.put(entry(it, id=own_id("e", 9, run="zzzzz"))), over)
    check(then(lambda it: it.naked(), lambda it: it.put(entry(it, updated_at=it.now - SECOND + 1))))


def at_a_rung(position: Position, **changes: object) -> None:
    """The price is above the first rung, and a sale of before is known."""
    position.naked()
    position.see("102.5")
    sale = position.sale(OrderState.EXPIRED, created_at=position.state.money.ledger.positions[SYMBOL].opened_at)
    position.put(replace(sale, **changes))


@pytest.mark.parametrize(
    ("changes", "sells"),
    [
        ({}, False),
        ({"created_at": 0}, True),
        ({"state": OrderState.CANCELLED}, True),
        ({"symbol": "ETH/USDT"}, True),
        ({"role": Role.STOP}, True),
    ],
)
def test_a_rung_that_is_reached_is_sold_unless_the_book_was_too_thin(changes: dict[str, object], sells: bool) -> None:
    """Then it waits, under its stop, for the next rung."""
    position = Position(LADDER)
    at_a_rung(position, **changes)
    first, second, *_ = position.moves()
    assert (first.partition(" BTC")[0].split()[1] == "x") is sells, first
    if not sells:
        assert second.split()[3] == "103"


@pytest.mark.parametrize(
    ("of_stop", "of_target", "failed_so"),
    [
        ({}, {}, True),
        ({"state": OrderState.CANCELLED}, {}, False),
        ({"stop_price": price("97")}, {}, False),
        ({"created_at": 0}, {}, False),
        ({"symbol": "ETH/USDT"}, {}, False),
        ({}, {"state": OrderState.CANCELLED}, False),
        ({}, {"filled": Amount.of("0.1", "BTC")}, False),
    ],
)
def test_a_stop_that_was_triggered_and_found_nobody_has_failed(
    of_stop: dict[str, object], of_target: dict[str, object], failed_so: bool
) -> None:
    """Its target has expired with it and has sold nothing, and it was this position's, at its level."""

    def change(position: Position) -> None:
        stop, target = position.stop, position.target
        position.naked()
        opened_at = position.state.money.ledger.positions[SYMBOL].opened_at
        over = {"state": OrderState.EXPIRED, "created_at": opened_at}
        position.put(replace(target, **{**over, **of_target}))
        position.put(replace(stop, **{**over, **of_stop}))

    check(change, *(["StopFailed symbol=SYMBOL why=its stop at 98 found too few who buy"] if failed_so else PAIR))
