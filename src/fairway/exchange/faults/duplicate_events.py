"""Fault: an account is sent the same event twice."""

from collections.abc import Sequence

from fairway.exchange.events import ExchangeEvent
from fairway.exchange.faults.counted import Milliseconds
from fairway.exchange.faults.fuzz_rule import FuzzRule
from fairway.exchange.faults.port import FaultScope
from fairway.exchange.faults.registry import FaultPlugin
from fairway.exchange.faults.user_events import UserEventFault, UserEventOptions
from fairway.world.chance import Chance
from fairway.world.clock import MILLISECOND


class DuplicateEventsOptions(UserEventOptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    after_ms: Milliseconds = 0
    """Milliseconds between the first and the second time."""


class DuplicateEvents(UserEventFault):
    __slots__ = ("_after_ns",)

    def __init__(self, scope: FaultScope, options: DuplicateEventsOptions, chance: Chance) -> None:
        super().__init__(scope, options)
        self._after_ns = options.after_ms * MILLISECOND

    def alter_user_event(self, account: str, event: ExchangeEvent, at: int) -> Sequence[tuple[int, ExchangeEvent]] | None:
        return [(0, event), (self._after_ns, event)] if self.strikes_event(account, event, at) else None


FAULT = FaultPlugin(
    name="duplicate_events",
    options=DuplicateEventsOptions,
    make=DuplicateEvents,
    trader="It books a fill once, by the trade's id.",
    scene="events_come_twice",
    fuzz=FuzzRule(options={"after_ms": [0, 100, 5_000], "every": [1, 2, 3]}),
)
