"""The paths by which freqtrade's clients read; `control_routes` has those by which they control."""

from typing import Final

from fairway.api.freqtrade import balance_routes, bot_routes, message_routes, pair_routes, result_routes, trade_routes

FREQTRADE_ROUTERS: Final = (
    bot_routes.router,
    trade_routes.router,
    result_routes.router,
    balance_routes.router,
    pair_routes.router,
    message_routes.router,
)
