"""Asks a venue for the whole truth about one account, in an order that leaves no gap."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from msgspec import structs

from fairway.ledger.balances import differences
from fairway.ledger.reconcile import BalanceOff, reconcile
from fairway.orders.ids import ClientId
from fairway.orders.order import Order, OrderState
from fairway.trading.account_state import AccountState
from fairway.trading.event_mapping import has_no_owner
from fairway.trading.inputs import AccountSnapshot, SingleOrdersReported
from fairway.trading.order_queries import fills_wanted
from fairway.trading.other_writers import RECENT_NS
from fairway.trading.reconciliation import belief_of, totals_of, truth_of
from fairway.venues.port import (
    BalanceReport,
    FillReport,
    KeyRefused,
    KeyRights,
    OrderReport,
    Rejected,
    Throttled,
    Unreadable,
    Venue,
    VenueError,
)

OWNERS_MAX = 20
"""Orders that are asked for because a fill is of an order that we do not know. Fills after those wait for the next time."""
ASKED_SINGLY = (OrderState.OPEN, OrderState.PARTLY)
"""Orders in other states are asked for each second, until their fate is known."""


async def ask_for_everything(venue: Venue, state: AccountState, began_at: int) -> AccountSnapshot:
    """Open orders and balances; and fills, where the state does not explain the balances. Raises VenueErrors.

    What fills do not explain either is asked for at the venue's other endpoint; before the books are opened, that is asked in any
    case, and the newest orders with it. A symbol that the venue does not know any more keeps no other from being asked for.
    """
    orders = await venue.open_orders(_symbols_to_ask(state))
    balances = await venue.balances()
    query = _FillQuery(venue, state, {(order.symbol, order.venue_id) for order in orders})
    if state.money.opening is not None and differences(state.money.ledger.balances.totals, totals_of(balances)):
        for symbol in state.config.symbols:
            await query.ask(symbol)
    history: Mapping[str, Sequence[OrderReport] | None] | None = {}
    if not state.transient.knows_others or state.money.opening is None:
        history = await _newest_orders(venue, state, began_at, query)
    caught = AccountSnapshot(
        orders, query.fills, balances, began_at, query.unasked, query.owners, query.ownerless, history=history
    )
    doubts = (it for it in reconcile(belief_of(state), truth_of(caught)) if isinstance(it, BalanceOff) and it.doubt)
    if state.money.opening is None or any(True for _ in doubts):
        return structs.replace(caught, second=await _second_balances(venue))
    return caught


async def _second_balances(venue: Venue) -> BalanceReport | None:
    """None where the venue has no other endpoint, or it does not answer: then it confirms nothing. Raises Throttled."""
    if not venue.promises.second_balances:
        return None
    try:
        return await venue.second_balances()
    except Throttled:
        raise
    except VenueError:
        return None


async def _newest_orders(
    venue: Venue, state: AccountState, began_at: int, query: "_FillQuery"
) -> Mapping[str, Sequence[OrderReport] | None] | None:
    """By symbol, orders that another trader, or another life of the journal, may have sent. Where the venue does not tell of
    orders that are over, those of the last day's fills. None where it does not answer: what is held is protected all the same."""
    found: dict[str, Sequence[OrderReport] | None] = {}
    for symbol in state.config.symbols:
        try:
            if venue.promises.order_history:
                found[symbol] = await venue.newest_orders(symbol)
            else:
                found[symbol] = await query.owners_of(await venue.fills_since(symbol, "", began_at - RECENT_NS)) or None
        except (Throttled, KeyRefused):
            return None
        except Rejected:
            found[symbol] = None  # it was delisted, and nothing can be opened in it
        except VenueError:
            return None
    return found


@dataclass(slots=True)
class _FillQuery:
    """Fills, and whose they are, of which a history may tell only the venue's own number of the order.

    An order that our books do not have is asked for, as it may be ours: a sale of the kill command, or one never journaled.
    """

    venue: Venue
    state: AccountState
    listed: set[tuple[str, str]]
    fills: list[FillReport] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)
    ownerless: list[FillReport] = field(default_factory=list)
    _asked: dict[tuple[str, str], OrderReport | FillReport | None] = field(default_factory=dict)
    """By symbol and the venue's number: the order; None where the venue knows none; the fill, where it does not say."""

    async def ask(self, symbol: str) -> None:
        try:
            fills = await self.venue.fills_since(symbol, *fills_wanted(self.state, symbol))
        except (Throttled, KeyRefused):
            raise
        except Rejected:
            self.unasked.append(symbol)
            return
        for fill in fills:
            key = symbol, fill.venue_id
            if has_no_owner(self.state, fill) and key not in self.listed:
                if key not in self._asked and len(self._asked) >= OWNERS_MAX:
                    self.unasked.append(symbol)
                    return
                await self._name(fill)
            else:
                self.fills.append(fill)

    async def _name(self, fill: FillReport) -> None:
        """Where the venue does not answer that, the fill is taken as it was told."""
        key = fill.symbol, fill.venue_id
        if key not in self._asked:
            try:
                self._asked[key] = await self.venue.order_of(*key)
                await self._ask_for_other_leg(self._asked[key])
            except (Throttled, KeyRefused):
                raise
            except Rejected:
                self._asked.setdefault(key, fill)
        owner = self._asked[key]
        if owner is None:
            self.ownerless.append(fill)
        self.fills.append(replace(fill, client_id=owner.client_id) if owner is not None else fill)

    async def _ask_for_other_leg(self, owner: OrderReport | FillReport | None) -> None:
        """Of a pair that our books do not have, the leg that did not fill is over as well, and nothing else would tell."""
        own = ClientId.parse(owner.client_id) if owner is not None else None
        if owner is None or own is None or own.account != self.state.config.account or own.other_leg is None:
            return
        beside = str(own.other_leg)
        leg = await self.venue.find(owner.symbol, beside) if self.state.orders.blotter.get(beside) is None else None
        if leg is not None:
            self._asked[leg.symbol, leg.venue_id] = leg

    async def owners_of(self, fills: Sequence[FillReport]) -> list[OrderReport]:
        """The orders of the newest of these fills, as far as the venue knows them."""
        owners: list[OrderReport] = []
        for venue_id in list(dict.fromkeys(fill.venue_id for fill in reversed(fills)))[:OWNERS_MAX]:
            owner = await self.venue.order_of(fills[0].symbol, venue_id)
            owners += [owner] if owner is not None else []
        return owners

    @property
    def owners(self) -> list[OrderReport]:
        return [owner for owner in self._asked.values() if isinstance(owner, OrderReport)]


@dataclass(slots=True)
class _OfSymbol:
    orders: list[OrderReport] = field(default_factory=list)
    denied: list[Order] = field(default_factory=list)
    fills: Sequence[FillReport] = ()


async def ask_singly(venue: Venue, state: AccountState, began_at: int) -> SingleOrdersReported:
    """Of each symbol in which there is a position, an order, or a fill that is not booked. All symbols at once: one of which
    nothing is told delays no other. Never raises VenueErrors: what is not told is left out."""
    known: list[Order | OrderReport] = [*state.orders.blotter.live.values(), *state.orders.reports.values()]
    symbols = dict.fromkeys((*state.money.ledger.positions, *(each.symbol for each in known)))
    answers = await asyncio.gather(*(_ask(venue, state, symbol) for symbol in symbols))
    answered = {symbol: answer for symbol, answer in zip(symbols, answers, strict=True) if answer is not None}
    return SingleOrdersReported(
        symbols=list(answered),
        orders=[order for answer in answered.values() for order in answer.orders],
        denied=[order for answer in answered.values() for order in answer.denied],
        fills=[fill for answer in answered.values() for fill in answer.fills],
        began_at=began_at,
    )


async def _ask(venue: Venue, state: AccountState, symbol: str) -> _OfSymbol | None:
    """Orders before fills: what fills meanwhile is told by one of the two. None where one of the questions has no answer."""
    answer = _OfSymbol()
    try:
        for order in [order for order in state.orders.blotter.of(symbol) if order.state in ASKED_SINGLY]:
            report = await find(venue, order)
            if report is None:
                answer.denied.append(order)
            else:
                answer.orders.append(report)
        answer.fills = await venue.fills_since(symbol, *fills_wanted(state, symbol))
    except VenueError:
        return None
    return answer


async def find(venue: Venue, order: Order) -> OrderReport | None:
    """An order by client id. Where that answer cannot be read, the list of the newest orders may show it. Raises VenueErrors."""
    try:
        return await venue.find(order.symbol, order.id)
    except Unreadable:
        if not venue.promises.order_history:
            raise
        for report in await venue.newest_orders(order.symbol):
            if report.client_id == order.id:
                return report
        raise  # that it is not there proves nothing


def _symbols_to_ask(state: AccountState) -> Sequence[str]:
    """All symbols at the first time, because an earlier configuration may have left orders anywhere, and while balances differ,
    because another trader's orders in other symbols lock and spend them; else the symbols in which the account has something."""
    if not state.transient.asked_at or state.money.unexplained:
        return ()
    return list(dict.fromkeys((*state.config.symbols, *(order.symbol for order in state.orders.blotter.live.values()))))


async def ask_rights(venue: Venue) -> KeyRights | None:
    """What the key may do; None where the venue does not tell. Raises VenueErrors."""
    if not venue.promises.key_rights:
        return None
    try:
        return await venue.key_rights()
    except (Throttled, KeyRefused):
        raise
    except Rejected:
        return None
