"""What several accounts were worth together over time, and how far that is below its highest point."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from heapq import merge
from itertools import groupby

from fairway.money.amount import ZERO
from fairway.reports.story import Story, WorthPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class WorthCurve:
    """points: oldest first, thinned; falls: as many, the share below the highest point before. lowest_fall: of all points.
    gain: from the first point to the last, a share.

    Falls are of what the money itself has become (time-weighted): what was paid in or out is no gain and no fall. quote: "" where
    nothing was ever valued.
    """

    quote: str
    points: tuple[WorthPoint, ...] = ()
    falls: tuple[Decimal, ...] = ()
    gain: Decimal = ZERO
    fall: Decimal = ZERO
    lowest_fall: Decimal = ZERO


def worth_curve(stories: Iterable[Story], *, since: int, points_max: int) -> WorthCurve:
    """Of accounts with one quote asset, from an instant (ns) on. Accounts of another quote asset are left out."""
    valued = [story for story in stories if story.worths]
    if not valued:
        return WorthCurve(quote="")
    quote = valued[0].quote
    whole = _summed([story for story in valued if story.quote == quote], since)
    if not whole:
        return WorthCurve(quote=quote)
    falls, peak = [], whole[0][1]
    for _, grown in whole:
        peak = max(peak, grown)
        falls.append(grown / peak - 1 if peak > 0 else ZERO)
    stride = max(1, -(-len(whole) // points_max))
    kept = [*range(stride - 1, len(whole), stride)]
    if kept[-1:] != [len(whole) - 1]:
        kept.append(len(whole) - 1)
    return WorthCurve(
        quote=quote,
        points=tuple(whole[at][0] for at in kept),
        falls=tuple(min(falls[max(0, at - stride + 1) : at + 1]) for at in kept),
        gain=whole[-1][1] / whole[0][1] - 1 if whole[0][1] else ZERO,
        fall=falls[-1],
        lowest_fall=min(falls),
    )


def _summed(stories: Sequence[Story], since: int) -> list[tuple[WorthPoint, Decimal]]:
    """By instant, the worth of all together, and what one unit of the beginning has become without what was paid in or out."""
    worths, paid, grown, before = [ZERO] * len(stories), ZERO, Decimal(1), ZERO
    moves = merge(*(_moves(story, place) for place, story in enumerate(stories)), key=lambda move: move[0])
    found: list[tuple[WorthPoint, Decimal]] = []
    for at, group in groupby(moves, key=lambda move: move[0]):
        is_valued = False
        for _, place, worth, paid_in in group:
            paid += paid_in
            if worth is not None:
                worths[place], is_valued = worth, True
        if not is_valued:
            continue
        whole = sum(worths, ZERO)
        grown *= (whole - paid) / before if before > 0 else 1
        before, paid = whole, ZERO
        if at >= since:
            found.append((WorthPoint(at, whole), grown))
    return found


def _moves(story: Story, place: int) -> Iterable[tuple[int, int, Decimal | None, Decimal]]:
    """(at, place, worth or None, what was paid in). The first value of an account is as if it was paid in."""
    first = story.worths[0]
    paid = ((each.at, place, None, each.amount.value) for each in story.adjustments if each.amount.asset == story.quote)
    valued = ((point.at, place, point.worth, first.worth if point is first else ZERO) for point in story.worths)
    return merge(valued, paid, key=lambda move: move[0])
