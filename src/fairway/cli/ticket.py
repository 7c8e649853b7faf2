"""`fairway ticket` and `fairway retention`: support tickets, and how many users stay."""

from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from fairway.cli.answer import CommandOutput, instant, shows
from fairway.cli.perform import outcome_of, perform_here
from fairway.cli.shared_options import USUAL, By, Config, Flag, Why

if TYPE_CHECKING:
    from fairway.incidents.tickets import Ticket as SupportTicket

app = App(name="ticket", help="Support tickets: open, answer, close, list and show them.")
Ticket = Annotated[str, Parameter(help="The ticket's id, such as T-1.")]


@app.command(name="open")
def open_ticket(config: Config, /, *, subject: str, text: str, critical: Flag = False, user: str = "", by: By = "") -> int:
    """Open a ticket: critical ones are answered within 2 h, others within 24 h.

    Parameters
    ----------
    subject: str
        What it is about, in a few words.
    text: str
        What has happened.
    critical: bool
        Money may be at risk.
    user: str
        Whose it is; yours where it is left out.
    """
    from fairway.operations.incidents.tickets import OPEN_TICKET, OpenTicketRequest

    request = OpenTicketRequest(config=config, subject=subject, text=text, critical=critical, user=user)
    return perform_here(OPEN_TICKET, request, by)


@app.command
def answer(config: Config, ticket: Ticket, /, *, text: str, by: By = "") -> int:
    """Answer a ticket. The first answer stops its clock.

    Parameters
    ----------
    text: str
        The answer.
    """
    from fairway.operations.incidents.tickets import ANSWER_TICKET, AnswerTicketRequest

    return perform_here(ANSWER_TICKET, AnswerTicketRequest(config=config, ticket=ticket, text=text), by)


@app.command
def close(config: Config, ticket: Ticket, /, *, reason: Why, by: By = "") -> int:
    """Close a ticket."""
    from fairway.operations.incidents.tickets import CLOSE_TICKET, CloseTicketRequest

    return perform_here(CLOSE_TICKET, CloseTicketRequest(config=config, ticket=ticket, reason=reason), by)


@app.command(name="list")
@shows
def list_tickets(
    config: Config = USUAL,
    /,
    *,
    all_tickets: Annotated[bool, Parameter(name="--all", negative=())] = False,
    user: str = "",
    overdue: Flag = False,
) -> CommandOutput:
    """List the tickets that are not closed, the next due first.

    Parameters
    ----------
    all_tickets: bool
        Those that are closed, too.
    user: str
        Those of one user; of all where it is left out.
    overdue: bool
        Only those that wait for their first answer too long.
    """
    from fairway.operations.incidents.tickets import LIST_TICKETS, ListTicketsRequest

    request = ListTicketsRequest(config=config, all_tickets=all_tickets, user=user, overdue=overdue)
    outcome = outcome_of(LIST_TICKETS, request)
    value = [_value(each, outcome.as_of) for each in outcome.tickets]
    return CommandOutput(value={"tickets": value, "overdue": outcome.overdue}, text=outcome.lines)


@app.command
@shows
def show(config: Config, ticket: Ticket, /) -> CommandOutput:
    """Show a ticket with its text and its answers."""
    from fairway.operations.incidents.tickets import SHOW_TICKET, ShowTicketRequest

    outcome = outcome_of(SHOW_TICKET, ShowTicketRequest(config=config, ticket=ticket))
    return CommandOutput(value=_value(outcome.ticket, outcome.as_of), text=outcome.lines)


def _value(ticket: "SupportTicket", now: int) -> dict[str, object]:
    return {
        "ticket": ticket.id,
        "user": ticket.user,
        "subject": ticket.subject,
        "text": ticket.text,
        "critical": ticket.is_critical,
        "state": ticket.state,
        "opened": instant(ticket.opened_at),
        "due": instant(ticket.due_at),
        "is_overdue": ticket.is_overdue(now),
        "answers": [{"at": instant(at), "by": by, "text": text} for at, by, text in ticket.answers],
    }


@shows
def retention(config: Config = USUAL, /) -> CommandOutput:
    """Say which share of the accounts that traded in their first week trades in their fourth, too.

    Fewer than five such accounts are INSUFFICIENT, and no share is shown.
    """
    from fairway.operations.incidents.retention import RETENTION, RetentionRequest

    outcome = outcome_of(RETENTION, RetentionRequest(config=config))
    found = outcome.retention
    value = {"share": found.share, "n": found.n, "kept": found.kept, "too_young": found.too_young, "never_traded": found.never}
    return CommandOutput(value=value, text=outcome.lines)
