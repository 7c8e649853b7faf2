"""A tick decides on a draft: whatever it does to the draft, the launch stays as it was."""

from dataclasses import fields

from tests.pure.launch.launches import STAGES, Flight, plan

from fairway.launch.control.tick_context import context_of
from fairway.launch.plan.compiled_plan import CompiledTrack
from fairway.world.clock import HOUR, MINUTE


def test_no_list_and_no_table_of_the_launch_is_shared_with_the_draft() -> None:
    flight = Flight(plan=plan(CompiledTrack("engine", STAGES)))
    flight.fly(HOUR, MINUTE)
    draft = context_of(flight.plan, flight.launch, flight.observation()).launch
    for each in fields(draft):
        known, copied = getattr(flight.launch, each.name), getattr(draft, each.name)
        assert copied == known, each.name
        assert not isinstance(known, list | dict) or copied is not known, each.name


def test_a_track_of_the_draft_is_a_copy() -> None:
    flight = Flight(plan=plan(CompiledTrack("engine", STAGES)))
    flight.fly(HOUR, MINUTE)
    draft = context_of(flight.plan, flight.launch, flight.observation()).launch
    draft.track("engine").pauses.append((1, 2))
    draft.track("engine").stage += 1
    assert flight.launch.track("engine") != draft.track("engine")
    assert (1, 2) not in flight.launch.track("engine").pauses
