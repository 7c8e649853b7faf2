"""Chaos case C-8: the scene of the alert pipeline holds, and a planted bug of alerting makes the play fail that is about it.

`make test` plays the death of the alerting process. With FAIRWAY_PROVE=whole `test_chaos` plays all of it, and every bug is
planted here.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import pytest
from tests.prove.size import IS_WHOLE

from fairway.assembly.heartbeat import Heartbeat
from fairway.notify.outbox import MessageFailed, Waiting
from fairway.notify.port import SendFailure
from fairway.proving.chaos.alert_pipeline import ALERT_PIPELINE
from fairway.proving.chaos.play import run_play

PLAYS: Final = {play.tells: play for play in ALERT_PIPELINE.plays}
DEAD, GONE, REFUSED = "the alerting process is dead", "the message service is gone", "the message service refuses the channel"


def against(tells: str) -> list[str]:
    """What does not hold of a play."""
    played = run_play(PLAYS[tells], 1)
    return [each.tells for each in played.checks if not each.holds] + list(played.violations)


def test_while_alerting_is_dead_the_trader_trades_on_and_no_message_is_lost() -> None:
    assert against(DEAD) == []


class Planted(NamedTuple):
    """play: what must find it. says: the check that finds it."""

    plant: Callable[[pytest.MonkeyPatch], object]
    play: str
    says: str


def what_is_delayed_is_given_up(soil: pytest.MonkeyPatch) -> None:
    def given_up(waiting: Waiting, failure: SendFailure, *_: Any) -> MessageFailed:
        return MessageFailed(id=waiting.message.id, channel=waiting.channel, why=failure.why, tries=waiting.tries + 1)

    soil.setattr("fairway.notify.dispatcher.after_failure", given_up)


def a_heartbeat_says_that_all_is_well_whatever_happens(soil: pytest.MonkeyPatch) -> None:
    def noted(heartbeat: Any, service: object, now: int, events: object) -> None:
        heartbeat._worked_at = now

    soil.setattr(Heartbeat, "_note", noted)


PLANTED: Final = {
    "what is delayed is given up": Planted(what_is_delayed_is_given_up, GONE, "messages queued that never arrived"),
    "a heartbeat says that all is well whatever happens": Planted(
        a_heartbeat_says_that_all_is_well_whatever_happens,
        REFUSED,
        "until the heartbeat's service says that alerting is silent",
    ),
}


@pytest.mark.skipif(not IS_WHOLE, reason="each play takes ten seconds; make prove plants all")
@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_bug_of_alerting_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    planted = PLANTED[name]
    planted.plant(monkeypatch)
    assert planted.says in against(planted.play)
