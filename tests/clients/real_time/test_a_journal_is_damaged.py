"""A real trader is killed, its journal is damaged, and it is started again; or a second one starts with the same key.

What it did is judged at the exchange: nothing more is bought, stop and target stay, and the terminal says what a person must do.
"""

import resource
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.clients.real_time.test_run_in_real_time import CONFIG, PROTECTED, begun, open_orders
from tests.clients.served import Account, Served
from tests.pure.cli.programs import PATIENCE_S, read_until, stopped

from fairway.cli.exits import ExitCode

JOURNAL = "fairway.journal"


@pytest.fixture
def account(served: Served, tmp_path: Path) -> Account:
    (tmp_path / "fairway.yaml").write_text(CONFIG.format(url=served.url))
    return served.account({"USDT": "10000"})


def bought(served: Served, account: Account) -> int:
    """Orders to buy that the exchange has ever taken."""
    return sum(order["side"] == "BUY" for order in served.signed(account, "/api/v3/allOrders", "symbol=BTCUSDT"))


def killed_while_protected(folder: Path, account: Account) -> None:
    running = begun(folder, account)
    read_until(running, PROTECTED)
    running.send_signal(signal.SIGKILL)
    running.communicate()


def empty(folder: Path) -> None:
    (folder / JOURNAL).write_bytes(b"")


def cut_in_half(folder: Path) -> None:
    whole = (folder / JOURNAL).read_bytes()
    (folder / JOURNAL).write_bytes(whole[: len(whole) // 2])


def overwritten(folder: Path) -> None:
    (folder / JOURNAL).write_text("these are my notes\n" * 1000)


@pytest.mark.parametrize("damage", [empty, cut_in_half, overwritten])
def test_a_damaged_journal_is_refused_and_the_stop_stays(
    served: Served, account: Account, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    """With its write-ahead log gone as well, which would mend a part of the damage."""
    killed_while_protected(tmp_path, account)
    for log in tmp_path.glob(f"{JOURNAL}-*"):
        log.unlink()
    damage(tmp_path)
    again = begun(tmp_path, account)
    out, err = again.communicate(timeout=PATIENCE_S)
    assert again.returncode not in (0, None), (out, err)
    assert JOURNAL in err
    assert "Stops and targets that rest at the venue go on working without Fairway." in err
    assert ("Without a backup: move " in err) is (again.returncode == ExitCode.JOURNAL_BROKEN)
    assert "Traceback" not in out + err
    assert len(open_orders(served, account)) == 2
    assert bought(served, account) == 1


def removed(folder: Path) -> None:
    for file in folder.glob(f"{JOURNAL}*"):
        file.unlink()


def set_back(folder: Path) -> None:
    """An older copy, from before the entry: as where a backup is put back, or the newest pages were never written."""
    for file in folder.glob(f"{JOURNAL}*"):
        file.unlink()
    for file in folder.glob(f"copy/{JOURNAL}*"):
        file.rename(folder / file.name)


@pytest.mark.parametrize("damage", [removed, set_back])
def test_a_journal_without_its_newest_records_opens_nothing_and_says_so(
    served: Served, account: Account, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    started_once = begun(tmp_path, account)
    read_until(started_once, "Started")
    stopped(started_once)
    (tmp_path / "copy").mkdir()
    for file in tmp_path.glob(f"{JOURNAL}*"):
        (tmp_path / "copy" / file.name).write_bytes(file.read_bytes())
    killed_while_protected(tmp_path, account)
    damage(tmp_path)
    again = begun(tmp_path, account)
    read_until(again, "make sure that no other trader has this key")
    read_until(again, "not bought")
    stopped(again)
    assert len(open_orders(served, account)) == 2
    assert bought(served, account) == 1


def test_a_stop_that_cannot_be_written_down_says_what_is_held(served: Served, account: Account, tmp_path: Path) -> None:
    running = begun(tmp_path, account)
    read_until(running, PROTECTED)
    resource.prlimit(running.pid, resource.RLIMIT_FSIZE, (0, 0))  # no file of its grows any more, as on a full disk
    ended = stopped(running)
    assert ended.code not in (0, 70), ended
    assert "Stopped; what happened last could not be written down: " in ended.out
    assert "BTC under a stop at the venue. The next start asks the venue for what is missing." in ended.out
    assert "Traceback" not in ended.out + ended.err
    assert len(open_orders(served, account)) == 2


def test_a_second_trader_on_the_key_opens_nothing(served: Served, account: Account, tmp_path: Path) -> None:
    """Of the same name, in a directory of its own, as in a second container; the first one's stop and target stay."""
    first = begun(tmp_path, account)
    read_until(first, PROTECTED)
    other = tmp_path / "other"
    other.mkdir()
    (other / "fairway.yaml").write_text((tmp_path / "fairway.yaml").read_text())
    second = begun(other, account)
    read_until(second, "make sure that no other trader has this key")
    read_until(second, "not bought")
    assert stopped(second).code == 0
    assert len(open_orders(served, account)) == 2
    assert bought(served, account) == 1
    stopped(first)
