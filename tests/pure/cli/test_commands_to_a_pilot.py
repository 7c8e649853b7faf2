"""Whoever tells a pilot to stop need not wait until all of its launch is read, nor be kept from it by a record that cannot be."""

import sqlite3
from pathlib import Path

import pytest

from fairway.cli import run
from fairway.journal.sql import open_journal
from fairway.launch.control import launch_events
from fairway.launch.control.command_inbox import PILOT_STREAM, launch_beside, waiting
from fairway.launch.control.commands import HoldIt
from fairway.launch.control.state import CODEC

CONFIG = """
mode: practice
lease: true
venue: {exchange: binance, url: http://127.0.0.1:9100, key: env:KEY, secret: env:SECRET}
symbols: [BTC/USDT, ETH/USDT]
strategy: {name: trend}
journal: fairway.journal
"""
BEGAN = launch_events.LaunchBegan(plan="ramp", text="", digest="d", release="r1", by="ann")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Of a bot whose launch has a second record, which was changed after it was written."""
    path = tmp_path / "bot.yaml"
    path.write_text(CONFIG)
    place = Path(launch_beside(tmp_path / "fairway.journal"))
    journal = open_journal(place, CODEC, mode="practice", trader="main", stream=PILOT_STREAM, synchronous="OFF")
    journal.append([BEGAN, launch_events.PilotStarted(epoch=1, version="1")], account="", author="pilot", at=1)
    journal.close()
    with sqlite3.connect(place) as connection:
        connection.execute("DROP TRIGGER records_stay")
        connection.execute("UPDATE records SET version = 99 WHERE seq = 2")
    connection.close()
    return path


def test_a_hold_is_written_down_whatever_came_after_the_launch_began(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["launch", "status", str(config)]) != 0, "so the second record cannot be read"
    assert "record 2 is not as it was written" in capsys.readouterr().err
    run(["launch", "hold", str(config), "--reason", "something smells", "--by", "eve"])
    assert "written down as instruction 1 to the pilot, by eve: something smells" in capsys.readouterr().out
    (heard,) = waiting(config.parent / "fairway.journal", 0, trader="main")
    assert isinstance(heard.instruction, HoldIt)


def test_where_no_launch_was_begun_nobody_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bot.yaml"
    path.write_text(CONFIG)
    assert run(["launch", "hold", str(path), "--reason", "something smells", "--by", "eve"]) != 0
    assert "no launch was begun beside" in capsys.readouterr().err
    assert not list(tmp_path.glob("*.launch*"))
