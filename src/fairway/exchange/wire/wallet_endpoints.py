"""The endpoints of /sapi that clients ask for: assets, fees, key rights, deposits, withdrawals and transfers."""

from collections.abc import Iterable
from typing import Final

from fairway.exchange.answers import Movement
from fairway.exchange.market_time import NEVER
from fairway.exchange.wire import account_shapes, wallet_shapes
from fairway.exchange.wire.endpoint_context import Endpoint, EndpointCall, EndpointContext
from fairway.exchange.wire.keys import Security
from fairway.exchange.wire.parameters import Parameters, known
from fairway.world.clock import MILLISECOND

_ARRIVED: Final = 1
_SENT: Final = 6
"""The statuses of deposits and of withdrawals that are done; all here are."""


async def api_restrictions(context: EndpointContext, call: EndpointCall) -> object:
    return account_shapes.api_restrictions(call.my_key)


async def coins(context: EndpointContext, call: EndpointCall) -> object:
    return account_shapes.coins(context.rules.values(), await context.backend.account(call.account))


async def trade_fees(context: EndpointContext, call: EndpointCall) -> object:
    chosen = call.parameters.symbol_if_sent()
    state = await context.backend.account(call.account)
    symbols = context.rules if chosen is None else (context.rules_of(chosen, call.now).symbol,)
    return [account_shapes.trade_fee(symbol, state) for symbol in symbols]


async def user_assets(context: EndpointContext, call: EndpointCall) -> object:
    """What the account has of each asset; those of which it has nothing are left out."""
    chosen = call.parameters.text("asset")
    call.parameters.flag("needBtcValuation", False)
    balances = (await context.backend.account(call.account)).balances
    return [wallet_shapes.user_asset(it) for it in balances if (it.free or it.locked) and chosen in ("", it.asset)]


async def account_status(context: EndpointContext, call: EndpointCall) -> object:
    return {"data": "Normal"}


async def deposits(context: EndpointContext, call: EndpointCall) -> object:
    return [wallet_shapes.deposit(it) for it in await _moves(context, call, _ARRIVED) if it.delta > 0][_page(call.parameters)]


async def withdrawals(context: EndpointContext, call: EndpointCall) -> object:
    return [wallet_shapes.withdrawal(it) for it in await _moves(context, call, _SENT) if it.delta < 0][_page(call.parameters)]


async def wallet_transfers(context: EndpointContext, call: EndpointCall) -> object:
    """Transfers between the wallets of one account, of which there is only one here."""
    call.parameters.needed("type")
    return {"total": 0, "rows": []}


async def nothing(context: EndpointContext, call: EndpointCall) -> object:
    """There is no margin trading here."""
    return []


async def system_status(context: EndpointContext, call: EndpointCall) -> object:
    if context.faults.closings and context.faults.is_down(call.now):
        return {"status": 1, "msg": "system_maintenance"}
    return {"status": 0, "msg": "normal"}


async def _moves(context: EndpointContext, call: EndpointCall, done: int) -> Iterable[Movement]:
    """What is asked for, newest first, as the exchange lists it."""
    parameters, coin = call.parameters, call.parameters.text("coin")
    since, until = parameters.instant("startTime"), parameters.instant("endTime")
    if parameters.whole("status", done) != done:
        return ()
    found = reversed(await context.backend.moves(call.account))
    last = until + MILLISECOND - 1 if until else NEVER
    return [it for it in found if coin in ("", it.asset) and since <= it.at <= last]


def _page(parameters: Parameters) -> slice:
    offset = parameters.whole("offset")
    return slice(offset, offset + parameters.limit(1000, 1000))


_READ: Final = Security.READ
_SPAN: Final = "coin status startTime endTime offset limit"
WALLET_ENDPOINTS: Final = (
    Endpoint("sapi.apiRestrictions", api_restrictions, known(""), 1, _READ),
    Endpoint("sapi.accountStatus", account_status, known(""), 1, _READ),
    Endpoint("sapi.coins", coins, known(""), 10, _READ),
    Endpoint("sapi.deposits", deposits, known(f"{_SPAN} includeSource txId"), 1, _READ),
    Endpoint("sapi.withdrawals", withdrawals, known(f"{_SPAN} withdrawOrderId idList"), 1, _READ),
    Endpoint("sapi.transfers", wallet_transfers, known("type startTime endTime current size fromSymbol toSymbol"), 1, _READ),
    Endpoint("sapi.userAssets", user_assets, known("asset needBtcValuation"), 5, _READ),
    Endpoint("sapi.tradeFee", trade_fees, known("symbol"), 1, _READ),
    Endpoint("sapi.marginPairs", nothing, known("symbol"), 1, Security.KEY),
    Endpoint("sapi.isolatedMarginPairs", nothing, known("symbol"), 10, _READ),
    Endpoint("sapi.systemStatus", system_status, known(""), 1),
)
