"""When too much of the time was not measured, it is told when enough of it is again; and then it is."""

from dataclasses import replace

import pytest
from tests.pure.launch.launches import BEGIN, STAGES, Flight, plan
from tests.pure.launch.test_record import told

from fairway.launch.gates.kinds.invariant import GATE, InvariantSettings
from fairway.launch.plan.compiled_plan import CompiledGate, CompiledTrack
from fairway.launch.views.forecast import more_for_coverage
from fairway.launch.views.status_text import explain
from fairway.watch.indicators import BY_NAME
from fairway.watch.series import Series
from fairway.watch.series_builder import SeriesBuilder
from fairway.world.clock import HOUR, MINUTE, SECOND, parse_instant


def measured(*minutes: int, until: int, excused: tuple[tuple[int, int], ...] = ()) -> Series:
    growing = SeriesBuilder(BY_NAME["protected"])
    for minute in minutes:
        growing.add(BEGIN + minute * MINUTE, 1.0)
    return growing.series(watermark=BEGIN + until * MINUTE, beats=BEGIN + until * MINUTE, excused=excused)


HOLED = tuple(minute for minute in range(1, 61) if not 20 < minute <= 32)
"""The minutes of an hour, twelve of which are missing."""


@pytest.mark.parametrize(
    ("minutes", "since", "moves"),
    [(HOLED, 0, False), (HOLED, 0, True), (HOLED, 15, True), (HOLED[-5:], 0, False), ((), 0, False), ((), 0, True)],
)
@pytest.mark.parametrize("excused", [(), ((BEGIN + 21 * MINUTE, BEGIN + 25 * MINUTE),)])
def test_so_many_more_are_enough_and_one_less_is_not(
    minutes: tuple[int, ...], since: int, moves: bool, excused: tuple[tuple[int, int], ...]
) -> None:
    begins, ends = BEGIN + since * MINUTE, BEGIN + 60 * MINUTE
    more = more_for_coverage(measured(*minutes, until=60, excused=excused), begins, ends, moves=moves)
    assert more is not None
    for count, is_enough in ((more, True), (more - 1, False)):
        series = measured(*minutes, *range(61, 61 + count), until=60 + count, excused=excused)
        later = count * MINUTE
        covered = series.coverage(begins + later * moves, ends + later)
        assert covered is not None
        assert (covered >= 0.95) is is_enough, count


def test_explain_tells_when_coverage_is_enough_again_and_then_the_gate_passes() -> None:
    gate = CompiledGate("books", GATE, InvariantSettings(name="books", of="protected"))
    flight = Flight(plan=plan(CompiledTrack("engine", (replace(STAGES[0], gates=(gate,), stay_min_ns=6 * HOUR),))))
    flight.fly(2 * SECOND, SECOND)
    line = books(flight, 60)
    assert "COVERAGE_LOW" in line
    pace = "; 11 of 59 are missing: at one a minute without another gap it is enough at "
    assert pace in line
    minute = (parse_instant(line.partition(pace)[2] + "Z") - BEGIN) // MINUTE
    assert minute > 180, "a twentieth of some four hours was missed"
    assert "COVERAGE_LOW" in books(flight, minute - 2)
    assert "passes books: PASS" in books(flight, minute)


def books(flight: Flight, minute: int) -> str:
    """What is told of the gate at the end of a minute, where each one after the first hour was measured."""
    flight.now = BEGIN + minute * MINUTE + 5 * SECOND
    flight.series["protected"] = measured(*HOLED, *range(61, minute + 1), until=minute)
    [line] = [each for each in explain(told(flight)) if " books: " in each]
    return line
