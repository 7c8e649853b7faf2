"""What is counted and told of each full answer of the venue: agreement, orders of others, balances free and locked."""

from dataclasses import replace

import pytest
from msgspec.structs import replace as changed
from tests.ids import own_id
from tests.pure.trading.test_reconciliation import of, stranger, totals
from tests.pure.trading.test_step import SYMBOL, Scene, caught, filled, report

from fairway.journal.kinds import BalancesOpened, ForeignOrderSeen, Unexplained
from fairway.money.amount import Amount
from fairway.orders.lifecycle import OrderAdopted
from fairway.orders.order import Side
from fairway.trading.inputs import OrdersAcknowledged
from fairway.trading.reconciliation import totals_of
from fairway.venues.port import BalanceReport, OrderReport, ReportStatus
from fairway.world.clock import SECOND


def counted(scene: Scene, *reports: OrderReport, **moved: str) -> tuple[int, int]:
    """By how many the count of answers that agree, and of those that differ, is higher after one more."""
    seen = scene.state.transient
    before = seen.reconciled, seen.differing
    scene.news(caught(totals(scene, **moved), scene.now, *reports), after=SECOND)
    return seen.reconciled - before[0], seen.differing - before[1]


AGREES, DIFFERS = (1, 0), (0, 1)


def test_an_answer_is_counted_as_agreement_or_as_difference_each_time() -> None:
    """A balance differs where the same difference is seen twice; from then on it is in the books."""
    scene = Scene()
    assert [counted(scene) for _ in range(2)] == [AGREES, AGREES]
    assert [counted(scene, USDT="-50"), counted(scene, USDT="-51"), counted(scene, USDT="-51")] == [AGREES, AGREES, DIFFERS]
    assert [counted(scene), counted(scene)] == [AGREES, AGREES]
    assert [counted(scene, USDT="-70"), counted(scene, USDT="-70")] == [AGREES, DIFFERS]


@pytest.mark.parametrize(
    "told",
    [stranger(own_id("e", 7, epoch=0)), stranger(own_id("e", 3, run="older")), stranger(own_id("t", 7, epoch=0), Side.SELL)],
)
def test_an_order_of_ours_that_the_journal_lacks_is_a_difference(told: OrderReport) -> None:
    """An orphan, or one of another run; while an order of somebody else, and a fill that is news, are none."""
    assert counted(Scene(), told) == DIFFERS
    assert counted(Scene(), stranger("web_1")) == AGREES


def test_fills_and_ends_that_were_not_heard_of_are_news_and_no_difference() -> None:
    scene = Scene()
    entry = scene.enter()
    scene.news(OrdersAcknowledged([report(entry)]))
    bought = filled(entry, "1", entry.quantity.value)
    done = report(entry, ReportStatus.FILLED, filled=entry.quantity.value)
    moved = {"BTC": str((bought.fill.quantity - bought.fill.fee).value), "USDT": str(-bought.fill.quote.value)}
    before = scene.state.transient.differing
    scene.news(caught(totals(scene, **moved), scene.now + 1, done, fills=[bought]), after=1)
    assert scene.state.transient.differing == before
    assert SYMBOL in scene.state.money.ledger.positions


def test_an_order_of_somebody_else_is_told_once_while_it_rests_and_again_when_it_comes_back() -> None:
    scene = Scene()
    bid, ask = stranger("web_1"), replace(stranger("web_2", Side.SELL), venue_id="78")
    seen = []
    for told in ((bid,), (bid, ask), (ask,), (bid,)):
        events = scene.news(caught(totals(scene), scene.now, *told), after=SECOND).events
        seen.append([event.venue_id for event in of(events, ForeignOrderSeen) if isinstance(event, ForeignOrderSeen)])
    assert seen == [["77"], ["78"], [], ["77"]]


@pytest.mark.parametrize(("side", "adopted"), [(Side.BUY, 1), (Side.SELL, 0)])
def test_of_a_trader_that_the_journal_does_not_know_only_purchases_are_taken_over_and_only_at_a_start(
    side: Side, adopted: int
) -> None:
    """What sells for it protects its coins; once this trader runs, the other one lives."""
    told = stranger(own_id("e" if side is Side.BUY else "t", 3, run="older"), side)
    at_start = Scene()
    at_start.state.transient.asked_at = 0
    assert len(of(at_start.news(caught(totals(at_start), at_start.now, told), after=SECOND).events, OrderAdopted)) == adopted
    later = Scene()
    assert of(later.news(caught(totals(later), later.now, told), after=SECOND).events, OrderAdopted) == []


def test_an_order_in_a_symbol_that_is_not_traded_is_taken_over_by_nobody() -> None:
    scene = Scene()
    scene.state.transient.asked_at = 0
    told = [replace(stranger(own_id("e", 3, run=run)), symbol="ETH/USDT", venue_id=run) for run in ("older", "other")]
    assert of(scene.news(caught(totals(scene), scene.now, *told), after=SECOND).events, OrderAdopted) == []


def test_a_sale_beside_no_position_is_kept_in_mind_though_a_purchase_was_taken_over_before_it() -> None:
    """Once what that buys is a position the sale is taken over, too: it may be what protects it."""
    scene = Scene()
    bid, sale = stranger(own_id("e", 7, epoch=0)), replace(stranger(own_id("t", 8, epoch=0), Side.SELL), venue_id="78")
    events = scene.news(caught(totals(scene), scene.now, bid, sale), after=SECOND).events
    assert [event.order_id for event in of(events, OrderAdopted) if isinstance(event, OrderAdopted)] == [bid.client_id]
    assert scene.state.transient.orphans == {sale.client_id: SYMBOL}


def test_a_fill_that_names_no_order_is_of_the_one_that_the_list_of_orders_names() -> None:
    """The venue's history tells its own number alone; the answer to the order was lost, so only the list tells whose that is."""
    scene = Scene()
    entry = scene.enter()
    bought = replace(filled(entry, "1", entry.quantity.value), client_id="")
    moved = {"BTC": str((bought.fill.quantity - bought.fill.fee).value), "USDT": str(-bought.fill.quote.value)}
    done = report(entry, ReportStatus.FILLED, filled=entry.quantity.value)
    scene.news(caught(totals(scene, **moved), scene.now + 1, done, fills=[bought]), after=1)
    assert scene.order(entry).filled == entry.quantity
    assert SYMBOL in scene.state.money.ledger.positions


def test_coins_that_our_own_open_orders_lock_are_not_gone_though_the_venue_lists_none() -> None:
    """An empty list of orders may be incomplete as well: the answer about the balance is not believed."""
    scene = Scene()
    scene.protected()
    held = scene.state.money.ledger.positions[SYMBOL].quantity
    for _ in range(3):
        outcome = scene.news(caught({**totals(scene), "BTC": "1"}, scene.now), after=SECOND)
        assert of(outcome.events, Unexplained) == []
    assert scene.state.money.ledger.positions[SYMBOL].quantity == held


def test_books_begin_with_what_is_free_and_what_is_locked() -> None:
    """Both are the account's."""
    told = BalanceReport(balances={"USDT": (Amount.of("7", "USDT"), Amount.of("3", "USDT"))}, is_complete=True, at=1)
    assert {asset: str(total) for asset, total in totals_of(told).items()} == {"USDT": "10"}


@pytest.mark.parametrize(("history", "second"), [(None, "10000"), ({}, "9000")])
def test_books_do_not_begin_while_the_venue_leaves_a_doubt(history: object, second: str) -> None:
    """It does not tell the newest orders; or its two answers about the balances differ."""
    scene = Scene()
    scene.state = scene._state()
    told = caught({"USDT": "10000"}, scene.now, second={"USDT": second})
    outcome = scene.news(changed(told, history=history))
    assert of(outcome.events, BalancesOpened) == []
    assert scene.state.money.opening is None
