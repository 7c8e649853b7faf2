"""All pages, in the order of the navigation."""

from typing import Final

from fairway.panel.page import Page
from fairway.panel.pages import launch, launch_plan, launch_record, overview

PAGES: Final[tuple[Page, ...]] = (overview.PAGE, launch.PAGE, launch_record.PAGE, launch_plan.PAGE)
