"""Fault: an account is told some events late, so that others overtake them."""

from collections.abc import Sequence

from fairway.exchange.events import ExchangeEvent
from fairway.exchange.faults.activation import Milliseconds
from fairway.exchange.faults.kinds import Kind
from fairway.exchange.faults.port import Scope
from fairway.exchange.faults.user_events import EventOptions, Telling
from fairway.world.chance import Chance
from fairway.world.clock import MILLISECOND


class ReorderedEventsOptions(EventOptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    late_ms: Milliseconds = 500
    """Milliseconds by which an event is late, at least."""
    spread_ms: Milliseconds = 0
    """Milliseconds added by chance, anything from none to all of it: so late ones overtake each other too."""


class ReorderedEvents(Telling):
    __slots__ = ("_late_ms", "_spread", "_spread_ms")

    def __init__(self, scope: Scope, options: ReorderedEventsOptions, chance: Chance) -> None:
        super().__init__(scope, options)
        self._late_ms, self._spread_ms = options.late_ms, options.spread_ms
        self._spread = chance.stream("reordered events")

    def user_event(self, account: str, event: ExchangeEvent, at: int) -> Sequence[tuple[int, ExchangeEvent]] | None:
        if not self.strikes_event(account, event, at):
            return None
        return [((self._late_ms + self._spread.randint(0, self._spread_ms)) * MILLISECOND, event)]


KIND = Kind("reordered_events", ReorderedEventsOptions, ReorderedEvents)
