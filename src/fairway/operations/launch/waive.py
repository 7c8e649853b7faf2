"""Waive: an item of a launch's checklist need not be met for a while."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fairway.operations.launch.instruct import PilotOutcome, instruct_pilot, launch_subject, preview_for_launch
from fairway.operations.operation import Call, Exposure, Length, Operation, Preview
from fairway.operations.refusal import reason_given
from fairway.people.roles import UserAct
from fairway.settings import load
from fairway.texts.durations import as_setting


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiveRequest:
    """claim: the item, by its id in the plan. asked_by: who needs the waiver; another person than the actor grants it.

    role: as whom the actor grants it. length: how long it lasts (ns).
    """

    config: Path
    claim: str
    reason: str
    asked_by: str
    role: str
    length: Length


def perform_waive(call: Call[WaiveRequest]) -> PilotOutcome:
    """Raises Refusal, SettingsError, NotBegun, JournalErrors."""
    from fairway.launch.control.commands import Waive
    from fairway.world.clock import SystemClock

    asked = call.request
    reason = reason_given(asked.reason, "the tool is down; we looked by hand")
    ends_at = SystemClock().now() + asked.length
    waiver = Waive(reason=reason, claim=asked.claim, asked_by=asked.asked_by, role=asked.role, ends_at=ends_at)
    return instruct_pilot(load(asked.config), waiver, call)


def preview_waive(call: Call[WaiveRequest]) -> Preview:
    """What would follow, and in which accounts. Raises SettingsError, NotBegun."""
    asked = call.request
    effect = f"the item {asked.claim!r} of the checklist need not be met for {as_setting(asked.length)}"
    return preview_for_launch(load(asked.config), effect)


WAIVE = Operation(
    name="launch waive",
    summary="Waive an item of a launch's checklist for a while.",
    act=UserAct.LAUNCH,
    exposure=Exposure.RAISES,
    request=WaiveRequest,
    subject=launch_subject,
    preview=preview_waive,
    perform=perform_waive,
)
OPERATIONS: Final = (WAIVE,)
