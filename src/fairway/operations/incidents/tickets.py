"""Support tickets: open, answer, close, list, show. A user sees and opens the own ones; support sees all."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.actor import Actor
from fairway.operations.incidents.instruct import AlertingOutcome, incident_subject, instruct_alerting, written_down
from fairway.operations.incidents.reading import incidents_now
from fairway.operations.incidents.respond import words_given
from fairway.operations.operation import OWN_THINGS, Call, Exposure, Operation, Outcome, Preview, Subject
from fairway.operations.permissions import may_read_all
from fairway.operations.refusal import Ground, Refusal, reason_given, wrong_input
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
    """all_tickets: those that are closed, too. user: those of one user, "" for all. overdue: those that wait too long, only."""

    config: Path
    all_tickets: bool = False
    user: str = ""
    overdue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowTicketRequest:
    config: Path
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketsOutcome(Outcome):
    """tickets: the next due first. overdue: how many of all wait for their first answer too long. as_of: now (ns)."""

    tickets: "tuple[Ticket, ...]"
    overdue: int
    as_of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketOutcome(Outcome):
    """as_of: now (ns)."""

    ticket: "Ticket"
    as_of: int


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

    asked, now = call.request, SystemClock().now()
    seen = _visible(call.actor, asked.config)
    shown = [each for each in seen if asked.all_tickets or each.state is not TicketState.CLOSED]
    shown = [each for each in shown if asked.user in ("", each.user) and (not asked.overdue or each.is_overdue(now))]
    shown.sort(key=lambda each: each.due_at)
    late = sum(each.is_overdue(now) for each in seen)
    none = "no such ticket" if asked.user or asked.overdue or asked.all_tickets else "no ticket is open"
    return TicketsOutcome(
        tickets=tuple(shown), overdue=late, as_of=now, lines=tuple(_line(each, now) for each in shown) or (none,)
    )


def perform_show(call: Call[ShowTicketRequest]) -> TicketOutcome:
    """To a user, a ticket of another user is as unknown as one that does not exist.

    Raises Refusal, SettingsError, JournalErrors.
    """
    name, now = call.request.ticket, SystemClock().now()
    by_id = {each.id: each for each in _visible(call.actor, call.request.config)}
    found = by_id.get(name)
    if found is None:
        known = ", ".join(list(by_id)[-5:]) or "none yet"
        told = f"{name!r} names no ticket; the newest are {known}"
        raise wrong_input(f"TICKET_UNKNOWN: ticket={name}", told, field="ticket", example="T-1")
    lines = [_line(found, now), f"  {' '.join(found.text.split())}"]
    lines += [f"  {text_of(at)[:16]}  {by}: {' '.join(text.split())}" for at, by, text in found.answers]
    return TicketOutcome(ticket=found, as_of=now, lines=tuple(lines))


def _visible(actor: Actor, config: Path) -> "list[Ticket]":
    """The own ones, and all for those who may read the whole bot. Raises Refusal, SettingsError, JournalErrors."""
    tickets, sees_all = incidents_now(load(config)).tickets.by_id.values(), may_read_all(actor)
    return [each for each in tickets if sees_all or each.user == actor.name]


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


def _preview_reading(call: object) -> Preview:
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
    preview=_preview_reading,
    perform=perform_list,
)
SHOW_TICKET: Final = Operation(
    name="ticket show",
    summary="Show a support ticket with its answers.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=ShowTicketRequest,
    subject=own_subject,
    preview=_preview_reading,
    perform=perform_show,
)
OPERATIONS: Final = (OPEN_TICKET, ANSWER_TICKET, CLOSE_TICKET, LIST_TICKETS, SHOW_TICKET)
