"""The coins that orders of the bot bought, by the exchange's own log: which are still there, and since when a stop covers each.

Coins are counted first in, first out. An order is the bot's if it came over the wire with a client id of our form, whatever life
of the trader sent it.
"""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Final, NamedTuple

from fairway.exchange.answers import Fill, OrderSnapshot, OrderStatus
from fairway.exchange.events import BalanceMoved, BalancesChanged, OrderReport
from fairway.exchange.order_types import STOP_LOSS
from fairway.exchange.terms import Side
from fairway.exchange.units import ONE
from fairway.market.instrument import Instrument
from fairway.proving.exchange_log import ExchangeLog
from fairway.world.clock import SECOND

LIVE: Final = (OrderStatus.NEW, OrderStatus.PENDING_NEW, OrderStatus.PARTIALLY_FILLED)
TRIGGERED_COVERS_NS: Final = 5 * SECOND
"""For so long a stop that was triggered and is not filled counts as a stop; then its coins are unprotected."""

Record = OrderReport | BalancesChanged | BalanceMoved


class Unprotected(NamedTuple):
    """Coins (units of base) that no stop covered from an instant to another (ns). order_id: of the order that bought them."""

    since: int
    until: int
    quantity: int
    order_id: str


class CoinPosition(NamedTuple):
    """What the bot has in one symbol from an instant on, in units of base, by the exchange's log alone."""

    at: int
    held: int
    """Bought and not sold by orders of the bot, less fees."""
    closing: int
    """What all resting sales of the bot would sell together; the two legs of a pair count once."""
    sells: tuple[OrderSnapshot, ...]
    buys: tuple[OrderSnapshot, ...]


def own_id(report: OrderReport) -> str:
    """The order's own client id: a report of a cancel has the id of the cancel request in its place."""
    return report.original_client_id or report.order.client_id


@dataclass(slots=True)
class _Coins:
    """Coins that one order bought. naked_since: None while a stop covers them."""

    quantity: int
    order_id: str
    naked_since: int | None = None


@dataclass(slots=True)
class Tracker:
    """Follows one symbol through the log. Units throughout."""

    pair: Instrument
    sent: Set[str]
    """Client ids of the orders of the bot."""
    coins: list[_Coins] = field(default_factory=list)
    unprotected: list[Unprotected] = field(default_factory=list)
    positions: list[CoinPosition] = field(default_factory=list)
    _live: dict[int, OrderSnapshot] = field(default_factory=dict)
    _owners: dict[int, bool] = field(default_factory=dict)
    _triggered_at: dict[int, int] = field(default_factory=dict)
    _held: int = 0
    _taken: int = 0
    """What persons sold or withdrew while the bot held something: perhaps of the bot's coins."""
    _last: int = 0
    _free: int = 0

    def follow(self, log: ExchangeLog, ended_at: int) -> None:
        mine = [it for it in log.reports if it.order.symbol == self.pair.venue_symbol]
        self._free = log.opening.get(self.pair.base, 0)
        records: list[Record] = sorted([*mine, *log.balances, *log.moves], key=_instant)
        for at, together in groupby(records, key=_instant):
            self._expire_triggered(at)
            is_news = False
            for record in together:
                is_news |= self._take(record)
            if is_news:
                self._settle(at)
        self._expire_triggered(ended_at)
        self._close_naked(self.coins, ended_at)

    def _expire_triggered(self, until: int) -> None:
        """Stops that were triggered, and whose time to sell ended before an instant."""
        ends = sorted(at + TRIGGERED_COVERS_NS for at in self._triggered_at.values())
        for end in ends:
            if self.positions and self.positions[-1].at < end < until:
                self._cover(end)

    # -- records ---------------------------------------------------------------------------------------------------

    def _take(self, record: Record) -> bool:
        match record:
            case OrderReport():
                self._take_report(record)
                return True
            case BalancesChanged(balances=balances):
                free = next((it.free for it in balances if it.asset == self.pair.base), self._free)
                is_new, self._free = free != self._free, free
                return is_new and self._held > 0
            case BalanceMoved(asset=asset, delta=delta):
                if asset == self.pair.base and delta < 0 and self._held > 0:
                    self._taken += -delta
                return asset == self.pair.base

    def _take_report(self, report: OrderReport) -> None:
        order, fill = report.order, report.fill
        is_own = own_id(report) in self.sent
        if fill is not None:
            self._last = fill.price
            self._fill(own_id(report), fill, is_own=is_own)
        self._live.pop(order.order_id, None)
        if not is_own:
            return
        if order.status in LIVE:
            self._live[order.order_id] = order
            if order.type in STOP_LOSS and order.is_working:
                self._triggered_at.setdefault(order.order_id, report.at)
        else:
            self._triggered_at.pop(order.order_id, None)

    def _fill(self, order_id: str, fill: Fill, *, is_own: bool) -> None:
        fee = fill.commission if fill.commission_asset == self.pair.base else 0
        if fill.side is Side.BUY and is_own:
            self._held += fill.quantity - fee
            self.coins.append(_Coins(fill.quantity - fee, order_id))
        elif is_own:
            self._held -= fill.quantity + fee
            self._sell(fill.quantity + fee, fill.at)
        elif fill.side is Side.SELL and self._held > 0:
            self._taken += fill.quantity + fee

    def _sell(self, quantity: int, at: int) -> None:
        """A sale is progress: the coins that are left begin their time again."""
        gone: list[_Coins] = []
        while quantity and self.coins:
            oldest = self.coins[0]
            sold = min(oldest.quantity, quantity)
            gone.append(_Coins(sold, oldest.order_id, oldest.naked_since))
            quantity -= sold
            oldest.quantity -= sold
            if not oldest.quantity:
                del self.coins[0]
        self._close_naked([*gone, *self.coins], at)
        for coins in self.coins:
            coins.naked_since = at if coins.naked_since is not None else None

    def _close_naked(self, coins: Sequence[_Coins], at: int) -> None:
        for each in coins:
            if each.naked_since is not None and at > each.naked_since:
                self.unprotected.append(Unprotected(each.naked_since, at, each.quantity, each.order_id))

    # -- the end of an instant -------------------------------------------------------------------------------------

    def _settle(self, at: int) -> None:
        if not self._live and self._held >= 0 and self._is_dust(self._held):
            self._close_naked(self.coins, at)
            self.coins.clear()
            self._held = 0
        if self._held <= 0:
            self._taken = 0
        self._cover(at)

    def _cover(self, at: int) -> None:
        sells = tuple(order for order in self._live.values() if order.side is Side.SELL)
        buys = tuple(order for order in self._live.values() if order.side is Side.BUY)
        closing = closing_of(sells)
        self.positions.append(CoinPosition(at, self._held, closing, sells, buys))
        stops = sum(left_of(order) for order in sells if self._is_stop(order, at))
        needed = self.sellable(min(self._held - self._taken, self._free + closing))
        self._mark(max(needed - stops, 0), at)

    def _is_stop(self, order: OrderSnapshot, at: int) -> bool:
        triggered_at = self._triggered_at.get(order.order_id)
        return order.type in STOP_LOSS and (triggered_at is None or at < triggered_at + TRIGGERED_COVERS_NS)

    def sellable(self, quantity: int) -> int:
        """What of a quantity an order can sell, on lots; 0 where it is dust."""
        lot = _units(self.pair.lot)
        on_lots = max(quantity, 0) // lot * lot
        return 0 if self._is_dust(on_lots) else on_lots

    def _is_dust(self, quantity: int) -> bool:
        least = max(_units(self.pair.lot), _units(self.pair.quantity_min))
        return quantity < least or quantity * self._last // ONE < _units(self.pair.notional_min)

    def _mark(self, naked: int, at: int) -> None:
        """The newest coins are those that no stop covers."""
        covered = max(sum(coins.quantity for coins in self.coins) - naked, 0)
        marked: list[_Coins] = []
        for coins in self.coins:
            under = min(coins.quantity, covered)
            covered -= under
            if under:
                self._close_naked([_Coins(under, coins.order_id, coins.naked_since)], at)
                marked.append(_Coins(under, coins.order_id))
            if coins.quantity > under:
                since = at if coins.naked_since is None else coins.naked_since
                marked.append(_Coins(coins.quantity - under, coins.order_id, since))
        self.coins = marked


def followed(log: ExchangeLog, pair: Instrument, ended_at: int) -> Tracker:
    """One symbol, followed to the end of the play."""
    tracker = Tracker(pair, log.sent)
    tracker.follow(log, ended_at)
    return tracker


def left_of(order: OrderSnapshot) -> int:
    return order.quantity - order.executed


def closing_of(sells: Sequence[OrderSnapshot]) -> int:
    """What sales would sell together; the two legs of a pair count once."""
    pairs, total = dict[int, int](), 0
    for order in sells:
        if order.list_id > 0:
            pairs[order.list_id] = max(pairs.get(order.list_id, 0), left_of(order))
        else:
            total += left_of(order)
    return total + sum(pairs.values())


def accepted_buys(log: ExchangeLog) -> Iterator[tuple[str, OrderSnapshot]]:
    """Each buy of the bot that the exchange accepted, once, with its client id."""
    known = set[int]()
    for report in log.reports:
        if report.order.side is Side.BUY and report.order.order_id not in known:
            known.add(report.order.order_id)
            if own_id(report) in log.sent and report.order.status is not OrderStatus.REJECTED:
                yield own_id(report), report.order


def _instant(record: Record) -> int:
    return record.at


def _units(value: Decimal) -> int:
    return int(value * ONE)
