"""The commands about plans as people see them: what they print, each mistake with its line, and their exit codes."""

from pathlib import Path

import pytest
from tests.golden.test_command_line import fairway, golden

from fairway.cli.exits import ExitCode
from fairway.launch.plan import shipped

BAD = """\
plan: hasty
about: Live within an hour.
author: ann
approvals: {need: {owner: 1, risk: 1}}
guards: [daily loss, drawdown, unknown worth, edge health, losses in a row, position loss, runaway rate]
stages:
  - name: trial
    limits: {mode: testnet}
    stay: {at_least: 30m}
    gates:
      - {name: up, gate: proportion, of: uptime, at_least: 99.9 %}
      - {name: profit, gate: quantile, of: trade_pnl_r, q: 50 %, at_most: 0 R}
  - name: live
    limits: {mode: live, capital: 1000 USD}
    stay: {at_least: 1h}
causes: {cannot place orders: flatten}
accept:
  - {finding: "unbounded-loss stages[live].limits", reason: we watch it ourselves all day}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory to be in, so that names of files are short."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_list_of_plans_word_for_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert fairway("launch", "plans") == ExitCode.OK
    golden("launch_plans.txt", capsys.readouterr().out)


def test_a_plan_is_printed_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert fairway("launch", "plans", "first-hundred") == ExitCode.OK
    assert capsys.readouterr().out == shipped.text("first-hundred")
    assert fairway("launch", "plans", "beat") == ExitCode.USAGE
    assert "there is no plan 'beat'; there are beta" in capsys.readouterr().err


def test_the_findings_word_for_word(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "plan.yaml").write_text(BAD)
    assert fairway("launch", "lint", "plan.yaml") == ExitCode.NO
    golden("launch_lint.txt", capsys.readouterr().out)


def test_quiet_tells_only_what_is_refused(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "plan.yaml").write_text(BAD)
    assert fairway("launch", "lint", "plan.yaml", "--quiet") == ExitCode.NO
    said = capsys.readouterr().out
    assert "accepted:" not in said
    assert "warn:" not in said
    assert "refuse: blind-sale" in said


def test_a_plan_that_cannot_be_read_is_told_line_by_line(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "plan.yaml").write_text(BAD.replace("30m", "half an hour").replace("capital: 1000 USD", "capital: 1000"))
    assert fairway("launch", "lint", "plan.yaml") == ExitCode.SETTINGS
    assert capsys.readouterr().err.splitlines() == [
        "fairway: plan.yaml:9:12: stages[0].stay.at_least: 'half an hour' is no time; write a whole number and one of "
        "ms, s, m, h, d, w; right is  at_least: 24h",
        "plan.yaml:12:40: stages[0].gates[1].of: 'trade_pnl_r' measures R, multiples of the risk that was planned, which this "
        "gate cannot judge; it can order_ack, order_confirm, slippage_bps, fees, trade_pnl, signal_latency, "
        "decision_time, reconnect_seconds, data_age, "
        "db_latency, rss, loop_lag, live_vs_shadow_bps, http_latency, consumer_lag, llm_cost; right is  of: order_ack",
        "plan.yaml:14:26: stages[1].limits.capital: '1000' is no amount of money; write a number, a space and the asset "
        "in capitals; right is  capital: 1000 USD",
    ]


def test_a_shipped_plan_is_linted_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert fairway("launch", "lint", "beta") == ExitCode.OK
    assert "\nbeta: may be launched: 0 refused, 0 warnings, 1 accepted; digest " in capsys.readouterr().out


def test_the_clock_of_a_day_word_for_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert fairway("launch", "clock", "launch-day", "--at", "2026-12-01T10:00Z") == ExitCode.OK
    golden("launch_clock.txt", capsys.readouterr().out)
    assert fairway("launch", "clock", "beta", "--at", "2026-12-01T10:00") == ExitCode.OK
    told = capsys.readouterr().out
    assert "It has no timeline" in told
    assert "T+7d    2026-12-08T10:00  figures to be looked at; they decide nothing" in told
    assert fairway("launch", "clock", "launch-day", "--at", "tomorrow") == ExitCode.USAGE


def test_a_rule_says_why_it_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert fairway("launch", "rules", "blind-sale") == ExitCode.OK
    assert "a sale of everything only removes the stops" in capsys.readouterr().out
    assert fairway("launch", "rules", "blind") == ExitCode.USAGE


def test_a_plan_that_raises_stages_by_the_clock_is_not_launched_without_t(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fairway("init", "fairway.yaml") == ExitCode.OK
    config = (here / "fairway.yaml").read_text()
    (here / "fairway.yaml").write_text(f"lease: true\n{config}")
    capsys.readouterr()
    assert fairway("launch", "start", "fairway.yaml", "launch-day") == ExitCode.USAGE
    said = capsys.readouterr().err
    assert "by the timeline of plan launch-day stages staging, first-week begin by the clock; say when T is" in said
    assert "fairway launch start CONFIG launch-day --at 2026-12-01T10:00" in said
    assert fairway("launch", "start", "fairway.yaml", "launch-day", "--at", "noon") == ExitCode.USAGE
    assert "--at: not an instant: 'noon'" in capsys.readouterr().err


def test_what_the_linter_refuses_is_not_launched(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fairway("init", "fairway.yaml") == ExitCode.OK
    config = (here / "fairway.yaml").read_text()
    (here / "fairway.yaml").write_text(f"lease: true\n{config}")
    (here / "plan.yaml").write_text(BAD.replace("trade_pnl_r", "trade_pnl").replace("0 R", "0 USD"))
    capsys.readouterr()
    assert fairway("launch", "start", "fairway.yaml", "plan.yaml") == ExitCode.NO
    said = capsys.readouterr().err
    assert "plan hasty is not launched: " in said
    assert "see  fairway launch lint plan.yaml" in said
