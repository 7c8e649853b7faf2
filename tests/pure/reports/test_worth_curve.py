"""What accounts were worth together: added by instant, and below the highest point only by what they lost."""

from decimal import Decimal
from types import SimpleNamespace
from typing import cast

from fairway.money.amount import Amount
from fairway.reports.story import Adjustment, Story, WorthPoint
from fairway.reports.worth_curve import WorthCurve, worth_curve


def story(*worths: tuple[int, str], paid: tuple[tuple[int, str], ...] = (), quote: str = "USDT") -> Story:
    """As much of a story as a curve reads."""
    return cast(
        Story,
        SimpleNamespace(
            quote=quote,
            worths=tuple(WorthPoint(at, Decimal(worth)) for at, worth in worths),
            adjustments=tuple(Adjustment(at=at, amount=Amount.of(value, quote), why="") for at, value in paid),
        ),
    )


def curve(*stories: Story, since: int = 0, points_max: int = 100) -> WorthCurve:
    return worth_curve(stories, since=since, points_max=points_max)


def points(found: WorthCurve) -> list[tuple[int, str]]:
    return [(point.at, str(point.worth)) for point in found.points]


def test_worths_are_added_by_instant_and_one_that_is_not_told_anew_stays() -> None:
    found = curve(story((1, "100"), (3, "110")), story((2, "50"), (3, "40")))
    assert points(found) == [(1, "100"), (2, "150"), (3, "150")]
    assert found.lowest_fall == 0, "an account that comes in is no gain, and its coming no fall"


def test_falls_are_below_the_highest_point_before() -> None:
    found = curve(story((1, "100"), (2, "200"), (3, "150"), (4, "180")))
    assert found.falls == tuple(map(Decimal, ("0", "0", "-0.25", "-0.1")))
    assert (found.fall, found.lowest_fall, found.gain) == (Decimal("-0.1"), Decimal("-0.25"), Decimal("0.8"))


def test_what_is_paid_out_is_no_fall_and_what_is_paid_in_hides_none() -> None:
    out = curve(story((1, "100"), (3, "40"), paid=((2, "-60"),)))
    assert (points(out), out.fall) == ([(1, "100"), (3, "40")], Decimal(0))
    hidden = curve(story((1, "100"), (3, "150"), paid=((2, "100"),)))
    assert hidden.fall == Decimal("-0.5")


def test_a_curve_is_thinned_and_keeps_its_lowest_falls_and_its_end() -> None:
    worths = [(at, str(100 - (at == 13))) for at in range(1, 32)]
    found = curve(story(*worths), points_max=5)
    assert len(found.points) <= 6
    assert found.points[-1].at == 31
    assert min(found.falls) == found.lowest_fall == Decimal("-0.01")


def test_nothing_before_the_span_is_told_and_nothing_valued_is_an_empty_curve() -> None:
    assert points(curve(story((1, "100"), (5, "90")), since=4)) == [(5, "90")]
    assert curve(story((1, "100")), since=4) == WorthCurve(quote="USDT")
    assert curve(story()) == curve() == WorthCurve(quote="")


def test_an_account_that_comes_later_counts_from_its_first_worth() -> None:
    found = curve(story((1, "100"), (2, "90")), story((2, "900"), (3, "810")))
    assert found.falls[:2] == (Decimal(0), Decimal("-0.1"))
    assert found.falls[2] == Decimal("0.9") * (Decimal(900) / Decimal(990)) - 1


def test_accounts_of_another_quote_asset_are_left_out() -> None:
    assert points(curve(story((1, "100")), story((1, "1"), quote="BTC"))) == [(1, "100")]
