"""`fairway status` over a journal that a trader has left: the words, the figures, and what it says where little is known."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.scenes.harness import Scene
from tests.scenes.script import enter

from fairway.assembly import CODEC
from fairway.cli import run
from fairway.cli.status import account_lines
from fairway.orders.lifecycle import OrderFilled
from fairway.reports.holdings import holdings
from fairway.world.clock import SECOND
from fairway.world.loop import EPOCH_NS

RISES = {"BTC/USDT": {0: "100", 130: "103"}}
NOW = EPOCH_NS + 300 * SECOND

HOLDS = """\
main, stage canary
  worth      10,053.46 USDT, valued 58 s ago
  earned          +53.46 USDT in no trades today
                  +53.46 USDT in no trades since 1 Jan 00:00 UTC
  holds
    BTC/USDT   18.499482 bought at 100.01, now 103: +53.46 USDT
               stop 95, target 110; held for 3 min 59 s
  may open   NO: it is paused;  fairway caps bot.yaml"""


@pytest.fixture
def kept(tmp_path: Path) -> Callable[[Scene, float], Path]:
    """Plays a stage with its journal in a file; the configuration that names it."""

    def played(stage: Scene, minutes: float) -> Path:
        stage.new_place = lambda: tmp_path / "fairway.journal"
        stage.run(minutes)
        config = tmp_path / "bot.yaml"
        assert run(["init", str(config)]) == 0
        return config

    return played


def test_it_says_what_is_held_and_what_was_earned() -> None:
    stage = Scene(enter(0), prices=RISES)
    stage.run(minutes=5)
    events = [(CODEC.decode(record), record.at) for record in stage.file.records if record.account == "main"]
    found = holdings("main", events, NOW)  # type: ignore[arg-type]
    assert "\n".join(account_lines(found, "canary", "it is paused", "fairway caps bot.yaml", NOW)) == HOLDS


def test_a_position_without_a_stop_is_loud() -> None:
    """As the journal stands right after the entry was filled."""
    stage = Scene(enter(0))
    stage.run(minutes=3)
    events = [(CODEC.decode(record), record.at) for record in stage.file.records if record.account == "main"]
    filled = next(index for index, (event, _) in enumerate(events) if isinstance(event, OrderFilled))
    lines = list(account_lines(holdings("main", events[: filled + 1], NOW), "", "", "", NOW))  # type: ignore[arg-type]
    assert "               NO STOP; held for 3 min 59 s" in lines


@pytest.mark.in_memory
def test_the_command_reads_the_journal_alone(
    kept: Callable[[Scene, float], Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = kept(Scene(enter(0), prices=RISES), 5)
    capsys.readouterr()
    assert run(["status", str(config)]) == 0
    shown = capsys.readouterr().out
    assert "BTC/USDT   18.499482 bought at 100.01" in shown
    assert "The trader does NOT run; its orders stay at the exchange; it wrote last" in shown
    assert run(["status", str(config), "--json"]) == 0
    [account] = json.loads(capsys.readouterr().out)["accounts"]
    assert account["held"][0]["quantity"] == {"value": "18.499482", "asset": "BTC"}
    assert account["why_not"] == ""


def test_before_the_first_start_there_is_nothing_to_tell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "bot.yaml"
    assert run(["init", str(config)]) == 0
    capsys.readouterr()
    assert run(["status", str(config)]) == 0
    shown = capsys.readouterr().out
    assert "holds      nothing" in shown
    assert shown.endswith("It has not been started yet.\n")
