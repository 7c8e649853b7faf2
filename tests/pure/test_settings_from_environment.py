"""Values of a configuration from the environment: checked like the file's, told by the variable's name, and never silent."""

from decimal import Decimal
from pathlib import Path

import pytest

from fairway.cli import run
from fairway.settings import SettingsError, load
from fairway.settings.environment import overrides
from fairway.settings.latch_place import latch_place

CONFIG = """
mode: practice
venue: {exchange: binance, url: http://127.0.0.1:9100, key: env:KEY, secret: env:SECRET}
symbols: [BTC/USDT]
strategy: {name: trend}
risk: {per_trade: 0.4 %}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "bot.yaml"
    path.write_text(CONFIG)
    return path


def told(file: Path, **environ: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load(file, environ)
    return str(caught.value)


def test_a_value_of_the_environment_counts_instead_of_the_files(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRWAY__RISK__PER_TRADE", "0.2 %")
    monkeypatch.setenv("FAIRWAY__INTERVAL", "5m")
    monkeypatch.setenv("FAIRWAY_KEY", "not a setting")
    settings = load(file)
    assert (settings.risk.per_trade, settings.interval) == (Decimal("0.002"), "5m")
    assert load(file, {}).risk.per_trade == Decimal("0.004"), "another trader's own file"


def test_a_section_and_a_list_that_the_file_has_not(file: Path) -> None:
    spell = "[2026-11-28T02:00Z to 2026-11-28T04:00Z]"
    settings = load(file, {"FAIRWAY__MAINTENANCE": spell, "FAIRWAY__STRATEGY__BREAKOUT_BARS": "30"})
    assert len(settings.maintenance) == 1
    assert settings.strategy.own.model_dump()["breakout_bars"] == 30


@pytest.mark.parametrize(
    ("variable", "value", "why"),
    [
        ("FAIRWAY__RISK__PER_TRADE", "0.2", "'0.2' is no percentage; write a number and %; right is  {variable}='0.5 %'"),
        ("FAIRWAY__RISK__PER_TRADE", "5 %", "'5 %' is wider than profile"),
        ("FAIRWAY__RISK__DAILY_LOS", "3 %", "is no key here; there are profile"),
        ("FAIRWAY__STRATEGY__NAME", "trand", "there is no strategy 'trand'"),
        ("FAIRWAY__STRATEGY__BREAKOUT_BARS", "many", "'many' is no whole number"),
        ("FAIRWAY__INTERVAL", "7m", "'7m' is no interval"),
        ("FAIRWAY__LEASE__X", "1", "lease is no section; there are venue"),
        ("FAIRWAY__", "1", "is no key here"),
    ],
)
def test_a_mistake_names_its_variable(file: Path, variable: str, value: str, why: str) -> None:
    found = told(file, **{variable: value})
    assert f"{file}: {variable}: " in found, found
    assert why.format(variable=variable) in found or "wider than profile" in why


@pytest.mark.parametrize(
    "variable",
    [
        "MODE",
        "ACCOUNT",
        "SYMBOLS",
        "PEOPLE",
        "JOURNAL",
        "LATCH",
        "VENUE__URL",
        "VENUE__EXCHANGE",
        "VENUE__SANDBOX",
        "BESIDE__SHADOW",
    ],
)
def test_what_a_kill_must_find_stays_with_the_file(file: Path, variable: str) -> None:
    """It reads the file alone, in whatever terminal."""
    found = told(file, **{f"FAIRWAY__{variable}": "elsewhere"})
    assert f"FAIRWAY__{variable}: " in found
    assert "`fairway kill` must find that without the environment; write it into the file" in found
    assert latch_place(file).folders == (file.parent,)


def test_a_secret_is_not_shown() -> None:
    shown = [str(each) for each in overrides({"FAIRWAY__VENUE__KEY": "abc", "FAIRWAY__VENUE__SECRET": "env:S"})]
    assert shown == [
        "venue.key is (not shown), by FAIRWAY__VENUE__KEY",
        "venue.secret is env:S, by FAIRWAY__VENUE__SECRET",
    ]


@pytest.mark.parametrize("command", ["run", "doctor", "caps"])
def test_what_comes_from_the_environment_is_told(
    command: str, file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything else: a wider profile must not come unseen."""
    monkeypatch.setenv("FAIRWAY__RISK__PROFILE", "aggressive")
    run([command, str(file)])
    shown = " ".join("".join(capsys.readouterr()).split())
    assert "risk.profile is aggressive, by FAIRWAY__RISK__PROFILE" in shown


JOURNALS = [
    ("journal: postgresql://bot@db/fairway", "latch: is missing", "latch: /var/lib/fairway"),
    ("journal: postgresql://bot@db", "'postgresql://bot@db' is no address", "journal: postgresql://bot@localhost/fairway"),
    ("people: postgres://bot@db/x", "'postgres://bot@db/x' is no address", "people: postgresql://bot@localhost/fairway"),
    ("journal: postgresql://bot:pw@db/x", "holds a password", "journal: postgresql://bot@localhost/fairway"),
]


@pytest.mark.parametrize(("line", "what", "right"), JOURNALS)
def test_a_journal_in_a_database_has_a_right_example(file: Path, line: str, what: str, right: str) -> None:
    file.write_text(f"{CONFIG}{line}\n")
    found = told(file)
    assert what in found
    assert found.endswith(f"; right is  {right}"), found
    assert "pw" not in found
