"""Scenes that prove guards: what a guard observes and sees while all is well, and with one thing wrong.

A guard's file names two of them: in the first it must stay quiet, in the second it must trip.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from fairway.money.amount import Amount, Price
from fairway.risk.guards.port import (
    AccountLook,
    Begun,
    Bought,
    Closed,
    Failed,
    GuardInput,
    MarketActivity,
    Measured,
    OrderAnswered,
    Planned,
    PositionValue,
    Sent,
)
from fairway.risk.limits import Limits
from fairway.world.clock import DAY, HOUR, MILLISECOND, MINUTE, SECOND

SYMBOL: Final = "BTC/USDT"
QUOTE: Final = "USDT"
BEGIN: Final = 20_000 * DAY
NOW: Final = BEGIN + 12 * HOUR


def usdt(value: int | str) -> Amount:
    return Amount.of(value, QUOTE)


WORTH: Final = usdt(1000)
QUIET: Final = AccountLook(
    now=NOW,
    worth=WORTH,
    marked_at=NOW,
    capital=None,
    held={},
    markets={SYMBOL: MarketActivity(Decimal(0), usdt(10**9))},
)


@dataclass(frozen=True, slots=True)
class GuardScene:
    """What guards observe, and then see, one look after the other."""

    told: Sequence[GuardInput] = ()
    looks: Sequence[AccountLook] = (QUIET,)


def twice(look: AccountLook) -> tuple[AccountLook, AccountLook]:
    """What only a person lifts is not raised on one price alone, so a newer one says the same."""
    return look, replace(look, now=look.now + SECOND, marked_at=look.now + SECOND)


def worth_of(worth: int) -> GuardScene:
    """The account is worth so many USDT, of 1,000 at the start."""
    return GuardScene(looks=twice(replace(QUIET, worth=usdt(worth))))


def in_stage(worth: int, limits: Limits) -> GuardScene:
    """In a stage that began with all of it."""
    look = replace(QUIET, worth=usdt(worth), limits=limits)
    return GuardScene([Begun("proof", WORTH, BEGIN + MINUTE)], twice(look))


def holding(result: int) -> GuardScene:
    """A position that cost 500 USDT has this result, in USDT."""
    looks = [
        replace(QUIET, now=at, held={SYMBOL: PositionValue(usdt(result), usdt(500), usdt(500 + result), at)})
        for at in (NOW, NOW + SECOND)
    ]
    return GuardScene(looks=looks)


def without_price(seconds: int) -> GuardScene:
    """For so many seconds what is held has no sound price."""
    return GuardScene(looks=[replace(QUIET, worth=None, now=NOW + passed * SECOND) for passed in (0, seconds)])


def market(move: str, traded: int) -> GuardScene:
    """A candle closes with this largest move, and so much traded a day, in USDT."""
    return GuardScene(looks=[replace(QUIET, markets={SYMBOL: MarketActivity(Decimal(move), usdt(traded))})])


def round_trips(number: int, result: str, in_risks: str, *, gross: str = "") -> GuardScene:
    """Round trips: all of this result where it is a loss, else in turn twice as much won and so much lost."""
    signs = (1, 1) if result.startswith("-") else (2, -1)
    each = [Closed(SYMBOL, usdt(result) * by, usdt(gross or result) * by, Decimal(in_risks) * by, NOW) for by in signs]
    return GuardScene([each[trip % 2] for trip in range(number)])


def orders_sent(number: int, failed: int = 0) -> GuardScene:
    """So many orders went out a second ago, and so many of them failed."""
    sent = [Sent(SYMBOL, Amount.of("0.001", "BTC"), False, NOW - SECOND) for _ in range(number)]
    return GuardScene([*sent, *[Failed(NOW - SECOND)] * failed])


def bought(price: int) -> GuardScene:
    """Ten entries that were sized at 100 USDT filled at this price."""
    sized, paid = (Price.of(each, "BTC", QUOTE) for each in (100, price))
    planned = Planned(SYMBOL, sized, sized, sized, NOW - MINUTE)
    return GuardScene([each for _ in range(10) for each in (planned, Bought(SYMBOL, paid, NOW - SECOND))])


def answered(latency_ms: int) -> GuardScene:
    """Ten orders were answered after so long."""
    return GuardScene([OrderAnswered(latency_ms * MILLISECOND, NOW - SECOND)] * 10)


def clock_apart(skew_ms: int) -> GuardScene:
    """The venue's clock is so far ahead of ours."""
    return GuardScene([Measured(skew_ms * MILLISECOND, None, NOW - SECOND)])


def memory_growing(growth_an_hour: int) -> GuardScene:
    """A process of 100 MB, measured every five minutes for six hours."""
    step = growth_an_hour * 10**6 // 12
    return GuardScene([Measured(None, 10**8 + step * sample, BEGIN + sample * 5 * MINUTE) for sample in range(6 * 12)])
