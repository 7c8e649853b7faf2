"""Two traders that follow the same signals, their journals written by hand."""

from collections.abc import Sequence
from decimal import Decimal

from tests.pure.watch.journals import START, SYMBOL, Pen, price

from fairway.assembly import CODEC
from fairway.journal import kinds
from fairway.journal.memory import MemoryFile, open_memory
from fairway.journal.port import Record
from fairway.launch.observation.comparison.comparison_sources import Unfollowed
from fairway.money.amount import ZERO, Amount
from fairway.orders import lifecycle
from fairway.orders.ids import ClientId, Role
from fairway.orders.order import Order, OrderType, Side
from fairway.world.clock import MINUTE, SECOND


class Trader(Pen):
    """A pen that follows signals. Each is named by its minute after the start, and how late it was followed."""

    def __init__(self, release: str = "r1", account: str = "main", *, since: int = START) -> None:
        super().__init__(account)
        self.now = since
        self.run(release)

    def run(self, release: str) -> "Trader":
        self.write(
            kinds.TraderStarted(
                account=self.account, epoch=1, release="1", venue="x", strategy="trend", symbols=(SYMBOL,), bot=release
            )
        )
        return self

    def at(self, minute: float) -> "Trader":
        self.now = START + round(minute * MINUTE)
        return self

    def enter(self, minute: int, *prices: str, late: float = 1, symbol: str = SYMBOL, fill_after: float = 0.1) -> "Trader":
        """Each price is that of one fill of a hundredth."""
        self.at(minute).later(late)
        order = self._order(Role.ENTRY, Side.BUY, symbol)
        planned = kinds.EntryPlanned(
            symbol=symbol,
            order_id=order.id,
            stop=price("90"),
            target=price("130"),
            why="",
            quote_age_ns=0,
            price=price("100"),
            intent_age_ns=round(late * SECOND),
        )
        self.write(planned, lifecycle.OrderSent(order.id, order=order)).later(fill_after)
        for each in prices:
            self.fill(order, "0.01", each)
        return self

    def leave(self, minute: int, *prices: str, late: float = 1) -> "Trader":
        """Each price is that of an order of its own, as where the book could not take all at once."""
        self.at(minute).later(late).write(kinds.ExitWanted(symbol=SYMBOL, why="the trend is over"))
        for each in prices:
            order = self._order(Role.EXIT, Side.SELL, SYMBOL)
            self.write(lifecycle.OrderSent(order.id, order=order)).later(0.1)
            self.fill(order, "0.01", each)
        return self

    def beat(self, minute: float) -> "Trader":
        self.at(minute).write(kinds.ProcessMeasured(since=self.now - MINUTE), account="")
        return self

    def _order(self, role: Role, side: Side, symbol: str) -> Order:
        self.sequence += 1
        return Order(
            id=str(ClientId(self.account, 1, self.sequence, role)),
            symbol=symbol,
            side=side,
            type=OrderType.MARKET,
            role=role,
            quantity=Amount.of("0.01", "BTC"),
            filled=Amount(ZERO, "BTC"),
            cost=Amount(ZERO, "USDT"),
            created_at=self.now,
            updated_at=self.now,
        )


def records(*pens: Pen) -> list[Record]:
    """One journal of all of them."""
    file = MemoryFile("a trader")
    journal = open_memory(file, CODEC, mode="practice", trader="main")
    for event, account, at in sorted((each for pen in pens for each in pen.events), key=lambda each: each[2]):
        journal.append([event], account=account, author="trader", at=at)
    journal.sync()
    return list(file.records)


class Kept:
    """A journal that is read in pages, and that can be out of reach."""

    def __init__(self, written: Sequence[Record], *, page: int = 3) -> None:
        self.written, self.trouble, self._page = list(written), "", page

    async def news(self, after: int) -> Sequence[Record]:
        if self.trouble:
            raise Unfollowed(self.trouble)
        return [each for each in self.written if each.seq > after][: self._page]


def bps(value: float) -> float:
    return float(round(Decimal.from_float(value), 6))
