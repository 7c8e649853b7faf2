"""A position with rungs on the way to its target: at the exchange each part of it is under a stop, all the time."""

from tests.scenes.harness import Scene
from tests.scenes.script import enter, exchange_fault

from fairway.journal.kinds import NakedTooLong, Protected
from fairway.money.amount import Price
from fairway.money.fraction import Fraction
from fairway.orders.plan import ExitPlan, Rung
from fairway.proving.harness import HOST, TRADER
from fairway.world.loop import running


def rung(share: str, price: str) -> Rung:
    return Rung(Fraction.parse(share), Price.of(price, "BTC", "USDT"))


LADDER = ExitPlan(rungs=(rung("50 %", "105"), rung("30 %", "108")))


def test_each_rung_is_sold_at_its_price_and_the_rest_stays_protected() -> None:
    """One OCO for each rung; no order is touched when another rung sells."""
    stage = Scene(enter(0, exit_plan=LADDER), prices={"BTC/USDT": {0: "100", 90: "106", 120: "109", 150: "104"}})
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    assert len(stage.orders) == 7
    [stop, _] = stage.open_at_exchange().values()
    assert (stage.bought()[0].executed, stop.quantity) == (18_51800000, 3_70100000)
    assert all(event.naked_ns < 100_000_000 for event in stage.events(Protected) if isinstance(event, Protected))


def test_the_stop_takes_all_rungs_at_once() -> None:
    """Three orders, one position, one round trip."""
    stage = Scene(enter(0, exit_plan=LADDER), prices={"BTC/USDT": {0: "100", 90: "94"}})
    stage.run(minutes=2)
    stage.assert_belief_is_truth()
    assert (stage.account_state.money.ledger.positions, stage.open_at_exchange()) == ({}, {})
    assert len(stage.account_state.money.trips) == 1


def test_the_rest_of_a_rung_in_a_thin_book_is_protected_again() -> None:
    """Its target took a part, a sale another; then it waits for the next rung, under its stop, within five seconds."""
    thin = exchange_fault("partial_fills", quantity="1", levels=1, since=89, until=100)
    stage = Scene(enter(0, exit_plan=LADDER), faults=[thin], prices={"BTC/USDT": {0: "100", 90: "105.5", 130: "103"}})
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    assert len(stage.open_at_exchange()) == 6
    assert stage.events(NakedTooLong) == []


def test_break_even_moves_what_is_left_under_the_price_of_the_entry() -> None:
    """Once the first rung has sold; what the position then loses is nothing but fees."""
    plan = ExitPlan(rungs=LADDER.rungs, break_even=True)
    stage = Scene(enter(0, exit_plan=plan), prices={"BTC/USDT": {0: "100", 90: "106", 150: "97"}})
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    [trip] = stage.account_state.money.trips
    assert trip.result.value > 0


def test_two_pairs_that_are_refused_at_once_are_one_try() -> None:
    """The exchange comes back with the price above all targets: refused for both rungs, it is sold within five seconds."""
    down = exchange_fault("maintenance", since=60.5045, until=75)
    plan = ExitPlan(rungs=(rung("50 %", "105"),))
    stage = Scene(enter(0, target="106", exit_plan=plan), faults=[down], prices={"BTC/USDT": {0: "100", 70: "107"}})
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    [sale] = [order for order in stage.orders if order.client_id.endswith("-x")]
    assert sale.created_at < stage.second(80)


def test_a_ladder_whose_second_pair_was_lost_in_an_outage_is_sold_within_five_seconds_of_its_end() -> None:
    """The price is below the stop by then, so nothing protects what is left: the lost pair is refused, and so is less of it."""
    half = ExitPlan(rungs=(rung("50 %", "105"),))
    stage = Scene(
        enter(0, stop="99", exit_plan=half),
        prices={"BTC/USDT": {0: "100", 74: "97.50", 207: "98.50", 214: "98"}},
        acts={
            60.5055: lambda _: running().network.partition(TRADER, HOST),
            210.5055: lambda _: running().network.heal(TRADER, HOST),
        },
    )
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert (stage.account_state.money.ledger.positions, stage.open_at_exchange()) == ({}, {})
    assert len(stage.orders) == 4


def test_a_last_target_that_sold_in_part_is_followed_by_a_sale_within_five_seconds() -> None:
    """The price leapt past it, so far that it is not believed: the rest of the position is refused its pair, and is sold."""
    half = ExitPlan(rungs=(rung("50 %", "104"),), break_even=True)
    thin = exchange_fault("partial_fills", quantity="1", levels=1, since=100, until=160)
    stage = Scene(
        enter(0, stop="98", target="109", exit_plan=half),
        faults=[thin],
        prices={"BTC/USDT": {0: "100", 80: "104.5", 114: "101", 142: "112"}},
    )
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert stage.account_state.money.ledger.positions == {}
