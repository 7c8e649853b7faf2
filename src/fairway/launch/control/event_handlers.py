"""The table of a launch's events: for each type, the function that changes the state of the launch by it.

A new type of event takes one line in `EVENT_HANDLERS`. An event of any other type changes nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from fairway.launch.control import launch_events as events
from fairway.launch.control import lifecycle
from fairway.launch.control.lifecycle import PILOT, Phase
from fairway.launch.control.message_subject import KILL, MessageSubject, hold_subject
from fairway.launch.control.pending_kill import PendingKill
from fairway.launch.observation.planned_maintenance import counted
from fairway.risk.limits import TradingState

if TYPE_CHECKING:
    from fairway.launch.control.state import Launch

EventHandler = Callable[["Launch", Any, int], None]
"""Changes a launch by an event that was written at an instant (ns)."""

LIFTS_KEPT: Final = 3


def change_nothing(launch: "Launch", event: Struct, at: int) -> None:
    """For events that are written for people only."""


# -- the launch and its pilot --------------------------------------------------------------------------------------------


def begin_launch(launch: "Launch", event: events.LaunchBegan, at: int) -> None:
    launch.began, launch.began_at, launch.release = event, at, event.release


def start_pilot(launch: "Launch", event: events.PilotStarted, at: int) -> None:
    """Pauses the stages for the time without a pilot: no account had a lease then.

    A pilot that runs writes something every minute, so that time begins with the last event.
    """
    for progress in launch.tracks.values():
        if progress.settled_at and not progress.paused_at and launch.written_at < at:
            progress.pause(max(launch.written_at, progress.settled_at), at)
    launch.epoch = event.epoch
    launch.pending_kills = {name: replace(each, at=0) for name, each in launch.pending_kills.items()}
    launch.external.begin()


def change_release(launch: "Launch", event: events.ReleaseChanged, at: int) -> None:
    launch.release, launch.release_at = event.now, at if event.was else launch.release_at
    launch.approvals = []  # also where the former release runs again: a person approves again
    if event.voids:
        _bind_evidence(launch, event.now)


def _bind_evidence(launch: "Launch", release: str) -> None:
    """Keeps the evidence of one release in force. Evidence against a claim that names no release counts for each release."""
    known = [*launch.other_evidence, *launch.evidence]
    counts = [each.release == release or not (each.release or each.holds) for each in known]
    launch.evidence = [each for each, is_bound in zip(known, counts, strict=True) if is_bound]
    launch.other_evidence = [each for each, is_bound in zip(known, counts, strict=True) if not is_bound and each.release]
    launch.waivers = []


def record_decision(launch: "Launch", event: events.Decided, at: int) -> None:
    launch.last_decision, launch.decisions = event, event.number


# -- tracks --------------------------------------------------------------------------------------------------------------


def move_track(launch: "Launch", move: lifecycle.Move, at: int) -> None:
    """Takes the track to its next phase. Raises IllegalMove."""
    progress = launch.track(move.track)
    progress.phase = lifecycle.after(progress.phase, move)
    progress.since, progress.why, progress.by = at, move.why, move.by
    if progress.phase is Phase.DWELLING and not progress.settled_at:
        progress.settled_at = at


def enter_stage(launch: "Launch", move: lifecycle.StageEntered | lifecycle.TrackDemoted, at: int) -> None:
    move_track(launch, move, at)
    launch.track(move.track).enter(move.stage, at)
    launch.started_at = launch.started_at or at


def demote_track(launch: "Launch", move: lifecycle.TrackDemoted, at: int) -> None:
    """Approvals that were given before do not count for the next way up."""
    enter_stage(launch, move, at)
    launch.approvals = [each for each in launch.approvals if each.stage.track != move.track]
    if move.voids:
        launch.evidence = []


def rearm_track(launch: "Launch", move: lifecycle.TrackRearmed, at: int) -> None:
    move_track(launch, move, at)
    launch.track(move.track).leave()


def stop_clock(launch: "Launch", event: events.ClockStopped, at: int) -> None:
    launch.track(event.track).stop(event.since, event.why, at)


def start_clock(launch: "Launch", event: events.ClockStarted, at: int) -> None:
    launch.track(event.track).stopped = ""


def capture_baseline(launch: "Launch", event: events.BaselineCaptured, at: int) -> None:
    launch.baselines[event.name] = event


# -- holds, leases, kills ------------------------------------------------------------------------------------------------


def raise_hold(launch: "Launch", event: events.HoldRaised, at: int) -> None:
    launch.holds[event.hold.id] = event.hold


def lift_hold(launch: "Launch", event: events.HoldLifted, at: int) -> None:
    """Where a person releases a hold of a kind that restarts its stage, the stage begins again."""
    hold, hold_id, by_pilot = launch.holds.pop(event.hold_id, None), event.hold_id, event.by == PILOT
    is_kill = hold is not None and hold.kind.is_kill
    _forget_messages(launch, {hold_subject(hold_id), KILL} if is_kill and not launch.pending_kills else {hold_subject(hold_id)})
    launch.lifts[hold_id] = [*launch.lifts.get(hold_id, [])[-LIFTS_KEPT + 1 :], at] if by_pilot else []
    if hold is not None and hold.track and hold.kind.restarts_stage and not by_pilot:
        launch.track(hold.track).restart(at)


def _forget_messages(launch: "Launch", over: set[MessageSubject]) -> None:
    """Messages about what is over are sent again when it comes again."""
    launch.sent_messages = {key: since for key, since in launch.sent_messages.items() if key[1] not in over}


def issue_lease(launch: "Launch", lease: events.LeaseIssued, at: int) -> None:
    for account in lease.accounts:
        last = launch.leases.get(account)
        if last is None or (last.epoch, last.limits) != (lease.epoch, lease.limits):
            launch.lease_changed_at[account] = at
        launch.leases[account] = lease
        if lease.limits.state is TradingState.ACTIVE:
            launch.admitted_at.setdefault(account, at)


def order_kill(launch: "Launch", event: events.KillOrdered, at: int) -> None:
    """A kill that is ordered again counts as one more try once the trader has shown it."""
    if not event.stays:
        return
    for account in event.accounts:
        last = launch.pending_kills.get(account)
        if last is not None and last.disposal is event.disposal:
            launch.pending_kills[account] = replace(last, at=at, tries=last.tries + last.is_seen)
        else:
            launch.pending_kills[account] = PendingKill.of(event, at)


def see_kill(launch: "Launch", event: events.KillSeen, at: int) -> None:
    for account in event.accounts:
        launch.pending_kills[account] = replace(launch.pending_kills[account], is_seen=True)


def end_kill(launch: "Launch", event: events.KillDone, at: int) -> None:
    launch.pending_kills.pop(event.account, None)
    if not any(each.kind.is_kill for each in launch.holds.values()):
        _forget_messages(launch, {KILL})


# -- what is observed ----------------------------------------------------------------------------------------------------


def change_accounts(launch: "Launch", event: events.AccountsSeen, at: int) -> None:
    launch.accounts = event.accounts


def plan_maintenance(launch: "Launch", event: events.MaintenancePlanned, at: int) -> None:
    launch.maintenance = counted(launch.maintenance, event.spells, at if launch.started_at else 0)
    launch.planned_maintenance = event.spells


def check_venue(launch: "Launch", event: events.VenueChecked, at: int) -> None:
    launch.venue_checks[event.account] = event


def add_samples(launch: "Launch", event: events.SamplesTaken, at: int) -> None:
    launch.external.take(event)


# -- people --------------------------------------------------------------------------------------------------------------


def answer_command(launch: "Launch", event: events.InstructionAnswered, at: int) -> None:
    launch.commands_read, launch.commands_digest = event.number, event.digest


def take_answers(launch: "Launch", event: events.AnswersTaken, at: int) -> None:
    launch.answers, launch.answers_at = (*launch.answers, *event.answers), event.at


def take_evidence(launch: "Launch", event: events.EvidenceTaken, at: int) -> None:
    """Replaces earlier evidence for the claim. Evidence against a claim voids all approvals."""
    evidence = event.evidence
    launch.evidence = [*(each for each in launch.evidence if each.claim != evidence.claim), evidence]
    launch.approvals = launch.approvals if evidence.holds else []


def give_approval(launch: "Launch", event: events.ApprovalGiven, at: int) -> None:
    launch.approvals.append(event.approval)


def grant_waiver(launch: "Launch", event: events.WaiverGranted, at: int) -> None:
    launch.waivers.append(event.waiver)


def review_track(launch: "Launch", event: events.Reviewed, at: int) -> None:
    progress = launch.track(event.track)
    progress.reviewed_at, progress.reviewed_by = at, event.by


def send_message(launch: "Launch", event: events.MessageDue, at: int) -> None:
    launch.last_message, launch.last_message_at = event, at
    if event.subject is not None:
        launch.sent_messages[event.place, event.subject] = event.since


EVENT_HANDLERS: Final[Mapping[type[Struct], EventHandler]] = {
    events.LaunchBegan: begin_launch,
    events.PilotStarted: start_pilot,
    events.ReleaseChanged: change_release,
    events.Decided: record_decision,
    lifecycle.StageEntered: enter_stage,
    lifecycle.StageSettled: move_track,
    lifecycle.GatesPassed: move_track,
    lifecycle.GatesLapsed: move_track,
    lifecycle.TrackDemoted: demote_track,
    lifecycle.TrackRearmed: rearm_track,
    lifecycle.TrackFinished: move_track,
    lifecycle.TrackAborted: move_track,
    events.ClockStopped: stop_clock,
    events.ClockStarted: start_clock,
    events.BaselineCaptured: capture_baseline,
    events.HoldRaised: raise_hold,
    events.HoldLifted: lift_hold,
    events.LeaseIssued: issue_lease,
    events.KillOrdered: order_kill,
    events.KillSeen: see_kill,
    events.KillDone: end_kill,
    events.AccountsSeen: change_accounts,
    events.MaintenancePlanned: plan_maintenance,
    events.VenueChecked: check_venue,
    events.SamplesTaken: add_samples,
    events.InstructionAnswered: answer_command,
    events.AnswersTaken: take_answers,
    events.EvidenceTaken: take_evidence,
    events.ApprovalGiven: give_approval,
    events.WaiverGranted: grant_waiver,
    events.Reviewed: review_track,
    events.MessageDue: send_message,
}
