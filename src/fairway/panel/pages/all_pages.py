"""All pages, in the order of the navigation."""

from typing import Final

from fairway.panel.page import Page
from fairway.panel.pages import launch, launch_plan, launch_record, order, orders, overview, risk

PAGES: Final[tuple[Page, ...]] = (
    overview.PAGE,
    launch.PAGE,
    launch_record.PAGE,
    launch_plan.PAGE,
    orders.PAGE,
    order.PAGE,
    risk.PAGE,
)
