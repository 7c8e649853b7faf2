"""What /practice shows of markets and accounts: the truth, whatever faults make the exchange tell its clients."""

from collections.abc import Iterator, Mapping

from fairway.exchange.answers import OrderSnapshot
from fairway.exchange.practice_exchange import PracticeExchange
from fairway.exchange.units import short_text

DEPTH = 1


def market_shape(exchange: PracticeExchange) -> list[Mapping[str, object]]:
    """Each symbol's last trade and best prices, "" where there are none, and whether it trades."""
    return list(_symbols(exchange))


def _symbols(exchange: PracticeExchange) -> Iterator[Mapping[str, object]]:
    context, figures = exchange.context, exchange.backend.market
    for symbol, rules in context.rules.items():
        book, tape = figures.book(symbol, DEPTH), figures.tape(symbol)
        status = context.faults.symbol_status(symbol, context.clock.now()) if context.faults.statuses else None
        yield {
            "symbol": symbol,
            "base": rules.base,
            "quote": rules.quote,
            "last": short_text(tape.last) if tape.last else "",
            "bid": short_text(book.bids[0].price) if book.bids else "",
            "ask": short_text(book.asks[0].price) if book.asks else "",
            "status": "TRADING" if status is None else status,
        }


async def account_shape(exchange: PracticeExchange, name: str) -> Mapping[str, object]:
    """An account's balances that are not zero, and its open orders. The account exists."""
    state = await exchange.backend.account(name)
    orders = await exchange.backend.open_orders(name, None)
    return {
        "name": name,
        "can_trade": state.standing.can_trade,
        "balances": [
            {"asset": it.asset, "free": short_text(it.free), "locked": short_text(it.locked)}
            for it in state.balances
            if it.free or it.locked
        ],
        "orders": [_order_shape(order) for order in orders],
    }


def _order_shape(order: OrderSnapshot) -> Mapping[str, object]:
    return {
        "client_id": order.client_id,
        "symbol": order.symbol,
        "side": order.side,
        "type": order.type,
        "status": order.status,
        "price": short_text(order.price),
        "stop_price": short_text(order.stop_price),
        "quantity": short_text(order.quantity),
        "executed": short_text(order.executed),
    }
