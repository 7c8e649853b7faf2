"""The exchange shows this minute's candle while it still forms: nothing is decided on it before it has closed."""

from collections.abc import Sequence

import pytest
from tests.scenes import by_hand
from tests.scenes.harness import Scene
from tests.scenes.script import ScriptedStrategy, decimal, enter

from fairway.market.candles import Candle
from fairway.orders.intent import Intent
from fairway.strategies.api import Strategy, View
from fairway.world.clock import SECOND
from fairway.world.loop import EPOCH_NS, running

MINUTES = 6
CLIMBS = {"BTC/USDT": {second: str(100 + second % 60 // 10) for second in range(0, MINUTES * 60, 10)}}
"""From 100 to 105 within each minute: of a candle that was taken too early only close and high are wrong."""


class Looking(ScriptedStrategy):
    """Keeps each candle that it was asked to decide on, with the instant (ns)."""

    def __init__(self, stage: Scene) -> None:
        super().__init__(stage._signals)
        self.seen: list[tuple[int, Candle]] = []

    def decide(self, view: View) -> Sequence[Intent]:
        self.seen.append((running().wall_ns, view.candles[-1]))
        return super().decide(view)


class Watched(Scene):
    looking: Looking

    def strategy(self) -> Strategy:
        self.looking = Looking(self)
        return self.looking

    def true_closes(self) -> dict[int, tuple[object, ...]]:
        """By opening (ns): high and close of each minute, as the exchange has them when all is over."""
        told = by_hand.done(self.exchange.backend.candles("BTCUSDT", "1m", since=EPOCH_NS, limit=MINUTES))
        return {it.open_at: (decimal(it.high), decimal(it.close)) for it in told}


@pytest.mark.parametrize("ahead_s", [0, 25, -25], ids=["a right clock", "one ahead", "one behind"])
def test_it_is_decided_on_when_it_has_closed_and_as_it_closed(ahead_s: int) -> None:
    """Whatever our own clock says of the minute: each candle is the exchange's last word on it."""
    stage = Watched(enter(1), prices=CLIMBS, acts={0: lambda stage: stage.trader_clock.jump(ahead_s * SECOND)})
    stage.run(minutes=MINUTES)
    stage.assert_ties_out()
    truth = stage.true_closes()
    seen = {candle.open_at: (candle.high, candle.close) for _, candle in stage.looking.seen}
    assert len(seen) >= MINUTES - 2
    assert seen == {open_at: truth[open_at] for open_at in seen}
    assert [at for at, candle in stage.looking.seen if at < candle.close_at] == []
