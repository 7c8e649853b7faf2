"""A launch is flown beside a running trader, over files and a served exchange: nothing is opened before people say so."""

import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.clients.served import Account, Served, serving
from tests.clients.test_run_in_real_time import CONFIG, begun, open_orders
from tests.pure.cli.programs import BOUND_S, FAIRWAY, read_until, started, stopped

PLAN = """
plan: tryout
about: Two small stages on the practice exchange.
author: ann
approvals: {need: {owner: 1}, expires: 4h}
guards: [daily loss, drawdown, unknown worth, edge health, losses in a row, position loss, runaway rate]
expects: {order_success: 1000/d}
stages:
  - name: small
    limits: {mode: paper, capital: 1000 USD, loss: 50 USD}
    stay: {at_least: 2s, at_most: 1h}
    gates:
      - {name: stops, gate: invariant, of: protected}
  - name: large
    limits: {mode: paper, capital: 5000 USD, loss: 200 USD}
    stay: {at_least: 1h, at_most: 10d}
    gates:
      - {name: orders, gate: proportion, of: order_success, at_least: 95 %, strength: proven}
"""


@pytest.fixture
def served() -> Iterator[Served]:
    with serving("--seed", "7", "--history", "0.2") as it:
        yield it


@pytest.fixture
def account(served: Served, tmp_path: Path) -> Account:
    (tmp_path / "fairway.yaml").write_text("lease: true" + CONFIG.format(url=served.url))
    (tmp_path / "plan.yaml").write_text(PLAN)
    return served.account({"USDT": "10000"})


def flown(folder: Path, account: Account) -> "subprocess.Popen[str]":
    env = {"TEST_KEY": account.key, "TEST_SECRET": account.secret}
    return started("launch", "start", folder / "fairway.yaml", folder / "plan.yaml", "--by", "ann", env=env)


def said(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [FAIRWAY, "launch", words[0], str(folder / "fairway.yaml"), *words[1:]]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def until(what: str, is_so: object) -> None:
    assert callable(is_so)
    ends_at = time.monotonic() + 60
    while time.monotonic() < ends_at:
        if is_so():
            return
        threading.Event().wait(0.2)
    raise AssertionError(f"never: {what}")


def test_a_launch_from_its_first_word_to_a_hold(served: Served, account: Account, tmp_path: Path) -> None:
    trader, pilot = begun(tmp_path, account), flown(tmp_path, account)
    read_until(pilot, "the pilot has started (epoch 1)")
    told = said(tmp_path, "status")
    assert "main: armed, before its first stage small" in told.stdout, told.stderr
    assert "next: small, which needs approvals: 1 of 1 as owner" in told.stdout

    refused = said(tmp_path, "approve", "small", "--role", "owner", "--reason", "mine", "--by", "ann")
    assert (refused.returncode, "(AUTHOR_APPROVES: by=ann)" in refused.stdout) == (1, True), refused
    assert open_orders(served, account) == []
    given = said(tmp_path, "approve", "small", "--role", "owner", "--reason", "looked", "--by", "bob")
    assert (given.returncode, "capital 1000 USDT" in given.stdout) == (0, True), given
    read_until(pilot, "main: its limits were seen in force, and the venue in order")
    read_until(trader, "rest at the exchange")
    assert len(open_orders(served, account)) == 2

    for number in range(1, 4):
        anew = said(tmp_path, "decision", str(number))
        assert (anew.returncode, anew.stdout.splitlines()[-1]) == (0, "made anew it is the same, to the byte"), anew.stderr
    none = said(tmp_path, "decision", "999")
    assert (none.returncode, "there is no decision 999" in none.stderr) == (2, True), none

    journal, copy = str(tmp_path / "fairway.journal"), str(tmp_path / "copy.journal")
    subprocess.run([FAIRWAY, "journal", "backup", journal, copy], check=True, capture_output=True)
    kept = said(tmp_path, "evidence", "--copy", copy, "--reason", "the nightly copy", "--by", "eve")
    assert (kept.returncode, "backup holds: copy.journal has " in kept.stdout) == (0, True), kept

    both = said(tmp_path, "evidence", copy, "--copy", copy, "--reason", "twice")
    assert (both.returncode, "bring one thing at a time" in both.stderr) == (2, True), both

    held = said(tmp_path, "hold", "--contain", "--reason", "something smells", "--by", "eve")
    assert held.returncode == 0, held
    caps = [FAIRWAY, "caps", str(tmp_path / "fairway.yaml")]
    until("it opens nothing", lambda: "main opens nothing" in subprocess.run(caps, capture_output=True, text=True).stdout)
    assert 'release CONFIG "person eve"' in said(tmp_path, "explain").stdout
    ended = stopped(pilot)
    assert (ended.code, ended.err) == (0, ""), ended
    for name in ("fairway.journal.launch", "fairway.journal.doors"):
        whole = subprocess.run([FAIRWAY, "journal", "verify", str(tmp_path / name)], capture_output=True, text=True)
        assert "is whole: " in whole.stdout, whole
    assert ended.took_s < BOUND_S
    assert "goes on" in ended.out
    stopped(trader)


def test_a_trader_that_needs_nobodys_leave_is_not_flown(account: Account, tmp_path: Path) -> None:
    config = tmp_path / "fairway.yaml"
    config.write_text(config.read_text().replace("lease: true", ""))
    refused = subprocess.run([FAIRWAY, "launch", "start", str(config), "beta"], capture_output=True, text=True, timeout=60)
    assert refused.returncode == 2
    assert "needs nobody's leave" in refused.stderr


def test_a_launch_that_was_not_begun_says_how_one_begins(account: Account, tmp_path: Path) -> None:
    for words in (("status",), ("explain",), ("hold", "--reason", "x"), ("decision", "1")):
        told = said(tmp_path, *words)
        assert (told.returncode, told.stdout) == (1, ""), told
        assert "no launch was begun beside" in told.stderr
    refused = subprocess.run(
        [FAIRWAY, "launch", "start", str(tmp_path / "fairway.yaml")], capture_output=True, text=True, timeout=60
    )
    assert (refused.returncode, "say which plan" in refused.stderr) == (2, True), refused
