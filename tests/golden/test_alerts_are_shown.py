"""An alert that fires is shown by its rule's own sentence first, then by what was measured, with its unit and bound."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from tests.golden.test_alerts_commands import BOT

from fairway.alerting.alert_book import AlertBook
from fairway.alerting.alert_events import AlertFired
from fairway.alerting.evaluation import evaluate
from fairway.alerting.measured import MeasuredNow
from fairway.alerting.rule_files import shipped_rules
from fairway.assembly.gauge_file import gauge_file_of, write_gauges
from fairway.cli import run
from fairway.cli.exits import ExitCode
from fairway.incidents.alerting_journal import ALERTING_CODEC, ALERTING_STREAM, alerting_beside
from fairway.journal.sql import open_journal
from fairway.operations.actor import owner_of_machine
from fairway.operations.alerts.show import ALERTS, AlertsOutcome, AlertsRequest
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.panel.pages.incidents_facts import alert_line
from fairway.panel.pages.overview_facts import alerts_words
from fairway.settings import load
from fairway.watch.gauges import GaugeSample
from fairway.world.clock import SECOND, SystemClock

SENTENCE = (
    "The account is so far below its highest value that it is killed. fairway_drawdown_ratio is 11.2 %, which is above 10 %"
)


def fired(now: int) -> AlertFired:
    """As the rule fires at a drawdown of 11.2 %."""
    gauges = {"fairway_drawdown_ratio": (GaugeSample(0.112, {"account": "ann"}),)}
    [rule] = [each for each in shipped_rules() if each.name == "drawdown-deep"]
    [event] = evaluate([rule], AlertBook(), MeasuredNow(now=now, gauges=gauges)).events
    assert isinstance(event, AlertFired)
    return event


def shown(folder: Path) -> AlertsOutcome:
    """What alerting's journal shows after that."""
    (folder / "bot.yaml").write_text(BOT)
    settings, now = load(folder / "bot.yaml"), SystemClock().now()
    where = alerting_beside(settings.journal)
    journal = open_journal(where, ALERTING_CODEC, mode=settings.mode, trader=settings.account, stream=ALERTING_STREAM)
    with closing(journal):
        journal.append([fired(now)], account="", author="alerting", at=now)
        journal.sync()
    write_gauges(gauge_file_of(settings), {"fairway_alerting_beat_seconds": (GaugeSample(now / SECOND),)})
    return perform(ALERTS, Call(actor=owner_of_machine("ann"), request=AlertsRequest(config=folder / "bot.yaml")))


def test_status_begins_with_the_rules_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shown(tmp_path)
    assert run(["alerts", "status", "bot.yaml"]) == ExitCode.NO
    assert capsys.readouterr().out.splitlines()[0].endswith(f"  {SENTENCE}")
    assert run(["alerts", "status", "bot.yaml", "--json"]) == ExitCode.NO
    assert json.loads(capsys.readouterr().out)["alerts"][0]["reason"] == SENTENCE


def test_the_panel_begins_with_the_rules_sentence(tmp_path: Path) -> None:
    outcome = shown(tmp_path)
    assert alerts_words(outcome) == f"1 alert, the worst P0 (ann): {SENTENCE}"
    assert alert_line(outcome.alerts[0]).reason == SENTENCE
