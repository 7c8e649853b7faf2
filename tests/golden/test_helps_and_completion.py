"""Every command's help, the durations that options take, what a shell completes, and a configuration that is left out."""

import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cyclopts import App
from tests.golden.test_watch_commands import CONFIG

from fairway.cli import app, run
from fairway.cli.exits import ExitCode


def commands(group: App, *path: str) -> Iterator[tuple[str, ...]]:
    """All commands, with the groups that they are in."""
    for name in group:
        if not name.startswith("-"):
            inner = [each for each in group[name] if not each.startswith("-")]
            yield from commands(group[name], *path, name) if inner else [(*path, name)]


ALL = list(commands(app()))


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_no_help_shows_a_default_that_is_none(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*words, "--help"]) == ExitCode.OK
    shown = " ".join(capsys.readouterr().out.replace("\u2502", " ").split())
    assert "None" not in shown
    assert "000000000" not in shown, "a default in nanoseconds"


@pytest.mark.parametrize("length", ["30s", "90m", "12h", "7d"])
@pytest.mark.parametrize(
    "words",
    [
        "watch none.yaml --window",
        "lease none.yaml --reason x --for",
        "launch waive none.yaml audit --reason x --asked-by a --role b --for",
        "launch evidence none.yaml --word x --claim y --for",
    ],
)
def test_a_duration_is_written_alike_everywhere(words: str, length: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It is read before the configuration is looked for."""
    assert run([*words.split(), length]) == ExitCode.SETTINGS
    assert "none.yaml: there is no such file" in capsys.readouterr().err


@pytest.mark.parametrize("length", ["30s", "90m", "12h", "7d", "0.5", "0"])
def test_the_history_of_an_exchange_is_a_duration(length: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["exchange", "serve", "--history", length, "--port", "70000"]) == ExitCode.USAGE
    assert "--port 70000 is no port" in capsys.readouterr().err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes_every_command(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", shell]) == ExitCode.OK
    script = capsys.readouterr().out
    assert all(word in script for words in ALL for word in words)
    assert "--reason" in script
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=script, text=True, check=True)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


LEFT_OUT = [
    "run",
    "lift paused --reason x",
    "transfer in 100 USDT --reason x",
    "launch start",
    "launch decision 7",
    "launch approve small --role owner --reason x",
    "launch release 'person ann' --reason x",
    "launch survey answers.csv --reason x",
    "launch waive audit --reason x --asked-by a --role b",
]


@pytest.mark.parametrize("words", LEFT_OUT)
def test_a_configuration_that_is_left_out_is_the_one_here(here: Path, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It is read: with a mistake in it, that mistake is told."""
    (here / "fairway.yaml").write_text(CONFIG.replace("binance", "binanze"))
    run(shlex.split(words))
    assert "fairway.yaml:3:9: venue.exchange: 'binanze' is no exchange" in capsys.readouterr().err


def test_without_a_configuration_here_it_is_asked_for(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["run"]) == ExitCode.SETTINGS
    assert capsys.readouterr().err == "fairway: fairway.yaml: there is no such file; `fairway init` writes one\n"
    assert run(["lift", "paused", "--reason", "x"]) == ExitCode.USAGE
    assert "CAP is missing; a right one is paused, after the configuration" in capsys.readouterr().err


def test_two_words_that_are_missing_stay_missing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "fairway.yaml").write_text(CONFIG)
    assert run(["lift", "--reason", "x"]) == ExitCode.USAGE
    assert "CONFIG is missing; a right one is fairway.yaml" in capsys.readouterr().err


def test_limits_is_another_name_of_caps(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "fairway.yaml").write_text(CONFIG)
    shown = []
    for name in ("caps", "limits"):
        assert run([name]) == run(["caps"])
        shown.append(capsys.readouterr())
    assert shown[0] == shown[1]
    assert run(["--help"]) == 0
    assert "The same as `fairway caps`." in capsys.readouterr().out
