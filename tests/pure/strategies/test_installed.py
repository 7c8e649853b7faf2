"""Strategies of other packages: a broken one is named, stops the bots that use it, and no other."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.pure.cli.programs import read_until, started, stopped

from fairway.cli.init import TEMPLATE
from fairway.operations.doctor.checks import CheckVerdict, check_plugins
from fairway.operations.installed import unusable_plugins
from fairway.settings import SettingsError
from fairway.settings.load import parse
from fairway.strategies.api import BrokenStrategy, UnknownStrategy, installed, strategy
from fairway.strategies.trend import Trend

GOOD = """
from fairway.strategies.api import Plugin, StrategySettings
class Settings(StrategySettings): pass
STRATEGY = Plugin({name!r}, Settings, lambda settings: None, "Does nothing")
"""


class Packages:
    """Packages in a directory on Python's path, as pip would leave them there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, package: str, code: str, *, entry: str = "", entries: str = "") -> None:
        module = package.replace("-", "_")
        (self.folder / f"{module}.py").write_text(code)
        about = self.folder / f"{module}-1.2.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.2\n")
        entry = entry or package
        (about / "entry_points.txt").write_text(entries or f"[fairway.strategies]\n{entry} = {module}:STRATEGY\n")


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Packages]:
    monkeypatch.syspath_prepend(tmp_path)
    yield Packages(tmp_path)
    for name in [name for name, module in sys.modules.items() if str(tmp_path) in str(getattr(module, "__file__", ""))]:
        del sys.modules[name]


def check(packages: Packages, code: str, why: str) -> None:
    """A package with this code is refused with this reason where it is used, and listed; `trend` trades."""
    packages.add("moon-bot", code)
    told = f"the strategy 'moon-bot' of moon-bot 1.2 cannot be used: {why}"
    with pytest.raises(BrokenStrategy) as caught:
        strategy("moon-bot")
    assert str(caught.value) == f"{told}; repair it, or name another strategy"
    assert [str(broken) for broken in installed().broken] == [told]
    assert strategy("trend").make is Trend


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import no_such_library", "ModuleNotFoundError: No module named 'no_such_library'"),
        ("raise RuntimeError('first\\n  second')", "RuntimeError: first second"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("assert False", "AssertionError"),
        ("STRATEGIE = 1", "AttributeError: module 'moon_bot' has no attribute 'STRATEGIE'"),
        ("STRATEGY = dict", "it is no Plugin, but of type type"),
    ],
)
def test_a_broken_package_is_named_with_its_error_in_one_line(packages: Packages, code: str, why: str) -> None:
    """Whatever it does when it is loaded."""
    check(packages, code, why.replace("STRATEGIE", "STRATEGY"))


def test_one_that_is_no_python_is_named(packages: Packages) -> None:
    """The place is in the sentence."""
    check(packages, "def (", "SyntaxError: invalid syntax (moon_bot.py, line 1)")


def test_a_damaged_list_of_entry_points_is_named(packages: Packages) -> None:
    """What it would have held is not known, so no name stands there."""
    packages.add("moon-bot", "", entries="[fairway.strategies]\nmoon\n")
    (broken,) = installed().broken
    assert (broken.name, broken.package) == ("?", "moon-bot 1.2")
    assert strategy("trend").make is Trend


def test_a_good_one_is_used_and_no_other_is_loaded_for_it(packages: Packages) -> None:
    """A package that another bot needs may do what it likes: it is not even imported."""
    packages.add("sun-bot", GOOD.format(name="sun-bot"))
    packages.add("moon-bot", "import os; os._exit(1)")
    assert strategy("sun-bot").summary == "Does nothing"
    assert strategy("trend").make is Trend


def test_a_strategy_whose_entry_point_has_another_name_is_found(packages: Packages) -> None:
    """By the name it has itself; what is broken beside it does not matter."""
    packages.add("sun-bot", GOOD.format(name="sunny"), entry="bright")
    packages.add("moon-bot", "import no_such_library")
    assert strategy("sunny").summary == "Does nothing"
    with pytest.raises(
        UnknownStrategy, match=r"no strategy 'sunni'; there are: periodic, signals, sunny, trend; the strategy 'moon-bot'"
    ):
        strategy("sunni")


def test_a_name_is_never_taken_over(packages: Packages) -> None:
    """Ours stays ours; of two strangers with the same name neither trades."""
    packages.add("false-trend", GOOD.format(name="trend"), entry="trend")
    packages.add("sun-bot", GOOD.format(name="sun"), entry="sun")
    packages.add("other-sun", GOOD.format(name="sun"), entry="sun")
    assert strategy("trend").make is Trend
    with pytest.raises(BrokenStrategy, match="the name 'sun' is taken twice, by"):
        strategy("sun")
    assert sorted(broken.package for broken in installed().broken) == ["false-trend 1.2", "other-sun 1.2", "sun-bot 1.2"]


def test_a_configuration_that_names_a_broken_one_is_refused_at_its_line(packages: Packages) -> None:
    """And all else in it is checked all the same."""
    packages.add("moon-bot", "import no_such_library")
    text = TEMPLATE.format(name="a.yaml").replace("name: trend", "name: moon-bot").replace("interval: 1m", "interval: 7m")
    with pytest.raises(SettingsError) as caught:
        parse(text)
    line = 1 + text[: text.index("name: moon-bot")].count("\n")
    interval, told = (str(problem) for problem in caught.value.problems)
    assert "interval: '7m' is no interval" in interval
    assert told == (
        f"{line}:3: strategy.name: the strategy 'moon-bot' of moon-bot 1.2 cannot be used: ModuleNotFoundError: "
        "No module named 'no_such_library'; repair it, or name another strategy; right is  name: trend"
    )


def test_the_doctor_warns_of_each(packages: Packages) -> None:
    """It fails nothing: what this configuration trades by is whole."""
    assert check_plugins(installed().broken) == []
    packages.add("moon-bot", "import no_such_library")
    (finding,) = check_plugins(installed().broken)
    assert (finding.check, finding.verdict) == ("strategy moon-bot", CheckVerdict.WARN)
    assert "moon-bot 1.2 cannot be used: ModuleNotFoundError" in finding.found


def test_the_doctor_warns_of_each_gate_of_another_package_that_cannot_be_used(packages: Packages, tmp_path: Path) -> None:
    packages.add("moon-gate", "import no_such_library", entries="[fairway.gates]\nmoon-gate = moon_gate:GATE\n")
    (tmp_path / "bot.yaml").write_text(TEMPLATE.format(name="bot.yaml"))
    env = {
        "PYTHONPATH": os.pathsep.join([str(packages.folder), os.environ.get("PYTHONPATH", "")]),
        "FAIRWAY_KEY": "",
        "COLUMNS": "200",
    }
    doctor = started("doctor", tmp_path / "bot.yaml", env={**os.environ, **env})
    out, err = doctor.communicate(timeout=30)
    assert "gate moon-gate" in out, err
    assert "moon-gate 1.2 cannot be used: ModuleNotFoundError" in out


def test_the_program_runs_beside_a_broken_package(packages: Packages, tmp_path: Path) -> None:
    """`fairway demo` trades, and `fairway doctor` lists it."""
    packages.add("moon-bot", "raise SystemExit('to the moon')")
    env = {"PYTHONPATH": str(packages.folder), "FAIRWAY_KEY": "", "COLUMNS": "200"}
    demo = started("demo", "--single", "--plain", "--out", tmp_path / "out", env=env)
    read_until(demo, "Started: trend")
    assert stopped(demo).code == 130
    (tmp_path / "bot.yaml").write_text(TEMPLATE.format(name="bot.yaml"))
    doctor = started("doctor", tmp_path / "bot.yaml", env={**os.environ, **env})
    out, err = doctor.communicate(timeout=30)
    assert "strategy moon-bot" in out
    assert "the strategy 'moon-bot' of moon-bot 1.2 cannot be used: SystemExit: to the moon" in out
    assert err == ""


@pytest.mark.parametrize("kind", ["gate", "rule", "importer", "venue", "fault", "operation"])
def test_the_doctor_warns_of_a_broken_plugin_of_every_kind(packages: Packages, kind: str) -> None:
    assert list(unusable_plugins()) == []
    packages.add("moon-bot", "import no_such_library", entries=f"[fairway.{kind}s]\nmoon = moon_bot:PLUGIN\n")
    (finding,) = check_plugins(unusable_plugins())
    assert (finding.check, finding.verdict) == (f"{kind} moon", CheckVerdict.WARN)
    assert f"the {kind} 'moon' of moon-bot 1.2 cannot be used: ModuleNotFoundError" in finding.found
    assert finding.advice.startswith("repair or remove that package")
