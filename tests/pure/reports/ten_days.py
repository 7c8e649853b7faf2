"""Ten days of three symbols with a bot that buys now and then: enough of everything that a page has to show."""

from decimal import ROUND_HALF_UP, Decimal
from random import Random

from tests.pure.reports.runs import PAIRS, START, Scribe

from fairway.journal import kinds
from fairway.market.candles import Candle
from fairway.money.amount import Amount
from fairway.orders import lifecycle
from fairway.orders.ids import Role
from fairway.reports.run import DemoResult
from fairway.world.clock import DAY, MINUTE, SECOND

STEP = 15 * MINUTE
_BEGIN = {"BTC/USDT": 46_420.0, "ETH/USDT": 3_712.0, "SOL/USDT": 171.0}


def candles(seed: int, days: int = 10) -> dict[str, list[Candle]]:
    chance = Random(seed)
    return {symbol: _walk(symbol, price, chance, days) for symbol, price in _BEGIN.items()}


def _walk(symbol: str, price: float, chance: Random, days: int) -> list[Candle]:
    made, drift = [], 0.0
    for index in range(days * DAY // STEP):
        if index % 60 == 0:
            drift = chance.gauss(0, 0.0005)
        close = price * (1 + drift + chance.gauss(0, 0.0035))
        high, low = max(price, close) * (1 + abs(chance.gauss(0, 0.0012))), min(price, close) * (1 - abs(chance.gauss(0, 0.0012)))
        prices = [_cents(each) for each in (price, high, low, close)]
        at = START + index * STEP
        made.append(
            Candle(
                symbol=symbol,
                open_at=at,
                close_at=at + STEP,
                open=prices[0],
                high=prices[1],
                low=prices[2],
                close=prices[3],
                volume=Decimal(10),
            )
        )
        price = close
    return made


def _cents(value: float) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def ten_days(seed: int = 4, days: int = 10) -> DemoResult:
    """A run with trades, refusals, an outage, an order of unknown fate and an adjustment."""
    chance, market = Random(seed + 1), candles(seed, days)
    scribe, held = Scribe().begin(), dict[str, tuple[Decimal, Decimal]]()
    for index in range(days * DAY // STEP):
        now = {symbol: line[index] for symbol, line in market.items()}
        scribe.now = START + (index + 1) * STEP
        scribe.mark({symbol: candle.close for symbol, candle in now.items()})
        for symbol, candle in now.items():
            _trade(scribe, symbol, candle, held, chance)
        if index == 300:
            _misfortune(scribe)
    last = {symbol: line[-1].close for symbol, line in market.items()}
    scribe.write(kinds.TraderStopped(why="the demo is over", protective_orders=2 * len(held)))
    return scribe.result(last, market)


def _trade(scribe: Scribe, symbol: str, candle: Candle, held: dict[str, tuple[Decimal, Decimal]], chance: Random) -> None:
    price = candle.close
    if symbol not in held:
        if chance.random() < 0.012:
            stop, target = _cents(float(price) * 0.985), _cents(float(price) * 1.03)
            quantity = PAIRS[symbol].quantity(Decimal(2000) / price)
            scribe.buy(
                symbol, str(quantity.value), str(price), stop=str(stop), target=str(target), why="close above the 20-bar high"
            )
            held[symbol] = (stop, target)
        elif chance.random() < 0.006:
            code = chance.choice(
                ("POSITIONS_MAX: open=3 max=3", "PRICE_MOVED: bid=1 ask=2", "DATA_STALE: age_ms=12000 max_ms=10000")
            )
            scribe.write(kinds.EntryRefused(symbol=symbol, code=code, intent="close above the 20-bar high"))
        return
    stop, target = held[symbol]
    position = PAIRS[symbol].quantity(scribe.exchange.totals[PAIRS[symbol].base]).value
    if candle.low <= stop:
        scribe.sell(symbol, str(position), str(stop), Role.STOP)
    elif candle.high >= target:
        scribe.sell(symbol, str(position), str(target), Role.TARGET)
    elif chance.random() < 0.006:
        scribe.sell(
            symbol, str(position), str(price), Role.EXIT, chance.choice(("held for 96 bars", "close below the 10-bar low"))
        )
    else:
        return
    del held[symbol]


def _misfortune(scribe: Scribe) -> None:
    scribe.write(kinds.StreamLost(channel="market", why="connection reset by peer"))
    scribe.later(SECOND).write(kinds.StreamRestored(channel="market"))
    scribe.later(SECOND).write(kinds.CaughtUp(channels=("market",)))
    order = scribe.draft("SOL/USDT", Role.ENTRY, Decimal("1.5"))
    scribe.write(lifecycle.OrderLost(order.id, "502 from the gateway"))
    scribe.later(SECOND).write(lifecycle.OrderRejected(order.id, "the venue knows no such order"))
    scribe.exchange.move(Amount.of("0.1", "USDT"))
    scribe.write(kinds.Unexplained(amount=Amount.of("0.1", "USDT"), asked_at=1))
