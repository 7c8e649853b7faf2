"""Logs what a practice exchange does: requests, events of its accounts, and what people asked of it over /practice."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from fairway.exchange.answers import ExchangeRefusal, Fill
from fairway.exchange.events import BalanceMoved, BalancesChanged, Execution, ListReport, Logged, OrderReport
from fairway.exchange.practice_exchange import Credentials, PracticeExchange
from fairway.exchange.server import Server
from fairway.exchange.session import HandledRequest, Request, Response
from fairway.exchange.units import short_text
from fairway.exchange.wire.endpoint_context import DetailedRefusal
from fairway.logs.log import LEVELS, Logger
from fairway.logs.redaction import Redaction
from fairway.logs.slow_calls import SlowLimits
from fairway.world.clock import MILLISECOND, text_of

_NAMES: Final = {
    Execution.NEW: "order_accepted",
    Execution.CANCELED: "order_cancelled",
    Execution.REPLACED: "order_resized",
    Execution.REJECTED: "order_rejected",
    Execution.TRADE: "order_filled",
    Execution.EXPIRED: "order_expired",
    Execution.TRADE_PREVENTION: "order_self_trade_prevented",
}
"""As the trader's log calls the same, where it has the same."""
_ORDER_IDS: Final = ("newClientOrderId", "origClientOrderId")
_LIST_IDS: Final = ("aboveClientOrderId", "belowClientOrderId", "workingClientOrderId", "pendingClientOrderId")
_BAD: Final = 400


class ExchangeLines:
    """The lines of one exchange, from the moment that `follow` is called."""

    def __init__(self, log: Logger, redaction: Redaction, limits: SlowLimits) -> None:
        self._log, self._redaction, self._limits = log, redaction, limits
        self._has_details = log.is_enabled_for(LEVELS["debug"])

    def follow(self, exchange: PracticeExchange, server: Server | None = None) -> None:
        """Logs its requests and events, and what is asked of its server over /practice. The keys and secrets of accounts that
        are opened later are hidden."""
        exchange.session.watchers.append(self._handled)
        exchange.hub.watchers.append(self._happened)
        exchange.account_watchers.append(self._opened)
        if server is not None:
            server.practice.watchers.append(self._practised)

    def _opened(self, credentials: Credentials) -> None:
        self._redaction.hide(credentials.key, credentials.secret)
        self._log.info("account_opened", account=credentials.name)

    def _happened(self, logged: Logged) -> None:
        event, at = logged.event, text_of(logged.sent_at)
        match event:
            case OrderReport():
                self._log.info(_NAMES[event.execution], at=at, **order_fields(event))
            case ListReport(state=state):
                self._log.info("order_list_changed", at=at, account=state.account, symbol=state.symbol, status=state.status)
            case BalanceMoved():
                moved = short_text(event.delta)
                self._log.info("balance_moved", at=at, account=event.account, asset=event.asset, amount=moved)
            case BalancesChanged() if self._has_details:
                balances = {
                    each.asset: {"free": short_text(each.free), "locked": short_text(each.locked)} for each in event.balances
                }
                self._log.debug("balances_changed", at=at, account=event.account, balances=balances)

    def _handled(self, handled: HandledRequest) -> None:
        answer = handled.outcome.answer
        refusal = answer.refusal if isinstance(answer, DetailedRefusal) else answer
        took_ns = handled.took_ns
        if handled.error is not None:
            self._log.error("request_failed", exc_info=handled.error, **_request_fields(handled))
        elif isinstance(refusal, ExchangeRefusal):
            fields = _request_fields(handled)
            self._log.warning("request_refused", code=refusal.code, why=refusal.message, **fields)
        elif handled.outcome.reset:
            self._log.warning("request_cut", **_request_fields(handled))
        elif took_ns > self._limits.served_ns:
            limit_ms = self._limits.served_ns / MILLISECOND
            self._log.warning("request_slow", limit_ms=limit_ms, **_request_fields(handled))
        elif self._has_details:
            self._log.debug("request", **_request_fields(handled))

    def _practised(self, request: Request, response: Response) -> None:
        """The answer to a request that is good is not logged: it may hold the secret of a new account."""
        fields = {"method": request.method, "path": request.path, "status": response.status}
        if response.status >= _BAD:
            self._log.warning("practice_request_refused", why=msgspec.json.decode(response.body).get("error"), **fields)
        elif request.method != "GET":
            self._log.info("practice_request", **fields)
        else:
            self._log.debug("practice_request", **fields)


def order_fields(event: OrderReport) -> dict[str, Any]:
    """The order's id is the client's, the same as in the trader's log; after a cancel that of the order, not of the request."""
    order = event.order
    fields = {
        "account": order.account,
        "order_id": event.original_client_id or order.client_id,
        "venue_order_id": order.order_id,
        "symbol": order.symbol,
        "side": order.side,
        "type": order.type,
        "price": short_text(order.price) if order.price else None,
        "stop_price": short_text(order.stop_price) if order.stop_price else None,
        "quantity": short_text(order.quantity),
        "executed": short_text(order.executed),
        "status": order.status,
    }
    if event.fill is not None:
        fields["fill"] = _fill_fields(event.fill)
    return {name: value for name, value in fields.items() if value is not None}


def _fill_fields(fill: Fill) -> Mapping[str, object]:
    return {
        "trade_id": fill.trade_id,
        "price": short_text(fill.price),
        "quantity": short_text(fill.quantity),
        "commission": f"{short_text(fill.commission)} {fill.commission_asset}",
        "is_maker": fill.is_maker,
    }


def _request_fields(handled: HandledRequest) -> dict[str, Any]:
    """Of its parameters only the symbol and the ids of orders: among the others are the signature and the key."""
    values = handled.values
    fields: dict[str, Any] = {"call": handled.endpoint, "took_ms": round(handled.took_ns / MILLISECOND, 3)}
    if handled.outcome.account:
        fields["account"] = handled.outcome.account
    if "symbol" in values:
        fields["symbol"] = values["symbol"]
    if order_id := next((values[name] for name in _ORDER_IDS if name in values), ""):
        fields["order_id"] = order_id
    if order_ids := [values[name] for name in _LIST_IDS if name in values]:
        fields["order_ids"] = order_ids
    return fields
