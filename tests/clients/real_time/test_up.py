"""`fairway up` in real time: everything from an empty directory, each process killed again and again, and safe mode.

What became of orders and positions is asked of the exchange, which is one of the processes that are killed.
"""

import json
import os
import random
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.clients.real_time.test_a_strategy_of_a_users_own_fails import install_strategy
from tests.clients.systems import NAMES, PAIRS, Client, System, begun, fairway, first_signed_in, running
from tests.prove.size import IS_WHOLE
from tests.pure.cli.programs import PATIENCE_S

from fairway.cli.exits import ExitCode
from fairway.journal.port import Record
from fairway.journal.sql import open_reader
from fairway.world.clock import HOUR, MINUTE, SystemClock, text_of

KILLS = 20 if IS_WHOLE else len(NAMES)


@pytest.fixture
def system(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[System]:
    with running(tmp_path, **getattr(request, "param", {})) as up:
        yield up


def test_an_empty_directory_is_up_signs_in_sees_a_protected_trade_and_stops_in_order(tmp_path: Path) -> None:
    began = time.monotonic()
    up = begun(tmp_path, "--practice")
    up.until(lambda: (tmp_path / "fairway.journal.up").exists() and up.is_well(), "all is ready")
    took_s = time.monotonic() - began
    code, health = up.health()
    assert (code, health["status"], set(health["components"])) == (200, "healthy", {"journal", "trader", "pilot", "processes"})
    second = fairway("up", folder=tmp_path)
    assert (second.returncode, "is up already" in second.stderr) == (ExitCode.JOURNAL_IN_USE, True)
    client = first_signed_in(up)
    up.until(lambda: protected_positions(client), "a first trade with its stop is seen over the API", within_s=180)
    traded_s = time.monotonic() - began
    (held, *_) = protected_positions(client)
    served, account = up.exchange()
    resting = served.signed(account, "/api/v3/openOrders", f"symbol={held['symbol'].replace('/', '')}")
    assert [float(each["stopPrice"]) for each in resting if each["type"].startswith("STOP")] == [float(held["stop"])]
    up.process.send_signal(signal.SIGINT)
    assert up.process.wait(PATIENCE_S) == ExitCode.INTERRUPTED
    stopped = [line for line in up.text.splitlines() if "| stopping " in line]
    assert stopped == [f"fairway  | stopping {name}" for name in reversed(NAMES)]
    assert fairway("up", "status", folder=tmp_path).returncode == ExitCode.NO
    print(f"ready in {took_s:.1f} s, a protected trade after {traded_s:.0f} s")


def protected_positions(client: Client) -> list[dict[str, Any]]:
    code, positions = client.get("/api/v1/positions")
    return [each for each in positions if each["is_covered"]] if code == 200 else []


@pytest.mark.parametrize("system", [{"up:\n": "up:\n  crashes: 1000\n"}], indirect=True)
def test_killed_processes_come_back_and_positions_stay_protected(system: System) -> None:
    chance = random.Random(1)
    system.until(system.is_protected, "a first position is held and protected")
    for number in range(KILLS):
        name = chance.choice(NAMES) if number >= len(NAMES) else NAMES[number]
        before = system.child(name)
        os.kill(before["process_id"], signal.SIGKILL)
        system.until(lambda name=name, before=before: system.child(name)["crashes"] > before["crashes"], f"{name} is dead")  # type: ignore[misc]
        system.until(system.is_well, f"{name} is back")
        system.until(system.is_protected, f"what is held after the kill of {name} is protected")
    assert fairway("pause", "fairway.yaml", "--reason", "the test is over", folder=system.folder).returncode == 0
    system.until(lambda: not system.naked(), "nothing is without a stop")
    reconciled = fairway("reconcile", folder=system.folder)
    assert reconciled.returncode == 0, reconciled.stdout + reconciled.stderr
    verified = fairway("journal", "verify", "fairway.journal", folder=system.folder)
    assert verified.returncode == 0, verified.stdout + verified.stderr


@pytest.mark.parametrize("system", [{"up:\n": "up:\n  crashes: 1\n"}], indirect=True)
def test_a_spent_budget_ends_in_safe_mode_as_the_exchange_shows(system: System) -> None:
    system.until(system.is_protected, "a first position is held and protected")
    for crashes in range(2):
        os.kill(system.child("pilot")["process_id"], signal.SIGKILL)
        system.until(lambda crashes=crashes: system.child("pilot")["crashes"] > crashes, "the pilot is dead")  # type: ignore[misc]
        system.until(lambda: system.is_well() or system.status()["safe_mode"], "it is back, or given up")
    system.until(lambda: "paused by fairway up: safe mode: pilot crashed 2 times" in system.text, "the trader obeys")
    assert system.status()["code"] == ExitCode.NO
    code, health = system.health()
    assert code == 503
    assert health["components"]["processes"]["why"] == "safe mode: pilot crashed 2 times in 600 s"
    assert "SAFE MODE: pilot crashed 2 times" in fairway("up", "status", folder=system.folder).stdout
    assert not system.naked()
    bought = buys(system)
    time.sleep(8)  # in which it would have bought twice
    assert buys(system) == bought
    assert not system.naked()


def buys(system: System) -> int:
    """Orders to buy that the exchange has seen."""
    served, account = system.exchange()
    orders = [order for pair in PAIRS for order in served.signed(account, "/api/v3/allOrders", f"symbol={pair}")]
    return sum(order["side"] == "BUY" for order in orders)


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """One system for several tests, the last of which ends it; a strategy of another package is there that cannot be made."""
    package = tmp_path_factory.mktemp("package")
    install_strategy(package, at_start="raise KeyError('my file')")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(package), prepend=os.pathsep)
        with running(tmp_path_factory.mktemp("steady")) as up:
            up.until(up.is_protected, "a first position is held and protected")
            yield up


def applied(system: System, text: str) -> "subprocess.CompletedProcess[str]":
    """What came of `fairway configuration apply` with this text."""
    (system.folder / "wanted.yaml").write_text(text)
    words = ("configuration", "apply", "fairway.yaml", "wanted.yaml", "--reason", "a test")
    return fairway(*words, folder=system.folder)


def process_ids(system: System) -> dict[str, int]:
    return {each["name"]: each["process_id"] for each in system.status()["children"]}


def kinds_in(journal: Path, stream: str = "trader") -> list[str]:
    """The kinds of its records, in order; that of a cap with the cap's id."""
    with open_reader(journal, stream=stream) as reader:
        return [f"CapRaised {cap_id(each)}" if each.kind == "CapRaised" else each.kind for each in reader.read()]


def cap_id(record: Record) -> str:
    return str(json.loads(record.body)["cap"]["id"])


def test_a_change_by_which_the_trader_cannot_start_is_taken_back_and_it_trades_on_by_the_file_before(steady: System) -> None:
    config, before = steady.folder / "fairway.yaml", process_ids(steady)
    text = config.read_text()
    ended = applied(steady, re.sub(r"strategy:.*\n(?:  .*\n)*", "strategy: {name: mine}\n", text))
    assert ended.returncode == ExitCode.NO, ended.stdout + ended.stderr
    assert "trader ended again: ended with exit code 17" in ended.stdout
    assert config.read_text() == text
    assert steady.is_well(), ended.stdout
    assert {name for name, number in process_ids(steady).items() if number != before[name]} == {"alerting", "pilot", "trader"}
    assert not steady.naked()

    def decides() -> bool:
        kinds = kinds_in(steady.folder / "fairway.journal")
        begun_at = max(index for index, kind in enumerate(kinds) if kind == "TraderStarted")
        return bool({"EntryPlanned", "EntryRefused"} & set(kinds[begun_at:]))

    steady.until(decides, "the strategy of the file before decides")


def test_a_change_is_in_force_in_every_process_that_reads_it(steady: System) -> None:
    """Maintenance that begins now: the trader's cap, the pilot's record, and the status page of alerting show it."""
    folder, before = steady.folder, process_ids(steady)
    text = (folder / "fairway.yaml").read_text()
    now = SystemClock().now()
    spell = f"{text_of(now - MINUTE)[:16]}Z to {text_of(now + HOUR)[:16]}Z"
    ended = applied(steady, f"{text}\nmaintenance: [{spell}]\n")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert steady.is_well()
    assert {name for name, number in process_ids(steady).items() if number == before[name]} == {"exchange", "server"}
    steady.until(lambda: "CapRaised maintenance" in kinds_in(folder / "fairway.journal"), "the trader opens nothing")
    assert "MaintenancePlanned" in kinds_in(folder / "fairway.journal.launch", "launch")
    assert text_of(now + HOUR)[:16] in (folder / "status" / "status.json").read_text()
    assert [each.read_text() for each in (folder / "fairway.yaml.snapshots").iterdir()].count(text) >= 1
    assert not steady.naked()


def test_children_end_with_their_supervisor(steady: System) -> None:
    system = steady
    system.until(lambda: "protected: stop" in system.text, "the trader holds a position")
    children = [system.child(name)["process_id"] for name in NAMES]
    system.process.kill()
    system.process.wait()
    ends_at = time.monotonic() + PATIENCE_S
    while any(is_alive(child) for child in children):
        assert time.monotonic() < ends_at, children
        time.sleep(0.05)
    assert "TraderStopped" in fairway("journal", "show", "fairway.journal", folder=system.folder).stdout


def is_alive(process_id: int) -> bool:
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_directory_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "fairway.journal").write_text("mine")
    ended = fairway("up", "--practice", folder=tmp_path)
    assert ended.returncode == ExitCode.SETTINGS
    assert "holds fairway.journal and no fairway.yaml" in ended.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["fairway.journal"]
