"""Turns a signal from outside into an entry or an exit, at once: it waits for no candle.

The strategy names stop and target of an entry; risk sizes and reviews it like every other one.
"""

from collections.abc import Iterator, Sequence

from fairway.journal.kinds import EntryRefused, Event, InstructionTaken, SignalReceived
from fairway.orders.external_signal import ExternalSignal, SignalAction, SignalPosition
from fairway.orders.ids import Role
from fairway.risk.limits import TradingState
from fairway.strategies.api import StrategyFailed, TakesSignals, entry_of_signal, taking_signals
from fairway.trading import entries, safety_checks
from fairway.trading.account_state import AccountState
from fairway.trading.inputs import CommandReceived
from fairway.trading.signal_checks import SignalTerms, judge


def of_signal(state: AccountState, received: CommandReceived, signal: ExternalSignal, what: str, now: int) -> Iterator[Event]:
    """The events that a signal leads to. what: the command in short, for its answer."""
    yield from safety_checks.of_time(state, now)  # a lease that has just run out is not noticed before the next tick
    strategy = taking_signals(state.config.strategy)
    if strategy is None:
        code = f"STRATEGY_WITHOUT_SIGNALS: strategy={state.config.strategy_name}"
        yield InstructionTaken(number=received.number, what=what, by=received.by, refused=code)
        return
    verdict = judge(state.signals, signal, _terms(state, strategy, signal, now))
    events, refused = ([], verdict.refused) if verdict.refused else _obey(state, strategy, signal, now)
    yield InstructionTaken(number=received.number, what=what, by=received.by, refused=refused)
    if verdict.is_noted:
        lost, doubted, is_settled = verdict.lost, verdict.doubted, verdict.is_settled
        yield SignalReceived(signal=signal, lost=lost, doubted=doubted, is_settled=is_settled)
    yield from events


def _terms(state: AccountState, strategy: TakesSignals, signal: ExternalSignal, now: int) -> SignalTerms:
    is_long = _is_held_or_bought(state, signal.symbol) and signal.symbol not in state.protection.exits
    position = SignalPosition.LONG if is_long else SignalPosition.FLAT
    return SignalTerms(symbols=state.config.symbols, position=position, age_max_ns=strategy.age_max_ns, now=now)


def _is_held_or_bought(state: AccountState, symbol: str) -> bool:
    """Also while an entry is in flight: what follows an entry in the sender's program comes after it."""
    return symbol in state.money.ledger.positions or any(True for _ in state.orders.blotter.of(symbol, Role.ENTRY))


def _obey(state: AccountState, strategy: TakesSignals, signal: ExternalSignal, now: int) -> tuple[Sequence[Event], str]:
    """What follows the signal, and why it led to nothing, as a code, or ""."""
    if signal.action is SignalAction.SELL:
        return _leave(state, signal)
    return _enter(state, strategy, signal, now)


def _leave(state: AccountState, signal: ExternalSignal) -> tuple[Sequence[Event], str]:
    """A sale of what is not held is done already. One that meets an entry in flight closes what that buys."""
    symbol = signal.symbol
    if not _is_held_or_bought(state, symbol):
        return [], ""
    limits = state.limits.of(symbol)
    if limits.state < TradingState.REDUCE_ONLY:
        return [], f"STATE_{limits.state}: {state.limits.why_limited(symbol)}"
    return entries.leave(state, symbol, _reason(signal)), ""


def _enter(state: AccountState, strategy: TakesSignals, signal: ExternalSignal, now: int) -> tuple[Sequence[Event], str]:
    candles = state.market.candles.get(signal.symbol, ())
    if len(candles) < strategy.warm_up or not candles:
        return [], f"SIGNAL_WITHOUT_CANDLES: symbol={signal.symbol} candles={len(candles)} needed={strategy.warm_up}"
    newest = candles[-1]
    try:
        intent = entry_of_signal(strategy, state.config.strategy_name, signal, entries.view_of(state, newest))
    except StrategyFailed as failed:  # the signal is refused once; to raise it would end the account at each reading of the inbox
        return [], f"CHECK_FAILED: check=strategy error={failed}"
    if intent is None:
        return [], f"SIGNAL_WITHOUT_STOP: symbol={signal.symbol} close={newest.close}"
    age_ns = max(now - signal.sent_at, 0)  # below zero where the sender's clock is a little ahead
    basis = entries.IntentBasis(
        close=newest.close, age_ns=age_ns, age_max_ns=strategy.age_max_ns + 1
    )  # risk refuses at the bound
    events = entries.enter(state, intent, basis, now)
    refused = next((event.code for event in events if isinstance(event, EntryRefused)), "")
    return events, refused


def _reason(signal: ExternalSignal) -> str:
    return f"signal {signal.name}"
