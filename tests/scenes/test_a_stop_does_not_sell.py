"""The price goes through the stop and the position is still there: it is sold with a collar, or a person is called."""

from tests.scenes.harness import Scene
from tests.scenes.script import enter, exchange_fault

from fairway.exchange.answers import OrderSnapshot as Truth
from fairway.exchange.terms import OrderType, TimeInForce
from fairway.journal.kinds import CapRaised, StopFailed
from fairway.money.amount import Amount
from fairway.orders.plan import ExitPlan

GAPPED = ExitPlan(stop_gap=Amount.of("0.5", "USDT"))


def sales(stage: Scene) -> list[Truth]:
    return [order for order in stage.orders if order.client_id.endswith("x")]


def test_a_stop_limit_that_the_price_jumps_over_is_followed_by_a_sale_with_a_collar() -> None:
    """It rests at 94.5 and the market is at 92: two seconds, two quotes, one cancel, one sale at 1 % below the bid or better."""
    stage = Scene(enter(0, exit_plan=GAPPED), prices={"BTC/USDT": {0: "100", 90: "92"}})
    stage.run(minutes=2)
    stage.assert_belief_is_truth()
    assert stage.account_state.money.ledger.positions == {}
    [sale] = sales(stage)
    assert (sale.type, sale.time_in_force, sale.price) == (OrderType.LIMIT, TimeInForce.IOC, 91_08000000)
    assert sale.executed == sale.quantity
    assert stage.second(92) < sale.created_at < stage.second(95)


def test_a_stop_limit_that_sells_in_its_gap_needs_no_help() -> None:
    """94.8 is between the stop and its limit."""
    stage = Scene(enter(0, exit_plan=GAPPED), prices={"BTC/USDT": {0: "100", 90: "94.8"}})
    stage.run(minutes=2)
    stage.assert_belief_is_truth()
    assert (stage.account_state.money.ledger.positions, sales(stage), stage.events(StopFailed)) == ({}, [], [])


def test_a_stop_in_an_empty_book_is_followed_until_somebody_buys() -> None:
    """The stop expires with nothing sold; the third sale with a collar finds the book filled again."""
    empty = exchange_fault("partial_fills", levels=0, since=89, until=91.5)
    stage = Scene(enter(0), faults=[empty], prices={"BTC/USDT": {0: "100", 90: "94"}})
    stage.run(minutes=2)
    stage.assert_belief_is_truth()
    assert stage.account_state.money.ledger.positions == {}
    assert [sale.executed == sale.quantity for sale in sales(stage)] == [False, False, True]
    assert stage.events(CapRaised) == []


def test_a_book_that_stays_empty_calls_a_person_and_gets_the_stop_back_when_it_can() -> None:
    """Three sales with a collar; then one try in turn, ever more slowly, and the stop rests once the price is above it again."""
    empty = exchange_fault("partial_fills", levels=0, since=89, until=150)
    stage = Scene(enter(0), faults=[empty], prices={"BTC/USDT": {0: "100", 90: "94", 140: "100"}})
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(stage.events(StopFailed)) == 1
    assert "held BTC/USDT" in stage.account_state.limits.caps
    assert 3 <= len(sales(stage)) <= 8


def test_kill_nine_between_the_cancel_and_the_sale() -> None:
    """The new life knows from the journal that the stop has failed, and sells once."""
    for second in (91.5, 92.0101, 92.0115, 92.0125, 92.0135, 93.0021):
        stage = Scene(
            enter(0, exit_plan=GAPPED),
            prices={"BTC/USDT": {0: "100", 90: "92"}},
            acts={second: Scene.kill_and_restart_trader},
        )
        stage.run(minutes=3)
        stage.assert_belief_is_truth()
        assert (stage.account_state.money.ledger.positions, len(stage.account_state.money.trips)) == ({}, 1)
