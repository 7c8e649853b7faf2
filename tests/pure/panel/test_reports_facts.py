"""Reports: what an address means, and figures of a span with their round trips."""

from decimal import Decimal

from fairway.ledger.result import RoundTrip
from fairway.money.amount import Amount
from fairway.operations.trader.period_reports import PeriodOutcome
from fairway.panel.pages.reports_facts import ReportFacts, ReportPlace, ReportSpan, place_of, report_facts
from fairway.reports.period import PeriodReport, StrategyFigures
from fairway.reports.story import Leaving, ReportedTrip
from fairway.world.clock import DAY, MINUTE

BEGIN = 20_000 * DAY


def trip(result: str, closed_at: int) -> ReportedTrip:
    return ReportedTrip(
        trip=RoundTrip(
            symbol="BTC/USDT",
            opened_at=closed_at - MINUTE,
            closed_at=closed_at,
            quantity=Amount.of("0.001", "BTC"),
            entry=Decimal(60_000),
            exit=Decimal(60_100),
            result=Amount.of(result, "USDT"),
        ),
        entered_why="a signal",
        leaving=next(iter(Leaving)),
        left_why="<i>target</i>",
        stop=None,
        target=None,
        fees={},
        naked_ns=0,
    )


def report(*trips: ReportedTrip, refusals: dict[str, int] | None = None, is_cut: bool = False) -> ReportFacts:
    figures = StrategyFigures(
        account="ann1", strategy="periodic", volume={"USDT": Decimal(120)}, fills=2 * len(trips), trips=trips
    )
    whole = PeriodReport(
        since=BEGIN, until=BEGIN + DAY, figures=(figures,) if trips else (), refusals=refusals or {}, troubles=1, is_cut=is_cut
    )
    return report_facts(PeriodOutcome(now=BEGIN + 2 * DAY, days=(whole,), whole=whole))


def test_an_address_that_fits_nothing_is_today() -> None:
    assert place_of({"span": "decade", "day": "yesterday"}) == ReportPlace()
    assert place_of({"span": "week", "day": "2026-11-25"}).href == "/panel/reports?span=week&day=2026-11-25"


def test_a_span_without_trades_says_so() -> None:
    found = report()
    assert (found.sentence, found.strategies, found.trips) == ("Nothing was traded.", (), ())


def test_figures_are_of_the_round_trips_that_ended() -> None:
    found = report(trip("12.5", BEGIN + MINUTE), trip("-2.25", BEGIN + 3 * MINUTE))
    assert found.sentence == "+10.25 USDT in 2 round trips, 1 of them with a gain."
    [row] = found.strategies
    assert (row.result.words, row.result.tone, row.wins, row.volume) == ("+10.25 USDT", "gain", "50 %", "120.00 USDT")
    assert (row.best.words, row.worst.words) == ("+12.50 USDT", "−2.25 USDT")


def test_round_trips_come_newest_first_with_their_reason_as_text() -> None:
    found = report(trip("1", BEGIN + MINUTE), trip("2", BEGIN + 3 * MINUTE))
    assert [each.result.words for each in found.trips] == ["+2.00 USDT", "+1.00 USDT"]
    assert (found.trips[0].why, found.trips[0].held) == ("<i>target</i>", "1 min")


def test_refusals_come_most_frequent_first_and_gaps_are_told() -> None:
    found = report(refusals={"PRICE_MOVED": 2, "POSITIONS_MAX": 61}, is_cut=True)
    assert found.refusals == (("POSITIONS_MAX", "61"), ("PRICE_MOVED", "2"))
    assert found.troubles.endswith("not kept in memory any more.")


def test_a_span_is_as_long_as_it_is_called() -> None:
    assert [span.days for span in ReportSpan] == [1, 7, 30]
