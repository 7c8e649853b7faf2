"""RunMetrics are exact, and say nothing where nothing can be said."""

from dataclasses import replace
from decimal import Decimal

from tests.pure.reports.runs import LAST_PRICES, START, Scribe, two_trips

from fairway.journal import kinds
from fairway.money.amount import Amount
from fairway.orders.ids import Role
from fairway.reports.headline import caveats, headline
from fairway.reports.report import report_of
from fairway.reports.run_metrics import drawdown
from fairway.reports.story import WorthPoint
from fairway.reports.table import figure_lines
from fairway.world.clock import HOUR, SECOND


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
    assert headline(report_of(scribe.result(LAST_PRICES))) == "In 1 h the bot did not trade, and nothing changed."


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
        "In 5 h 17 min the bot made 2 round trips and lost 11.73 USDT (−0.12 %) after 6.11 USDT of fees."
    )


def test_what_nobody_has_explained_yet_is_no_result_of_the_bot() -> None:
    """A person may have sent it; the bot's result is what its own trades explain, and worth is what the exchange holds."""
    run = two_trips().result(LAST_PRICES)
    sent = replace(run, exchange_balances={**run.exchange_balances, "USDT": run.exchange_balances["USDT"] + 5_000})
    before, after = report_of(run), report_of(sent)
    assert after.figures.change == before.figures.change
    assert before.figures.worth_end is not None
    assert after.figures.worth_end == before.figures.worth_end + 5_000
    assert after.unexplained == (Amount.of(5_000, "USDT"),)
    assert any("5,000 USDT more than the bot's trades explain" in line for line in caveats(after))
    assert dict(figure_lines(after))["What went wrong"] == "1 event"


def test_without_trades_it_is_not_said_that_nothing_changed_where_something_did() -> None:
    """Moved by hand and booked, or moved by hand and seen once."""
    scribe = Scribe().begin()
    scribe.write(kinds.Unexplained(amount=Amount.of(5, "USDT"), asked_at=1))
    scribe.exchange.move(Amount.of(5, "USDT"))
    assert headline(report_of(scribe.later(HOUR).result(LAST_PRICES))) == "In 1 h the bot did not trade."
    scribe = Scribe().begin()
    scribe.exchange.move(Amount.of(5, "USDT"))
    assert headline(report_of(scribe.later(HOUR).result(LAST_PRICES))) == "In 1 h the bot did not trade."


def test_a_run_of_some_seconds_lasted_seconds() -> None:
    """A first try that is stopped at once did not last "no minutes"."""
    assert headline(report_of(Scribe().begin().later(4 * SECOND).result({}))).startswith("In 4 s the bot")


def test_few_round_trips_prove_little_and_none_prove_nothing() -> None:
    """Said in a sentence that makes sense for none, one and two."""
    none = next(caveats(report_of(Scribe().begin().result(LAST_PRICES))))
    assert none == "No round trip was completed, so nothing is known yet of how good the strategy is."
    assert next(caveats(report_of(two_trips().result(LAST_PRICES)))).startswith(
        "2 round trips can neither prove nor disprove a strategy: with so few, luck decides."
    )
