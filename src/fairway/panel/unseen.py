"""What stands where an answer could not be had: unknown looks unknown."""

from fairway.panel.elements import Tag, mark_of
from fairway.panel.feed import Unseen
from fairway.panel.state_marks import Mark


def say_unseen(found: Unseen) -> None:
    """In the place of what would be shown."""
    with Tag("div", "", "unseen", role="alert"):
        mark_of(Mark.UNKNOWN)
        Tag("span", f"This cannot be seen now: {found.why}")
