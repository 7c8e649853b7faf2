"""What the launch allows now, and what its next stage needs: said wherever a start asks for more than that."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from fairway.api.authentication import Caller
from fairway.api.context import ServerContext
from fairway.assembly.tower import NotBegun
from fairway.launch.control.command_handler import stage_after
from fairway.launch.control.holds import on
from fairway.launch.control.leases import allowed_limits
from fairway.launch.control.transitions import missing_approvals
from fairway.launch.plan.compiled_plan import CompiledTrack
from fairway.launch.views.reason_text import limits_in_words, reason_in_words
from fairway.money.amount import Amount
from fairway.operations.launch.show import SHOW_LAUNCH, LaunchOutcome, ShowLaunchRequest
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.operations.refusal import Ground, Refusal
from fairway.operations.trader.caps import CAPS, CapsRequest
from fairway.risk.limits import Limits, TradingState
from fairway.texts.durations import duration_words

NO_STAGE: Final = "no launch has begun beside this trader, so no stage bounds it; begin one with: fairway launch start"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageOutlook:
    """stage: "" where there is none. missing: for the next stage, each in words."""

    stage: str
    allows: str
    limits: Limits | None
    following: str = ""
    missing: tuple[str, ...] = ()

    @property
    def capital(self) -> Amount | None:
        return self.limits.capital if self.limits is not None else None

    @property
    def opens(self) -> bool:
        """Whether positions may be opened in it at all."""
        return self.limits is not None and self.limits.state is TradingState.ACTIVE

    def sentence(self) -> str:
        """Stage, what it allows, and what is missing for the next one."""
        if self.limits is None:
            return self.allows
        told = f"the launch is in stage {self.stage}, which allows: {self.allows}" if self.stage else self.allows
        if not self.following:
            return f"{told}; no further stage follows" if self.stage else told
        lacks = "; ".join(self.missing) or "nothing but the pilot's next look"
        return f"{told}. For the next stage, {self.following}, is missing: {lacks}"


def stage_outlook(caller: Caller, context: ServerContext) -> StageOutlook:
    """Of the track whose stages are the accounts' limits. Who may not read the launch is told the own account's lease.

    Raises SettingsError, JournalErrors.
    """
    try:
        found = perform(SHOW_LAUNCH, Call(actor=caller.actor, request=ShowLaunchRequest(config=context.config)))
    except NotBegun:
        return StageOutlook(stage="", allows=NO_STAGE, limits=None)
    except Refusal as refusal:
        if refusal.ground is not Ground.PERMISSION:
            raise
        return _of_lease(caller, context)
    track = next((each for each in found.status.plan.tracks if each.leads), None)
    return _of_track(found, track) if track is not None else StageOutlook(stage="", allows=NO_STAGE, limits=None)


def _of_lease(caller: Caller, context: ServerContext) -> StageOutlook:
    outcome = perform(CAPS, Call(actor=caller.actor, request=CapsRequest(config=context.config)))
    lease = next((each.lease for each in outcome.accounts if each.lease is not None), None)
    if lease is None:
        return StageOutlook(stage="", allows="your accounts have no lease, so nothing may be opened", limits=None)
    return StageOutlook(
        stage=lease.stage.partition(" ")[0],
        allows=limits_in_words(lease.limits),
        limits=lease.limits,
        following="which your role does not see",
        missing=("ask who may read the launch",),
    )


def _of_track(found: LaunchOutcome, track: CompiledTrack) -> StageOutlook:
    launch = found.status.launch
    progress, limits = launch.track(track.name), allowed_limits(track, launch)
    following = stage_after(track, progress)
    return StageOutlook(
        stage=track.stages[progress.stage].name if progress.stage >= 0 else "before the first",
        allows=limits_in_words(limits),
        limits=limits,
        following=following.name if following is not None else "",
        missing=tuple(_missing(found, track)) if following is not None else (),
    )


def _missing(found: LaunchOutcome, track: CompiledTrack) -> Iterator[str]:
    status = found.status
    now, progress = status.observation.now, status.launch.track(track.name)
    for hold in on(track.name, status.launch.holds.values()):
        yield f"the end of a hold ({hold.reason})"
    stay_ns = track.stages[progress.stage].stay_min_ns if progress.stage >= 0 else 0
    if progress.served_ns(now) < stay_ns:
        yield f"{duration_words(stay_ns - progress.served_ns(now))} more in the stage"
    for verdict in status.verdicts.get(track.name, ()):
        if found.outlooks[track.name, verdict.gate].blocks:
            yield f"gate {verdict.gate}: {verdict.result.value}, {reason_in_words(verdict.reason)}"
    yield from (f"approval: {each}" for each in missing_approvals(status.plan, track, status.launch, now))
