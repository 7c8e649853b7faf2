"""Fault: an account is never told some events, while its stream stays in perfect health."""

from collections.abc import Sequence

from fairway.exchange.events import ExchangeEvent
from fairway.exchange.faults.kinds import Kind
from fairway.exchange.faults.port import Scope
from fairway.exchange.faults.user_events import EventOptions, Telling
from fairway.world.chance import Chance


class MissingEventsOptions(EventOptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which events go missing."""


class MissingEvents(Telling):
    __slots__ = ()

    def __init__(self, scope: Scope, options: MissingEventsOptions, chance: Chance) -> None:
        super().__init__(scope, options)

    def user_event(self, account: str, event: ExchangeEvent, at: int) -> Sequence[tuple[int, ExchangeEvent]] | None:
        return [] if self.strikes_event(account, event, at) else None


KIND = Kind("missing_events", MissingEventsOptions, MissingEvents)
