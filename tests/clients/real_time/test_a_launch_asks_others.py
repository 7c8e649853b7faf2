"""A pilot in a process of its own asks a real server, and takes what people bring; secrets stay outside of its journals."""

import subprocess
from pathlib import Path

import pytest
from tests.clients.real_time.test_a_launch_beside_a_trader import said, until
from tests.clients.real_time.test_run_in_real_time import CONFIG
from tests.clients.served import Account, Served
from tests.pure.cli.programs import FAIRWAY, PATIENCE_S, read_until, started, stopped
from tests.pure.watch.servers import Server
from tests.pure.watch.servers import served as probed

PLAN = """
plan: asked
about: Two stages, the first of which is left when green answers.
author: ann
approvals: {{need: {{owner: 1}}, expires: 4h}}
guards: [daily loss, drawdown, unknown worth, edge health, losses in a row, position loss, runaway rate]
probes:
  - {{name: green, of: http_ok, asks: "GET http://127.0.0.1:{port}/health", every: 5s, checks: [database, venue],
     token: GREEN_TOKEN}}
  - {{name: lag, of: consumer_lag, asks: METRIC lag at http://127.0.0.1:{port}/metrics, every: 5s}}
stages:
  - name: small
    limits: {{mode: paper, capital: 1000 USD, loss: 50 USD}}
    stay: {{at_least: 2s, at_most: 1h}}
    gates: [{{name: answers, gate: proportion, of: http_ok, at_least: 95 %, strength: not_disproven, at_least_n: 12}}]
  - name: large
    limits: {{mode: paper, capital: 5000 USD, loss: 200 USD}}
    stay: {{at_least: 1h, at_most: 10d}}
    gates: [{{name: answers, gate: proportion, of: http_ok, at_least: 95 %, strength: not_disproven, at_least_n: 12}}]
"""
ANSWERS = "id,at,positive\n1,2026-01-01,yes\n2,2026-01-02,no\n"


@pytest.fixture
def account(served: Served, tmp_path: Path) -> Account:
    (tmp_path / "fairway.yaml").write_text("lease: true" + CONFIG.format(url=served.url))
    return served.account({"USDT": "10000"})


def test_a_launch_notes_what_it_is_answered_and_what_people_bring(account: Account, tmp_path: Path) -> None:
    config, plan, table = tmp_path / "fairway.yaml", tmp_path / "plan.yaml", tmp_path / "answers.csv"
    green, env = Server(), {"TEST_KEY": account.key, "TEST_SECRET": account.secret}
    with probed(green):
        plan.write_text(PLAN.format(port=green.port))
        refused = subprocess.run(
            [FAIRWAY, "launch", "start", str(config), str(plan)], capture_output=True, text=True, timeout=PATIENCE_S
        )
        assert (refused.returncode, "GREEN_TOKEN (probe green)" in refused.stderr) == (3, True), refused

        pilot = started("launch", "start", config, plan, "--by", "ann", env={**env, "GREEN_TOKEN": "s3cret"})
        read_until(pilot, "probe lag: its page has no sample of lag")
        until("it is known", lambda: "probe green: known until 2" in said(tmp_path, "status").stdout)
        assert ("/health", "Bearer s3cret") in green.heard
        green.status = 503
        read_until(pilot, "probe green: it is answered with status 503")

        table.write_text("id,at,positive\n1,2026-01-01,perhaps\n")
        wrong = said(tmp_path, "survey", str(table), "--reason", "the survey")
        assert (wrong.returncode, "answers.csv:2:1: positive: 'perhaps' is neither" in wrong.stderr) == (4, True), wrong
        table.write_text(ANSWERS)
        for count in ("2", "0"):
            brought = said(tmp_path, "survey", str(table), "--reason", "the survey", "--by", "eve")
            assert (brought.returncode, "2 answers, 1 positive" in brought.stdout) == (0, True), brought
            read_until(pilot, f"eve brought answers of users, {count} of them new")
        until("they are known", lambda: "; 2 answers" in said(tmp_path, "explain").stdout)
        ended = stopped(pilot)
    assert (ended.code, ended.err) == (0, ""), ended
    assert not any(b"s3cret" in file.read_bytes() for file in tmp_path.iterdir())
    whole = subprocess.run(
        [FAIRWAY, "journal", "verify", str(tmp_path / "fairway.journal.launch")], capture_output=True, text=True
    )
    assert "is whole: " in whole.stdout, whole
