"""The figures of a run: return, drawdown, win rate, R, fees. Exact until shown; None where a figure is not defined.

There is deliberately no Sharpe ratio and nothing annualised: from ten days they would be noise with decimals.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from fairway.money.amount import CONTEXT, ZERO
from fairway.reports.ratio import kept, ratio
from fairway.reports.story import BookedFill, ReportedTrip, Story, WorthPoint
from fairway.reports.tie_out import TieOut, asset_prices

FEW_TRIPS = 30
"""Below this many round trips, win rate and averages say little, and reports say so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorthDrawdown:
    """A fall of worth from a peak. share is of that peak; the longest lasted from its peak to recovery, or to the end (ns)."""

    share: Decimal
    amount: Decimal
    peak_at: int
    low_at: int
    longest_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunMetrics:
    """In quote where not said otherwise. Shares are of one: 0.0031 is 0.31 %."""

    quote: str
    worth_start: Decimal | None
    worth_end: Decimal | None
    change: Decimal | None
    """What the bot made or lost by its own trades: neither what opening holdings gained by themselves, nor what another
    user of the account moved, nor what is not explained yet."""
    return_share: Decimal | None
    """change over worth_start."""
    drawdown: WorthDrawdown | None
    trips: int
    wins: int
    losses: int
    win_share: Decimal | None
    average_win_r: Decimal | None
    average_loss_r: Decimal | None
    average_r: Decimal | None
    """Over all round trips whose risk is known."""
    best: Decimal | None
    worst: Decimal | None
    profit_factor: Decimal | None
    """Sum of wins over sum of losses; None without a loss."""
    exposure_share: Decimal | None
    """Share of the time in which anything was held."""
    longest_trip_ns: int | None
    turnover: Decimal | None
    """Bought and sold together."""
    fees: Decimal | None
    """Each fee in base or quote at the price of its own fill, others at the end's prices."""
    fees_share: Decimal | None
    """fees over worth_start."""


def figures(story: Story, tie: TieOut, prices: Mapping[str, Decimal], quote: str, ended_at: int) -> RunMetrics:
    """The figures of a story; prices by symbol, ended_at in ns, as its tie-out was made with."""
    with localcontext(CONTEXT):
        return _figures(story, tie, prices, quote, ended_at)


def _figures(story: Story, tie: TieOut, prices: Mapping[str, Decimal], quote: str, ended_at: int) -> RunMetrics:
    change = tie.worth.explained - tie.worth.adjustments if tie.worth else None
    start = _worth_start(story, tie)
    wins = [trip for trip in story.trips if trip.trip.result.value > 0]
    losses = [trip for trip in story.trips if trip.trip.result.value < 0]
    results = [trip.trip.result.value for trip in story.trips if trip.trip.result.asset == quote]
    fees = _fees(story.fills, asset_prices(story, prices, quote))
    return RunMetrics(
        quote=quote,
        worth_start=start,
        worth_end=tie.worth.closing if tie.worth else None,
        change=change,
        return_share=_over(change, start),
        drawdown=drawdown(curve(story, tie, ended_at)),
        trips=len(story.trips),
        wins=len(wins),
        losses=len(losses),
        win_share=ratio(Decimal(len(wins)), Decimal(len(story.trips))),
        average_win_r=_average(trip.r for trip in wins),
        average_loss_r=_average(trip.r for trip in losses),
        average_r=_average(trip.r for trip in story.trips),
        best=max(results, default=None),
        worst=min(results, default=None),
        profit_factor=ratio(_total(wins), -_total(losses)),
        exposure_share=_exposure(story, ended_at),
        longest_trip_ns=max((trip.trip.closed_at - trip.trip.opened_at for trip in story.trips), default=None),
        turnover=sum((booked.fill.quote.value for booked in story.fills if booked.fill.quote.asset == quote), ZERO),
        fees=fees,
        fees_share=_over(fees, start),
    )


def curve(story: Story, tie: TieOut, ended_at: int) -> tuple[WorthPoint, ...]:
    """The worth points, and the worth of what the exchange holds as the last one."""
    if tie.worth is None or not story.worths:
        return story.worths
    return (*(point for point in story.worths if point.at < ended_at), WorthPoint(ended_at, tie.worth.closing))


def drawdown(points: Sequence[WorthPoint]) -> WorthDrawdown | None:
    """The deepest fall by share of its peak, and the longest time from a peak to the next as high. None without points."""
    if not points:
        return None
    peak = top = low = points[0]
    deepest, longest_ns, is_below = ZERO, 0, False
    for point in points:
        if is_below:
            longest_ns = max(longest_ns, point.at - peak.at)
        is_below = point.worth < peak.worth
        if not is_below:
            peak = point
        elif (share := (peak.worth - point.worth) / peak.worth) > deepest:
            deepest, top, low = share, peak, point
    return WorthDrawdown(
        share=kept(deepest),
        amount=top.worth - low.worth,
        peak_at=top.at,
        low_at=low.at,
        longest_ns=longest_ns,
    )


def _worth_start(story: Story, tie: TieOut) -> Decimal | None:
    """The opening balances at the prices of the start; at those of the end where no start was valued."""
    if story.worths:
        return story.worths[0].worth
    return tie.worth.opening if tie.worth else None


def _over(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return None if part is None or whole is None else ratio(part, whole)


def _average(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return ratio(sum(known, ZERO), Decimal(len(known)))


def _total(trips: Iterable[ReportedTrip]) -> Decimal:
    return sum((trip.trip.result.value for trip in trips), ZERO)


def _fees(fills: Iterable[BookedFill], units: Mapping[str, Decimal]) -> Decimal | None:
    total = ZERO
    for booked in fills:
        fee, price = booked.fill.fee, booked.fill.price
        if fee.asset == price.base and price.quote in units:
            total += fee.value * price.value * units[price.quote]
        elif fee.asset in units:
            total += fee.value * units[fee.asset]
        elif fee.value:
            return None
    return total


def _exposure(story: Story, ended_at: int) -> Decimal | None:
    """Overlapping positions count once."""
    spans = [(trip.trip.opened_at, trip.trip.closed_at) for trip in story.trips]
    spans += [(held.position.opened_at, ended_at) for held in story.positions]
    held_ns, until = 0, story.began_at
    for opened_at, closed_at in sorted(spans):
        held_ns += max(0, closed_at - max(opened_at, until))
        until = max(until, closed_at)
    return ratio(Decimal(held_ns), Decimal(ended_at - story.began_at))
