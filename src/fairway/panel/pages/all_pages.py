"""All pages, in the order of the navigation."""

from typing import Final

from fairway.panel.page import Page
from fairway.panel.pages import order, orders, overview, risk

PAGES: Final[tuple[Page, ...]] = (overview.PAGE, orders.PAGE, order.PAGE, risk.PAGE)
