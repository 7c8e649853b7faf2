"""The exchange answers the account without an asset that is there, with zero, with an empty list, or with an old answer."""

from collections.abc import Sequence

import pytest
from tests.scenes import by_hand
from tests.scenes.harness import Scene
from tests.scenes.script import ExchangeFault, enter, exchange_fault

from fairway.journal.kinds import BalancesOpened, CapLifted, CapRaised, CaughtUp, Event, Unexplained
from fairway.orders.lifecycle import CancelSent
from fairway.risk.limits import TradingState

HOWS = ("absent", "zero", "empty", "stale")
PRICES = {"BTC/USDT": {0: "100"}, "ETH/USDT": {0: "100"}}


def lacking(how: str = "absent", asset: str = "BTC", *, since: float = 100, until: float = 220) -> ExchangeFault:
    """An old answer is the first that was given, from before the entry."""
    path, way = {
        "absent": (f"balances.asset={asset}", "omit"),
        "zero": (f"balances.asset={asset}", "zero"),
        "empty": ("balances", "empty"),
        "stale": ("", "age"),
    }[how]
    return exchange_fault("altered_answer", "account.status", path=path, way=way, age_ms=600_000, since=since, until=until)


def raised(stage: Scene) -> list[str]:
    return [event.cap.id for event in stage.events(CapRaised) if isinstance(event, CapRaised)]


def lifted(stage: Scene) -> list[str]:
    return [event.cap_id for event in stage.events(CapLifted) if isinstance(event, CapLifted)]


def assert_nothing_was_given_away(stage: Scene) -> None:
    stage.assert_belief_is_truth()
    gone: Sequence[type[Event]] = (Unexplained, CancelSent)
    assert stage.events(*gone) == []
    assert len(stage.open_at_exchange()) == 2
    assert stage.account_state.money.ledger.positions["BTC/USDT"].quantity.value == stage.held_at_exchange()["BTC"]


@pytest.mark.parametrize("how", HOWS)
def test_a_position_under_its_stop_keeps_its_stop(how: str) -> None:
    """For two minutes each answer lacks the coins that stop and target lock: nothing is booked or cancelled, and it is told."""
    stage = Scene(enter(0), enter(2, symbol="BTC/USDT"), faults=[lacking(how)], prices=PRICES)
    stage.run(minutes=6)
    assert_nothing_was_given_away(stage)
    assert "unexplained balance BTC/USDT" in raised(stage)
    assert sorted(lifted(stage)) == sorted(raised(stage))


@pytest.mark.parametrize("how", HOWS)
def test_a_trader_that_starts_meanwhile_keeps_the_stop(how: str) -> None:
    """Its first answer after the start lacks the coins as well."""
    stage = Scene(enter(0), faults=[lacking(how)], acts={130: Scene.kill_and_restart_trader})
    stage.run(minutes=6)
    assert_nothing_was_given_away(stage)


def test_an_order_list_that_is_empty_as_well_gives_nothing_away() -> None:
    """The wallet's endpoint agrees with the wrong answer; what our books hold for open is asked for by its id."""
    wallet = exchange_fault("altered_answer", "sapi.coins", path="coin=BTC", way="zero", since=100, until=220)
    none_open = exchange_fault("altered_answer", "openOrders.status", path="", way="empty", since=100, until=220)
    stage = Scene(enter(0), faults=[lacking("zero"), wallet, none_open])
    stage.run(minutes=6)
    assert_nothing_was_given_away(stage)


def test_the_money_that_no_order_locks_is_looked_up_at_another_endpoint() -> None:
    """Both answers contradict each other: nothing is booked, and no symbol is entered until they agree."""
    stage = Scene(
        enter(0), enter(2, symbol="ETH/USDT"), enter(5, symbol="ETH/USDT"), faults=[lacking("zero", "USDT")], prices=PRICES
    )
    stage.run(minutes=8)
    stage.assert_belief_is_truth()
    assert stage.events(Unexplained) == []
    assert raised(stage) == lifted(stage) == ["unexplained balance"]
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]
    assert [order.symbol for order in stage.bought()] == ["BTCUSDT", "ETHUSDT"]


def test_without_an_answer_of_the_other_endpoint_nothing_is_booked() -> None:
    """A second source that fails confirms nothing: the owner's coins, which no order locks, stay in the books meanwhile."""
    silent = exchange_fault("error_after", "sapi.coins", since=60, until=300, status=500)
    stage = Scene(faults=[lacking("absent"), silent], balances={"USDT": "10000", "BTC": "2"})
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    assert stage.events(Unexplained) == []
    assert raised(stage) == lifted(stage) == ["unexplained balance BTC/USDT"]


def test_a_withdrawal_waits_for_the_other_endpoint() -> None:
    """It is real, and no second source says so at first: it is held and told, and booked when it is confirmed."""
    silent = exchange_fault("error_after", "sapi.coins", since=60, until=200, status=500)
    stage = Scene(faults=[silent], balances={"USDT": "10000", "BTC": "2"}, acts={90: by_hand.move("USDT", "-4000")})
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    assert len(stage.events(Unexplained)) == 1
    assert stage.seconds_of(Unexplained)[0] > 200
    assert raised(stage) == ["unexplained balance", "unexplained USDT"]
    assert lifted(stage) == ["unexplained balance"]
    assert stage.account_state.limits.of("BTC/USDT").state is TradingState.REDUCE_ONLY


@pytest.mark.parametrize("how", ["absent", "zero", "empty"])
def test_the_books_are_not_opened_by_an_answer_that_lacks_the_money(how: str) -> None:
    """The first start of all waits for an answer that the other endpoint confirms."""
    stage = Scene(enter(0), enter(4), faults=[lacking(how, "USDT", since=0, until=130)])
    stage.run(minutes=7)
    stage.assert_belief_is_truth()
    assert stage.seconds_of(BalancesOpened)[0] > 130
    assert stage.seconds_of(CaughtUp)[0] > 130
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]
    assert raised(stage) == lifted(stage) == ["unexplained balance"]
    assert len(stage.bought()) == 1


@pytest.mark.parametrize("way", ["empty", "age"])
def test_a_history_of_trades_that_lacks_our_own_books_no_strangers_money(way: str) -> None:
    """The exchange says that the entry is filled, and for two minutes no answer tells its trade: the coins are our order's."""
    untold = exchange_fault("missing_events", executions=["TRADE"], since=58, until=200)
    lacks = exchange_fault("altered_answer", "myTrades", path="", way=way, since=50, until=200)
    stage = Scene(enter(0), faults=[untold, lacks])
    stage.run(minutes=6)
    stage.assert_ties_out()
    assert stage.events(Unexplained) == []
    assert len(stage.open_at_exchange()) == 2
