"""What Alertmanager posts is written down before it is answered; what cannot be taken is located, or is posted again."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.clients.servers import RunningServer, started, written
from tests.clients.systems import Client, asked, free_port

from fairway.incidents.alert_commands import ReportAlerts
from fairway.incidents.alerting_journal import ALERTING_COMMAND_CODEC, ALERTING_COMMAND_STREAM, alerting_inbox_beside
from fairway.journal.port import JournalMissing
from fairway.journal.sql import open_journal, open_reader

PATH = "/api/v1/alerts/prometheus"
RULES = "rules: [{name: mine, says: It fails., severity: P2, incident: mine, runbook: support, when: {gauge: mine, above: 1}}]"
REQUESTS = 5
"""A minute that one token may make of what lowers no exposure."""
POSTS = 40
"""At once: more than those, and more than the threads for what lowers exposure."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """No alerting process runs beside it."""
    folder = tmp_path_factory.mktemp("alertmanager")
    (folder / "mine.yaml").write_text(RULES)
    config = written(folder, free_port(), "}\nalerts: {rules: {files: [mine.yaml]}")
    config.write_text(config.read_text().replace("requests: 100000", f"requests: {REQUESTS}"))
    with started(folder) as running:
        yield running


@pytest.fixture(scope="module")
def alertmanager(server: RunningServer) -> Client:
    """With a token of its own, of a user who may stop trading."""
    return token(server, "sue", "stop")


def token(server: RunningServer, user: str, scope: str) -> Client:
    issued = server.client(user).post("/api/v1/tokens", {"name": "alertmanager", "scope": scope})[1]
    return Client(server.url, {"Authorization": f"Bearer {issued['text']}"})


def message(*rules: str, **changed: Any) -> dict[str, Any]:
    """As long as a real one."""
    alerts = [
        {
            "status": "firing",
            "labels": {"alertname": rule, "rule": rule, "severity": "P2", "incident": rule, "cluster": "eu"},
            "annotations": {"summary": "It fails.", "description": "x" * 1_000},
            "startsAt": "2026-11-25T09:00:00.123Z",
            "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://prometheus:9090/graph",
            "fingerprint": "9f3a",
        }
        for rule in rules
    ]
    return {"version": "4", "groupKey": "{}", "status": "firing", "receiver": "fairway", "alerts": alerts} | changed


def inbox(server: RunningServer) -> Path:
    found = alerting_inbox_beside(server.folder / "fairway.journal")
    assert isinstance(found, Path)
    return found


def reported(server: RunningServer) -> list[ReportAlerts]:
    """What stands in the command inbox of alerting."""
    try:
        with open_reader(inbox(server), stream=ALERTING_COMMAND_STREAM) as reader:
            found = [ALERTING_COMMAND_CODEC.decode(each) for each in reader.read()]
    except JournalMissing:
        return []
    return [each for each in found if isinstance(each, ReportAlerts)]


def test_a_message_is_written_down_as_it_came_though_alerting_is_dead(server: RunningServer, alertmanager: Client) -> None:
    before = len(reported(server))
    posted = message("mine", "kill-in-force")
    code, answer = alertmanager.post(PATH, posted)
    assert (code, answer["state"], answer["outcome"]["understood"]) == (200, "done", 2), answer
    assert [json.loads(each.message) for each in reported(server)[before:]] == [posted]
    code, command = alertmanager.get(f"/api/v1/commands/{answer['id']}")
    assert (code, command["request"]) == (200, {"version": "4", "alerts": 2})


def test_no_limit_of_requests_stands_before_many_messages_at_once(server: RunningServer, alertmanager: Client) -> None:
    before = len(reported(server))
    with ThreadPoolExecutor(POSTS) as pool:
        codes = list(pool.map(lambda _: alertmanager.post(PATH, message("mine"))[0], range(POSTS)))
    assert set(codes) == {200}
    assert len(reported(server)) == before + POSTS


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (message("mein"), "alerts[0].labels.rule: 'mein' is no rule of Fairway; right is  rule: mine"),
        (message("mine", version="3"), "version: Invalid enum value '3'"),
        ({"version": "4"}, "body.alerts: Field required"),
        (message(alerts=[1]), "body.alerts.0"),
        (message(alerts=[{"status": "firing"}]), "alerts[0]: Object missing required field `labels`"),
        (message(alerts=[{}] * 1_001), "body.alerts: List should have at most 1000 items"),
        (message("mine", groupKey="x" * 1_010_000), "the message is longer than 1,000,000 bytes"),
    ],
)
def test_what_is_not_understood_is_located_and_not_written_down(
    server: RunningServer, alertmanager: Client, body: Any, says: str
) -> None:
    before = len(reported(server))
    code, answer = alertmanager.post(PATH, body)
    assert code == 422, answer
    assert says in answer["detail"]
    assert len(reported(server)) == before


def test_an_alert_that_is_understood_is_taken_and_the_answer_names_the_other(server: RunningServer, alertmanager: Client) -> None:
    code, answer = alertmanager.post(PATH, message("mine", "unknown-rule"))
    assert (code, answer["outcome"]["understood"]) == (200, 1)
    assert any("not taken: alerts[1].labels.rule: 'unknown-rule' is no rule" in each for each in answer["sentences"])


def test_only_who_may_stop_trading_reports_alerts(server: RunningServer) -> None:
    for user, expected in (("ada", 200), ("sue", 200), ("tom", 403), ("vic", 403)):
        code, answer = server.client(user).post(PATH, message("mine"))
        assert code == expected, (user, answer)
    code, answer = token(server, "ada", "read").post(PATH, message("mine"))
    assert (code, answer["code"].partition(":")[0]) == (403, "SCOPE_FORBIDS")
    assert asked(f"{server.url}{PATH}", body=message("mine"))[0] == 401


def test_while_the_inbox_cannot_be_written_alertmanager_is_asked_to_post_again(
    server: RunningServer, alertmanager: Client
) -> None:
    aside = inbox(server).with_name("aside")
    kept = {each: aside.with_name(f"{aside.name}{each.name}") for each in server.folder.glob(f"{inbox(server).name}*")}
    for place, away in kept.items():
        place.rename(away)
    foreign = open_journal(
        inbox(server), ALERTING_COMMAND_CODEC, mode="practice", trader="another", stream=ALERTING_COMMAND_STREAM
    )
    with closing(foreign):
        pass
    code, answer = alertmanager.post(PATH, message("mine"))
    assert (code, answer["code"]) == (503, "JOURNAL_FOREIGN"), answer
    for place in server.folder.glob(f"{inbox(server).name}*"):
        place.unlink()
    for place, away in kept.items():
        away.rename(place)
    before = len(reported(server))
    assert alertmanager.post(PATH, message("mine"))[0] == 200
    assert len(reported(server)) == before + 1
