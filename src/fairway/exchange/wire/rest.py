"""Which endpoint a REST path means, and which the WebSocket API offers."""

from collections.abc import Mapping
from typing import Final

from fairway.exchange.wire.account_endpoints import ACCOUNT_ENDPOINTS
from fairway.exchange.wire.endpoint_context import Endpoint
from fairway.exchange.wire.list_endpoints import LIST_ENDPOINTS
from fairway.exchange.wire.market_endpoints import MARKET_ENDPOINTS
from fairway.exchange.wire.order_endpoints import ORDER_ENDPOINTS
from fairway.exchange.wire.wallet_endpoints import WALLET_ENDPOINTS

ENDPOINTS: Final[Mapping[str, Endpoint]] = {
    endpoint.name: endpoint
    for endpoint in (*MARKET_ENDPOINTS, *ORDER_ENDPOINTS, *LIST_ENDPOINTS, *ACCOUNT_ENDPOINTS, *WALLET_ENDPOINTS)
}

_PATHS: Final = """
GET    /api/v3/ping                     ping
GET    /api/v3/time                     time
GET    /api/v3/exchangeInfo             exchangeInfo
GET    /api/v3/depth                    depth
GET    /api/v3/trades                   trades.recent
GET    /api/v3/historicalTrades         trades.historical
GET    /api/v3/aggTrades                trades.aggregate
GET    /api/v3/klines                   klines
GET    /api/v3/uiKlines                 uiKlines
GET    /api/v3/avgPrice                 avgPrice
GET    /api/v3/ticker/24hr              ticker.24hr
GET    /api/v3/ticker/tradingDay        ticker.tradingDay
GET    /api/v3/ticker/price             ticker.price
GET    /api/v3/ticker/bookTicker        ticker.book
GET    /api/v3/ticker                   ticker
POST   /api/v3/order                    order.place
GET    /api/v3/order                    order.status
DELETE /api/v3/order                    order.cancel
POST   /api/v3/order/test               order.test
POST   /api/v3/order/cancelReplace      order.cancelReplace
PUT    /api/v3/order/amend/keepPriority order.amend.keepPriority
GET    /api/v3/order/amendments         order.amendments
GET    /api/v3/openOrders               openOrders.status
DELETE /api/v3/openOrders               openOrders.cancelAll
GET    /api/v3/allOrders                allOrders
POST   /api/v3/order/oco                orderList.place
POST   /api/v3/orderList/oco            orderList.place.oco
POST   /api/v3/orderList/oto            orderList.place.oto
POST   /api/v3/orderList/otoco          orderList.place.otoco
GET    /api/v3/orderList                orderList.status
DELETE /api/v3/orderList                orderList.cancel
GET    /api/v3/openOrderList            openOrderLists.status
GET    /api/v3/allOrderList             allOrderLists
GET    /api/v3/account                  account.status
GET    /api/v3/myTrades                 myTrades
GET    /api/v3/myPreventedMatches       myPreventedMatches
GET    /api/v3/myAllocations            myAllocations
GET    /api/v3/myFilters                myFilters
GET    /api/v3/rateLimit/order          account.rateLimits.orders
GET    /api/v3/account/commission       account.commission
POST   /api/v3/userDataStream           userDataStream
PUT    /api/v3/userDataStream           userDataStream
DELETE /api/v3/userDataStream           userDataStream
GET    /sapi/v1/capital/config/getall   sapi.coins
GET    /sapi/v1/margin/allPairs         sapi.marginPairs
GET    /sapi/v1/margin/isolated/allPairs sapi.isolatedMarginPairs
GET    /sapi/v1/asset/tradeFee          sapi.tradeFee
GET    /sapi/v1/account/apiRestrictions sapi.apiRestrictions
GET    /sapi/v1/account/status          sapi.accountStatus
GET    /sapi/v1/capital/deposit/hisrec  sapi.deposits
GET    /sapi/v1/capital/withdraw/history sapi.withdrawals
GET    /sapi/v1/asset/transfer          sapi.transfers
POST   /sapi/v3/asset/getUserAsset      sapi.userAssets
GET    /sapi/v1/system/status           sapi.systemStatus
"""

ROUTES: Final[Mapping[tuple[str, str], Endpoint]] = {
    (method, path): ENDPOINTS[name] for method, path, name in (line.split() for line in _PATHS.split("\n") if line)
}
"""By method and path."""

PATHS: Final = frozenset(path for _, path in ROUTES)

METHODS: Final[Mapping[str, Endpoint]] = {
    name: endpoint for name, endpoint in ENDPOINTS.items() if not name.startswith("sapi.") and name != "userDataStream"
}
"""By name, as the WebSocket API calls them."""
