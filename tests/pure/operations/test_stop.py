"""`fairway stop` asks the process that writes the journal to stop, and says that it has stopped once the journal is free."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fairway.cli import run
from fairway.cli.exits import ExitCode
from fairway.journal.writer_lock import LockHolder, holder_of
from fairway.operations.actor import owner_of_machine
from fairway.operations.operation import Call, Progress
from fairway.operations.perform import perform, preview
from fairway.operations.refusal import Ground, Refusal
from fairway.operations.trader import start, stop
from fairway.operations.trader.start import START, StartRequest
from fairway.operations.trader.stop import STOP, StopOutcome, StopRequest

CONFIG = """
mode: practice
venue: {exchange: binance, url: http://127.0.0.1:9, key: env:KEY, secret: env:SECRET}
symbols: [BTC/USDT]
strategy: {name: trend}
"""
WRITER = """
import signal, sys
from pathlib import Path
from fairway.journal.writer_lock import FileWriterLock
lock = FileWriterLock(Path(sys.argv[1]))
lock.lock()
stops = [signal.SIGTERM, signal.SIGINT]
signal.pthread_sigmask(signal.SIG_BLOCK, stops)
print("locked", flush=True)
signal.sigwait([signal.SIGTERM] if sys.argv[2] == "orderly" else [signal.SIGINT])
lock.release()
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "bot.yaml").write_text(CONFIG)
    return tmp_path / "bot.yaml"


@contextmanager
def writer(folder: Path, how: str = "orderly") -> "Iterator[subprocess.Popen[str]]":
    """A process that holds the journal's writer lock, and ends at SIGTERM in order, or not at all."""
    journal = str(folder / "fairway.journal")
    with subprocess.Popen([sys.executable, "-c", WRITER, journal, how], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "locked\n"
            yield process
        finally:
            process.kill()


def stopped(config: Path, said: list[str]) -> StopOutcome:
    request = StopRequest(config=config)
    return perform(
        STOP, Call(actor=owner_of_machine("ann"), request=request, tell=lambda progress: said.append(progress.sentence))
    )


def test_the_process_that_writes_the_journal_is_asked_and_its_lock_is_free_then(config: Path) -> None:
    said: list[str] = []
    with writer(config.parent) as process:
        holder = holder_of(config.parent / "fairway.journal")
        assert holder is not None
        assert (holder.pid, holder.is_here) == (process.pid, True)
        outcome = stopped(config, said)
        assert process.wait() == 0
    assert (outcome.is_done, outcome.pid, outcome.without_stop) == (True, process.pid, ())
    assert said == [f"asking the trader to stop: {holder}"]
    assert "has stopped, and released the journal" in outcome.lines[-1]
    assert holder_of(config.parent / "fairway.journal") is None


def test_a_process_that_does_not_stop_in_time_is_reported_as_running(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stop, "LOOKS_MAX", 2)
    with writer(config.parent, "stubborn") as process:
        outcome = stopped(config, [])
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
    assert not outcome.is_done
    assert "still writes the journal" in outcome.lines[0]
    assert f"fairway kill {config}" in outcome.lines[0]


def test_where_no_trader_runs_the_command_says_so(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Also where a lock file is left of one that has ended."""
    with writer(config.parent) as process:
        process.terminate()
        process.wait()
    assert run(["stop", str(config)]) == ExitCode.NO
    assert "no trader writes" in capsys.readouterr().err


def test_a_process_of_another_machine_is_not_signalled(config: Path) -> None:
    """Its number means another process here."""
    with writer(config.parent) as process:
        lock = config.parent / "fairway.journal.lock"
        lock.write_text(str(LockHolder(process.pid, "another-machine")).ljust(511) + "\n")
        with pytest.raises(Refusal, match="give this command on that machine"):
            stopped(config, [])
        assert process.poll() is None


def test_a_preview_stops_nothing(config: Path) -> None:
    with writer(config.parent) as process:
        found = preview(STOP, Call(actor=owner_of_machine("ann"), request=StopRequest(config=config)))
        assert process.poll() is None
    assert (f"process {process.pid} on" in found.effect, found.accounts) == (True, ("main",))


def test_a_start_is_previewed_and_refused_beside_a_running_trader(config: Path) -> None:
    call: Call[StartRequest] = Call(actor=owner_of_machine("ann"), request=StartRequest(config=config))
    found = preview(START, call)
    assert found.effect == (
        "trades BTC/USDT at binance in mode practice with trend, by profile conservative; it opens positions at once"
    )
    assert (found.accounts, found.positions, found.unknown) == (("main",), (), ())
    with writer(config.parent), pytest.raises(Refusal, match="stop it first: fairway stop") as refused:
        preview(START, call)
    assert refused.value.ground is Ground.IN_USE


def test_a_damaged_journal_refuses_a_start_and_says_what_stays(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY", "k")
    monkeypatch.setenv("SECRET", "s")
    (config.parent / "fairway.journal").write_text("this is no journal")
    said: list[Progress] = []
    with pytest.raises(Refusal, match="go on working without Fairway") as refused:
        start.perform_start(Call(actor=owner_of_machine("ann"), request=StartRequest(config=config), tell=said.append))
    assert refused.value.code.startswith("JOURNAL_FAILED: error=Journal")
    assert said == [Progress(f"account main is traded by profile conservative, by risk.profile in {config}")]
