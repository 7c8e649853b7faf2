"""Turns requests into answers, without a socket: routing, limits, rights, faults, and the exchange's headers.

REST and the WebSocket API call the same method (`Session.perform`), so both mean the same by each request.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, NamedTuple

import msgspec

from fairway.exchange.answers import ExchangeRefusal
from fairway.exchange.faults.port import RequestEffect, RequestView
from fairway.exchange.wire import errors
from fairway.exchange.wire.authentication import RequestCredentials, admit
from fairway.exchange.wire.endpoint_context import DetailedRefusal, Endpoint, EndpointCall, EndpointContext
from fairway.exchange.wire.errors import RequestRefused
from fairway.exchange.wire.history_limits import KEPT
from fairway.exchange.wire.parameters import Parameters, read_query
from fairway.exchange.wire.rest import PATHS, ROUTES
from fairway.exchange.wire.signatures import query_payload
from fairway.world.clock import SECOND

_ENCODE: Final = msgspec.json.Encoder().encode
_WITH_FORM: Final = frozenset({"POST", "PUT", "DELETE"})


class Request(NamedTuple):
    """One HTTP request; query and body are text as sent, still percent-encoded."""

    method: str
    path: str
    query: str
    body: str
    headers: Mapping[str, str]
    """With names that are found in any letter case."""
    address: str


class Response(NamedTuple):
    """One HTTP answer; with `reset` there is none, and the connection is cut."""

    status: int
    headers: dict[str, str]
    body: bytes
    reset: bool = False


class RequestOutcome(NamedTuple):
    """What became of a request, before it is encoded for REST or WebSocket."""

    answer: object
    """Values that JSON can write, an `ExchangeRefusal`, or a `DetailedRefusal`."""
    account: str = ""
    reset: bool = False


class HandledRequest(NamedTuple):
    """One request that was let in or refused, as it is shown to those who watch a session."""

    endpoint: str
    values: Mapping[str, str]
    """Its parameters as sent; signatures are among them."""
    outcome: RequestOutcome
    took_ns: int
    """By the monotonic clock, with what faults have held it up."""
    error: Exception | None = None
    """What ended it, where that is a mistake in the exchange."""


CUT: Final = Response(0, {}, b"", reset=True)


class Session:
    """One exchange as its clients see it. `pause` waits that many nanoseconds; only faults call it."""

    def __init__(self, context: EndpointContext, pause: Callable[[int], Awaitable[None]]) -> None:
        self.context = context
        self._pause = pause
        self.watchers: list[Callable[[HandledRequest], None]] = []
        """Called with each request after it was carried out or refused."""

    async def handle(self, request: Request) -> Response:
        """Answer a REST request."""
        context, now = self.context, self.context.now()
        endpoint = ROUTES.get((request.method, request.path))
        if endpoint is None:
            return _encoded(errors.no_such_path(request.method, request.path, 405 if request.path in PATHS else 404), {})
        if context.faults.closings and endpoint.name != "sapi.systemStatus" and context.faults.is_down(now):
            return _encoded(errors.MAINTENANCE, {})
        body = request.body if request.method in _WITH_FORM else ""
        try:
            values = read_query(request.query, body)
            used, refusal, again_at = self.charge(endpoint, values, request.address, now)
        except RequestRefused as refused:
            return _encoded(refused.refusal, {})
        weight = str(used)
        headers = {"x-mbx-used-weight": weight, "x-mbx-used-weight-1m": weight}
        if refusal is not None:
            headers["Retry-After"] = str(-(-(again_at - now) // SECOND))
            return _encoded(refusal, headers)
        payload, signature = query_payload(request.query, body)
        claim = RequestCredentials(request.headers.get("X-MBX-APIKEY", ""), (payload,), signature)
        outcome = await self.perform(endpoint, values, claim, request.address, now)
        if outcome.reset:
            return CUT
        if endpoint.name in KEPT:
            headers["x-fairway-kept"] = KEPT[endpoint.name]
        if endpoint.orders and outcome.account:
            in_10s, in_day = context.limits.order_counts(outcome.account, now)
            headers["x-mbx-order-count-10s"], headers["x-mbx-order-count-1d"] = str(in_10s), str(in_day)
        return _encoded(outcome.answer, headers)

    def charge(
        self, endpoint: Endpoint, values: Mapping[str, str], address: str, now: int
    ) -> tuple[int, ExchangeRefusal | None, int]:
        """Count a request against its address: weight used, a refusal if too much, and when to come back (ns)."""
        weight = endpoint.weighs(values)
        if self.context.faults.weights:
            weight = self.context.faults.request_weight(address, weight, now)
        charged = self.context.limits.charge(address, weight, now)
        if self.watchers and charged[1] is not None:
            self._show(HandledRequest(endpoint.name, values, RequestOutcome(charged[1]), 0))
        return charged

    async def perform(
        self, endpoint: Endpoint, values: dict[str, str], claim: RequestCredentials, address: str, now: int
    ) -> RequestOutcome:
        """Carry a request out, if its sender has the right."""
        if not self.watchers:
            return await self._performed(endpoint, values, claim, address, now)
        began = self.context.clock.monotonic()
        outcome, error = RequestOutcome(None), None
        try:
            outcome = await self._performed(endpoint, values, claim, address, now)
        except Exception as mistake:
            error = mistake
            raise
        finally:
            self._show(HandledRequest(endpoint.name, values, outcome, self.context.clock.monotonic() - began, error))
        return outcome

    def _show(self, handled: HandledRequest) -> None:
        for watch in self.watchers:
            watch(handled)

    async def _performed(
        self, endpoint: Endpoint, values: dict[str, str], claim: RequestCredentials, address: str, now: int
    ) -> RequestOutcome:
        context, parameters = self.context, Parameters(values)
        try:
            key = admit(context, endpoint, parameters, claim, address, now)
            account = key.account if key is not None else ""
            if endpoint.orders and (refusal := context.limits.refuse_orders(account, endpoint.orders, now)):
                return RequestOutcome(refusal, account)
            faults = context.faults
            if faults.before_requests or faults.after_requests:
                request = RequestView(endpoint.name, account, values.get("symbol", ""), values, address, now)
                return await self._perform_with_faults(endpoint, EndpointCall(parameters, account, key, address, now), request)
            return RequestOutcome(await self._run(endpoint, EndpointCall(parameters, account, key, address, now)), account)
        except RequestRefused as refused:
            return RequestOutcome(refused.refusal)

    async def _run(self, endpoint: Endpoint, call: EndpointCall) -> object:
        answer = await endpoint.run(self.context, call)
        if endpoint.orders and not isinstance(answer, ExchangeRefusal):
            self.context.limits.ordered(call.account, endpoint.orders, call.now)
        return answer

    async def _perform_with_faults(self, endpoint: Endpoint, call: EndpointCall, request: RequestView) -> RequestOutcome:
        before = self.context.faults.before_request(request)
        if stopped := await self._affected(before, call.account):
            return stopped
        try:
            answer = await self._run(endpoint, call)
        except RequestRefused as refused:
            answer = refused.refusal
        after = self.context.faults.after_request(request, answer)
        return await self._affected(after, call.account) or RequestOutcome(answer, call.account)

    async def _affected(self, effect: RequestEffect | None, account: str) -> RequestOutcome | None:
        """Wait if asked to; an outcome if the true one is not to be seen."""
        if effect is None:
            return None
        if effect.delay_ns:
            await self._pause(effect.delay_ns)
        if effect.reset:
            return RequestOutcome(None, account, reset=True)
        return None if effect.answer is None else RequestOutcome(effect.answer, account)


def error_shape(answer: ExchangeRefusal | DetailedRefusal) -> tuple[int, dict[str, object]]:
    """Status and JSON of a refusal."""
    if isinstance(answer, DetailedRefusal):
        refusal = answer.refusal
        return refusal.status, {"code": refusal.code, "msg": refusal.message, "data": answer.data}
    return answer.status, {"code": answer.code, "msg": answer.message}


def _encoded(answer: object, headers: dict[str, str]) -> Response:
    if isinstance(answer, ExchangeRefusal | DetailedRefusal):
        status, shape = error_shape(answer)
        return Response(status, headers, _ENCODE(shape))
    return Response(200, headers, _ENCODE(answer))
