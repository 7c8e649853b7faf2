"""The rules for alerts in docs/reference/measurements.md, word for word, evaluated beside a pilot that flies, waits or dies."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from scripts.measurements_table import PAGE
from tests.pure.launch.watched_launch import journal_of_launch

from fairway.launch.control import commands as said
from fairway.launch.control.state import CODEC
from fairway.launch.plan.compiled_plan import CompiledPlan, CompiledStage, CompiledTrack
from fairway.launch.views.exposition import families_of
from fairway.launch.views.launch_view import LaunchView
from fairway.money.amount import Amount
from fairway.proving.flown import LaunchHarness
from fairway.proving.scripted_gate import asked
from fairway.risk.limits import Limits
from fairway.world.clock import MINUTE, SECOND
from fairway.world.loop import EPOCH_NS

SMALL = CompiledStage("small", Limits(capital=Amount.of("1000", "USDT")), stay_min_ns=60 * MINUTE, gates=(asked("one"),))
PLAN = CompiledPlan(name="ramp", digest="plan-1", author="ann", tracks=(CompiledTrack("engine", (SMALL,)),))
EVERY_NS = 5 * SECOND
"""How often the rules are looked at."""
Acts = Mapping[float, Callable[[Any], object]]


def rules() -> dict[str, str]:
    """The condition of each alert, as the page has it."""
    text = next(each for each in re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL) if "alert:" in each)
    return {rule["alert"]: rule["expr"] for group in yaml.safe_load(text)["groups"] for rule in group["rules"]}


def holds(expr: str, values: Mapping[str, float], now: float) -> bool:
    """What PromQL makes of it, as far as these rules go: a comparison of what has no sample is not true."""
    parts = [part.replace("time()", repr(now)) for part in expr.split(" or ")]
    known = [part for part in parts if all(name in values for name in re.findall(r"fairway_\w+", part))]
    return any(eval(part, {"__builtins__": {}}, dict(values)) for part in known)


def woken(folder: Path, acts: Acts, minutes: float) -> dict[str, list[float]]:
    """A pilot flies in simulated time; at which seconds each alert of the page was true. The first half minute is left out."""
    stage = LaunchHarness(plan=PLAN, acts=dict(acts))
    stage.run(minutes=minutes)
    found: dict[str, list[float]] = {name: [] for name in rules()}
    for now, values in _scraped(folder / "a.journal", stage, EPOCH_NS + round(minutes * MINUTE)):
        for name, expr in rules().items():
            if holds(expr, values, now / SECOND):
                found[name].append((now - EPOCH_NS) / SECOND)
    return found


def _scraped(place: Path, stage: LaunchHarness, until: int) -> Iterator[tuple[int, dict[str, float]]]:
    """Every five seconds what is shown of the pilot's journal as it was then: of the families without labels."""
    records = list(stage.launched.records)
    with closing(journal_of_launch(place)) as journal, closing(LaunchView(place, trader="main")) as view:
        for now in range(EPOCH_NS + 30 * SECOND, until, EVERY_NS):
            while records and records[0].at <= now:
                record = records.pop(0)
                journal.append([CODEC.decode(record)], account="", author="pilot", at=record.at)
            journal.sync()
            view.catch_up()
            samples = [each for family in families_of(view) for each in family.samples if not each.labels]
            yield now, {each.name: each.value for each in samples}


def hold(stage: Any) -> None:
    stage.tell_pilot("eve", said.HoldIt(reason="something smells", contains=True))


def release(stage: Any) -> None:
    stage.tell_pilot("eve", said.Release(reason="it was nothing", hold_id="person eve"))


def abort(stage: Any) -> None:
    stage.tell_pilot("eve", said.Abort(reason="enough"))


@pytest.mark.parametrize(
    "acts",
    [{}, {100: hold}, {100: abort}, {100: LaunchHarness.kill_and_restart_pilot}],
    ids=["flies", "held", "given up", "restarted"],
)
def test_nobody_is_woken_by_the_silence_of_a_pilot_that_lives(acts: Acts, tmp_path: Path) -> None:
    assert woken(tmp_path, acts, 10)["PilotSaysNothing"] == []


def test_a_pilot_that_dies_wakes_somebody_when_the_first_lease_has_ended(tmp_path: Path) -> None:
    sounded = woken(tmp_path, {200: LaunchHarness.kill_pilot}, 8)["PilotSaysNothing"]
    assert 200 + 40 - 5 <= sounded[0] <= 200 + 60 + 5, "a lease of a minute, twenty seconds old at most"
    assert sounded == [sounded[0] + 5 * number for number in range(len(sounded))], "and until somebody comes"
    assert sounded[-1] >= 470


def test_a_pilot_that_dies_while_no_account_has_a_lease_alerts_after_three_minutes(tmp_path: Path) -> None:
    sounded = woken(tmp_path, {100: hold, 200: LaunchHarness.kill_pilot}, 9)["PilotSaysNothing"]
    assert 200 < sounded[0] <= 200 + 180 + 5


def test_a_hold_of_a_person_wakes_somebody_until_it_is_released(tmp_path: Path) -> None:
    sounded = woken(tmp_path, {100: hold, 300: release}, 7)["HoldWaitsForAPerson"]
    assert 100 <= sounded[0] <= 110
    assert 295 <= sounded[-1] <= 305
