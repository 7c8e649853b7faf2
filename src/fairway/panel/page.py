"""One page of the panel: where it is, what it is called, who sees it, and what builds it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from fairway.panel.visit import Visit

Given = Mapping[str, str]
"""What the address of a page names, such as an order, and what a filter of it is set to."""


class Audience(StrEnum):
    """Who sees a page."""

    OPERATORS = "operators"
    """Who may read the whole bot."""
    USERS = "users"
    """Who reads the own accounts only."""
    ALL = "all"

    def has(self, *, sees_all: bool) -> bool:
        """Whether it has somebody who sees the whole bot, or only the own accounts."""
        return self is Audience.ALL or sees_all == (self is Audience.OPERATORS)


LISTS: Final = ("people", "incidents", "journal")
"""Style sheets of pages that are lists of people, incidents and records, with their filters and forms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """path: below the mount. nav: its name in the navigation, "" for a page that others lead to. key: leads there after `g`."""

    path: str
    title: str
    build: Callable[[Visit, Given], Awaitable[None]]
    nav: str = ""
    key: str = ""
    audience: Audience = Audience.OPERATORS
    styles: tuple[str, ...] = ()
    """Style sheets of `assets/` besides that of the frame: one of another page never reaches it."""

    def is_for(self, visit: Visit) -> bool:
        """Whether this visitor sees it."""
        return self.audience.has(sees_all=visit.sees_all)
