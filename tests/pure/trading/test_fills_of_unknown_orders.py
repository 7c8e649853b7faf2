"""Fills of orders that the journal does not know: whose they are, what is booked when, and what a person is told to do."""

from dataclasses import replace
from decimal import Decimal

import pytest
from msgspec.structs import replace as changed
from tests.ids import kill_id, own_id
from tests.pure.trading.test_reconciliation import by_hand, of, stranger, totals
from tests.pure.trading.test_step import SYMBOL, Scene, caught, filled, report

from fairway.journal.kinds import CapRaised, Event, ExternalFill
from fairway.money.amount import Amount
from fairway.orders.ids import Role
from fairway.orders.lifecycle import OrderAdopted, OrderSent
from fairway.orders.order import Side
from fairway.trading.event_mapping import FOUND_GRACE_NS
from fairway.trading.inputs import OrderQueried, OrdersAcknowledged, PlaceFailed
from fairway.trading.lost_journal import TO_DO
from fairway.venues.port import Ambiguous, FillReport, ReportStatus
from fairway.world.clock import MINUTE, SECOND

TRADED = {Side.BUY: "1 BTC bought at 100", Side.SELL: "1 BTC sold at 100"}


def why(events: list[Event]) -> list[str]:
    return [event.cap.reason for event in of(events, CapRaised) if isinstance(event, CapRaised)]


def told_by(scene: Scene, client_id: str, side: Side) -> list[str]:
    """Why the symbol is held, once the venue has told a fill of an order with this id."""
    fill = replace(by_hand("9", side, "1"), client_id=client_id)
    signs = {"BTC": "1", "USDT": "-100.1"} if side is Side.BUY else {"BTC": "-1", "USDT": "99.9"}
    scene.now += MINUTE
    return why(scene.news(caught(totals(scene, **signs), scene.now, fills=[fill])).events)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("client_id", ["", "web_1", own_id("e", 3, account="other")])
def test_a_trade_of_somebody_else_is_told_as_theirs(client_id: str, side: Side) -> None:
    """By hand, by another tool, or by the trader of another account on the same key: there is nothing to mend."""
    scene = Scene()
    scene.protected()
    by = "an order that is not ours (trade 9)"
    assert told_by(scene, client_id, side) == [f"traded by another party: {SYMBOL}: {TRADED[side]} by {by}"]


@pytest.mark.parametrize(("side", "to_do"), [(Side.BUY, f"; {TO_DO}"), (Side.SELL, "")])
def test_a_trade_of_a_run_that_the_journal_never_had_is_told_as_a_lost_journal_s(side: Side, to_do: str) -> None:
    """What it bought has no stop, and a person must see to it; what it sold needs nothing more."""
    scene = Scene()
    scene.protected()
    own = own_id("x", 3, run="older")
    by = "an order that is not ours (trade 9)"
    told = f"traded by an order that the journal does not know, {own}: {SYMBOL}: {TRADED[side]} by {by}{to_do}"
    assert told_by(scene, own, side) == [told]


@pytest.mark.parametrize(("side", "to_do"), [(Side.BUY, f"; {TO_DO}"), (Side.SELL, "")])
def test_a_trade_of_an_id_of_ours_that_is_not_in_the_journal_is_told_with_what_to_do(side: Side, to_do: str) -> None:
    scene = Scene()
    scene.protected()
    own = own_id("e", 7, epoch=0)
    by = f"our order {own}, which our books lack (trade 9)"
    assert told_by(scene, own, side) == [f"{SYMBOL}: {TRADED[side]} by {by}{to_do}"]


def sale_of_a_kill(quantity: str) -> FillReport:
    return replace(by_hand("9", Side.SELL, quantity), client_id=kill_id(), venue_id="k-9")


def test_a_sale_of_a_kill_waits_for_the_purchase_that_it_sold() -> None:
    """The fate of the purchase is unknown when the sale is told: it is booked into the position once there is one."""
    scene = Scene()
    entry = scene.enter()
    scene.news(PlaceFailed([entry], Ambiguous("reset")))
    sold, bought = sale_of_a_kill("1"), filled(entry, "1", entry.quantity.value)
    coins, paid = bought.fill.quantity.value - bought.fill.fee.value, bought.fill.quote.value
    truth = totals(scene, BTC=str(coins - 1), USDT=str(Decimal("99.9") - paid))
    outcome = scene.news(caught(truth, scene.now, fills=[sold]), after=SECOND)
    assert of(outcome.events, ExternalFill) == []
    assert why(outcome.events) == []
    scene.news(OrderQueried(entry, report(entry, ReportStatus.FILLED, filled=entry.quantity.value), scene.now), after=SECOND)
    shown = replace(stranger(kill_id(), Side.SELL, filled="1"), venue_id="k-9", quantity=Amount.of("1", "BTC"))
    told = caught(truth, scene.now + 1, fills=[bought, sold])
    outcome = scene.news(changed(told, owners=[replace(shown, status=ReportStatus.FILLED)]), after=1)
    assert of(outcome.events, ExternalFill) == []
    assert scene.state.money.ledger.positions[SYMBOL].quantity == Amount(coins - 1, "BTC")


@pytest.mark.parametrize("beside", ["nothing", "an open entry", "a sale on its way"])
def test_a_sale_of_a_kill_that_waits_for_no_purchase_is_booked_at_once(beside: str) -> None:
    """There is no purchase, or the venue has told of it that it is open, and so what it has bought; or only a sale is unknown."""
    scene = Scene()
    if beside == "an open entry":
        scene.news(OrdersAcknowledged([report(scene.enter())]))
    if beside == "a sale on its way":
        sale = changed(Scene().enter(), id=own_id("x", 9), role=Role.EXIT, side=Side.SELL)
        scene.state.orders.blotter.apply(OrderSent(sale.id, order=sale), scene.now)
    orders = [report(order) for order in scene.state.orders.blotter.live.values() if order.role is Role.ENTRY]
    for _ in range(2):
        scene.news(caught({"USDT": "10000", "BTC": "3"}, scene.now, *orders), after=SECOND)
    scene.now += FOUND_GRACE_NS
    told = caught(totals(scene, BTC="-1", USDT="99.9"), scene.now, *orders, fills=[sale_of_a_kill("1")])
    assert len(of(scene.news(told).events, ExternalFill)) == 1


def test_what_waits_keeps_nothing_else_from_being_booked() -> None:
    """Beside the sale of a kill a purchase of another unknown order of ours is told: that one waits for nothing."""
    scene = Scene()
    scene.news(PlaceFailed([scene.enter()], Ambiguous("reset")))
    other = replace(by_hand("10", Side.BUY, "2"), client_id=own_id("e", 7, epoch=0), venue_id="v-10")
    outcome = scene.news(caught(totals(scene), scene.now, fills=[sale_of_a_kill("1"), other]), after=SECOND)
    assert [event.fill.trade_id for event in of(outcome.events, ExternalFill) if isinstance(event, ExternalFill)] == ["10"]


def test_of_a_pair_only_the_leg_that_the_journal_lacks_is_taken_over() -> None:
    """Its target was taken over while it was open; then its stop sold, of which nothing was known."""
    scene = Scene()
    scene.protected()
    target, stop = (stranger(own_id(role, 7, epoch=0), Side.SELL) for role in ("t", "s"))
    scene.news(caught(totals(scene), scene.now, target), after=SECOND)
    assert scene.state.orders.blotter.get(target.client_id) is not None
    sold = replace(by_hand("9", Side.SELL, "2"), client_id=stop.client_id, venue_id="78")
    shown = replace(stop, venue_id="78", status=ReportStatus.FILLED, filled=Amount.of("2", "BTC"))
    held = scene.state.money.ledger.positions[SYMBOL].quantity
    told = changed(caught(totals(scene, BTC="-2", USDT="199.9"), scene.now + 1, fills=[sold]), owners=[shown, target])
    adopted = of(scene.news(told, after=1).events, OrderAdopted)
    assert [event.order_id for event in adopted if isinstance(event, OrderAdopted)] == [stop.client_id]
    assert scene.state.money.ledger.positions[SYMBOL].quantity == held - Amount.of("2", "BTC")


@pytest.mark.parametrize(
    ("total", "told", "is_loss"),
    [
        ({"BTC": "0.5"}, "0.5 BTC more", False),
        ({"USDT": "10900"}, "900 USDT more", False),
        ({"USDT": "9100"}, "900 USDT less", True),
    ],
)
def test_what_leaves_counts_as_a_loss_until_it_is_announced_and_what_comes_does_not(
    total: dict[str, str], told: str, is_loss: bool
) -> None:
    """Seen twice, it holds what it may be of, and says why."""
    scene = Scene()
    for _ in range(2):
        outcome = scene.news(caught({"USDT": "10000"} | total, scene.now), after=SECOND)
    what = f"the venue holds {told} than is explained: a deposit, a withdrawal, a transfer or a trade elsewhere"
    end = "; it counts as a loss until a person announces it: fairway transfer" if is_loss else ""
    assert why(outcome.events) == [what + end]


@pytest.mark.parametrize(("left", "is_held"), [("9998.97", True), ("9998.98", False)])
def test_exactly_a_ten_thousandth_of_the_account_holds_it(left: str, is_held: bool) -> None:
    """Beside one coin at 301.03 the account is worth 10,300, of which 1.03 has left it."""
    scene = Scene()
    scene.quote("301.02", "301.04")
    for balances in ({"USDT": "10000", "BTC": "1"}, {"USDT": left, "BTC": "1"}):
        for _ in range(2):
            scene.news(caught(balances, scene.now), after=SECOND)
    assert scene.state.worth() == Amount.of(Decimal(left) + Decimal("301.03"), "USDT")
    assert ("unexplained USDT" in scene.state.limits.caps) is is_held
