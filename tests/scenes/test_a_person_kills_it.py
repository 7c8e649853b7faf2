"""A person kills the trader by its latch: nothing new is opened, what is held stays protected, and no restart forgets it."""

from collections.abc import Callable

from tests.scenes.harness import ACCOUNT, Scene
from tests.scenes.script import enter, leave

from fairway.exchange.terms import Side
from fairway.journal.kinds import CapRaised, ExitWanted
from fairway.proving.scenario_script import exchange_fault
from fairway.risk.disposal import Disposal
from fairway.risk.limits import TradingState
from fairway.trading.latch import Killed, KillScope
from fairway.world.loop import running


def kill(disposal: Disposal = Disposal.KEEP_STOPS, symbol: str = "") -> Callable[[Scene], object]:
    scope = KillScope.SYMBOL if symbol else KillScope.ACCOUNT
    return lambda stage: stage.latch.set(Killed(scope=scope, symbol=symbol, reason="enough", by="ann", disposal=disposal))


def test_entries_are_refused_and_stops_stay() -> None:
    """Killed while it holds a position: neither the strategy's exit nor its next entry leads to an order."""
    stage = Scene(enter(0), leave(2), enter(3), acts={90: kill()})
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    assert stage.events(ExitWanted) == []
    assert stage.refusals() == ["STATE_KILLED"]
    assert len(stage.bought()) == 1
    assert len(stage.open_at_exchange()) == 2
    [raised] = stage.seconds_of(CapRaised)
    assert 90 <= raised <= 91.1


def test_an_exit_that_was_wished_before_is_not_carried_out() -> None:
    """The strategy wants out, and the sale waits for its stop to be cancelled, which takes three seconds; the kill comes
    meanwhile and keeps stops. Nothing is sold, and what is held has its pair again."""
    slow = exchange_fault("latency", "order.cancel", since=170, until=260, before_ms=3000)
    stage = Scene(enter(0), leave(2), faults=[slow], acts={182: kill()})
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    assert len(stage.events(ExitWanted)) == 1
    assert all(order.side is Side.BUY for order in stage.orders if order.executed)
    assert len(stage.open_at_exchange()) == 2


def test_a_kill_goes_ahead_of_an_entry_that_waits() -> None:
    """Set just before the candle closes: not one order is sent."""
    stage = Scene(enter(0), acts={59.9: kill()})
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    assert stage.orders == []
    assert stage.refusals() == ["STATE_KILLED"]


def test_what_was_bought_in_the_same_moment_is_protected() -> None:
    """The entry was on the wire already: its fill is protected, for keeping stops is what the kill asked for."""
    stage = Scene(enter(0), acts={60.503: kill()})
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    assert len(stage.bought()) == 1
    assert len(stage.open_at_exchange()) == 2


def test_one_symbol_is_killed_alone() -> None:
    """The other trades on."""
    prices = {"BTC/USDT": {0: "100"}, "ETH/USDT": {0: "100"}}
    stage = Scene(enter(1), enter(1, symbol="ETH/USDT"), prices=prices, acts={30: kill(symbol="BTC/USDT")})
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert stage.refusals() == ["STATE_KILLED"]
    assert {order.symbol for order in stage.bought()} == {"ETHUSDT"}


def test_neither_a_restart_nor_a_lost_file_forgets_it() -> None:
    """`kill -9`, and the file is gone: the journal knows. The file alone is enough as well."""
    restart = Scene.kill_and_restart_trader
    gone = Scene(enter(2), acts={30: kill(), 40: lambda stage: stage.latch.clear(KillScope.ACCOUNT), 50: restart})
    kept = Scene(enter(2), acts={30: kill(), 30.1: restart})
    for stage in (gone, kept):
        stage.run(minutes=4)
        stage.assert_belief_is_truth()
        assert stage.orders == []
        assert stage.account_state.limits.of("BTC/USDT").state is TradingState.KILLED


def test_whoever_flattens_is_not_disturbed() -> None:
    """A position whose stop somebody else cancels, to sell it, is not protected again."""
    stage = Scene(enter(0), acts={90: kill(Disposal.FLATTEN), 95: _cancel_all})
    stage.run(minutes=3)
    assert stage.open_at_exchange() == {}
    assert len(stage.orders) == 3


def _cancel_all(stage: Scene) -> None:
    running().spawn("exchange", stage.exchange.backend.cancel_all(ACCOUNT, "BTCUSDT"))
