"""A promotion is followed by fields from a command to the trader, as docs/how-to/follow-a-promotion-in-the-log.md says."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.scenes.logged_harness import LoggedLaunch
from tests.scenes.script import enter

from fairway.launch.control import commands as said
from fairway.launch.control import launch_events
from fairway.launch.control.command_handler import binds_of
from fairway.launch.plan.compiled_plan import CompiledPlan, CompiledStage, CompiledTrack
from fairway.logs.event_lines import name_of_kind
from fairway.logs.log import Process
from fairway.money.amount import Amount
from fairway.proving.scripted_gate import asked, evidence
from fairway.risk.limits import Limits
from fairway.world.clock import MINUTE
from fairway.world.loop import running

pytestmark = pytest.mark.in_memory
"""The pilot of a launch in a scene reads the trader's journal in memory."""

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "follow-a-promotion-in-the-log.md"
SMALL, LARGE = (Limits(capital=Amount.of(each, "USDT")) for each in ("1000", "5000"))
STAGES = (
    CompiledStage("small", SMALL, stay_min_ns=2 * MINUTE, gates=(asked("one"),)),
    CompiledStage("large", LARGE, stay_min_ns=60 * MINUTE, gates=(asked("two"),), approvals={"owner": 1}),
)
PLAN = CompiledPlan(name="ramp", digest="plan-1", author="ann", tracks=(CompiledTrack("engine", STAGES),))


def _show(stage: Any) -> None:
    stage.tell_pilot("ann", said.Submit(reason="measured", evidence=evidence("one", "good", running().wall_ns)))


def _approve(stage: Any) -> None:
    binds = binds_of(stage.plan, stage.pilots[-1].launch, STAGES[1])
    stage.tell_pilot("olga", said.Approve(reason="it is ready", stage="large", role="owner", login="olga 1", binds=binds))


def _flown(*signals: Any, plan: CompiledPlan = PLAN, minutes: float = 6) -> LoggedLaunch:
    stage = LoggedLaunch(*signals, plan=plan, acts={150: _show, 200: _approve})
    stage.run(minutes=minutes)
    return stage


def _one(lines: list[dict[str, Any]], event: str, **fields: Any) -> dict[str, Any]:
    """The first line of this event in which these fields have these values."""
    return next(line for line in lines if line["event"] == event and fields.items() <= line.items())


def test_a_promotion_is_traced_from_the_command_to_the_lease_that_the_trader_accepts() -> None:
    stage = _flown()
    pilot, trader = stage.logs(Process.PILOT), stage.logs(Process.TRADER)
    heard = _one(pilot, "instruction_answered", by="olga")
    assert heard["command_id"] == "launch-commands-2"
    decided = next(line for line in pilot if line["event"] == "decided" and heard["command_id"] in line["command_ids"])
    assert "ApprovalGiven" in decided["outcome"]
    approval = _one(pilot, "approval_given", by="olga", at=decided["at"])
    same = {name: approval[name] for name in ("launch", "track", "stage")}
    assert same == {"launch": "ramp", "track": "engine", "stage": "large"}
    entered = _one(pilot, "stage_entered", **same)
    issued = _one(pilot, "lease_issued", at=entered["at"], **same)
    sent = _one(pilot, "lease_sent", stage_id=issued["stage_id"], until=issued["until"], **same)
    assert sent["account"] in issued["accounts"]
    taken = _one(trader, "instruction_taken", command_id=sent["command_id"], account=sent["account"])
    lease = {name: sent[name] for name in ("account", "stage_id", "epoch", "until")}
    accepted = _one(trader, "lease_accepted", **lease)
    assert taken["at"] == accepted["at"] > sent["at"] >= entered["at"] >= heard["at"]
    assert accepted["limits"]["capital"] == "5000 USDT"


def test_each_line_of_the_pilot_names_its_launch_and_each_event_of_the_traders_account() -> None:
    stage = _flown()
    assert {line["launch"] for line in stage.logs(Process.PILOT)} == {"ramp"}
    events = [line for line in stage.logs(Process.TRADER) if line["event"] in ("instruction_taken", "lease_accepted")]
    assert {line["account"] for line in events} == {stage.name}


def test_a_command_that_is_refused_is_a_warning_with_its_id_and_reason() -> None:
    stage = LoggedLaunch(plan=PLAN, acts={150: lambda it: it.tell_pilot("olga", said.Release(reason="x", hold_id="none"))})
    stage.run(minutes=4)
    line = _one(stage.logs(Process.PILOT), "instruction_answered", by="olga")
    assert (line["level"], line["command_id"]) == ("warning", "launch-commands-1")
    assert line["refused"]


def test_no_key_and_no_secret_stands_in_any_log() -> None:
    stage = _flown(enter(0), plan=replace(PLAN, tracks=(CompiledTrack("engine", (STAGES[0],)),)))
    assert stage.orders, "an order was signed with the secret"
    credentials = stage._credentials
    for line in stage.lines:
        assert credentials.secret not in line
        assert credentials.key not in line
    assert {line["process"] for line in stage.logs()} == {"trader", "pilot", "exchange"}


@pytest.mark.parametrize(
    "field", ["command_id", "command_ids", "decision_id", "launch", "track", "stage", "stage_id", "account", "epoch", "until"]
)
def test_the_page_names_the_fields_that_lead_from_line_to_line(field: str) -> None:
    assert field in PAGE.read_text()


def test_every_event_that_the_page_names_is_written_by_the_code() -> None:
    from fairway.journal.kinds import EVENTS

    names = {name_of_kind(kind) for kind in (*EVENTS, *launch_events.EVENTS)}
    named = set(re.findall(r'"event": ?"(\w+)"', PAGE.read_text()))
    assert {"instruction_answered", "stage_entered", "lease_issued", "lease_accepted"} <= named
    assert named <= names | {"lease_sent"}
