"""Chaos case C-8 of document 004: the way from an event to a person breaks, while the trader trades on."""

from collections.abc import Mapping, Sequence
from typing import Final

from fairway.assembly.heartbeat import P0_WAITS_MAX_NS
from fairway.journal.kinds import CapRaised
from fairway.proving.chaos.alerting_beside import CALLS_AFTER_S, AlertingBeside
from fairway.proving.chaos.checks import has_filled, keeps_stops, loses_no_fill
from fairway.proving.chaos.scene import Act, ChaosScene, SceneCheck, SceneKind, ScenePlay
from fairway.proving.chaos.seen import SeenPlay
from fairway.proving.chaos.stage import ChaosHarness
from fairway.proving.scenario_script import Path, enter, seconds_into
from fairway.trading.latch import Killed, KillScope
from fairway.world.clock import SECOND
from fairway.world.loop import EPOCH_NS

THREE_PAIRS: Final[Mapping[str, Path]] = {"BTC/USDT": {0: "100"}, "ETH/USDT": {0: "100"}, "SOL/USDT": {0: "100"}}
BROKEN_FROM, BROKEN_TO, EVENT_AT = 100.0, 220.0, 130.0
"""Seconds of the play."""
EVENT: Final = Killed(scope=KillScope.SYMBOL, symbol="ETH/USDT", reason="enough of it", by="ann")
"""A kill of a symbol that is not traded in the scene: P0 to people, and no harm to the trading of the others."""
CAUSE: Final = " kill: "
"""What the title of a message about it has."""
RAISED_WITHIN_S: Final = 5.0
READ_AGAIN_S: Final = 10.0
"""From the start of alerting: it reads its journal and the trader's, evaluates its rules, and sends."""
RETRY_P0_S: Final = 61.0
"""A P0 that a service does not take is tried again after a minute at most."""
RETRY_BROKEN_S: Final = 301.0
"""A channel that is refused itself is tried once in five minutes."""
STOP_WITHIN_S: Final = 1.0
"""From the fill of an entry until its stop is at the exchange."""
FRESH_S: Final = 12.0
"""For ten seconds after its last good look alerting still sends a heartbeat; both sides look once a second."""
LEFT_S: Final = 5.0
"""What is queued in the last seconds of a play may still be on its way."""


def _alerting(seen: SeenPlay) -> AlertingBeside:
    assert seen.stage.alerting is not None
    return seen.stage.alerting


def raised_after_s(seen: SeenPlay, since: float) -> float | None:
    """Seconds until the first message about the event arrived; None for never."""
    ats = (seconds_into(each.at) for each in _alerting(seen).messages.arrived if CAUSE in each.title)
    return next((at - since for at in ats if at >= since), None)


def from_the_event_s(seen: SeenPlay) -> float | None:
    """Seconds from the instant at which the event was in the trader's journal; None where there was none, or no message."""
    noted = seen.announced_after_s(CapRaised, since=EVENT_AT)
    return None if noted is None else raised_after_s(seen, EVENT_AT + noted)


def called_after_s(seen: SeenPlay, since: float) -> float | None:
    """Seconds until the service outside called people because heartbeats stayed away; None for never."""
    ats = (seconds_into(at) for at in _alerting(seen).snitch.calls)
    return next((at - since for at in ats if at >= since), None)


def false_calls(seen: SeenPlay) -> int:
    """Calls of the service outside before anything was broken."""
    return sum(seconds_into(at) < BROKEN_FROM for at in _alerting(seen).snitch.calls)


def lost(seen: SeenPlay) -> int:
    until = EPOCH_NS + round((seen.ended_s - LEFT_S) * SECOND)
    return len(list(_alerting(seen).lost(until)))


def queued(seen: SeenPlay) -> int:
    return len(_alerting(seen).messages.arrived) + lost(seen)


def trades_on() -> list[SceneCheck]:
    """Trading and protection go on while the way to people is broken."""
    return [
        SceneCheck(
            tells="entries while it lasts, of one that is signalled",
            ask=lambda seen: seen.bought(since=BROKEN_FROM, until=BROKEN_TO),
            at_least=1,
            unit="entries",
        ),
        keeps_stops(0, at_most=STOP_WITHIN_S),
        has_filled(),
        loses_no_fill(),
        SceneCheck(
            tells="processes of alerting that ended by themselves",
            ask=lambda seen: len(_alerting(seen).ended),
            at_most=0,
            unit="processes",
        ),
    ]


def arrives_within(since: float, within_s: float) -> list[SceneCheck]:
    """What happened meanwhile reaches people afterwards, and no message is lost."""
    return [
        SceneCheck(
            tells="messages about the event while it lasts",
            ask=lambda seen: None if (after := raised_after_s(seen, EVENT_AT)) is None else float(EVENT_AT + after < since),
            at_most=0,
            unit="messages",
        ),
        SceneCheck(
            tells="until the message about the event has arrived, from the end of the trouble",
            ask=lambda seen: raised_after_s(seen, since),
            at_most=within_s,
            unit="s",
        ),
        *no_message_lost(),
    ]


def no_message_lost() -> list[SceneCheck]:
    return [
        SceneCheck(tells="messages queued", ask=queued, at_least=1, unit="messages"),
        SceneCheck(tells="messages queued that never arrived", ask=lost, at_most=0, unit="messages"),
    ]


def calls_people(since: float, later_s: float = 0.0) -> list[SceneCheck]:
    """since: when the first message cannot be sent, or alerting dies. later_s: how long it must last until heartbeats end."""
    return [
        SceneCheck(
            tells="until the heartbeat's service says that alerting is silent",
            ask=lambda seen: called_after_s(seen, since),
            at_most=later_s + CALLS_AFTER_S + FRESH_S,
            unit="s",
        ),
        SceneCheck(tells="calls of that service before", ask=false_calls, at_most=0, unit="calls"),
    ]


def _beside(what: str) -> Act:
    def act(stage: ChaosHarness) -> None:
        assert stage.alerting is not None
        getattr(stage.alerting, what)()

    return act


def _refuse(refuses: bool) -> Act:
    def act(stage: ChaosHarness) -> None:
        assert stage.alerting is not None
        stage.alerting.messages.refuses = refuses

    return act


def _play(tells: str, minutes: float, acts: Mapping[float, Act], checks: Sequence[SceneCheck]) -> ScenePlay:
    """A position is held from the first minute on, and another symbol is entered in the third."""
    return ScenePlay(
        tells=tells,
        minutes=minutes,
        signals=[enter(0), enter(2, symbol="SOL/USDT")],
        prices=THREE_PAIRS,
        has_database=True,
        acts={0.0: ChaosHarness.begin_alerting, EVENT_AT: lambda stage: stage.kill(EVENT), **acts},
        checks=checks,
    )


ALERT_PIPELINE: Final = ChaosScene(
    name="alert-pipeline",
    kind=SceneKind.CASE,
    source="004 C-8",
    shows="an event raises a message within 5 s; while alerting is dead or refused, the trader trades on under its stops, a "
    "service outside calls people, and no message is lost",
    injects="kill -9 of the alerting process for two minutes; a message service that is gone, or refuses the channel, as long",
    assumes=f"the service outside calls people {CALLS_AFTER_S} s after the last heartbeat; a kill of a symbol is the event",
    plays=[
        _play(
            "all works",
            4,
            {},
            [
                SceneCheck(
                    tells="from the event in the trader's journal to the message",
                    ask=from_the_event_s,
                    at_most=RAISED_WITHIN_S,
                    unit="s",
                ),
                SceneCheck(tells="calls of the heartbeat's service", ask=lambda s: len(_alerting(s).snitch.calls), at_most=0),
                *no_message_lost(),
                *trades_on(),
            ],
        ),
        _play(
            "the alerting process is dead",
            5,
            {BROKEN_FROM: _beside("kill"), BROKEN_TO: _beside("start")},
            [*calls_people(BROKEN_FROM), *arrives_within(BROKEN_TO, READ_AGAIN_S), *trades_on()],
        ),
        _play(
            "the message service is gone",
            6,
            {BROKEN_FROM: _beside("stop_messages"), BROKEN_TO: _beside("start_messages")},
            [*calls_people(EVENT_AT, P0_WAITS_MAX_NS / SECOND), *arrives_within(BROKEN_TO, RETRY_P0_S), *trades_on()],
        ),
        _play(
            "the message service refuses the channel",
            10,
            {BROKEN_FROM: _refuse(True), BROKEN_TO: _refuse(False)},
            [*calls_people(EVENT_AT), *arrives_within(BROKEN_TO, RETRY_BROKEN_S), *trades_on()],
        ),
    ],
)
