"""Two launches at a time: of accounts of their own they fly side by side, and of one account the second is refused."""

import os
import subprocess
from pathlib import Path

import pytest
from tests.clients.real_time.test_a_launch_beside_a_trader import PLAN, said, until
from tests.clients.real_time.test_run_in_real_time import CONFIG
from tests.clients.served import Account, Served
from tests.pure.cli.programs import FAIRWAY, PATIENCE_S, read_until, started, stopped

LINE = ("--at", "2026-01-01", "--by", "ann")


@pytest.fixture
def first(served: Served, tmp_path: Path) -> Path:
    return folder_of(tmp_path / "first", served, "tryout")


@pytest.fixture
def second(served: Served, tmp_path: Path) -> Path:
    return folder_of(tmp_path / "second", served, "ramp")


def folder_of(folder: Path, served: Served, plan: str) -> Path:
    folder.mkdir()
    (folder / "fairway.yaml").write_text("lease: true" + CONFIG.format(url=served.url))
    (folder / "plan.yaml").write_text(PLAN.replace("plan: tryout", f"plan: {plan}"))
    return folder


def keys(account: Account) -> dict[str, str]:
    return {"TEST_KEY": account.key, "TEST_SECRET": account.secret}


def flown(folder: Path, account: Account) -> "subprocess.Popen[str]":
    pilot = started("launch", "start", folder / "fairway.yaml", folder / "plan.yaml", *LINE, env=keys(account))
    read_until(pilot, "the pilot has started (epoch")
    return pilot


def refused(folder: Path, account: Account) -> str:
    line = [FAIRWAY, "launch", "start", str(folder / "fairway.yaml"), str(folder / "plan.yaml"), *LINE]
    ended = subprocess.run(line, capture_output=True, text=True, timeout=PATIENCE_S, env={**os.environ, **keys(account)})
    assert (ended.returncode, ended.stdout) == (1, ""), ended
    return ended.stderr


def test_the_second_launch_of_an_account_is_refused_until_the_first_is_given_up(
    served: Served, first: Path, second: Path
) -> None:
    """While its pilot flies, and while that is stopped; the first is not disturbed, and has its account when it comes again."""
    account = served.account({"USDT": "10000"})
    pilot = flown(first, account)
    told = refused(second, account)
    assert told.startswith(f"fairway: account main is under the launch of plan tryout beside {first / 'fairway.journal'}; "), told
    assert "give its accounts a trader of their own" in told
    stopped(pilot)
    assert refused(second, account) == told
    pilot = flown(first, account)
    assert said(first, "abort", "--reason", "the other plan is better", "--by", "ann").returncode == 0
    until("the launch is given up", lambda: "aborted" in said(first, "status").stdout)
    stopped(pilot)
    stopped(flown(second, account))


def test_launches_of_accounts_of_their_own_fly_side_by_side(served: Served, first: Path, second: Path) -> None:
    """Each tells of its own plan, and each is held by itself."""
    pilots = flown(first, served.account({"USDT": "10000"})), flown(second, served.account({"USDT": "10000"}))
    assert "plan tryout" in said(first, "status").stdout
    assert "plan ramp" in said(second, "status").stdout
    assert said(first, "hold", "--reason", "lunch", "--by", "ann").returncode == 0
    until("the first is held", lambda: "person ann" in said(first, "status").stdout)
    assert "person ann" not in said(second, "status").stdout
    for pilot in pilots:
        stopped(pilot)


def test_a_second_plan_of_one_trader_is_refused_and_told_how_to_have_two(served: Served, first: Path) -> None:
    account = served.account({"USDT": "10000"})
    pilot = flown(first, account)
    (first / "plan.yaml").write_text(PLAN.replace("plan: tryout", "plan: ramp"))
    told = refused(first, account)
    assert told.startswith(
        "fairway: account main is under the launch that was begun here, of plan tryout as it was then, and "
    ), told
    assert "a trader flies one launch. For a second launch at the same time, give its accounts a trader of their own" in told
    assert "plan tryout" in said(first, "status").stdout
    stopped(pilot)
