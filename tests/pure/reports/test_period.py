"""Reports of days: what belongs to which day and strategy, to the nanosecond."""

from decimal import Decimal

from tests.pure.reports.runs import PAIRS, START, Scribe

from fairway.orders.ids import Role
from fairway.reports.event_log import story_of
from fairway.reports.period import TradedHistory, day_of, period_report
from fairway.reports.trader_view import DatedNote
from fairway.world.clock import DAY, HOUR

TREND = DatedNote(START, "trend")


def history(*strategies: DatedNote, **more: object) -> TradedHistory:
    """A win on the first day, and a loss that closes as the second day begins."""
    scribe = Scribe().begin().later(HOUR)
    scribe.buy("BTC/USDT", "0.1", "100", stop="90", target="120")
    scribe.later(HOUR).sell("BTC/USDT", "0.0999", "120", Role.TARGET)
    scribe.buy("ETH/USDT", "1", "100", stop="90", target="120")
    scribe.now = START + DAY
    scribe.sell("ETH/USDT", "0.999", "90", Role.STOP)
    given = {"refusals": (), "troubles": (), **more}
    return TradedHistory(account="main", story=story_of(scribe.events, PAIRS), strategies=strategies or (TREND,), **given)  # type: ignore[arg-type]


def test_a_round_trip_belongs_to_the_day_that_its_close_begins() -> None:
    """A day ends before its last instant: midnight is of the next."""
    days = [period_report([history()], START + day * DAY, START + (day + 1) * DAY) for day in range(3)]
    trips = [[each.trip.symbol for figures in day.figures for each in figures.trips] for day in days]
    assert trips == [["BTC/USDT"], ["ETH/USDT"], []]
    assert days[0].figures[0].win_share == 1
    assert days[1].figures[0].results == {"USDT": Decimal("-10.17991")}
    assert days[2].figures == ()


def test_the_volume_is_bought_and_sold_together() -> None:
    (figures,) = period_report([history()], START, START + 2 * DAY).figures
    assert figures.volume == {"USDT": Decimal("10") + Decimal("11.988") + Decimal("100") + Decimal("89.91")}
    assert (figures.fills, figures.wins, figures.win_share) == (4, 1, Decimal("0.5"))
    assert figures.best is not None
    assert figures.worst is not None
    assert (figures.best.trip.symbol, figures.worst.trip.symbol) == ("BTC/USDT", "ETH/USDT")


def test_a_round_trip_belongs_to_the_strategy_that_opened_it() -> None:
    known = history(TREND, DatedNote(START + HOUR * 3, "periodic"))
    found = period_report([known], START, START + 2 * DAY).figures
    assert {each.strategy: [trip.trip.symbol for trip in each.trips] for each in found} == {
        "trend": ["BTC/USDT", "ETH/USDT"],
        "periodic": [],
    }


def test_refusals_and_troubles_count_in_their_day_alone() -> None:
    refusals = [DatedNote(START - 1, "DATA_STALE"), DatedNote(START, "DATA_STALE"), DatedNote(START + DAY, "CAP_LEASE")]
    troubles = [DatedNote(START + DAY - 1, "a stream was lost")]
    found = period_report([history(refusals=refusals, troubles=troubles)], START, START + DAY)
    assert (found.refusals, found.troubles, found.is_cut) == ({"DATA_STALE": 1}, 1, False)


def test_a_report_says_that_a_part_of_it_is_forgotten() -> None:
    assert period_report([history(known_from=START + 1)], START, START + DAY).is_cut
    assert not period_report([history(known_from=START)], START, START + DAY).is_cut


def test_days_are_of_utc() -> None:
    assert day_of(START + DAY - 1) == START
    assert day_of(START + DAY) == START + DAY
