"""From the venue's whole answer to what is booked: every difference becomes what it is, and what nobody explains calls a person.

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
    RivalOrder,
    ToldOrder,
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
from fairway.trading.venue_requests import Caught
from fairway.venues.port import BalanceReport, FillReport, OrderReport

UNEXPLAINED_MAX: Final = Decimal("0.0001")
"""Of the account's worth: so much money may come or go unexplained, all together, before no more positions are opened."""
FOR_GOOD: Final = 2**63 - 1


def belief_of(desk: AccountState) -> Belief:
    return Belief(
        account=desk.terms.account,
        numbered=desk.numbered,
        symbols=desk.terms.symbols,
        blotter=desk.blotter,
        ledger=desk.ledger,
    )


def truth_of(caught: Caught) -> Truth:
    return Truth(
        orders=caught.orders,
        fills=caught.fills,
        totals=totals_of(caught.balances),
        asked_at=caught.began_at,
        second=totals_of(caught.second) if caught.second is not None else None,
    )


def of_catch_up(desk: AccountState, caught: Caught, now: int) -> Iterator[Event]:
    """What a full question to the venue proves, in the order that books it right: orders, fills, balances.

    Each fact must be applied before the next is looked at, so this is consumed one event at a time. Raises Fenced.
    """
    is_first = desk.opening is None
    if is_first:
        why_not = lost_journal.why_not_opened(caught) or balance_doubts.why_not_opened(desk, belief_of(desk), truth_of(caught))
        yield from balance_doubts.of_opening(desk, why_not, now)
        if why_not:
            return
        yield BalancesOpened(balances=totals_of(caught.balances))
    found = reconcile(belief_of(desk), truth_of(caught))
    orders = chain.from_iterable(told or () for told in (caught.history or {}).values())
    history = other_writers.telling(desk, orders, caught.began_at)
    yield from other_writers.of_orders(desk, (*caught.orders, *caught.owners, *history), now)
    desk.seen.knows_others = desk.seen.knows_others or caught.history is not None
    if is_first:
        yield from lost_journal.of_opening(desk, caught, now)
        strange = (it.told for it in found if isinstance(it, OrphanOrder | RivalOrder | OtherRunOrder))
        desk.seen.orphans = {told.client_id: told.symbol for told in strange}
    missing = [difference for difference in found if isinstance(difference, MissingFill)]
    is_known = [desk.blotter.get(fill.order_id) is not None for fill in missing]
    yield from _own_fills(desk, compress(missing, is_known), found, caught, now)
    yield from _strange_orders(desk, found, now)
    yield from _own_fills(desk, compress(missing, map(not_, is_known)), found, caught, now)
    yield from _late_orphans(desk, found)
    for report in caught.orders:
        yield from of_report(desk, report, now)
    desk.seen.asked_at = caught.began_at
    yield from of_account(desk, caught.balances, now)
    desk.seen.doubted = {order.id: _doubted_until(order) for order in suspects(desk, caught.fills)}
    lagging = [fill for fill in caught.ownerless if caught.began_at - fill.fill.at < FOUND_GRACE_NS]
    yield from _foreign_fills(desk, found, caught, now, lagging)
    if desk.is_doubted(caught.began_at) or lagging:
        desk.seen.unexplained.clear()
        return  # what is missing may be ours
    off = [balance_doubts.or_fills_are_missing(desk, it) for it in found if isinstance(it, BalanceOff)]
    _count(desk, found, [each.amount for each in off])
    yield from balance_doubts.of_differences(desk, off, caught.began_at, now)
    if caught.unasked and off:
        desk.seen.unexplained.clear()
        return  # what is missing may be there where nobody could ask
    yield from _adjustments(desk, off, caught.began_at, now)
    desk.seen.booked_at = caught.began_at
    if desk.seen.knows_others:
        yield from whole_again(desk)


def _count(desk: AccountState, found: Sequence[Difference], off: Iterable[Amount]) -> None:
    """Fills and ends that were not heard of yet are news and no difference; nor is a balance that is seen to differ once."""
    is_strange = any(isinstance(it, ForeignFill | OrphanOrder | RivalOrder | OtherRunOrder) for it in found)
    if is_strange or any(desk.seen.unexplained.get(amount.asset) == amount.value for amount in off):
        desk.seen.differing += 1
    else:
        desk.seen.reconciled += 1


def marks(desk: AccountState) -> Iterator[Event]:
    """The account at market, once a candle: here, where it was just tied out, and not where an entry waits for it."""
    newest = desk.seen.candles.get(desk.terms.symbols[0])
    closed_at = newest[-1].close_at if newest else 0
    worth = desk.worth() if closed_at > desk.seen.marked_to and desk.opening is not None else None
    if worth is not None:
        desk.seen.marked_to = closed_at
        yield Marked(worth=worth, marks=desk.marks())


def _strange_orders(desk: AccountState, found: Sequence[Difference], now: int) -> Iterator[Event]:
    """Orders that the journal does not know, of ours and of others. What our known orders filled is booked before: of a position
    that was closed meanwhile no order is to be taken over. Of a trader that the journal does not know a purchase is taken over at
    a start, for that journal may be lost; later its trader lives. What sells for it protects its coins, and is left alone."""
    foreign: dict[str, None] = {}
    is_start = not desk.seen.asked_at
    for difference in found:
        match difference:
            case OrphanOrder(told, own) | RivalOrder(told, own) if told.symbol in desk.terms.symbols:
                if told.side is Side.BUY or told.symbol in desk.ledger.positions:
                    yield _adoption(desk, told, own, found)
                yield from hold(desk, told.symbol, in_words(OrphanOrder(told, own)), now)
            case OtherRunOrder(told, own) if told.symbol in desk.terms.symbols and told.side is Side.BUY and is_start:
                yield _adoption(desk, told, own, found)  # it is cancelled; what it buys meanwhile is protected
            case ForeignOrder(told):
                foreign[told.venue_id] = None
                if told.venue_id not in desk.seen.foreign:
                    yield ForeignOrderSeen(symbol=told.symbol, side=told.side, quantity=told.quantity, venue_id=told.venue_id)
    desk.seen.foreign = foreign


def _late_orphans(desk: AccountState, found: Sequence[Difference]) -> Iterator[Event]:
    """What sells beside no position is left alone: it may be all that protects coins whose journal was lost. Once there is a
    position, such as by a purchase of which is heard only now, it protects that, and a stop beside it would be one too many."""
    alone: dict[str, str] = {}
    for difference in found:
        match difference:
            case OrphanOrder(told, own) | RivalOrder(told, own) if told.symbol in desk.terms.symbols:
                if desk.blotter.get(told.client_id) is not None:
                    continue
                if told.symbol in desk.ledger.positions:
                    yield _adoption(desk, told, own, found)
                else:
                    alone[told.client_id] = told.symbol
    desk.seen.orphans = alone


def _adoption(desk: AccountState, told: ToldOrder, own: ClientId, found: Sequence[Difference]) -> OrderAdopted:
    """Of one that was left alone at first, and of all when the books are opened, what is not found missing is in the books."""
    missing = (it.told for it in found if isinstance(it, MissingFill) and it.order_id == told.client_id)
    unbooked = sum((it.fill.quantity.value for it in missing if not desk.ledger.has_booked(it.symbol, it.fill)), ZERO)
    is_booked = told.client_id in desk.seen.orphans
    filled = Amount(max(told.filled.value - unbooked, ZERO) if is_booked else ZERO, told.filled.asset)
    why = "found at the venue, and is not in the journal"
    return OrderAdopted(told.client_id, why, order=_adopted(desk, told, own, filled=filled))


def _adopted(desk: AccountState, told: ToldOrder, own: ClientId, *, filled: Amount) -> Order:
    """An order of which only the venue's word is left. A stop and its target share their number, and so their pair.

    filled: what is in the books already; of the rest the fills are asked for.
    """
    is_leg = own.role in (Role.STOP, Role.TARGET)
    return Order(
        id=told.client_id,
        symbol=told.symbol,
        side=told.side,
        type=_type(told),
        role=own.role,
        quantity=told.quantity,
        price=told.price,
        stop_price=told.stop_price,
        pair=str(replace(own, role=Role.PAIR)) if is_leg else "",
        state=OrderState.UNKNOWN,
        filled=filled,
        cost=Amount(ZERO, desk.terms.instruments[told.symbol].quote),
        created_at=told.created_at or told.at,
        updated_at=told.at,
    )


def _type(told: ToldOrder) -> OrderType:
    if told.stop_price is not None:
        return OrderType.STOP if told.price is None else OrderType.STOP_LIMIT
    return OrderType.MARKET if told.price is None else OrderType.LIMIT


def _own_fills(
    desk: AccountState, missing: Iterable[MissingFill], found: Sequence[Difference], caught: Caught, now: int
) -> Iterator[Event]:
    shown = {order.client_id: order for order in (*caught.orders, *caught.owners)}
    for difference in missing:
        told, order_id = difference.told, difference.order_id
        if desk.blotter.get(order_id) is not None:
            yield from mute(desk, f"trade {told.fill.trade_id} filled", told.fill.at, caught.began_at)
        elif told.side is Side.SELL and _may_have_bought(desk, told.symbol):
            continue  # what it sold is not in the books yet; it is asked for again, and comes after it
        else:
            yield from _fill_of_an_orphan(desk, difference, shown, found, now)
        yield from of_fill(desk, told, order_id)


def _may_have_bought(desk: AccountState, symbol: str) -> bool:
    """Whether there may be a position that our books do not show: a purchase of ours is of unknown fate."""
    buys = (order for order in desk.blotter.of(symbol, Role.ENTRY) if order.state in (OrderState.SENT, OrderState.UNKNOWN))
    return symbol not in desk.ledger.positions and any(True for _ in buys)


def _fill_of_an_orphan(
    desk: AccountState, missing: MissingFill, shown: Mapping[str, OrderReport], found: Sequence[Difference], now: int
) -> Iterator[Event]:
    """An order with an id of ours that the journal does not know. What it sold of a position is the position's: it was the kill
    command, or a stop that could not be journaled. A person looks at it. What it did beside a position is not ours to book."""
    told, own = missing.told, ClientId.parse(missing.order_id)
    if own is None or told.side is Side.BUY or told.symbol not in desk.ledger.positions or missing.order_id not in shown:
        yield ExternalFill(symbol=told.symbol, side=told.side, fill=told.fill)
    else:
        for leg in (own, own.other_leg):
            if leg is not None and (report := shown.get(str(leg))) is not None and desk.blotter.get(str(leg)) is None:
                yield _adoption(desk, report, leg, found)
                yield from of_report(desk, report, now)
    to_do = f"; {lost_journal.TO_DO}" if told.side is Side.BUY else ""
    yield from hold(desk, told.symbol, f"{in_words(missing)}{to_do}", now)


def _doubted_until(order: Order) -> int:
    """A fill without an owner may be of an order that is unknown for as long as it is; of a refused one for a while."""
    return order.updated_at + FOUND_GRACE_NS if order.state is OrderState.REJECTED else FOR_GOOD


def _foreign_fills(
    desk: AccountState, found: Sequence[Difference], caught: Caught, now: int, lagging: Sequence[FillReport]
) -> Iterator[Event]:
    """Not while one of them may be ours. Who trades by hand beside a bot must look at it, so nothing is opened until then."""
    doubted = {fill.symbol for fill in lagging}
    for difference in found:
        if isinstance(difference, ForeignFill) and not desk.is_doubted(caught.began_at, difference.told.symbol):
            if difference.told.symbol in doubted:
                continue
            told = difference.told
            yield ExternalFill(
                symbol=told.symbol, side=told.side, fill=told.fill, kept=_locked_by_ours(desk, told.symbol, caught.orders)
            )
            yield from hold(desk, told.symbol, _whose(desk, difference), now)


def _locked_by_ours(desk: AccountState, symbol: str, listed: Sequence[OrderReport]) -> Decimal:
    """Coins that open sales of ours lock, by the venue's list, the legs of a pair once: nobody else has sold these."""
    ours = [order for order in listed if order.symbol == symbol and desk.blotter.get(order.client_id) is not None]
    sales = {order.list_id or order.venue_id: order for order in ours if order.side is Side.SELL}
    return sum(((order.quantity - order.filled).value for order in sales.values()), ZERO)


def _whose(desk: AccountState, difference: ForeignFill) -> str:
    """Who traded in a symbol beside this trader, and what a person does about it."""
    own = ClientId.parse(difference.told.client_id)
    if own is None or own.account != desk.terms.account:
        return f"traded by somebody else: {in_words(difference)}"
    to_do = f"; {lost_journal.TO_DO}" if difference.told.side is Side.BUY else ""
    return f"traded by an order that the journal does not know, {own}: {in_words(difference)}{to_do}"


def _adjustments(desk: AccountState, off: Sequence[BalanceOff], asked_at: int, now: int) -> Iterator[Event]:
    """Balance differences seen twice in a row while nothing was in flight, with nothing against them: the venue is right."""
    if any(order.state in (OrderState.SENT, OrderState.UNKNOWN) for order in desk.blotter.live.values()):
        desk.seen.unexplained.clear()
        return
    seen_before, desk.seen.unexplained = desk.seen.unexplained, {}
    facts = [each.amount for each in off if not each.doubt and seen_before.get(each.amount.asset) == each.amount.value]
    strange = [amount for amount in facts if not desk.ledger.transfers.expects(amount)]
    for amount in facts:
        yield Unexplained(amount=amount, told_at=asked_at)
    for amount in strange:
        yield from _hold_unexplained(desk, amount, now)
    desk.seen.unexplained = {each.amount.asset: each.amount.value for each in off if each.amount not in facts}
    if not off:
        desk.tied_at = asked_at
        yield from _more_than_there_is(desk, asked_at)


def _more_than_there_is(desk: AccountState, asked_at: int) -> Iterator[Event]:
    """A position that counts for more than the account holds, though its balance is explained: somebody has sold what open orders
    locked by the venue's list. The position loses the difference, and the balance nothing."""
    for position in list(desk.ledger.positions.values()):
        if position.quantity > desk.ledger.balances.of(position.quantity.asset):
            yield Unexplained(amount=Amount(ZERO, position.quantity.asset), told_at=asked_at)


def _hold_unexplained(desk: AccountState, amount: Amount, now: int) -> Iterator[Event]:
    """Of what is traded. Less than a lot, or than a ten-thousandth of the account, is listed and holds nothing."""
    total = abs(desk.ledger.unexplained[amount.asset])
    why = f"{in_words(BalanceOff(amount))}: a deposit, a withdrawal, a transfer or a trade elsewhere"
    if amount.value < 0:
        why += "; it counts as a loss until a person announces it: fairway transfer"
    for symbol, instrument in desk.terms.instruments.items():
        if instrument.base == amount.asset and total >= instrument.lot:
            yield from hold(desk, symbol, why, now)
    worth = desk.worth()
    if amount.asset == desk.terms.quote and (worth is None or total >= worth.value * UNEXPLAINED_MAX):
        cap = reduce_only(cap_kinds.UNEXPLAINED, why, now, scope=amount.asset)
        if cap.id not in desk.caps:
            yield CapRaised(cap=cap)


def totals_of(balances: BalanceReport) -> dict[str, Decimal]:
    return {asset: free.value + locked.value for asset, (free, locked) in balances.balances.items()}
