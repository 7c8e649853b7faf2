"""Which items of the checklist count at which promotion: each from the first gate that asks for it on.

An item that no gate names counts from the beginning. So nothing is raised above an item that was never met, or that has expired
since. An item that only a later stage asks for can often be met only there, such as a restart with a position.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from fairway.launch.gates.kinds.checklist import ChecklistSettings
from fairway.launch.gates.kinds.drill import DrillSettings
from fairway.launch.gates.port import Claim, GateSettings
from fairway.launch.gates.registry import gate
from fairway.launch.plan.compiled_plan import CompiledGate, CompiledTrack, OnFail

NAME: Final = "checklist"


def items_named(settings: GateSettings | None, checklist: Sequence[str]) -> list[str]:
    """The items of the checklist that a gate asks for. A gate `checklist` that names none asks for all."""
    match settings:
        case ChecklistSettings():
            wanted = settings.items or checklist
        case DrillSettings():
            wanted = (settings.drill,)
        case _:
            wanted = ()
    return [item for item in checklist if item in wanted]


def unnamed_items(gates: Iterable[GateSettings], checklist: Sequence[str]) -> list[str]:
    """Items that no gate of the plan asks for. gates: the settings of each."""
    named = {item for settings in gates for item in items_named(settings, checklist)}
    return [item for item in checklist if item not in named]


def with_checklist(
    checklist: Sequence[Claim], entry: Sequence[CompiledGate], tracks: Sequence[CompiledTrack]
) -> tuple[tuple[CompiledGate, ...], tuple[CompiledTrack, ...]]:
    """The gates before the first stage and the tracks, with each item asked for at every promotion at which it counts."""
    names = [each.name for each in checklist]
    everywhere = [*entry, *(each for track in tracks for stage in track.stages for each in stage.gates)]
    unnamed = unnamed_items((each.settings for each in everywhere), names)
    first = (*entry, *_asked(unnamed, entry))
    before = _items(first, names)
    return first, tuple(_track(track, before, names) for track in tracks)


def _track(track: CompiledTrack, before: Sequence[str], names: Sequence[str]) -> CompiledTrack:
    """Nothing is raised after the last stage, so nothing is asked again there."""
    stages, due = [], list(before)
    for stage in track.stages:
        own = _items(stage.gates, names)
        again = [item for item in due if item not in own] if stage.is_flown else [*due, *own]
        stages.append(replace(stage, counts=_asked(again, stage.gates) if stage is not track.stages[-1] else ()))
        due = [item for item in names if item in {*due, *own}]
    return replace(track, stages=tuple(stages))


def _items(gates: Iterable[CompiledGate], names: Sequence[str]) -> list[str]:
    """What is only told decides nothing, and so asks for nothing."""
    asking = [each for each in gates if each.on_fail is not OnFail.TELL]
    return [item for item in names if any(item in items_named(each.settings, names) for each in asking)]


def _asked(items: Sequence[str], beside: Sequence[CompiledGate]) -> tuple[CompiledGate, ...]:
    """The gate that asks for items; none where there are no items."""
    if not items:
        return ()
    name = NAME if all(each.name != NAME for each in beside) else f"{NAME} so far"
    checklist = gate("checklist")
    settings = checklist.settings.model_validate({"name": name, "items": list(dict.fromkeys(items))})
    return (CompiledGate(name=name, gate=checklist, settings=settings),)
