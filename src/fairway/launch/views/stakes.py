"""What is at stake in a launch: whose accounts, at which venue, what may be lost now and in the next stage, and the result.

The sentences are in `texts/messages/record_messages.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fairway.launch.control.leases import allowed_limits
from fairway.launch.control.objectives import LOSSES, lost_by_each
from fairway.launch.control.state import Launch
from fairway.launch.plan.compiled_plan import CompiledStage, CompiledTrack
from fairway.launch.views.reason_text import NAMED_MOST, limits_in_words
from fairway.launch.views.status_text import LaunchStatus
from fairway.risk.limits import Limits, TradingState
from fairway.texts.messages.catalogue import line
from fairway.texts.messages.message import KeyedMessage, message
from fairway.texts.messages.record_messages import RecordMessage
from fairway.watch.series import Series

MODES: Final = {
    "practice": RecordMessage.PRACTICE,
    "testnet": RecordMessage.TESTNET,
    "live": RecordMessage.LIVE,
}


@dataclass(frozen=True, slots=True)
class TraderStakes:
    """Whose launch it is. mode: `practice`, `testnet` or `live`; venue: the exchange, with its address where it has one."""

    mode: str = ""
    venue: str = ""


UNKNOWN: Final = TraderStakes()


def mode_in_words(trader: TraderStakes) -> str:
    """Whether real money is traded."""
    return line(KeyedMessage(MODES.get(trader.mode, RecordMessage.MODE_UNKNOWN), {}))


def accounts_in_words(launch: Launch) -> str:
    """All accounts of the trader by name; of many the first ones."""
    names = [each.account for each in launch.accounts]
    if not names:
        return line(message(RecordMessage.NO_ACCOUNTS))
    named, more = tuple(names[:NAMED_MOST]), max(0, len(names) - NAMED_MOST)
    return line(message(RecordMessage.ACCOUNTS, count=len(names), names=named, more=more))


def at_risk_now(status: LaunchStatus, track: CompiledTrack) -> str:
    """What the track's present stage lets be lost, and the limits of each account that are in force."""
    progress = status.launch.track(track.name)
    if progress.stage < 0:
        return line(message(RecordMessage.NOTHING_AT_RISK))
    stage, limits = track.stages[progress.stage], allowed_limits(track, status.launch)
    if limits.state is not TradingState.ACTIVE:
        money = _money(status, track, stage)
        return line(message(RecordMessage.OPENS_NOTHING_NOW, money=money, limits=limits_in_words(limits)))
    return _each_account(status, track, stage, limits)


def at_risk_next(status: LaunchStatus, track: CompiledTrack, stage: CompiledStage | None) -> str:
    """The same of the stage that would be entered."""
    if stage is None:
        return line(message(RecordMessage.NOTHING_MORE))
    return _each_account(status, track, stage, stage.limits)


def _each_account(status: LaunchStatus, track: CompiledTrack, stage: CompiledStage, limits: Limits) -> str:
    money = _money(status, track, stage)
    return line(message(RecordMessage.EACH_ACCOUNT, money=money, limits=limits_in_words(limits)))


def _money(status: LaunchStatus, track: CompiledTrack, stage: CompiledStage) -> KeyedMessage:
    if not stage.is_real or not status.is_live:
        return message(RecordMessage.NO_REAL_MONEY)
    if not track.leads:
        return message(RecordMessage.OTHER_TRACKS_LIMITS)
    loss, capital = (str(each) if each else "" for each in (stage.limits.loss_total, stage.capital))
    return message(RecordMessage.REAL_MONEY, loss=loss, capital=capital)


def results_in_words(status: LaunchStatus) -> Sequence[str]:
    """What was won or lost since the first stage, and of that in each track's present stage."""
    series, launch, now = status.observation.series.get(LOSSES), status.launch, status.observation.now
    if not launch.started_at:
        return [line(message(RecordMessage.NOTHING_TRADED))]
    if series is None or not series.watermark:
        return [line(message(RecordMessage.RESULTS_UNKNOWN))]
    until = min(now, series.watermark)
    net, trips, lost = _result(series, launch.started_at, until)
    lines = [line(message(RecordMessage.RESULT_SINCE_START, net=net, trips=trips, lost=lost))]
    for track in status.plan.tracks:
        progress = launch.track(track.name)
        if track.leads and progress.stage >= 0 and progress.settled_at:
            net, trips, lost = _result(series, progress.settled_at, until)
            stage = track.stages[progress.stage].name
            lines.append(line(message(RecordMessage.RESULT_IN_STAGE, stage=stage, net=net, trips=trips, lost=lost)))
    return lines


def _result(series: Series, since: int, until: int) -> tuple[str, int, str]:
    """Between two instants (ns): won or lost net, by how many round trips, and what the accounts that lost have lost together."""
    part = series.within(since, until)
    return f"{part.total:+.2f}", part.count, f"{lost_by_each(series, since, until):.2f}"
