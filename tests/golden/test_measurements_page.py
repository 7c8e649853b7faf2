"""The page of measurements says what the code does."""

import re
from contextlib import closing
from pathlib import Path

import yaml
from prometheus_client.parser import text_string_to_metric_families
from scripts.measurements_table import PAGE, page
from tests.pure.launch.watched_launch import WatchedLaunch, journal_of_launch

from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS
from fairway.journal.memory import MemoryFile, open_memory
from fairway.launch.control.hold_kinds import HoldSource
from fairway.launch.views.exposition import families_of
from fairway.launch.views.launch_view import LaunchView
from fairway.settings.load import parse
from fairway.watch.exposition import exposed
from fairway.watch.indicators import INDICATORS
from fairway.watch.watcher import Watcher

CONFIG = """
mode: practice
venue: {exchange: binance, url: http://127.0.0.1:9100, key: env:KEY, secret: env:SECRET}
symbols: [BTC/USDT]
strategy: {name: trend}
"""


def test_the_table_of_indicators_is_current() -> None:
    """One that changed without its row fails here; the script writes the table anew."""
    text = PAGE.read_text()
    assert page(text) == text, "run .venv/bin/python -m scripts.measurements_table"
    assert all(f"`{each.name}`" in text for each in INDICATORS)


def test_the_example_of_maintenance_loads_as_it_is() -> None:
    """Whoever copies it has a key that is understood."""
    example = re.search(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert example is not None
    [(begins, ends)] = parse(CONFIG + example[1]).maintenance
    assert ends - begins == 2 * 3600 * 10**9


def shown(folder: Path) -> set[str]:
    """The names of all samples of a trader's and a launch's journal."""
    place, launch = folder / "a.journal", WatchedLaunch()
    launch.begin()
    with closing(journal_of_launch(place)) as journal:
        launch.write(journal)
    with closing(LaunchView(place, trader="main")) as view:
        view.catch_up()
        trader = Watcher(open_memory(MemoryFile(), Codec(*EVENTS), mode="practice", trader="main"))
        text = exposed(trader, view.seen.series, families_of(view)).decode()
    return {sample.name for family in text_string_to_metric_families(text) for sample in family.samples}


def test_the_table_of_a_launch_names_all_that_is_shown_of_it(tmp_path: Path) -> None:
    told = re.findall(r"^\| `(fairway_launch_\w+)` \|", PAGE.read_text(), re.MULTILINE)
    assert sorted(told) == sorted(name for name in shown(tmp_path) if name.startswith("fairway_launch_"))


def test_the_rules_for_alerts_are_of_names_that_are_shown(tmp_path: Path) -> None:
    """An alert on a name that does not exist never sounds."""
    text = next(each for each in re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL) if "alert:" in each)
    rules = [rule for group in yaml.safe_load(text)["groups"] for rule in group["rules"]]
    names = {name for rule in rules for name in re.findall(r"fairway_\w+", rule["expr"])}
    assert len(rules) == 4
    assert names <= shown(tmp_path)


def test_every_kind_of_hold_is_told_who_may_lift_it() -> None:
    """Whoever is woken by a kind finds it there."""
    page_of_launch = (PAGE.parents[1] / "explanation" / "launch.md").read_text()
    told = {kind for kind in HoldSource if re.search(rf"^\|.* `{kind}( [A-Z]| \w+`|`)", page_of_launch, re.MULTILINE)}
    assert told == set(HoldSource)
