"""Whole numbers on the command line: one that is none is refused, and nothing else is traded instead."""

import pytest

from fairway.cli import run
from fairway.cli.exits import ExitCode


@pytest.mark.parametrize(
    ("words", "option", "example"),
    [
        ("demo --days 1.5", "--days", 10),
        ("demo --days 10.0", "--days", 10),
        ("demo --days ten", "--days", 10),
        ("demo --seed 0.5", "--seed", 1),
        ("exchange serve --port 91.5", "--port", 9100),
        ("exchange serve --seed 7.", "--seed", 1),
        ("journal show none --since 2.5", "--since", 1),
    ],
)
def test_what_is_no_whole_number_is_refused(words: str, option: str, example: int, capsys: pytest.CaptureFixture[str]) -> None:
    """With the option, the value and a right one."""
    assert run(words.split()) == ExitCode.USAGE
    value = words.split()[-1]
    command = words.partition(" --")[0].removesuffix(" none")
    wrong = f"Invalid value for {option}: '{value}' is no whole number; a right one is {example}"
    told = f"fairway: {wrong}; see fairway {command} --help\n"
    assert capsys.readouterr().err == told


def test_whole_numbers_are_read(capsys: pytest.CaptureFixture[str]) -> None:
    """They come through to the checks of their own bounds."""
    assert run(["demo", "--days", "0"]) == ExitCode.USAGE
    assert "--days 0 cannot be traded; a right number is 10" in capsys.readouterr().err
    assert run(["exchange", "serve", "--port", "70000"]) == ExitCode.USAGE
    assert "--port 70000 is no port; a right one is 9100" in capsys.readouterr().err
