"""Decides what a person's command leads to, or why it is refused. Each command is answered once."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from msgspec import Struct

from fairway.incidents import incident_commands as commands
from fairway.incidents import incident_events as events
from fairway.incidents.command_checks import FORBIDDING, MOVE_TO, incident_meant
from fairway.incidents.incident import Incident, most_urgent
from fairway.incidents.incident_context import IncidentContext
from fairway.incidents.joining import next_incident_id
from fairway.incidents.tickets import TicketAnswered, TicketClosed, TicketOpened
from fairway.incidents.verification import shown_by
from fairway.journal.command_reader import ReadCommand


def events_of(context: IncidentContext, command: ReadCommand) -> Iterator[Struct]:
    """The answer and what follows; nothing where it was answered before, or where it is not about incidents."""
    said = command.instruction
    if command.number <= context.state.commands_read or type(said) not in CARRY_OUT:
        return
    refused = FORBIDDING[type(said)](context, said)
    following = [] if refused else list(CARRY_OUT[type(said)](context, said, command.by))
    yield events.CommandAnswered(
        number=command.number,
        what=type(said).__name__,
        by=command.by,
        refused=refused,
        made=_made(following) if not refused else "",
        digest=command.digest,
    )
    yield from following


def _made(following: list[Struct]) -> str:
    """The id of what a command has made or meant."""
    for each in following:
        for name in ("item", "ticket", "incident"):
            if hasattr(each, name):
                return str(getattr(each, name))
    return ""


def _meant(context: IncidentContext, name: str) -> Incident:
    found = incident_meant(context, name)
    assert isinstance(found, Incident), "the command was checked"
    return found


def _declare(context: IncidentContext, said: commands.Declare, by: str) -> Iterator[Struct]:
    """Where the cause has an open incident it is that one: the words become a note, and the severity may rise."""
    known = context.state.open_of(said.cause)
    if known is not None:
        yield events.NoteAdded(incident=known.id, by=by, text=said.title)
        if most_urgent([said.severity, known.severity]) is not known.severity:
            yield events.SeverityChanged(incident=known.id, was=known.severity, now=said.severity, by=by, why=said.title)
        return
    facts = context.tick.facts
    yield events.IncidentDeclared(
        incident=next_incident_id(context.state, context.now),
        cause=said.cause,
        title=said.title,
        severity=said.severity,
        by=by,
        since=said.since or context.now,
        realized=facts.realized,
        stage=facts.stage,
        is_drill=said.is_drill,
    )


def _acknowledge(context: IncidentContext, said: commands.Acknowledge, by: str) -> Iterator[Struct]:
    yield events.IncidentAcknowledged(incident=_meant(context, said.incident).id, by=by)


def _note(context: IncidentContext, said: commands.AddNote, by: str) -> Iterator[Struct]:
    yield events.NoteAdded(incident=_meant(context, said.incident).id, by=by, text=said.text)


def _take_over(context: IncidentContext, said: commands.TakeOver, by: str) -> Iterator[Struct]:
    incident = _meant(context, said.incident)
    yield events.CommanderChanged(incident=incident.id, was=incident.commander, now=said.person or by, by=by, why=said.reason)


def _move(context: IncidentContext, said: commands.MovePhase, by: str) -> Iterator[Struct]:
    incident = _meant(context, said.incident)
    if incident.is_open and not incident.acknowledged_at:
        yield events.IncidentAcknowledged(incident=incident.id, by=by)
    yield MOVE_TO[said.phase](incident=incident.id, by=by, why=said.reason)


def _severity(context: IncidentContext, said: commands.ChangeSeverity, by: str) -> Iterator[Struct]:
    incident = _meant(context, said.incident)
    yield events.SeverityChanged(incident=incident.id, was=incident.severity, now=said.severity, by=by, why=said.reason)


def _inform(context: IncidentContext, said: commands.InformUsers, by: str) -> Iterator[Struct]:
    yield events.UsersInformed(incident=_meant(context, said.incident).id, by=by, impact=said.impact, eta=said.eta)


def _add_action(context: IncidentContext, said: commands.AddAction, by: str) -> Iterator[Struct]:
    incident = _meant(context, said.incident)
    number = 1 + sum(each.incident == incident.id for each in context.state.actions.values())
    yield events.ActionItemAdded(
        incident=incident.id,
        item=f"{incident.id}-A{number}",
        text=said.text,
        owner=said.owner,
        due_at=said.due_at,
        verification=said.verification,
        by=by,
    )


def _finish_action(context: IncidentContext, said: commands.FinishAction, by: str) -> Iterator[Struct]:
    item = context.state.actions[said.item]
    if attested := said.attested.strip():
        yield events.ActionItemDone(incident=item.incident, item=item.id, by=by, attested=attested)
        return
    shown = shown_by(item, context.tick.facts.verifications[item.verification])
    yield events.ActionItemDone(incident=item.incident, item=item.id, by=by, shown=shown)


def _open_ticket(context: IncidentContext, said: commands.OpenTicket, by: str) -> Iterator[Struct]:
    yield TicketOpened(
        ticket=f"T-{context.state.tickets.opened + 1}",
        by=by,
        user=said.user or by,
        subject=said.subject,
        text=said.text,
        is_critical=said.is_critical,
        answer_within=context.policy.answer_within[said.is_critical],
    )


def _answer_ticket(context: IncidentContext, said: commands.AnswerTicket, by: str) -> Iterator[Struct]:
    yield TicketAnswered(ticket=said.ticket, by=by, text=said.text)


def _close_ticket(context: IncidentContext, said: commands.CloseTicket, by: str) -> Iterator[Struct]:
    yield TicketClosed(ticket=said.ticket, by=by, reason=said.reason)


CARRY_OUT: Final[dict[type, Callable[[IncidentContext, Any, str], Iterator[Struct]]]] = {
    commands.Declare: _declare,
    commands.Acknowledge: _acknowledge,
    commands.AddNote: _note,
    commands.TakeOver: _take_over,
    commands.MovePhase: _move,
    commands.ChangeSeverity: _severity,
    commands.InformUsers: _inform,
    commands.AddAction: _add_action,
    commands.FinishAction: _finish_action,
    commands.OpenTicket: _open_ticket,
    commands.AnswerTicket: _answer_ticket,
    commands.CloseTicket: _close_ticket,
}
