"""Turns the venue's whole answer into events: each explained difference is booked, and one without explanation calls a person.

`ledger.reconcile` names the differences; this says what each one does.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain, compress
from operator import not_
from typing import Final

from msgspec.structs import replace

from fairway.journal.kinds import (
    BalancesOpened,
    CapRaised,
    Event,
    ExternalFill,
    ForeignOrderSeen,
    Marked,
    Unexplained,
)
from fairway.ledger.reconcile import (
    BalanceOff,
    Belief,
    Difference,
    ForeignFill,
    ForeignOrder,
    MissingFill,
    OrphanOrder,
    OtherRunOrder,
    ReportedOrder,
    RivalOrder,
    Truth,
    in_words,
    reconcile,
)
from fairway.money.amount import ZERO, Amount
from fairway.orders.ids import ClientId, Role
from fairway.orders.lifecycle import OrderAdopted
from fairway.orders.order import Order, OrderState, OrderType, Side
from fairway.risk import cap_kinds
from fairway.risk.caps import reduce_only
from fairway.trading import balance_doubts, lost_journal, other_writers
from fairway.trading.account_state import AccountState
from fairway.trading.account_status import of_account
from fairway.trading.event_mapping import FOUND_GRACE_NS, hold, mute, of_fill, of_report, suspects, whole_again
from fairway.trading.inputs import AccountSnapshot
from fairway.venues.port import BalanceReport, FillReport, OrderReport

UNEXPLAINED_MAX: Final = Decimal("0.0001")
"""Of the account's worth: so much money may come or go unexplained, all together, before no more positions are opened."""
FOR_GOOD: Final = 2**63 - 1


def belief_of(state: AccountState) -> Belief:
    return Belief(
        account=state.config.account,
        numbered=state.starts.numbered,
        symbols=state.config.symbols,
        blotter=state.orders.blotter,
        ledger=state.money.ledger,
    )


def truth_of(caught: AccountSnapshot) -> Truth:
    return Truth(
        orders=caught.orders,
        fills=caught.fills,
        totals=totals_of(caught.balances),
        asked_at=caught.began_at,
        second=totals_of(caught.second) if caught.second is not None else None,
    )


def of_catch_up(state: AccountState, caught: AccountSnapshot, now: int) -> Iterator[Event]:
    """What a full question to the venue proves, in the order that books it right: orders, fills, balances.

    Each fact must be applied before the next is looked at, so this is consumed one event at a time. Raises Fenced.
    """
    is_first = state.money.opening is None
    if is_first:
        why_not = lost_journal.why_not_opened(caught) or balance_doubts.why_not_opened(state, belief_of(state), truth_of(caught))
        yield from balance_doubts.of_opening(state, why_not, now)
        if why_not:
            return
        yield BalancesOpened(balances=totals_of(caught.balances))
    found = reconcile(belief_of(state), truth_of(caught))
    orders = chain.from_iterable(reported or () for reported in (caught.history or {}).values())
    history = other_writers.telling(state, orders, caught.began_at)
    yield from other_writers.of_orders(state, (*caught.orders, *caught.owners, *history), now)
    state.transient.knows_others = state.transient.knows_others or caught.history is not None
    if is_first:
        yield from lost_journal.of_opening(state, caught, now)
        strange = (it.reported for it in found if isinstance(it, OrphanOrder | RivalOrder | OtherRunOrder))
        state.transient.orphans = {reported.client_id: reported.symbol for reported in strange}
    missing = [difference for difference in found if isinstance(difference, MissingFill)]
    is_known = [state.orders.blotter.get(fill.order_id) is not None for fill in missing]
    yield from _own_fills(state, compress(missing, is_known), found, caught, now)
    yield from _strange_orders(state, found, now)
    yield from _own_fills(state, compress(missing, map(not_, is_known)), found, caught, now)
    yield from _late_orphans(state, found)
    for report in caught.orders:
        yield from of_report(state, report, now)
    state.transient.asked_at = caught.began_at
    yield from of_account(state, caught.balances, now)
    state.orders.doubted = {order.id: _doubted_until(order) for order in suspects(state, caught.fills)}
    lagging = [fill for fill in caught.ownerless if caught.began_at - fill.fill.at < FOUND_GRACE_NS]
    yield from _foreign_fills(state, found, caught, now, lagging)
    if state.orders.is_doubted(caught.began_at) or lagging:
        state.money.unexplained.clear()
        return  # what is missing may be ours
    off = [balance_doubts.or_fills_are_missing(state, it) for it in found if isinstance(it, BalanceOff)]
    _count(state, found, [each.amount for each in off])
    yield from balance_doubts.of_differences(state, off, caught.began_at, now)
    if caught.unasked and off:
        state.money.unexplained.clear()
        return  # what is missing may be in a symbol that could not be queried
    yield from _adjustments(state, off, caught.began_at, now)
    state.transient.booked_at = caught.began_at
    if state.transient.knows_others:
        yield from whole_again(state)


def _count(state: AccountState, found: Sequence[Difference], off: Iterable[Amount]) -> None:
    """Fills and ends that were not heard of yet are news and no difference; nor is a balance that is seen to differ once."""
    is_strange = any(isinstance(it, ForeignFill | OrphanOrder | RivalOrder | OtherRunOrder) for it in found)
    if is_strange or any(state.money.unexplained.get(amount.asset) == amount.value for amount in off):
        state.transient.differing += 1
    else:
        state.transient.reconciled += 1


def marks(state: AccountState) -> Iterator[Event]:
    """The account at market, once a candle: here, where it was just tied out, and not where an entry waits for it."""
    newest = state.market.candles.get(state.config.symbols[0])
    closed_at = newest[-1].close_at if newest else 0
    worth = state.worth() if closed_at > state.transient.marked_to and state.money.opening is not None else None
    if worth is not None:
        state.transient.marked_to = closed_at
        yield Marked(worth=worth, marks=state.marks())


def _strange_orders(state: AccountState, found: Sequence[Difference], now: int) -> Iterator[Event]:
    """Orders that the journal does not know, of ours and of others. What our known orders filled is booked before: of a position
    that was closed meanwhile no order is to be taken over. Of a trader that the journal does not know a purchase is taken over at
    a start, for that journal may be lost; later its trader lives. What sells for it protects its coins, and is left alone."""
    foreign: dict[str, None] = {}
    is_start = not state.transient.asked_at
    for difference in found:
        match difference:
            case OrphanOrder(reported, own) | RivalOrder(reported, own) if reported.symbol in state.config.symbols:
                if reported.side is Side.BUY or reported.symbol in state.money.ledger.positions:
                    yield _adoption(state, reported, own, found)
                yield from hold(state, reported.symbol, in_words(OrphanOrder(reported, own)), now)
            case OtherRunOrder(reported, own) if (
                reported.symbol in state.config.symbols and reported.side is Side.BUY and is_start
            ):
                yield _adoption(state, reported, own, found)  # it is cancelled; what it buys meanwhile is protected
            case ForeignOrder(reported):
                foreign[reported.venue_id] = None
                if reported.venue_id not in state.transient.foreign:
                    yield ForeignOrderSeen(
                        symbol=reported.symbol, side=reported.side, quantity=reported.quantity, venue_id=reported.venue_id
                    )
    state.transient.foreign = foreign


def _late_orphans(state: AccountState, found: Sequence[Difference]) -> Iterator[Event]:
    """What sells beside no position is left alone: it may be all that protects coins whose journal was lost. Once there is a
    position, such as by a purchase of which is heard only now, it protects that, and a stop beside it would be one too many."""
    alone: dict[str, str] = {}
    for difference in found:
        match difference:
            case OrphanOrder(reported, own) | RivalOrder(reported, own) if reported.symbol in state.config.symbols:
                if state.orders.blotter.get(reported.client_id) is not None:
                    continue
                if reported.symbol in state.money.ledger.positions:
                    yield _adoption(state, reported, own, found)
                else:
                    alone[reported.client_id] = reported.symbol
    state.transient.orphans = alone


def _adoption(state: AccountState, reported: ReportedOrder, own: ClientId, found: Sequence[Difference]) -> OrderAdopted:
    """Of one that was left alone at first, and of all when the books are opened, what is not found missing is in the books."""
    missing = (it.reported for it in found if isinstance(it, MissingFill) and it.order_id == reported.client_id)
    unbooked = sum((it.fill.quantity.value for it in missing if not state.money.ledger.has_booked(it.symbol, it.fill)), ZERO)
    is_booked = reported.client_id in state.transient.orphans
    filled = Amount(max(reported.filled.value - unbooked, ZERO) if is_booked else ZERO, reported.filled.asset)
    why = "found at the venue, and is not in the journal"
    return OrderAdopted(reported.client_id, why, order=_adopted(state, reported, own, filled=filled))


def _adopted(state: AccountState, reported: ReportedOrder, own: ClientId, *, filled: Amount) -> Order:
    """An order of which only the venue's word is left. A stop and its target share their number, and so their pair.

    filled: what is in the books already; of the rest the fills are asked for.
    """
    is_leg = own.role in (Role.STOP, Role.TARGET)
    return Order(
        id=reported.client_id,
        symbol=reported.symbol,
        side=reported.side,
        type=_type(reported),
        role=own.role,
        quantity=reported.quantity,
        price=reported.price,
        stop_price=reported.stop_price,
        pair=str(replace(own, role=Role.PAIR)) if is_leg else "",
        state=OrderState.UNKNOWN,
        filled=filled,
        cost=Amount(ZERO, state.config.instruments[reported.symbol].quote),
        created_at=reported.created_at or reported.at,
        updated_at=reported.at,
    )


def _type(reported: ReportedOrder) -> OrderType:
    if reported.stop_price is not None:
        return OrderType.STOP if reported.price is None else OrderType.STOP_LIMIT
    return OrderType.MARKET if reported.price is None else OrderType.LIMIT


def _own_fills(
    state: AccountState, missing: Iterable[MissingFill], found: Sequence[Difference], caught: AccountSnapshot, now: int
) -> Iterator[Event]:
    shown = {order.client_id: order for order in (*caught.orders, *caught.owners)}
    for difference in missing:
        reported, order_id = difference.reported, difference.order_id
        if state.orders.blotter.get(order_id) is not None:
            yield from mute(state, f"trade {reported.fill.trade_id} filled", reported.fill.at, caught.began_at)
        elif reported.side is Side.SELL and _may_have_bought(state, reported.symbol):
            continue  # what it sold is not in the books yet; it is asked for again, and comes after it
        else:
            yield from _fill_of_an_orphan(state, difference, shown, found, now)
        yield from of_fill(state, reported, order_id)


def _may_have_bought(state: AccountState, symbol: str) -> bool:
    """Whether there may be a position that our books do not show: a purchase of ours is of unknown fate."""
    buys = (
        order for order in state.orders.blotter.of(symbol, Role.ENTRY) if order.state in (OrderState.SENT, OrderState.UNKNOWN)
    )
    return symbol not in state.money.ledger.positions and any(True for _ in buys)


def _fill_of_an_orphan(
    state: AccountState, missing: MissingFill, shown: Mapping[str, OrderReport], found: Sequence[Difference], now: int
) -> Iterator[Event]:
    """An order with an id of ours that the journal does not know. What it sold of a position is the position's: it was the kill
    command, or a stop that could not be journaled. A person looks at it. What it did beside a position is not ours to book."""
    reported, own = missing.reported, ClientId.parse(missing.order_id)
    if (
        own is None
        or reported.side is Side.BUY
        or reported.symbol not in state.money.ledger.positions
        or missing.order_id not in shown
    ):
        yield ExternalFill(symbol=reported.symbol, side=reported.side, fill=reported.fill)
    else:
        for leg in (own, own.other_leg):
            if leg is not None and (report := shown.get(str(leg))) is not None and state.orders.blotter.get(str(leg)) is None:
                yield _adoption(state, report, leg, found)
                yield from of_report(state, report, now)
    to_do = f"; {lost_journal.TO_DO}" if reported.side is Side.BUY else ""
    yield from hold(state, reported.symbol, f"{in_words(missing)}{to_do}", now)


def _doubted_until(order: Order) -> int:
    """A fill without an owner may be of an order that is unknown for as long as it is; of a refused one for a while."""
    return order.updated_at + FOUND_GRACE_NS if order.state is OrderState.REJECTED else FOR_GOOD


def _foreign_fills(
    state: AccountState, found: Sequence[Difference], caught: AccountSnapshot, now: int, lagging: Sequence[FillReport]
) -> Iterator[Event]:
    """Not while one of them may be ours. Who trades by hand beside a bot must look at it, so nothing is opened until then."""
    doubted = {fill.symbol for fill in lagging}
    for difference in found:
        if isinstance(difference, ForeignFill) and not state.orders.is_doubted(caught.began_at, difference.reported.symbol):
            if difference.reported.symbol in doubted:
                continue
            reported = difference.reported
            yield ExternalFill(
                symbol=reported.symbol,
                side=reported.side,
                fill=reported.fill,
                kept=_locked_by_ours(state, reported.symbol, caught.orders),
            )
            yield from hold(state, reported.symbol, _whose(state, difference), now)


def _locked_by_ours(state: AccountState, symbol: str, listed: Sequence[OrderReport]) -> Decimal:
    """Coins that open sales of ours lock, by the venue's list, the legs of a pair once: no other trader has sold these."""
    ours = [order for order in listed if order.symbol == symbol and state.orders.blotter.get(order.client_id) is not None]
    sales = {order.list_id or order.venue_id: order for order in ours if order.side is Side.SELL}
    return sum(((order.quantity - order.filled).value for order in sales.values()), ZERO)


def _whose(state: AccountState, difference: ForeignFill) -> str:
    """Who traded in a symbol beside this trader, and what a person does about it."""
    own = ClientId.parse(difference.reported.client_id)
    if own is None or own.account != state.config.account:
        return f"traded by another party: {in_words(difference)}"
    to_do = f"; {lost_journal.TO_DO}" if difference.reported.side is Side.BUY else ""
    return f"traded by an order that the journal does not know, {own}: {in_words(difference)}{to_do}"


def _adjustments(state: AccountState, off: Sequence[BalanceOff], asked_at: int, now: int) -> Iterator[Event]:
    """Balance differences seen twice in a row while nothing was in flight, with nothing against them: the venue is right."""
    if any(order.state in (OrderState.SENT, OrderState.UNKNOWN) for order in state.orders.blotter.live.values()):
        state.money.unexplained.clear()
        return
    seen_before, state.money.unexplained = state.money.unexplained, {}
    facts = [each.amount for each in off if not each.doubt and seen_before.get(each.amount.asset) == each.amount.value]
    strange = [amount for amount in facts if not state.money.ledger.transfers.expects(amount)]
    for amount in facts:
        yield Unexplained(amount=amount, asked_at=asked_at)
    for amount in strange:
        yield from _hold_unexplained(state, amount, now)
    state.money.unexplained = {each.amount.asset: each.amount.value for each in off if each.amount not in facts}
    if not off:
        state.money.tied_at = asked_at
        yield from _more_than_there_is(state, asked_at)


def _more_than_there_is(state: AccountState, asked_at: int) -> Iterator[Event]:
    """A position that counts for more than the account holds, though its balance is explained: another party has sold what open
    orders locked by the venue's list. The position loses the difference, and the balance nothing."""
    for position in list(state.money.ledger.positions.values()):
        if position.quantity > state.money.ledger.balances.of(position.quantity.asset):
            yield Unexplained(amount=Amount(ZERO, position.quantity.asset), asked_at=asked_at)


def _hold_unexplained(state: AccountState, amount: Amount, now: int) -> Iterator[Event]:
    """Of what is traded. Less than a lot, or than a ten-thousandth of the account, is listed and holds nothing."""
    total = abs(state.money.ledger.unexplained[amount.asset])
    why = f"{in_words(BalanceOff(amount))}: a deposit, a withdrawal, a transfer or a trade elsewhere"
    if amount.value < 0:
        why += "; it counts as a loss until a person announces it: fairway transfer"
    for symbol, instrument in state.config.instruments.items():
        if instrument.base == amount.asset and total >= instrument.lot:
            yield from hold(state, symbol, why, now)
    worth = state.worth()
    if amount.asset == state.config.quote and (worth is None or total >= worth.value * UNEXPLAINED_MAX):
        cap = reduce_only(cap_kinds.UNEXPLAINED, why, now, scope=amount.asset)
        if cap.id not in state.limits.caps:
            yield CapRaised(cap=cap)


def totals_of(balances: BalanceReport) -> dict[str, Decimal]:
    return {asset: free.value + locked.value for asset, (free, locked) in balances.balances.items()}
