"""Proves a gate: it must pass the facts made to pass, and block when one thing after the other is wrong with them.

A gate that has not been seen to block does not count (law 8), so a gate without a proof blocks every launch.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from msgspec import structs

from fairway.launch.evidence.model import Rank
from fairway.launch.gates.port import Facts, Gate
from fairway.launch.gates.verdict import Result, Verdict
from fairway.watch.series import Series
from fairway.world.clock import DAY

LONG: Final = 366 * DAY
"""Older than anything may be."""
HOLE: Final = 0.1
"""The share of the observations that is missing in the middle of a series with a hole."""


@dataclass(frozen=True, slots=True)
class GateProof:
    """The verdicts of one gate on the facts made to pass, and on each mutation of them by the mutation's name."""

    gate: str
    name: str
    passed: Verdict
    blocked: Mapping[str, Verdict]

    @property
    def is_proven(self) -> bool:
        return not self.gaps

    @property
    def gaps(self) -> list[str]:
        """What keeps it from being proven; empty where nothing does."""
        gaps = [] if self.passed.result is Result.PASS else [f"does not pass the facts made to pass: {self.passed.reason}"]
        return gaps + [f"passes with {name}" for name, said in self.blocked.items() if said.result is Result.PASS]


def proof_of(gate: Gate, settings: Any) -> GateProof:
    """Judges the facts that are made for the settings of a plan, and each mutation that applies to them."""
    good = gate.passing_facts(settings)
    mutants = {name: mutate(gate, settings, good) for name, mutate in MUTATIONS.items()}
    return GateProof(
        gate.name,
        settings.name,
        gate.judge(settings, good),
        {name: gate.judge(settings, mutant) for name, mutant in mutants.items() if mutant is not None},
    )


Mutation = Callable[[Gate, Any, Facts], Facts | None]
"""Returns the passing facts with one thing wrong; None where the facts have no such thing."""


def _spoiled(gate: Gate, settings: Any, good: Facts) -> Facts:
    return gate.failing_facts(settings)


def _without_series(gate: Gate, settings: Any, good: Facts) -> Facts | None:
    asked = gate.indicators(settings)
    kept = {name: series for name, series in good.series.items() if name not in asked}
    return replace(good, series=kept) if asked else None


def _each(change: Callable[[Series], Series | None]) -> Mutation:
    """The same change to each series that the gate asks for."""

    def mutate(gate: Gate, settings: Any, good: Facts) -> Facts | None:
        changed = {name: change(good.series[name]) for name in gate.indicators(settings) if name in good.series}
        found = {name: series for name, series in changed.items() if series is not None}
        return replace(good, series={**good.series, **found}) if found else None

    return mutate


def _stale(series: Series) -> Series:
    return replace(series, watermark=series.watermark - LONG)


def _silent(series: Series) -> Series:
    return replace(series, beats=series.beats - LONG)


def _with_hole(series: Series) -> Series | None:
    """Of one that comes by the clock a part of the middle is missing."""
    if series.indicator.every_s is None or len(series) < 3:
        return None
    first = int(len(series) * (0.5 - HOLE / 2))
    keep = np.ones(len(series), dtype=bool)
    keep[first : first + max(1, int(len(series) * HOLE))] = False
    return _part(series, keep)


def _controls(change: Callable[[Series], Series | None]) -> Mutation:
    """The same change to each series of what runs beside it."""

    def mutate(gate: Gate, settings: Any, good: Facts) -> Facts | None:
        changed = {name: change(series) for name, series in good.controls.items()}
        found = {name: series for name, series in changed.items() if series is not None}
        return replace(good, controls={**good.controls, **found}) if found else None

    return mutate


def _without_control(gate: Gate, settings: Any, good: Facts) -> Facts | None:
    return replace(good, controls={}) if good.controls else None


def _of_another_time(series: Series) -> Series:
    """All that was observed is from the first tenth of the time."""
    return _part(series, np.arange(len(series)) < len(series) * HOLE)


def _of_another_probe(series: Series) -> Series | None:
    """Of one that bears the names of probes."""
    return replace(series, names=tuple(f"not {name}" for name in series.names), _memo={}) if any(series.names) else None


def _part(series: Series, keep: Any) -> Series:
    counts = None if series.counts is None else series.counts[keep]
    ats, values, labels = series.ats[keep], series.values[keep], series.labels[keep]
    return replace(series, ats=ats, values=values, labels=labels, counts=counts, _memo={})


def _impossible(series: Series) -> Series | None:
    """The last value is no number."""
    if not len(series):
        return None
    values = series.values.copy()
    values[-1] = np.nan
    return replace(series, values=values, _memo={})


def _of_another_release(gate: Gate, settings: Any, good: Facts) -> Facts | None:
    """Evidence that was made on another release says nothing about this one."""
    return replace(good, release="f" * 64) if any(each.release for each in good.evidence) else None


def _expired(gate: Gate, settings: Any, good: Facts) -> Facts | None:
    evidence = [structs.replace(each, made_at=each.made_at - LONG, ends_at=good.now - 1) for each in good.evidence]
    return replace(good, evidence=evidence) if evidence else None


def _bare_words(gate: Gate, settings: Any, good: Facts) -> Facts | None:
    evidence = [structs.replace(each, rank=Rank.BARE_WORD) for each in good.evidence]
    return replace(good, evidence=evidence) if evidence else None


def _by_the_author(gate: Gate, settings: Any, good: Facts) -> Facts | None:
    """Every approval is the author's own."""
    approvals = {role: [good.author or "author" for _ in names] for role, names in good.approvals.items()}
    return replace(good, author=good.author or "author", approvals=approvals) if approvals else None


MUTATIONS: Final[Mapping[str, Mutation]] = {
    "failing facts": _spoiled,
    "no series": _without_series,
    "a stale series": _each(_stale),
    "a silent source": _each(_silent),
    "a hole": _each(_with_hole),
    "impossible values": _each(_impossible),
    "no control": _without_control,
    "a stale control": _controls(_stale),
    "a silent control": _controls(_silent),
    "a control of another time": _controls(_of_another_time),
    "a control of another probe": _controls(_of_another_probe),
    "another release": _of_another_release,
    "expired evidence": _expired,
    "bare words": _bare_words,
    "the author's approval": _by_the_author,
}
"""What is wrong, by its name in the table of proofs."""
