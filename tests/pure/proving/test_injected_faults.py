"""Plays with one fault each: what it does is there in the exchange's own log, or at the trader's command inbox."""

from collections.abc import Sequence

import pytest

from fairway.exchange.events import BalanceMoved
from fairway.exchange.terms import Side
from fairway.journal.commands import IssueLease
from fairway.journal.kinds import CapLifted, CapRaised, LeaseAccepted, TraderStarted
from fairway.orders.lifecycle import OrderSent
from fairway.proving.conditions import Conditions
from fairway.proving.harness import Harness
from fairway.proving.injected_fault import InjectedFault
from fairway.proving.leases import LeaseTerms
from fairway.proving.person_faults import TRADES_BY_HAND
from fairway.proving.scenario import Scenario
from fairway.proving.scenario_script import MarketPace, ScriptedSignal, enter, seconds_into
from fairway.risk.limits import TradingState

ENTERS = (enter(0, stop="90", target="120"),)
PLAIN = Conditions()


def played(
    *faults: InjectedFault,
    wishes: Sequence[ScriptedSignal] = ENTERS,
    given: Conditions = PLAIN,
    quiet_from: float = 130,
    symbols: str = "BTC",
) -> Harness:
    """Quiet prices, one wish, and these faults."""
    prices = {f"{base}/USDT": {0: "100"} for base in symbols.split()}
    dealt = Scenario(1, wishes, prices, faults, given, quiet_from)
    stage = dealt.on(Harness)
    stage.run(quiet_from / 60 + 1)
    return stage


def by_hand(does: str, much: str = "5", since: float = 80, until: float = 100) -> InjectedFault:
    return InjectedFault("a person trades", since, until, options={"does": does, "much": much}, symbol="BTC/USDT")


# -- a person --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("does", "side"), [("buys", Side.BUY), ("sells", Side.SELL)])
def test_a_person_trades_at_market(does: str, side: Side) -> None:
    """Under a client id that is not of the trader's form."""
    [order] = played(by_hand(does)).by_hand
    assert (order.side, order.executed) == (side, 5 * 10**8)


@pytest.mark.parametrize(("does", "orders"), [("bids", 1), ("stops", 1), ("offers", 2)])
def test_what_a_person_leaves_resting_is_cancelled_at_the_end(does: str, orders: int) -> None:
    """It rests from the beginning to the end of the fault."""
    by_person = played(by_hand(does)).by_hand
    assert len(by_person) == orders
    for order in by_person:
        assert order.executed == 0
        assert (seconds_into(order.created_at), seconds_into(order.updated_at)) == (80, 100)
        assert order.status.value in ("CANCELED", "EXPIRED")


@pytest.mark.parametrize("does", ["cancels one", "cancels all", "cancels and sells"])
def test_a_person_cancels_what_the_trader_has_resting(does: str) -> None:
    """Both legs end, for they are a pair; what is left of the position gets another pair."""
    stage = played(by_hand(does))
    began = min(order.created_at for order in stage.orders)
    legs = [order for order in stage.orders if order.side is Side.SELL and order.created_at < began + 10**9]
    assert legs
    ended = [order for order in stage.orders if seconds_into(order.updated_at) == 80]
    assert len(ended) == 2
    assert len(stage.orders) == 5
    assert bool(stage.by_hand) == (does == "cancels and sells")


@pytest.mark.parametrize(
    ("does", "asset", "sign"), [("deposits", "BTC", 1), ("withdraws", "BTC", -1), ("takes money out", "USDT", -1)]
)
def test_a_person_moves_money(does: str, asset: str, sign: int) -> None:
    """Which the exchange's log has."""
    moves = [event for _, _, event in played(by_hand(does)).exchange.events if isinstance(event, BalanceMoved)]
    assert [(move.asset, move.delta > 0) for move in moves if move.at > 0][-1:] == [(asset, sign > 0)]


def test_every_deed_has_a_test() -> None:
    """One that is new takes its place above."""
    assert len(TRADES_BY_HAND) == 11


def test_a_person_pauses_and_lifts() -> None:
    """Through the command inbox: the trader raises the cap, and lifts it when it is told to."""
    stage = played(InjectedFault("a person instructs", 80, 100, options={"does": "pauses"}))
    events = [noted.event for noted in stage.journaled()]
    assert [event.cap.id for event in events if isinstance(event, CapRaised)] == ["paused"]
    assert [event.by for event in events if isinstance(event, CapLifted)] == ["ann"]


# -- lease -----------------------------------------------------------------------------------------------------------


LEASED = Conditions(lease=LeaseTerms())


def granted(stage: Harness) -> list[float]:
    """The seconds at which a lease was issued."""
    said = stage.delayed_inbox.said if stage.delayed_inbox is not None else []
    return [round(seconds_into(at)) for at, told in said if isinstance(told.instruction, IssueLease)]


def test_leave_is_given_every_twenty_seconds_while_the_play_lasts() -> None:
    """And with it the trader opens its position."""
    stage = played(given=LEASED)
    assert granted(stage)[:4] == [1, 21, 41, 61]
    assert len([order for order in stage.orders if order.side is Side.BUY]) == 1


def test_a_silent_issuer_gives_none() -> None:
    """The lease ends by itself, and is renewed when the issuer speaks again."""
    stage = played(InjectedFault("lease silent", 50, 125), given=LEASED)
    assert not [second for second in granted(stage) if 50 < second < 125]
    caps = [noted.event.cap for noted in stage.journaled() if isinstance(noted.event, CapRaised)]
    assert any("run out" in cap.reason for cap in caps)


@pytest.mark.parametrize("kind", ["lease revoked", "lease narrowed", "lease replaced"])
def test_leave_that_is_taken_back_opens_nothing(kind: str) -> None:
    """From before the wish until after it; the old issuer, which goes on, is not heard."""
    stage = played(InjectedFault(kind, 50, 90), given=LEASED)
    assert stage.orders == []
    leases = [noted.event for noted in stage.journaled() if isinstance(noted.event, LeaseAccepted)]
    assert next(lease.limits.state for lease in leases) is TradingState.ACTIVE


# -- machines --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("less", "starts"), [("all", [1]), ("half", [1, 2]), ("1", [1, 2])])
def test_a_journal_is_lost(less: str, starts: list[int]) -> None:
    """Whole, or its newest records; what was lost is kept for the judges, and the next life counts from what is left."""
    stage = played(InjectedFault("journal lost", 70, 72, options={"less": less}))
    epochs = [noted.event.epoch for noted in stage.journaled() if isinstance(noted.event, TraderStarted)]
    assert epochs == starts
    assert stage.lost
    assert any(isinstance(noted.event, OrderSent) for noted in stage.lost) == (less != "1")
    assert all(seconds_into(noted.noted_at) <= 70 for noted in stage.lost)


@pytest.mark.parametrize(("name", "account"), [("the same", "main"), ("other", "other")])
def test_a_second_trader_trades_on_the_same_key(name: str, account: str) -> None:
    """With a journal of its own, until it is killed."""
    stage = played(InjectedFault("second trader", 30, 90, options={"name": name}))
    [second] = stage.strangers
    started = [noted.event for noted in second.journaled() if isinstance(noted.event, TraderStarted)]
    assert [event.account for event in started] == [account]
    assert max(seconds_into(noted.noted_at) for noted in second.journaled()) < 90


# -- conditions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("interval", "closes"), [("1m", 60), ("3m", 180), ("15m", 900)])
def test_a_play_begins_a_minute_before_its_first_candle_closes(interval: str, closes: int) -> None:
    """And its strategy's first wish is fulfilled then, however long the candle is."""
    given = Conditions(interval, MarketPace(closes - 60, 1))
    stage = played(given=given, quiet_from=closes + 40)
    [entry] = [order for order in stage.orders if order.side is Side.BUY]
    assert closes < seconds_into(entry.created_at) < closes + 2
    [started] = [noted for noted in stage.journaled() if isinstance(noted.event, TraderStarted)]
    assert closes - 60 <= seconds_into(started.noted_at) < closes - 58
