"""Support tickets: a user sees and opens the own ones; who may read the whole bot sees all, answers and closes them."""

from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import quote

from nicegui.element import Element

from fairway.incidents.tickets import Ticket, TicketState
from fairway.operations.actor import Actor
from fairway.operations.incidents.tickets import LIST_TICKETS, SHOW_TICKET, ListTicketsRequest, ShowTicketRequest
from fairway.panel.command_dialog import command_button
from fairway.panel.elements import Tag, card, empty
from fairway.panel.feed import Question
from fairway.panel.live import Live
from fairway.panel.moments import InstantPrecision, live_moment, moment
from fairway.panel.page import LISTS, Audience, Given, Page
from fairway.panel.pages.incidents import TICKETS as PATH
from fairway.panel.pages.incidents_facts import FOLDED_FRESH_NS
from fairway.panel.sources import Sources
from fairway.panel.state_marks import Mark
from fairway.panel.tables import Column, SearchedTable
from fairway.panel.unseen import seen
from fairway.panel.visit import Visit
from fairway.texts.display import count_text


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFacts:
    """One ticket. answers: instant (ns), author and text, oldest first."""

    id: str
    user: str
    subject: str
    text: str
    kind: str
    state: str
    mark: Mark
    opened_at: int
    due_at: int
    answers: tuple[tuple[int, str, str], ...]

    @property
    def is_closed(self) -> bool:
        return self.state == TicketState.CLOSED.value


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketsFacts:
    """The next due first."""

    sentence: str
    tickets: tuple[TicketFacts, ...]


def tickets_facts(sources: Sources, actor: Actor) -> TicketsFacts:
    """Raises what the operation raises."""
    asked = ListTicketsRequest(config=sources.context.config, all_tickets=True)
    found = sources.outcome(actor, LIST_TICKETS, asked, FOLDED_FRESH_NS)
    tickets = sorted(found.tickets, key=lambda each: (each.state is TicketState.CLOSED, each.due_at))
    waiting = sum(each.state is TicketState.OPEN for each in tickets)
    late = f"; {count_text(found.overdue, 'ticket')} overdue" if found.overdue else ""
    return TicketsFacts(
        sentence=f"{count_text(waiting, 'ticket').capitalize()} waiting for the first answer{late}.",
        tickets=tuple(ticket_facts(each, found.as_of) for each in tickets),
    )


def ticket_facts(ticket: Ticket, now: int) -> TicketFacts:
    """One ticket at an instant (ns)."""
    is_late = ticket.is_overdue(now)
    return TicketFacts(
        id=ticket.id,
        user=ticket.user,
        subject=ticket.subject,
        text=ticket.text,
        kind="critical" if ticket.is_critical else "general",
        state=ticket.state.value,
        mark=Mark.BAD if is_late else Mark.PENDING if ticket.state is TicketState.OPEN else Mark.GOOD,
        opened_at=ticket.opened_at,
        due_at=ticket.due_at,
        answers=ticket.answers,
    )


def _ask(ticket: str, sources: Sources, actor: Actor) -> TicketFacts:
    """Raises what the operation raises."""
    request = ShowTicketRequest(config=sources.context.config, ticket=ticket)
    found = sources.outcome(actor, SHOW_TICKET, request, FOLDED_FRESH_NS)
    return ticket_facts(found.ticket, found.as_of)


TICKETS: Final = Question("tickets", tickets_facts)


async def build(visit: Visit, given: Given) -> None:
    """The list."""
    Tag("h1", "Tickets")
    live = await seen(visit, TICKETS)
    if live is None:
        return
    with Tag("div", "", "headline"):
        live.words(lambda facts: facts.sentence, "p")
    with Tag("p", "", "actions"):
        asked = ("critical", "user") if visit.sees_all else ("critical",)
        command_button(visit, "Open a ticket", "ticket-open", {}, ask=asked)
    SearchedTable(
        visit,
        live,
        _COLUMNS,
        lambda facts: facts.tickets,
        lambda each: each.id,
        name="tickets",
        label="Tickets",
        nothing="No ticket was ever opened. Open one above, or type ",
        command="fairway ticket open SUBJECT TEXT",
    )


_COLUMNS: Final[tuple[Column[TicketFacts], ...]] = (
    Column(
        head="Ticket",
        words=lambda each: each.id,
        mark=lambda each: each.mark,
        link=lambda each: f"{PATH}/{quote(each.id, safe='')}",
    ),
    Column(head="User", words=lambda each: each.user),
    Column(head="Subject", words=lambda each: each.subject, prose=True),
    Column(head="Kind", words=lambda each: each.kind),
    Column(head="State", words=lambda each: each.state),
    Column(head="First answer due, UTC", at=lambda each: each.due_at),
)


async def build_one(visit: Visit, given: Given) -> None:
    """One ticket with its answers."""
    ticket = given["ticket"]
    Tag("h1", f"Ticket {ticket}")
    live = await seen(visit, Question("ticket", partial(_ask, ticket), about=ticket))
    if live is None:
        return
    with Tag("div", "", "headline"):
        with Tag("p", "", "safety"):
            live.mark(lambda facts: facts.mark)
            live.words(lambda facts: facts.subject)
        with Tag("p"):
            live.words(lambda facts: f"{facts.kind}, {facts.state}, of {facts.user}; the first answer is due ")
            live_moment(live, lambda facts: facts.due_at, InstantPrecision.SECOND)
    if visit.may("ticket-answer", ticket=ticket):
        with Tag("p", "", "actions") as place:
            command_button(visit, "Answer", "ticket-answer", {"ticket": ticket})
            command_button(visit, "Close", "ticket-close", {"ticket": ticket})
        live.visible(place, lambda facts: not facts.is_closed)
    with Tag("div", "", "cards stacked"):
        with card("What is asked"):
            Tag("p", live.facts.text, "written")
        with card("Answers"):
            live.rows(Tag("ol", "", "answers"), lambda facts: tuple(enumerate(facts.answers)), lambda each: each[0], _answer)
            live.visible(empty("No answer yet."), lambda facts: not facts.answers)


def _answer(row: Live[tuple[int, tuple[int, str, str]]]) -> Element:
    at, by, text = row.facts[1]
    with Tag("li") as found:
        with Tag("p", "", "empty"):
            moment(at)
            Tag("span", by, "source")
        Tag("p", text, "written")
    return found


PAGE: Final = Page(styles=LISTS, path="/tickets", title="Tickets", nav="Tickets", build=build, audience=Audience.ALL)
ONE: Final = Page(styles=LISTS, path="/tickets/{ticket}", title="Ticket", build=build_one, audience=Audience.ALL)
