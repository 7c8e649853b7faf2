"""Says when a gate that does not know enough yet can be decided, at the pace at which observations come."""

from bisect import bisect_left
from typing import Final

from fairway.launch.gates.statistics.series_gate import COVERED, SeriesSettings
from fairway.launch.gates.verdict import Result, Verdict
from fairway.launch.observation.observation import Observation
from fairway.launch.plan.compiled_plan import CompiledGate
from fairway.texts.quantities import duration_text
from fairway.watch.series import Series, excused_ns
from fairway.world.clock import DAY, MINUTE, SECOND, text_of

LONGEST: Final = 20
"""With nothing missing from now on, a gap is a twentieth of a window that has grown twentyfold; one that moves has left it."""


def outlook(gate: CompiledGate, said: Verdict, observation: Observation) -> str:
    """When it can be decided at the present rate, to be put behind its reason; "" where that is not known."""
    if said.result is not Result.INSUFFICIENT:
        return ""
    if said.reason.startswith("COVERAGE_LOW:"):
        return _of_coverage(gate, said, observation)
    return _of_count(said, observation.now) if said.missing is not None else ""


def _of_count(said: Verdict, now: int) -> str:
    seen_n, spell = said.numbers.get("n", ""), said.until - said.since
    at_best = f"; {said.missing} more at best"
    if said.missing is None or not seen_n.isdigit() or not int(seen_n) or spell <= 0:
        return at_best
    more_ns = said.missing * spell // int(seen_n)
    return f"{at_best}: at {int(seen_n) * DAY // spell} a day that is {text_of(now + more_ns)[:16]}"


def _of_coverage(gate: CompiledGate, said: Verdict, observation: Observation) -> str:
    """Where each observation comes from now on; the clock brings them, so nothing makes it sooner."""
    settings, series = gate.settings, observation.series.get(getattr(gate.settings, "of", ""))
    if not isinstance(settings, SeriesSettings) or series is None or series.indicator.every_s is None:
        return ""
    every_ns = series.indicator.every_s * SECOND
    due, seen = _expected(series, said.since, said.until), series.seen(said.since, said.until)
    more = more_for_coverage(series, said.since, said.until, moves=bool(settings.over))
    if more is None:
        return f"; {due - seen} of {due} are missing"
    pace = "one a minute" if every_ns == MINUTE else f"one every {duration_text(every_ns)}"
    at = -(-(observation.now + more * every_ns) // MINUTE) * MINUTE  # upwards: before it, it certainly is not enough
    return f"; {due - seen} of {due} are missing: at {pace} without another gap it is enough at {text_of(at)[:16]}"


def more_for_coverage(series: Series, since: int, until: int, *, moves: bool) -> int | None:
    """How many observations in a row, each at its time, until enough of a window is covered; None where that takes too long.

    since, until: ns. moves: whether the window keeps its length; else it keeps its beginning, and grows.
    """
    every_ns = (series.indicator.every_s or 0) * SECOND

    def is_enough(more: int) -> bool:
        later = more * every_ns
        begins, ends = since + later * moves, until + later
        expected = _expected(series, begins, ends)
        return min(more, expected) + series.seen(begins, until) >= COVERED * expected

    most = LONGEST * max(1, (until - since) // every_ns)
    found = bisect_left(range(most + 1), True, key=is_enough)
    return found if found <= most else None


def _expected(series: Series, since: int, until: int) -> int:
    every_ns = (series.indicator.every_s or 0) * SECOND
    return (until - since - excused_ns(series.excused, since, until)) // every_ns
