"""What a trader on the practice exchange has passed is brought to the launch of the trader with money, and counts there."""

import asyncio
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.clients.real_time import fast_minutes
from tests.clients.real_time.test_run_in_real_time import CONFIG
from tests.clients.served import Served
from tests.pure.cli.programs import FAIRWAY, PATIENCE_S, read_until, started, stopped

from fairway.assembly import bot_of
from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS, TraderStarted
from fairway.journal.sql import open_journal
from fairway.launch.plan.load import parse
from fairway.settings import load
from fairway.world.clock import SystemClock

PLAN = """
plan: first-money
about: A minute on the practice exchange, then a hundred dollars.
author: ann
approvals: {need: {owner: 1}, expires: 4h}
guards: [daily loss, drawdown, unknown worth, edge health, losses in a row, position loss, runaway rate]
expects: {order_success: 1000/d}
stages:
  - name: practice
    limits: {mode: paper}
    approve: {}
    stay: {at_least: 2s, at_most: 1h}
    gates:
      - {name: stops, gate: invariant, of: protected}
  - name: money
    limits: {mode: live, capital: 100 USD, loss: 20 USD}
    stay: {at_least: 14d, at_most: 60d}
    gates:
      - {name: orders, gate: proportion, of: order_success, at_least: 95 %, strength: proven}
rollback: {target: practice, keep: 30d}
"""

BRISK = CONFIG.replace("target_ranges: 100", "target_ranges: 100, bars_max: 4")
"""Sells after four seconds: an order that left before the stage was seen in force does not count, and the next comes soon."""


def launch(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([FAIRWAY, "launch", *words], cwd=folder, capture_output=True, text=True, timeout=PATIENCE_S)


def begin(config: Path) -> None:
    """Writes of a trader with money what its start would: that start asks the exchange, which no test may."""
    settings = load(config)
    with closing(open_journal(settings.journal, Codec(*EVENTS), mode="live", trader=settings.account)) as journal:
        bot = bot_of(settings)
        began = TraderStarted(
            account=settings.account,
            epoch=1,
            release="x",
            venue="binance",
            strategy="trend",
            symbols=bot.symbols,
            bot=bot.digest,
            guards={name: {} for name in parse(PLAN).plan.guards},
        )
        journal.append([began], account=settings.account, author="trader", at=SystemClock().now())
        asyncio.run(journal.commit())


def test_a_stage_of_practice_counts_for_the_trader_with_money(served: Served, tmp_path: Path) -> None:
    account = served.account({"USDT": "10000"})
    practice = "lease: true" + BRISK.format(url=served.url)
    live = practice.replace("mode: practice", "mode: live").replace("account: main", "account: money")
    (tmp_path / "plan.yaml").write_text(PLAN)
    (tmp_path / "practice.yaml").write_text(practice + "journal: practice.journal\n")
    (tmp_path / "live.yaml").write_text(live.replace(f"url: {served.url}, ", "") + "journal: live.journal\n")
    other = (tmp_path / "live.yaml").read_text().replace("live.journal", "other.journal")
    (tmp_path / "other.yaml").write_text(other.replace("exit_bars: 500", "exit_bars: 499"))
    env = {"TEST_KEY": account.key, "TEST_SECRET": account.secret}
    begin(tmp_path / "other.yaml")
    of_another = {**env, "TEST_KEY": "the key of another account"}  # an account follows one launch
    other_pilot = started("launch", "start", tmp_path / "other.yaml", tmp_path / "plan.yaml", "--by", "ann", env=of_another)
    read_until(other_pilot, "stage practice is entered")
    stopped(other_pilot)
    live_pilot = started("launch", "start", tmp_path / "live.yaml", tmp_path / "plan.yaml", "--by", "ann", env=env)
    read_until(live_pilot, "another trader flies it, and nothing was handed out here")
    told = launch(tmp_path, "status", "live.yaml")
    assert "--flown ITS.yaml (passed main/practice)" in told.stdout, f"although its trader never ran: {told.stderr}"
    begin(tmp_path / "live.yaml")
    bring = ("evidence", "live.yaml", "--flown", "practice.yaml", "--reason", "a day on practice", "--by", "ann")
    early = launch(tmp_path, *bring)
    assert (early.returncode, "no launch was begun beside" in early.stderr) == (1, True), early

    trader = started("run", tmp_path / "practice.yaml", env=env, program=(sys.executable, fast_minutes.__file__))
    pilot = started("launch", "start", tmp_path / "practice.yaml", tmp_path / "plan.yaml", "--by", "ann", env=env)
    read_until(pilot, "main: every gate passes")
    brought = launch(tmp_path, *bring)
    assert (brought.returncode, "done;" in brought.stdout) == (0, True), brought
    assert "its record shows that it was passed" in launch(tmp_path, "explain", "live.yaml").stdout
    launch(tmp_path, "record", "live.yaml")
    assert "(passed main/practice)" not in (tmp_path / "record" / "record.md").read_text()

    refused = launch(tmp_path, "evidence", "other.yaml", *bring[2:])
    assert (refused.returncode, "flew another release" in refused.stderr) == (1, True), refused
    for program in (pilot, trader, live_pilot):
        stopped(program)
