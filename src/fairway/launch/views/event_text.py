"""What happens to a launch, each event in one plain sentence."""

from collections.abc import Callable
from typing import Any, Final

from msgspec import Struct

from fairway.launch.control import launch_events, lifecycle
from fairway.launch.control.causes import CAUSE
from fairway.launch.observation.planned_maintenance import spell_text
from fairway.launch.views.reason_text import NAMED_MOST, ends_when, plainly
from fairway.risk.disposal import Disposal
from fairway.world.clock import text_of


def event_in_words(event: Struct) -> str:
    """One sentence; "" for what only the pilot itself needs."""
    told = _TOLD.get(type(event))
    return told(event) if told is not None else ""


def _hold(event: launch_events.HoldRaised) -> str:
    does = "nothing is opened, and nothing promoted" if event.hold.contains else "no promotion"
    return f"held: {event.hold.reason}; {does} until {ends_when(event.hold)}"


def _planned(event: launch_events.MaintenancePlanned) -> str:
    spells, more = event.spells[-NAMED_MOST:], len(event.spells) - NAMED_MOST
    told = ", ".join(map(spell_text, spells)) + (f", and {more} before" if more > 0 else "")
    return f"planned maintenance is {told}" if spells else "no maintenance is planned any more"


def _release(event: launch_events.ReleaseChanged) -> str:
    was = f", and not {event.was[:12]} any more" if event.was else ""
    voids = "; approvals, waivers and evidence of another release count no more" if event.voids else ""
    return f"release {event.now[:12]} runs{was}{voids}"


def _positions(event: launch_events.KillOrdered) -> str:
    return "positions are sold" if event.disposal is Disposal.FLATTEN else "stops stay"


def _heard(event: launch_events.InstructionHeard) -> str:
    return f"{event.by} said: {event.what}" + (f"; NOT DONE: {plainly(event.refused)}" if event.refused else "")


_TOLD: Final[dict[type[Struct], Callable[[Any], str]]] = {
    launch_events.LaunchBegan: lambda it: (
        f"the launch of plan {it.plan} begins, by {it.by}" + (f"; T is {text_of(it.launch_at)[:16]}" if it.launch_at else "")
    ),
    launch_events.PilotStarted: lambda it: (
        f"the pilot has started (epoch {it.epoch}); it issues leases once it has seen trader and venue"
    ),
    launch_events.PilotStopped: lambda it: f"the pilot has stopped: {it.why}; leases run out by themselves",
    launch_events.ReleaseChanged: _release,
    launch_events.MaintenancePlanned: _planned,
    launch_events.Noted: lambda it: f"{it.source}: {it.trouble}" if it.trouble else "",
    launch_events.EvidenceTaken: lambda it: (
        f"evidence for {it.evidence.claim} ({it.evidence.rank}, by {it.by}) "
        f"{'speaks for it' if it.evidence.holds else 'SPEAKS AGAINST IT: ' + it.evidence.why}"
    ),
    launch_events.AnswersTaken: lambda it: f"{it.by} brought answers of users, {len(it.answers)} of them new",
    launch_events.ApprovalGiven: lambda it: f"{it.approval.person} as {it.approval.role} approves {it.approval.stage}",
    launch_events.WaiverGranted: lambda it: (
        f"{it.waiver.granted_by} waives {it.waiver.claim} until {text_of(it.waiver.ends_at)}: {it.waiver.reason}"
    ),
    launch_events.Reviewed: lambda it: f"{it.track}: {it.by} has looked: {it.what}",
    launch_events.HoldRaised: _hold,
    launch_events.KillOrdered: lambda it: (
        f"{', '.join(it.accounts)} KILLED: {it.why}; {_positions(it)}, and only a person resumes"
    ),
    launch_events.KillDone: lambda it: (
        f"{it.account}: its kill is over: {it.why}" + (f"; LEFT: {', '.join(it.left)}" if it.left else "")
    ),
    launch_events.HoldLifted: lambda it: f"{it.hold_id.removeprefix(CAUSE)} no longer holds: {it.why} ({it.by})",
    launch_events.ClockStopped: lambda it: f"{it.track}: the stage's clock stands since {text_of(it.since)[:19]}: {it.why}",
    launch_events.ClockStarted: lambda it: f"{it.track}: the stage's clock runs again",
    launch_events.InstructionHeard: _heard,
    launch_events.BaselineCaptured: lambda it: f"baseline {it.name} captured from {it.stage}",
    launch_events.MessageDue: lambda it: f"to {it.to}{f' by {it.by}' if it.by else ''}: {it.text}",
    lifecycle.StageEntered: lambda it: f"{it.track}: stage {it.name} is entered: {it.why}",
    lifecycle.StageSettled: lambda it: f"{it.track}: {it.why}",
    lifecycle.GatesPassed: lambda it: f"{it.track}: {it.why}",
    lifecycle.GatesLapsed: lambda it: f"{it.track}: not ready any more: {it.why}",
    lifecycle.TrackDemoted: lambda it: f"{it.track}: BACK to stage {it.name or 'the first'}: {it.why}",
    lifecycle.TrackRearmed: lambda it: (
        f"{it.track}: ARMED AGAIN: {it.why}; nothing is opened until its first stage is entered again, and stops stay"
    ),
    lifecycle.TrackFinished: lambda it: f"{it.track}: {it.why}",
    lifecycle.TrackAborted: lambda it: f"{it.track}: given up by {it.by}: {it.why}",
}
