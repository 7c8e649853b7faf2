"""Whether the state and the venue agree: what a person is told who asks, each in a sentence."""

import asyncio
from collections.abc import Iterator

from fairway.ledger.reconcile import (
    BalanceOff,
    Difference,
    Standing,
    in_words,
    reconcile,
    standing_differences,
)
from fairway.money.amount import Amount
from fairway.orders.order import OrderState
from fairway.risk.caps import CapSource, Lifting
from fairway.trading.account_state import AccountState
from fairway.trading.inputs import AccountSnapshot
from fairway.trading.reconciliation import belief_of, truth_of
from fairway.trading.trader import Trader
from fairway.trading.watchdog import is_protected
from fairway.venues.port import KeyRights

LOOK_AGAIN_S = 0.5


def disagreements(state: AccountState) -> Iterator[str]:
    """Nothing where orders, fills, balances and protection are all as the venue says."""
    for channel, why in state.access.down.items():
        yield f"the {channel.value} stream is not caught up: {why}"
    yield from open_questions(state)
    for symbol in state.config.symbols:
        if state.orders.lacks_fills(symbol):
            yield f"{symbol}: fills are missing that the venue has told of"
    for asset, difference in state.money.unexplained.items():
        yield in_words(BalanceOff(Amount(difference, asset)))


def open_questions(state: AccountState) -> Iterator[str]:
    """What the journal alone says is not as it should be."""
    for order in state.orders.blotter.live.values():
        if order.state in (OrderState.UNKNOWN, OrderState.SENT, OrderState.CANCELLING):
            yield f"{order.symbol}: what became of order {order.id} is not known ({order.state.value})"
    for symbol, position in state.money.ledger.positions.items():
        if not is_protected(state, symbol):
            yield f"{symbol}: {position.quantity} are held without a stop"


def holds(state: AccountState) -> Iterator[str]:
    """What keeps positions from being opened until a person has looked."""
    for cap in state.limits.caps.values():
        if cap.source is CapSource.INCIDENT and cap.lifting is Lifting.PERSON:
            yield f"{cap.symbol or 'the account'} opens nothing until a person lifts {cap.id!r}: {cap.reason}"


def compared(state: AccountState, caught: AccountSnapshot, rights: KeyRights | None) -> Iterator[Difference]:
    """How an account state that was made from the journal alone differs from what the venue has just answered."""
    yield from reconcile(belief_of(state), truth_of(caught))
    told = Standing(
        kind=caught.balances.kind,
        account_trades=caught.balances.can_trade,
        key_trades=rights.can_trade if rights is not None else None,
        key_withdraws=rights.can_withdraw if rights is not None else None,
    )
    yield from standing_differences(state.access.standing, told)


async def settled(trader: Trader, patience_s: float) -> list[str]:
    """Lets a trader ask the venue for everything, until both agree or patience ends; what is still open then.

    Raises what ends the trader.
    """
    running = asyncio.ensure_future(trader.run())
    try:
        ends_at = asyncio.get_running_loop().time() + patience_s
        while True:
            await asyncio.wait([running], timeout=LOOK_AGAIN_S)
            found = [each for executor in trader.executors.values() for each in disagreements(executor.state)]
            if running.done():
                running.result()
            if not found or asyncio.get_running_loop().time() >= ends_at:
                return found
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
