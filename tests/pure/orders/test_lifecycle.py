"""The order table: total, with no way out of an end but the named ones, and safe under any sequence of events."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway.money.amount import Amount, Price
from fairway.orders.ids import Role
from fairway.orders.lifecycle import (
    TRANSITIONS,
    CancelRefused,
    CancelSent,
    IllegalTransition,
    OrderAccepted,
    OrderCancelled,
    OrderEvent,
    OrderExpired,
    OrderFilled,
    OrderLost,
    OrderRejected,
    OrderSent,
    OrderUnsent,
    apply,
)
from fairway.orders.order import ENDED, Fill, Order, OrderState, OrderType, Side

ID = "fw-main-1-1-e"
EVENTS: tuple[OrderEvent, ...] = (
    OrderSent(ID),
    OrderLost(ID),
    OrderUnsent(ID),
    OrderAccepted(ID, venue_id="7"),
    OrderRejected(ID),
    CancelSent(ID),
    CancelRefused(ID),
    OrderCancelled(ID),
    OrderExpired(ID),
)


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


def walk(*events: OrderEvent) -> Order:
    current = order(OrderState.SENT)
    for event in events:
        current = apply(current, event, 5)
    return current


def test_every_pair_of_state_and_event_is_listed_or_refused_with_its_names() -> None:
    """Illegal moves raise, name order, state and event, and change nothing."""
    for state in OrderState:
        for event in (*EVENTS, fill("t", "1")):
            before = order(state)
            if (state, type(event)) in TRANSITIONS:
                apply(before, event, 5)
            else:
                with pytest.raises(IllegalTransition, match=f"{ID} is {state.value} and cannot take {type(event).__name__}"):
                    apply(before, event, 5)
            assert before == order(state)


def test_an_end_is_left_only_by_the_venue() -> None:
    """Out of an ended state lead only fills and the venue's word that it holds the order after all."""
    exits = {(state, event) for (state, event), target in TRANSITIONS.items() if state in ENDED and target is not state}
    assert exits == {
        *((state, OrderFilled) for state in (OrderState.FILLED, OrderState.CANCELLED, OrderState.EXPIRED, OrderState.REJECTED)),
        (OrderState.REJECTED, OrderAccepted),
    }
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


@given(st.lists(st.sampled_from([*EVENTS, *(fill(str(n), "0.25") for n in range(4))]), max_size=30))
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
