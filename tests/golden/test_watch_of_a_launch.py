"""What `fairway watch` and `fairway metrics` tell of the launch beside a journal, word for word, and while it goes on."""

import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.golden.test_command_line import golden
from tests.golden.test_watch_commands import traded
from tests.pure.cli.programs import PATIENCE_S
from tests.pure.launch.watched_launch import ACCOUNTS, WatchedLaunch, journal_of_launch
from tests.pure.watch.journals import START

from fairway.cli import run
from fairway.cli.watch import measurement_lines
from fairway.journal.sql import open_reader
from fairway.launch.control import launch_events
from fairway.launch.control.hold_kinds import KILL_NOT_DONE
from fairway.launch.control.holds import hold_of
from fairway.launch.views.launch_view import LaunchView
from fairway.operations.trader.metrics import MeasuredJournals
from fairway.watch.watcher import Watcher
from fairway.world.clock import HOUR, MINUTE

OF_LAUNCH = re.compile(r"fairway_(launch|source|control|http|consumer|llm|live|feedback)_")
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return traded(tmp_path, 5)


def flown() -> WatchedLaunch:
    """In its second stage, after a minute in which green did not answer."""
    launch = WatchedLaunch()
    launch.begin()
    launch.watch(6 * MINUTE)
    launch.tick(*launch.approve_all("large", {"owner": "bob"}))
    launch.pages.is_up = False
    launch.watch(MINUTE)
    launch.pages.is_up = True
    launch.watch(5 * MINUTE)
    return launch


@pytest.fixture
def launch(place: Path) -> WatchedLaunch:
    launch = flown()
    with closing(journal_of_launch(place)) as journal:
        launch.write(journal)
    return launch


def samples_of(text: str) -> Samples:
    """As a Prometheus reads them."""
    families = text_string_to_metric_families(text)
    return {(each.name, frozenset(each.labels.items())): each.value for family in families for each in family.samples}


def value(samples: Samples, name: str, **labels: str) -> float:
    return samples[name, frozenset(labels.items())]


def test_the_table_with_a_launch_word_for_word(place: Path, launch: WatchedLaunch) -> None:
    with open_reader(place) as reader:
        journals = MeasuredJournals(Watcher(reader), LaunchView(place, trader="main"))
        for each in journals:
            each.catch_up()
        golden("watch_launch.txt", "\n".join(measurement_lines(journals, START, START + HOUR // 4)) + "\n")
        journals.launch.close()


def test_the_exposition_with_a_launch_word_for_word(
    place: Path, launch: WatchedLaunch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["metrics", "bot.yaml"]) == 0
    text = capsys.readouterr().out
    of_launch = [line for line in text.splitlines() if OF_LAUNCH.search(line)]
    golden("metrics_launch.txt", "\n".join(of_launch) + "\n")
    samples = samples_of(text)
    answered, cost = launch.noted("http_ok", "green"), launch.noted("llm_cost", "cost")
    assert value(samples, "fairway_http_ok_all_total", probe="green") == len(answered) > 60
    assert value(samples, "fairway_http_ok_good_total", probe="green") == sum(answered) == len(answered) - 6
    assert value(samples, "fairway_http_latency_seconds_count", probe="blue") == len(launch.noted("http_ok", "blue"))
    assert value(samples, "fairway_llm_cost_dollars_sum", probe="cost") == float(sum(cost)) > 0
    assert value(samples, "fairway_live_vs_shadow_bps_count", symbol="BTC/USDT") == 12
    assert value(samples, "fairway_feedback_good_total", severity="none") == 2
    assert value(samples, "fairway_control_order_ack_seconds_sum") == 12 * 0.25
    assert value(samples, "fairway_order_ack_seconds_count") == 10, "the control's are not among the trader's own"


def test_nobody_is_named(place: Path, launch: WatchedLaunch, capsys: pytest.CaptureFixture[str]) -> None:
    launch.hold()
    undone = hold_of(KILL_NOT_DONE, "ann still holds", launch.now, scope="ann")
    launch.take(launch_events.HoldRaised(hold=undone))
    with closing(journal_of_launch(place)) as journal:
        launch.write(journal)
    assert run(["metrics", "bot.yaml"]) == 0
    text = capsys.readouterr().out
    samples = samples_of(text)
    assert value(samples, "fairway_launch_holds", kind="person") == value(samples, "fairway_launch_holds", kind="undone") == 1
    assert value(samples, "fairway_launch_holds_for_a_person") == value(samples, "fairway_launch_holds_containing") == 2
    for name in (*ACCOUNTS, "eve"):
        assert not re.search(rf"\b{name}\b", text), name


def test_a_launch_that_cannot_be_read_is_told_and_keeps_nobody_from_the_rest(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(f"{place}.launch").write_text("no journal at all")
    assert run(["metrics", "bot.yaml"]) == 0
    launch_status = capsys.readouterr()
    samples = samples_of(launch_status.out)
    assert value(samples, "fairway_launch_read_ok") == 0
    assert value(samples, "fairway_order_success_all_total") > 0
    assert ("fairway_launch_stage", frozenset()) not in samples
    assert "fairway.journal.launch is no journal of Fairway" in launch_status.err
    assert run(["watch", "bot.yaml"]) == 0
    assert "The launch beside this journal cannot be read, or not all of it: " in capsys.readouterr().out


@contextmanager
def served(place: Path) -> Iterator[str]:
    """`fairway metrics --serve` in a process of its own; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["-c", "from fairway.cli import main; main()", "metrics", "bot.yaml", "--serve", str(port)]
    with subprocess.Popen([sys.executable, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as serving:
        try:
            assert serving.stdout is not None
            assert f"http://127.0.0.1:{port}/metrics" in serving.stdout.readline()
            yield f"http://127.0.0.1:{port}/metrics"
            serving.send_signal(signal.SIGINT)
            out, err = serving.communicate(timeout=PATIENCE_S)
            assert (serving.returncode, out, err) == (130, "", "fairway: stopped by Ctrl-C\n")
        finally:
            serving.kill()


def scraped(url: str) -> Samples:
    with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:
        return samples_of(answer.read().decode())


def until(url: str, wanted: Mapping[tuple[str, frozenset[tuple[str, str]]], float | None]) -> None:
    """Scrapes again and again, as a Prometheus does, until one scrape has all these values; None: the sample is absent.

    A scrape may fall into the middle of what the launch writes, so each fact of the end is waited for.
    """
    ends_at = time.monotonic() + PATIENCE_S
    while True:
        samples = scraped(url)
        found = {key: samples.get(key) for key in wanted}
        if found == wanted:
            return
        assert time.monotonic() < ends_at, (wanted, found)


def sample(name: str, **labels: str) -> tuple[str, frozenset[tuple[str, str]]]:
    return name, frozenset(labels.items())


def test_what_is_served_goes_on_with_a_launch_that_begins_later_and_with_one_that_begins_anew(place: Path) -> None:
    with served(place) as url:
        assert sample("fairway_launch_decisions_total") not in scraped(url)
        launch = flown()
        with closing(journal_of_launch(place)) as journal:
            launch.write(journal)
            wanted = {
                sample("fairway_launch_written_at_seconds"): launch.now / 1e9,
                sample("fairway_launch_stage", track="main", stage="large"): 1,
                sample("fairway_launch_decisions_total"): launch.launch.decisions,
            }
            until(url, wanted)
            launch.watch(MINUTE)
            launch.hold()
            launch.write(journal)
            held = sample("fairway_launch_holds", kind="person")
            answered = sample("fairway_http_ok_all_total", probe="green")
            until(url, {held: 1, answered: len(launch.noted("http_ok", "green"))})
        for file in place.parent.glob("fairway.journal.launch*"):
            file.rename(place.parent / f"old.{file.name}")
        anew = WatchedLaunch()
        with closing(journal_of_launch(place)) as journal:
            anew.write(journal)
            until(url, {held: 0, answered: None, sample("fairway_launch_decisions_total"): 0})
