"""One account of a running system, seen from the other side: by the venue's own answers, and by the trader's journal."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Protocol

from fairway.journal.account_permissions import AccountPermissions, apply_event
from fairway.orders.ids import ClientId, Role
from fairway.orders.order import Side
from fairway.world.clock import MILLISECOND, SECOND

if TYPE_CHECKING:
    from msgspec import Struct

    from fairway.journal.port import Record
    from fairway.market.instrument import Instrument
    from fairway.venues.port import OrderReport, Venue
    from fairway.world.clock import Clock

LOOK_AGAIN_S: Final = 0.2
BARE_AT_MOST_NS: Final = 5 * SECOND
"""A stop that is moved is gone for an instant; one that is missing for longer is missing."""
_PROTECTING: Final = (Role.STOP, Role.TARGET)


class JournalNews(Protocol):
    """Where new records of the trader's journal come from."""

    async def news(self, after: int) -> "Sequence[Record]":
        """The next ones after a number; none where there are no more. Raises JournalErrors."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueView:
    """What the venue said of the account at one instant. Quantities by symbol."""

    entries: "tuple[OrderReport, ...]"
    """Open orders of ours that protect nothing."""
    held: Mapping[str, Decimal]
    stopped: Mapping[str, Decimal]
    """How much stop orders would sell."""

    def bare(self, symbol: str) -> Decimal:
        """How much is held that no stop would sell."""
        return self.held[symbol] - self.stopped[symbol]

    @property
    def protected(self) -> list[str]:
        """Symbols with a stop at the venue: positions of ours."""
        return [symbol for symbol, quantity in self.stopped.items() if quantity]


def view_of(
    account: str, instruments: "Mapping[str, Instrument]", orders: "Sequence[OrderReport]", balances: Mapping[str, Decimal]
) -> VenueView:
    """instruments: those that are traded. balances: free and locked together, by asset."""
    ours = [(own, each) for each in orders if (own := ClientId.parse(each.client_id)) is not None and own.account == account]
    stopped = dict.fromkeys(instruments, Decimal(0))
    for own, order in ours:
        if own.role is Role.STOP and order.symbol in stopped:
            stopped[order.symbol] += order.quantity.value - order.filled.value
    return VenueView(
        entries=tuple(order for own, order in ours if own.role not in _PROTECTING),
        held={symbol: balances.get(each.base, Decimal(0)) for symbol, each in instruments.items()},
        stopped=stopped,
    )


class ObservedAccount:
    """events: what the trader has journaled of the account since the drill began, each with its instant (ns)."""

    def __init__(
        self,
        account: str,
        symbols: Sequence[str],
        venue: "Venue",
        journal: JournalNews,
        clock: "Clock",
        permissions: AccountPermissions,
        seq: int,
    ) -> None:
        """permissions: as the journal's records up to number seq have them."""
        self.account, self.symbols, self.permissions, self.seq = account, symbols, permissions, seq
        self.events: list[tuple[int, Struct]] = []
        self._venue, self._journal, self._clock = venue, journal, clock
        self._traded: dict[str, Instrument] = {}

    async def open(self) -> None:
        """Raises VenueErrors."""
        listed = await self._venue.open()
        self._traded = {symbol: listed[symbol] for symbol in self.symbols if symbol in listed}

    # -- the journal ---------------------------------------------------------------------------------------------

    async def read(self) -> None:
        """Takes what the trader has written since. Raises JournalErrors."""
        from fairway.assembly import CODEC

        while page := await self._journal.news(self.seq):
            for record in page:
                self.seq = record.seq
                if record.account == self.account and record.kind in CODEC.kinds:
                    event = CODEC.decode(record)
                    apply_event(self.permissions, event)
                    self.events.append((record.at, event))

    def since(self, count: int) -> "Sequence[tuple[int, Struct]]":
        """The events after the first so many."""
        return self.events[count:]

    def after(self, is_it: "Callable[[Struct], bool]") -> int:
        """How many events there are up to the last one that is it, inclusive; all where none is."""
        places = [place for place, (_, event) in enumerate(self.events, 1) if is_it(event)]
        return places[-1] if places else len(self.events)

    async def until(self, done: Callable[[], bool], within_ns: int) -> int | None:
        """How long it took until the trader's journal showed it (ns); None where it did not in time."""
        began = self._clock.monotonic()
        while True:
            await self.read()
            took = self._clock.monotonic() - began
            if done():
                return took
            if took >= within_ns:
                return None
            await asyncio.sleep(LOOK_AGAIN_S)

    # -- the venue -----------------------------------------------------------------------------------------------

    async def look(self) -> VenueView:
        """Raises VenueErrors."""
        orders = await self._venue.open_orders(self.symbols)
        report = await self._venue.balances()
        balances = {asset: free.value + locked.value for asset, (free, locked) in report.balances.items()}
        return view_of(self.account, self._traded, orders, balances)

    async def entries(self) -> "Sequence[OrderReport]":
        """Open orders that protect nothing, of the traded symbols. Raises VenueErrors."""
        return view_of(self.account, self._traded, await self._venue.open_orders(self.symbols), {}).entries

    async def venue_time(self) -> int:
        """The venue's own clock (ns)."""
        return await self._venue.server_time()

    async def opened_since(self, at: int) -> list[str]:
        """What was bought, or offered to be bought, since an instant of the venue's clock (ns). Raises VenueErrors."""
        found = []
        for symbol in self._traded:
            if self._venue.promises.order_history:
                orders = [each for each in await self._venue.newest_orders(symbol) if each.side is Side.BUY]
                found += [f"{each.client_id} in {symbol}" for each in orders if (each.created_at or each.at) > at]
            else:
                fills = await self._venue.fills_since(symbol, "", at)
                found += [f"{each.fill.quantity} of {symbol}" for each in fills if each.side is Side.BUY and each.fill.at > at]
        return found

    async def bared_since(self, before: VenueView) -> list[str]:
        """Symbols in which more that could be sold is without a stop than before, for longer than a stop may be moved."""
        ends_at = self._clock.monotonic() + BARE_AT_MOST_NS
        while True:
            now = await self.look()
            bared = [symbol for symbol in self._traded if await self._is_bared(symbol, now.bare(symbol) - before.bare(symbol))]
            if not bared or self._clock.monotonic() >= ends_at:
                return bared
            await asyncio.sleep(LOOK_AGAIN_S)

    async def _is_bared(self, symbol: str, more: Decimal) -> bool:
        """Whether so much more without a stop is more than dust."""
        from fairway.money.grid import Round

        instrument = self._traded[symbol]
        quantity = instrument.quantity(max(more, Decimal(0)))
        if not quantity.value:
            return False
        quote = await self._venue.quote(symbol)
        return instrument.breach(quantity, instrument.price(quote.bid, Round.DOWN)) is None


async def first_time(
    clock: "Clock", done: Callable[[], Awaitable[bool]], within_ns: int, every_ns: int = 20 * MILLISECOND
) -> int | None:
    """How long it took until something was so (ns); None where it was not in time."""
    began = clock.monotonic()
    while True:
        is_done = await done()
        took = clock.monotonic() - began
        if is_done:
            return took
        if took >= within_ns:
            return None
        await asyncio.sleep(every_ns / SECOND)
