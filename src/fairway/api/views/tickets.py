"""Support tickets: a list, and one with its answers. A user sees the own ones; support sees all."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from fairway.api.context import Asking, Context
from fairway.api.problems import documented
from fairway.api.threads import short
from fairway.api.views.shown import instant
from fairway.incidents.tickets import Ticket
from fairway.operations.incidents.tickets import LIST_TICKETS, SHOW_TICKET, ListTicketsRequest, ShowTicketRequest
from fairway.operations.operation import Call
from fairway.operations.perform import perform

router: Final = APIRouter(prefix="/api/v1", tags=["incidents"])
READING: Final = documented(401, 403, 404, 409, 422, 429, 503)
TicketId = Annotated[str, Path(pattern=r"^T-\d{1,9}$", examples=["T-1"])]
OfUser = Annotated[str, Query(max_length=100, description="Those of one user; of all that you may see where it is left out")]


class TicketAnswer(BaseModel):
    """by: who wrote it."""

    at: str
    by: str
    text: str


class ShownTicket(BaseModel):
    """A support ticket. Instants are texts in UTC; due: when its first answer is due."""

    id: str
    user: str
    subject: str
    text: str
    is_critical: bool
    state: str = Field(description="open, answered or closed")
    opened: str
    due: str
    is_overdue: bool = Field(description="Whether it still waits for its first answer although that was due")
    answers: list[TicketAnswer] = Field(description="Oldest first")


class ShownTickets(BaseModel):
    """Tickets, the next due first. overdue: how many of all that the caller may see wait too long."""

    tickets: list[ShownTicket]
    overdue: int


@router.get("/tickets", responses=READING)
async def list_tickets(
    caller: Asking, context: Context, all_tickets: bool = False, user: OfUser = "", overdue: bool = False
) -> ShownTickets:
    """Tickets that are not closed, the next due first.

    With all_tickets closed ones, too; with overdue only those that wait for their first answer too long.
    """
    request = ListTicketsRequest(config=context.config, all_tickets=all_tickets, user=user, overdue=overdue)
    outcome = await short(perform, LIST_TICKETS, Call(actor=caller.actor, request=request))
    return ShownTickets(tickets=[_shown(each, outcome.as_of) for each in outcome.tickets], overdue=outcome.overdue)


@router.get("/tickets/{ticket}", responses=READING)
async def show_ticket(ticket: TicketId, caller: Asking, context: Context) -> ShownTicket:
    """A ticket with its text and its answers. One of another user is as unknown to a user as one that does not exist."""
    request = ShowTicketRequest(config=context.config, ticket=ticket)
    outcome = await short(perform, SHOW_TICKET, Call(actor=caller.actor, request=request))
    return _shown(outcome.ticket, outcome.as_of)


def _shown(ticket: Ticket, now: int) -> ShownTicket:
    return ShownTicket(
        id=ticket.id,
        user=ticket.user,
        subject=ticket.subject,
        text=ticket.text,
        is_critical=ticket.is_critical,
        state=ticket.state.value,
        opened=instant(ticket.opened_at),
        due=instant(ticket.due_at),
        is_overdue=ticket.is_overdue(now),
        answers=[TicketAnswer(at=instant(at), by=by, text=text) for at, by, text in ticket.answers],
    )
