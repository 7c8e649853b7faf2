"""Fault: an account is told the same event twice."""

from collections.abc import Sequence

from fairway.exchange.events import ExchangeEvent
from fairway.exchange.faults.activation import Milliseconds
from fairway.exchange.faults.kinds import Kind
from fairway.exchange.faults.port import Scope
from fairway.exchange.faults.user_events import EventOptions, Telling
from fairway.world.chance import Chance
from fairway.world.clock import MILLISECOND


class DuplicateEventsOptions(EventOptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    after_ms: Milliseconds = 0
    """Milliseconds between the first and the second telling."""


class DuplicateEvents(Telling):
    __slots__ = ("_after_ns",)

    def __init__(self, scope: Scope, options: DuplicateEventsOptions, chance: Chance) -> None:
        super().__init__(scope, options)
        self._after_ns = options.after_ms * MILLISECOND

    def user_event(self, account: str, event: ExchangeEvent, at: int) -> Sequence[tuple[int, ExchangeEvent]] | None:
        return [(0, event), (self._after_ns, event)] if self.strikes_event(account, event, at) else None


KIND = Kind("duplicate_events", DuplicateEventsOptions, DuplicateEvents)
