"""Fault: an account is not sent some events, while its stream stays healthy."""

from collections.abc import Sequence

from fairway.exchange.events import ExchangeEvent
from fairway.exchange.faults.fuzz_rule import FuzzRule
from fairway.exchange.faults.port import FaultScope
from fairway.exchange.faults.registry import FaultPlugin
from fairway.exchange.faults.user_events import CATCH_UP_S, UserEventFault, UserEventOptions
from fairway.world.chance import Chance


class MissingEventsOptions(UserEventOptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which events are not sent."""


class MissingEvents(UserEventFault):
    __slots__ = ()

    def __init__(self, scope: FaultScope, options: MissingEventsOptions, chance: Chance) -> None:
        super().__init__(scope, options)

    def alter_user_event(self, account: str, event: ExchangeEvent, at: int) -> Sequence[tuple[int, ExchangeEvent]] | None:
        return [] if self.strikes_event(account, event, at) else None


FAULT = FaultPlugin(
    name="missing_events",
    options=MissingEventsOptions,
    make=MissingEvents,
    trader="Every 30 s, and whenever events contradict each other, it asks the exchange for the account's full state.",
    scene="a_fill_is_never_told",
    fuzz=FuzzRule(options={"every": [1, 2, 3]}, protection_late_s=CATCH_UP_S),
)
