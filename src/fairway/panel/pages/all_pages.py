"""All pages, in the order of the navigation."""

from typing import Final

from fairway.panel.page import Page
from fairway.panel.pages import accounts, incident, incidents, journal, overview, reports, runbook, tickets, users

PAGES: Final[tuple[Page, ...]] = (
    overview.PAGE,
    incidents.PAGE,
    incident.PAGE,
    runbook.PAGE,
    tickets.PAGE,
    tickets.ONE,
    reports.PAGE,
    accounts.PAGE,
    accounts.ONE,
    users.PAGE,
    users.ONE,
    journal.PAGE,
)
