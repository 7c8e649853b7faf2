"""What `fairway alerts` prints and writes."""

import json
from pathlib import Path

import pytest
from tests.golden.test_watch_commands import traded
from tests.prometheus_tools import checked

from fairway.alerting.calibrate import can_be_calibrated
from fairway.alerting.rule_files import shipped_rules
from fairway.assembly.gauge_file import gauge_file_of, write_gauges
from fairway.cli import run
from fairway.cli.exits import ExitCode
from fairway.settings import load
from fairway.watch.gauges import GaugeSample
from fairway.world.clock import MINUTE, SECOND, SystemClock, text_of

BOT = """
mode: practice
venue: {exchange: binance, url: "http://127.0.0.1:9", key: env:K, secret: env:S}
symbols: [BTC/USDT]
strategy: {name: trend}
"""
OWN = """
rules:
  - {name: my-errors, says: It fails., severity: P2, incident: mine, runbook: mine,
     when: {increase: my_errors_total, within: 5m, above: 3}}
"""


def test_every_rule_has_a_line_with_its_condition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["alerts", "rules"]) == ExitCode.OK
    head, *lines, empty, whose = capsys.readouterr().out.splitlines()
    assert head.split() == ["rule", "from", "severity", "incident", "does", "condition"]
    assert (empty, whose) == ("", "The rules that come with Fairway; name a configuration to see its own.")
    assert [line.split()[0] for line in lines] == [rule.name for rule in shipped_rules()]
    [disk] = [line for line in lines if line.startswith("disk-low ")]
    assert disk.split(maxsplit=5) == ["disk-low", "fairway", "P2", "disk", "none", "fairway_disk_free_ratio below 10 %"]


def test_the_rules_of_a_configuration_are_listed_with_what_it_adds_and_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text(OWN)
    changes = "data-stale: {above: 42 s, for: 2m}, my-errors: {enabled: false}, venue-errors-half: {severity: P3}"
    (tmp_path / "fairway.yaml").write_text(f"{BOT}alerts: {{rules: {{files: [mine.yaml], change: {{{changes}}}}}}}\n")
    (tmp_path / "other.yaml").write_text(BOT)
    for words in ([], ["fairway.yaml"]):
        assert run(["alerts", "rules", *words, "--json"]) == ExitCode.OK
        value = json.loads(capsys.readouterr().out)
        rules = {each["rule"]: each for each in value["rules"]}
        assert value["config"] == "fairway.yaml"
        assert {name: each["from"] for name, each in rules.items() if each["from"] != "fairway"} == {
            "data-stale": "changed",
            "venue-errors-half": "changed",
            "my-errors": "own",
        }
        assert "above 42 s" in rules["data-stale"]["condition"]
        assert (rules["my-errors"]["enabled"], rules["venue-errors-half"]["severity"]) == (False, "P3")
    assert run(["alerts", "rules"]) == ExitCode.OK
    assert capsys.readouterr().out.splitlines()[-6:] == [
        "",
        "The rules of fairway.yaml.",
        "venue-errors-half: severity P3 instead of P2",
        "data-stale: above 42 s instead of 60 s",
        "data-stale: for 2m instead of 0s",
        "my-errors: enabled false",
    ]
    assert run(["alerts", "rules", "other.yaml", "--json"]) == ExitCode.OK
    assert {each["from"] for each in json.loads(capsys.readouterr().out)["rules"]} == {"fairway"}


def test_rules_of_ones_own_are_listed_and_exported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.yaml").write_text(OWN)
    assert run(["alerts", "rules", "--own", str(tmp_path / "mine.yaml"), "--json"]) == ExitCode.OK
    assert json.loads(capsys.readouterr().out)["rules"][-1]["rule"] == "my-errors"
    out = tmp_path / "a" / "b"
    assert (
        run(["alerts", "export", str(out), "--own", str(tmp_path / "mine.yaml"), "--server", "https://x.example"]) == ExitCode.OK
    )
    assert capsys.readouterr().out.count("is written") == 2
    assert "alert: my-errors" in (out / "fairway.rules.yaml").read_text()
    assert "url: https://x.example/api/v1/alerts/prometheus" in (out / "alertmanager.yaml").read_text()
    assert checked("promtool", "check", "rules", out / "fairway.rules.yaml").returncode == 0


def test_a_configuration_s_own_rules_changes_and_server_are_exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text(OWN)
    (tmp_path / "bot.yaml").write_text(
        f"{BOT}server: {{port: 9090}}\nalerts: {{rules: {{files: [mine.yaml], change: {{data-stale: {{above: 42 s}}}}}}}}\n"
    )
    assert run(["alerts", "export", "out", "bot.yaml"]) == ExitCode.OK
    rules = (tmp_path / "out" / "fairway.rules.yaml").read_text()
    assert "alert: my-errors" in rules
    assert "max(fairway_data_age_seconds) > 42" in rules
    assert "url: http://127.0.0.1:9090/api/v1/alerts/prometheus" in (tmp_path / "out" / "alertmanager.yaml").read_text()


def test_what_fires_is_unknown_while_alerting_is_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No alert in the journal is no proof that none fires."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bot.yaml").write_text(BOT)
    settings, now = load(tmp_path / "bot.yaml"), SystemClock().now()
    for beat, code, says in (
        (None, ExitCode.NO, "! alerting has never run: what fires now is unknown"),
        (now - MINUTE, ExitCode.NO, f"! alerting has evaluated no rule since {text_of(now - MINUTE)[:16]}"),
        (now, ExitCode.OK, "no alert fires"),
    ):
        if beat is not None:
            write_gauges(gauge_file_of(settings), {"fairway_alerting_beat_seconds": (GaugeSample(beat / SECOND),)})
        assert run(["alerts", "status", "bot.yaml"]) == code
        assert capsys.readouterr().out.startswith(says)


@pytest.mark.parametrize(
    ("words", "says", "code"),
    [
        ("rules --own none.yaml", "none.yaml: there is no such file", ExitCode.SETTINGS),
        ("export out none.yaml", "none.yaml: there is no such file", ExitCode.SETTINGS),
        ("export out --server x.example", "--server x.example is no address; a right one is --server http", ExitCode.USAGE),
        ("calibrate bot.yaml --false-alarms 0", "--false-alarms 0 is below 1", ExitCode.USAGE),
        (
            "calibrate bot.yaml --incident yesterday",
            "--incident 'yesterday' is no time from one instant to a later one",
            ExitCode.USAGE,
        ),
        ("calibrate none.yaml", "none.yaml: there is no such file", ExitCode.SETTINGS),
    ],
)
def test_a_wrong_word_is_answered_in_one_sentence(
    words: str, says: str, code: ExitCode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["alerts", *words.split()]) == code
    told = capsys.readouterr().err
    assert says in told
    assert "Traceback" not in told


def test_a_bot_s_history_is_calibrated_rule_by_rule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Forty minutes are too short for every rule but for none of them a mistake."""
    monkeypatch.chdir(tmp_path)
    traded(tmp_path, 40)
    assert run(["alerts", "calibrate", "bot.yaml", "--window", "520w", "--json"]) == ExitCode.OK
    rows = json.loads(capsys.readouterr().out)["rules"]
    assert [row["rule"] for row in rows] == [rule.name for rule in shipped_rules() if can_be_calibrated(rule)]
    assert {row["result"] for row in rows} == {"INSUFFICIENT"}
    [age] = [row for row in rows if row["rule"] == "data-stale"]
    assert age["windows"] >= 30
    assert run(["alerts", "calibrate", "bot.yaml", "--window", "520w"]) == ExitCode.OK
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:4] == ["rule", "n", "bound", "now"]
    assert any(line.startswith("data-stale") and "INSUFFICIENT: " in line for line in lines)
