"""Commands that ask for less risk write it down without a key, a venue or a whole journal; else they name the kill."""

import subprocess
from pathlib import Path

import pytest
from tests.pure.cli.programs import FAIRWAY

CONFIG = """
mode: practice
venue: {exchange: binance, url: http://127.0.0.1:9, key: env:NO_SUCH_KEY, secret: env:NO_SUCH_SECRET}
symbols: [BTC/USDT]
strategy: {name: trend}
"""


def fairway(*words: str | Path) -> "subprocess.CompletedProcess[str]":
    """In an empty environment."""
    return subprocess.run([FAIRWAY, *map(str, words)], env={}, capture_output=True, text=True, timeout=90, check=False)


def test_a_pause_is_written_down_without_the_key_variable(tmp_path: Path) -> None:
    (tmp_path / "bot.yaml").write_text(CONFIG)
    done = fairway("pause", tmp_path / "bot.yaml", "--reason", "a holiday")
    assert (done.returncode, done.stderr) == (1, ""), done
    assert "written down as instruction 1" in done.stdout


def test_a_pause_of_one_of_many_is_written_down_beside_a_damaged_journal(tmp_path: Path) -> None:
    venue = "venue: {exchange: binance, url: http://127.0.0.1:9}"
    text = CONFIG.replace(CONFIG.splitlines()[2], venue) + "people: bot.people\n"
    (tmp_path / "bot.yaml").write_text(text)
    (tmp_path / "fairway.journal").write_text("this is no journal")
    done = fairway("pause", tmp_path / "bot.yaml", "--account", "bob1", "--reason", "odd orders")
    assert "written down as instruction 1" in done.stdout, done


@pytest.mark.parametrize("command", [["pause"], ["launch", "hold"], ["launch", "demote"], ["launch", "abort"]])
def test_a_configuration_with_a_mistake_names_the_kill_that_needs_none(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "bot.yaml").write_text(CONFIG.replace("trend", "moon"))
    done = fairway(*command, tmp_path / "bot.yaml", "--reason", "enough")
    assert done.returncode == 3, done
    assert f"fairway kill {tmp_path / 'bot.yaml'} --reason" in done.stderr
