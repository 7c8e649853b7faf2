"""What it costs to look before a leap: all checks of an order with its size, and one look of all guards, for one account."""

import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from statistics import median

from fairway.market.candles import Quote
from fairway.market.instrument import Instrument
from fairway.money.amount import Amount, Price, use_exact_decimals
from fairway.money.fees import Fees
from fairway.money.fraction import Fraction
from fairway.orders.intent import Enter
from fairway.risk.edge import TradeRecord
from fairway.risk.entry import Companion, OtherAccounts, ProposedEntry, Sized
from fairway.risk.guards.port import AccountLook, AccountMarked, Begun, MarketActivity, PositionValue
from fairway.risk.guards.recent import Entered, RecentEntries
from fairway.risk.guards.roster import Roster
from fairway.risk.hours import Hours
from fairway.risk.limits import Limits
from fairway.risk.profiles import Profile, rules_of
from fairway.risk.review import INTENT_CHECKS, ORDER_CHECKS, review
from fairway.risk.sizing import size_entry
from fairway.world.clock import DAY, MINUTE, SECOND

ROUNDS, CALLS = 50, 200
LIMIT_US = 50
NOW = 20_000 * DAY
PAIR = Instrument(
    symbol="BTC/USDT", venue_symbol="BTCUSDT", base="BTC", quote="USDT", tick=Decimal("0.01"), lot=Decimal("0.00001")
)
RULES = rules_of(Profile.MODERATE, "USDT")
STAGE = Limits(
    symbols=frozenset({"BTC/USDT", "ETH/USDT"}),
    strategies=frozenset({"trend", "range"}),
    profiles=frozenset({"conservative", "moderate"}),
    hours=Hours.parse("22:00-06:00"),
    capital=Amount.of(9_000, "USDT"),
    capital_min=Amount.of(100, "USDT"),
    order_value=Amount.of(2_000, "USDT"),
    open_orders=3,
    leverage=Decimal(1),
    loss=Amount.of(2_000, "USDT"),
    daily_loss=Fraction.parse("3 %"),
    drawdown=Fraction.parse("8 %"),
    capital_total=Amount.of(100_000, "USDT"),
    loss_total=Amount.of(20_000, "USDT"),
)
"""Every limit that a check asks about, so that all of them have something to do."""


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside it)."""
    use_exact_decimals()
    entry, roster = _entry(), _roster()
    market = {PAIR.symbol: MarketActivity(Decimal("0.001"), Amount.of(10**8, "USDT"))}
    ticks, candles = ([_look(number, markets) for number in range(ROUNDS * CALLS)] for markets in ({}, market))
    sized = size_entry(entry)
    assert isinstance(sized, Sized)
    checks = len(INTENT_CHECKS) + len(ORDER_CHECKS)
    floor = _us(lambda number: _empty(entry, checks))
    alone = _us(lambda number: _checked(entry, sized.quantity))
    return [
        (f"all {checks} checks of an order that passes them", f"{alone:.1f} µs", f"at most {LIMIT_US} µs"),
        ("the same number of empty calls", f"{floor:.1f} µs", f"floor; ratio {alone / floor:.0f}"),
        ("the whole review: the checks and the size", f"{_us(lambda number: review(entry)):.1f} µs", ""),
        (
            "the guards look at an account with a position",
            f"{_us(lambda number: list(roster.verdicts(ticks[number]))):.1f} µs",
            "once a second while an account holds something",
        ),
        ("the same when a candle has closed", f"{_us(lambda number: list(roster.verdicts(candles[number]))):.1f} µs", ""),
    ]


def _us(act: Callable[[int], object]) -> float:
    """The median of the rounds, of one call."""
    took = []
    for one in range(ROUNDS):
        began = time.perf_counter_ns()
        for number in range(one * CALLS, (one + 1) * CALLS):
            act(number)
        took.append((time.perf_counter_ns() - began) / CALLS / 1000)
    return median(took)


def _checked(entry: ProposedEntry, quantity: Amount) -> None:
    for wish_check in INTENT_CHECKS:
        assert wish_check(entry) is None
    for order_check in ORDER_CHECKS:
        assert order_check(entry, quantity) is None


def _empty(entry: ProposedEntry, times: int) -> None:
    for _ in range(times):
        _nothing(entry)


def _nothing(entry: ProposedEntry) -> None: ...


def _entry() -> ProposedEntry:
    """An account with two other positions, a record, and entries in the last minutes: every check has something to do."""
    recent = RecentEntries()
    stop, target = Price.of("98000", "BTC", "USDT"), Price.of("104000", "BTC", "USDT")
    for minutes in (8, 6, 4, 2):
        recent.add(Entered("ETH/USDT", Amount.of(1, "ETH"), stop, target, NOW - minutes * MINUTE))
    return ProposedEntry(
        intent=Enter(symbol=PAIR.symbol, stop=stop, target=target, reason="bench", confidence=Fraction.parse("90 %")),
        instrument=PAIR,
        rules=RULES,
        fees=Fees(Decimal("0.001"), Decimal("0.001")),
        quote=Quote(PAIR.symbol, Decimal("99999.99"), Decimal(3), Decimal(100_000), Decimal(2), NOW, NOW - SECOND),
        worth=Amount.of("10123.456789", "USDT"),
        free=Amount.of("8123.456789", "USDT"),
        exposure=Amount.of("2000", "USDT"),
        positions=2,
        symbol_is_busy=False,
        streams_are_up=True,
        limits=RULES.limits & STAGE,
        why_limited="",
        now=NOW,
        close=Decimal("99990.5"),
        intent_age_ns=SECOND,
        companions=[Companion("ETH", Decimal(1000), Decimal("0.5")), Companion("SOL", Decimal(1000), Decimal("0.95"))],
        range=Decimal("812.3456"),
        record=TradeRecord.of(trades=80, wins=40, win=Decimal("1.9"), loss=Decimal("1.01")),
        drawdown=Fraction.parse("1.234 %"),
        recent=recent,
        skew_ns=12_000_000,
        strategy="trend",
        open_orders=1,
        lost=Decimal("12.345678"),
        at_risk=Decimal("23.456789"),
        others=OtherAccounts(exposure=Decimal("34567.891234"), worst=Decimal("4567.891234")),
    )


def _roster() -> Roster:
    """A day's marks behind it, all guards of a profile and of a stage, nothing alarmed."""
    roster = Roster(RULES.guards, "USDT")
    roster.observe(Begun("bench", Amount.of(10_000, "USDT"), NOW - DAY))
    for minute in range(0, 24 * 60, 15):
        roster.observe(AccountMarked(Amount.of(10_000, "USDT"), {}, NOW - DAY + minute * MINUTE))
    return roster


def _look(number: int, markets: Mapping[str, MarketActivity]) -> AccountLook:
    held = {PAIR.symbol: PositionValue(Amount.of(-1, "USDT"), Amount.of(1_000, "USDT"), Amount.of(999, "USDT"), NOW + number)}
    return AccountLook(
        now=NOW + number,
        worth=Amount.of(9_999, "USDT"),
        marked_at=NOW + number,
        capital=None,
        held=held,
        markets=markets,
        limits=RULES.limits & STAGE,
    )


if __name__ == "__main__":
    for row in rows():
        print(*row, sep="  |  ")
