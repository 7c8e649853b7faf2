"""All pages, in the order of the navigation."""

from typing import Final

from fairway.panel.page import Page
from fairway.panel.pages import (
    accounts,
    control,
    incident,
    incidents,
    journal,
    launch,
    launch_plan,
    launch_record,
    order,
    orders,
    overview,
    practice,
    reports,
    risk,
    runbook,
    settings,
    tickets,
    users,
)

PAGES: Final[tuple[Page, ...]] = (
    overview.PAGE,
    launch.PAGE,
    launch_record.PAGE,
    launch_plan.PAGE,
    orders.PAGE,
    order.PAGE,
    risk.PAGE,
    control.PAGE,
    incidents.PAGE,
    incident.PAGE,
    runbook.PAGE,
    tickets.PAGE,
    tickets.ONE,
    accounts.PAGE,
    accounts.ONE,
    users.PAGE,
    users.ONE,
    reports.PAGE,
    journal.PAGE,
    practice.PAGE,
    settings.PAGE,
)
