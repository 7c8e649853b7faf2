"""Journals written by hand for the tests of measurements: the events that trading would write, with instants of one's own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from msgspec import Struct

from fairway.journal import kinds
from fairway.money.amount import ZERO, Amount, Price
from fairway.orders import lifecycle
from fairway.orders.ids import ClientId, Role
from fairway.orders.order import Fill, Order, OrderType, Side
from fairway.watch.measurements import Measurements
from fairway.watch.observer import Observer
from fairway.watch.series import Series
from fairway.world.clock import MILLISECOND, SECOND, parse_instant

START = parse_instant("2026-01-05T00:00:00Z")
SYMBOL = "BTC/USDT"


def price(value: str | Decimal) -> Price:
    return Price(Decimal(value), "BTC", "USDT")


@dataclass
class Pen:
    """Writes one account's events, each at the instant that it has come to."""

    account: str = "main"
    now: int = START
    events: list[tuple[Struct, str, int]] = field(default_factory=list)
    sequence: int = 0
    trades: int = 0

    def write(self, *events: Struct, account: str | None = None) -> "Pen":
        self.events += [(event, self.account if account is None else account, self.now) for event in events]
        return self

    def later(self, seconds: float) -> "Pen":
        self.now += round(seconds * SECOND)
        return self

    def start(self, epoch: int = 1) -> "Pen":
        return self.write(
            kinds.TraderStarted(
                account=self.account,
                epoch=epoch,
                release="1",
                venue="practice",
                strategy="trend",
                symbols=(SYMBOL,),
                lots={SYMBOL: Decimal("0.00001")},
            )
        )

    def send(self, role: Role, quantity: str = "0.01", *, of: int | None = None, stop_price: str | None = None) -> Order:
        """of: the number that a target shares with its stop."""
        self.sequence = self.sequence + 1 if of is None else of
        order = Order(
            id=str(ClientId(self.account, 1, self.sequence, role)),
            symbol=SYMBOL,
            side=Side.BUY if role is Role.ENTRY else Side.SELL,
            type=OrderType.STOP if role is Role.STOP else OrderType.MARKET,
            role=role,
            quantity=Amount.of(quantity, "BTC"),
            stop_price=price(stop_price) if stop_price else None,
            filled=Amount(ZERO, "BTC"),
            cost=Amount(ZERO, "USDT"),
            created_at=self.now,
            updated_at=self.now,
        )
        self.write(lifecycle.OrderSent(order.id, order=order))
        return order

    def send_pair(self, stop_price: str = "90", quantity: str = "0.01") -> tuple[Order, Order]:
        stop = self.send(Role.STOP, quantity, stop_price=stop_price)
        return stop, self.send(Role.TARGET, quantity, of=self.sequence)

    def accept(self, *orders: Order) -> "Pen":
        return self.write(*(lifecycle.OrderAccepted(order.id, venue_id=f"v{order.id}") for order in orders))

    def fill(self, order: Order, quantity: str, at_price: str, fee: Amount | None = None) -> "Pen":
        self.trades += 1
        quote = Amount(Decimal(quantity) * Decimal(at_price), "USDT")
        return self.write(
            lifecycle.OrderFilled(
                order.id,
                fill=Fill(
                    trade_id=str(self.trades),
                    price=price(at_price),
                    quantity=Amount.of(quantity, "BTC"),
                    quote=quote,
                    fee=fee if fee is not None else Amount(ZERO, "USDT"),
                    is_maker=False,
                    at=self.now,
                ),
            )
        )

    def plan(self, stop: str = "90", target: str = "130", ask: str = "100") -> "Pen":
        return self.write(
            kinds.EntryPlanned(
                symbol=SYMBOL,
                order_id="",
                stop=price(stop),
                target=price(target),
                why="",
                quote_age_ns=20 * MILLISECOND,
                price=price(ask),
            )
        )

    def buy(self, quantity: str = "0.01", at_price: str = "100", *, stop: str = "90") -> Order:
        self.plan(stop, ask=at_price)
        order = self.send(Role.ENTRY, quantity)
        self.later(0.1).accept(order).fill(order, quantity, at_price)
        return order

    def observer(self) -> Observer:
        return observed(self.events)

    def series(self) -> dict[str, Series]:
        return measured(self.events)


def observed(events: Sequence[tuple[Struct, str, int]]) -> Observer:
    observer = Observer()
    for event, account, at in events:
        observer.take(event, account, at)
    return observer


def measured(events: Sequence[tuple[Struct, str, int]]) -> dict[str, Series]:
    measurements = Measurements()
    measurements.add(observed(events).observations)
    return dict(measurements.series())


def busy(trades: int) -> list[tuple[Struct, str, int]]:
    """Two accounts that trade: good and bad orders, stops and restarts, and the trader's own word once a minute."""
    one, two = Pen("ann"), Pen("bob")
    for pen in (one, two):
        pen.start()
    for number in range(trades):
        pen = one if number % 3 else two
        pen.now = START + number * 60 * SECOND
        entry = pen.buy(at_price="100", stop="90")
        stop, target = pen.later(1).send_pair("90")
        pen.accept(stop, target).later(20)
        if number % 5 == 4:
            pen.write(lifecycle.OrderLost(stop.id)).later(2).accept(stop)
        sold = stop if number % 4 else target
        fee = Amount.of("0.00001", "BNB") if number % 3 else None
        pen.fill(sold, "0.01", "89.9" if number % 4 else "130", fee).write(
            lifecycle.OrderExpired((target if number % 4 else stop).id)
        )
        if number % 10 == 9:
            marks = {SYMBOL: Decimal(100), "BNB/USDT": Decimal(500 + number)}
            pen.write(kinds.Marked(worth=Amount.of("1000", "USDT"), marks=marks))
        if number % 7 == 6:
            pen.write(lifecycle.OrderRejected(pen.send(Role.ENTRY).id))
        pen.later(30).write(
            kinds.ProcessMeasured(since=pen.now, calls=10 + number, calls_failed=number % 2, data_age_ns=SECOND), account=""
        )
        assert entry.symbol == SYMBOL
    return sorted(one.events + two.events, key=lambda each: each[2])
