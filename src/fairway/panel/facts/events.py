"""What happened lately, in words."""

from dataclasses import dataclass
from typing import Final

from fairway.operations.actor import Actor
from fairway.operations.trader.recent_events import RECENT_EVENTS, RecentEventsRequest
from fairway.panel.sources import Sources
from fairway.panel.state_marks import Mark
from fairway.reports.event_context import Weight

EVENTS_SHOWN: Final = 30


@dataclass(frozen=True, slots=True)
class EventFacts:
    """Something that happened at an instant (ns). seq: the number of its record. mark: None for what is no trouble."""

    seq: int
    at: int
    account: str
    words: str
    mark: Mark | None


def recent_events(sources: Sources, actor: Actor) -> tuple[EventFacts, ...]:
    """The newest first. Raises what the operation raises."""
    request = RecentEventsRequest(config=sources.context.config, limit=EVENTS_SHOWN)
    return tuple(
        EventFacts(each.seq, each.at, each.account, each.text.what, Mark.BAD if each.text.weight is Weight.TROUBLE else None)
        for each in reversed(sources.outcome(actor, RECENT_EVENTS, request).events)
    )
