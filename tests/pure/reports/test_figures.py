"""Figures are exact, and say nothing where nothing can be said."""

from decimal import Decimal

from tests.pure.reports.runs import LAST_PRICES, START, Scribe, two_trips

from fairway.orders.ids import Role
from fairway.reports.figures import drawdown
from fairway.reports.headline import headline
from fairway.reports.report import report_of
from fairway.reports.story import WorthPoint
from fairway.world.clock import HOUR


def _curve(*worths: int) -> list[WorthPoint]:
    return [WorthPoint(START + hour * HOUR, Decimal(worth)) for hour, worth in enumerate(worths)]


def test_the_deepest_fall_is_measured_from_its_own_peak() -> None:
    """A small fall from a high peak may be deeper in money and less deep in share."""
    fall = drawdown(_curve(100, 90, 200, 185, 210, 205))
    assert fall is not None
    assert (fall.share, fall.amount) == (Decimal("0.1"), Decimal(10))
    assert (fall.peak_at, fall.low_at) == (START, START + HOUR)


def test_the_longest_fall_lasts_until_the_old_peak_is_reached() -> None:
    """Or until the end, where it never is."""
    recovered, never = drawdown(_curve(100, 90, 95, 100, 120)), drawdown(_curve(100, 90, 95, 99))
    assert recovered is not None
    assert never is not None
    assert (recovered.longest_ns, never.longest_ns) == (3 * HOUR, 3 * HOUR)


def test_a_curve_that_only_rises_has_no_fall() -> None:
    """Its depth is zero and its time below a peak is zero."""
    fall = drawdown(_curve(100, 100, 101))
    assert fall is not None
    assert (fall.share, fall.longest_ns) == (Decimal(0), 0)
    assert drawdown([]) is None


def test_without_trades_ratios_are_undefined_not_zero() -> None:
    """A win rate of no trades is no number."""
    scribe = Scribe().begin()
    scribe.mark(LAST_PRICES)
    figures = report_of(scribe.later(HOUR).result(LAST_PRICES)).figures
    assert (figures.trips, figures.change, figures.fees) == (0, Decimal(0), Decimal(0))
    for undefined in (figures.win_share, figures.profit_factor, figures.average_r, figures.best, figures.longest_trip_ns):
        assert undefined is None
    assert headline(report_of(scribe.result(LAST_PRICES))) == "In 1 hour the bot did not trade, and nothing changed."


def test_wins_and_losses_give_rate_factor_and_r() -> None:
    """One winner and one loser; the open position is in the change only."""
    report = report_of(two_trips().result(LAST_PRICES))
    figures = report.figures
    assert (figures.trips, figures.wins, figures.losses, figures.win_share) == (2, 1, 1, Decimal("0.5"))
    assert figures.best is not None
    assert figures.worst is not None
    assert figures.best > 0 > figures.worst
    assert figures.average_win_r == report.story.trips[0].r
    assert figures.average_loss_r == report.story.trips[1].r


def test_time_in_the_market_counts_overlapping_positions_once() -> None:
    """Two positions at the same time are one exposure."""
    scribe = Scribe().begin()
    scribe.buy("BTC/USDT", "0.01", "100", stop="90", target="120")
    scribe.buy("ETH/USDT", "0.1", "100", stop="90", target="120")
    opened_both = scribe.now
    scribe.later(HOUR).sell("BTC/USDT", "0.00999", "101", Role.TARGET)
    scribe.later(HOUR).sell("ETH/USDT", "0.0999", "101", Role.TARGET)
    scribe.later(scribe.now - START)
    share = report_of(scribe.result(LAST_PRICES)).figures.exposure_share
    assert opened_both > START
    assert share == Decimal("0.5")


def test_the_headline_is_a_sentence_a_newcomer_understands() -> None:
    """It names the time, the trades, the result and the fees."""
    assert headline(report_of(two_trips().result(LAST_PRICES))) == (
        "In 5 hours and 17 minutes the bot made 2 round trips and lost 11.73 USDT (−0.12 %) after 6.11 USDT of fees."
    )
