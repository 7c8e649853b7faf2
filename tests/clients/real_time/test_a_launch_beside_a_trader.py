"""A launch is flown beside a running trader, over files and a served exchange: nothing is opened before people say so."""

import re
import sqlite3
import subprocess
import threading
import time
from contextlib import redirect_stderr, redirect_stdout
from decimal import Decimal
from io import StringIO
from pathlib import Path

import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.clients.real_time.test_run_in_real_time import CONFIG, begun, open_orders
from tests.clients.served import Account, Served
from tests.clients.test_kill import held
from tests.pure.cli.programs import BOUND_S, FAIRWAY, PATIENCE_S, read_until, started, stopped

from fairway.cli import run

PLAN = """
plan: tryout
about: Two small stages on the practice exchange.
author: ann
approvals: {need: {owner: 1}, expires: 4h}
guards: [daily loss, drawdown, unknown worth, edge health, losses in a row, position loss, runaway rate]
expects: {order_success: 1000/d}
checklist:
  - {id: backup, text: the journal is kept elsewhere, need: machine artifact, expires: 7d}
timeline:
  - {at: T-1h, do: begin, raises: small}
say:
  - {to: team, by: chat, at: [entered, held]}
stages:
  - name: small
    limits: {mode: paper, capital: 1000 USD, loss: 50 USD}
    stay: {at_least: 2s, at_most: 1h}
    review: 1h
    gates:
      - {name: stops, gate: invariant, of: protected}
  - name: large
    limits: {mode: paper, capital: 5000 USD, loss: 200 USD}
    stay: {at_least: 1h, at_most: 10d}
    gates:
      - {name: orders, gate: proportion, of: order_success, at_least: 95 %, strength: proven}
      - {name: kept, gate: checklist, items: [backup]}
"""


@pytest.fixture
def account(served: Served, tmp_path: Path) -> Account:
    (tmp_path / "fairway.yaml").write_text("lease: true" + CONFIG.format(url=served.url))
    (tmp_path / "plan.yaml").write_text(PLAN)
    return served.account({"USDT": "10000"})


def flown(folder: Path, account: Account) -> "subprocess.Popen[str]":
    env = {"TEST_KEY": account.key, "TEST_SECRET": account.secret}
    return started("launch", "start", folder / "fairway.yaml", folder / "plan.yaml", "--at", "2026-01-01", "--by", "ann", env=env)


def said(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Pilot and trader are processes; what people say to them is said in this one, which spares fifty starts of a program."""
    line = ["launch", words[0], str(folder / "fairway.yaml"), *words[1:]]
    if words[0] == "start":
        return subprocess.run([FAIRWAY, *line], capture_output=True, text=True, timeout=PATIENCE_S)
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        code = run(line)
    return subprocess.CompletedProcess(line, int(code), out.getvalue(), err.getvalue())


def until(what: str, is_so: object) -> None:
    assert callable(is_so)
    ends_at = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends_at:
        if is_so():
            return
        threading.Event().wait(0.2)
    raise AssertionError(f"never: {what}")


def approved(folder: Path) -> str:
    """The first stage, as soon as the pilot has heard which release runs; what is told then."""
    told: list[subprocess.CompletedProcess[str]] = []

    def is_taken() -> bool:
        told.append(said(folder, "approve", "small", "--role", "owner", "--reason", "looked", "--by", "bob"))
        return told[-1].returncode == 0

    until("the release that runs is approved", is_taken)
    return told[-1].stdout


@pytest.fixture
def first_stage_outlasts_the_test(account: Account, tmp_path: Path) -> None:
    """The test approves the second stage, which would be entered meanwhile on a slow machine."""
    (tmp_path / "plan.yaml").write_text(PLAN.replace("at_least: 2s, at_most: 1h", "at_least: 1h, at_most: 2h"))


@pytest.mark.usefixtures("first_stage_outlasts_the_test")
def test_a_launch_from_its_first_word_to_a_hold(served: Served, account: Account, tmp_path: Path) -> None:
    trader, pilot = begun(tmp_path, account), flown(tmp_path, account)
    read_until(pilot, "the launch of plan tryout begins, by ann; T is 2026-01-01T00:00")
    read_until(pilot, "the pilot has started (epoch 1)")
    other = said(tmp_path, "start", "--at", "2026-01-02")
    assert (other.returncode, "T is 2026-01-01T00:00; another T is a new launch" in other.stderr) == (1, True), other
    second = said(tmp_path, "start")
    assert (second.returncode, second.stdout) == (7, ""), second
    assert second.stderr.startswith(f"fairway: another pilot (process {pilot.pid} "), second
    told = said(tmp_path, "status")
    assert "main: armed, before its first stage small" in told.stdout, told.stderr
    assert "next: small, which needs approvals: 1 more as owner (0 of 1 given)" in told.stdout

    refused = said(tmp_path, "approve", "small", "--role", "owner", "--reason", "mine", "--by", "ann")
    assert (refused.returncode, "(AUTHOR_APPROVES: by=ann)" in refused.stdout) == (1, True), refused
    assert open_orders(served, account) == []
    assert "capital 1000 USDT" in approved(tmp_path)
    read_until(pilot, "main: its limits were seen in force, and the venue in order")
    read_until(trader, "rest at the exchange")
    assert len(open_orders(served, account)) == 2

    _prometheus_sees_it(tmp_path)
    _are_made_anew(tmp_path, range(1, 4))
    none = said(tmp_path, "decision", "999")
    assert (none.returncode, "there is no decision 999" in none.stderr) == (2, True), none

    journal, copy = str(tmp_path / "fairway.journal"), str(tmp_path / "copy.journal")
    subprocess.run([FAIRWAY, "journal", "backup", journal, copy], check=True, capture_output=True)
    kept = said(tmp_path, "evidence", "--copy", copy, "--reason", "the nightly copy", "--by", "eve")
    assert (kept.returncode, "backup holds: copy.journal has " in kept.stdout) == (0, True), kept

    _weaker_evidence_is_not_taken(tmp_path)
    both = said(tmp_path, "evidence", copy, "--copy", copy, "--reason", "twice")
    assert (both.returncode, "bring one thing at a time" in both.stderr) == (2, True), both

    looked = said(tmp_path, "review", "--reason", "two entries rest, both small", "--by", "eve")
    assert looked.returncode == 0, looked
    assert "review every 1h: last by eve " in said(tmp_path, "status").stdout

    held = said(tmp_path, "hold", "--contain", "--reason", "something smells", "--by", "eve")
    assert held.returncode == 0, held
    caps = [FAIRWAY, "caps", str(tmp_path / "fairway.yaml")]
    until("it opens nothing", lambda: "main opens nothing" in subprocess.run(caps, capture_output=True, text=True).stdout)
    assert 'release CONFIG "person eve"' in said(tmp_path, "explain").stdout
    _messages_are_listed(tmp_path)
    _the_way_back_is_shown(tmp_path)
    ended = stopped(pilot)
    assert "to team by chat: held since " in ended.out
    assert (ended.code, ended.err) == (0, ""), ended
    for name in ("fairway.journal.launch", "fairway.journal.commands"):
        whole = subprocess.run([FAIRWAY, "journal", "verify", str(tmp_path / name)], capture_output=True, text=True)
        assert "is whole: " in whole.stdout, whole
    assert ended.took_s < BOUND_S
    assert "goes on" in ended.out
    _what_waits_is_shown(tmp_path)
    _a_start_goes_on_from_what_was_kept(tmp_path, account)
    stopped(trader)


def test_an_alarm_that_flattens_sells_at_the_exchange_and_the_trader_stays_killed(
    served: Served, account: Account, tmp_path: Path
) -> None:
    """The plan wants nothing ever to be bought: the first position is sold by the pilot, at once, and only a person resumes."""
    alarm = "alarms:\n  - {name: bought, of: order_paths, above: 0, within: 1h, heartbeat: 10m, does: flatten}\n"
    (tmp_path / "plan.yaml").write_text(PLAN.replace("stages:\n", f"{alarm}stages:\n", 1))
    config = tmp_path / "fairway.yaml"  # an order from before the stage is seen in force is not counted: the next comes soon
    config.write_text(config.read_text().replace("target_ranges: 100", "target_ranges: 100, bars_max: 20"))
    trader, pilot = begun(tmp_path, account), flown(tmp_path, account)
    read_until(pilot, "the pilot has started (epoch 1)")
    read_until(trader, "Started")
    approved(tmp_path)
    read_until(pilot, "main KILLED: the alarm bought sounds")
    read_until(pilot, "main: its kill is over: the venue shows it")
    assert open_orders(served, account) == []
    assert held(served, account) < Decimal("0.00001"), "less than a lot"
    read_until(trader, "The account is killed: the alarm bought sounds")
    assert [path.name for path in tmp_path.glob("*.kill")] == ["main.kill"]
    assert "main opens nothing: the alarm bought sounds" in said(tmp_path, "explain").stdout
    for number in range(1, _decisions(tmp_path) + 1):
        assert said(tmp_path, "decision", str(number)).returncode == 0, number
    stopped(pilot)
    stopped(trader)


def _prometheus_sees_it(tmp_path: Path) -> None:
    """Trader and pilot are at work meanwhile."""
    shown = subprocess.run(
        [FAIRWAY, "metrics", str(tmp_path / "fairway.yaml")], capture_output=True, text=True, timeout=PATIENCE_S
    )
    assert (shown.returncode, shown.stderr) == (0, ""), shown
    families = text_string_to_metric_families(shown.stdout)
    samples = {(each.name, *each.labels.values()): each.value for family in families for each in family.samples}
    assert samples["fairway_launch_stage", "small", "main"] == samples["fairway_launch_accounts", "small", "main"] == 1
    assert samples["fairway_launch_phase", "dwelling", "main"] + samples["fairway_launch_phase", "ready", "main"] == 1
    assert 0 < samples[("fairway_launch_lease_ends_at_seconds",)] - time.time() <= 60
    assert samples[("fairway_launch_decisions_total",)] >= 3
    assert samples[("fairway_launch_holds_for_a_person",)] == 0


def _weaker_evidence_is_not_taken(tmp_path: Path) -> None:
    document = tmp_path / "README.md"
    document.write_text("- [x] Backup restored in 41 min (2026-11-20, run 17)\n")
    agreed = said(tmp_path, "approve", "large", "--role", "owner", "--reason", "looked", "--by", "bob")
    assert agreed.returncode == 0, agreed
    for words, code in (
        ((), "EVIDENCE_WEAKER: claim=backup class=bare word there=machine artifact"),
        (("--attest",), "class=attested"),
    ):
        weak = said(tmp_path, "evidence", str(document), "--claim", "backup", "--reason", "it says so", "--by", "eve", *words)
        assert (weak.returncode, code in weak.stdout) == (1, True), weak
    unknown = said(tmp_path, "evidence", "--word", "done", "--claim", "nope", "--reason", "it is", "--by", "eve")
    assert (unknown.returncode, "(CLAIM_NOT_ASKED: claim=nope asked=backup)" in unknown.stdout) == (1, True), unknown
    assert said(tmp_path, "evidence").stdout.startswith("backup: holds (machine artifact, by copy ")
    document.write_text("- [ ] a backup is restored\n")
    against = said(tmp_path, "evidence", str(document), "--claim", "backup", "--attest", "--reason", "it is open", "--by", "eve")
    voids = "this voids 1 approval, once it is taken: bob as owner for main/large"
    assert (against.returncode, voids in against.stdout) == (0, True), against
    assert said(tmp_path, "evidence").stdout.startswith("backup: DOES NOT HOLD (bare word, by markdown ")


def _a_start_goes_on_from_what_was_kept(tmp_path: Path, account: Account) -> None:
    """What it then decides is made anew, from the first record on, to the same bytes."""
    kept = tmp_path / "fairway.journal.launch.checkpoint"
    with sqlite3.connect(f"file:{kept}?mode=ro", uri=True) as connection:
        known = connection.execute("SELECT seq FROM watch_progress").fetchall()
    connection.close()
    assert known[0][0] > 0
    decided = _decisions(tmp_path)
    again = flown(tmp_path, account)
    read_until(again, "the pilot has started (epoch 2)")
    read_until(again, "held: nobody flies it")
    ended = stopped(again)
    assert (ended.code, ended.err, "note: " in ended.out) == (0, "", False), ended
    assert _decisions(tmp_path) > decided
    _are_made_anew(tmp_path, range(decided + 1, _decisions(tmp_path) + 1))
    kept.write_bytes(b"not a database")
    assert "nobody flies it" in said(tmp_path, "status").stdout
    spoilt = flown(tmp_path, account)
    read_until(spoilt, "fairway.journal.launch.checkpoint is made again")
    read_until(spoilt, "the pilot has started (epoch 3)")
    assert stopped(spoilt).code == 0


def _are_made_anew(tmp_path: Path, numbers: range) -> None:
    for number in numbers:
        anew = said(tmp_path, "decision", str(number))
        assert (anew.returncode, anew.stdout.splitlines()[-1]) == (0, "repeated, it is the same to the byte"), anew.stderr


def _decisions(tmp_path: Path) -> int:
    return int(re.findall(r"there is no decision 999; the last is (\d+)", said(tmp_path, "decision", "999").stderr)[0])


def _what_waits_is_shown(tmp_path: Path) -> None:
    assert "WAITS" not in said(tmp_path, "status").stdout, "all was heard"
    late = said(tmp_path, "hold", "--reason", "nobody flies it", "--by", "eve")
    assert (late.returncode, "no pilot has answered" in late.stdout) == (1, True), late
    for command in ("status", "explain"):
        shown = said(tmp_path, command).stdout
        assert "WAITS for a pilot: hold, 20" in shown
        assert "by eve: nobody flies it\na pilot hears it before anything else" in shown


def _messages_are_listed(tmp_path: Path) -> None:
    lines = [msgspec.json.decode(line) for line in said(tmp_path, "messages", "--json").stdout.splitlines()]
    assert [each["number"] for each in lines] == list(range(1, len(lines) + 1))
    launch_status = {(each["to"], each["about"]): each["text"] for each in lines}
    assert "stage small is entered" in launch_status["team", "entered main/small"]
    assert "something smells" in launch_status["team", "held: person eve"]
    assert said(tmp_path, "messages", "--after", f"{len(lines) - 1}").stdout.startswith(f"{len(lines)} ")
    none = said(tmp_path, "messages", "--after", "-1")
    assert (none.returncode, "must be a number of a message" in none.stderr) == (2, True), none


def _the_way_back_is_shown(tmp_path: Path) -> None:
    given_up = said(tmp_path, "abort", "--reason", "we begin anew", "--by", "eve")
    assert (given_up.returncode, "the way back, in this order:\n  1 contain: " in given_up.stdout) == (0, True), given_up
    until("the venue is in order", lambda: "  3 verify: done, seen " in said(tmp_path, "explain").stdout)
    assert "  6 software: the plan names no release to go back to" in said(tmp_path, "explain").stdout


def test_a_trader_that_needs_no_lease_is_not_flown(account: Account, tmp_path: Path) -> None:
    config = tmp_path / "fairway.yaml"
    config.write_text(config.read_text().replace("lease: true", ""))
    refused = subprocess.run(
        [FAIRWAY, "launch", "start", str(config), "beta"], capture_output=True, text=True, timeout=PATIENCE_S
    )
    assert refused.returncode == 2
    assert "needs no lease" in refused.stderr


def test_a_launch_that_was_not_begun_says_how_one_begins(account: Account, tmp_path: Path) -> None:
    for words in (("status",), ("explain",), ("messages",), ("hold", "--reason", "x"), ("decision", "1")):
        told = said(tmp_path, *words)
        assert (told.returncode, told.stdout) == (1, ""), told
        assert "no launch was begun beside" in told.stderr
    refused = subprocess.run(
        [FAIRWAY, "launch", "start", str(tmp_path / "fairway.yaml")], capture_output=True, text=True, timeout=PATIENCE_S
    )
    assert (refused.returncode, "say which plan" in refused.stderr) == (2, True), refused


def test_a_changed_plan_begins_anew_by_the_very_command_that_is_told(account: Account, tmp_path: Path) -> None:
    """All files of the old launch are put aside, also by a second time, and nothing of the trader's."""
    for number in (1, 2):
        pilot = flown(tmp_path, account)
        read_until(pilot, f"the launch of plan tryout begins, by ann{'; T is' if number == 1 else ''}")
        read_until(pilot, "the pilot has started (epoch 1)")
        pilot.kill()
        pilot.communicate()
        (tmp_path / "other.yaml").write_text(PLAN.replace("95 %", f"9{number} %"))
        refused = said(tmp_path, "start", str(tmp_path / "other.yaml"))
        assert (refused.returncode, refused.stdout) == (1, ""), refused
        told = refused.stderr.partition("away:  ")[2].partition("  then start CONFIG")[0]
        subprocess.run(told, shell=True, check=True, cwd=tmp_path)
        assert list(tmp_path.glob("*.launch*")) == []
        assert len(list(tmp_path.glob(f"*-before-{number}/*.launch"))) == 1
    assert said(tmp_path, "status").returncode == 1


def test_a_pilot_that_cannot_write_says_nothing_of_a_flight(account: Account, tmp_path: Path) -> None:
    """Its journal would lie in a directory that is none."""
    config = tmp_path / "fairway.yaml"
    config.write_text(config.read_text() + "journal: /proc/none/fairway.journal\n")
    env = {"TEST_KEY": account.key, "TEST_SECRET": account.secret}
    refused = started("launch", "start", config, tmp_path / "plan.yaml", "--at", "2026-01-01", env=env)
    out, err = refused.communicate(timeout=PATIENCE_S)
    assert refused.returncode not in (0, 70), err
    assert out == ""
