"""The endpoints that show an account: balances, fees, trades, limits, key rights; and the few of /sapi that clients need."""

from collections.abc import Mapping
from typing import Final

from fairway.exchange.answers import Refusal
from fairway.exchange.terms import OrderRef
from fairway.exchange.wire import account_shapes, errors, order_shapes
from fairway.exchange.wire.desk import Call, Desk, Endpoint
from fairway.exchange.wire.errors import Refused
from fairway.exchange.wire.keys import Security
from fairway.exchange.wire.order_endpoints import read_span
from fairway.exchange.wire.parameters import known


async def account(desk: Desk, call: Call) -> object:
    omit_zeros = call.parameters.flag("omitZeroBalances", False)
    return account_shapes.account(await desk.backend.account(call.account), call.my_key, omit_zeros)


async def commission(desk: Desk, call: Call) -> object:
    symbol = desk.rules_of(call.parameters.symbol(), call.now).symbol
    return account_shapes.commission(symbol, await desk.backend.account(call.account))


async def my_trades(desk: Desk, call: Call) -> object:
    parameters = call.parameters
    symbol = desk.rules_of(parameters.symbol(), call.now).symbol
    since, until = read_span(parameters)
    order_id, from_id = parameters.whole("orderId"), parameters.whole("fromId", -1)
    if (from_id >= 0 and (since or until)) or (order_id and (since or until)):
        raise Refused(errors.BAD_COMBINATION)
    found = await desk.backend.fills(
        call.account,
        symbol,
        order_id=order_id,
        from_id=from_id,
        since=since,
        until=until,
        limit=parameters.limit(500, 1000),
    )
    lists = {number: await _list_of(desk, call.account, symbol, number) for number in {fill.order_id for fill in found}}
    return [order_shapes.own_trade(fill, lists[fill.order_id]) for fill in found]


async def order_counts(desk: Desk, call: Call) -> object:
    return desk.limits.order_state(call.account, call.now)


async def api_restrictions(desk: Desk, call: Call) -> object:
    return account_shapes.api_restrictions(call.my_key)


async def coins(desk: Desk, call: Call) -> object:
    return account_shapes.coins(desk.rules.values(), await desk.backend.account(call.account))


async def trade_fees(desk: Desk, call: Call) -> object:
    chosen = call.parameters.symbol_if_sent()
    state = await desk.backend.account(call.account)
    symbols = desk.rules if chosen is None else (desk.rules_of(chosen, call.now).symbol,)
    return [account_shapes.trade_fee(symbol, state) for symbol in symbols]


async def nothing(desk: Desk, call: Call) -> object:
    """There is no margin trading here."""
    return []


async def system_status(desk: Desk, call: Call) -> object:
    if desk.mischief.by_hook["is_down"] and desk.mischief.is_down(call.now):
        return {"status": 1, "msg": "system_maintenance"}
    return {"status": 0, "msg": "normal"}


async def switched_off(desk: Desk, call: Call) -> object:
    """The listenKey of old: switched off for spot on 2026-02-20."""
    return errors.SWITCHED_OFF


async def _list_of(desk: Desk, account: str, symbol: str, order_id: int) -> int:
    state = await desk.backend.order(account, symbol, OrderRef(order_id))
    return -1 if isinstance(state, Refusal) else state.list_id


def _trades_weight(values: Mapping[str, str]) -> int:
    return 5 if "orderId" in values else 20


_READ: Final = Security.READ
ACCOUNT_ENDPOINTS: Final = (
    Endpoint("account.status", account, known("omitZeroBalances"), 20, _READ),
    Endpoint("account.commission", commission, known("symbol"), 20, _READ),
    Endpoint("account.rateLimits.orders", order_counts, known(""), 40, _READ),
    Endpoint("myTrades", my_trades, known("symbol orderId startTime endTime fromId limit"), _trades_weight, _READ),
    Endpoint("sapi.apiRestrictions", api_restrictions, known(""), 1, _READ),
    Endpoint("sapi.coins", coins, known(""), 10, _READ),
    Endpoint("sapi.tradeFee", trade_fees, known("symbol"), 1, _READ),
    Endpoint("sapi.marginPairs", nothing, known("symbol"), 1, Security.KEY),
    Endpoint("sapi.isolatedMarginPairs", nothing, known("symbol"), 10, _READ),
    Endpoint("sapi.systemStatus", system_status, known(""), 1),
    Endpoint("userDataStream", switched_off, known("listenKey"), 2),
)
