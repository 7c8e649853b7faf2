"""Which evidence a plan asks for, from when on and until when: what the rules about evidence have in common."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fairway.launch.evidence.checklist_asked import items_named, unnamed_items
from fairway.launch.gates.kinds.drill import DrillSettings
from fairway.launch.gates.port import GateSettings
from fairway.launch.plan.limits import Mode
from fairway.launch.plan.lint.draft import Draft
from fairway.texts.located_yaml import Path


@dataclass(frozen=True, slots=True)
class Span:
    """When an item counts in a track. first: the stage whose end asks for it first, -1 for before the first stage.

    lasts_ns: from the beginning of the first stage until it is asked for last, with each stage lived in for its least time.
    """

    track: str
    first: int
    lasts_ns: int


def is_live(draft: Draft) -> bool:
    return any(stage.limits.mode is Mode.LIVE for _, stage, _ in draft.plan.walk())


def at_entry(draft: Draft) -> list[GateSettings]:
    """The gates before the first stage that could be read."""
    found = [draft.written.gates.get(("entry", index)) for index in range(len(draft.plan.entry))]
    return [settings for _, settings in filter(None, found)]


def of_stages(draft: Draft, track: str) -> list[list[GateSettings]]:
    """Of each stage of a track, its gates that could be read."""
    stages = []
    for stage in draft.plan.rows[track].stages:
        found = [draft.written.gates.get(placed.path) for placed in draft.plan.gates_of(track, stage.name)]
        stages.append([settings for _, settings in filter(None, found)])
    return stages


def unnamed(draft: Draft) -> list[str]:
    """Items of the checklist that no gate asks for."""
    gates = [*at_entry(draft), *(each for track in draft.plan.rows for stage in of_stages(draft, track) for each in stage)]
    return unnamed_items(gates, [item.id for item in draft.plan.checklist])


def spans(draft: Draft, claim: str) -> Iterator[Span]:
    """In which tracks a claim counts: from the first gate that asks for it to the last promotion, or the last gate that asks."""
    entry = [*at_entry(draft)]
    names = [item.id for item in draft.plan.checklist]
    is_first = claim in unnamed(draft) or any(_asks(each, claim, names) for each in entry)
    for track in draft.plan.rows:
        gates = of_stages(draft, track)
        asking = [place for place, stage in enumerate(gates) if any(_asks(each, claim, names) for each in stage)]
        first = -1 if is_first else min(asking, default=None)
        if first is None:
            continue
        last = max([*asking, len(gates) - 2 if claim in names else -1, -1])
        stays = [stage.stay.at_least for stage in draft.plan.rows[track].stages]
        yield Span(track, first, sum(stays[: last + 1]))


def drill_gates(draft: Draft) -> Iterator[tuple[Path, str, int]]:
    """Each gate `drill` once: its place, its claim, and how long such evidence counts (ns)."""
    for path, _ in draft.gates:
        found = draft.written.gates.get(path)
        if found is not None and isinstance(settings := found[1], DrillSettings):
            claim = settings.claim
            yield (*path, "drill"), claim.name, claim.max_age


def _asks(settings: GateSettings, claim: str, names: Sequence[str]) -> bool:
    if isinstance(settings, DrillSettings):
        return settings.drill == claim
    return claim in items_named(settings, names)
