"""A terminal that is closed (SIGHUP, and an output that is gone) ends a bot as SIGTERM does, with its stops in place."""

import fcntl
import json
import os
import signal
import subprocess
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any
from urllib.request import urlopen

import pytest
from tests.clients.real_time.test_run_in_real_time import CONFIG, open_orders
from tests.clients.served import Account, Served
from tests.pure.cli.programs import FAIRWAY, PATIENCE_S

from fairway.journal.sql import open_reader


@contextmanager
def in_a_terminal(folder: Path, account: Account, *words: str) -> "Iterator[tuple[subprocess.Popen[bytes], int]]":
    """The program as a terminal's own process group, and the terminal's other end."""
    master, slave = os.openpty()

    def take() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever runs the tests under `nohup` is not the one who is asked
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    env = {**os.environ, "TEST_KEY": account.key, "TEST_SECRET": account.secret}
    running = subprocess.Popen([FAIRWAY, *words], stdin=slave, stdout=slave, stderr=slave, preexec_fn=take, cwd=folder, env=env)
    os.close(slave)
    try:
        yield running, master
    finally:
        running.kill()
        running.wait()


@contextmanager
def piped(folder: Path, words: "list[str]", **how: Any) -> "Iterator[subprocess.Popen[bytes]]":
    """The program with its output in a pipe; ended where the test is."""
    pipe = subprocess.PIPE
    with subprocess.Popen([FAIRWAY, *words], stdout=pipe, stderr=pipe, cwd=folder, **how) as running:
        try:
            yield running
        finally:
            running.kill()


def read_until(master: int, word: str) -> None:
    shown = b""
    while word.encode() not in shown:
        shown += os.read(master, 65536)


def kinds_of(journal: Path) -> list[str]:
    with open_reader(journal) as reader:
        return [record.kind for record in reader.read()]


@pytest.fixture
def account(served: Served, tmp_path: Path) -> Account:
    (tmp_path / "fairway.yaml").write_text(CONFIG.format(url=served.url))
    return served.account({"USDT": "10000"})


def test_a_run_says_farewell_in_its_journal_and_leaves_its_stops(served: Served, account: Account, tmp_path: Path) -> None:
    with in_a_terminal(tmp_path, account, "run", "fairway.yaml") as (running, master):
        read_until(master, "rest at the exchange")
        os.close(master)
        assert running.wait(PATIENCE_S) == 0
    assert "TraderStopped" in kinds_of(tmp_path / "fairway.journal")[-2:]
    assert len(open_orders(served, account)) == 2
    assert not list(tmp_path.glob("fairway-crash*"))
    assert (tmp_path / "report" / "report.html").exists()


def test_a_run_whose_reader_ends_trades_on_until_it_is_stopped(served: Served, account: Account, tmp_path: Path) -> None:
    """As of `fairway run | head`: no decision hangs on a line that nobody reads."""
    env = {**os.environ, "TEST_KEY": account.key, "TEST_SECRET": account.secret}
    with piped(tmp_path, ["run", "fairway.yaml"], env=env) as running:
        assert running.stdout is not None
        running.stdout.readline()
        running.stdout.close()
        while len(open_orders(served, account)) < 2:
            assert running.poll() is None
            Event().wait(2)  # an address may ask this 75 times in a minute
        running.send_signal(signal.SIGTERM)
        assert running.wait(PATIENCE_S) == 0
        assert running.stderr is not None
        assert running.stderr.read() == b""
    assert "TraderStopped" in kinds_of(tmp_path / "fairway.journal")[-2:]
    assert not list(tmp_path.glob("fairway-crash*"))


def test_a_pilot_ends_in_order(account: Account, tmp_path: Path) -> None:
    with (tmp_path / "fairway.yaml").open("a") as file:
        file.write("lease: true\n")
    with in_a_terminal(tmp_path, account, "launch", "start", "fairway.yaml", "beta") as (running, master):
        read_until(master, "the pilot has started")
        os.close(master)
        assert running.wait(PATIENCE_S) == 0
    assert not list(tmp_path.glob("fairway-crash*"))


def test_an_exchange_takes_leave_of_its_clients(account: Account, tmp_path: Path) -> None:
    with in_a_terminal(tmp_path, account, "exchange", "serve", "--port", "0", "--history", "0") as (running, master):
        read_until(master, "Ctrl-C stops it")
        os.close(master)
        assert running.wait(PATIENCE_S) == 129
    assert not list(tmp_path.glob("fairway-crash*"))


def test_a_program_under_nohup_does_not_hear_that_its_terminal_is_closed(tmp_path: Path) -> None:
    words = ["exchange", "serve", "--port", "0", "--history", "0", "--json"]
    deaf = partial(signal.signal, signal.SIGHUP, signal.SIG_IGN)
    with piped(tmp_path, words, preexec_fn=deaf) as running:
        assert running.stdout is not None
        url = json.loads(running.stdout.readline())["url"]
        running.send_signal(signal.SIGHUP)
        for _ in range(3):
            with urlopen(f"{url}/api/v3/time", timeout=PATIENCE_S) as answer:
                assert answer.status == 200
        running.send_signal(signal.SIGTERM)
        assert running.wait(PATIENCE_S) == 143
