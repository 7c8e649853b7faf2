"""Support tickets: each has a clock to its first answer, and what is late is counted."""

import pytest
from tests.pure.incidents.responses import Desk

from fairway.incidents.incident_commands import AnswerTicket, CloseTicket, OpenTicket
from fairway.incidents.tickets import TICKETS_KEPT, TicketClosed, TicketOpened, Tickets, TicketState
from fairway.world.clock import HOUR, SECOND


@pytest.mark.parametrize(("is_critical", "within"), [(True, 2 * HOUR), (False, 24 * HOUR)])
def test_a_ticket_is_overdue_from_its_time_on_until_its_first_answer(is_critical: bool, within: int) -> None:
    desk = Desk()
    desk.say(OpenTicket(subject="I see no orders", text="since noon", is_critical=is_critical, user="tom"), by="sue")
    ticket = desk.state.tickets.by_id["T-1"]
    assert (ticket.user, ticket.state) == ("tom", TicketState.OPEN)
    desk.later(within - SECOND)
    assert desk.state.tickets.overdue(desk.now) == []
    desk.later(SECOND)
    assert [each.id for each in desk.state.tickets.overdue(desk.now)] == ["T-1"]
    desk.say(AnswerTicket(ticket="T-1", text="we look into it"), by="sue")
    assert desk.state.tickets.overdue(desk.now) == []
    desk.say(AnswerTicket(ticket="T-1", text="it is mended"), by="sue")
    ticket = desk.state.tickets.by_id["T-1"]
    assert [text for _, _, text in ticket.answers] == ["we look into it", "it is mended"]
    assert ticket.answered_at == ticket.due_at


def test_a_closed_ticket_is_neither_answered_nor_closed_again() -> None:
    desk = Desk()
    desk.say(OpenTicket(subject="a", text="b"), by="tom")
    assert desk.say(CloseTicket(ticket="T-1", reason="done")) == ""
    assert desk.say(AnswerTicket(ticket="T-1", text="x")) == "TICKET_CLOSED: ticket=T-1"
    assert desk.say(CloseTicket(ticket="T-1", reason="x")) == "TICKET_CLOSED: ticket=T-1"
    assert desk.say(CloseTicket(ticket="T-9", reason="x")) == "TICKET_UNKNOWN: ticket=T-9"
    desk.later(100 * HOUR)
    assert desk.state.tickets.overdue(desk.now) == []


def test_closed_tickets_are_forgotten_in_the_order_of_their_ends_and_open_ones_never() -> None:
    tickets = Tickets()
    for number in range(TICKETS_KEPT + 3):
        tickets.apply(TicketOpened(ticket=f"T-{number}", by="tom", user="tom", subject="", text=""), number)
    for number in range(1, TICKETS_KEPT + 3):
        tickets.apply(TicketClosed(ticket=f"T-{number}", by="sue", reason=""), number)
    assert len(tickets.by_id) == TICKETS_KEPT + 1
    assert "T-0" in tickets.by_id
    assert "T-1" not in tickets.by_id
    assert "T-2" not in tickets.by_id
    assert "T-3" in tickets.by_id
