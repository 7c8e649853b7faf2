"""Says what happens to a launch: the message for each kind of event, and its sentence for a terminal.

The templates are in `texts/messages/launch_messages.py`.
"""

from collections.abc import Callable
from typing import Any, Final

from msgspec import Struct

from fairway.launch.control import launch_events, lifecycle
from fairway.launch.observation.planned_maintenance import spell_text
from fairway.launch.views.reason_text import NAMED_MOST, ends_when, reason_in_words
from fairway.risk.disposal import Disposal
from fairway.risk.guards.sentences import with_sentences
from fairway.texts.messages.catalogue import line
from fairway.texts.messages.launch_messages import LaunchMessage
from fairway.texts.messages.message import InstantValue, KeyedMessage, Precision, message


def event_in_words(event: Struct) -> str:
    """One sentence for a terminal; "" for what only the pilot itself needs."""
    made = message_of(event)
    return line(made) if made is not None else ""


def message_of(event: Struct) -> KeyedMessage | None:
    """What a person is shown of an event, for any medium; None for what only the pilot itself needs."""
    made = _MESSAGES.get(type(event))
    return made(event) if made is not None else None


def _noted(event: launch_events.SamplesTaken) -> KeyedMessage | None:
    if not event.trouble:
        return None
    return message(LaunchMessage.SOURCE_FAILED, source=event.source, trouble=event.trouble)


def _planned(event: launch_events.MaintenancePlanned) -> KeyedMessage:
    if not event.spells:
        return message(LaunchMessage.MAINTENANCE_CALLED_OFF)
    spells, more = event.spells[-NAMED_MOST:], max(0, len(event.spells) - NAMED_MOST)
    return message(LaunchMessage.MAINTENANCE_PLANNED, spells=tuple(map(spell_text, spells)), more=more)


def _evidence(event: launch_events.EvidenceTaken) -> KeyedMessage:
    it = event.evidence
    if it.holds:
        return message(LaunchMessage.EVIDENCE_FOR, claim=it.claim, rank=it.rank, by=event.by)
    return message(LaunchMessage.EVIDENCE_AGAINST, claim=it.claim, rank=it.rank, by=event.by, why=it.why)


def _waiver(event: launch_events.WaiverGranted) -> KeyedMessage:
    it = event.waiver
    return message(
        LaunchMessage.WAIVER_GRANTED, by=it.granted_by, claim=it.claim, ends_at=InstantValue(it.ends_at), reason=it.reason
    )


def _hold(event: launch_events.HoldRaised) -> KeyedMessage:
    it = event.hold
    return message(LaunchMessage.HOLD_RAISED, reason=with_sentences(it.reason), contains=it.contains, ends_when=ends_when(it))


def _kill(event: launch_events.KillOrdered) -> KeyedMessage:
    sells = event.disposal is Disposal.FLATTEN
    return message(LaunchMessage.KILL_ORDERED, accounts=tuple(event.accounts), why=with_sentences(event.reason), sells=sells)


def _instruction(event: launch_events.InstructionAnswered) -> KeyedMessage:
    if event.refused:
        return message(LaunchMessage.INSTRUCTION_REFUSED, by=event.by, command=event.what, why=reason_in_words(event.refused))
    return message(LaunchMessage.INSTRUCTION_DONE, by=event.by, command=event.what)


_MESSAGES: Final[dict[type[Struct], Callable[[Any], KeyedMessage | None]]] = {
    launch_events.LaunchBegan: lambda it: message(
        LaunchMessage.LAUNCH_BEGAN, plan=it.plan, by=it.by, launch_at=InstantValue(it.launch_at, Precision.MINUTE)
    ),
    launch_events.PilotStarted: lambda it: message(LaunchMessage.PILOT_STARTED, epoch=it.epoch),
    launch_events.ReleaseChanged: lambda it: message(
        LaunchMessage.RELEASE_CHANGED, now=it.now[:12], was=it.was[:12], voids=bool(it.voids)
    ),
    launch_events.MaintenancePlanned: _planned,
    launch_events.SamplesTaken: _noted,
    launch_events.EvidenceTaken: _evidence,
    launch_events.AnswersTaken: lambda it: message(LaunchMessage.SURVEY_TAKEN, by=it.by, count=len(it.answers)),
    launch_events.ApprovalGiven: lambda it: message(
        LaunchMessage.APPROVAL_GIVEN, person=it.approval.person, role=it.approval.role, stage=str(it.approval.stage)
    ),
    launch_events.WaiverGranted: _waiver,
    launch_events.Reviewed: lambda it: message(LaunchMessage.REVIEWED, track=it.track, by=it.by, finding=it.what),
    launch_events.HoldRaised: _hold,
    launch_events.HoldLifted: lambda it: message(LaunchMessage.HOLD_LIFTED, hold=it.title or it.hold_id, why=it.why, by=it.by),
    launch_events.KillOrdered: _kill,
    launch_events.KillDone: lambda it: message(LaunchMessage.KILL_DONE, account=it.account, why=it.why, left=tuple(it.left)),
    launch_events.ClockStopped: lambda it: message(
        LaunchMessage.CLOCK_STOPPED, track=it.track, since=InstantValue(it.since, Precision.SECOND), why=it.why
    ),
    launch_events.ClockStarted: lambda it: message(LaunchMessage.CLOCK_STARTED, track=it.track),
    launch_events.InstructionAnswered: _instruction,
    launch_events.BaselineCaptured: lambda it: message(LaunchMessage.BASELINE_CAPTURED, name=it.name, stage=it.stage),
    launch_events.MessageDue: lambda it: message(LaunchMessage.MESSAGE_DUE, to=it.to, by=it.by, text=it.text),
    lifecycle.StageEntered: lambda it: message(LaunchMessage.STAGE_ENTERED, track=it.track, stage=it.name, why=it.why),
    lifecycle.StageSettled: lambda it: message(LaunchMessage.STAGE_SETTLED, track=it.track, why=it.why),
    lifecycle.GatesPassed: lambda it: message(LaunchMessage.GATES_PASSED, track=it.track, why=it.why),
    lifecycle.GatesLapsed: lambda it: message(LaunchMessage.GATES_LAPSED, track=it.track, why=it.why),
    lifecycle.TrackDemoted: lambda it: message(LaunchMessage.TRACK_DEMOTED, track=it.track, stage=it.name, why=it.why),
    lifecycle.TrackRearmed: lambda it: message(LaunchMessage.TRACK_REARMED, track=it.track, why=it.why),
    lifecycle.TrackFinished: lambda it: message(LaunchMessage.TRACK_FINISHED, track=it.track, why=it.why),
    lifecycle.TrackAborted: lambda it: message(LaunchMessage.TRACK_ABORTED, track=it.track, by=it.by, why=it.why),
}
