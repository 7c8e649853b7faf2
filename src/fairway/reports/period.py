"""What an account traded within a span of time, by strategy: volume, round trips, results, refusals and troubles."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Final

from fairway.money.amount import CONTEXT, ZERO
from fairway.reports.ratio import ratio
from fairway.reports.story import BookedFill, ReportedTrip, Story
from fairway.reports.trader_view import DatedNote
from fairway.world.clock import DAY

UNKNOWN_STRATEGY: Final = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class TradedHistory:
    """What a report of a few days is made of. Each list is oldest first."""

    account: str
    story: Story
    strategies: Sequence[DatedNote]
    refusals: Sequence[DatedNote]
    troubles: Sequence[DatedNote]
    known_from: int = 0
    """Refusals and troubles before this instant (ns) are not remembered any more; 0 where all are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyFigures:
    """Of one strategy in one account. Mappings are by quote asset; a result is net of fees, as in the ledger."""

    account: str
    strategy: str
    volume: Mapping[str, Decimal]
    """Bought and sold together."""
    fills: int
    trips: tuple[ReportedTrip, ...]

    @property
    def wins(self) -> int:
        return sum(each.trip.result.value > 0 for each in self.trips)

    @property
    def win_share(self) -> Decimal | None:
        """None without a round trip."""
        return ratio(Decimal(self.wins), Decimal(len(self.trips)))

    @property
    def results(self) -> Mapping[str, Decimal]:
        """Of the round trips that closed."""
        return _summed((each.trip.result.asset, each.trip.result.value) for each in self.trips)

    @property
    def best(self) -> ReportedTrip | None:
        return max(self.trips, key=_result, default=None)

    @property
    def worst(self) -> ReportedTrip | None:
        return min(self.trips, key=_result, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodReport:
    """Of [since, until) (ns). refusals: by category; is_cut: whether refusals and troubles of it are partly forgotten."""

    since: int
    until: int
    figures: tuple[StrategyFigures, ...]
    refusals: Mapping[str, int]
    troubles: int
    is_cut: bool


def day_of(instant: int) -> int:
    """The begin of an instant's UTC day (ns)."""
    return instant - instant % DAY


def period_report(histories: Iterable[TradedHistory], since: int, until: int) -> PeriodReport:
    """Of these accounts, for [since, until) (ns). Fills and closes count by the venue's time, the rest by the trader's."""
    known = list(histories)
    refused = [note.text for each in known for note in _between(each.refusals, since, until)]
    return PeriodReport(
        since=since,
        until=until,
        figures=tuple(figures for each in known for figures in _by_strategy(each, since, until)),
        refusals={category: refused.count(category) for category in sorted(set(refused))},
        troubles=sum(len(_between(each.troubles, since, until)) for each in known),
        is_cut=any(each.known_from > since for each in known),
    )


def _by_strategy(history: TradedHistory, since: int, until: int) -> Iterator[StrategyFigures]:
    """A round trip belongs to the strategy that opened it, a fill to the one that traded then."""
    trips: dict[str, list[ReportedTrip]] = {}
    fills: dict[str, list[BookedFill]] = {}
    for trip in history.story.trips:
        if since <= trip.trip.closed_at < until:
            trips.setdefault(_strategy_at(history, trip.trip.opened_at), []).append(trip)
    for booked in history.story.fills:
        if since <= booked.fill.at < until:
            fills.setdefault(_strategy_at(history, booked.fill.at), []).append(booked)
    for name in dict.fromkeys([*fills, *trips]):
        its = fills.get(name, [])
        yield StrategyFigures(
            account=history.account,
            strategy=name,
            volume=_summed((each.fill.quote.asset, each.fill.quote.value) for each in its),
            fills=len(its),
            trips=tuple(trips.get(name, ())),
        )


def _strategy_at(history: TradedHistory, at: int) -> str:
    """The first one also for what the venue dates a little before the trader's start."""
    names = [note.text for note in history.strategies if note.at <= at] or [note.text for note in history.strategies[:1]]
    return names[-1] if names else UNKNOWN_STRATEGY


def _between(notes: Sequence[DatedNote], since: int, until: int) -> list[DatedNote]:
    return [note for note in notes if since <= note.at < until]


def _result(each: ReportedTrip) -> Decimal:
    return each.trip.result.value


def _summed(amounts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    with localcontext(CONTEXT):
        for asset, value in amounts:
            found[asset] = found.get(asset, ZERO) + value
    return found
