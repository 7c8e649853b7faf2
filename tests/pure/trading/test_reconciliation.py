"""What the venue's whole answer does to the state: each difference is booked as what it is, once, and holds what it must hold."""

from dataclasses import replace
from decimal import Decimal

import pytest
from msgspec.structs import replace as changed
from tests.ids import kill_id, own_id
from tests.pure.trading.test_safety_checks import STARTED
from tests.pure.trading.test_step import SYMBOL, Scene, caught, filled, kinds, report

from fairway.journal.kinds import (
    CaughtUp,
    Event,
    ExternalFill,
    StreamLost,
    Unexplained,
)
from fairway.money.amount import Amount, Price
from fairway.orders.ids import Role
from fairway.orders.lifecycle import OrderAccepted, OrderAdopted, OrderResized
from fairway.orders.order import Fill, OrderType, Side
from fairway.risk.limits import TradingState
from fairway.trading.inputs import (
    OrderQueried,
    OrdersAcknowledged,
    PlaceFailed,
    Tick,
)
from fairway.trading.other_writers import RIVAL_CAP, Fenced
from fairway.trading.venue_requests import PlacePair, ReconnectChannel
from fairway.venues.port import (
    Ambiguous,
    FillReport,
    OrderReport,
    ReportStatus,
    StreamChannel,
    StreamDown,
    StreamUp,
    Unreachable,
)
from fairway.world.clock import MINUTE, SECOND


def by_hand(trade_id: str, side: Side, quantity: str, at: int = MINUTE, price: str = "100") -> FillReport:
    """A fill of an order that is not ours, as the venue's history tells it."""
    base, level = Amount.of(quantity, "BTC"), Price.of(price, "BTC", "USDT")
    fee = Amount.of("0.1", "USDT")
    fill = Fill(trade_id=trade_id, price=level, quantity=base, quote=level * base, fee=fee, is_maker=False, at=at)
    return FillReport(client_id="", venue_id=f"hand-{trade_id}", symbol=SYMBOL, side=side, fill=fill)


def totals(scene: Scene, **moved: str) -> dict[str, str]:
    """Our balances, and what else has moved."""
    ours = dict(scene.state.money.ledger.balances.totals)
    for asset, value in moved.items():
        ours[asset] = ours.get(asset, Decimal(0)) + Decimal(value)
    return {asset: str(value) for asset, value in ours.items()}


def stranger(client_id: str, side: Side = Side.BUY, filled: str = "0") -> OrderReport:
    return OrderReport(
        client_id=client_id,
        venue_id="77",
        symbol=SYMBOL,
        side=side,
        status=ReportStatus.OPEN,
        quantity=Amount.of("2", "BTC"),
        filled=Amount.of(filled, "BTC"),
        price=Price.of("90", "BTC", "USDT"),
        stop_price=None,
        at=MINUTE,
    )


def of(events: list[Event], kind: type[Event]) -> list[Event]:
    return [event for event in events if isinstance(event, kind)]


def state(scene: Scene) -> TradingState:
    return scene.state.limits.of(SYMBOL).state


def test_a_sale_by_hand_is_taken_from_the_position_and_told_once() -> None:
    """However often the history repeats it."""
    scene = Scene()
    scene.protected()
    held = scene.state.money.ledger.positions[SYMBOL].quantity
    sold = by_hand("9", Side.SELL, "1")
    for _ in range(3):
        outcome = scene.news(caught(totals(scene), scene.now, fills=[sold]), after=SECOND)
    assert scene.state.money.ledger.positions[SYMBOL].quantity == held - Amount.of("1", "BTC")
    assert of(outcome.events, ExternalFill) == []
    assert len([event for event, _ in scene.journal if isinstance(event, ExternalFill)]) == 1
    assert state(scene) is TradingState.REDUCE_ONLY


def test_who_has_coins_of_their_own_sells_them_first() -> None:
    """Of two that were deposited and three that were sold, one was the bot's."""
    scene = Scene()
    scene.protected()
    for _ in range(2):
        scene.news(caught(totals(scene, BTC="2"), scene.now), after=SECOND)
    held = scene.state.money.ledger.positions[SYMBOL].quantity
    scene.news(caught(totals(scene, BTC="-3", USDT="299.9"), scene.now, fills=[by_hand("9", Side.SELL, "3")]), after=SECOND)
    assert scene.state.money.ledger.positions[SYMBOL].quantity == held - Amount.of("1", "BTC")


def test_what_open_sales_of_the_bot_lock_was_sold_by_nobody_else() -> None:
    """The two legs of its pair lock the position once; sales of others, of other symbols, and purchases lock nothing of it."""
    scene = Scene()
    pair = scene.protected()
    legs = [replace(report(leg), list_id="5") for leg in (pair.stop, pair.target)]
    others = [stranger("x", Side.SELL), replace(stranger("y", Side.SELL), venue_id="78", symbol="ETH/USDT"), stranger("z")]
    answer = caught(totals(scene, BTC="-1", USDT="99.9"), scene.now, *legs, *others, fills=[by_hand("9", Side.SELL, "1")])
    scene.news(answer, after=SECOND)
    [told] = [event for event, _ in scene.journal if isinstance(event, ExternalFill)]
    assert told.kept == pair.stop.quantity.value


def test_an_open_sale_of_the_bot_locks_what_is_left_of_it() -> None:
    scene = Scene()
    pair = scene.protected()
    rest = replace(report(pair.target), filled=Amount.of("0.25", "BTC"))
    answer = caught(totals(scene, BTC="-1.25", USDT="124.9"), scene.now, rest, fills=[by_hand("9", Side.SELL, "1")])
    scene.news(answer, after=SECOND)
    [told] = [event for event, _ in scene.journal if isinstance(event, ExternalFill)]
    assert told.kept == pair.target.quantity.value - Decimal("0.25")


def test_what_was_bought_by_hand_joins_no_position() -> None:
    """Nor is a stop sent for it."""
    scene = Scene()
    scene.protected()
    held = scene.state.money.ledger.positions[SYMBOL].quantity
    outcome = scene.news(
        caught(totals(scene, BTC="2", USDT="-200.1"), scene.now, fills=[by_hand("9", Side.BUY, "2")]), after=SECOND
    )
    assert scene.state.money.ledger.positions[SYMBOL].quantity == held
    assert "PlacePair" not in kinds(outcome.commands)


def test_the_fill_of_an_order_that_is_still_on_its_way_is_not_a_strangers() -> None:
    """The history tells it before the answer comes: nothing is booked as somebody else's, and the order is asked for."""
    scene = Scene()
    entry = scene.enter()
    early = replace(filled(entry, "1", entry.quantity.value), client_id="")
    scene.now += SECOND
    outcome = scene.news(caught({"USDT": "5000", "BTC": "49"}, scene.now, fills=[early]))
    assert of(outcome.events, ExternalFill) == []
    assert kinds(outcome.commands) == ["QueryOrder"]
    scene.news(OrdersAcknowledged([report(entry, ReportStatus.FILLED, filled=entry.quantity.value)]))
    assert "PlacePair" in kinds(scene.news(caught({"USDT": "5000"}, scene.now, fills=[early])).commands)


def test_an_unknown_order_keeps_a_strangers_fill_waiting_for_as_long_as_it_is_unknown() -> None:
    """After an outage of an hour the first list may tell of the fill before the order is found."""
    scene = Scene()
    entry = scene.enter()
    scene.news(PlaceFailed([entry], Ambiguous("timeout")))
    scene.now += 60 * MINUTE
    unnamed = replace(filled(entry, "1", entry.quantity.value), client_id="")
    outcome = scene.news(caught({"USDT": "5000", "BTC": "49"}, scene.now, fills=[unnamed]))
    assert of(outcome.events, ExternalFill) == []
    assert "QueryOrder" in kinds(outcome.commands)


def test_a_difference_is_booked_when_it_was_seen_twice() -> None:
    """Once is noise; and one that changes in between begins anew."""
    scene = Scene()
    assert of(scene.news(caught({"USDT": "9000"}, scene.now), after=SECOND).events, Unexplained) == []
    assert of(scene.news(caught({"USDT": "9100"}, scene.now), after=SECOND).events, Unexplained) == []
    [event] = of(scene.news(caught({"USDT": "9100"}, scene.now), after=SECOND).events, Unexplained)
    assert isinstance(event, Unexplained)
    assert event.amount == Amount.of("-900", "USDT")
    assert state(scene) is TradingState.REDUCE_ONLY


@pytest.mark.parametrize(("lot", "held"), [("0.001", True), ("0.00099", False)])
def test_less_than_a_lot_of_coins_holds_nothing(lot: str, held: bool) -> None:
    """No order could sell it, or miss it."""
    scene = Scene()
    for _ in range(2):
        scene.news(caught({"USDT": "10000", "BTC": lot}, scene.now), after=SECOND)
    assert (state(scene) is TradingState.REDUCE_ONLY) is held
    assert scene.state.money.ledger.unexplained == {"BTC": Decimal(lot)}


def test_small_sums_hold_together_what_none_would_alone() -> None:
    """Half a ten-thousandth of the account twice is a whole one."""
    scene = Scene()
    seen = []
    for total in ("9999.5", "9999.5", "9999", "9999"):
        scene.news(caught({"USDT": total}, scene.now), after=SECOND)
        seen.append(state(scene))
    assert seen == [TradingState.ACTIVE] * 3 + [TradingState.REDUCE_ONLY]


def test_a_position_loses_what_was_taken_away() -> None:
    """Its pair was cancelled at the venue for that: what the coins had cost is lost, and what is left is protected."""
    scene = Scene()
    pair = scene.protected()
    position = scene.state.money.ledger.positions[SYMBOL]
    for leg in (pair.stop, pair.target):
        outcome = scene.news(report(leg, ReportStatus.CANCELLED))
    [again] = [command for command in outcome.commands if isinstance(command, PlacePair)]
    scene.news(PlaceFailed([again.stop, again.target], Unreachable("the line is dead")))
    for _ in range(2):
        outcome = scene.news(caught({**totals(scene), "BTC": "1"}, scene.now), after=SECOND // 10)
    kept = scene.state.money.ledger.positions[SYMBOL]
    assert kept.quantity == Amount.of("1", "BTC")
    assert kept.cost - kept.result == position.cost
    assert "PlacePair" in kinds(scene.news(Tick(), after=SECOND).commands)


def test_an_orphan_is_taken_over_as_the_venue_has_it() -> None:
    """Its role is in its id; what it is comes from its prices; its fills are asked for."""
    scene = Scene()
    outcome = scene.news(caught({"USDT": "10000"}, scene.now, stranger(own_id("e", 7, epoch=0), filled="0.5")), after=SECOND)
    [adopted] = of(outcome.events, OrderAdopted)
    assert isinstance(adopted, OrderAdopted)
    assert (adopted.order.type, adopted.order.side) == (OrderType.LIMIT, Side.BUY)
    assert of(outcome.events, OrderAccepted)
    assert scene.state.orders.lacks_fills(SYMBOL)
    assert state(scene) is TradingState.REDUCE_ONLY


def test_what_an_orphan_filled_before_the_books_were_opened_is_in_them_already() -> None:
    """A new journal over an old account: its opening balances hold those coins, and its ids are of another run."""
    scene = Scene()
    old, fresh = own_id("e", epoch=7, run="older"), scene._state()
    scene.state = fresh
    scene.news(STARTED)
    scene.news(caught({"USDT": "9950", "BTC": "0.5"}, scene.now, stranger(old, filled="0.5")), after=SECOND)
    assert fresh.orders.blotter[old].remaining == Amount.of("1.5", "BTC")
    assert not fresh.orders.lacks_fills(SYMBOL)
    assert fresh.starts.next_id(Role.ENTRY) == own_id("e")
    assert RIVAL_CAP in fresh.limits.caps


def test_what_an_order_fills_that_was_left_alone_is_booked_as_somebody_elses() -> None:
    """Its coins are in no position; the books end as the venue has it."""
    scene = Scene()
    for _ in range(2):
        scene.news(caught({"USDT": "10000", "BTC": "2"}, scene.now), after=SECOND)
    sold = replace(by_hand("9", Side.SELL, "1"), venue_id="77")
    left = stranger(own_id("t", 7, epoch=0), Side.SELL, filled="1")
    for _ in range(2):
        scene.news(caught({"USDT": "10099.9", "BTC": "1"}, scene.now, left, fills=[sold]), after=SECOND)
    assert scene.state.money.ledger.balances.totals == {"USDT": Decimal("10099.9"), "BTC": Decimal(1)}
    assert len([event for event, _ in scene.journal if isinstance(event, ExternalFill)]) == 1
    assert list(scene.state.orders.blotter.live) == []


def test_a_fill_whose_order_the_venue_denies_is_nobodys_for_a_minute() -> None:
    """Its list of orders lags behind that of its fills; then it is believed to be a stranger's."""
    scene = Scene()
    fill = by_hand("9", Side.BUY, "1", at=scene.now)
    for seconds, booked in ((1, 0), (58, 0), (1, 1)):
        told = caught(totals(scene, BTC="1", USDT="-100.1"), scene.now + seconds * SECOND, fills=[fill])
        outcome = scene.news(changed(told, ownerless=[fill]), after=seconds * SECOND)
        assert len(of(outcome.events, ExternalFill)) == booked
        assert of(outcome.events, Unexplained) == []


def test_a_position_that_comes_to_be_beside_a_sale_of_ours_takes_it_over_first() -> None:
    """Nobody knew what it was for; now it may be what protects it, and another stop would be one too many."""
    scene = Scene()
    entry = scene.enter()
    scene.news(PlaceFailed([entry], Ambiguous("reset")))
    sale = stranger(own_id("t", 7, epoch=0), Side.SELL)
    assert of(scene.news(caught(totals(scene), scene.now, sale)).events, OrderAdopted) == []
    scene.news(OrderQueried(entry, report(entry, ReportStatus.FILLED, filled=entry.quantity.value), scene.now), after=SECOND)
    assert scene.news(filled(entry, "1", entry.quantity.value)).commands == []
    assert kinds(scene.news(Tick(), after=SECOND).commands) == ["QueryAccount"]
    scene.now += 1
    outcome = scene.news(caught(totals(scene), scene.now, sale))
    assert len(of(outcome.events, OrderAdopted)) == 1
    assert kinds(outcome.commands) == ["Cancel"]


@pytest.mark.parametrize("own", [own_id("e", 999), own_id("s", epoch=2)])
def test_an_order_that_only_a_later_trader_can_have_sent_ends_this_one(own: str) -> None:
    """Nothing of that answer is booked."""
    scene = Scene()
    with pytest.raises(Fenced, match=f"holds an order {own} of its start"):
        scene.news(caught({"USDT": "10000"}, scene.now, stranger(own)), after=SECOND)


def test_orders_of_a_kill_and_of_other_accounts_fence_nobody() -> None:
    """The kill's number is no start, and another account's orders are another trader's."""
    scene = Scene()
    told = [stranger(kill_id()), replace(stranger(own_id("e", epoch=9, account="other")), venue_id="78")]
    outcome = scene.news(caught({"USDT": "10000"}, scene.now, *told), after=SECOND)
    assert len(of(outcome.events, OrderAdopted)) == 1


def test_a_venue_that_changes_an_orders_size_is_believed() -> None:
    """Protection then follows: the pair covers too little, and makes way."""
    scene = Scene()
    pair = scene.protected()
    smaller = replace(report(pair.target), quantity=Amount.of("1", "BTC"))
    outcome = scene.news(smaller)
    assert len(of(outcome.events, OrderResized)) == 1
    assert "Cancel" in kinds(outcome.commands)


def test_an_end_that_was_not_told_in_time_makes_the_stream_a_mute_one() -> None:
    """Entries wait, and the connection is dialled again; five seconds are the stream's to tell."""
    for late_ns, commands in ((4 * SECOND, []), (5 * SECOND, ["ReconnectChannel"])):
        scene = Scene()
        pair = scene.protected()
        scene.now += MINUTE
        gone = replace(report(pair.target, ReportStatus.EXPIRED), at=scene.now - late_ns)
        outcome = scene.news(OrderQueried(pair.target, gone, scene.now))
        assert [name for name in kinds(outcome.commands) if name == "ReconnectChannel"] == commands
        assert (StreamChannel.ACCOUNT in scene.state.access.down) is bool(commands)


def test_what_happened_before_the_stream_was_up_is_not_its_fault() -> None:
    """It is caught up, and blames nobody."""
    for early_ns, blamed in ((1, 0), (0, 1)):
        scene = Scene()
        pair = scene.protected()
        told = filled(pair.stop, "2", "1", "98")
        old = replace(told, fill=changed(told.fill, at=scene.state.access.up_at[StreamChannel.ACCOUNT] - early_ns))
        scene.now += MINUTE
        assert len(of(scene.news(caught(totals(scene), scene.now, fills=[old])).events, StreamLost)) == blamed


def test_money_that_moves_while_nobody_knows_what_the_account_is_worth_holds_it() -> None:
    """Unknown is not small."""
    scene = Scene()
    scene.state.market.quotes.clear()
    for _ in range(2):
        scene.news(caught({"USDT": "9999.9", "BTC": "0.0001"}, scene.now), after=SECOND)
    assert scene.state.worth() is None
    assert "unexplained USDT" in scene.state.limits.caps


def test_while_something_is_unexplained_the_fills_from_before_are_asked_for() -> None:
    """Also where the streams are caught up: what explains it may have been before they were."""
    scene = Scene()
    tied_at = scene.state.money.tied_at
    scene.news(StreamDown(StreamChannel.MARKET, "cut"), after=MINUTE)
    scene.news(StreamUp(StreamChannel.MARKET), after=MINUTE)
    assert of(scene.news(caught({"USDT": "9000"}, scene.now)).events, CaughtUp)
    assert scene.state.money.tied_at == tied_at


def test_a_market_order_that_does_not_end_is_asked_for() -> None:
    """However quiet all is: it cannot rest."""
    scene = Scene()
    entry = scene.enter()
    scene.news(OrdersAcknowledged([report(entry)]))
    assert scene.news(Tick(), after=4 * SECOND).commands == []
    assert kinds(scene.news(Tick(), after=SECOND).commands) == ["QueryOrder"]


def test_a_stream_that_is_dialled_again_is_told_by_name_with_the_reason() -> None:
    """Whoever reads the journal knows what for."""
    scene = Scene()
    pair = scene.protected()
    scene.now += MINUTE
    told = filled(pair.stop, "2", "1", "98")
    late = replace(told, fill=changed(told.fill, at=scene.now - 9 * SECOND))
    commands = scene.news(caught(totals(scene), scene.now, fills=[late])).commands
    assert ReconnectChannel(StreamChannel.ACCOUNT, "it did not tell that trade 2 filled 9 s ago") in commands
