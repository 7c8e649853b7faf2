"""Sums up trades that have ended, in exact decimals: by pair, by reason, by time, and as one list of gains and losses."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext
from enum import StrEnum

from fairway.api.freqtrade.trade_numbers import TripNumbers
from fairway.money.amount import CONTEXT, ZERO
from fairway.reports.ratio import kept, ratio
from fairway.world.clock import datetime_of


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedTrade:
    """One trade for the sums."""

    pair: str
    entered_why: str
    left_by: str
    numbers: TripNumbers

    @property
    def result(self) -> Decimal:
        """What it brought: of an ended trade all is taken."""
        return self.numbers.taken

    @property
    def lasted(self) -> int:
        """Nanoseconds."""
        return self.numbers.closed_at - self.numbers.opened_at


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSum:
    """Trades with the same key."""

    key: str
    count: int
    result: Decimal
    of_paid: Decimal | None


def grouped(trades: Iterable[EndedTrade], key: Callable[[EndedTrade], str]) -> list[GroupSum]:
    """The best result first."""
    groups: dict[str, list[EndedTrade]] = {}
    for trade in trades:
        groups.setdefault(key(trade), []).append(trade)
    found = [_summed(name, its) for name, its in groups.items()]
    return sorted(found, key=lambda each: each.result, reverse=True)


def _summed(key: str, trades: Sequence[EndedTrade]) -> GroupSum:
    result, paid = total(each.result for each in trades), total(each.numbers.paid for each in trades)
    return GroupSum(key=key, count=len(trades), result=result, of_paid=ratio(result, paid))


def total(values: Iterable[Decimal]) -> Decimal:
    """Their sum, exact."""
    with localcontext(CONTEXT):
        return sum(values, ZERO)


def mean(values: Sequence[Decimal]) -> Decimal | None:
    """To twelve decimals; None of none."""
    return ratio(total(values), Decimal(len(values)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectancy:
    """What a trade brings on average, and what it brings for each unit that a losing trade costs."""

    value: Decimal
    of_loss: Decimal | None


def expectancy(results: Sequence[Decimal]) -> Expectancy | None:
    """None while no trade has ended. of_loss is None while none has lost."""
    average = mean(results)
    if average is None:
        return None
    mean_loss = mean([-each for each in results if each < 0])
    return Expectancy(value=average, of_loss=ratio(average, mean_loss) if mean_loss is not None else None)


def profit_factor(results: Sequence[Decimal]) -> Decimal | None:
    """Gains over losses; None while nothing was lost."""
    return ratio(total(each for each in results if each > 0), total(-each for each in results if each < 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultDrawdown:
    """The deepest fall of the sum of results. Instants in ns; 0 where it never fell."""

    value: Decimal = ZERO
    of_high: Decimal | None = None
    high_at: int = 0
    low_at: int = 0


def deepest(trades: Iterable[EndedTrade], start: Decimal | None) -> ResultDrawdown:
    """start: what was there before the first of them; the fall is also told as a share of the highest worth before it."""
    sum_, high, high_at, found = ZERO, ZERO, 0, ResultDrawdown()
    with localcontext(CONTEXT):
        for trade in sorted(trades, key=lambda each: each.numbers.closed_at):
            sum_ += trade.result
            at = trade.numbers.closed_at
            if sum_ >= high:
                high, high_at = sum_, at
            elif high - sum_ > found.value:
                of_high = ratio(high - sum_, start + high) if start is not None else None
                found = ResultDrawdown(value=high - sum_, of_high=of_high, high_at=high_at, low_at=at)
    return found


class PeriodLength(StrEnum):
    """Periods begin at midnight UTC; weeks on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodSum:
    """A period by its first day. before: what was there when it began; None where it is not known."""

    begins: date
    count: int
    result: Decimal
    before: Decimal | None


def periods(trades: Iterable[EndedTrade], length: PeriodLength, count: int, now: int, worth: Decimal | None) -> list[PeriodSum]:
    """The newest first, the one of `now` (ns) with it. worth: what is there now, without what is open."""
    by_begin: dict[date, list[Decimal]] = {}
    for trade in trades:
        by_begin.setdefault(_begin(datetime_of(trade.numbers.closed_at).date(), length), []).append(trade.result)
    return list(_walked_back(by_begin, length, count, _begin(datetime_of(now).date(), length), worth))


def _walked_back(
    by_begin: Mapping[date, Sequence[Decimal]], length: PeriodLength, count: int, begin: date, worth: Decimal | None
) -> Iterable[PeriodSum]:
    for _ in range(count):
        results = by_begin.get(begin, ())
        result = total(results)
        if worth is not None:
            worth = total((worth, -result))
        yield PeriodSum(begins=begin, count=len(results), result=result, before=worth)
        begin = _begin(begin - timedelta(days=1), length)


def _begin(day: date, length: PeriodLength) -> date:
    match length:
        case PeriodLength.DAY:
            return day
        case PeriodLength.WEEK:
            return day - timedelta(days=day.weekday())
        case PeriodLength.MONTH:
            return day.replace(day=1)


def mean_length(lengths: Sequence[int]) -> Decimal | None:
    """Of lengths of time (ns), in ns."""
    found = mean([Decimal(each) for each in lengths])
    return kept(found) if found is not None else None
