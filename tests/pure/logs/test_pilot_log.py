"""Lines of the pilot's log: names, levels, and the fields that all its events share."""

from typing import Any

import pytest
from msgspec import Struct

from fairway.assembly.pilot_log import fields_of, level_of
from fairway.launch.control import hold_kinds, launch_events, lifecycle
from fairway.launch.control.holds import hold_of
from fairway.risk.limits import Limits

RESERVED = {"at", "level", "event", "process", "launch"}
"""What a line of the pilot has by itself."""


def _empty(kind: type[Struct]) -> Any:
    """An event of which no field has a value, to see which names its fields have in a line."""
    fields = dict.fromkeys(kind.__struct_fields__, "x")
    return kind(**fields)


@pytest.mark.parametrize(
    ("event", "level"),
    [
        (lifecycle.StageEntered(track="a", by="pilot", why="", stage=1, name="large"), "info"),
        (lifecycle.TrackDemoted(track="a", by="pilot", why="", stage=0, name="small"), "warning"),
        (launch_events.InstructionAnswered(number=1, what="hold", by="ann"), "info"),
        (launch_events.InstructionAnswered(number=1, what="promote", by="ann", refused="NOT_READY"), "warning"),
        (launch_events.VenueChecked(account="main", asked_at=1), "debug"),
        (launch_events.VenueChecked(account="main", asked_at=1, trouble="an order is open"), "warning"),
        (launch_events.SamplesTaken(source="probe", values={}, seen_to=0, beats=0), "debug"),
        (launch_events.SamplesTaken(source="probe", values={}, seen_to=0, beats=0, trouble="no answer"), "warning"),
        (launch_events.HoldRaised(hold=hold_of(hold_kinds.REGISTRY, "it cannot be read", 1)), "warning"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_line_is_as_loud_as_its_event(event: Struct, level: str) -> None:
    assert level_of(event) == level


def test_a_stage_is_its_name_in_every_line_and_a_beginning_of_it_is_its_stage_id() -> None:
    entered = fields_of(lifecycle.StageEntered(track="engine", by="pilot", why="ready", stage=1, name="large"))
    assert (entered["track"], entered["stage"], entered["stage_number"]) == ("engine", "large", 1)
    lease = launch_events.LeaseIssued(
        track="engine", accounts=("main",), epoch=2, until=9, limits=Limits(), stage="engine/large 5"
    )
    assert fields_of(lease) == {"track": "engine", "accounts": ("main",), "epoch": 2, "until": 9, "stage_id": "engine/large 5"}


def test_a_decision_names_the_commands_that_it_took() -> None:
    decided = launch_events.Decided(
        number=7, now=1, read_to=3, inputs="d", commands=(2, 3), verdicts={}, results={}, served_ns={}, outcome=("StageEntered",)
    )
    fields = fields_of(decided)
    assert (fields["decision_id"], fields["command_ids"]) == (7, ["launch-commands-2", "launch-commands-3"])
    assert "verdicts" not in fields


PLAIN = [
    kind
    for kind in launch_events.EVENTS
    if kind
    not in (
        launch_events.ApprovalGiven,
        launch_events.HoldRaised,
        launch_events.EvidenceTaken,
        launch_events.AccountsSeen,
        launch_events.Decided,
        launch_events.InstructionAnswered,
    )
]


@pytest.mark.parametrize("kind", PLAIN, ids=lambda kind: kind.__name__)
def test_no_event_has_a_field_that_a_line_uses_itself(kind: type[Struct]) -> None:
    assert not set(fields_of(_empty(kind))) & RESERVED
