"""Describes sources other than the trader's journal in words: how fresh their samples are, and what is wrong with them."""

from collections.abc import Iterable, Iterator

from fairway.launch.control.launch_events import SamplesTaken
from fairway.launch.gates.verdict import Result, Verdict
from fairway.launch.observation.comparison.comparison_sources import (
    NAME_CONTROL,
    NAME_SHADOW,
    is_against_control,
    is_against_probe,
)
from fairway.launch.observation.comparison.pairing import OF
from fairway.launch.observation.external_series import ExternalSeries
from fairway.launch.plan.compiled_plan import CompiledGate
from fairway.texts.durations import duration_words
from fairway.world.clock import text_of


def sources(stands: Iterable[SamplesTaken], now: int) -> Iterator[str]:
    """A line for each, as it stands."""
    for each in stands:
        known = f"known until {text_of(each.seen_to)[:19]}, {duration_words(now - each.seen_to)} ago"
        counts = [f"{count} {name}" for name, count in each.counts.items()]
        parts = (known if each.seen_to else "nothing is known of it yet", *counts, each.trouble)
        yield f"{each.source}: {'; '.join(filter(None, parts))}"


def matter(notes: ExternalSeries, gate: CompiledGate, said: Verdict) -> str:
    """Why a gate's series is missing or stale: what its source reported, or that no source is configured; else ""."""
    if said.result not in (Result.ERROR, Result.STALE):
        return ""
    wanted, is_control = gate.gate.indicators(gate.settings), is_against_control(gate)
    is_compared = is_control or is_against_probe(gate)
    stands = [each for each in notes.stands() if any(of in each.values for of in wanted)]
    troubles = [f"; {each.source}: {each.trouble}" for each in stands if each.trouble and each.is_control <= is_compared]
    if OF in wanted and not stands:
        troubles.append(f"; no shadow is configured: {NAME_SHADOW}")
    if is_control and not any(each.is_control for each in stands):
        troubles.append(f"; no control is configured: {NAME_CONTROL}")
    return "".join(troubles)
