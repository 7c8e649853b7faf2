"""What `fairway watch` and `fairway metrics` print, word for word, beside a journal that nobody writes any more."""

import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.golden.test_command_line import golden
from tests.pure.cli.programs import PATIENCE_S
from tests.pure.watch.journals import START, busy

from fairway.cli import run
from fairway.cli.watch import measurement_lines
from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS
from fairway.journal.sql import open_journal, open_reader
from fairway.launch.views.launch_view import LaunchView
from fairway.operations.trader.metrics import MeasuredJournals
from fairway.watch.indicators import INDICATORS
from fairway.watch.watcher import Watcher
from fairway.world.clock import HOUR, MINUTE

CONFIG = """
mode: practice
venue: {exchange: binance, url: http://127.0.0.1:9100, key: env:KEY, secret: env:SECRET}
symbols: [BTC/USDT]
strategy: {name: trend}
"""


def traded(folder: Path, minutes: int) -> Path:
    """A bot's configuration, and the journal that its trader has written for so long."""
    (folder / "bot.yaml").write_text(CONFIG)
    path = folder / "fairway.journal"
    journal = open_journal(path, Codec(*EVENTS), mode="practice", trader="main", synchronous="OFF")
    for event, account, at in busy(minutes):
        journal.append([event], account=account, author="trader", at=at)
    journal.close()
    return path


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return traded(tmp_path, 40)


def test_the_table_word_for_word(place: Path) -> None:
    with open_reader(place) as journal:
        journals = MeasuredJournals(Watcher(journal), LaunchView(place, trader="main"))
        for each in journals:
            each.catch_up()
        golden("watch.txt", "\n".join(measurement_lines(journals, START, START + HOUR)) + "\n")


def test_the_command_prints_a_time_that_ends_now(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["watch", "bot.yaml", "--window", "30m"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("from      ")
    assert any(re.fullmatch(r"order_success +0 +order intents +— +—", line) for line in lines)
    assert Path(f"{place}.watch").exists()


def test_the_exposition_word_for_word(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["metrics", "bot.yaml"]) == 0
    text = capsys.readouterr().out
    golden("metrics.txt", text)
    families = list(text_string_to_metric_families(text))
    names = {family.name for family in families}
    for indicator in INDICATORS:
        assert any(indicator.name.removesuffix("_bps").removesuffix("_r") in name for name in names), indicator.name
    labels = {label for family in families for sample in family.samples for label in sample.labels}
    assert labels == {"le", "path", "severity", "category"} & labels, "an account is named"


def test_a_wrong_window_is_one_sentence(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["watch", "bot.yaml", "--window", "24"]) == 2
    assert capsys.readouterr().err == (
        "fairway: Invalid value for --window: '24' is no duration of up to 520w; a right one is 24h, "
        "and there are s, m, h, d and w; see fairway watch --help\n"
    )


def test_without_a_journal_there_is_nothing_to_watch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bot.yaml").write_text(CONFIG)
    for command in ("watch", "metrics"):
        assert run([command, "bot.yaml"]) == 5
        assert "there is no journal" in capsys.readouterr().err


@pytest.mark.parametrize(
    "spell", ["yesterday to today", "2026-11-28T02:00Z", "2026-11-28T04:00Z to 2026-11-28T02:00Z", "02:00 to 04:00"]
)
def test_maintenance_that_is_no_time_is_told_with_a_right_one(
    place: Path, capsys: pytest.CaptureFixture[str], spell: str
) -> None:
    Path("bot.yaml").write_text(f"{CONFIG}maintenance: [{spell}]\n")
    assert run(["watch", "bot.yaml"]) == 3
    assert "is no time from one instant to a later one" in capsys.readouterr().err


def test_planned_maintenance_leaves_uptime_as_it_was(place: Path) -> None:
    with open_reader(place) as journal:
        spells = [(START + 10 * MINUTE, START + 20 * MINUTE), (START + 15 * MINUTE, START + 25 * MINUTE)]
        watcher = Watcher(journal, maintenance=spells)
        watcher.catch_up()
    uptime = watcher.series["uptime"]
    assert uptime.within(START + 11 * MINUTE, START + 25 * MINUTE).count == 0
    assert uptime.coverage(START, START + 40 * MINUTE) == 1.0


def test_metrics_are_served_until_ctrl_c(place: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["-c", "from fairway.cli import main; main()", "metrics", "bot.yaml", "--serve", str(port)]
    with subprocess.Popen([sys.executable, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as serving:
        assert serving.stdout is not None
        assert f"http://127.0.0.1:{port}/metrics" in serving.stdout.readline()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE_S) as answer:
            assert b"fairway_order_success_all_total" in answer.read()
        serving.send_signal(signal.SIGINT)
        assert serving.wait(PATIENCE_S) == 130


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (
            "--serve {taken}",
            12,
            "cannot listen on 127.0.0.1 port {taken}: address already in use; choose with --host and",
        ),
        ("--serve {taken} --host no.such.host.invalid", 12, "cannot listen on no.such.host.invalid port {taken}: "),
        ("--serve 70000", 2, "--serve 70000 is no port; a right one is 9464"),
        ("--serve -1", 2, "--serve -1 is no port; a right one is 9464"),
    ],
)
def test_metrics_that_cannot_be_served_name_their_own_options(
    place: Path, capsys: pytest.CaptureFixture[str], words: str, code: int, said: str
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        assert run(["metrics", "bot.yaml", *words.format(taken=taken).split()]) == code
    told = capsys.readouterr().err
    assert told.startswith(f"fairway: {said.format(taken=taken)}"), told
    assert "--port" not in told
    assert "--serve" in told


def test_coverage_is_judged_over_the_time_that_the_bot_has_lived(place: Path) -> None:
    """Twelve minutes of a day are no gap of 23 hours; a bot that stands still after them has one."""
    with open_reader(place) as journal:
        journals = MeasuredJournals(Watcher(journal), LaunchView(place, trader="main"))
        for each in journals:
            each.catch_up()
        lived = list(measurement_lines(journals, START + 12 * MINUTE - 24 * HOUR, START + 12 * MINUTE))
        stands = list(measurement_lines(journals, START + 80 * MINUTE - 24 * HOUR, START + 80 * MINUTE))
    assert "for 12 min; coverage is the share of that time" in "\n".join(lived)
    assert [line.split()[-2:] for line in lived if line.startswith("uptime ")] == [["100.0", "%"]]
    assert "for 1 h 20 min; coverage is the share of that time" in "\n".join(stands)
    assert [line.split()[-2:] for line in stands if line.startswith("uptime ")] == [["50.0", "%"]]
