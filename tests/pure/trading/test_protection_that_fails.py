"""What is done where stops do not sell, coins are locked by others, a sale is lost, or no order is small enough."""

import dataclasses
from decimal import Decimal

import pytest
from msgspec import structs
from tests.ids import kill_id, own_id
from tests.pure.trading.planned import cancelled, held, price, protected, usdt
from tests.pure.trading.test_step import PAIR, SYMBOL, Scene, caught, filled, kinds, report

from fairway.journal.kinds import CapRaised, DustLeft, ExitWanted, StopFailed
from fairway.market.candles import Quote
from fairway.money.amount import Amount
from fairway.orders.ids import Role
from fairway.orders.order import Order, OrderState, OrderType, Side
from fairway.orders.plan import PLAIN, ExitPlan
from fairway.trading.inputs import (
    AccountSnapshot,
    OrderQueried,
    OrdersAcknowledged,
    PlaceFailed,
    Tick,
)
from fairway.trading.step import StepOutcome
from fairway.trading.venue_requests import Place, PlacePair
from fairway.venues.port import Ambiguous, OrderReport, Rejected, ReportStatus
from fairway.world.clock import SECOND

NO = Rejected("no", "-2010")
GAPPED = ExitPlan(stop_gap=usdt("0.5"))


def fall(scene: Scene, bid: str) -> None:
    scene.quote(bid, str(Decimal(bid) + Decimal("0.02")))


def totals(scene: Scene) -> dict[str, str]:
    return {asset: str(total) for asset, total in scene.state.money.ledger.balances.totals.items()}


def happened(outcome: StepOutcome, *wanted: type) -> list[type]:
    return [type(event) for event in outcome.events if isinstance(event, wanted)]


# -- a stop that does not sell ---------------------------------------------------------------------------------------


def test_a_stop_with_a_gap_is_a_stop_limit() -> None:
    """It sells down to its limit, and no lower."""
    _, [pair] = protected(GAPPED)
    assert (pair.stop.type, pair.stop.stop_price, pair.stop.price) == (OrderType.STOP_LIMIT, price("98"), price("97.5"))
    assert (pair.target.type, pair.target.price, pair.target.stop_price) == (OrderType.LIMIT, price("104"), None)


def test_a_price_beyond_the_stop_for_five_seconds_cancels_it_and_sells_with_a_collar() -> None:
    """By two quotes that differ; the sale takes no less than 1 % below the bid, and what it does not get at once it leaves."""
    scene, [pair] = protected(GAPPED)
    fall(scene, "97.00")
    assert scene.news(Tick()).events == []
    scene.now += 5 * SECOND - 1
    fall(scene, "96.00")
    assert scene.news(Tick()).events == []
    outcome = scene.news(Tick(), after=1)
    assert happened(outcome, StopFailed) == [StopFailed]
    assert kinds(outcome.commands) == ["Cancel"]
    [sale] = cancelled(scene, pair.stop, pair.target).commands
    assert isinstance(sale, Place)
    assert (sale.order.type, sale.order.price, sale.order.time_in_force) == (OrderType.LIMIT, price("95.04"), "IOC")
    assert sale.order.quantity.value == held(scene)


def test_one_look_is_no_proof() -> None:
    """The same quote may be absurd for long; and one look above begins anew."""
    scene, _ = protected(GAPPED)
    fall(scene, "97.00")
    assert scene.news(Tick()).events == []
    assert scene.news(Tick(), after=9 * SECOND).events == []
    fall(scene, "99.00")
    scene.state.transient.restless[SYMBOL] = None
    scene.news(Tick())
    fall(scene, "97.00")
    assert scene.news(Tick(), after=SECOND).events == []
    fall(scene, "96.00")
    assert scene.news(Tick(), after=4 * SECOND).events == []


def test_the_collar_widens_and_then_a_person_is_called_and_the_stop_is_put_back() -> None:
    """1, 2 and 3 % below the bid; three sales that sold nothing are enough."""
    scene, [pair] = protected(GAPPED)
    scene.state.apply(StopFailed(symbol=SYMBOL, why="test"), scene.now)
    scene.news(report(pair.stop))
    fall(scene, "96.00")
    outcome = cancelled(scene, pair.stop, pair.target)
    floors = []
    for _ in range(3):
        [sale] = outcome.commands
        assert isinstance(sale, Place)
        floors.append(sale.order.price)
        scene.news(OrdersAcknowledged([report(sale.order, ReportStatus.EXPIRED)]))
        outcome = scene.news(Tick(), after=SECOND)
    assert floors == [price("95.04"), price("94.08"), price("93.12")]
    assert happened(outcome, CapRaised) == [CapRaised]
    [back] = outcome.commands
    assert isinstance(back, PlacePair)
    assert back.stop.stop_price == price("98")
    scene.news(OrdersAcknowledged([report(back.stop), report(back.target)]))
    assert scene.news(Tick(), after=SECOND).commands == []


def test_a_market_stop_that_found_nobody_is_followed_by_a_sale_with_a_collar() -> None:
    """The venue ended both orders of the pair, and neither has sold: to place the same stop again would be refused."""
    scene, [pair] = protected(PLAIN)
    scene.news(report(pair.target, ReportStatus.EXPIRED))
    outcome = scene.news(report(pair.stop, ReportStatus.EXPIRED))
    assert happened(outcome, StopFailed) == [StopFailed]
    [sale] = outcome.commands
    assert isinstance(sale, Place)
    assert (sale.order.price, sale.order.time_in_force) == (price("99"), "IOC")


def test_without_a_sound_quote_the_stop_is_what_the_collar_hangs_on() -> None:
    """A side of the book that is empty has no price."""
    scene, [pair] = protected(PLAIN)
    scene.news(Quote(SYMBOL, Decimal(0), Decimal(0), Decimal(96), Decimal(1), scene.now, scene.now))
    scene.news(report(pair.target, ReportStatus.EXPIRED))
    [sale] = scene.news(report(pair.stop, ReportStatus.EXPIRED)).commands
    assert isinstance(sale, Place)
    assert sale.order.price == price("97.02")


def test_a_target_that_ended_its_stop_is_no_failed_stop() -> None:
    """A venue ends the stop with the target's first fill."""
    scene, [pair] = protected(PLAIN)
    scene.news(report(pair.stop, ReportStatus.EXPIRED))
    scene.news(filled(pair.target, "2", "1", "104"))
    [again] = scene.news(report(pair.target, ReportStatus.EXPIRED, filled=Decimal(1))).commands
    assert isinstance(again, PlacePair)


# -- a sale that got lost --------------------------------------------------------------------------------------------


def lost_sale(scene: Scene) -> Order:
    """A market sale without an answer."""
    [stop, target] = list(scene.state.orders.blotter.of(SYMBOL, Role.STOP, Role.TARGET))
    scene.state.apply(ExitWanted(symbol=SYMBOL, why="test"), scene.now)
    scene.news(report(stop), after=SECOND)
    [sale] = cancelled(scene, stop, target).commands
    assert isinstance(sale, Place)
    scene.news(PlaceFailed([sale.order], Ambiguous("reset")))
    return sale.order


def deny(scene: Scene, sale: Order) -> StepOutcome:
    """The venue says no twice, and tells all fills between them."""
    assert kinds(scene.news(OrderQueried(sale, None, scene.now), after=SECOND).commands) == ["QueryAccount"]
    scene.news(caught(totals(scene), scene.now))
    return scene.news(OrderQueried(sale, None, scene.now), after=SECOND)


def test_a_position_whose_sale_is_denied_twice_is_protected_meanwhile() -> None:
    """Its minute of doubt is not spent naked; the sale stays unknown, and nothing else is sold."""
    scene, _ = protected(PLAIN)
    sale = lost_sale(scene)
    [shield] = deny(scene, sale).commands
    assert isinstance(shield, PlacePair)
    assert shield.stop.quantity == sale.quantity
    scene.news(OrdersAcknowledged([report(shield.stop), report(shield.target)]))
    assert scene.order(sale).state is OrderState.UNKNOWN
    assert [c for c in kinds(scene.news(Tick(), after=30 * SECOND).commands) if c != "QueryOrder"] == []


def test_a_shield_that_is_refused_is_not_tried_again_and_counts_for_nothing() -> None:
    """Its coins went with the sale."""
    scene, _ = protected(PLAIN)
    sale = lost_sale(scene)
    [shield] = deny(scene, sale).commands
    assert isinstance(shield, PlacePair)
    scene.news(PlaceFailed([shield.stop, shield.target], Rejected("insufficient balance", "-2010")))
    assert SYMBOL not in scene.state.retries.failures
    for _ in range(3):
        assert scene.news(OrderQueried(sale, None, scene.now), after=5 * SECOND).commands == []
        assert [c for c in kinds(scene.news(Tick(), after=SECOND).commands) if c != "QueryOrder"] == []


def test_no_shield_where_the_account_has_as_many_coins_beside() -> None:
    """Both the sale and the stop could be taken there, and more be sold than the position."""
    scene, _ = protected(PLAIN)
    scene.state.money.ledger.balances.totals["BTC"] *= 2
    sale = lost_sale(scene)
    assert deny(scene, sale).commands == []


# -- coins that somebody else locks ----------------------------------------------------------------------------------


def stranger(quantity: str, status: ReportStatus = ReportStatus.OPEN, client_id: str = "web_1") -> OrderReport:
    """A sale that a person placed by hand."""
    return OrderReport(
        client_id=client_id,
        venue_id="v-web",
        symbol=SYMBOL,
        side=Side.SELL,
        status=status,
        quantity=Amount.of(quantity, "BTC"),
        filled=Amount.of(0, "BTC"),
        price=price("105"),
        stop_price=None,
        at=0,
    )


def test_coins_that_a_person_has_put_on_sale_are_told_of_and_left_alone() -> None:
    """No loop of refused pairs; when the person's order is gone, the position is protected again."""
    scene, [pair] = protected(PLAIN)
    [new] = cancelled(scene, pair.stop, pair.target).commands
    assert isinstance(new, PlacePair)
    scene.news(PlaceFailed([new.stop, new.target], Rejected("insufficient balance", "-2010")))
    scene.news(stranger(str(held(scene))))
    outcome = scene.news(Tick(), after=SECOND)
    assert happened(outcome, CapRaised, ExitWanted) == [CapRaised]
    for _ in range(10):
        assert kinds(scene.news(Tick(), after=SECOND).commands) == []
    [again] = scene.news(stranger(str(held(scene)), ReportStatus.CANCELLED)).commands
    assert isinstance(again, PlacePair)
    assert again.stop.quantity.value == held(scene)


def test_what_a_person_leaves_free_is_protected() -> None:
    """And the venue's full answer tells when their order is gone."""
    scene, [pair] = protected(PLAIN)
    scene.news(stranger("3"))
    [part] = cancelled(scene, pair.stop, pair.target).commands
    assert isinstance(part, PlacePair)
    assert held(scene) - 4 < part.stop.quantity.value < held(scene) - 2
    scene.news(OrdersAcknowledged([report(part.stop), report(part.target)]))
    told = caught(totals(scene), scene.now, report(part.stop), report(part.target))
    assert kinds(scene.news(told, after=SECOND).commands) == ["Cancel"]


def test_a_sale_with_an_id_of_ours_is_no_strangers() -> None:
    """The kill command's is adopted when its latch is read; one of another account's name is somebody else's."""
    for client_id, told in ((kill_id(), []), (own_id("x", account="other"), [CapRaised])):
        scene, [pair] = protected(PLAIN)
        scene.news(stranger("3", client_id=client_id))
        assert happened(cancelled(scene, pair.stop, pair.target), CapRaised) == told


def test_a_pair_that_rests_is_not_cancelled_for_a_sale_of_a_person() -> None:
    """The venue took both, so both have their coins, whatever we count."""
    scene, _ = protected(PLAIN)
    assert kinds(scene.news(stranger("3")).commands) == []
    assert scene.news(Tick(), after=SECOND).events == []


def locked_at_venue(scene: Scene, locked: str, *reports: OrderReport) -> AccountSnapshot:
    """A full answer with so much of the coins locked."""
    told = caught(totals(scene), scene.now, *reports)
    free, of_venue = scene.state.money.ledger.balances.of("BTC") - Amount.of(locked, "BTC"), Amount.of(locked, "BTC")
    balances = {**told.balances.balances, "BTC": (free, of_venue)}
    return structs.replace(told, balances=dataclasses.replace(told.balances, balances=balances))


@pytest.mark.parametrize(
    ("locked", "sales", "foreign"),
    [
        pytest.param("3", 2, 3, id="two orders of one pair"),
        pytest.param("6", 2, 6, id="two orders"),
        pytest.param("6", 1, 6, id="one order, and one in another pair of the same coin"),
        pytest.param("", 2, 6, id="no figure: less than our own pair locks"),
    ],
)
def test_what_the_venue_says_is_locked_decides(locked: str, sales: int, foreign: int) -> None:
    """Where it tells no list's id, and where it lists other pairs' orders nowhere."""
    scene, [pair] = protected(PLAIN)
    total = pair.stop.quantity.value + Decimal(locked) if locked else Decimal(0)
    web = [dataclasses.replace(stranger("3"), venue_id=f"v-web-{number}") for number in range(sales)]
    scene.now += SECOND
    scene.news(locked_at_venue(scene, str(total), report(pair.stop), report(pair.target), *web))
    scene.now += SECOND
    [again] = cancelled(scene, pair.stop, pair.target).commands
    assert isinstance(again, PlacePair)
    left = scene.state.money.ledger.balances.of("BTC").value - foreign
    assert again.stop.quantity.value == left - left % Decimal("0.001")


def test_the_orders_of_a_list_lock_once() -> None:
    scene, [pair] = protected(PLAIN)
    for number in range(2):
        scene.news(dataclasses.replace(stranger("3"), venue_id=f"v-web-{number}", list_id="17"))
    [again] = cancelled(scene, pair.stop, pair.target).commands
    assert isinstance(again, PlacePair)
    left = scene.state.money.ledger.balances.of("BTC").value - 3
    assert again.stop.quantity.value == left - left % Decimal("0.001")


# -- dust ------------------------------------------------------------------------------------------------------------


def test_what_no_order_can_sell_is_dust() -> None:
    """The position is closed with what the rest has cost; its coins stay in the account."""
    scene, [pair] = protected(PLAIN)
    scene.news(report(pair.target, ReportStatus.EXPIRED))
    scene.news(filled(pair.stop, "2", pair.stop.quantity.value - Decimal("0.04"), "98"))
    outcome = scene.news(report(pair.stop, ReportStatus.EXPIRED, filled=pair.stop.quantity.value - Decimal("0.04")))
    [left] = [event for event in outcome.events if isinstance(event, DustLeft)]
    assert left.quantity.value * 98 < PAIR.notional_min
    assert SYMBOL not in scene.state.money.ledger.positions
    assert scene.state.money.ledger.dust["BTC"] == left.quantity.value == scene.state.money.ledger.balances.totals["BTC"]
    assert len(scene.state.money.trips) == 1
    assert scene.news(Tick(), after=5 * SECOND).events == []


def test_what_is_too_little_for_a_stop_but_not_for_a_sale_is_sold() -> None:
    """5 USDT at the bid are less than 5 at the stop."""
    scene, [pair] = protected(PLAIN)
    scene.news(report(pair.stop, ReportStatus.EXPIRED))
    left = Decimal("0.051") + (scene.state.money.ledger.positions[SYMBOL].quantity.value - held(scene))
    sold = pair.stop.quantity.value - Decimal("0.051")
    scene.quote("99.00", "99.02")
    scene.news(filled(pair.target, "2", sold, "104"))
    outcome = scene.news(report(pair.target, ReportStatus.CANCELLED, filled=sold))
    assert [event.why for event in outcome.events if isinstance(event, ExitWanted)] == [
        "what is left of it is too little for a stop"
    ]
    assert kinds(outcome.commands) == ["Place"]
    assert scene.state.money.ledger.positions[SYMBOL].quantity.value == left
