"""What the doctor says of alerting."""

from pathlib import Path

import pytest

from fairway.operations.doctor.alerting import check_alerting
from fairway.operations.doctor.checks import CheckVerdict
from fairway.settings.load import parse
from fairway.world.clock import parse_instant

NOW = parse_instant("2026-11-25T12:00Z")
BASE = """
mode: practice
venue: {exchange: binance, url: "http://127.0.0.1:9100", key: env:K, secret: env:S}
symbols: [BTC/USDT]
strategy: {name: trend}
"""
CHANNEL = "notify: {channels: [{name: phone, kind: ntfy, topic: fairway-7kq2m9x4}]}\n"
CONTACT = "contacts: {anna: {pager: [phone]}}"


def found(text: str, folder: Path) -> dict[str, tuple[CheckVerdict, str]]:
    findings = list(check_alerting(parse(BASE + text, folder=folder), NOW))
    return {each.check: (each.verdict, each.found) for each in findings}


@pytest.mark.parametrize(
    ("text", "check", "verdict", "says"),
    [
        ("", "alert channels", CheckVerdict.WARN, "no person is woken"),
        ("alerts: {}", "alert channels", CheckVerdict.WARN, "in the terminal alone"),
        (CHANNEL + "alerts: {}", "alert channels", CheckVerdict.WARN, "no service outside"),
        (CHANNEL + "alerts: {heartbeat: {url: env:SNITCH}}", "alert channels", CheckVerdict.OK, "phone, and a heartbeat"),
        ("alerts: {}", "alert rules", CheckVerdict.OK, "rules are evaluated"),
        ("alerts: {rules: {change: {no-such-rule: {above: 5 %}}}}", "alert rules", CheckVerdict.FAIL, "no rule 'no-such-rule'"),
        ("alerts: {rules: {files: [mine.yaml]}}", "alert rules", CheckVerdict.FAIL, "there is no such file"),
        (
            CHANNEL + "alerts: {" + CONTACT + ", on_call: {rotations: [{people: [anna], begins: 2026-12-24}]}}",
            "on call",
            CheckVerdict.FAIL,
            "no person is on call from 2026-11-25",
        ),
        (
            CHANNEL + "alerts: {" + CONTACT + ", on_call: {rotations: [{people: [anna], begins: 2026-11-02}]}}",
            "on call",
            CheckVerdict.OK,
            "anna is on call",
        ),
    ],
)
def test_alerting_is_checked(text: str, check: str, verdict: CheckVerdict, says: str, tmp_path: Path) -> None:
    shown = found(text, tmp_path)[check]
    assert shown[0] is verdict
    assert says in shown[1]
