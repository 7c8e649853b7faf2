"""The order table: total, with no way out of an end but the named ones, and safe under any sequence of events."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from msgspec.structs import replace
from scripts.lifecycles import PAGE, page

from fairway.money.amount import Amount, Price
from fairway.orders.blotter import Blotter, SecondOrder
from fairway.orders.ids import Role
from fairway.orders.lifecycle import (
    EVENTS,
    IMPOSSIBLE,
    TRANSITIONS,
    CancelRefused,
    CancelSent,
    IllegalTransition,
    OrderAccepted,
    OrderAdopted,
    OrderCancelled,
    OrderEvent,
    OrderExpired,
    OrderFilled,
    OrderLost,
    OrderRejected,
    OrderResized,
    OrderSent,
    OrderUnsent,
    apply,
)
from fairway.orders.order import ENDED, Fill, Order, OrderState, OrderType, Side

ID = "fw-main-1-1-e"


def fill(trade_id: str, quantity: str) -> OrderFilled:
    price = Price.of("100", "BTC", "USDT")
    bought = Amount.of(quantity, "BTC")
    return OrderFilled(
        ID,
        fill=Fill(
            trade_id=trade_id,
            price=price,
            quantity=bought,
            quote=price * bought,
            fee=Amount.of("0.001", "BTC"),
            is_maker=False,
            at=1,
        ),
    )


def order(state: OrderState) -> Order:
    return Order(
        id=ID,
        symbol="BTC/USDT",
        side=Side.BUY,
        type=OrderType.MARKET,
        role=Role.ENTRY,
        quantity=Amount.of("1", "BTC"),
        filled=Amount.of("0", "BTC"),
        cost=Amount.of("0", "USDT"),
        state=state,
    )


HAPPENINGS: tuple[OrderEvent, ...] = (
    OrderSent(ID),
    OrderAdopted(ID, order=order(OrderState.UNKNOWN)),
    OrderLost(ID),
    OrderUnsent(ID),
    OrderAccepted(ID, venue_id="7"),
    OrderRejected(ID),
    fill("t", "1"),
    OrderResized(ID, quantity=Amount.of("2", "BTC")),
    CancelSent(ID),
    CancelRefused(ID),
    OrderCancelled(ID),
    OrderExpired(ID),
)


def walk(*events: OrderEvent) -> Order:
    current = order(OrderState.SENT)
    for event in events:
        current = apply(current, event, 5)
    return current


def test_every_pair_of_state_and_event_has_a_state_or_a_reason_why_it_cannot_be() -> None:
    """One of both, never none; and no kind of event is forgotten."""
    pairs = [(state, event) for state in OrderState for event in EVENTS]
    assert [pair for pair in pairs if (pair in TRANSITIONS) == (pair in IMPOSSIBLE)] == []
    assert {*TRANSITIONS, *IMPOSSIBLE} == set(pairs)
    assert {type(event) for event in HAPPENINGS} == set(EVENTS) == set(OrderEvent.__subclasses__())


def test_an_illegal_move_says_why_and_changes_nothing() -> None:
    """It names order, state, event and reason."""
    for state in OrderState:
        for event in HAPPENINGS:
            before, kind = order(state), type(event)
            if (state, kind) in TRANSITIONS:
                apply(before, event, 5)
            else:
                what = f"{ID} is {state.value} and cannot take {kind.__name__}: {IMPOSSIBLE[state, kind]}"
                with pytest.raises(IllegalTransition, match=what):
                    apply(before, event, 5)
            assert before == order(state)


def test_the_page_of_lifecycles_is_drawn_from_the_table() -> None:
    """A table that changed without its drawing fails here."""
    text = PAGE.read_text()
    assert page(text) == text, "run .venv/bin/python -m scripts.lifecycles"


def test_a_venue_may_change_the_size_of_an_order() -> None:
    """Smaller than what is filled already, it is filled; larger, the rest is still to come."""
    half = walk(OrderAccepted(ID, venue_id="7"), fill("1", "0.5"))
    smaller = apply(half, OrderResized(ID, quantity=Amount.of("0.5", "BTC")), 9)
    assert (smaller.state, smaller.remaining) == (OrderState.FILLED, Amount.of("0", "BTC"))
    larger = apply(half, OrderResized(ID, quantity=Amount.of("2", "BTC")), 9)
    assert (larger.state, larger.remaining) == (OrderState.PARTLY, Amount.of("1.5", "BTC"))


def test_to_replace_an_order_is_to_cancel_one_and_then_to_send_another() -> None:
    """Two lives under two ids; the cancel may be refused because the first has filled, and then there is nothing to replace."""
    blotter = Blotter()
    blotter.apply(OrderSent(ID, order=order(OrderState.SENT)), 1)
    blotter.apply(OrderAccepted(ID, venue_id="7"), 2)
    blotter.apply(CancelSent(ID), 3)
    second = replace(order(OrderState.SENT), id="fw-main-1-2-e")
    with pytest.raises(SecondOrder, match="the second live entry in BTC/USDT, beside fw-main-1-1-e"):
        blotter.apply(OrderSent(second.id, order=second), 4)
    blotter.apply(CancelRefused(ID), 4)
    assert blotter.apply(fill("1", "1"), 5).state is OrderState.FILLED
    assert blotter.apply(OrderSent(second.id, order=second), 6).state is OrderState.SENT


def test_no_id_is_used_twice() -> None:
    """Neither for what is alive nor for what has ended, and whoever sent it."""
    blotter = Blotter()
    blotter.apply(OrderSent(ID, order=order(OrderState.SENT)), 1)
    for again in (OrderSent(ID, order=order(OrderState.SENT)), OrderAdopted(ID, order=order(OrderState.UNKNOWN))):
        with pytest.raises(SecondOrder, match="each id is used once"):
            blotter.apply(again, 2)
    blotter.apply(OrderRejected(ID), 3)
    with pytest.raises(SecondOrder):
        blotter.apply(OrderSent(ID, order=order(OrderState.SENT)), 4)


def test_late_news_is_known_of_the_newest_two_hundred_orders_that_have_ended() -> None:
    """And of all that are alive, however old."""
    blotter = Blotter()
    resting = replace(order(OrderState.SENT), id="fw-main-1-1-t", role=Role.TARGET)
    blotter.apply(OrderSent(resting.id, order=resting), 1)
    names = [f"fw-main-1-{number}-e" for number in range(2, 203)]
    for name in names:
        blotter.apply(OrderSent(name, order=replace(order(OrderState.SENT), id=name)), 2)
        blotter.apply(OrderRejected(name), 3)
    assert [name for name in (resting.id, *names) if blotter.get(name) is None] == [names[0]]


def test_nothing_that_was_noted_by_a_clock_that_was_ahead_stays_in_the_future() -> None:
    """Of orders that are alive and that have ended; what was noted before stays as it was."""
    blotter = Blotter()
    instants = {"fw-main-1-1-t": (1, 4), "fw-main-1-2-t": (5, 9), "fw-main-1-3-t": (6, 9)}
    for name, (created_at, updated_at) in instants.items():
        begun = replace(order(OrderState.SENT), id=name, role=Role.TARGET, created_at=created_at)
        blotter.apply(OrderSent(name, order=begun), updated_at)
        blotter.apply(OrderAccepted(name, venue_id=name), updated_at)
    blotter.apply(OrderCancelled("fw-main-1-3-t"), 9)
    blotter.date_back(5)
    dated = {name: (blotter[name].created_at, blotter[name].updated_at) for name in instants}
    assert dated == {"fw-main-1-1-t": (1, 4), "fw-main-1-2-t": (5, 5), "fw-main-1-3-t": (5, 5)}
    assert [(each.id, each.updated_at) for each in blotter.of("BTC/USDT")] == [("fw-main-1-1-t", 4), ("fw-main-1-2-t", 5)]


def test_an_order_that_the_venue_holds_after_all_is_alive_and_has_not_ended() -> None:
    blotter = Blotter()
    blotter.apply(OrderSent(ID, order=order(OrderState.SENT)), 1)
    blotter.apply(OrderRejected(ID), 2)
    assert (list(blotter.live), list(blotter.ended)) == ([], [ID])
    blotter.apply(OrderAccepted(ID, venue_id="7"), 3)
    assert (list(blotter.live), list(blotter.ended)) == ([ID], [])


def test_orders_are_numbered_symbol_by_symbol_at_the_venue() -> None:
    """The same number in another symbol is another order, and so perhaps somebody else's."""
    blotter = Blotter()
    blotter.apply(OrderSent(ID, order=order(OrderState.SENT)), 1)
    mine = blotter.apply(OrderAccepted(ID, venue_id="7"), 2)
    assert blotter.owner("", "7", "BTC/USDT") == mine
    assert blotter.owner("", "7", "ETH/USDT") is None
    assert blotter.owner(ID, "", "BTC/USDT") == mine


def test_an_end_is_left_only_by_the_venue() -> None:
    """Out of an ended state lead only fills and the venue's word that it holds the order after all."""
    exits = {(state, event) for (state, event), target in TRANSITIONS.items() if state in ENDED and target is not state}
    assert exits == {
        (OrderState.REJECTED, OrderFilled),
        (OrderState.REJECTED, OrderAccepted),
    }
    for state in (OrderState.CANCELLED, OrderState.EXPIRED, OrderState.REJECTED):
        assert apply(order(state), fill("1", "1"), 9).state is OrderState.FILLED
    assert apply(walk(fill("1", "1")), fill("1", "1"), 9).state is OrderState.FILLED


def test_transport_failures_never_end_an_order() -> None:
    """A lost answer makes an order UNKNOWN from every living state."""
    for state in (OrderState.SENT, OrderState.OPEN, OrderState.PARTLY, OrderState.CANCELLING, OrderState.UNKNOWN):
        assert apply(order(state), OrderLost(ID), 5).state is OrderState.UNKNOWN


def test_a_late_fill_after_a_cancel_counts() -> None:
    """Venues really send them: the quantity moves and the order stays cancelled until it is full."""
    late = walk(OrderAccepted(ID, venue_id="7"), CancelSent(ID), OrderCancelled(ID), fill("1", "0.4"))
    assert (late.state, late.filled) == (OrderState.CANCELLED, Amount.of("0.4", "BTC"))
    assert apply(late, fill("2", "0.6"), 9).state is OrderState.FILLED


def test_a_fill_before_the_acknowledgement_keeps_the_order_partly_filled() -> None:
    """Stream and answer overtake one another."""
    early = walk(fill("1", "0.4"), OrderAccepted(ID, venue_id="7"))
    assert (early.state, early.venue_id) == (OrderState.PARTLY, "7")


def test_the_same_order_sent_again_keeps_its_id_and_counts_its_attempts() -> None:
    """Acting twice is harmless because the id is the same."""
    assert walk(OrderLost(ID), OrderSent(ID)).attempts == 2


PARTS = [fill(str(n), "0.25") for n in range(4)]
WALKED = [event for event in HAPPENINGS if not isinstance(event, OrderFilled | OrderResized)]


@given(st.lists(st.sampled_from([*WALKED, *PARTS]), max_size=30))
def test_no_walk_breaks_the_sums(events: list[OrderEvent]) -> None:
    """Whatever comes in whatever order: filled is the sum of distinct fills, and FILLED means full."""
    current, counted = order(OrderState.SENT), set[str]()
    for event in events:
        try:
            current = apply(current, event, 5)
        except IllegalTransition:
            continue
        if isinstance(event, OrderFilled):
            counted.add(event.fill.trade_id)
    assert set(current.trade_ids) == counted
    assert current.filled.value == Decimal("0.25") * len(counted)
    assert (current.state is OrderState.FILLED) == (current.filled == current.quantity)


WHY = "why"


@pytest.mark.parametrize(
    "event",
    [
        OrderSent(ID, WHY),
        OrderLost(ID, WHY),
        OrderAccepted(ID, WHY, venue_id="7"),
        structs.replace(fill("1", "0.5"), why=WHY),
        OrderResized(ID, WHY, quantity=Amount.of("2", "BTC")),
        CancelSent(ID, WHY),
    ],
    ids=lambda event: type(event).__name__,
)
def test_an_order_knows_when_it_changed_and_why(event: OrderEvent) -> None:
    """An event that says nothing leaves the reason of the one before."""
    state = next(state for state in OrderState if (state, type(event)) in TRANSITIONS)
    before = structs.replace(order(state), reason="before", updated_at=3)
    after, silent = apply(before, event, 5), apply(before, structs.replace(event, why=""), 6)
    assert (after.reason, after.updated_at) == (WHY, 5)
    assert (silent.reason, silent.updated_at) == ("before", 6)
