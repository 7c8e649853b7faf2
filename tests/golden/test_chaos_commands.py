"""`fairway chaos` on the command line: what it lists, what it refuses, and evidence that a launch takes with its release."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from tests.golden.test_watch_commands import traded

from fairway.assembly import CODEC, bot_of
from fairway.cli import run
from fairway.cli.exits import ExitCode
from fairway.journal.sql import open_journal
from fairway.orders.ids import ClientId, Role
from fairway.orders.lifecycle import OrderSent
from fairway.proving.chaos.busiest_minute import BusiestMinute, busiest_minute
from fairway.proving.chaos.catalog import scenes
from fairway.settings import load
from fairway.world.clock import DAY, MINUTE, SECOND, parse_instant


def test_the_list_names_every_scene_and_leaves_no_case_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["chaos", "--list"]) == ExitCode.OK
    shown = capsys.readouterr().out
    assert [name for name in scenes() if f"\n{name}  (" not in f"\n{shown}"] == []
    assert "alert-pipeline  (004 C-8)" in shown
    assert "not here yet" not in shown


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["no-such-scene"], "no-such-scene is no scene and no file; the scenes are engine-crash, "),
        (["--claim", "tests"], "--claim tests: no scene is evidence for it; there are crash-mid-order, "),
        (["websocket-down", "--claim", "network"], "--claim chooses its scenes itself; name either scenes or a claim"),
        (["--seed", "-1"], "--seed is from 0 to "),
        (["--seed", "one"], "'one' is no whole number"),
    ],
)
def test_a_wrong_use_is_told_with_a_right_one(words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["chaos", *words]) == ExitCode.USAGE
    assert sentence in capsys.readouterr().err


def test_a_directory_with_something_else_in_it_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine").write_text("mine")
    assert run(["chaos", "websocket-down", "--out", str(tmp_path)]) == ExitCode.USAGE
    assert "is not empty, and holds no chaos.json" in capsys.readouterr().err
    assert [each.name for each in tmp_path.iterdir()] == ["mine"]


def test_the_report_of_an_item_is_evidence_for_the_release_of_the_configuration(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("KEY", "SECRET"):
        monkeypatch.setenv(name, "x")
    traded(tmp_path, 5)
    config, out = tmp_path / "bot.yaml", tmp_path / "chaos"
    assert run(["chaos", "--claim", "stress", "--busiest", "8", str(config), "--out", str(out)]) == ExitCode.OK
    shown = capsys.readouterr().out
    assert "1 of 1 scenes hold" in shown
    assert f"stress: {out / 'stress.junit.xml'}" in shown
    release = bot_of(load(config)).digest
    assert json.loads((out / "chaos.json").read_text())["release"] == release
    assert run(["launch", "import", str(out / "stress.junit.xml"), "--claim", "stress", "--json"]) == ExitCode.OK
    told = json.loads(capsys.readouterr().out)
    assert (told["holds"], told["rank"]) == (True, "machine artifact")
    assert told["again"] == f"fairway chaos {config} --seed 1 --busiest 8 --claim stress"


def test_the_busiest_minute_is_the_one_with_the_most_orders_of_the_journal(tmp_path: Path) -> None:
    journal, start = tmp_path / "a.journal", parse_instant("2026-11-25T07:00:00Z")
    assert busiest_minute(journal, "main") is None
    ids = (str(ClientId("main", 1, number, Role.ENTRY, "abcde")) for number in range(1, 100))
    sent_at = [start - 200 * DAY] * 9 + [start] * 2 + [start + MINUTE + n * 20 * SECOND for n in range(5)] + [start + 3 * DAY]
    with closing(open_journal(journal, CODEC, mode="practice", trader="main")) as written:
        for at, order_id in zip(sent_at, ids, strict=False):
            written.append([OrderSent(order_id)], account="main", author="trader", at=at)
        written.sync()
    found = busiest_minute(journal, "main")
    assert found == BusiestMinute(orders=3, days=3)
