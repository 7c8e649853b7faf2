"""Judges a soak: each number beside its bound, and PASS, FAIL or INSUFFICIENT. What is not known is never a pass."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final

from msgspec import Struct

from fairway.proving.soak.meter import Pooled, SoakMeter
from fairway.proving.soak.snapshot import SoakSnapshot, snapshot_of
from fairway.world.clock import DAY, HOUR, MINUTE

HOURS_MIN: Final = 24.0
SUCCESS_MIN: Final = 0.95
API_MIN: Final = 0.995
MEMORY_MAX: Final = 0.02
DECISION_P95_MAX_S: Final = 0.1
ORDER_MEAN_MAX_S: Final = 0.8
RECONNECT_MAX_S: Final = 5.0
ORDERS_MIN: Final = 30
"""Fewer orders prove nothing about their share."""
WARM_UP_NS: Final = HOUR
"""In its first hour a process fills its caches."""
COVERED_MIN: Final = 0.99
"""Share of the minutes of a soak that the trader must have measured."""


class SoakVerdict(StrEnum):
    PASS = "PASS"
    FAIL = "FAIL"
    INSUFFICIENT = "INSUFFICIENT"


class SoakBound(Struct, frozen=True, kw_only=True):
    """One number beside its bound, both in words. why: of a verdict that is no PASS."""

    name: str
    measured: str
    bound: str
    verdict: SoakVerdict
    why: str = ""


class SoakRun(Struct, frozen=True, kw_only=True):
    """since, until: ns. is_simulated: the machine takes no time and no memory. interrupted: a person ended it early."""

    since: int
    until: int
    is_simulated: bool
    interrupted: bool = False


def judged(meters: Sequence[SoakMeter], run: SoakRun) -> list[SoakBound]:
    """Every bound. Which of them could not be measured says so."""
    seen = snapshot_of(meters, run.since, run.until)
    return [
        _duration(run, seen),
        _coverage(meters, run),
        _at_least("order success", seen.order_success, SUCCESS_MIN, seen.orders, ORDERS_MIN),
        _at_least("calls of the exchange's API", seen.venue_api, API_MIN, seen.venue_calls, ORDERS_MIN),
        _none("critical incidents, failures of accounts", seen.incidents + seen.failures, seen),
        _memory(meters, run),
        _at_most("decision on a signal, p95", seen.decision_p95_s, DECISION_P95_MAX_S, run),
        _at_most("order acknowledged, mean", seen.ack_mean_s, ORDER_MEAN_MAX_S, run),
        _all("reconciliation", seen.reconciled),
        _all("balances tie out", seen.tied_out),
        _all("positions under a stop", seen.protection),
        _reconnect(seen),
    ]


def overall(bounds: Sequence[SoakBound]) -> SoakVerdict:
    """FAIL where one fails, else INSUFFICIENT where one is not known. Without bounds nothing is known."""
    found = {each.verdict for each in bounds}
    if SoakVerdict.FAIL in found:
        return SoakVerdict.FAIL
    return SoakVerdict.PASS if found == {SoakVerdict.PASS} else SoakVerdict.INSUFFICIENT


def memory_growth(meters: Sequence[SoakMeter], run: SoakRun) -> Iterator[float]:
    """Of each trader: growth in 24 hours, from the mean of the hour after its first one to the mean of the last hour."""
    for meter in meters:
        first = Pooled([meter], "rss", run.since + 2 * WARM_UP_NS, run.since + WARM_UP_NS).mean
        last = Pooled([meter], "rss", run.until, run.until - HOUR).mean
        span = run.until - run.since - 2 * WARM_UP_NS
        if first and last and span > 0:
            yield (last / first - 1) * DAY / span


# -- one bound each ----------------------------------------------------------------------------------------------------


def _duration(run: SoakRun, seen: SoakSnapshot) -> SoakBound:
    is_long = seen.elapsed_hours >= HOURS_MIN and not run.interrupted
    why = "" if is_long else "a person ended it early" if run.interrupted else "the documents ask for a day"
    return SoakBound(
        name="duration",
        measured=f"{seen.elapsed_hours:.2f} h",
        bound=f"at least {HOURS_MIN:g} h",
        verdict=SoakVerdict.PASS if is_long else SoakVerdict.INSUFFICIENT,
        why=why,
    )


def _coverage(meters: Sequence[SoakMeter], run: SoakRun) -> SoakBound:
    """Of the trader that measured itself least often. A minute is measured at its end, so one at an edge may lie outside."""
    due = (run.until - run.since) // MINUTE
    found = [meter.series.get("uptime") for meter in meters]
    seen = [series.seen(run.since, run.until) for series in found if series is not None]
    least = min(1.0, (min(seen) + 1) / due) if due and min(seen, default=0) and len(seen) == len(found) else None
    return _at_least("minutes that the trader measured", least, COVERED_MIN, 1, 1)


def _at_least(name: str, share: float | None, least: float, count: int, enough: int) -> SoakBound:
    bound = f"more than {least:.1%}"
    if share is None or count < enough:
        why = f"{count:,} seen, at least {enough} are needed"
        return SoakBound(name=name, measured=_share(share), bound=bound, verdict=SoakVerdict.INSUFFICIENT, why=why)
    return SoakBound(name=name, measured=_share(share), bound=bound, verdict=_of(share > least))


def _none(name: str, count: int, seen: SoakSnapshot) -> SoakBound:
    """No incident of a trader that measured nothing is no good news."""
    verdict = SoakVerdict.FAIL if count else SoakVerdict.INSUFFICIENT if seen.uptime is None else SoakVerdict.PASS
    return SoakBound(name=name, measured=f"{count}", bound="none", verdict=verdict)


def _memory(meters: Sequence[SoakMeter], run: SoakRun) -> SoakBound:
    name, bound = "memory, growth in 24 h", f"less than {MEMORY_MAX:.0%}"
    if run.is_simulated:
        why = "a simulated process holds no memory of its own: --real measures it"
        return SoakBound(name=name, measured="not measured", bound=bound, verdict=SoakVerdict.INSUFFICIENT, why=why)
    growth = list(memory_growth(meters, run))
    if len(growth) < len(meters) or run.until - run.since < HOURS_MIN * HOUR:
        measured = f"{max(growth):+.2%}" if growth else "not measured"
        why = "its first hour fills caches, and a day is needed to tell a growth of 2 % from noise"
        return SoakBound(name=name, measured=measured, bound=bound, verdict=SoakVerdict.INSUFFICIENT, why=why)
    return SoakBound(name=name, measured=f"{max(growth):+.2%}", bound=bound, verdict=_of(max(growth) < MEMORY_MAX))


def _at_most(name: str, seconds: float | None, most: float, run: SoakRun) -> SoakBound:
    """In simulated time a program takes none, so what is too long there is too long, and what is short says nothing."""
    measured = "not measured" if seconds is None else f"{seconds * 1000:,.1f} ms"
    bound = f"less than {most * 1000:g} ms"
    if seconds is not None and seconds >= most:
        return SoakBound(name=name, measured=measured, bound=bound, verdict=SoakVerdict.FAIL)
    if seconds is None:
        return SoakBound(name=name, measured=measured, bound=bound, verdict=SoakVerdict.INSUFFICIENT, why="there was none")
    if run.is_simulated:
        why = "in simulated time programs take no time: only the simulated network is in it"
        return SoakBound(name=name, measured=measured, bound=bound, verdict=SoakVerdict.INSUFFICIENT, why=why)
    return SoakBound(name=name, measured=measured, bound=bound, verdict=SoakVerdict.PASS)


def _all(name: str, share: float | None) -> SoakBound:
    if share is None:
        return SoakBound(name=name, measured=_share(share), bound="100 %", verdict=SoakVerdict.INSUFFICIENT, why="none was seen")
    return SoakBound(name=name, measured=_share(share), bound="100 %", verdict=_of(share >= 1))


def _reconnect(seen: SoakSnapshot) -> SoakBound:
    name, bound = "longest reconnection", f"at most {RECONNECT_MAX_S:g} s"
    if seen.reconnect_longest_s is None:
        why = "no connection broke"
        return SoakBound(name=name, measured="not measured", bound=bound, verdict=SoakVerdict.INSUFFICIENT, why=why)
    measured = f"{seen.reconnect_longest_s:.2f} s of {seen.reconnects}"
    return SoakBound(name=name, measured=measured, bound=bound, verdict=_of(seen.reconnect_longest_s <= RECONNECT_MAX_S))


def _of(holds: bool) -> SoakVerdict:
    return SoakVerdict.PASS if holds else SoakVerdict.FAIL


def _share(share: float | None) -> str:
    """Rounded down, so that 100 % means all."""
    return "not measured" if share is None else f"{int(share * 1_000_000) / 10_000:g} %"
