"""Base of faults with the events that an account is sent: selects events by scope, name, and what happened to the order."""

from typing import Annotated, Final

import msgspec

from fairway.exchange.events import ExchangeEvent, Execution, OrderReport
from fairway.exchange.faults.counted import CountedFault, Times
from fairway.exchange.faults.port import FaultScope
from fairway.exchange.wire.user_events import name_of, symbol_of

CATCH_UP_S: Final = 32
"""A trader that was not sent an event learns of it within so many seconds: it asks the exchange every 30 s."""


class UserEventOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which events are concerned; the scope's `endpoints` are their names ("executionReport", "outboundAccountPosition", …)."""

    executions: tuple[Execution, ...] = ()
    """Order reports of these executions only ("NEW", "TRADE", "CANCELED", …); empty is every event of the scope."""
    every: Annotated[int, msgspec.Meta(ge=1)] = 1
    """1 acts on each event, 2 on every second one, and so on."""
    times: Times = 0
    """How often the fault acts; 0 is without limit."""


class UserEventFault(CountedFault):
    """A fault with the events that an account is sent."""

    __slots__ = ("_every", "_executions", "_seen")

    def __init__(self, scope: FaultScope, options: UserEventOptions) -> None:
        super().__init__(scope, options.times)
        self._executions = options.executions
        self._every, self._seen = options.every, 0

    def strikes_event(self, account: str, event: ExchangeEvent, at: int) -> bool:
        """Whether the fault acts on this event; if so, this counts as one time."""
        if self._executions and not (isinstance(event, OrderReport) and event.execution in self._executions):
            return False
        symbol, name = symbol_of(event), name_of(event)
        if not self.scope.covers(at, account, symbol, name):
            return False
        self._seen += 1
        return self._seen % self._every == 0 and self.strikes(at, account, symbol, name)
