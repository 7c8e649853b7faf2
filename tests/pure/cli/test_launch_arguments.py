"""What is wrong on a command line of a launch is told with the value and with a right example, before anything is read."""

from pathlib import Path

import pytest

from fairway.cli import run
from fairway.cli.exits import ExitCode


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("decision c.yaml x", "'x' is no whole number; a right one is 7"),
        ("rehearse beta --seeds x", "--seeds: 'x' is no whole number; a right one is 10"),
        ("rehearse beta --days x", "--days: 'x' is no whole number; a right one is 30"),
        ("rehearse beta --seeds 0", "--seeds is 0, and must be from 1 to 10000; a right one is --seeds 30"),
        ("messages c.yaml --after x", "--after: 'x' is no whole number; a right one is 12"),
        (
            "waive c.yaml backup --reason x --asked-by a --role b --days x",
            "--days: 'x' is no duration of up to 7d; a right",
        ),
        ("evidence c.yaml --days x", "--days: 'x' is no duration of up to 520w; a right one is 30d"),
        ("approve c.yaml", "STAGE is missing; a right one is small, after the configuration"),
        (
            "approve c.yaml small --reason x",
            "--role is missing; a right one is --role owner, one of those that the plan asks for",
        ),
        ("rehearse", "PLAN is missing; a right one is beta, or the file of one"),
        ("lint", "PLAN is missing; a right one is beta"),
        ("decision c.yaml", "NUMBER is missing; a right one is 7"),
        ("release c.yaml --reason x", 'HOLD_ID is missing; a right one is "person ann"'),
        ("waive c.yaml backup --reason x --role b", "--asked-by is missing; a right one is --asked-by ann"),
        ("waive c.yaml", "CLAIM is missing; a right one is backup"),
        ("evidence c.yaml --word --claim backup", '--word is missing; a right one is --word "restored on a second machine'),
        ("survey c.yaml --reason x", "FILE is missing; a right one is answers.csv"),
    ],
)
def test_a_right_example_is_told(words: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["launch", *words.split()]) == ExitCode.USAGE
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    ["start c.yaml beta", "approve c.yaml small --role owner --reason x", "evidence c.yaml", "release c.yaml x --reason x"],
)
@pytest.mark.parametrize("name", ["", " "])
def test_an_empty_name_is_nobody(words: str, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It does not silently become the user of this machine."""
    assert run(["launch", *words.split(), "--by", name]) == ExitCode.USAGE
    assert "--by: it is empty; a right one is --by ann" in capsys.readouterr().err


def test_whoever_wants_less_is_not_kept_from_it_by_a_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It goes on to the configuration, which is not there."""
    for word in ("hold", "abort", "demote"):
        assert run(["launch", word, str(tmp_path / "none.yaml"), "--reason", "x", "--by", ""]) == ExitCode.SETTINGS
    assert "--by" not in capsys.readouterr().err


def test_other_commands_keep_their_own_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["users", "add", "ann"]) == ExitCode.USAGE
    assert "--role is missing; a right one is --role trader;" in capsys.readouterr().err
