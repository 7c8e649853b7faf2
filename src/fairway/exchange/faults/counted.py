"""Base of faults that act a limited number of times, and the kinds of requests that many faults concern."""

from typing import Annotated, Final

import msgspec

from fairway.exchange.faults.port import Fault, FaultScope, RequestView

Times = Annotated[int, msgspec.Meta(ge=0)]
"""How often a fault acts, at most; 0 is without limit."""

Milliseconds = Annotated[int, msgspec.Meta(ge=0)]

PLACING: Final = ("order.place", "orderList.place.oco", "order.cancelReplace")
"""Requests that place orders, by REST or by the WebSocket API."""
ORDER_REQUESTS: Final = ("order.place", "orderList.place.oco", "order.cancel")
"""Requests about orders that Fairway's trader sends; the fuzz test draws faults of requests at these."""


class CountedFault(Fault):
    """A fault that acts a number of times within its scope, and no more after that."""

    __slots__ = ("_left", "struck")

    def __init__(self, scope: FaultScope, times: int) -> None:
        super().__init__(scope)
        self._left = times or -1
        self.struck = 0
        """How often it has acted."""

    def strikes(self, at: int, account: str = "", symbol: str = "", endpoint: str = "") -> bool:
        """Whether it acts here and now; if so, this counts as one time."""
        if not self._left or not self.scope.covers(at, account, symbol, endpoint):
            return False
        if self._left > 0:
            self._left -= 1
        self.struck += 1
        return True

    def strikes_request(self, request: RequestView) -> bool:
        """Whether it acts on this request; if so, this counts as one time."""
        return self.strikes(request.at, request.account, request.symbol, request.endpoint)


def placing(scope: FaultScope) -> FaultScope:
    """The scope, limited to requests that place orders where it names no endpoints."""
    return scope if scope.endpoints else msgspec.structs.replace(scope, endpoints=PLACING)
