"""The example of docs/how-to/add-a-channel.md, installed as another package: configured, listed, tested, refused with a place."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.installed_package import example_of, installed

from fairway.cli import run
from fairway.cli.exits import ExitCode
from fairway.notify.registry import installed_kinds

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "add-a-channel.md"
CONFIG = """\
mode: practice
venue: {exchange: binance, url: http://127.0.0.1:9100, key: env:KEY, secret: env:SECRET}
symbols: [BTC/USDT]
strategy: {name: trend}
notify:
  channels: [{name: hall, kind: board, file: board.txt}]
  recipients: {team: {board: [hall]}}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fairway.yaml").write_text(CONFIG)
    return tmp_path


@pytest.fixture
def package(here: Path) -> Iterator[None]:
    with installed(here, "fairway.channels", "board", example_of(PAGE), "CHANNEL"):
        yield


@pytest.mark.usefixtures("package")
def test_it_is_listed_and_a_test_message_arrives(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["notify", "channels"]) == ExitCode.OK
    listed = capsys.readouterr().out
    assert [line.split() for line in listed.splitlines()[1:]] == [
        ["console", "console", "console", "6000"],
        ["hall", "board", "board", "60", "team", "by", "board"],
    ]
    assert run(["notify", "test", "hall", "--by", "ann"]) == ExitCode.OK
    assert "hall (board) took the message; its receipt is test of hall at 20" in capsys.readouterr().out
    assert (here / "board.txt").read_text().startswith("a test message of Fairway\nann asked for it;")


@pytest.mark.usefixtures("package")
def test_a_failure_is_shown_with_what_to_do(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "fairway.yaml").write_text(CONFIG.replace("board.txt", "none/board.txt"))
    assert run(["notify", "test", "hall"]) == ExitCode.NO
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("hall (board) did not take the message: the directory of ")
    assert told[1] == "What you can do: make it"


@pytest.mark.usefixtures("package")
def test_its_own_keys_are_checked_at_their_place(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "fairway.yaml").write_text(CONFIG.replace("file: board", "fil: board"))
    assert run(["notify", "channels"]) == ExitCode.SETTINGS
    told = capsys.readouterr().err
    assert "6:40: notify.channels[0].fil: is no key here; did you mean file?; there are per_minute, file" in told


@pytest.mark.usefixtures("here")
def test_without_the_package_the_kind_is_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["notify", "test", "hall"]) == ExitCode.SETTINGS
    told = "6:27: notify.channels[0].kind: there is no channel 'board'; there are: console, discord, email, ntfy, slack,"
    assert told in capsys.readouterr().err


@pytest.mark.usefixtures("package")
def test_a_channel_that_is_not_configured_is_refused_with_those_that_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["notify", "test", "lobby"]) == ExitCode.USAGE
    assert capsys.readouterr().err == "fairway: there is no channel 'lobby'; there are console, hall\n"


def test_one_that_cannot_be_loaded_is_named_and_the_others_work(here: Path) -> None:
    with installed(here, "fairway.channels", "board", "import no_such_library", "CHANNEL"):
        kinds = installed_kinds()
    assert [str(each) for each in kinds.broken] == [
        "the channel 'board' of board 1.2 cannot be used: ModuleNotFoundError: No module named 'no_such_library'"
    ]
    assert "email" in kinds.plugins
