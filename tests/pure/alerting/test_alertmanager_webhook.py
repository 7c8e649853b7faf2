"""What Alertmanager posts becomes events once, however often it is delivered; what is not understood is located."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from msgspec import Struct
from tests.pure.alerting.worlds import NOW

from fairway.alerting.alert_book import AlertBook
from fairway.alerting.alert_events import AlertCleared, AlertFired, AlertKey
from fairway.alerting.alertmanager_webhook import ALERTS_MAX, BODY_MAX, WebhookReading, read_webhook
from fairway.alerting.evaluation import evaluate
from fairway.alerting.measured import GaugeSample, MeasuredNow
from fairway.alerting.rule_files import shipped_rules
from fairway.incidents.alert_commands import ReportAlerts, answered
from fairway.incidents.incident_events import CommandAnswered
from fairway.journal.command_reader import ReadCommand
from fairway.risk.causes import AlertSeverity
from fairway.world.clock import HOUR, MINUTE, parse_instant

RULES = shipped_rules()
STARTS = "2026-11-28T09:00:00.123456789Z"


def alert(status: str = "firing", starts: str = STARTS, **labels: str) -> dict[str, Any]:
    """As Alertmanager sends it."""
    return {
        "status": status,
        "labels": {
            "alertname": "process-down",
            "rule": "process-down",
            "severity": "P1",
            "incident": "process",
            "process": "pilot",
        }
        | labels,
        "annotations": {"summary": "A process does not run (pilot).", "description": "fairway_process_up below 1; now 0"},
        "startsAt": starts,
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus:9090/graph",
        "fingerprint": "9f3a",
    }


def body(*alerts: dict[str, Any], **changed: Any) -> bytes:
    message = {
        "version": "4",
        "groupKey": '{}:{incident="process"}',
        "truncatedAlerts": 0,
        "status": "firing",
        "receiver": "fairway",
        "groupLabels": {"incident": "process"},
        "commonLabels": {},
        "commonAnnotations": {},
        "externalURL": "http://alertmanager:9093",
        "alerts": list(alerts),
    }
    return json.dumps(message | changed).encode()


def take(book: AlertBook, message: bytes) -> WebhookReading:
    found = read_webhook(message, RULES, book)
    for event in found.events:
        book.apply(event, NOW)
    return found


def test_an_alert_fires_with_the_rule_s_own_severity_and_clears() -> None:
    book = AlertBook()
    found = take(book, body(alert(severity="P3")))
    [fired] = found.events
    assert found.problems == ()
    assert fired == AlertFired(
        key=AlertKey("process-down", "pilot"),
        severity=AlertSeverity.P1,
        incident="process",
        reason="fairway_process_up below 1; now 0",
        since=parse_instant(STARTS),
        event_at=parse_instant(STARTS),
        runbook="process-down",
        is_from_prometheus=True,
        says="A process does not run.",
    )
    [cleared] = take(book, body(alert("resolved"))).events
    assert isinstance(cleared, AlertCleared)
    assert not book.firing


def test_what_is_delivered_again_gives_no_event() -> None:
    book = AlertBook()
    assert len(take(book, body(alert(), alert())).events) == 1
    assert take(book, body(alert())).events == ()
    assert len(take(book, body(alert("resolved"), alert("resolved"))).events) == 1
    assert take(book, body(alert("resolved"))).events == ()
    assert take(book, body(alert())).events == (), "an old message that arrives late fires nothing"
    assert len(take(book, body(alert(starts="2026-11-28T10:00:00Z"))).events) == 1
    assert take(book, body(alert("resolved"))).events == (), "the end of an alert before it"


def test_an_alert_of_fairway_s_own_is_neither_repeated_nor_ended_by_prometheus() -> None:
    book = AlertBook()
    down = MeasuredNow(now=NOW, gauges={"fairway_process_up": (GaugeSample(0, {"process": "pilot"}),)})
    for at in (NOW, NOW + MINUTE):
        for event in evaluate(RULES, book, MeasuredNow(now=at, gauges=down.gauges)).events:
            book.apply(event, at)
    assert AlertKey("process-down", "pilot") in book.firing
    assert take(book, body(alert())).events == ()
    assert take(book, body(alert("resolved"))).events == ()


def test_the_evaluation_does_not_clear_what_prometheus_has_found() -> None:
    book = AlertBook()
    take(book, body(alert()))
    up = {"fairway_process_up": (GaugeSample(1, {"process": "pilot"}),)}
    for at in (NOW, NOW + HOUR):
        assert [
            each for each in evaluate(RULES, book, MeasuredNow(now=at, gauges=up)).events if isinstance(each, AlertCleared)
        ] == []


@pytest.mark.parametrize(
    ("message", "says"),
    [
        (
            body(alert(), alert(rule="process-dwn")),
            "alerts[1].labels.rule: 'process-dwn' is no rule of Fairway; right is  rule: process-down",
        ),
        (body({**alert(), "labels": {"alertname": "x"}}), "alerts[0].labels.rule: is missing"),
        (body(alert(starts="yesterday")), "alerts[0].startsAt: 'yesterday' is no instant; right is  2026-11-28T09:00:00Z"),
        (
            body(alert(instance="a:9464")),
            "alerts[0].labels.instance: is no label of the rule process-down; the alert is taken without it",
        ),
        (body(alert("pending")), "alerts[0].status: Invalid enum value 'pending'"),
        (body(version="3"), "version: Invalid enum value '3'"),
        (b"{", "the message is no JSON"),
        (b"[]", "Expected `object`, got `array`"),
        (body(*[alert()] * (ALERTS_MAX + 1)), "alerts: are more than 1,000"),
        (b" " * (BODY_MAX + 1), "the message is longer than 1,000,000 bytes"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_located(message: bytes, says: str) -> None:
    [problem] = read_webhook(message, RULES, AlertBook()).problems
    assert says in str(problem)


def test_an_alert_that_is_understood_is_taken_beside_one_that_is_not() -> None:
    found = read_webhook(body(alert(rule="unknown-rule"), alert()), RULES, AlertBook())
    assert (len(found.events), len(found.problems)) == (1, 1)
    labelled = read_webhook(body(alert(cluster="eu")), RULES, AlertBook())
    assert (len(labelled.events), len(labelled.problems)) == (1, 1)


def test_an_alert_with_a_label_of_another_s_is_no_mistake_when_it_is_delivered_again() -> None:
    """Prometheus adds its external labels to each alert."""
    book, posted = AlertBook(), body(alert(cluster="eu"))
    for number in (1, 2):
        answer = reported(posted, number, book)[-1]
        assert isinstance(answer, CommandAnswered)
        assert (answer.refused, len(book.firing)) == ("", 1)


def test_a_message_of_which_nothing_is_understood_is_refused_with_its_places() -> None:
    [answer] = reported(body(alert(rule="process-dwn")), 1, AlertBook())
    assert isinstance(answer, CommandAnswered)
    assert answer.refused.startswith("ALERT_NOT_UNDERSTOOD: alerts[0].labels.rule: 'process-dwn' is no rule")


def reported(message: bytes, number: int, book: AlertBook) -> Sequence[Struct]:
    """The events of a message that the alerting process takes, after they have moved the book."""
    command = ReadCommand(number, "alertmanager", NOW, ReportAlerts(message=message.decode()), f"digest {number}")
    events = answered([command], RULES, book, NOW).events
    for event in events:
        if not isinstance(event, CommandAnswered):
            book.apply(event, NOW)  # type: ignore[arg-type]
    return events


def test_a_rule_for_each_value_of_a_label_needs_that_label() -> None:
    labels = {"rule": "process-down", "severity": "P1", "incident": "process"}
    found = read_webhook(body({**alert(), "labels": labels}), RULES, AlertBook())
    assert found.events == ()
    assert "alerts[0].labels.process: is missing" in str(found.problems[0])
