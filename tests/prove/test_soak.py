"""A soak runs the whole system: short ones in simulated time here, and what becomes of one that is ended early or crashes."""

import json
import signal
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.prove.size import IS_WHOLE

from fairway.cli import run
from fairway.cli.exits import ExitCode
from fairway.proving.soak.meter import SoakMeter
from fairway.proving.soak.report import SnapshotFile
from fairway.proving.soak.simulated import STRATEGIES, SimulatedSoak
from fairway.proving.soak.snapshot import SoakSnapshot, snapshot_of
from fairway.proving.soak.verdict import ORDERS_MIN, SoakRun, SoakVerdict, judged
from fairway.strategies.api import installed
from fairway.trading.trader import Trader

HOURS = 24


def soaked(folder: Path, hours: float) -> tuple[SimulatedSoak, list[SoakSnapshot]]:
    taken: list[SoakSnapshot] = []

    def look(meters: Sequence[SoakMeter], now: int) -> None:
        taken.append(snapshot_of(meters, soak.since, now))

    soak = SimulatedSoak(hours=hours, seed=1, folder=folder, look=look)
    soak.run()
    return soak, taken


@pytest.mark.skipif(not IS_WHOLE, reason="a simulated day takes two minutes; make prove runs it")
def test_a_day_trades_with_every_strategy_and_takes_a_snapshot_every_five_minutes(tmp_path: Path) -> None:
    soak, taken = soaked(tmp_path, HOURS)
    assert (
        set(STRATEGIES) == {plugin for plugin in installed().plugins if plugin in STRATEGIES} == {"trend", "periodic", "signals"}
    )
    assert soak.crashes == []
    assert len(taken) == HOURS * 12
    last = taken[-1]
    assert last.orders > ORDERS_MIN
    assert (last.order_success, last.venue_api, last.reconciled, last.tied_out, last.protection) == (1, 1, 1, 1, 1)
    found = {
        each.name: each.verdict for each in judged(soak.meters, SoakRun(since=soak.since, until=soak.now, is_simulated=True))
    }
    assert found["memory, growth in 24 h"] is SoakVerdict.INSUFFICIENT
    assert (
        found["reconciliation"]
        is found["positions under a stop"]
        is found["minutes that the trader measured"]
        is SoakVerdict.PASS
    )


def test_one_that_a_person_ends_says_what_was_seen_so_far(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C after the second snapshot: a summary, evidence that does not hold, and a code of its own."""
    out, true = tmp_path / "soak", SnapshotFile.add

    def add(file: SnapshotFile, meters: Sequence[SoakMeter], now: int) -> SoakSnapshot:
        taken = true(file, meters, now)
        if file.count == 2:
            signal.raise_signal(signal.SIGINT)
        return taken

    monkeypatch.setattr(SnapshotFile, "add", add)
    assert run(["soak", "--hours", "24", "--out", str(out)]) == ExitCode.INSUFFICIENT
    summary = json.loads((out / "summary.json").read_text())
    assert (summary["verdict"], summary["snapshots"], summary["run"]["interrupted"]) == ("INSUFFICIENT", 2, True)
    assert len((out / "snapshots.ndjson").read_text().splitlines()) == 2
    assert run(["launch", "import", str(out / "soak-24h.junit.xml"), "--claim", "soak-24h"]) == ExitCode.NO


def test_a_trader_that_ends_in_an_error_makes_it_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_trader: Trader) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr(Trader, "run", broken)
    out = tmp_path / "soak"
    assert run(["soak", "--hours", "0.02", "--out", str(out)]) == ExitCode.NO
    summary = json.loads((out / "summary.json").read_text())
    assert summary["verdict"] == "FAIL"
    assert "planted" in summary["crashes"][0]


def test_the_command_writes_snapshots_a_summary_and_evidence_that_does_not_hold(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A few minutes are no day, and simulated time shows no memory: the file is never evidence for the item."""
    out = tmp_path / "soak"
    assert run(["soak", "--hours", "0.2", "--out", str(out)]) in (ExitCode.NO, ExitCode.INSUFFICIENT)
    assert len((out / "snapshots.ndjson").read_text().splitlines()) == 3
    summary = json.loads((out / "summary.json").read_text())
    last = summary["last"]
    assert (summary["snapshots"], last["starts"], last["reconciled"], last["tied_out"], last["protection"]) == (3, 3, 1, 1, 1)
    assert run(["launch", "import", str(out / "soak-24h.junit.xml"), "--claim", "soak-24h"]) == ExitCode.NO
    assert "NO-GO for soak-24h" in capsys.readouterr().out
    assert run(["soak", "--hours", "0.2", "--out", str(out)]) == ExitCode.USAGE
    assert "holds an earlier report" in capsys.readouterr().err
