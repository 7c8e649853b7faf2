"""All pages, in the order of the navigation."""

from typing import Final

from fairway.panel.page import Page
from fairway.panel.pages import accounts, journal, overview, users

PAGES: Final[tuple[Page, ...]] = (overview.PAGE, journal.PAGE, accounts.PAGE, accounts.ONE, users.PAGE, users.ONE)
