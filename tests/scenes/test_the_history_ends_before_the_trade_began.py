"""An exchange tells the trades of the last days only: what was bought before is explained by our own books, at whatever age."""

from collections.abc import Sequence

from tests.scenes.by_hand import Acts
from tests.scenes.harness import Scene
from tests.scenes.script import enter

from fairway.exchange.answers import Fill
from fairway.journal.kinds import ExternalFill, Unexplained
from fairway.orders.lifecycle import OrderFilled
from fairway.world.loop import running

FALLS = {"BTC/USDT": {0: "100", 250: "94"}}


def forget_trades(stage: Scene) -> None:
    """From now on the exchange tells no trade of before."""
    backend, now = stage.exchange.backend, running().wall_ns
    told = backend.fills

    async def later(account: str, symbol: str, **asked: int) -> Sequence[Fill]:
        return [fill for fill in await told(account, symbol, **asked) if fill.at >= now]

    backend.fills = later  # type: ignore[method-assign]


def test_a_position_stays_what_it_is_and_its_end_is_booked() -> None:
    """Two starts later, and with its stop fired while nobody ran: nothing is unexplained, and the trade has its result."""
    acts: Acts = {
        100: forget_trades,
        110: Scene.kill_and_restart_trader,
        200: Scene.kill_trader,
        300: Scene.come_back,
    }
    stage = Scene(enter(0), acts=acts, prices=FALLS)
    stage.run(minutes=7)
    stage.assert_belief_is_truth()
    assert stage.events(Unexplained, ExternalFill) == []
    [trip] = stage.account_state.money.trips
    assert trip.result.value < 0
    booked = stage.seconds_of(OrderFilled)
    assert booked[0] < 100
    assert booked[-1] > 300
    assert "myTrades" in stage.asked(since=300)
