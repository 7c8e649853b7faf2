"""What round trips brought, in multiples of what they risked and net of all fees; and which of them are told."""

from decimal import Decimal

import pytest
from tests.pure.watch.journals import SYMBOL, Pen, price

from fairway.journal.kinds import CaughtUp, DustLeft, EntryRefused, ExternalFill, Marked, StreamLost
from fairway.money.amount import Amount
from fairway.orders.ids import Role
from fairway.orders.order import Fill, Side


def results(pen: Pen) -> list[float]:
    return [float(value) for value in pen.series()["trade_pnl_r"].values]


def sell(pen: Pen, at_price: str, quantity: str = "0.01", fee: Amount | None = None) -> Pen:
    order = pen.send(Role.EXIT, quantity)
    return pen.later(0.1).accept(order).fill(order, quantity, at_price, fee)


def test_a_trip_is_told_in_multiples_of_what_it_risked() -> None:
    pen = Pen().start()
    pen.buy(at_price="100", stop="90")
    sell(pen, "120")
    assert results(pen) == pytest.approx([2.0])
    assert pen.series()["round_trips"].by_label() == {"main": 1}


@pytest.mark.parametrize(("sold_at", "won"), [("110", 1.0), ("100.1", 1.0), ("100", 0.0), ("90", 0.0)])
def test_a_trip_is_won_where_its_result_after_fees_is_above_zero(sold_at: str, won: float) -> None:
    pen = Pen().start()
    pen.buy(at_price="100", stop="90")
    sell(pen, sold_at)
    series = pen.series()["trade_won"]
    assert series.values.tolist() == [won]
    assert series.by_label() == {"main": 1}


def test_a_fee_turns_a_small_gain_into_a_lost_trip() -> None:
    pen = Pen().start()
    pen.buy(at_price="100", stop="90")
    sell(pen, "110", fee=Amount.of("0.11", "USDT"))
    assert pen.series()["trade_won"].values.tolist() == [0.0]


def test_fees_lower_it_in_whatever_asset_they_were_taken() -> None:
    pen = Pen().start()
    pen.write(Marked(worth=Amount.of("1000", "USDT"), marks={SYMBOL: Decimal(100), "BNB/USDT": Decimal(500)}))
    pen.buy(at_price="100", stop="90")  # risks 0.1 dollars
    sell(pen, "110", fee=Amount.of("0.00002", "BNB"))  # a cent
    pen.buy(at_price="100", stop="90")
    sell(pen, "110", fee=Amount.of("0.02", "USDT"))
    assert results(pen) == pytest.approx([0.9, 0.8])
    assert pen.series()["fees"].values.tolist() == pytest.approx([0, 0.01, 0, 0.02])


def test_a_fee_without_a_price_is_not_taken_for_nothing() -> None:
    pen = Pen().start()
    pen.buy(at_price="100", stop="90")
    sell(pen, "110", fee=Amount.of("1", "XYZ"))  # a tenth of a percent of 1.1 dollars
    assert results(pen) == pytest.approx([0.989])


def test_a_position_without_a_plan_is_counted_but_has_no_r() -> None:
    pen = Pen().start()
    order = pen.send(Role.ENTRY)
    pen.fill(order, "0.01", "100")
    sell(pen, "110")
    assert results(pen) == []
    assert pen.series()["round_trips"].count == 1


def test_what_is_left_as_dust_belongs_to_the_result() -> None:
    pen = Pen().start()
    pen.buy(at_price="100", stop="90")
    sell(pen, "100", "0.009")
    pen.write(DustLeft(symbol=SYMBOL, quantity=Amount.of("0.001", "BTC")))
    assert results(pen) == pytest.approx([-1.0])  # a tenth of a dollar is gone, and so much was at risk


def test_a_sale_outside_the_bot_ends_it() -> None:
    pen = Pen().start()
    pen.buy(at_price="100", stop="90")
    fill = Fill(
        trade_id="x1",
        price=price("105"),
        quantity=Amount.of("0.01", "BTC"),
        quote=Amount.of("1.05", "USDT"),
        fee=Amount.of("0", "USDT"),
        is_maker=False,
        at=pen.now,
    )
    pen.write(ExternalFill(symbol=SYMBOL, side=Side.SELL, fill=fill))
    assert results(pen) == pytest.approx([0.5])


def test_a_restart_with_a_position_is_gone_through_once_all_is_caught_up() -> None:
    pen = Pen().start()
    pen.buy()
    pen.later(10).start(2)
    assert "restart_with_position" not in pen.series()["order_paths"].by_label()
    pen.write(CaughtUp(channels=("market", "account")))
    assert pen.series()["order_paths"].by_label()["restart_with_position"] == 1
    assert "ws_reconnect" not in pen.series()["order_paths"].by_label()


def test_a_lost_stream_that_came_back_is_a_reconnect() -> None:
    pen = Pen().start().write(CaughtUp(channels=("market", "account")))
    pen.write(StreamLost(channel="account", why="cut")).later(3).write(CaughtUp(channels=("account",)))
    assert pen.series()["order_paths"].by_label() == {"ws_reconnect": 1}
    took = pen.series()["reconnect_seconds"]
    assert (list(took.values), took.by_label()) == ([3.0], {"account": 1})


def test_refusals_bear_their_category() -> None:
    pen = Pen().start()
    pen.write(EntryRefused(symbol=SYMBOL, code="DATA_STALE: age_ms=9000", intent=""))
    assert pen.series()["refusals"].by_label() == {"DATA_STALE": 1}
