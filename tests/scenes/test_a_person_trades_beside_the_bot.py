"""A person uses the bot's account by hand: what they sell and buy is booked as theirs, and nobody has to mend a database."""

from decimal import ROUND_DOWN, Decimal

import pytest
from tests.scenes import by_hand
from tests.scenes.harness import Scene
from tests.scenes.script import decimal, enter

from fairway.exchange.terms import Side
from fairway.journal.kinds import CapRaised, ExternalFill, ForeignOrderSeen, Unexplained
from fairway.risk.limits import TradingState
from fairway.trading.account_query import OWNERS_MAX
from fairway.world.loop import running

FALLS = {"BTC/USDT": {0: "100", 200: "94"}}


def is_held(stage: Scene) -> bool:
    return stage.account_state.limits.of("BTC/USDT").state is TradingState.REDUCE_ONLY


def test_a_position_that_was_closed_by_hand_is_closed() -> None:
    """Its plan is gone, no stop is left or sent again, a person is told, and no new position is opened until one has looked."""
    stage = Scene(enter(0), enter(3), acts={90: by_hand.cancel_and_sell()})
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert (stage.account_state.money.ledger.positions, stage.account_state.protection.plans) == ({}, {})
    assert len(stage.account_state.money.trips) == len(stage.events(ExternalFill)) == 1
    assert stage.open_at_exchange() == {}
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]
    assert stage.events(Unexplained) == []


def test_of_a_position_that_was_sold_in_part_the_rest_stays_protected() -> None:
    """And its stop closes it: for as much as was left, not for more."""
    stage = Scene(enter(0), acts={90: by_hand.cancel_and_sell(share=2)}, prices=FALLS)
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    [sold] = stage.by_hand
    [trip] = stage.account_state.money.trips
    stops = [order for order in stage.orders if order.client_id.endswith("s")]
    assert (
        Decimal(stops[-1].quantity + sold.quantity) / 10**8
        == trip.quantity.value - trip.quantity.value * Decimal("0.001") - (stage.account_state.money.ledger.dust["BTC"])
    )
    assert is_held(stage)


def test_what_was_bought_by_hand_is_not_the_bots() -> None:
    """It is neither protected nor sold with the position; and the person may sell it again without touching the position."""
    stage = Scene(enter(0), acts={90: by_hand.trade(Side.BUY, "3"), 150: by_hand.trade(Side.SELL, "2")}, prices=FALLS)
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert len(stage.events(ExternalFill)) == 2
    assert len(stage.account_state.money.trips) == 1
    assert (
        stage.account_state.money.ledger.balances.totals["BTC"] == Decimal("0.997") + stage.account_state.money.ledger.dust["BTC"]
    )
    assert is_held(stage)


def test_coins_of_before_the_first_start_are_sold_by_hand() -> None:
    """They never were the bot's, so its position stays as it is."""
    stage = Scene(enter(0), acts={90: by_hand.trade(Side.SELL, "5")}, balances={"USDT": "10000", "BTC": "5"})
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    assert len(stage.open_at_exchange()) == 2
    assert stage.account_state.money.trips == type(stage.account_state.money.trips)()


def test_a_position_is_closed_by_hand_while_the_trader_is_dead() -> None:
    """The next start finds out, before it does anything else."""
    acts = {90.0: lambda stage: running().kill("trader"), 95.0: by_hand.cancel_and_sell(), 100.0: Scene.come_back}
    stage = Scene(enter(0), acts=acts)
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    assert stage.account_state.money.ledger.positions == {}
    assert len(stage.events(ExternalFill)) == 1
    assert is_held(stage)


def test_an_order_of_a_person_is_left_alone_and_told_once() -> None:
    """It is not the trader's to cancel; when it fills, that is a sale by hand."""
    rises = {"BTC/USDT": {0: "100", 140: "106"}}
    stage = Scene(acts={30: by_hand.offer("2", "105")}, balances={"USDT": "10000", "BTC": "5"}, prices=rises)
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(stage.events(ForeignOrderSeen)) == 1
    sold = [event.fill.quantity.value for event in stage.events(ExternalFill) if isinstance(event, ExternalFill)]
    assert sum(sold) == 2
    assert len(stage.events(CapRaised)) == 1


def test_a_person_who_trades_often_is_booked_bit_by_bit() -> None:
    """Each catch-up asks whose the oldest fills are, and not of all at once; in the end nothing is left unexplained."""
    trades = by_hand.all_of(*(by_hand.trade(Side.BUY, "0.2") for _ in range(2 * OWNERS_MAX + 5)))
    stage = Scene(enter(0), acts={90: trades})
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(stage.events(ExternalFill)) == 2 * OWNERS_MAX + 5
    assert stage.events(Unexplained) == []
    catch_ups = set(stage.seconds_of(ExternalFill))
    assert len(catch_ups) == 3


def protected_quantity(stage: Scene) -> Decimal:
    """What the trader's own stops cover that rest at the exchange."""
    stops = [order for order in stage.open_at_exchange().values() if order.client_id.endswith("s")]
    return decimal(sum(stop.quantity - stop.executed for stop in stops))


def sellable(stage: Scene) -> Decimal:
    """What the trader bought, less the fee of a thousandth, on lots."""
    [bought] = stage.bought()
    return (decimal(bought.executed) * Decimal("0.999")).quantize(Decimal("0.001"), ROUND_DOWN)


@pytest.mark.parametrize("placed_at", [30.0, 65.0, 130.0])
def test_coins_under_a_pair_of_a_person_are_counted_once(placed_at: float) -> None:
    """A stop and a target of one pair lock the same 50: the position beside them is the trader's to protect, all of it."""
    acts: by_hand.Acts = {placed_at: by_hand.pair("50", "150", "40")}
    stage = Scene(enter(0), acts=acts, balances={"USDT": "10000", "BTC": "50"})
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert protected_quantity(stage) == sellable(stage) > 0
    assert stage.events(CapRaised) == []
    assert len([order for order in stage.orders if order.client_id.endswith("s")]) == 1


def test_a_full_number_of_stops_of_a_person_keeps_the_trader_from_buying() -> None:
    """The exchange holds five stops of an account in a pair: with five of a person's, a position could not be protected."""
    stops = by_hand.all_of(*(by_hand.pair("1", str(140 + number), "40") for number in range(5)))
    stage = Scene(enter(0), acts={30: stops}, balances={"USDT": "10000", "BTC": "50"})
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    assert stage.bought() == []
    assert stage.refusals() == ["EXIT_MAX_NUM_ALGO_ORDERS"]


def test_four_stops_of_a_person_leave_room_for_the_traders() -> None:
    stops = by_hand.all_of(*(by_hand.pair("1", str(140 + number), "40") for number in range(4)))
    stage = Scene(enter(0), acts={30: stops}, balances={"USDT": "10000", "BTC": "50"})
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    assert protected_quantity(stage) == sellable(stage) > 0
