"""One connection to the WebSocket API: requests with ids, a session that may be logged on, and accounts' events; no socket."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import msgspec

from fairway.exchange.answers import ExchangeRefusal
from fairway.exchange.connection import WebSocketConnection
from fairway.exchange.hub import Hub, Subscription
from fairway.exchange.refusals import missing
from fairway.exchange.session import RequestOutcome, Session, error_shape
from fairway.exchange.wire import errors, frames
from fairway.exchange.wire.authentication import RequestCredentials
from fairway.exchange.wire.endpoint_context import DetailedRefusal, Endpoint, EndpointCall, EndpointContext
from fairway.exchange.wire.keys import Key, Security
from fairway.exchange.wire.parameters import known, read_json
from fairway.exchange.wire.rest import METHODS
from fairway.exchange.wire.signatures import HmacSecret, json_payloads
from fairway.world.clock import MILLISECOND

SUBSCRIPTIONS_MAX: Final = 1000
_LEGAL_ID: Final = "^[a-zA-Z0-9-_]{1,36}$"
_ID: Final = re.compile(_LEGAL_ID, re.ASCII)

Run = Callable[[EndpointContext, EndpointCall], Awaitable[object]]


class _Message(msgspec.Struct):
    method: str
    id: int | str | None = None
    params: dict[str, msgspec.Raw] = {}


_DECODE: Final = msgspec.json.Decoder(_Message).decode


class ApiConnection(WebSocketConnection):
    """Hands requests to the session, and adds what only a connection can do: log on, subscribe."""

    def __init__(
        self, session: Session, hub: Hub, number: int, address: str, opened_at: int, *, shows_limits: bool = True
    ) -> None:
        super().__init__(number, address, opened_at)
        self._session = session
        self._hub = hub
        self._shows_limits = shows_limits
        self._key: Key | None = None
        self._logged_on_at = 0
        self._subscriptions: dict[int, str] = {}
        self._next_subscription = 0
        self._own = self._own_methods()

    def heard(self, now: int) -> bool:
        """Note that the client is there. Requests are limited by weight, not by number."""
        self.heard_at = now
        return True

    async def receive(self, text: str) -> list[bytes] | None:
        """The answers to a message of the client; None where faults cuts the connection instead."""
        try:
            message = _DECODE(text)
        except msgspec.MsgspecError as error:
            return [_answer(None, 400, "error", _unreadable(error), None)]
        except RecursionError:
            return [_answer(None, 400, "error", error_shape(errors.BAD_JSON)[1], None)]
        if isinstance(message.id, str) and _ID.fullmatch(message.id) is None:
            return [_answer(None, 400, "error", error_shape(errors.illegal("id", _LEGAL_ID))[1], None)]
        return await self._perform(message)

    def stop(self) -> None:
        """The connection has ended."""
        for number, account in self._subscriptions.items():
            self._hub.unsubscribe(account, Subscription(self, number))
        self._subscriptions.clear()
        self._hub.close(self)

    def forget(self, number: int) -> None:
        self._subscriptions.pop(number, None)

    def shutdown_frame(self, now: int) -> bytes:
        return b'{"event":%b}' % frames.server_shutdown(now)

    async def _perform(self, message: _Message) -> list[bytes] | None:
        context, now = self._session.context, self._session.context.now()
        method = message.method.removeprefix("v3/")
        endpoint = self._own.get(method) or METHODS.get(method)
        values: dict[str, str] = {}
        if endpoint is None:
            outcome = RequestOutcome(ExchangeRefusal(-1020, f"Method '{message.method}' is not supported."))
        elif context.faults.closings and context.faults.is_down(now):
            outcome = RequestOutcome(errors.MAINTENANCE)
        else:
            values = read_json(message.params)
            outcome = await self._admitted(endpoint, values, now)
        if outcome.reset:
            return None
        limits = self._limits(endpoint, outcome, values, now)
        if isinstance(outcome.answer, ExchangeRefusal | DetailedRefusal):
            status, shape = error_shape(outcome.answer)
            return [_answer(message.id, status, "error", shape, limits)]
        return [_answer(message.id, 200, "result", outcome.answer, limits)]

    async def _admitted(self, endpoint: Endpoint, values: dict[str, str], now: int) -> RequestOutcome:
        _, refusal, again_at = self._session.charge(endpoint, values, self.address, now)
        if refusal is not None:
            return RequestOutcome(
                DetailedRefusal(refusal, {"serverTime": now // MILLISECOND, "retryAfter": again_at // MILLISECOND})
            )
        signed = "signature" in values or "apiKey" in values
        claim = RequestCredentials(
            values.get("apiKey", ""), json_payloads(values), values.get("signature", ""), None if signed else self._key
        )
        return await self._session.perform(endpoint, values, claim, self.address, now)

    def _limits(self, endpoint: Endpoint | None, outcome: RequestOutcome, values: Mapping[str, str], now: int) -> object:
        shown = values.get("returnRateLimits")
        if shown == "false" or (shown is None and not self._shows_limits):
            return None
        limits = self._session.context.limits
        orders: list[dict[str, str | int]] = []
        if endpoint is not None and endpoint.orders and outcome.account:
            orders = limits.order_state(outcome.account, now)
        return [*orders, limits.weight_state(limits.used(self.address, now))]

    def _own_methods(self) -> Mapping[str, Endpoint]:
        """What only makes sense on a connection."""

        def endpoint(name: str, run: Run, security: Security, names: str = "", weight: int = 2) -> Endpoint:
            return Endpoint(name, run, known(names), weight, security)

        # Subscribing asks for a key that may read; unsubscribing, and questions about the session, ask for nothing.
        mine = (
            endpoint("session.logon", self._log_on, Security.READ),
            endpoint("session.status", self._status, Security.NONE),
            endpoint("session.logout", self._log_out, Security.NONE),
            endpoint("session.subscriptions", self._list, Security.NONE),
            endpoint("userDataStream.subscribe", self._subscribe_session, Security.NONE),
            endpoint("userDataStream.subscribe.signature", self._subscribe, Security.READ),
            endpoint("userDataStream.unsubscribe", self._unsubscribe, Security.NONE, "subscriptionId"),
        )
        return {it.name: it for it in mine}

    async def _log_on(self, context: EndpointContext, call: EndpointCall) -> object:
        if isinstance(call.my_key.secret, HmacSecret):
            return ExchangeRefusal(-4056, "HMAC_SHA256 API key is not supported.")
        self._key, self._logged_on_at = call.key, call.now
        return self._session_shape(call.now)

    async def _status(self, context: EndpointContext, call: EndpointCall) -> object:
        return self._session_shape(call.now)

    async def _log_out(self, context: EndpointContext, call: EndpointCall) -> object:
        self._key, self._logged_on_at = None, 0
        return self._session_shape(call.now)

    async def _list(self, context: EndpointContext, call: EndpointCall) -> object:
        return [{"subscriptionId": number} for number in self._subscriptions]

    async def _subscribe_session(self, context: EndpointContext, call: EndpointCall) -> object:
        if self._key is None:
            return errors.BAD_KEY_FORMAT
        return self._begin(self._key.account)

    async def _subscribe(self, context: EndpointContext, call: EndpointCall) -> object:
        return self._begin(call.account)

    def _begin(self, account: str) -> object:
        if account in self._subscriptions.values():
            return ExchangeRefusal(-2035, "User Data Stream subscription already active.")
        if len(self._subscriptions) >= SUBSCRIPTIONS_MAX:
            return ExchangeRefusal(-1191, f"Too many subscriptions. Connection may create up to {SUBSCRIPTIONS_MAX} at a time.")
        number, self._next_subscription = self._next_subscription, self._next_subscription + 1
        self._subscriptions[number] = account
        self._hub.subscribe(account, Subscription(self, number))
        return {"subscriptionId": number}

    async def _unsubscribe(self, context: EndpointContext, call: EndpointCall) -> object:
        chosen = [call.parameters.whole("subscriptionId")] if call.parameters.has("subscriptionId") else list(self._subscriptions)
        if any(number not in self._subscriptions for number in chosen):
            return ExchangeRefusal(-2036, "User Data Stream subscription not active.")
        for number in chosen:
            self._hub.end(self._subscriptions.pop(number), Subscription(self, number))
        return {}

    def _session_shape(self, now: int) -> object:
        return {
            "apiKey": self._key.id if self._key else None,
            "authorizedSince": self._logged_on_at // MILLISECOND if self._key else None,
            "connectedSince": self.opened_at // MILLISECOND,
            "returnRateLimits": self._shows_limits,
            "serverTime": now // MILLISECOND,
            "userDataStream": bool(self._subscriptions),
        }


def _answer(request_id: object, status: int, name: str, value: object, limits: object) -> bytes:
    shape: dict[str, object] = {"id": request_id, "status": status, name: value}
    if limits is not None:
        shape["rateLimits"] = limits
    return frames.encode(shape)


def _unreadable(error: msgspec.MsgspecError) -> dict[str, object]:
    if isinstance(error, msgspec.ValidationError) and "`method`" in str(error):
        return error_shape(missing("method"))[1]
    return error_shape(errors.BAD_JSON)[1]
