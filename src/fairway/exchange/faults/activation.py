"""Decides whether a mischief strikes here and now, and counts how often it did."""

from typing import Annotated, Final

import msgspec

from fairway.exchange.faults.port import Act, Fault, Scope

Times = Annotated[int, msgspec.Meta(ge=0)]
"""How often a mischief strikes, at most; 0 is always."""

Milliseconds = Annotated[int, msgspec.Meta(ge=0)]

PLACING: Final = ("order.place", "orderList.place.oco", "order.cancelReplace")
"""Requests that place orders, by REST or by the WebSocket API."""


class Striking(Fault):
    """A mischief that strikes a number of times within its scope, and then leaves it at that."""

    __slots__ = ("_left", "struck")

    def __init__(self, scope: Scope, times: int) -> None:
        super().__init__(scope)
        self._left = times or -1
        self.struck = 0
        """How often it did."""

    def strikes(self, at: int, account: str = "", symbol: str = "", endpoint: str = "") -> bool:
        """Whether it strikes; if so, that counts."""
        if not self._left or not self.scope.covers(at, account, symbol, endpoint):
            return False
        if self._left > 0:
            self._left -= 1
        self.struck += 1
        return True

    def strikes_at(self, act: Act) -> bool:
        """Whether it strikes this request; if so, that counts."""
        return self.strikes(act.at, act.account, act.symbol, act.endpoint)


def placing(scope: Scope) -> Scope:
    """The scope; where it names no endpoints, it concerns those that place orders."""
    return scope if scope.endpoints else msgspec.structs.replace(scope, endpoints=PLACING)


def is_on(scope: Scope, at: int) -> bool:
    """Whether the scope's time has come and has not passed: for what concerns the exchange as a whole."""
    return at >= scope.since and (not scope.until or at < scope.until)
