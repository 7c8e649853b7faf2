"""Moves the stop of a position: behind the closes of candles, or to the price of the entry. Upwards, and on sound data only."""

from collections.abc import Iterator

from fairway.journal.kinds import Event, StopMoved
from fairway.market.candles import Candle
from fairway.money.amount import Price, text_of
from fairway.money.grid import Round
from fairway.orders.order import Side
from fairway.orders.plan import ProtectionPlan, rung_end
from fairway.risk.limits import TradingState
from fairway.trading.account_state import AccountState
from fairway.trading.oco import covers, resting
from fairway.trading.prices import quote_to_reduce

STEP_SHARE = 10
"""A stop follows once it may move by a tenth of its distance, so at most once a candle, and not for every tick."""


def behind_candle(state: AccountState, candle: Candle, now: int) -> Iterator[Event]:
    """Where a closed candle takes a trailing stop. One that comes late is history, and moves nothing."""
    symbol, plan = candle.symbol, state.protection.plans.get(candle.symbol)
    trailing = plan.exit_plan.trailing if plan is not None else None
    if plan is None or trailing is None or candle.flaw() is not None or now - candle.close_at >= state.config.interval_ns:
        return
    instrument = state.config.instruments[symbol]
    level = instrument.price(candle.close - trailing.distance.value, Round.DOWN)
    is_step = level.value - plan.stop.value >= max(trailing.distance.value / STEP_SHARE, instrument.tick)
    if candle.close >= trailing.starts.value and is_step and _may_move(state, symbol, plan, level, now):
        yield StopMoved(symbol=symbol, stop=level, why=f"it follows the close at {text_of(candle.close)}")


def to_break_even(state: AccountState, symbol: str, plan: ProtectionPlan, now: int) -> Iterator[Event]:
    """Once the first rung has sold, the rest is not to lose any more; fees not counted."""
    exit_plan, position = plan.exit_plan, state.money.ledger.positions[symbol]
    if not exit_plan.break_even or not exit_plan.rungs:
        return
    instrument = state.config.instruments[symbol]
    level = instrument.price(position.average_entry, Round.UP)
    held = instrument.quantity(position.quantity.value)
    if level <= plan.stop or position.sold.value < rung_end(instrument, plan, held, position.sold):
        return
    if _may_move(state, symbol, plan, level, now):
        yield StopMoved(symbol=symbol, stop=level, why="the first rung has sold; the rest is not to lose")


def _may_move(state: AccountState, symbol: str, plan: ProtectionPlan, level: Price, now: int) -> bool:
    """Only a position that is whole and at rest is touched, and only where the new stop would not sell at once."""
    if (
        symbol in state.protection.exits
        or state.limits.of(symbol).state < TradingState.REDUCE_ONLY
        or symbol not in state.money.ledger.positions
    ):
        return False
    quote = quote_to_reduce(state, symbol, now)
    if quote is None or level.value >= quote.bid:
        return False
    sells = [order for order in state.orders.blotter.of(symbol) if order.side is Side.SELL]
    sellable = state.config.instruments[symbol].quantity(state.money.ledger.positions[symbol].quantity.value)
    return all(order.is_resting for order in sells) and covers(resting(sells), sellable, plan)
