"""Support tickets with a clock to the first answer, and surveys by schedule. All instants are in ns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace as changed

from fairway.world.clock import HOUR

ANSWER_WITHIN: Final[Mapping[bool, int]] = {True: 2 * HOUR, False: 24 * HOUR}
"""By whether a ticket is critical, how soon it has its first answer (ns), where a configuration names no other time."""
TICKETS_KEPT: Final = 1_000
"""Closed tickets kept; the journal keeps all."""


class TicketEvent(Struct, frozen=True, tag=True, kw_only=True):
    """Base of a ticket's events. ticket: its id; by: who wrote."""

    ticket: str
    by: str


class TicketOpened(TicketEvent, frozen=True, tag=True, kw_only=True):
    """user: whose it is, who may be another person than the one who wrote it down.

    answer_within: how soon its first answer was promised (ns); 0 in a record of a release that wrote none.
    """

    user: str
    subject: str
    text: str
    is_critical: bool = False
    answer_within: int = 0


class TicketAnswered(TicketEvent, frozen=True, tag=True, kw_only=True):
    text: str


class TicketClosed(TicketEvent, frozen=True, tag=True, kw_only=True):
    reason: str


class SurveyAsked(Struct, frozen=True, tag=True, kw_only=True):
    """Users were asked how content they are. number: from 1. Their answers come with `fairway launch survey`."""

    number: int


TICKET_EVENTS: Final[tuple[type[Struct], ...]] = (TicketOpened, TicketAnswered, TicketClosed, SurveyAsked)
"""Every kind of event about tickets and surveys in the alerting journal."""


class TicketState(StrEnum):
    OPEN = "open"
    """It waits for its first answer."""
    ANSWERED = "answered"
    CLOSED = "closed"


class Ticket(Struct, frozen=True, kw_only=True):
    """answers: the texts with who wrote them, oldest first."""

    id: str
    user: str
    subject: str
    text: str
    is_critical: bool
    opened_at: int
    answer_within: int
    state: TicketState = TicketState.OPEN
    answered_at: int = 0
    closed_at: int = 0
    answers: tuple[tuple[int, str, str], ...] = ()

    @property
    def due_at(self) -> int:
        """When its first answer is due."""
        return self.opened_at + self.answer_within

    def is_overdue(self, now: int) -> bool:
        """Whether it still waits for its first answer although that was due."""
        return self.state is TicketState.OPEN and now >= self.due_at


@dataclass(slots=True)
class Tickets:
    """All tickets that are open, the newest that are closed, and the survey's schedule."""

    by_id: dict[str, Ticket] = field(default_factory=dict)
    opened: int = 0
    """How many were ever opened."""
    surveys: int = 0
    surveyed_at: int = 0
    """When users were last asked; 0 for never."""

    def overdue(self, now: int) -> list[Ticket]:
        """Tickets whose first answer is late: their number is the gauge `fairway_tickets_overdue`."""
        return [each for each in self.by_id.values() if each.is_overdue(now)]

    def scratch(self) -> "Tickets":
        return replace(self, by_id=dict(self.by_id))

    def apply(self, event: Struct, at: int) -> None:
        match event:
            case TicketOpened(ticket=name):
                self.opened += 1
                self.by_id[name] = Ticket(
                    id=name,
                    user=event.user,
                    subject=event.subject,
                    text=event.text,
                    is_critical=event.is_critical,
                    opened_at=at,
                    answer_within=event.answer_within or ANSWER_WITHIN[event.is_critical],
                )
            case TicketAnswered(ticket=name, by=by, text=text):
                ticket = self.by_id[name]
                self.by_id[name] = changed(
                    ticket,
                    state=TicketState.ANSWERED,
                    answered_at=ticket.answered_at or at,
                    answers=(*ticket.answers, (at, by, text)),
                )
            case TicketClosed(ticket=name):
                self.by_id[name] = changed(self.by_id.pop(name), state=TicketState.CLOSED, closed_at=at)
                self._forget()
            case SurveyAsked(number=number):
                self.surveys, self.surveyed_at = number, at

    def _forget(self) -> None:
        closed = [each.id for each in self.by_id.values() if each.state is TicketState.CLOSED]
        for name in closed[:-TICKETS_KEPT]:
            del self.by_id[name]


def survey_due(tickets: Tickets, every_ns: int, now: int, began_at: int) -> Iterator[SurveyAsked]:
    """Users are asked every so many ns, 0 for never. began_at: from when on the first interval counts."""
    if every_ns and now >= (survey_at(tickets, every_ns, began_at) or every_ns):
        yield SurveyAsked(number=tickets.surveys + 1)


def survey_at(tickets: Tickets, every_ns: int, began_at: int) -> int:
    """When users are asked next (ns); 0 where nothing has begun that it could be counted from."""
    since = tickets.surveyed_at or began_at
    return since + every_ns if since else 0
