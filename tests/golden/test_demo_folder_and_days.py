"""`fairway demo` before it begins: the folder it may write into, and whether the data lasts as long as was asked."""

from pathlib import Path

import pytest
from tests.pure.proving.test_market import minutes

from fairway.cli import run
from fairway.cli.demo import make_directory
from fairway.cli.exits import ExitCode, Failure

LEAVE_OUT = "--days left out, which trades all of it up to ten days"


def two_days(folder: Path) -> Path:
    return minutes(folder / "BTCUSDT-1m.csv", 2 * 24 * 60)


def test_days_that_the_data_does_not_have_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, out = two_days(tmp_path), tmp_path / "out"
    assert run(["demo", "--data", str(data), "--days", "7", "--out", str(out), "--plain"]) == ExitCode.DATA
    told = " ".join(capsys.readouterr().err.split())
    assert f"{data}: it has 48 h of candles" in told
    assert "the first 25 h are history that the strategy needs, so 23 h are left to trade and not 7 days" in told
    assert LEAVE_OUT in told
    assert not out.exists(), "a demo that could not begin leaves no folder"


def test_without_days_all_of_the_data_is_traded_and_how_much_is_told_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, out = minutes(tmp_path / "BTCUSDT-1m.csv", 26 * 60), tmp_path / "out"
    assert run(["demo", "--data", str(data), "--out", str(out), "--plain"]) == ExitCode.OK
    first = capsys.readouterr().out.splitlines()[0]
    assert "26 h of candles; the first 25 h are history; 1 h are traded" in first


def test_an_earlier_demo_is_overwritten_only_when_told_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    make_directory(out)
    (out / "report.html").write_text("earlier")
    assert run(["demo", "--single", "--days", "1", "--plain", "--out", str(out)]) == ExitCode.USAGE
    told = capsys.readouterr().err
    assert told == f"fairway: {out} holds an earlier demo, and was left as it is; name another with --out, or give --force\n"
    assert (out / "report.html").read_text() == "earlier"
    make_directory(out, force=True)


@pytest.mark.parametrize("force", [False, True])
def test_a_folder_that_no_demo_made_is_never_written_into(tmp_path: Path, force: bool) -> None:
    (tmp_path / "report.html").write_text("mine")
    with pytest.raises(Failure, match="is not empty, and no demo made it") as caught:
        make_directory(tmp_path, force=force)
    assert caught.value.code == ExitCode.USAGE
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    make_directory(tmp_path)
    make_directory(tmp_path, force=True)
