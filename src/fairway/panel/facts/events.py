"""What happened lately, in words; alike lines are one, so that what repeats itself hides nothing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from fairway.operations.actor import Actor
from fairway.operations.trader.recent_events import RECENT_EVENTS, RecentEventsRequest
from fairway.panel.sources import Sources
from fairway.panel.state_marks import Mark
from fairway.reports.event_context import Weight
from fairway.reports.trader_view import RecentEvent
from fairway.world.clock import MINUTE

EVENTS_SHOWN: Final = 30
EVENTS_READ: Final = 600
"""So many are folded: a refusal of each candle of three pairs fills thirty lines within a minute."""
APART_NS: Final = 10 * MINUTE
"""What happens again after so long is a line of its own."""
_PAIR: Final = re.compile(r"[A-Z0-9]+/[A-Z0-9]+(?::[A-Z0-9]+)?(?= )")


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What happened first at `since` and last at `at` (ns), `count` times in all. seq: the number of its first record.

    did: what Fairway did about it; can: what a person can do. mark: None for what is no trouble.
    """

    seq: int
    at: int
    account: str
    words: str
    mark: Mark | None
    did: str = ""
    can: str = ""
    count: int = 1
    since: int = 0


def recent_events(sources: Sources, actor: Actor) -> tuple[EventFacts, ...]:
    """The newest first. Raises what the operation raises."""
    request = RecentEventsRequest(config=sources.context.config, limit=EVENTS_READ)
    return folded(sources.outcome(actor, RECENT_EVENTS, request).events)


def folded(events: Iterable[RecentEvent]) -> tuple[EventFacts, ...]:
    """One line for alike events of one account that follow within ten minutes, whichever pair they are of.

    events: oldest first. Lines are in the order in which they began, the newest first: what goes on stays in its place.
    """
    open_lines: dict[tuple[str, str], int] = {}
    lines: list[tuple[EventFacts, dict[str, None]]] = []
    for event in events:
        pair = _PAIR.match(event.text.what)
        rest = event.text.what[pair.end() :] if pair is not None else event.text.what
        key, pairs = (event.account, rest), {pair[0]: None} if pair is not None else {}
        place = open_lines.get(key)
        if place is not None and event.at - lines[place][0].at <= APART_NS:
            before, its = lines[place]
            lines[place] = replace(before, at=event.at, count=before.count + 1), its | pairs
            continue
        open_lines[key] = len(lines)
        lines.append((_line(event, rest), pairs))
    return tuple(replace(each, words=f"{', '.join(pairs)}{each.words}") for each, pairs in reversed(lines))[:EVENTS_SHOWN]


def _line(event: RecentEvent, words: str) -> EventFacts:
    mark = Mark.BAD if event.text.weight is Weight.TROUBLE else None
    return EventFacts(event.seq, event.at, event.account, words, mark, event.text.did, event.text.can, since=event.at)
