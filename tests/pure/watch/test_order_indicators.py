"""What the lives of orders are worth: which ended well, how long the venue took, which ways they went."""

import pytest
from msgspec.structs import replace
from tests.pure.watch.journals import START, Pen

from fairway.journal.kinds import CapLifted, CapRaised, ProcessMeasured
from fairway.orders.ids import Role
from fairway.orders.lifecycle import (
    CancelSent,
    OrderAdopted,
    OrderCancelled,
    OrderExpired,
    OrderLost,
    OrderRejected,
    OrderUnsent,
)
from fairway.orders.order import OrderState
from fairway.risk.cap_kinds import KILL
from fairway.risk.caps import Cap
from fairway.risk.limits import Limits, TradingState


def successes(pen: Pen) -> list[float]:
    return [float(value) for value in pen.series()["order_success"].values]


def paths(pen: Pen) -> dict[str, int]:
    return pen.series()["order_paths"].by_label()


def test_a_filled_order_is_good_and_its_times_are_told() -> None:
    pen = Pen().start()
    order = pen.send(Role.ENTRY)
    pen.later(0.25).accept(order).later(0.5).fill(order, "0.01", "100")
    found = pen.series()
    assert successes(pen) == [1.0]
    assert found["order_ack"].values.tolist() == [0.25]
    assert found["order_confirm"].values.tolist() == [0.75]
    assert found["order_success"].names == ("main",)
    assert found["order_success"].ats.tolist() == [pen.now]


@pytest.mark.parametrize(
    ("ending", "is_good"),
    [
        (lambda order: [OrderRejected(order.id)], False),
        (lambda order: [OrderUnsent(order.id)], False),
        (lambda order: [OrderExpired(order.id)], False),
        (lambda order: [OrderCancelled(order.id, "by the venue")], False),
        (lambda order: [CancelSent(order.id), OrderCancelled(order.id)], True),
    ],
)
def test_an_order_that_is_not_filled_is_good_only_where_we_ended_it(ending, is_good) -> None:  # type: ignore[no-untyped-def]
    pen = Pen().start()
    pen.write(*ending(pen.send(Role.ENTRY)))
    assert successes(pen) == [float(is_good)]


def test_an_order_is_not_judged_before_it_has_ended() -> None:
    pen = Pen().start()
    pen.accept(pen.send(Role.ENTRY))
    assert successes(pen) == []


def test_an_immediate_order_that_got_a_part_has_done_what_it_could() -> None:
    pen = Pen().start()
    order = pen.send(Role.ENTRY)
    pen.accept(order).fill(order, "0.004", "100").write(OrderExpired(order.id))
    assert successes(pen) == [1.0]
    assert paths(pen) == {"partial_fill": 1, "open": 1, "expire": 1}


def test_a_stop_and_its_target_are_one_intent_and_good_where_one_of_them_sold() -> None:
    pen = Pen().start()
    pen.buy()
    stop, target = pen.send_pair()
    pen.accept(stop, target).later(60).write(OrderExpired(stop.id)).fill(target, "0.01", "130")
    assert successes(pen) == [1.0, 1.0]
    assert len(pen.series()["order_ack"]) == 2


def test_a_pair_is_taken_back_by_naming_one_of_its_legs() -> None:
    pen = Pen().start()
    stop, target = pen.send_pair()
    pen.accept(stop, target).write(CancelSent(stop.id), OrderCancelled(target.id), OrderCancelled(stop.id))
    assert successes(pen) == [1.0]


def test_a_pair_that_the_venue_refuses_is_one_bad_intent() -> None:
    pen = Pen().start()
    stop, target = pen.send_pair()
    pen.write(OrderRejected(stop.id), OrderRejected(target.id))
    assert successes(pen) == [0.0]


def test_a_pair_that_the_venue_takes_away_is_bad() -> None:
    pen = Pen().start()
    stop, target = pen.send_pair()
    pen.accept(stop, target).write(OrderCancelled(stop.id), OrderCancelled(target.id))
    assert successes(pen) == [0.0]


def test_an_order_that_is_unknown_for_a_minute_is_bad_and_not_counted_again() -> None:
    pen = Pen().start()
    order = pen.send(Role.ENTRY)
    pen.write(OrderLost(order.id)).later(59.9).start()
    assert successes(pen) == []
    pen.later(0.1).start()
    assert successes(pen) == [0.0]
    pen.accept(order).fill(order, "0.01", "100")
    assert successes(pen) == [0.0]
    assert paths(pen)["unknown_resolved"] == 1


def test_an_order_that_is_found_within_a_minute_is_judged_by_its_end() -> None:
    pen = Pen().start()
    order = pen.send(Role.ENTRY)
    pen.write(OrderLost(order.id)).later(30).accept(order).later(60).fill(order, "0.01", "100")
    assert successes(pen) == [1.0]


def test_a_refused_order_that_lives_all_the_same_opens_a_position() -> None:
    pen = Pen().start()
    order = pen.send(Role.ENTRY)
    pen.write(OrderRejected(order.id)).later(1).accept(order).fill(order, "0.01", "100")
    assert successes(pen) == [0.0], "it was not what it was said to be"
    assert paths(pen) == {"reject": 1, "open": 1}


def test_a_stop_tells_its_hit_and_how_far_it_slipped() -> None:
    pen = Pen().start()
    pen.buy(at_price="100", stop="90")
    stop, target = pen.send_pair("90")
    pen.accept(stop, target).later(5).fill(stop, "0.01", "89.91").write(OrderCancelled(target.id))
    assert paths(pen) == {"open": 1, "stop_hit": 1, "close": 1}
    assert pen.series()["slippage_bps"].values.tolist() == pytest.approx([0.0, 10.0])


def test_two_accounts_are_told_apart() -> None:
    pen = Pen(account="a").start()
    pen.buy()
    pen.account = "b"
    pen.start()
    pen.write(OrderRejected(pen.send(Role.ENTRY).id))
    found = pen.series()["order_success"]
    assert found.by_label() == {"a": 1, "b": 1}
    assert found.labelled(["b"]).values.tolist() == [0.0]


def test_an_order_of_an_account_without_news_is_bad_after_a_minute_all_the_same() -> None:
    """The trader's own word, once a minute, is enough."""
    pen = Pen().start()
    pen.write(OrderLost(pen.send(Role.ENTRY).id)).later(61)
    pen.write(ProcessMeasured(since=0), account="")
    assert successes(pen) == [0.0]


def test_how_long_a_trader_was_down_is_not_how_long_the_venue_took() -> None:
    pen = Pen().start()
    order = pen.later(1).send(Role.EXIT)
    pen.later(3_600).start(epoch=2).later(2).accept(order).fill(order, "0.01", "100")
    found = pen.series()
    assert successes(pen) == [1.0], "that it was sent and came to its end still counts"
    assert (found["order_ack"].count, found["order_confirm"].count) == (0, 0)


def test_what_a_kill_cancels_has_not_failed_and_what_the_venue_cancels_has() -> None:
    killed = Cap(
        id="kill account",
        kind=KILL,
        limits=Limits(state=TradingState.KILLED, hands_off=True),
        reason="",
        since=START,
    )
    for kill, success in (([CapRaised(cap=killed)], 1.0), ([], 0.0)):
        pen = Pen().start()
        stop, target = pen.send_pair()
        pen.accept(stop).accept(target).later(1).write(*kill)
        pen.write(OrderCancelled(stop.id, "by the venue"), OrderCancelled(target.id, "by the venue"))
        assert successes(pen) == [success]
    pen.write(CapRaised(cap=killed), CapLifted(cap_id=killed.id, by="ann", why="")).write(OrderCancelled(pen.send(Role.ENTRY).id))
    assert successes(pen)[-1] == 0.0


def test_a_kills_own_sale_that_never_arrived_is_no_refusal() -> None:
    pen = Pen().start()
    sale = pen.send(Role.EXIT)
    pen.events.pop()
    pen.write(OrderAdopted(sale.id, "sent by the kill", order=replace(sale, state=OrderState.UNKNOWN))).later(60)
    pen.write(OrderRejected(sale.id, "the venue knows no such order"))
    assert "reject" not in paths(pen)
    assert successes(pen) == []
