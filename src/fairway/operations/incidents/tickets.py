"""Support tickets: open, answer, close, list. A user sees and opens the own ones; support sees all."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.incidents.instruct import AlertingOutcome, incident_subject, instruct_alerting, written_down
from fairway.operations.incidents.reading import incidents_now
from fairway.operations.incidents.respond import words_given
from fairway.operations.operation import OWN_THINGS, Call, Exposure, Operation, Outcome, Preview, Subject
from fairway.operations.permissions import may_read_all
from fairway.operations.refusal import Ground, Refusal, reason_given
from fairway.people.roles import UserAct
from fairway.settings import load
from fairway.world.clock import SystemClock, text_of

if TYPE_CHECKING:
    from fairway.incidents.tickets import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTicketRequest:
    """critical: the first answer is due in 2 h, and not in 24 h. user: whose it is, "" for the actor."""

    config: Path
    subject: str
    text: str
    critical: bool = False
    user: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTicketRequest:
    config: Path
    ticket: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseTicketRequest:
    config: Path
    ticket: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTicketsRequest:
    """all_tickets: those that are closed, too."""

    config: Path
    all_tickets: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketsOutcome(Outcome):
    """tickets: the next due first. overdue: how many of all wait for their first answer too long."""

    tickets: "tuple[Ticket, ...]"
    overdue: int


def perform_open(call: Call[OpenTicketRequest]) -> AlertingOutcome:
    """Raises Refusal, SettingsError, JournalErrors."""
    from fairway.incidents.incident_commands import OpenTicket

    asked = call.request
    if asked.user not in ("", call.actor.name) and not may_read_all(call.actor):
        raise Refusal(
            f"TICKET_OF_OTHERS: by={call.actor.name}",
            "opens a ticket for another user; leave it out for your own",
            Ground.PERMISSION,
            field="user",
        )
    subject = words_given("subject", asked.subject, "I see no orders")
    text = words_given("text", asked.text, "since noon no order is shown")
    command = OpenTicket(subject=subject, text=text, is_critical=asked.critical, user=asked.user or call.actor.name)
    return instruct_alerting(load(asked.config), command, call, f"is open; it is answered within {2 if asked.critical else 24} h")


def perform_answer(call: Call[AnswerTicketRequest]) -> AlertingOutcome:
    """Raises Refusal, SettingsError, JournalErrors."""
    from fairway.incidents.incident_commands import AnswerTicket

    text = words_given("text", call.request.text, "the order was refused by a limit")
    command = AnswerTicket(ticket=call.request.ticket, text=text)
    return instruct_alerting(load(call.request.config), command, call, "is answered")


def perform_close(call: Call[CloseTicketRequest]) -> AlertingOutcome:
    """Raises Refusal, SettingsError, JournalErrors."""
    from fairway.incidents.incident_commands import CloseTicket

    command = CloseTicket(ticket=call.request.ticket, reason=reason_given(call.request.reason, "the user is content"))
    return instruct_alerting(load(call.request.config), command, call, "is closed")


def perform_list(call: Call[ListTicketsRequest]) -> TicketsOutcome:
    """Raises Refusal, SettingsError, JournalErrors."""
    from fairway.incidents.tickets import TicketState

    now, state = SystemClock().now(), incidents_now(load(call.request.config))
    sees_all = may_read_all(call.actor)
    own = [each for each in state.tickets.by_id.values() if sees_all or each.user == call.actor.name]
    shown = [each for each in own if call.request.all_tickets or each.state is not TicketState.CLOSED]
    shown.sort(key=lambda each: each.due_at)
    late = sum(each.is_overdue(now) for each in own)
    lines = tuple(_line(each, now) for each in shown) or ("no ticket is open",)
    return TicketsOutcome(tickets=tuple(shown), overdue=late, lines=lines)


def _line(ticket: "Ticket", now: int) -> str:
    late = "  OVERDUE" if ticket.is_overdue(now) else ""
    kind = "critical" if ticket.is_critical else "general"
    subject = " ".join(ticket.subject.split())
    return f"{ticket.id}  {ticket.state.value}  {kind}  {ticket.user}  due {text_of(ticket.due_at)[:16]}{late}  {subject}"


def own_subject(request: object) -> Subject:
    return OWN_THINGS


def _preview_open(call: Call[OpenTicketRequest]) -> Preview:
    return written_down(f"a ticket is open, and its first answer is due in {2 if call.request.critical else 24} h")


def _preview_answer(call: Call[AnswerTicketRequest]) -> Preview:
    return written_down("the ticket has an answer")


def _preview_close(call: Call[CloseTicketRequest]) -> Preview:
    return written_down("the ticket is closed")


def _preview_list(call: Call[ListTicketsRequest]) -> Preview:
    return Preview(effect="reads the alerting journal; nothing is changed")


OPEN_TICKET: Final = Operation(
    name="ticket open",
    summary="Open a support ticket.",
    act=UserAct.RESPOND,
    exposure=Exposure.KEEPS,
    request=OpenTicketRequest,
    subject=own_subject,
    preview=_preview_open,
    perform=perform_open,
)
ANSWER_TICKET: Final = Operation(
    name="ticket answer",
    summary="Answer a support ticket.",
    act=UserAct.RESPOND,
    exposure=Exposure.KEEPS,
    request=AnswerTicketRequest,
    subject=incident_subject,
    preview=_preview_answer,
    perform=perform_answer,
)
CLOSE_TICKET: Final = Operation(
    name="ticket close",
    summary="Close a support ticket.",
    act=UserAct.RESPOND,
    exposure=Exposure.KEEPS,
    request=CloseTicketRequest,
    subject=incident_subject,
    preview=_preview_close,
    perform=perform_close,
)
LIST_TICKETS: Final = Operation(
    name="ticket list",
    summary="List the support tickets that are not closed, the next due first.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=ListTicketsRequest,
    subject=own_subject,
    preview=_preview_list,
    perform=perform_list,
)
OPERATIONS: Final = (OPEN_TICKET, ANSWER_TICKET, CLOSE_TICKET, LIST_TICKETS)
