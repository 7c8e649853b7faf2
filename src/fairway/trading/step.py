"""One step of the desk: an input comes in; events come out, already applied, and commands that wait until they are durable.

Pure of clocks, chance and sockets: the same desk, input and instant give the same outcome. Everything a command says has
been journaled before it leaves, and doing it twice is harmless, because its ids are the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from fairway.journal.kinds import Event, StreamLost
from fairway.market.candles import Candle, Quote
from fairway.orders.ids import Role
from fairway.orders.lifecycle import CancelSent, OrderSent
from fairway.orders.order import Order, OrderState, OrderType
from fairway.trading import (
    account_status,
    command_handler,
    entries,
    event_mapping,
    exit_orders,
    foreign_orders,
    guard_evaluation,
    oco,
    other_writers,
    prices,
    protection,
    reconciliation,
    recovery,
    safety_checks,
    single_orders,
    trailing_stop,
    watchdog,
)
from fairway.trading.account_state import AccountState
from fairway.trading.order_queries import NOT_ABOUT_THE_ORDER, questions
from fairway.trading.venue_requests import (
    AccountsFailing,
    AllHaveLost,
    Answered,
    Cancel,
    CancelFailed,
    Caught,
    ClockAgrees,
    ClockLeapt,
    Command,
    CommandInboxFailed,
    CommandInboxRecovered,
    Found,
    Input,
    JournalFailed,
    JournalRecovered,
    Latched,
    Place,
    PlaceFailed,
    PlacePair,
    QuoteTold,
    Reconnect,
    Registered,
    RightsTold,
    Started,
    Tick,
    Told,
    ToldSingly,
)
from fairway.venues.port import (
    Channel,
    FillReport,
    KeyRefused,
    OrderReport,
    Rejected,
    StreamDown,
    StreamUp,
    Throttled,
    VenueError,
)

RETRY_NS = 1_000_000_000
"""Pause of a symbol after the venue failed to carry something out. It doubles with each failure in a row …"""
RETRY_LONG_NS = 4_000_000_000
"""… up to this; …"""
RETRY_NAKED_NS = 2_000_000_000
"""… while a position has no whole stop, up to this, whatever failed before, …"""
RETRY_LONGEST_NS = 32_000_000_000
"""… or, once a person has been called, up to RETRY_LONG_NS while a bid is shown that is newer than the failure, and up to this
while none is."""
RETRY_REFUSED_NS = 500_000_000
"""Pause after a protection was refused. It does not grow: after two or three refusals of what is tried, each less than the one
before, the position is sold or a person is called, and all of that is to happen within the seconds that it may be naked."""
RETRY_KEY_NS = 10_000_000_000
"""Pause after the key was refused: only a person can help, and may have done so. A position without its whole stop waits for
RETRY_NAKED_NS alone: a key may be refused for an instant."""
CASCADE_MAX = 8
"""Rounds of moves that one input may cause in one symbol; more would be a loop of our own making."""


@dataclass(slots=True)
class Outcome:
    events: list[Event] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)


def step(desk: AccountState, news: Input, now: int) -> Outcome:
    """Moves the desk by one input at an instant in ns."""
    outcome = Outcome()
    if isinstance(news, Quote):
        desk.board.see_quote(news)
        return outcome
    if isinstance(news, QuoteTold):
        desk.board.asked[news.quote.symbol] = news.quote
    foreign_orders.note(desk, news)
    _take(desk, facts_of(desk, news, now), outcome, now)
    _take(desk, guard_evaluation.of_news(desk, news, now), outcome, now)
    _pause_after_failure(desk, news, now)
    for symbol in _touched(desk, news):
        _settle(desk, symbol, outcome, now)
    outcome.commands.extend(questions(desk, news, now))
    return outcome


def facts_of(desk: AccountState, news: Input, now: int) -> Iterable[Event]:
    """The events an input proves, each computed when the one before has been applied."""
    match news:
        case Candle():
            looked = chain(safety_checks.of_time(desk, now), guard_evaluation.of_candle(desk, news, now))
            return chain(looked, entries.of_candle(desk, news, now), trailing_stop.behind_candle(desk, news, now))
        case OrderReport():
            return chain(event_mapping.of_report(desk, news, now), other_writers.of_orders(desk, (news,), now))
        case FillReport():
            return event_mapping.of_fill(desk, news)
        case Answered():
            return chain.from_iterable(event_mapping.of_report(desk, report, now) for report in news.reports)
        case PlaceFailed():
            return event_mapping.of_place_failure(desk, news, now)
        case CancelFailed():
            return event_mapping.of_cancel_failure(desk, news)
        case Found():
            return event_mapping.of_find(desk, news, now)
        case Caught():
            return chain(reconciliation.of_catch_up(desk, news, now), reconciliation.marks(desk))
        case ToldSingly():
            return single_orders.of_singly(desk, news, now)
        case RightsTold():
            return account_status.of_rights(desk, news, now)
        case StreamUp() | StreamDown():
            return event_mapping.of_stream(desk, news)
        case _:
            return _facts_of_our_own(desk, news, now)


def _facts_of_our_own(desk: AccountState, news: Input, now: int) -> Iterable[Event]:
    """What did not come from the venue."""
    match news:
        case Latched():
            return event_mapping.of_latch(desk, news, now)
        case Started():
            began = recovery.restart(desk, release=news.release, venue=news.venue, strategy=news.strategy, run=news.run)
            return chain(began, safety_checks.of_start(desk, now))
        case JournalFailed() | JournalRecovered():
            return safety_checks.of_journal(desk, news, now)
        case ClockLeapt() | ClockAgrees():
            return safety_checks.of_clock(desk, news, now)
        case Registered():
            return safety_checks.of_registry(desk, news, now)
        case CommandInboxFailed() | CommandInboxRecovered():
            return safety_checks.of_command_inbox(desk, news, now)
        case AccountsFailing():
            return safety_checks.of_accounts(desk, news, now)
        case AllHaveLost():
            return safety_checks.of_total_loss(desk, news, now)
        case Told():
            return command_handler.of_told(desk, news, now)
        case Tick():
            return safety_checks.of_time(desk, now)
        case _:
            return ()


def _take(desk: AccountState, events: Iterable[Event], outcome: Outcome, now: int) -> None:
    """Applies events one by one, each before the next is even computed, and turns what was sent into commands."""
    fresh: list[Event] = []
    for event in events:
        desk.apply(event, now)
        fresh.append(event)
    if fresh:
        outcome.events += fresh
        outcome.commands += commands_of(desk, fresh)


def _settle(desk: AccountState, symbol: str, outcome: Outcome, now: int) -> None:
    _move(desk, symbol, outcome, now)
    _take(desk, watchdog.look(desk, symbol, now), outcome, now)
    if symbol in desk.naked_since:
        desk.seen.restless[symbol] = None


def _move(desk: AccountState, symbol: str, outcome: Outcome, now: int) -> None:
    if OrderState.SENT in [order.state for order in desk.blotter.of(symbol)]:
        desk.seen.restless[symbol] = None  # an answer is awaited, and nothing else may be done meanwhile
        return
    for _ in range(CASCADE_MAX):
        before = len(outcome.events)
        _take(desk, protection.next_moves(desk, symbol, now), outcome, now)
        if len(outcome.events) == before:
            _note_restlessness(desk, symbol, now)
            return
    raise AssertionError(f"{symbol}: {CASCADE_MAX} rounds of moves did not come to rest")


def _note_restlessness(desk: AccountState, symbol: str, now: int) -> None:
    orders = list(desk.blotter.of(symbol))
    waits = (
        exit_orders.must_wait(desk, symbol, now)
        or desk.lacks_fills(symbol)
        or desk.is_doubted(now, symbol)
        or desk.meets_orphans(symbol)
        or oco.lacks_stop(orders)
        or prices.triggered_at(desk, symbol) is not None
    )
    if waits or any(order.state is not OrderState.OPEN or order.type is OrderType.MARKET for order in orders):
        desk.seen.restless[symbol] = None
    else:
        desk.seen.restless.pop(symbol, None)


def commands_of(desk: AccountState, events: Sequence[Event]) -> Iterator[Command]:
    """The commands that these events announced. The two legs of a pair go out as one, and are cancelled as one."""
    pairs: dict[str, list[Order]] = {}
    cancelled: dict[str, None] = {}
    for event in events:
        if isinstance(event, OrderSent):
            order = desk.blotter[event.order_id]
            if not order.pair:
                yield Place(order)
            else:
                pairs.setdefault(order.pair, []).append(order)
        elif isinstance(event, CancelSent):
            order = desk.blotter[event.order_id]
            if not order.pair or order.pair not in cancelled:
                yield Cancel(order)
            cancelled[order.pair] = None
        elif isinstance(event, StreamLost) and event.is_mute:
            yield Reconnect(Channel(event.channel), event.why)
    for legs in pairs.values():
        stop, target = sorted(legs, key=lambda leg: leg.role is not Role.STOP)
        yield PlacePair(stop, target)


def _touched(desk: AccountState, news: Input) -> Iterable[str]:
    """Symbols whose moves this input may change."""
    match news:
        case Candle() | OrderReport() | FillReport():
            return (news.symbol,) if news.symbol in desk.terms.instruments else ()
        case CancelFailed() | Found():
            return (news.order.symbol,)
        case PlaceFailed():
            return (news.orders[0].symbol,)
        case QuoteTold():
            return (news.quote.symbol,)
        case Answered():
            return dict.fromkeys(report.symbol for report in news.reports)
        case ToldSingly():
            return tuple(news.symbols)
        case Tick():
            return tuple(desk.restless())
        case Caught() | Latched() | JournalFailed() | JournalRecovered() | CommandInboxFailed() | CommandInboxRecovered():
            return desk.terms.symbols
        case AccountsFailing() | AllHaveLost() | Told() | Registered() | ClockLeapt() | ClockAgrees():
            return desk.terms.symbols
        case _:
            return ()


def _pause_after_failure(desk: AccountState, news: Input, now: int) -> None:
    """Nothing is repeated at once: a refusal or a dead line would turn the loop into a storm."""
    if not isinstance(news, PlaceFailed | CancelFailed):
        return
    order, error, seen = (news.orders[0] if isinstance(news, PlaceFailed) else news.order), news.error, desk.seen
    if now < seen.wait_until.get(order.symbol, 0):
        return  # nothing is sent while it waits, so this is of the same try: another pair of a ladder
    if isinstance(news, PlaceFailed) and order.role is Role.ENTRY and not isinstance(error, Throttled | KeyRefused):
        return  # it is never repeated, so nothing has to wait: what it may have bought is to be protected
    is_refused = isinstance(news, PlaceFailed) and _is_refused_protection(desk, order, error)
    if is_refused:
        seen.failures[order.symbol] = seen.failures.get(order.symbol, 0) + 1
        if protection.can_fall_back(desk, order.symbol):
            return
    seen.wait_until[order.symbol] = _paused_until(desk, order.symbol, error, is_refused=is_refused, now=now)


def _is_refused_protection(desk: AccountState, order: Order, error: VenueError) -> bool:
    """Whether the venue would not have a stop, or a sale. Not where the coins went with a sale of unknown fate."""
    if order.role is Role.STOP and protection.is_shielding(desk, order.symbol):
        return False
    return isinstance(error, Rejected) and not isinstance(error, NOT_ABOUT_THE_ORDER)


def _paused_until(desk: AccountState, symbol: str, error: VenueError, *, is_refused: bool, now: int) -> int:
    seen = desk.seen
    if isinstance(error, Throttled):
        return error.retry_at
    if isinstance(error, KeyRefused):
        return now + (RETRY_NAKED_NS if symbol in desk.naked_since else RETRY_KEY_NS)
    has_given_up = exit_orders.has_given_up(desk, symbol)
    if is_refused and not has_given_up:
        return now + RETRY_REFUSED_NS
    seen.setbacks[symbol] = setbacks = seen.setbacks.get(symbol, 0) + 1
    pause, longest_ns = RETRY_NS << min(setbacks - 1, 10), RETRY_LONG_NS
    if has_given_up:
        seen.stalled[symbol] = now, now + min(pause, RETRY_LONGEST_NS)
    elif symbol in desk.naked_since:
        longest_ns = RETRY_NAKED_NS
    return now + min(pause, longest_ns)
