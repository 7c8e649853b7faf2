"""`fairway launch drill restore` against a served exchange: a copy is restored, and its books are compared with the venue's."""

import json
import subprocess
from pathlib import Path

import pytest
from tests.clients.real_time.test_run_in_real_time import PROTECTED, begun, wait_for_catch_up
from tests.clients.served import Account, Served
from tests.clients.test_kill import bot
from tests.pure.cli.programs import FAIRWAY, PATIENCE_S, read_until, started, stopped

from fairway.launch.evidence.model import Rank
from fairway.launch.evidence.producers import RESTORE
from fairway.operations.drills.restore import TRIES, restored
from fairway.settings import load

PLAN = """
plan: drilled
about: A minute on the practice exchange.
author: ann
approvals: {need: {owner: 1}, expires: 4h}
guards: [daily loss, drawdown, unknown worth, edge health, losses in a row, position loss, runaway rate]
expects: {order_ack: 1000/d}
checklist:
  - {id: restore, text: "a backup was restored, and the ledger was the exchange's", need: observed in a drill, expires: 7d}
  - {id: gates-proven, text: each gate was seen to block, need: observed in a drill, waivable: false}
entry: [{name: ready, gate: checklist}]
stages:
  - name: practice
    limits: {mode: paper}
    approve: {}
    stay: {at_least: 2s, at_most: 1h}
    gates: [{name: stops, gate: invariant, of: protected}]
rollback: {target: practice, keep: 30d}
"""


def test_a_restored_copy_that_agrees_with_the_venue_is_a_drill_and_one_that_does_not_speaks_against_it(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = bot(served, tmp_path)
    running = begun(tmp_path, account)
    read_until(running, PROTECTED)
    monkeypatch.setenv("TEST_KEY", account.key)
    monkeypatch.setenv("TEST_SECRET", account.secret)
    settings = load(tmp_path / "fairway.yaml")
    good = restored(settings, "r1")[-1].evidence
    stopped(running)
    assert (good.claim, good.rank, good.holds, good.release) == (RESTORE, Rank.OBSERVED_IN_A_DRILL, True, "r1"), good.why
    assert "its books are the venue's" in good.why
    served.practice("POST", f"/accounts/{account.name}/deposits", {"asset": "USDT", "amount": "250"})
    bad = restored(settings, "r1")
    assert [each.evidence.holds for each in bad] == [False] * TRIES
    assert all("250 USDT more than is explained" in each.evidence.why for each in bad)


def test_a_drill_is_brought_to_the_launch_which_begins_with_it(served: Served, tmp_path: Path) -> None:
    """The entry asks for two drills; once the command has carried both out, the stage is entered."""
    account = bot(served, tmp_path)
    config = tmp_path / "fairway.yaml"
    config.write_text("lease: true\nlog: {file: fairway.log, level: debug}\n" + config.read_text())
    (tmp_path / "plan.yaml").write_text(PLAN)
    env = {"TEST_KEY": account.key, "TEST_SECRET": account.secret}
    trader = begun(tmp_path, account)
    read_until(trader, "Started: ")
    pilot = started("launch", "start", config, tmp_path / "plan.yaml", "--by", "ann", env=env)
    read_until(pilot, "the pilot has started (epoch 1)")
    wait_for_catch_up(tmp_path / "fairway.journal", epoch=1)
    for name, words in (("restore", "its books are the venue's"), ("gates-proven", "were seen to pass what is good")):
        line = [FAIRWAY, "launch", "drill", str(config), name, "--by", "ann"]
        done = subprocess.run(line, env=env, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        assert (done.returncode, done.stderr) == (0, ""), done
        assert f"{name} holds: " in done.stdout
        assert words in done.stdout
    read_until(pilot, "stage practice is entered")
    read_until(pilot, "its limits were seen in force")  # so the trader has taken the lease
    for program in (pilot, trader):
        stopped(program)
    assert_logs_lead_to_the_trader(tmp_path, account)


def assert_logs_lead_to_the_trader(folder: Path, account: Account) -> None:
    """The lease of the stage is found in both logs by the id of its command, and neither log holds a key."""
    texts = [(folder / name).read_text() for name in ("fairway.log.pilot", "fairway.log")]
    pilot, trader = ([json.loads(line) for line in text.splitlines()] for text in texts)
    entered = next(line for line in pilot if line["event"] == "stage_entered")
    sent = next(line for line in pilot if line["event"] == "lease_sent" and line["stage"] == entered["stage"])
    taken = next(line for line in trader if line["event"] == "instruction_taken" and line["command_id"] == sent["command_id"])
    assert "refused" not in taken
    assert [line["stage_id"] for line in trader if line["event"] == "lease_accepted"][-1] == sent["stage_id"]
    assert {line["account"] for line in pilot if line["event"] == "venue_request"} == {"main"}
    assert not [text for text in texts if account.key in text or account.secret in text]
