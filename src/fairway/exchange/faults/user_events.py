"""Finds the user events that a mischief is about: by scope, by the event's name, and by what happened to the order."""

from typing import Annotated

import msgspec

from fairway.exchange.events import ExchangeEvent, Execution, OrderReport
from fairway.exchange.faults.activation import Striking, Times
from fairway.exchange.faults.port import Scope
from fairway.exchange.wire.user_events import name_of, symbol_of


class EventOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which events; the scope's `endpoints` are their names ("executionReport", "outboundAccountPosition", …)."""

    executions: tuple[Execution, ...] = ()
    """Order reports of these executions only ("NEW", "TRADE", "CANCELED", …); empty is every event of the scope."""
    every: Annotated[int, msgspec.Meta(ge=1)] = 1
    """Each event is 1, every second one 2, …; the last of so many is struck."""
    times: Times = 0
    """How often it strikes; 0 is always."""


class Telling(Striking):
    """A mischief with what an account is told."""

    __slots__ = ("_every", "_executions", "_seen")

    def __init__(self, scope: Scope, options: EventOptions) -> None:
        super().__init__(scope, options.times)
        self._executions = options.executions
        self._every, self._seen = options.every, 0

    def strikes_event(self, account: str, event: ExchangeEvent, at: int) -> bool:
        """Whether it strikes this event; if so, that counts."""
        if self._executions and not (isinstance(event, OrderReport) and event.execution in self._executions):
            return False
        symbol, name = symbol_of(event), name_of(event)
        if not self.scope.covers(at, account, symbol, name):
            return False
        self._seen += 1
        return self._seen % self._every == 0 and self.strikes(at, account, symbol, name)
