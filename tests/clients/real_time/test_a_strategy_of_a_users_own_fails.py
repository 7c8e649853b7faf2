"""`fairway run` with a strategy of the user that fails: it is named with its file and line, and not as a fault of Fairway."""

import os
import subprocess
from pathlib import Path

from tests.clients.real_time.test_run_in_real_time import CONFIG
from tests.clients.served import Account, Served
from tests.pure.cli.programs import FAIRWAY, read_until, started, stopped

MINE = """
from fairway.strategies.api import Plugin, StrategySettings

class Mine:
    warm_up = 1
    def __init__(self, settings):
        {at_start}
    def decide(self, view):
        return view.no_such_thing

STRATEGY = Plugin("mine", StrategySettings, Mine, "a test")
"""


def install_strategy(folder: Path, at_start: str) -> None:
    """The package in a folder, which a program finds by PYTHONPATH."""
    (folder / "mine.py").write_text(MINE.format(at_start=at_start))
    info = folder / "mine-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: mine\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[fairway.strategies]\nmine = mine:STRATEGY\n")


def installed(folder: Path, served: Served, at_start: str) -> dict[str, str]:
    """A package with that strategy, a configuration that names it, and the variables to run it with."""
    install_strategy(folder, at_start)
    text = CONFIG.format(url=served.url)
    (folder / "fairway.yaml").write_text(text[: text.index("strategy:")] + "strategy: {name: mine}\n")
    account: Account = served.account({"USDT": "10000"})
    return {"TEST_KEY": account.key, "TEST_SECRET": account.secret, "PYTHONPATH": str(folder)}


def test_its_failure_is_told_as_its_own(served: Served, tmp_path: Path) -> None:
    running = started("run", tmp_path / "fairway.yaml", env=installed(tmp_path, served, "pass"))
    where = f"{tmp_path / 'mine.py'}:9 decide"
    read_until(running, f"The strategy 'mine' failed: AttributeError: 'View' object has no attribute 'no_such_thing' ({where})")
    ended = stopped(running)
    assert "fault of Fairway" not in ended.out + ended.err


def test_one_that_cannot_be_made_ends_the_run_with_a_code_of_its_own_and_no_crash_file(served: Served, tmp_path: Path) -> None:
    env = {**os.environ, **installed(tmp_path, served, "raise KeyError('my file')")}
    line = [FAIRWAY, "run", "fairway.yaml"]
    done = subprocess.run(line, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 17, done
    assert f"the strategy 'mine' failed at {tmp_path / 'mine.py'}:7 __init__: KeyError: 'my file'" in done.stderr
    assert not list(tmp_path.glob("fairway-crash*"))
