"""Journals written by hand for the reports' tests: a scribe that writes the events that trading would."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from fairway.journal import kinds
from fairway.journal.kinds import Event
from fairway.market.candles import Candle
from fairway.market.instrument import Instrument
from fairway.money.amount import ZERO, Amount, Price
from fairway.orders import lifecycle
from fairway.orders.ids import Role
from fairway.orders.intent import ExitCause
from fairway.orders.order import Fill, Order, OrderType, Side
from fairway.reports.run import DataFile, DemoResult
from fairway.world.clock import MINUTE, SECOND, parse_instant

START = parse_instant("2022-01-01T00:00:00Z")


def pair(symbol: str, tick: str = "0.01", lot: str = "0.00001") -> Instrument:
    base, quote = symbol.split("/")
    return Instrument(symbol=symbol, venue_symbol=base + quote, base=base, quote=quote, tick=Decimal(tick), lot=Decimal(lot))


PAIRS = {each.symbol: each for each in (pair("BTC/USDT"), pair("ETH/USDT", lot="0.0001"), pair("SOL/USDT", lot="0.001"))}


@dataclass
class Exchange:
    """What the other side holds, by its own arithmetic: it shares nothing with our ledger."""

    totals: dict[str, Decimal] = field(default_factory=dict)

    def move(self, amount: Amount) -> None:
        self.totals[amount.asset] = self.totals.get(amount.asset, ZERO) + amount.value

    def book(self, side: Side, fill: Fill) -> None:
        got, gave = (fill.quantity, fill.quote) if side is Side.BUY else (fill.quote, fill.quantity)
        for amount in (got, -gave, -fill.fee):
            self.move(amount)


@dataclass
class Scribe:
    """Writes events and keeps an exchange's balances beside them."""

    opening: Mapping[str, Decimal] = field(default_factory=lambda: {"USDT": Decimal(10_000)})
    pairs: Mapping[str, Instrument] = field(default_factory=lambda: PAIRS)
    now: int = START
    events: list[tuple[Event, int]] = field(default_factory=list)
    exchange: Exchange = field(default_factory=Exchange)
    legs: dict[str, dict[Role, Order]] = field(default_factory=dict)
    """Stops and targets at work, by symbol."""
    orders: int = 0
    trades: int = 0

    def begin(self) -> "Scribe":
        self.write(
            kinds.TraderStarted(
                account="main", epoch=1, release="0.1.0", venue="practice", strategy="trend", symbols=tuple(self.pairs)
            )
        )
        self.exchange.totals = dict(self.opening)
        self.write(kinds.BalancesOpened(balances=dict(self.opening)))
        return self

    def write(self, *events: Event) -> None:
        self.events += [(event, self.now) for event in events]

    def later(self, nanoseconds: int) -> "Scribe":
        self.now += nanoseconds
        return self

    def mark(self, prices: Mapping[str, Decimal], quote: str = "USDT") -> None:
        units = {self.pairs[symbol].base: price for symbol, price in prices.items()}
        worth = sum((value * units.get(asset, Decimal(1)) for asset, value in self.exchange.totals.items()), ZERO)
        self.write(kinds.Marked(worth=Amount(worth, quote), marks=dict(prices)))

    def draft(self, symbol: str, role: Role, quantity: Decimal, *, price: Decimal | None = None, pair: str = "") -> Order:
        instrument = self.pairs[symbol]
        self.orders += 1
        level = None if price is None else Price(price, instrument.base, instrument.quote)
        order = Order(
            id=f"fw-main-1-{self.orders}-{role.value}",
            symbol=symbol,
            side=Side.BUY if role is Role.ENTRY else Side.SELL,
            type=OrderType.MARKET if price is None else OrderType.LIMIT,
            role=role,
            quantity=Amount(quantity, instrument.base),
            price=level if role is not Role.STOP else None,
            stop_price=level if role is Role.STOP else None,
            filled=Amount(ZERO, instrument.base),
            cost=Amount(ZERO, instrument.quote),
            pair=pair,
            created_at=self.now,
            updated_at=self.now,
        )
        self.write(lifecycle.OrderSent(order.id, order=order))
        return order

    def accept(self, order: Order) -> None:
        self.write(lifecycle.OrderAccepted(order.id, venue_id=f"v{order.id}"))

    def fill(self, order: Order, quantity: Decimal, price: Decimal, fee: Amount | None = None) -> Fill:
        instrument = self.pairs[order.symbol]
        self.trades += 1
        bought = Amount(quantity, instrument.base)
        spent = Amount(quantity * price, instrument.quote)
        fill = Fill(
            trade_id=str(self.trades),
            price=Price(price, instrument.base, instrument.quote),
            quantity=bought,
            quote=spent,
            fee=fee or (bought if order.side is Side.BUY else spent) * Decimal("0.001"),
            is_maker=False,
            at=self.now,
        )
        self.exchange.book(order.side, fill)
        self.write(lifecycle.OrderFilled(order.id, fill=fill))
        return fill

    def buy(self, symbol: str, quantity: str, price: str, *, stop: str, target: str, why: str = "close above the high") -> None:
        """Plans, buys and protects."""
        instrument = self.pairs[symbol]
        order = self.draft(symbol, Role.ENTRY, Decimal(quantity))
        levels = [Price(Decimal(level), instrument.base, instrument.quote) for level in (stop, target)]
        self.events.insert(
            -1,
            (
                kinds.EntryPlanned(
                    symbol=symbol, order_id=order.id, stop=levels[0], target=levels[1], why=why, quote_age_ns=120_000_000
                ),
                self.now,
            ),
        )
        self.accept(order)
        fill = self.fill(order, Decimal(quantity), Decimal(price))
        held = instrument.quantity(fill.quantity.value - fill.fee.value)
        self.later(SECOND)
        for role in (Role.STOP, Role.TARGET):
            leg = self.draft(
                symbol,
                role,
                held.value,
                price=Decimal(stop if role is Role.STOP else target),
                pair=f"fw-main-1-{order.id[10:-2]}-p",
            )
            self.accept(leg)
            self.legs.setdefault(symbol, {})[role] = leg

    def sell(
        self, symbol: str, quantity: str, price: str, role: Role, why: str = "", cause: ExitCause = ExitCause.STRATEGY
    ) -> None:
        """By a leg of its pair, which ends the other leg, or at market after both are cancelled."""
        legs = self.legs.pop(symbol, {})
        if role is Role.EXIT:
            self.write(kinds.ExitWanted(symbol=symbol, why=why, cause=cause))
            order = self.draft(symbol, role, Decimal(quantity))
            self.accept(order)
        else:
            order = legs.pop(role)
        self.fill(order, Decimal(quantity), Decimal(price))
        self.write(*(lifecycle.OrderCancelled(leg.id, "its pair ended") for leg in legs.values()))

    def result(self, prices: Mapping[str, Decimal], candles: Mapping[str, Sequence[Candle]] | None = None) -> DemoResult:
        return DemoResult(
            events=tuple(self.events),
            instruments=self.pairs,
            candles=candles or {},
            exchange_balances=dict(self.exchange.totals),
            prices=prices,
            quote="USDT",
            started_at=START,
            ended_at=self.now,
            seed=7,
            journal_digest="ab" * 32,
            journal_count=len(self.events),
            wall_seconds=1.5,
            data=(DataFile("BTCUSDT-1m.csv.gz", "cd" * 32),),
            command="fairway demo --seed 7 --days 10",
            release="0.1.0",
        )


def two_trips() -> Scribe:
    """One winner by its target, one loser by its stop, and a third position that is still open."""
    scribe = Scribe().begin()
    scribe.mark({"BTC/USDT": Decimal(46000), "ETH/USDT": Decimal(3700)})
    scribe.later(15 * MINUTE).buy("BTC/USDT", "0.021", "46420.10", stop="45900", target="47300")
    scribe.later(60 * MINUTE).mark({"BTC/USDT": Decimal(47000), "ETH/USDT": Decimal(3700)})
    scribe.later(MINUTE).sell("BTC/USDT", "0.02097", "47300", Role.TARGET)
    scribe.later(60 * MINUTE).buy("ETH/USDT", "0.5", "3700", stop="3650", target="3800")
    scribe.later(60 * MINUTE).mark({"BTC/USDT": Decimal(47000), "ETH/USDT": Decimal(3655)})
    scribe.later(MINUTE).sell("ETH/USDT", "0.4995", "3649.50", Role.STOP)
    scribe.later(60 * MINUTE).buy("BTC/USDT", "0.01", "47100", stop="46000", target="49000")
    scribe.later(60 * MINUTE).mark({"BTC/USDT": Decimal(47200), "ETH/USDT": Decimal(3655)})
    return scribe


LAST_PRICES = {"BTC/USDT": Decimal("47215.155"), "ETH/USDT": Decimal("3651.2")}
