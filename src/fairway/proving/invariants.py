"""What must hold of every play, whatever went wrong in it: the invariants of the trader, each a question to its aftermath.

Each finds violations in plain words, with the numbers. What is asked of the end of a play supposes that it was quiet at last.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import localcontext
from typing import Final, NamedTuple

from fairway.exchange.answers import OrderSnapshot as Truth
from fairway.exchange.answers import OrderStatus
from fairway.journal.kinds import AccountFailed, BalancesOpened, CapLifted, CapRaised, EntryPlanned, ExternalFill, Unexplained
from fairway.ledger.balances import Balances, differences
from fairway.money.amount import CONTEXT, ZERO, text_of
from fairway.orders.ids import ClientId, Role
from fairway.orders.lifecycle import (
    OrderAdopted,
    OrderCancelled,
    OrderExpired,
    OrderFilled,
    OrderRejected,
    OrderSent,
    OrderUnsent,
)
from fairway.orders.order import Order, OrderState, Side
from fairway.proving.coins import LIVE, own_id
from fairway.proving.limited import entries_are_within_limits
from fairway.proving.oracle import ORACLE
from fairway.proving.run_result import RunResult, decimal, unshared
from fairway.proving.timeline import moments
from fairway.risk.caps import Cap, Lifting, binding
from fairway.risk.checks.data import QUOTE_AGE_MAX_NS
from fairway.risk.limits import TradingState
from fairway.trading.account_state import AccountState
from fairway.trading.recovery import replay
from fairway.world.clock import MILLISECOND, MINUTE, SECOND, SLEW

DENIAL_GRACE_NS: Final = MINUTE - MINUTE // SLEW
"""For so long after an order was sent, "no such order" may be the exchange's own lag: a minute, less what a trader's clock may be
fast while it follows one that was set."""
UNTRUSTED_NS: Final = 12 * SECOND
"""A journal that failed is trusted again ten seconds after, at a tick; until then what lowers risk does not wait for it."""
IN_FLIGHT: Final = (OrderState.SENT, OrderState.UNKNOWN, OrderState.CANCELLING)
PLACING: Final = ("order.place", "orderList.place.oco")
NOT_A_NO: Final = (-1006, -1007)
"""Codes by which the exchange says that it does not know itself."""
NO_SUCH_ORDER: Final = -2013


class Violation(NamedTuple):
    invariant: str
    words: str

    def __str__(self) -> str:
        return f"{self.invariant}: {self.words}"


def violations(left: RunResult) -> list[Violation]:
    """All of them; empty where all invariants hold. What cannot be checked does not hold."""
    with localcontext(CONTEXT):
        by_books = [it for name, ask in INVARIANTS.items() for it in _violations_of(name, ask(left))]
        return by_books + [it for name, judge in ORACLE.items() for it in _violations_of(name, judge(left.case))]


def _violations_of(name: str, found: Iterator[str]) -> Iterator[Violation]:
    try:
        for words in found:
            yield Violation(name, words)
    except Exception as error:  # of a trader that broke apart, even questions may come to nothing
        yield Violation(name, f"it could not be checked: {error!r}")


# -- orders ----------------------------------------------------------------------------------------------------------


def durable_before_the_wire(left: RunResult) -> Iterator[str]:
    sent = _noted_at(left)
    for order in left.orders:
        noted_at = sent.get(order.client_id)
        if _is_ours(left, order.client_id) and noted_at is None:
            yield f"the exchange has order {order.client_id}, and the journal has never heard of it"
        elif noted_at is not None and noted_at > order.created_at and not _may_be_unwritten(left, order):
            late_ms = (noted_at - order.created_at) // MILLISECOND
            yield f"order {order.client_id} was at the exchange {late_ms} ms before it was durable in the journal"


def _may_be_unwritten(left: RunResult, order: Truth) -> bool:
    """What lowers risk may leave although the journal cannot be written; an entry never."""
    own = ClientId.parse(order.client_id)
    is_entry = own is not None and own.role is Role.ENTRY
    return not is_entry and any(since <= order.created_at <= until + UNTRUSTED_NS for since, until in left.unwritable)


def one_order_per_intent(left: RunResult) -> Iterator[str]:
    for order_id, times in Counter(order.client_id for order in left.orders).items():
        if times > 1:
            yield f"the exchange took order {order_id} {times} times"
    planned = {event.order_id for event, *_ in (*left.lost, *left.journal) if isinstance(event, EntryPlanned | OrderAdopted)}
    for order in left.orders:
        own = ClientId.parse(order.client_id)
        if own is not None and own.role is Role.ENTRY and order.client_id not in planned:
            yield f"entry {order.client_id} was sent, and no plan of it is in the journal"


def only_a_word_ends_an_order(left: RunResult) -> Iterator[str]:
    """Transport failures, restarts and guesses never do."""
    held = {order.client_id for order in left.orders}
    for event, _, _, durable_at in left.journal:
        match event:
            case OrderUnsent() if event.order_id in held:
                yield f"order {event.order_id} was booked as never sent ({event.why}), and the exchange has it"
            case OrderRejected() if event.order_id in held and not _said_no(left, event.order_id, durable_at):
                yield f"order {event.order_id} was booked as rejected ({event.why}), and the exchange had not said so"
            case OrderCancelled() | OrderExpired() if event.order_id in held and not _had_ended(left, event.order_id, durable_at):
                yield f"order {event.order_id} was booked as ended ({event.why}), and at the exchange it had not"


def a_denial_is_not_believed_at_once(left: RunResult) -> Iterator[str]:
    for event, _, _, durable_at in left.journal:
        if not isinstance(event, OrderRejected) or _was_refused(left, event.order_id, durable_at):
            continue
        denials = _denials(left, event.order_id, durable_at)
        sent_at = _last_sent(left, event.order_id, durable_at)
        if denials and denials[-1] - sent_at < DENIAL_GRACE_NS:
            seconds = (denials[-1] - sent_at) / SECOND
            yield f"order {event.order_id} was given up on a denial {seconds:.1f} s after it was sent"


def orders_agree(left: RunResult) -> Iterator[str]:
    """Not of a trader that was fenced: it has stopped, and what happened then is not its to know."""
    if left.is_fenced:
        return
    blotter = left.account_state.orders.blotter
    for order in blotter.live.values():
        if order.state in IN_FLIGHT:
            yield f"what became of order {order.id} is still not known: {order.state.value}"
    live = {truth.client_id for truth in left.orders if truth.status in LIVE}
    for order_id in sorted(live ^ blotter.live.keys()):
        where = "at the exchange and not in the blotter" if order_id in live else "in the blotter and not at the exchange"
        yield f"order {order_id} is open {where}"
    for truth in left.orders:
        belief = blotter.get(truth.client_id)
        if belief is not None and belief.filled.value != decimal(truth.executed):
            yield f"of order {truth.client_id} {decimal(truth.executed)} were filled, and {belief.filled} booked"
        if belief is not None and belief.cost.value != decimal(truth.executed_quote):
            yield f"order {truth.client_id} cost {decimal(truth.executed_quote)}, and {belief.cost} were booked"


def _is_ours(left: RunResult, order_id: str) -> bool:
    own = ClientId.parse(order_id)
    return own is not None and own.account == left.account_state.config.account


def _noted_at(left: RunResult) -> dict[str, int]:
    """When each order was first written down: in a journal, also in a lost one, or in the latch by a kill."""
    noted = {sale.id: latching.at for latching in reversed(left.latchings) for sale in latching.killed.sales}
    for event, _, _, durable_at in (*left.lost, *left.journal):
        if isinstance(event, OrderSent | OrderAdopted):
            noted.setdefault(event.order_id, durable_at)
    return noted


def _last_sent(left: RunResult, order_id: str, before: int) -> int:
    """When it came to the exchange, or where it never came, when it was handed to the journal, before which none leaves."""
    noted = (n.noted_at for n in left.journal if isinstance(n.event, OrderSent) and n.event.order_id == order_id)
    came = (answer.at for answer in left.answers if order_id in answer.ids and answer.endpoint in PLACING)
    return max((at for at in (*noted, *came) if at < before), default=0)


def _was_refused(left: RunResult, order_id: str, before: int) -> bool:
    for answer in left.answers:
        no = answer.refusal
        if answer.at > before or order_id not in answer.ids or answer.endpoint not in PLACING or no is None:
            continue
        if no.status < 500 and no.code not in NOT_A_NO and not no.message.startswith("Duplicate"):
            return True
    return any(r.order.status is OrderStatus.REJECTED and own_id(r) == order_id for r in left.reports)


def _said_no(left: RunResult, order_id: str, before: int) -> bool:
    return _was_refused(left, order_id, before) or bool(_denials(left, order_id, before))


def _denials(left: RunResult, order_id: str, before: int) -> list[int]:
    return [
        answer.at
        for answer in left.answers
        if answer.at <= before and order_id in answer.ids and answer.refusal is not None and answer.refusal.code == NO_SUCH_ORDER
    ]


def _had_ended(left: RunResult, order_id: str, before: int) -> bool:
    return any(own_id(r) == order_id and r.at <= before and r.order.status not in LIVE for r in left.reports)


# -- positions and money ---------------------------------------------------------------------------------------------


def positions_agree(left: RunResult) -> Iterator[str]:
    """Within a lot; else nothing may be opened in that symbol, and a cap says why. Not of a trader that was fenced."""
    if left.is_fenced:
        return
    for symbol, instrument in unshared(left):
        theirs = next((moment.held for moment in reversed(list(moments(left.reports, instrument)))), ZERO)
        position = left.account_state.money.ledger.positions.get(symbol)
        ours = position.quantity.value if position is not None else ZERO
        if abs(theirs - ours) >= instrument.lot and left.account_state.limits.of(symbol).state is TradingState.ACTIVE:
            yield f"{symbol}: {text_of(theirs)} are held at the exchange, {text_of(ours)} by our books, and nothing is capped"


def sales_stay_within_the_books(left: RunResult) -> Iterator[str]:
    """When a sale was sent, by what the trader believed then, of orders whose fate was known; the oracle asks the exchange."""
    account_state = AccountState(left.account_state.config)
    for event, at, *_ in left.journal:
        account_state.apply(event, at)
        if not isinstance(event, OrderSent) or (order := account_state.orders.blotter[event.order_id]).side is not Side.SELL:
            continue
        sells = [
            it
            for it in account_state.orders.blotter.of(order.symbol)
            if it.side is Side.SELL and it.state is not OrderState.UNKNOWN
        ]
        groups = {other.pair or other.id: other.remaining.value for other in sells}
        position, total = account_state.money.ledger.position(order.symbol).quantity.value, sum(groups.values(), ZERO)
        if total > position:
            yield f"order {order.id} was sent while {text_of(total)} in all were to be sold of {text_of(position)}"


def cash_ties_out(left: RunResult) -> Iterator[str]:
    """Not of a trader that was fenced. What a lost journal had booked, the next one cannot add up; its sums it can."""
    if left.is_fenced:
        return
    for asset, (ours, theirs) in differences(left.account_state.money.ledger.balances.totals, left.holding).items():
        yield f"the exchange holds {text_of(theirs)} {asset}, our books {text_of(ours)}"
    if not left.lost:
        yield from _sums_that_differ(left)


def _sums_that_differ(left: RunResult) -> Iterator[str]:
    booked = Balances(dict(left.opening))
    for move in left.moves:
        booked.totals[move.asset] = booked.totals.get(move.asset, ZERO) + decimal(move.delta)
    sides = {truth.client_id: Side.BUY if truth.side.value == "BUY" else Side.SELL for truth in left.orders}
    fills = {_fill_key(event): event for event, *_ in left.journal if isinstance(event, OrderFilled)}
    for event in fills.values():
        booked.book(sides[event.order_id], event.fill)
    for external in (noted.event for noted in left.journal if isinstance(noted.event, ExternalFill)):
        booked.book(external.side, external.fill)
    for asset, (ours, theirs) in differences(booked.totals, left.holding).items():
        yield f"opening, transfers, fills and fees come to {text_of(ours)} {asset}, and {text_of(theirs)} are there"


def _fill_key(event: OrderFilled) -> tuple[str, str]:
    """Trade ids are unique within a pair."""
    return f"{event.fill.quantity.asset}/{event.fill.quote.asset}", event.fill.trade_id


def nothing_is_explained_away(left: RunResult) -> Iterator[str]:
    """Balances are adjusted by what came from outside, and by no fill that was not looked for.

    After a loss of the journal it opens with what its former life had bought, or lacks what that had sold: then it is not asked.
    """
    if left.lost:
        return
    found = Balances()
    for event, *_ in left.journal:
        if isinstance(event, BalancesOpened):
            found.totals = dict(event.balances)
        elif isinstance(event, Unexplained):
            found.move(event.amount)
    true = dict(left.opening)
    for move in left.moves:
        true[move.asset] = true.get(move.asset, ZERO) + decimal(move.delta)
    for asset, (ours, theirs) in differences(found.totals, true).items():
        if found.totals:
            yield f"{text_of(ours)} {asset} were booked as opened or moved from outside, and {text_of(theirs)} were"


# -- halts, data, replay ---------------------------------------------------------------------------------------------


def a_halt_stays(left: RunResult) -> Iterator[str]:
    """Machines only tighten; what a person must lift, a person lifts; who is halted opens nothing; no restart forgets it."""
    caps: dict[str, Cap] = {}
    for event, _, noted_at, _ in left.journal:
        match event:
            case OrderSent(order=Order(role=Role.ENTRY) as entry):
                yield from _entry_while_halted(left, caps.values(), entry, noted_at)
            case CapRaised(cap=cap):
                if cap.id in caps:
                    yield from _loosened(caps[cap.id], cap)
                caps[cap.id] = cap
            case CapLifted() if event.cap_id in caps:
                yield from _lifted_by_nobody(caps.pop(event.cap_id), event.by)
    for cap_id in caps.keys() - left.account_state.limits.caps.keys():
        yield f"cap {cap_id!r} was raised and never lifted, and is not in force: {caps[cap_id].reason}"


def _entry_while_halted(left: RunResult, caps: Iterable[Cap], entry: Order, sent_at: int) -> Iterator[str]:
    why = [cap for cap in binding(caps, "state", entry.symbol) if cap.limits.state is not TradingState.ACTIVE]
    for cap in why:
        yield f"entry {entry.id} was sent while {entry.symbol} was {cap.limits.state}: {cap.reason}"
    for latching in left.latchings:
        if latching.at < sent_at < latching.until and latching.killed.symbol in ("", entry.symbol):
            yield f"entry {entry.id} was sent {(sent_at - latching.at) / SECOND:.3f} s after the latch was set"


def _lifted_by_nobody(cap: Cap, by: str) -> Iterator[str]:
    if cap.lifting is Lifting.CONFIGURATION or (cap.lifting is Lifting.PERSON and by in ("", "trader")):
        yield f"cap {cap.id!r} was lifted by {by or 'no one'}, and may be by {cap.lifting.value}"


def _loosened(old: Cap, new: Cap) -> Iterator[str]:
    if old.lifting is not Lifting.ITSELF and not new.limits <= old.limits:
        yield f"cap {old.id!r} was replaced by one that allows more"


def data_is_fresh(left: RunResult) -> Iterator[str]:
    for event, *_ in left.journal:
        if isinstance(event, EntryPlanned) and not 0 <= event.quote_age_ns <= QUOTE_AGE_MAX_NS:
            yield f"entry {event.order_id} was planned on a quote that was {event.quote_age_ns / SECOND:.3f} s old"


def replay_agrees(left: RunResult) -> Iterator[str]:
    """The journal alone gives the account_state; fills told again give nothing."""
    history = [(event, at) for event, at, *_ in left.journal]
    fresh = AccountState(left.account_state.config)
    replay(fresh, history)
    for what, ours, theirs in zip(_BELIEFS, _beliefs(left.account_state), _beliefs(fresh), strict=True):
        if ours != theirs:
            yield f"{what} after a replay of the journal are {theirs!r}, and were {ours!r}"
    times = Counter(_fill_key(event) for event, _ in history if isinstance(event, OrderFilled))
    for (pair, trade_id), number in times.items():
        if number > 1:
            yield f"fill {trade_id} of {pair} was booked {number} times"
    for part in range(1, 5):
        prefix = history[: len(history) * part // 4]
        account_state = AccountState(left.account_state.config)
        replay(account_state, prefix)
        before = dict(account_state.money.ledger.balances.totals)
        replay(
            account_state,
            [(event, at) for event, at in prefix if isinstance(event, OrderFilled) and _is_known(account_state, event)],
        )
        if account_state.money.ledger.balances.totals != before:
            yield f"fills of the first {len(prefix)} records, told again, changed the balances"


def _is_known(account_state: AccountState, event: OrderFilled) -> bool:
    """Orders that ended long ago are forgotten, and their fills are asked for no more."""
    return account_state.orders.blotter.get(event.order_id) is not None


_BELIEFS: Final = ("balances", "positions", "live orders", "plans", "exits", "caps")


def _beliefs(account_state: AccountState) -> tuple[object, ...]:
    ledger = account_state.money.ledger
    return (
        ledger.balances.totals,
        ledger.positions,
        account_state.orders.blotter.live,
        account_state.protection.plans,
        account_state.protection.exits,
        account_state.limits.caps,
    )


def no_fault_of_our_own(left: RunResult) -> Iterator[str]:
    for event, *_ in left.journal:
        if isinstance(event, AccountFailed) and not event.strategy and not event.is_fenced:
            yield f"{event.why} at {event.where}"


INVARIANTS: Final[Mapping[str, Callable[[RunResult], Iterator[str]]]] = {
    "1 an intent is durable before the wire": durable_before_the_wire,
    "1 an intent leads to one order": one_order_per_intent,
    "2, 4 only the exchange's word ends an order": only_a_word_ends_an_order,
    "3 a denial is not believed at once": a_denial_is_not_believed_at_once,
    "3 nothing is explained away": nothing_is_explained_away,
    "5 orders agree": orders_agree,
    "5 positions agree": positions_agree,
    "7 sales stay within the books": sales_stay_within_the_books,
    "8 a halt stays": a_halt_stays,
    "8 entries are within limits": entries_are_within_limits,
    "10 a replay agrees": replay_agrees,
    "11 data is fresh": data_is_fresh,
    "no fault of our own": no_fault_of_our_own,
    "13 cash ties out": cash_ties_out,
}
"""By number in the list of invariants (docs/explanation/proving.md), and what it promises.

Number 14, that one bad symbol stops no other, is
asked by 6: a symbol's trouble excuses that symbol alone. What the oracle asks stands in `oracle.ORACLE`."""
