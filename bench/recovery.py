"""How soon a trader is ready: a journal of a million events is replayed, and then restored from a checkpoint."""

import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import fairway
from bench.accounts import PAIRS, AlwaysEnter, terms
from fairway.assembly import CODEC
from fairway.journal.kinds import EntryPlanned, Event, Marked, TraderStarted
from fairway.journal.sql import SqlJournal, open_journal
from fairway.market.instrument import Instrument
from fairway.money.amount import ZERO, Amount, Price, use_exact_decimals
from fairway.orders.ids import ClientId, Role
from fairway.orders.lifecycle import OrderAccepted, OrderExpired, OrderFilled, OrderSent
from fairway.orders.order import Fill, Order, OrderType, Side
from fairway.risk.profiles import Profile, rules_of
from fairway.strategies.api import Remembered
from fairway.trading.account_config import AccountConfig
from fairway.trading.account_state import AccountState
from fairway.trading.checkpoint import BYTES_MAX_AT_END, rebuilt, save_checkpoint
from fairway.trading.market_cache import MarketCache
from fairway.world.clock import SECOND

EVENTS = 1_000_000
ACCOUNTS = 84
"""Each ends with a position of each pair, under a stop and a target: 504 open orders."""
MARKS = 10
"""Of an account at market, with each trade: as in a demo's journal, half of all events are marks."""
TRADES_BETWEEN_COMMITS = 250


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside it)."""
    use_exact_decimals()
    with tempfile.TemporaryDirectory() as folder:
        journal = open_journal(Path(folder) / "bench.db", CODEC, mode="practice", trader="bench", synchronous="OFF")
        live(journal)
        took, states = _started(journal)
        save_checkpoint(journal, states, fairway.__version__, BYTES_MAX_AT_END)
        journal.sync()
        kept = journal.snapshot()
        again, _ = _started(journal)
        journal.close()
    open_orders = sum(len(account_state.orders.blotter.live) for account_state in states)
    size = f"of {len(kept.body) / 1e6:.1f} MB" if kept is not None else "too large to be kept"
    return [
        (f"{EVENTS:,} events replayed, {open_orders} open orders, CPU", f"{took:.1f} s", f"at most 10 s; {_load()}"),
        (f"the same from a checkpoint {size}, CPU", f"{again * 1000:.0f} ms", "at most 1 s"),
    ]


def _started(journal: SqlJournal) -> tuple[float, list[AccountState]]:
    began = time.process_time()
    states = rebuilt({account: _terms(account) for account in _accounts()}, MarketCache(1), journal, CODEC, fairway.__version__)
    return time.process_time() - began, list(states.values())


def _load() -> str:
    return f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def _accounts() -> Iterator[str]:
    return (f"a{number}" for number in range(ACCOUNTS))


def _terms(account: str) -> AccountConfig:
    return replace(terms(account, Remembered(AlwaysEnter())), rules=rules_of(Profile.MODERATE, "USDT"))


def live(journal: SqlJournal) -> None:
    """Trades in turn, account by account, each of ten events and as many marks; the last of each account and pair stays open."""
    for account in _accounts():
        start = TraderStarted(account=account, epoch=1, release="bench", venue="bench", strategy="bench", symbols=())
        journal.append([start], account=account, author="trader", at=0)
    trades = (EVENTS - ACCOUNTS) // (10 + MARKS)
    for number in range(trades):
        account, pair = f"a{number % ACCOUNTS}", PAIRS[number // ACCOUNTS % len(PAIRS)]
        events = list(_trade(number, account, pair))
        is_last = number >= trades - ACCOUNTS * len(PAIRS)
        journal.append(events[:8] if is_last else events, account=account, author="trader", at=number * SECOND)
        journal.append(_marks(number), account=account, author="trader", at=number * SECOND)
        if number % TRADES_BETWEEN_COMMITS == 0:
            journal.sync()
    journal.sync()


def _marks(number: int) -> list[Event]:
    worth = Amount.of(f"{10_000 + number % 100}.25", "USDT")
    marks = {pair.symbol: Decimal(f"{100 + number % 7}.5") for pair in PAIRS}
    return [Marked(worth=worth, marks=marks) for _ in range(MARKS)]


def _trade(number: int, account: str, pair: Instrument) -> Iterator[Event]:
    """Bought, protected, and sold at its target."""
    bought, sold = (f"{2 * number + way}" for way in range(2))
    entry = _order(number, account, pair, Role.ENTRY, Side.BUY, OrderType.MARKET)
    stop = _order(number, account, pair, Role.STOP, Side.SELL, OrderType.STOP)
    target = _order(number, account, pair, Role.TARGET, Side.SELL, OrderType.LIMIT)
    at = _price(pair, 100), _price(pair, 98), _price(pair, 104)
    yield EntryPlanned(symbol=pair.symbol, order_id=entry.id, stop=at[1], target=at[2], why="bench", quote_age_ns=5, price=at[0])
    yield OrderSent(entry.id, "bench", entry)
    yield OrderAccepted(entry.id, venue_id=f"e{number}")
    yield OrderFilled(entry.id, fill=_fill(pair, bought, at[0], number))
    yield OrderSent(stop.id, "protects", stop)
    yield OrderSent(target.id, "protects", target)
    yield OrderAccepted(stop.id, venue_id=f"s{number}")
    yield OrderAccepted(target.id, venue_id=f"t{number}")
    yield OrderExpired(stop.id, "the other of its pair was filled")
    yield OrderFilled(target.id, fill=_fill(pair, sold, at[2], number))


def _order(number: int, account: str, pair: Instrument, role: Role, side: Side, kind: OrderType) -> Order:
    return Order(
        id=str(ClientId(account, 1, number, role)),
        symbol=pair.symbol,
        side=side,
        type=kind,
        role=role,
        quantity=Amount.of(1, pair.base),
        filled=Amount(ZERO, pair.base),
        cost=Amount(ZERO, pair.quote),
        created_at=number * SECOND,
        updated_at=number * SECOND,
    )


def _fill(pair: Instrument, trade_id: str, price: Price, number: int) -> Fill:
    quantity = Amount.of(1, pair.base)
    fee = Amount.of("0.1", pair.quote)
    return Fill(
        trade_id=trade_id, price=price, quantity=quantity, quote=price * quantity, fee=fee, is_maker=False, at=number * SECOND
    )


def _price(pair: Instrument, value: int) -> Price:
    return Price.of(value, pair.base, pair.quote)


if __name__ == "__main__":
    for row in rows():
        print(*row, sep="  |  ")
