"""Whether the desk and the venue agree: what a reconciliation still finds open, each in a sentence."""

import asyncio
from collections.abc import Iterator

from fairway.money.amount import text_of
from fairway.orders.order import OrderState
from fairway.trading.desk import Desk
from fairway.trading.trader import Trader
from fairway.trading.watchdog import is_protected

LOOK_AGAIN_S = 0.5


def disagreements(desk: Desk) -> Iterator[str]:
    """Nothing where orders, fills, balances and protection are all as the venue says."""
    for channel, why in desk.seen.down.items():
        yield f"the {channel.value} stream is not caught up: {why}"
    for order in desk.blotter.live.values():
        if order.state in (OrderState.UNKNOWN, OrderState.SENT, OrderState.CANCELLING):
            yield f"{order.symbol}: what became of order {order.id} is not known ({order.state.value})"
    for symbol in desk.terms.symbols:
        if desk.lacks_fills(symbol):
            yield f"{symbol}: fills are missing that the venue has told of"
        if symbol in desk.ledger.positions and not is_protected(desk, symbol):
            yield f"{symbol}: {desk.ledger.positions[symbol].quantity} are held without a stop"
    for asset, difference in desk.seen.unexplained.items():
        yield f"the venue holds {text_of(abs(difference))} {asset} {'more' if difference > 0 else 'less'} than is explained"


async def reconcile(trader: Trader, patience_s: float) -> list[str]:
    """Lets a trader ask the venue for everything, until both agree or patience ends; what is still open then.

    Raises what ends the trader.
    """
    running = asyncio.ensure_future(trader.run())
    try:
        ends_at = asyncio.get_running_loop().time() + patience_s
        while True:
            await asyncio.wait([running], timeout=LOOK_AGAIN_S)
            found = [each for clerk in trader.clerks.values() for each in disagreements(clerk.desk)]
            if running.done():
                running.result()
            if not found or asyncio.get_running_loop().time() >= ends_at:
                return found
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
