"""The table of a trader's inputs: for each type, which events it leads to, which symbols it concerns and what it asks the venue.

A new type of input takes one line here.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, Final, NamedTuple

from fairway.journal.kinds import Event
from fairway.market.candles import Candle, Trade
from fairway.risk.guards.port import Measured
from fairway.trading import (
    account_status,
    command_handler,
    entries,
    event_mapping,
    foreign_orders,
    guard_evaluation,
    order_queries,
    other_writers,
    reconciliation,
    recovery,
    retry_pauses,
    safety_checks,
    single_orders,
    trailing_stop,
)
from fairway.trading.account_state import AccountState
from fairway.trading.inputs import (
    AccountsFailing,
    AccountSnapshot,
    AccountStarted,
    CancelFailed,
    ClockCorrected,
    ClockJumped,
    CommandInboxFailed,
    CommandInboxRecovered,
    CommandReceived,
    JournalFailed,
    JournalRecovered,
    KeyRightsReported,
    KillLatchRead,
    OrderQueried,
    OrdersAcknowledged,
    PlaceFailed,
    QuoteReported,
    RegistryUpdated,
    SingleOrdersReported,
    Tick,
    TotalLossReached,
)
from fairway.trading.venue_requests import VenueRequest
from fairway.venues.port import AddressChanged, BalanceReport, FillReport, OrderReport, StreamDown, StreamUp

Note = Callable[[AccountState, Any, int], None]


def _no_events(state: AccountState, news: Any, now: int) -> Iterable[Event]:
    return ()


def _no_symbols(state: AccountState, news: Any) -> Iterable[str]:
    return ()


def _no_requests(state: AccountState, news: Any, now: int) -> Iterable[VenueRequest]:
    return ()


def _no_note(state: AccountState, news: Any, now: int) -> None:
    """Keeps nothing."""


class Handler(NamedTuple):
    """How `step` treats one type of input. Each function takes the state, the input and, where it needs that, the time (ns)."""

    events: Callable[[AccountState, Any, int], Iterable[Event]] = _no_events
    """The events that it proves, each computed when the one before has been applied."""
    symbols: Callable[[AccountState, Any], Iterable[str]] = _no_symbols
    """Symbols in which something may have to be done now."""
    requests: Callable[[AccountState, Any, int], Iterable[VenueRequest]] = _no_requests
    """What it leaves to ask the venue, after everything else."""
    keep: Note = _no_note
    """Keeps what it says and is not journaled, before anything else."""
    pause: Note = _no_note
    """Sets how long its symbol waits after a failure, when its events have been applied."""


# -- events of one input ---------------------------------------------------------------------------------------------


def _of_candle(state: AccountState, candle: Candle, now: int) -> Iterator[Event]:
    yield from safety_checks.of_time(state, now)
    yield from guard_evaluation.of_candle(state, candle, now)
    yield from entries.of_candle(state, candle, now)
    yield from trailing_stop.behind_candle(state, candle, now)


def _of_order_report(state: AccountState, report: OrderReport, now: int) -> Iterator[Event]:
    yield from event_mapping.of_report(state, report, now)
    yield from other_writers.of_orders(state, (report,), now)


def _of_fill_report(state: AccountState, report: FillReport, now: int) -> Iterator[Event]:
    return event_mapping.of_fill(state, report)


def _of_answer(state: AccountState, answer: OrdersAcknowledged, now: int) -> Iterable[Event]:
    return chain.from_iterable(event_mapping.of_report(state, report, now) for report in answer.reports)


def _of_cancel_failure(state: AccountState, failed: CancelFailed, now: int) -> Iterator[Event]:
    return event_mapping.of_cancel_failure(state, failed)


def _of_whole_account(state: AccountState, answer: AccountSnapshot, now: int) -> Iterator[Event]:
    yield from reconciliation.of_catch_up(state, answer, now)
    yield from reconciliation.marks(state)


def _of_stream(state: AccountState, news: StreamUp | StreamDown, now: int) -> Iterator[Event]:
    return event_mapping.of_stream(state, news)


def _of_start(state: AccountState, start: AccountStarted, now: int) -> Iterator[Event]:
    yield from recovery.restart(state, release=start.release, venue=start.venue, strategy=start.strategy, run=start.run)
    yield from safety_checks.of_start(state, now)


def _of_tick(state: AccountState, tick: Tick, now: int) -> Iterator[Event]:
    return safety_checks.of_time(state, now)


# -- symbols that an input concerns ----------------------------------------------------------------------------------


def _its_symbol(state: AccountState, news: Candle | OrderReport | FillReport) -> Iterable[str]:
    return (news.symbol,) if news.symbol in state.config.instruments else ()


def _symbol_of_order(state: AccountState, news: CancelFailed | OrderQueried) -> Iterable[str]:
    return (news.order.symbol,)


def _symbol_of_orders(state: AccountState, failed: PlaceFailed) -> Iterable[str]:
    return (failed.orders[0].symbol,)


def _symbols_of_reports(state: AccountState, answer: OrdersAcknowledged) -> Iterable[str]:
    return dict.fromkeys(report.symbol for report in answer.reports)


def _all_symbols(state: AccountState, news: Any) -> Iterable[str]:
    return state.config.symbols


def _restless_symbols(state: AccountState, tick: Tick) -> Iterable[str]:
    return tuple(state.restless())


# -- what is kept and not journaled ----------------------------------------------------------------------------------


def _keep_quote(state: AccountState, news: QuoteReported, now: int) -> None:
    state.market.asked[news.quote.symbol] = news.quote


HANDLERS: Final[dict[type, Handler]] = {
    # what the venue's streams report
    Candle: Handler(_of_candle, _its_symbol),
    Trade: Handler(),
    BalanceReport: Handler(),
    OrderReport: Handler(_of_order_report, _its_symbol, keep=foreign_orders.keep_report),
    FillReport: Handler(_of_fill_report, _its_symbol),
    StreamUp: Handler(_of_stream, requests=order_queries.of_stream_up),
    StreamDown: Handler(_of_stream),
    AddressChanged: Handler(),  # it is of no account: the trader journals it once
    # what the venue answers
    OrdersAcknowledged: Handler(_of_answer, _symbols_of_reports),
    PlaceFailed: Handler(
        event_mapping.of_place_failure,
        _symbol_of_orders,
        order_queries.of_place_failure,
        pause=retry_pauses.after_place_failure,
    ),
    CancelFailed: Handler(
        _of_cancel_failure, _symbol_of_order, order_queries.of_cancel_failure, pause=retry_pauses.after_cancel_failure
    ),
    OrderQueried: Handler(event_mapping.of_find, _symbol_of_order, order_queries.of_find),
    AccountSnapshot: Handler(_of_whole_account, _all_symbols, order_queries.of_catch_up, keep=foreign_orders.keep_all),
    SingleOrdersReported: Handler(single_orders.of_singly, lambda state, news: tuple(news.symbols)),
    KeyRightsReported: Handler(account_status.of_rights),
    QuoteReported: Handler(symbols=lambda state, news: (news.quote.symbol,), keep=_keep_quote),
    # what people and other processes say
    KillLatchRead: Handler(event_mapping.of_latch, _all_symbols),
    CommandReceived: Handler(command_handler.of_command, _all_symbols),
    RegistryUpdated: Handler(safety_checks.of_registry, _all_symbols),
    # how the trader itself is doing
    AccountStarted: Handler(_of_start),
    JournalFailed: Handler(safety_checks.of_journal, _all_symbols),
    JournalRecovered: Handler(safety_checks.of_journal, _all_symbols),
    CommandInboxFailed: Handler(safety_checks.of_command_inbox, _all_symbols),
    CommandInboxRecovered: Handler(safety_checks.of_command_inbox, _all_symbols),
    ClockJumped: Handler(safety_checks.of_clock, _all_symbols),
    ClockCorrected: Handler(safety_checks.of_clock, _all_symbols),
    AccountsFailing: Handler(safety_checks.of_accounts, _all_symbols),
    TotalLossReached: Handler(safety_checks.of_total_loss, _all_symbols),
    Measured: Handler(),
    Tick: Handler(_of_tick, _restless_symbols, order_queries.of_tick),
}
