"""Says when a gate that does not know enough yet can be decided, at the pace at which observations come.

The sentences are in `texts/messages/status_messages.py`.
"""

from bisect import bisect_left
from typing import Final, NamedTuple

from fairway.launch.gates.statistics.series_gate import COVERED, SeriesSettings
from fairway.launch.gates.verdict import Result, Verdict
from fairway.launch.observation.observation import Observation
from fairway.launch.plan.compiled_plan import CompiledGate
from fairway.texts.durations import as_setting
from fairway.texts.messages.catalogue import line
from fairway.texts.messages.message import InstantValue, KeyedMessage, Precision, message
from fairway.texts.messages.status_messages import StatusMessage
from fairway.watch.series import Series, excused_ns
from fairway.world.clock import DAY, MINUTE, SECOND

LONGEST: Final = 20
"""With nothing missing from now on, a gap is a twentieth of a window that has grown twentyfold; one that moves has left it."""


def outlook(gate: CompiledGate, said: Verdict, observation: Observation) -> str:
    """When it can be decided at the present rate, to be put behind its reason; "" where that is not known."""
    found = _forecast(gate, said, observation)
    return f"; {line(found.told)}" if found is not None else ""


def decidable_at(gate: CompiledGate, said: Verdict, observation: Observation) -> int:
    """The same as an instant (ns); 0 where it is not known."""
    found = _forecast(gate, said, observation)
    return found.at if found is not None else 0


class _Forecast(NamedTuple):
    told: KeyedMessage
    at: int = 0


def _forecast(gate: CompiledGate, said: Verdict, observation: Observation) -> _Forecast | None:
    if said.result is not Result.INSUFFICIENT:
        return None
    if said.missing is not None:
        return _of_count(said, said.missing, observation.now)
    return _of_coverage(gate, said, observation)


def _of_count(said: Verdict, missing: int, now: int) -> _Forecast:
    seen_n, spell = said.numbers.get("n", ""), said.until - said.since
    if not seen_n.isdigit() or not int(seen_n) or spell <= 0:
        return _Forecast(message(StatusMessage.MORE_AT_BEST, missing=str(missing)))
    a_day = int(seen_n) * DAY // spell
    at = now + missing * spell // int(seen_n)
    when = InstantValue(at, Precision.MINUTE)
    return _Forecast(message(StatusMessage.MORE_AT_RATE, missing=str(missing), a_day=str(a_day), at=when), at)


def _of_coverage(gate: CompiledGate, said: Verdict, observation: Observation) -> _Forecast | None:
    """When enough of the window is covered if each observation comes from now on; None where coverage is not what is missing."""
    settings, series = gate.settings, observation.series.get(getattr(gate.settings, "of", ""))
    if not isinstance(settings, SeriesSettings) or series is None or series.indicator.every_s is None:
        return None
    covered = series.coverage(said.since, said.until) if settings.NEEDS_COVERAGE else None
    if covered is None or covered >= COVERED:
        return None
    every_ns = series.indicator.every_s * SECOND
    due, seen = _expected(series, said.since, said.until), series.seen(said.since, said.until)
    more = more_for_coverage(series, said.since, said.until, moves=bool(settings.over))
    if more is None:
        return _Forecast(message(StatusMessage.COVERAGE_MISSING, missing=str(due - seen), due=str(due)))
    every = "" if every_ns == MINUTE else as_setting(every_ns)
    at = -(-(observation.now + more * every_ns) // MINUTE) * MINUTE  # upwards: before it, it certainly is not enough
    told = message(
        StatusMessage.COVERAGE_ENOUGH_AT,
        missing=str(due - seen),
        due=str(due),
        every=every,
        at=InstantValue(at, Precision.MINUTE),
    )
    return _Forecast(told, at)


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
