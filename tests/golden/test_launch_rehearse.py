"""What `fairway launch rehearse` tells, and how it refuses what it cannot play."""

from pathlib import Path

import pytest

from fairway.cli import run
from fairway.cli.exits import ExitCode

PLAN = """
plan: tiny
about: One stage, to be rehearsed.
author: ann
approvals: {need: {owner: 1}}
guards: [daily loss, drawdown, unknown worth, edge health, losses in a row, position loss, runaway rate]
expects: {order_success: 90/d, round_trips: 30/d}
stages:
  - name: only
    limits: {mode: live, users: 3, capital_per_user: {at_least: 400 USD, at_most: 800 USD}, loss: 60 USD}
    stay: {at_least: 6h, at_most: 2d}
    gates:
      - {name: stops, gate: invariant, of: protected}
      - {name: shadow, gate: report_only, of: live_vs_shadow_bps}
"""


@pytest.fixture
def plan(tmp_path: Path) -> str:
    place = tmp_path / "tiny.yaml"
    place.write_text(PLAN)
    return str(place)


def test_a_rehearsal_tells_what_a_plan_does_with_a_bot(plan: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["launch", "rehearse", plan, "--seeds", "1", "--bot", "good"]) == ExitCode.OK
    told = capsys.readouterr().out
    assert told.startswith("tiny: 1 bot, 1 play of each, 10 days at most; through is who has passed only\n")
    assert "\npromoted to  only\ngood         100%\n" in told
    assert "\nA good bot gets through 1 of 1 time, in " in told
    assert "\nnote: live_vs_shadow_bps is measured in a real launch where its configuration names a shadow (beside); " in told


def test_the_same_seeds_are_told_alike(plan: str, capsys: pytest.CaptureFixture[str]) -> None:
    tokens = ["launch", "rehearse", plan, "--seeds", "1", "--days", "1", "--bot", "losing"]
    assert run(tokens) == run(tokens) == ExitCode.OK
    told = capsys.readouterr().out
    assert told[: len(told) // 2] == told[len(told) // 2 :]


@pytest.mark.parametrize(
    ("tokens", "code", "told"),
    [
        (["beta", "--bot", "perfect"], ExitCode.USAGE, "there is no bot 'perfect'; there are good, lucky, "),
        (["beta", "--seeds", "0"], ExitCode.USAGE, "--seeds is 0, and must be from 1 to 10000"),
        (["beta", "--days", "1000"], ExitCode.USAGE, "--days is 1000, and must be from 0 to 366"),
        (["nowhere.yaml"], ExitCode.SETTINGS, "there is no such file"),
    ],
)
def test_what_cannot_be_played_is_refused(
    tokens: list[str], code: ExitCode, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["launch", "rehearse", *tokens]) == code
    assert told in capsys.readouterr().err


def test_a_gate_that_cannot_be_asked_is_told_at_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "broken.yaml"
    place.write_text(PLAN.replace("gate: invariant, of: protected", "gate: invariant, of: nothing"))
    assert run(["launch", "rehearse", str(place)]) == ExitCode.SETTINGS
    assert "broken.yaml:13:40: stages[0].gates[0].of: " in capsys.readouterr().err
