"""What stands where an answer could not be had: unknown looks unknown."""

from typing import TypeVar

from fairway.panel.elements import Tag, mark_of
from fairway.panel.feed import Question, Unseen
from fairway.panel.live import Live
from fairway.panel.state_marks import Mark
from fairway.panel.visit import Visit

F = TypeVar("F")


async def seen(visit: Visit, question: Question[F]) -> Live[F] | None:
    """Facts that are kept current while the page is open; None where they cannot be seen, and says so in their place."""
    found = await visit.live(question)
    if isinstance(found, Unseen):
        say_unseen(found)
        return None
    return found


def say_unseen(found: Unseen) -> None:
    """In the place of what would be shown."""
    with Tag("div", "", "unseen", role="alert"):
        mark_of(Mark.UNKNOWN)
        Tag("span", f"This cannot be seen now: {found.why}")
