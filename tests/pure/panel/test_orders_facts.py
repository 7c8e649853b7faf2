"""Orders as tables and pages show them."""

from decimal import Decimal
from typing import Any

from fairway.journal.models import OrderRow
from fairway.journal.port import Record
from fairway.money.amount import Amount, Price
from fairway.operations.trader.status import AccountStatus, StatusOutcome, TraderStatus
from fairway.panel.facts.orders import order_facts_of
from fairway.panel.facts.positions import PositionFacts, position_facts
from fairway.panel.facts.record_text import record_pairs
from fairway.panel.order_columns import order_link
from fairway.panel.pages.order_candles import fitting
from fairway.panel.pages.orders_facts import pair_choice
from fairway.panel.state_marks import Mark
from fairway.reports.holdings import Earned, Held, Holdings
from fairway.world.clock import DAY, MINUTE, SECOND


def row(**changes: object) -> OrderRow:
    known: dict[str, object] = {
        "order_id": "fw-main-k3x9q-1-2-e",
        "account": "main",
        "symbol": "BTC/USDT",
        "side": "buy",
        "type": "market",
        "role": "e",
        "state": "open",
        "reason": "",
        "venue_id": "7",
        "quantity": "0.5",
        "price": "",
        "stop_price": "",
        "filled": "0",
        "cost": "0",
        "base": "BTC",
        "quote": "USDT",
        "created_at": SECOND,
        "updated_at": SECOND,
    }
    return OrderRow(**{**known, **changes})  # type: ignore[arg-type]


def test_an_order_without_a_fill_has_no_average() -> None:
    found = order_facts_of(row())
    assert (found.role, found.filled, found.average, found.value, found.price) == ("entry", "0 %", "—", "—", "—")
    assert found.is_live
    assert found.is_entry


def test_a_part_that_is_filled_has_its_average_and_its_value() -> None:
    found = order_facts_of(row(state="partly filled", filled="0.125", cost="7500"))
    assert (found.filled, found.average, found.value) == ("25.0 %", "60,000.00", "7,500.00 USDT")


def test_an_order_of_unknown_fate_looks_unknown() -> None:
    assert order_facts_of(row(state="unknown")).mark is Mark.UNKNOWN
    assert not order_facts_of(row(state="cancelled", role="s")).is_live


def test_a_record_is_told_with_units_and_without_what_is_nothing() -> None:
    body = (
        b'{"order_id":"a","why":"","quote_age_ns":1500000,"is_maker":false,"fill":{"at":1000000000,'
        b'"price":{"value":"60000.5","base":"BTC","quote":"USDT"},"quantity":{"value":"0.50","asset":"BTC"}}}'
    )
    record = Record(seq=1, at=0, account="main", author="trader", kind="OrderFilled", version=1, body=body, digest="")
    assert record_pairs(record) == (
        ("order id", "a"),
        ("quote age ns", "1.500 ms"),
        ("is maker", "no"),
        ("fill at", "00:00:01.000"),
        ("fill price", "60,000.5 USDT"),
        ("fill quantity", "0.5 BTC"),
    )


def test_a_pair_that_is_not_traded_is_as_if_none_was_named() -> None:
    pairs = ("BTC/USDT", "ETH/USDT")
    choice = pair_choice({"pair": "ETH/USDT", "interval": "1s"}, pairs, "1m")
    assert (choice.symbol, choice.interval) == ("ETH/USDT", "1m")
    assert "1s" not in choice.intervals
    assert pair_choice({"pair": "<script>"}, pairs, "1m").symbol == "BTC/USDT"


def test_the_shortest_candles_that_reach_back_are_drawn() -> None:
    now = 30 * DAY
    assert fitting(now - MINUTE, now, "1s") == ("1s", 200)
    assert fitting(now - 60 * MINUTE, now, "1s") == ("1m", 200)
    assert fitting(now - MINUTE, now, "5m") == ("5m", 100)
    assert fitting(now - 5 * DAY, now, "1m")[0] == "15m"


def test_an_id_in_an_address_is_quoted() -> None:
    assert order_link("a/b?c") == "/panel/orders/a%2Fb%3Fc"


def held(**changes: Any) -> PositionFacts:
    known: dict[str, Any] = {
        "symbol": "BTC/USDT",
        "quantity": Amount.of("0.5", "BTC"),
        "entry": Decimal(100),
        "opened_at": SECOND,
        "mark": Decimal(102),
        "result": Amount.of("1", "USDT"),
        "stop": Price.of("99.96", "BTC", "USDT"),
        "target": None,
        "covered": Amount.of("0.5", "BTC"),
        "is_covered": True,
        "risk": Amount.of("2", "USDT"),
        "fees": {"USDT": Decimal("0.05")},
    }
    earned = Earned(since=0, result=None, trades=0)
    holdings = Holdings(
        account="main",
        quote="USDT",
        worth=None,
        marked_at=0,
        held=(Held(**{**known, **changes}),),
        today=earned,
        in_all=earned,
    )
    account = AccountStatus(holdings=holdings, stage="", why_not="")
    [found] = position_facts(StatusOutcome(now=SECOND, accounts=(account,), trader=TraderStatus(is_started=True)))
    return found


def test_a_position_without_a_target_still_says_how_far_its_stop_is() -> None:
    found = held()
    assert (found.place, found.to_stop, found.to_target) == (None, "2.0 %", "—")


def test_a_position_has_its_result_in_units_of_its_risk_and_its_fees() -> None:
    assert (held().r, held().fees) == ("+0.50 R", "0.0500 USDT")
    assert (held(risk=None).r, held(result=None).r, held(fees={}).fees) == ("—", "—", "—")
