"""A pilot is held down beside a running system: Fairway's own alerting wakes a person, and so do Prometheus and Alertmanager."""

import json
import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from tests.clients.systems import Client, System, fairway, first_signed_in, free_port, running
from tests.prometheus import alertmanager, prometheus
from tests.pure.cli.programs import FAIRWAY, PATIENCE_S

from fairway.operations.held_processes import PILOT, HeldProcess, hold_down, let_start
from fairway.settings import load
from fairway.world.clock import MINUTE, SystemClock

WITHIN_S = 5.0
"""From the event to the message."""
RULES = """
rules:
  - name: pilot-gone
    says: Prometheus sees no pilot.
    when: {gauge: fairway_process_up, labels: {process: pilot}, below: 1}
    clears_after: 1s
    severity: P1
    incident: pilot-gone
    runbook: pilot-silent
    only_in_prometheus: true
"""
ALERTS = """  rules:
    files: [mine.yaml]
    change: {process-down: {for: 0s}}
  channels: {P0: [pager], P1: [pager], P2: [pager], P3: [console]}
notify: {channels: [{name: pager, kind: webhook, url: "http://127.0.0.1:PORT/page"}]}
"""
PROMETHEUS = """
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [export/fairway.rules.yaml]
alerting: {alertmanagers: [{static_configs: [{targets: ["127.0.0.1:ALERTMANAGER"]}]}]}
scrape_configs: [{job_name: fairway, static_configs: [{targets: ["127.0.0.1:METRICS"]}]}]
"""
FASTER = {"interval: 15s": "interval: 1s", "group_wait: 5s": "group_wait: 1s", "group_interval: 15s": "group_interval: 1s"}
"""Intervals of a test."""


@dataclass
class Pager:
    """A service with a webhook. got: each message with its instant (s)."""

    port: int = field(default_factory=free_port)
    got: list[tuple[float, dict[str, Any]]] = field(default_factory=list)

    def of(self, cause: str) -> list[tuple[float, dict[str, Any]]]:
        return [each for each in self.got if f": {cause}: " in each[1]["title"]]


@pytest.fixture(scope="module")
def pager() -> Iterator[Pager]:
    found = Pager()

    class Page(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.got.append((time.time(), json.loads(body)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", found.port), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield found
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory, pager: Pager) -> Iterator[System]:
    folder = tmp_path_factory.mktemp("prometheus")
    (folder / "mine.yaml").write_text(RULES)
    page = "  status_page: {folder: status}"
    with running(folder, **{page: f"{page}\n{ALERTS.replace('PORT', str(pager.port))}  #"}) as up:
        yield up


@pytest.fixture(scope="module")
def client(system: System) -> Client:
    return first_signed_in(system)


def until(done: Callable[[], Any], what: str, within_s: float = PATIENCE_S) -> Any:
    ends_at = time.monotonic() + within_s
    while not (found := done()):
        assert time.monotonic() < ends_at, f"not within {within_s:g} s: {what}"
        time.sleep(0.1)
    return found


def hold_the_pilot_down(system: System) -> float:
    """Kills the pilot, and keeps it from being started again; when that was (s)."""
    settings, now = load(system.folder / "fairway.yaml"), SystemClock().now()
    hold_down(settings, HeldProcess(name=PILOT, since=now, until=now + 5 * MINUTE, why="a test"))
    pid = system.child("pilot")["process_id"]
    killed_at = time.time()
    subprocess.run(["kill", "-9", str(pid)], check=True)
    return killed_at


def let_the_pilot_start(system: System) -> None:
    let_start(load(system.folder / "fairway.yaml"), PILOT)


def incident(client: Client, cause: str) -> dict[str, Any] | None:
    found = [each for each in client.get("/api/v1/incidents?all_incidents=true")[1] if each["cause"] == cause]
    return found[-1] if found else None


def test_a_person_is_woken_within_five_seconds_with_no_prometheus_anywhere(system: System, client: Client, pager: Pager) -> None:
    killed_at = hold_the_pilot_down(system)
    first = until(lambda: pager.of("process"), "the pager has it")[0]
    let_the_pilot_start(system)
    assert first[0] - killed_at <= WITHIN_S
    assert (first[1]["severity"], first[1]["phase"]) == ("P1", "opened")
    print(f"event to message {first[0] - killed_at:.1f} s")


@pytest.fixture(scope="module")
def scraped(system: System, client: Client) -> Iterator[str]:
    """Prometheus, Alertmanager and what they read. The address of Prometheus."""
    folder = system.folder
    metrics, of_alertmanager, of_prometheus = free_port(), free_port(), free_port()
    exported = fairway("alerts", "export", "export", "--server", system.url, "--own", "mine.yaml", folder=folder)
    assert exported.returncode == 0, exported.stderr
    for file in (folder / "export").iterdir():
        text = file.read_text()
        for old, new in FASTER.items():
            text = text.replace(old, new)
        file.write_text(text)
    (folder / "export" / "fairway.token").write_text(client.headers["Authorization"].removeprefix("Bearer "))
    config = PROMETHEUS.replace("ALERTMANAGER", str(of_alertmanager)).replace("METRICS", str(metrics))
    (folder / "prometheus.yml").write_text(config)
    with ExitStack() as held:
        served = subprocess.Popen(
            [FAIRWAY, "metrics", "fairway.yaml", "--serve", str(metrics)], cwd=folder, stdout=subprocess.DEVNULL
        )
        held.callback(served.wait, PATIENCE_S)
        held.callback(served.terminate)
        held.enter_context(alertmanager(folder / "export" / "alertmanager.yaml", of_alertmanager))
        yield held.enter_context(prometheus(folder / "prometheus.yml", of_prometheus))


def test_what_prometheus_finds_is_an_incident_with_runbook_resolution_and_postmortem(
    system: System, client: Client, scraped: str, pager: Pager
) -> None:
    until(system.is_well, "the pilot is back")
    killed_at = hold_the_pilot_down(system)
    fired = until(lambda: _of_prometheus(client), "Prometheus has reported it")
    assert (fired["rule"], fired["severity"], fired["runbook"]) == ("pilot-gone", "P1", "pilot-silent")
    print(f"event to incident by Prometheus and Alertmanager {time.time() - killed_at:.1f} s")
    opened = until(lambda: incident(client, "pilot-gone"), "an incident is open")
    assert until(lambda: pager.of("pilot-gone"), "the pager has it")[0][1]["phase"] == "opened"
    assert client.done("incident-ack", {"incident": opened["id"]})["state"] == "done"

    followed = fairway(
        "runbook",
        "run",
        fired["runbook"],
        "fairway.yaml",
        "--incident",
        opened["id"],
        "--yes-to-machine-steps",
        folder=system.folder,
    )
    assert "processes" in followed.stdout, followed.stdout + followed.stderr
    let_the_pilot_start(system)
    until(lambda: not _of_prometheus(client), "Prometheus has resolved it")
    until(lambda: (incident(client, "pilot-gone") or {})["phase"] == "stable", "all its alerts have cleared")
    done = client.done("incident-phase", {"incident": opened["id"], "phase": "resolved", "reason": "the pilot is back"})
    assert done["state"] == "done", done

    draft = fairway("incident", "postmortem", "fairway.yaml", opened["id"], folder=system.folder)
    assert draft.returncode == 0, draft.stdout + draft.stderr
    assert opened["id"] in draft.stdout
    assert "runbook pilot-silent" in draft.stdout
    assert re.search(r"acknowledged", draft.stdout)


def _of_prometheus(client: Client) -> dict[str, Any] | None:
    return next((each for each in client.get("/api/v1/alerts")[1]["alerts"] if each["is_from_prometheus"]), None)
