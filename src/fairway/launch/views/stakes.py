"""What is at stake in a launch: whose accounts, at which venue, what may be lost now and in the next stage, and the result."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fairway.launch.control.leases import allowed_limits
from fairway.launch.control.objectives import LOSSES, lost_by_each
from fairway.launch.control.state import Launch
from fairway.launch.plan.compiled_plan import CompiledStage, CompiledTrack
from fairway.launch.views.reason_text import NAMED_MOST, limits_in_words
from fairway.launch.views.status_text import LaunchStatus
from fairway.risk.limits import TradingState
from fairway.texts.numbers import counted

MODES: Final = {
    "practice": "paper: a practice exchange, no real money",
    "testnet": "paper: the exchange's test network, no real money",
    "live": "LIVE: real money",
}


@dataclass(frozen=True, slots=True)
class TraderStakes:
    """Whose launch it is. mode: `practice`, `testnet` or `live`; venue: the exchange, with its address where it has one."""

    mode: str = ""
    venue: str = ""


UNKNOWN: Final = TraderStakes()


def mode_in_words(trader: TraderStakes) -> str:
    """Whether real money is traded."""
    return MODES.get(trader.mode, "unknown")


def accounts_in_words(launch: Launch) -> str:
    """All accounts of the trader by name; of many the first ones."""
    names = [each.account for each in launch.accounts]
    more = f" and {len(names) - NAMED_MOST} more" if len(names) > NAMED_MOST else ""
    return f"{counted(len(names), 'account')}: {', '.join(names[:NAMED_MOST])}{more}" if names else "none is known yet"


def at_risk_now(told: LaunchStatus, track: CompiledTrack) -> str:
    """What the track's present stage lets be lost, and the limits of each account that are in force."""
    progress = told.launch.track(track.name)
    if progress.stage < 0:
        return "nothing: no stage is entered, and nothing is opened"
    stage, limits = track.stages[progress.stage], allowed_limits(track, told.launch)
    if limits.state is not TradingState.ACTIVE:
        return f"{_money(told, track, stage)}; now {limits_in_words(limits)}"
    return f"{_money(told, track, stage)}; each account: {limits_in_words(limits)}"


def at_risk_next(told: LaunchStatus, track: CompiledTrack, stage: CompiledStage | None) -> str:
    """The same of the stage that would be entered."""
    if stage is None:
        return "nothing more: this is the last stage"
    return f"{_money(told, track, stage)}; each account: {limits_in_words(stage.limits)}"


def _money(told: LaunchStatus, track: CompiledTrack, stage: CompiledStage) -> str:
    if not stage.is_real or not told.is_live:
        return "no real money"
    if not track.leads:
        return "real money within the limits of another track: this one splits requests"
    lost = (
        f"at most {stage.limits.loss_total} lost by all accounts" if stage.limits.loss_total else "NO BOUND on what may be lost"
    )
    return f"real money: {lost}, {f'{stage.capital} of capital in all' if stage.capital else 'no bound on capital'}"


def results_in_words(told: LaunchStatus) -> Sequence[str]:
    """What was won or lost since the first stage, and of that in each track's present stage."""
    series, launch, now = told.observation.series.get(LOSSES), told.launch, told.observation.now
    if not launch.started_at:
        return ["nothing was traded: no stage was entered yet"]
    if series is None or not series.watermark:
        return ["unknown: nothing measures results here yet"]
    until = min(now, series.watermark)
    part = series.within(launch.started_at, until)
    lost = lost_by_each(series, launch.started_at, until)
    lines = [
        f"since the first stage: {part.total:+.2f} net in the quote asset by {counted(part.count, 'round trip')}; {_lost(lost)}"
    ]
    for track in told.plan.tracks:
        progress = launch.track(track.name)
        if track.leads and progress.stage >= 0 and progress.settled_at:
            stay = series.within(progress.settled_at, until)
            lost = lost_by_each(series, progress.settled_at, until)
            name = track.stages[progress.stage].name
            lines.append(
                f"in stage {name}: {stay.total:+.2f} net in the quote asset by {counted(stay.count, 'round trip')}; {_lost(lost)}"
            )
    return lines


def _lost(amount: float) -> str:
    return f"accounts that lost any lost {amount:.2f} together"
