"""Why a command is refused: a code with its values, "" where it is carried out."""

import re
from collections.abc import Callable
from typing import Any, Final

from fairway.incidents import incident_commands as commands
from fairway.incidents.incident import ActionState, Incident, most_urgent
from fairway.incidents.incident_context import IncidentContext
from fairway.incidents.lifecycle import (
    IncidentClosed,
    IncidentMove,
    IncidentPhase,
    IncidentResolved,
    IncidentStabilised,
    MitigationBegan,
    PostmortemBegan,
    can_move,
)
from fairway.incidents.tickets import TicketState
from fairway.incidents.verification import why_not_shown

TICKETS_OPEN_MAX: Final = 10_000
"""Tickets that may be open at once; a further one is refused."""
ACTIONS_MAX: Final = 200
"""Action items of one incident."""
_NO_QUOTE: Final = re.compile(r"['\s]+")
"""What may not be in a quoted value of a code."""
MOVE_TO: Final[dict[IncidentPhase, type[IncidentMove]]] = {
    IncidentPhase.MITIGATING: MitigationBegan,
    IncidentPhase.STABLE: IncidentStabilised,
    IncidentPhase.RESOLVED: IncidentResolved,
    IncidentPhase.POSTMORTEM: PostmortemBegan,
    IncidentPhase.CLOSED: IncidentClosed,
}
"""By phase, the move by which a person leads an incident there."""


def incident_meant(context: IncidentContext, name: str) -> Incident | str:
    """The incident that a command names, or the only open one where it names none; otherwise why it is refused."""
    state = context.state
    if name:
        return state.by_id.get(name) or f"INCIDENT_UNKNOWN: incident={name}"
    found = state.open()
    if len(found) == 1:
        return found[0]
    return f"INCIDENT_NOT_NAMED: open={','.join(each.id for each in found) or 'none'}"


def _declare(context: IncidentContext, said: commands.Declare) -> str:
    return f"SINCE_AHEAD: since={said.since}" if said.since > context.now else ""


def _known(context: IncidentContext, said: commands.IncidentCommand) -> str:
    found = incident_meant(context, said.incident)
    return found if isinstance(found, str) else ""


def _open(context: IncidentContext, said: commands.IncidentCommand) -> str:
    found = incident_meant(context, said.incident)
    if isinstance(found, str):
        return found
    return "" if found.is_open else f"INCIDENT_OVER: incident={found.id} phase={found.phase.value}"


def _living(context: IncidentContext, said: commands.IncidentCommand) -> str:
    found = incident_meant(context, said.incident)
    if isinstance(found, str):
        return found
    is_closed = found.phase is IncidentPhase.CLOSED
    return f"INCIDENT_OVER: incident={found.id} phase={found.phase.value}" if is_closed else ""


def _phase(context: IncidentContext, said: commands.MovePhase) -> str:
    found = incident_meant(context, said.incident)
    if isinstance(found, str):
        return found
    move = MOVE_TO.get(said.phase)
    if move is None or not can_move(found.phase, move):
        return f"MOVE_NOT_POSSIBLE: incident={found.id} phase={found.phase.value} wanted={said.phase.value}"
    if said.phase in (IncidentPhase.STABLE, IncidentPhase.RESOLVED) and (loud := context.loud(found)):
        return f"ALERTS_FIRE: incident={found.id} alerts={len(loud)} first={loud[0]}"
    if said.phase is IncidentPhase.CLOSED and found.needs_postmortem and found.phase is not IncidentPhase.POSTMORTEM:
        return f"POSTMORTEM_MISSING: incident={found.id} severity={found.severity.value}"
    return ""


def _severity(context: IncidentContext, said: commands.ChangeSeverity) -> str:
    """People may raise and lower it; below what its firing alerts say it cannot go."""
    refused = _living(context, said)
    found = incident_meant(context, said.incident)
    if refused or isinstance(found, str):
        return refused
    if said.severity is found.severity:
        return f"SEVERITY_SAME: incident={found.id} severity={said.severity.value}"
    if not said.reason.strip():
        return f"REASON_MISSING: incident={found.id}"
    firing = [each.severity for each in found.alerts.values() if each.is_firing and each.is_money]
    if firing and most_urgent([said.severity, *firing]) is not said.severity:
        return f"SEVERITY_BELOW_ALERTS: incident={found.id} severity={said.severity.value} alerts={most_urgent(firing).value}"
    return ""


def _add_action(context: IncidentContext, said: commands.AddAction) -> str:
    found = incident_meant(context, said.incident)
    if isinstance(found, str):
        return found
    if said.due_at <= context.now:
        return f"DUE_PASSED: due={said.due_at}"
    count = sum(each.incident == found.id for each in context.state.actions.values())
    return f"ACTIONS_FULL: incident={found.id} actions={count}" if count >= ACTIONS_MAX else ""


def _finish_action(context: IncidentContext, said: commands.FinishAction) -> str:
    item = context.state.actions.get(said.item)
    if item is None:
        return f"ACTION_UNKNOWN: action={said.item}"
    if item.state is ActionState.DONE:
        return f"ACTION_DONE: action={item.id}"
    word = context.tick.facts.verifications.get(item.verification)
    if said.attested.strip():
        if item.state is ActionState.ATTESTED:
            return f"ACTION_ATTESTED: action={item.id}"
        must = word is not None and word.must_be_shown
        return f"ACTION_MUST_BE_SHOWN: action={item.id} verification={item.verification}" if must else ""
    why = _NO_QUOTE.sub(" ", why_not_shown(item, word, context.now))
    return f"ACTION_NOT_SHOWN: action={item.id} verification={item.verification} why='{why}'" if why else ""


def _open_ticket(context: IncidentContext, said: commands.OpenTicket) -> str:
    count = sum(each.state is not TicketState.CLOSED for each in context.state.tickets.by_id.values())
    return f"TICKETS_FULL: open={count}" if count >= TICKETS_OPEN_MAX else ""


def _living_ticket(context: IncidentContext, said: commands.AnswerTicket | commands.CloseTicket) -> str:
    ticket = context.state.tickets.by_id.get(said.ticket)
    if ticket is None:
        return f"TICKET_UNKNOWN: ticket={said.ticket}"
    return f"TICKET_CLOSED: ticket={said.ticket}" if ticket.state is TicketState.CLOSED else ""


FORBIDDING: Final[dict[type, Callable[[IncidentContext, Any], str]]] = {
    commands.Declare: _declare,
    commands.Acknowledge: _open,
    commands.AddNote: _known,
    commands.TakeOver: _living,
    commands.MovePhase: _phase,
    commands.ChangeSeverity: _severity,
    commands.InformUsers: _living,
    commands.AddAction: _add_action,
    commands.FinishAction: _finish_action,
    commands.OpenTicket: _open_ticket,
    commands.AnswerTicket: _living_ticket,
    commands.CloseTicket: _living_ticket,
}
