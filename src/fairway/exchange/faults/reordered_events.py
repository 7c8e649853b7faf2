"""Fault: an account is sent some events late, so that others overtake them."""

from collections.abc import Sequence

from fairway.exchange.events import ExchangeEvent
from fairway.exchange.faults.counted import Milliseconds
from fairway.exchange.faults.fuzz_rule import FuzzRule
from fairway.exchange.faults.port import FaultScope
from fairway.exchange.faults.registry import FaultPlugin
from fairway.exchange.faults.user_events import UserEventFault, UserEventOptions
from fairway.world.chance import Chance
from fairway.world.clock import MILLISECOND


class ReorderedEventsOptions(UserEventOptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    late_ms: Milliseconds = 500
    """Milliseconds by which an event is late, at least."""
    spread_ms: Milliseconds = 0
    """Milliseconds added by chance, anything from none to all of it: so late ones overtake each other too."""


class ReorderedEvents(UserEventFault):
    __slots__ = ("_late_ms", "_spread", "_spread_ms")

    def __init__(self, scope: FaultScope, options: ReorderedEventsOptions, chance: Chance) -> None:
        super().__init__(scope, options)
        self._late_ms, self._spread_ms = options.late_ms, options.spread_ms
        self._spread = chance.stream("reordered events")

    def alter_user_event(self, account: str, event: ExchangeEvent, at: int) -> Sequence[tuple[int, ExchangeEvent]] | None:
        if not self.strikes_event(account, event, at):
            return None
        return [((self._late_ms + self._spread.randint(0, self._spread_ms)) * MILLISECOND, event)]


FAULT = FaultPlugin(
    name="reordered_events",
    options=ReorderedEventsOptions,
    make=ReorderedEvents,
    trader="The event that tells of less is the older one, whenever it arrives.",
    scene="events_come_in_another_order",
    fuzz=FuzzRule(options={"late_ms": [1, 100, 2_000], "spread_ms": [0, 3_000], "every": [1, 2, 3]}, protection_late_s=0),
)
