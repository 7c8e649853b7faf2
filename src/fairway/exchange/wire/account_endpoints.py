"""The endpoints that show an account: balances, fees, trades, limits, prevented matches."""

from collections.abc import Mapping
from typing import Final

from fairway.exchange.answers import ExchangeRefusal
from fairway.exchange.terms import OrderRef
from fairway.exchange.wire import account_shapes, errors, market_shapes, order_shapes
from fairway.exchange.wire.endpoint_context import Endpoint, EndpointCall, EndpointContext
from fairway.exchange.wire.errors import RequestRefused
from fairway.exchange.wire.keys import Security
from fairway.exchange.wire.order_endpoints import read_span
from fairway.exchange.wire.parameters import known


async def account(context: EndpointContext, call: EndpointCall) -> object:
    omit_zeros = call.parameters.flag("omitZeroBalances", False)
    return account_shapes.account(await context.backend.account(call.account), call.my_key, omit_zeros)


async def commission(context: EndpointContext, call: EndpointCall) -> object:
    symbol = context.rules_of(call.parameters.symbol(), call.now).symbol
    return account_shapes.commission(symbol, await context.backend.account(call.account))


async def my_trades(context: EndpointContext, call: EndpointCall) -> object:
    parameters = call.parameters
    symbol = context.rules_of(parameters.symbol(), call.now).symbol
    since, until = read_span(parameters)
    order_id, from_id = parameters.whole("orderId"), parameters.whole("fromId", -1)
    if (from_id >= 0 and (since or until)) or (order_id and (since or until)):
        raise RequestRefused(errors.BAD_COMBINATION)
    found = await context.backend.fills(
        call.account,
        symbol,
        order_id=order_id,
        from_id=from_id,
        since=since,
        until=until,
        limit=parameters.limit(500, 1000),
    )
    lists = {number: await _list_of(context, call.account, symbol, number) for number in {fill.order_id for fill in found}}
    return [order_shapes.own_trade(fill, lists[fill.order_id]) for fill in found]


async def order_counts(context: EndpointContext, call: EndpointCall) -> object:
    return context.limits.order_state(call.account, call.now)


async def prevented_matches(context: EndpointContext, call: EndpointCall) -> object:
    parameters = call.parameters
    symbol = context.rules_of(parameters.symbol(), call.now).symbol
    match_id, order_id = parameters.whole("preventedMatchId", -1), parameters.whole("orderId")
    from_id = parameters.whole("fromPreventedMatchId", -1)
    if match_id < 0 and not order_id:
        raise RequestRefused(errors.missing_both("preventedMatchId", "orderId"))
    if match_id >= 0 and (order_id or from_id >= 0):
        raise RequestRefused(errors.BAD_COMBINATION)
    found = await context.backend.prevented(
        call.account, symbol, match_id=match_id, order_id=order_id, from_id=from_id, limit=parameters.limit(500, 1000)
    )
    return [order_shapes.prevented_match(it) for it in found]


async def allocations(context: EndpointContext, call: EndpointCall) -> object:
    """Fills of smart order routing, which is not here."""
    context.rules_of(call.parameters.symbol(), call.now)
    read_span(call.parameters)
    return []


async def my_filters(context: EndpointContext, call: EndpointCall) -> object:
    """The filters of the symbol. No other ones apply to an account here."""
    rules = context.rules_of(call.parameters.symbol(), call.now)
    return {"exchangeFilters": [], "symbolFilters": market_shapes.filters(rules), "assetFilters": []}


async def switched_off(context: EndpointContext, call: EndpointCall) -> object:
    """The listenKey of old: switched off for spot on 2026-02-20."""
    return errors.SWITCHED_OFF


async def _list_of(context: EndpointContext, account: str, symbol: str, order_id: int) -> int:
    state = await context.backend.order(account, symbol, OrderRef(order_id))
    return -1 if isinstance(state, ExchangeRefusal) else state.list_id


def _trades_weight(values: Mapping[str, str]) -> int:
    return 5 if "orderId" in values else 20


_READ: Final = Security.READ
ACCOUNT_ENDPOINTS: Final = (
    Endpoint("account.status", account, known("omitZeroBalances"), 20, _READ),
    Endpoint("account.commission", commission, known("symbol"), 20, _READ),
    Endpoint("account.rateLimits.orders", order_counts, known(""), 40, _READ),
    Endpoint("myTrades", my_trades, known("symbol orderId startTime endTime fromId limit"), _trades_weight, _READ),
    Endpoint(
        "myPreventedMatches",
        prevented_matches,
        known("symbol preventedMatchId orderId fromPreventedMatchId limit"),
        lambda values: 20 if "orderId" in values else 2,
        _READ,
    ),
    Endpoint("myAllocations", allocations, known("symbol startTime endTime fromAllocationId limit orderId"), 20, _READ),
    Endpoint("myFilters", my_filters, known("symbol"), 40, _READ),
    Endpoint("userDataStream", switched_off, known("listenKey"), 2),
)
