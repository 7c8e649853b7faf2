"""What the trader measures of itself becomes observations, and each minute was one in which it was up, or was not."""

import pytest
from tests.pure.watch.journals import START, SYMBOL, Pen

from fairway.journal.kinds import EntryRefused, ProcessMeasured
from fairway.watch.series import Series
from fairway.world.clock import MILLISECOND, SECOND

FRESH = {"data_age_ns": 800 * MILLISECOND}


def minutes(*each: dict[str, int] | None) -> dict[str, Series]:
    """The series of a journal with these measures, a minute apart; None for a minute without a measurement."""
    pen = Pen()
    for measures in each:
        pen.later(60)
        if measures is not None:
            pen.write(ProcessMeasured(since=pen.now - 60 * SECOND, **measures), account="")  # type: ignore[arg-type]
    return pen.series()


def test_calls_are_counted_one_by_one() -> None:
    found = minutes({"calls": 1200, "calls_failed": 3, **FRESH}, {"calls": 10, **FRESH})["venue_api"]
    assert (found.total, found.count, len(found)) == (1207, 1210, 3)


def test_commits_are_told_by_how_long_they_took_at_most() -> None:
    pen = Pen().later(60)
    pen.write(ProcessMeasured(since=0, commits={200: 3, 1000: 1}, commits_failed=2), account="")
    found = pen.series()
    assert found["db_latency"].values.tolist() == pytest.approx([0.0002, 0.001])
    assert found["db_latency"].count == 4
    assert (found["db_ok"].total, found["db_ok"].count) == (4, 6)


@pytest.mark.parametrize(
    ("measures", "is_up"),
    [
        (FRESH, True),
        ({}, False),
        ({"data_age_ns": 61 * SECOND}, False),
        ({"data_age_ns": 60 * SECOND}, True),
        ({"commits_failed": 1, **FRESH}, False),
        ({"calls": 5, "calls_failed": 4, **FRESH}, True),
        ({"calls": 5, "calls_failed": 5, **FRESH}, False),
    ],
)
def test_a_minute_is_up_where_orders_could_have_been_placed(measures: dict[str, int], is_up: bool) -> None:
    assert minutes(measures)["uptime"].values.tolist() == [float(is_up)]


def test_minutes_without_a_measurement_are_down() -> None:
    found = minutes(FRESH, None, None, FRESH)["uptime"]
    assert found.values.tolist() == [1, 0, 0, 1]
    assert [(at - START) // (60 * SECOND) for at in found.ats.tolist()] == [1, 2, 3, 4]


def test_a_word_that_comes_a_little_late_is_no_gap() -> None:
    pen = Pen()
    for seconds in (60, 61.5, 88):
        pen.later(seconds).write(ProcessMeasured(since=0, data_age_ns=0), account="")
    assert pen.series()["uptime"].values.tolist() == [1, 1, 1]


def test_an_unprotected_position_breaks_the_sample() -> None:
    assert minutes({"positions": 3, **FRESH}, {"positions": 3, "unprotected": 1, **FRESH})["protected"].values.tolist() == [1, 0]


def test_what_could_not_be_measured_is_no_observation() -> None:
    found = minutes({})
    assert len(found["rss"]) == len(found["data_age"]) == len(found["reconciled"]) == 0


def test_a_signal_takes_as_long_as_its_candle_is_old() -> None:
    pen = Pen().start().write(EntryRefused(symbol=SYMBOL, code="X", intent="", intent_age_ns=90 * MILLISECOND))
    assert pen.series()["signal_latency"].values.tolist() == pytest.approx([0.09])


def test_a_decision_takes_as_long_as_the_trader_had_its_candle_before_risk_answered() -> None:
    pen = (
        Pen().start().write(EntryRefused(symbol=SYMBOL, code="X", intent="", intent_age_ns=SECOND, decision_ns=30 * MILLISECOND))
    )
    assert pen.series()["signal_latency"].values.tolist() == pytest.approx([1.0])
    assert pen.series()["decision_time"].values.tolist() == pytest.approx([0.03])


def test_a_record_of_before_decisions_were_timed_is_no_observation() -> None:
    pen = Pen().start().write(EntryRefused(symbol=SYMBOL, code="X", intent="", intent_age_ns=SECOND))
    assert len(pen.series()["decision_time"]) == 0
