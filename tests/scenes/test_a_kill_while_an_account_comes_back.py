"""Somebody kills a bot of many accounts in the very moment in which the first of them comes back after a fault."""

from collections.abc import Callable

from tests.scenes.script import enter
from tests.scenes.test_many_accounts_share_a_trader import Crowd

from fairway.assembly import CODEC
from fairway.journal.kinds import EntryRefused, TraderStarted
from fairway.trading.latch import Killed, KillScope
from fairway.world.clock import SECOND
from fairway.world.loop import EPOCH_NS

FAILS_S = 119.0
"""So that it comes back just before a candle closes."""


def fail(stage: Crowd) -> None:
    stage.trader.executors["main"].fail(ValueError("a bug of ours"))


def kill(stage: Crowd) -> None:
    stage.latch.set(Killed(scope=KillScope.BOT, reason="it fails", by="ann"))


def played(acts: dict[float, Callable[[Crowd], object]]) -> Crowd:
    stage = Crowd(enter(1), acts={FAILS_S: fail, **acts})
    stage.run(minutes=2.2)
    return stage


def test_every_account_hears_of_it_before_the_next_candle() -> None:
    starts = [it.at for it in played({}).file.records if isinstance(CODEC.decode(it), TraderStarted)]
    back_s = (starts[-1] - EPOCH_NS) / SECOND
    assert FAILS_S < back_s < 120.4
    killed = played({back_s - 0.001: kill})
    assert killed.planned() == []
    refused = [CODEC.decode(it) for it in killed.file.records if isinstance(CODEC.decode(it), EntryRefused)]
    assert [event.code.split(":")[0] for event in refused if isinstance(event, EntryRefused)].count("STATE_KILLED") >= 2
