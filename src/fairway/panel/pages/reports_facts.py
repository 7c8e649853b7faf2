"""What the page of reports shows: what was traded on a day, in a week or in a month, by account and strategy."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Final
from urllib.parse import urlencode

from fairway.money.amount import CONTEXT, ZERO
from fairway.operations.actor import Actor
from fairway.operations.trader.period_reports import PERIOD, PeriodOutcome, PeriodRequest
from fairway.panel.facts.money import Signed, signed_amount, tone_of
from fairway.panel.feed import Question
from fairway.panel.guards import MOUNT
from fairway.panel.moments import InstantPrecision, moment_words
from fairway.panel.sources import Sources
from fairway.reports.period import PeriodReport, StrategyFigures
from fairway.reports.ratio import ratio
from fairway.reports.story import ReportedTrip
from fairway.texts.display import NOTHING, count_text, day_text, number, percent, places_for, signed
from fairway.texts.durations import duration_words
from fairway.world.clock import DAY, SECOND, parse_instant

PATH: Final = f"{MOUNT}/reports"
TRIPS_SHOWN: Final = 500
DOLLAR_PLACES: Final = 2
PERIOD_FRESH_NS: Final = 5 * SECOND
"""A report is asked again after this time."""


class ReportSpan(StrEnum):
    """How much a report is about."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def days(self) -> int:
        """UTC days."""
        return {ReportSpan.DAY: 1, ReportSpan.WEEK: 7, ReportSpan.MONTH: 30}[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPlace:
    """What is looked at. day: the begin (ns) of the last UTC day, 0 for today."""

    span: ReportSpan = ReportSpan.DAY
    day: int = 0

    @property
    def date(self) -> str:
        """As a field of a date has it."""
        return moment_words(self.day, InstantPrecision.DAY)

    @property
    def href(self) -> str:
        """The address of the page that shows it."""
        return f"{PATH}?{urlencode({'span': self.span.value, **({'day': self.date} if self.day else {})})}"


def place_of(given: Mapping[str, str]) -> ReportPlace:
    """As the address of a page names it; what does not fit is as if it was not given."""
    span, day = given.get("span", ""), given.get("day", "")
    try:
        at = parse_instant(f"{day}T00:00:00Z") if day else 0
    except ValueError:
        at = 0
    return ReportPlace(span=ReportSpan(span) if span in set(ReportSpan) else ReportSpan.DAY, day=max(0, at - at % DAY))


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresFacts:
    """One strategy in one account, or all of a day. key: by which it keeps its place. order: by the result."""

    key: str
    account: str
    strategy: str
    result: Signed
    order: Decimal
    volume: str
    fills: int
    trades: int
    wins: str
    best: Signed
    worst: Signed


@dataclass(frozen=True, slots=True, kw_only=True)
class TripFacts:
    """One round trip that ended in the span."""

    account: str
    symbol: str
    strategy: str
    opened_at: int
    closed_at: int
    held: str
    quantity: str
    entry: str
    exit: str
    result: Signed
    order: Decimal
    why: str

    @property
    def key(self) -> tuple[str, str, int, int]:
        return self.account, self.symbol, self.opened_at, self.closed_at


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFacts:
    """days: each one alone, the newest first; refusals: category and how often."""

    sentence: str
    span: str
    strategies: tuple[FiguresFacts, ...]
    days: tuple[FiguresFacts, ...]
    refusals: tuple[tuple[str, str], ...]
    troubles: str
    trips: tuple[TripFacts, ...]
    trips_left_out: str


def report_question(place: ReportPlace) -> Question[ReportFacts]:
    """What one report asks."""
    return Question("report", partial(_ask, place), about=place)


def _ask(place: ReportPlace, sources: Sources, actor: Actor) -> ReportFacts:
    """Raises what the operation raises."""
    request = PeriodRequest(config=sources.context.config, day=place.day, days=place.span.days)
    return report_facts(sources.outcome(actor, PERIOD, request, PERIOD_FRESH_NS))


def report_facts(found: PeriodOutcome) -> ReportFacts:
    """Of a span of days."""
    whole = found.whole
    trips = sorted((trip for each in whole.figures for trip in _trips(each)), key=lambda each: each.closed_at, reverse=True)
    left = len(trips) - TRIPS_SHOWN
    return ReportFacts(
        sentence=_sentence(whole),
        span=_span(whole, found.now),
        strategies=tuple(sorted(map(_figures, whole.figures), key=lambda each: each.order, reverse=True)),
        days=tuple(_day(each) for each in reversed(found.days)),
        refusals=tuple((category, f"{count:,}") for category, count in Counter(whole.refusals).most_common()),
        troubles=_troubles(whole),
        trips=tuple(trips[:TRIPS_SHOWN]),
        trips_left_out=f"{left:,} earlier ones are not shown here" if left > 0 else "",
    )


def _sentence(whole: PeriodReport) -> str:
    trips = sum(len(each.trips) for each in whole.figures)
    if not any(each.fills for each in whole.figures):
        return "Nothing was traded."
    results = _words(_summed(each.results for each in whole.figures))
    won = sum(each.wins for each in whole.figures)
    if not trips:
        return "Something was bought or sold, and no round trip has ended."
    return f"{results} in {count_text(trips, 'round trip')}, {won:,} of them with a gain."


def _span(whole: PeriodReport, now: int) -> str:
    last = whole.until - DAY
    days = day_text(last) if whole.until - whole.since <= DAY else f"{day_text(whole.since)} to {day_text(last)}"
    return days if whole.until <= now else f"{days}, as far as it has come"


def _troubles(whole: PeriodReport) -> str:
    cut = " Older ones of this span are not kept in memory any more." if whole.is_cut else ""
    return f"The journal tells of {count_text(whole.troubles, 'trouble')}.{cut}"


def _figures(each: StrategyFigures) -> FiguresFacts:
    return _row(f"{each.account} {each.strategy}", each.account, each.strategy, (each,))


def _day(report: PeriodReport) -> FiguresFacts:
    return _row(str(report.since), day_text(report.since), "", report.figures)


def _row(key: str, account: str, strategy: str, figures: tuple[StrategyFigures, ...]) -> FiguresFacts:
    trips = [trip for each in figures for trip in each.trips]
    results = _summed(each.results for each in figures)
    in_all = sum(results.values(), ZERO)
    wins, by_result = sum(each.wins for each in figures), sorted(trips, key=lambda each: each.trip.result.value)
    return FiguresFacts(
        key=key,
        account=account,
        strategy=strategy,
        result=Signed(_words(results) if trips else NOTHING, tone_of(in_all)),
        order=in_all,
        volume=_volume(_summed(each.volume for each in figures)),
        fills=sum(each.fills for each in figures),
        trades=len(trips),
        wins=percent(ratio(Decimal(wins), Decimal(len(trips))), 0),
        best=_trip_result(by_result[-1:]),
        worst=_trip_result(by_result[:1]),
    )


def _trip_result(found: list[ReportedTrip]) -> Signed:
    if not found:
        return Signed(NOTHING, "")
    result = found[0].trip.result
    return signed_amount(result, _places(result.asset, result.value))


def _trips(figures: StrategyFigures) -> Iterable[TripFacts]:
    for each in figures.trips:
        trip = each.trip
        yield TripFacts(
            account=figures.account,
            symbol=trip.symbol,
            strategy=figures.strategy,
            opened_at=trip.opened_at,
            closed_at=trip.closed_at,
            held=duration_words(trip.closed_at - trip.opened_at),
            quantity=f"{number(trip.quantity.value)} {trip.quantity.asset}",
            entry=number(trip.entry, places_for(trip.result.asset, trip.entry)),
            exit=number(trip.exit, places_for(trip.result.asset, trip.exit)),
            result=_trip_result([each]),
            order=trip.result.value,
            why=each.left_why,
        )


def _words(results: Mapping[str, Decimal]) -> str:
    return ", ".join(f"{signed(value, _places(asset, value))} {asset}" for asset, value in results.items()) or NOTHING


def _places(asset: str, value: Decimal) -> int:
    """Small results of one line stay comparable: no more than four decimals where an asset is counted in dollars."""
    found = places_for(asset, value)
    return min(found, 4) if places_for(asset, Decimal(1)) == DOLLAR_PLACES else found


def _volume(volumes: Mapping[str, Decimal]) -> str:
    return ", ".join(f"{number(value, 2)} {asset}" for asset, value in volumes.items()) or NOTHING


def _summed(parts: Iterable[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for part in parts:
        for asset, value in part.items():
            found[asset] = CONTEXT.add(found.get(asset, ZERO), value)
    return found
