"""What `fairway launch prove-gates` and `error-rates` tell."""

from pathlib import Path

import pytest

from fairway.cli import run
from fairway.cli.exits import ExitCode
from fairway.launch.gates.error_rates import STREAMS
from fairway.launch.gates.registry import installed
from fairway.launch.plan import shipped
from fairway.risk.guards.roster import Roster
from fairway.risk.guards.rules import NO_GUARDS
from fairway.risk.profiles import Profile, rules_of


def test_every_gate_and_every_guard_is_told_and_proven(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["launch", "prove-gates"]) == ExitCode.OK
    told = capsys.readouterr().out
    rows = [line.split() for line in told.splitlines()]
    assert {row[0] for row in rows if "PASS" in row} == set(installed().plugins)
    guards = len([each for each, _ in rules_of(Profile.MODERATE, "USDT").guards if each != "breaker_loss"])
    guards += len(Roster(NO_GUARDS, "USDT").of_stage)
    assert f"{len(installed().plugins)} gates and {guards} guards are proven" in " ".join(told.split())


@pytest.mark.parametrize("plan", shipped.names())
def test_every_gate_of_a_shipped_plan_is_proven_as_it_stands_there(plan: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["launch", "prove-gates", plan]) == ExitCode.OK
    assert "not proven" not in capsys.readouterr().out


def test_a_gate_that_nobody_can_pass_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of sixty minutes a single bad one is more than one in a hundred, so they cannot tell 99.9 % from all."""
    place = tmp_path / "plan.yaml"
    place.write_text(shipped.text("beta").replace("at_least: 99.5 %, over: 7d", "at_least: 99.9 %, over: 1h"))
    assert run(["launch", "prove-gates", str(place)]) == ExitCode.NO
    assert "not proven: gate uptime does not pass the facts made to pass: SLICES_FEW: slices=60" in capsys.readouterr().out


def test_the_boundary_is_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["launch", "error-rates", "--runs", "30", "--orders", "200"]) == ExitCode.OK
    told = capsys.readouterr().out
    assert [line.split(" %")[0] for line in told.splitlines() if line[:1].isdigit()][:8] == [
        "85", "90", "93", "95", "97", "98", "99", "99.5",
    ]  # fmt: skip
    assert [name for name, _, _ in STREAMS if name in told] == [name for name, _, _ in STREAMS]
    assert run(["launch", "error-rates", "--runs", "2"]) == ExitCode.USAGE
    assert "--runs 2 must be from 30 to 100000" in capsys.readouterr().err
