"""A pilot, alerting, and then the metrics are held down beside a running system: each wakes a person, by every lane there is.

The files of Prometheus and Alertmanager are those of docs/how-to/connect-prometheus.md, with other addresses and intervals.
"""

import json
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.clients.systems import Client, System, asked, fairway, first_signed_in, free_port, running
from tests.golden.test_alerts_page import blocks
from tests.prometheus import alertmanager, prometheus
from tests.pure.cli.programs import FAIRWAY, PATIENCE_S

from fairway.operations.held_processes import PILOT, HeldProcess, hold_down, let_start
from fairway.settings import load
from fairway.supervision.system import ALERTING
from fairway.world.clock import MINUTE, SECOND, SystemClock, text_of

WITHIN_S = 5.0
"""From the event to the message."""
SILENT_S = 15
"""Of a test, after which alerting is silent for Prometheus: its beat is written every five seconds."""
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
ALERTS = f"""  rules:
    files: [mine.yaml]
    change: {{process-down: {{for: 0s}}, alerting-silent: {{above: {SILENT_S} s}}}}
  channels: {{P0: [pager], P1: [pager], P2: [pager], P3: [console]}}
notify: {{channels: [{{name: pager, kind: webhook, url: "http://127.0.0.1:PORT/page"}}]}}
"""
FASTER = {"interval: 15s": "interval: 1s", "group_wait: 5s": "group_wait: 1s", "for: 1m": "for: 1s"}
"""Intervals of a test."""


@dataclass
class Pager:
    """A service that Fairway pages by a webhook, and Alertmanager by PagerDuty's protocol.

    got: each message of Fairway with its instant (s). events: what Alertmanager has sent.
    """

    port: int = field(default_factory=free_port)
    got: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)

    def of(self, cause: str) -> list[tuple[float, dict[str, Any]]]:
        return [each for each in self.got if f": {cause}: " in each[1]["title"]]

    def triggered(self, summary: str) -> list[dict[str, Any]]:
        """Events of Alertmanager that trigger a page, by a part of their summary."""
        return [each for each in self.events if each["event_action"] == "trigger" and summary in json.dumps(each["payload"])]


@pytest.fixture(scope="module")
def pager() -> Iterator[Pager]:
    found = Pager()

    class Page(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            is_event = self.path == "/v2/enqueue"
            if is_event:
                found.events.append(body)
            else:
                found.got.append((time.time(), body))
            self.send_response(202 if is_event else 200)
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


def killed_and_held(system: System, name: str) -> float:
    """Kills a process, and keeps it from being started again; when that was (s)."""
    settings, now = load(system.folder / "fairway.yaml"), SystemClock().now()
    pid = system.child(name)["process_id"]
    hold_down(settings, HeldProcess(name=name, since=now, until=now + 5 * MINUTE, why="a test"))
    killed_at = time.time()
    subprocess.run(["kill", "-9", str(pid)], check=True)
    return killed_at


def started_again(system: System, name: str) -> None:
    let_start(load(system.folder / "fairway.yaml"), name)


def incident(client: Client, cause: str) -> dict[str, Any] | None:
    found = [each for each in client.get("/api/v1/incidents?all_incidents=true")[1] if each["cause"] == cause]
    return found[-1] if found else None


def phase(client: Client, cause: str) -> str:
    return str((incident(client, cause) or {"phase": ""})["phase"])


def test_a_person_is_woken_within_five_seconds_with_no_prometheus_anywhere(system: System, client: Client, pager: Pager) -> None:
    """The pilot stays down for the next test."""
    killed_at = killed_and_held(system, PILOT)
    first = until(lambda: pager.of("process"), "the pager has it")[0]
    assert first[0] - killed_at <= WITHIN_S
    assert (first[1]["severity"], first[1]["phase"]) == ("P1", "opened")
    print(f"event to message {first[0] - killed_at:.1f} s")


@dataclass(frozen=True)
class Scraped:
    """Prometheus, Alertmanager and what they read. metrics: the process that serves the measurements."""

    prometheus: str
    metrics: "subprocess.Popen[bytes]"

    def firing(self) -> set[str]:
        """The alerts that fire in Prometheus."""
        alerts = asked(f"{self.prometheus}/api/v1/alerts")[1]["data"]["alerts"]
        return {each["labels"]["alertname"] for each in alerts if each["state"] == "firing"}


@pytest.fixture(scope="module")
def scraped(system: System, client: Client, pager: Pager) -> Iterator[Scraped]:
    folder, ports = system.folder, {"9464": free_port(), "9093": free_port()}
    exported = fairway("alerts", "export", "fairway", "fairway.yaml", folder=folder)
    assert exported.returncode == 0, exported.stderr
    issued = fairway("tokens", "add", "me", "--name", "alertmanager", "--scope", "stop", folder=folder)
    assert issued.returncode == 0, issued.stderr
    (folder / "fairway" / "fairway.token").write_text(issued.stdout.splitlines()[1])
    _write_files_of_the_page(folder, ports, pager)
    metrics = ["metrics", "fairway.yaml", "--serve", str(ports["9464"])]
    with ExitStack() as held:
        served = subprocess.Popen([FAIRWAY, *metrics], cwd=folder, stdout=subprocess.DEVNULL)
        held.callback(served.wait, PATIENCE_S)
        held.callback(served.terminate)
        held.enter_context(alertmanager(folder / "fairway" / "alertmanager.yaml", ports["9093"]))
        yield Scraped(held.enter_context(prometheus(folder / "prometheus.yml", free_port())), served)


def _write_files_of_the_page(folder: Path, ports: dict[str, int], pager: Pager) -> None:
    """The files of the how-to, beside what was exported: both are read faster, and Alertmanager has the pager besides."""
    page, exported = blocks(), folder / "fairway" / "alertmanager.yaml"
    config = yaml.safe_load(exported.read_text())
    [webhook] = config["receivers"][0]["webhook_configs"]
    added = page["alertmanager.yaml"].replace("https://fairway.example.org/api/v1/alerts/prometheus", webhook["url"])
    extra = yaml.safe_load(added.replace("/etc/prometheus/", f"{folder}/"))
    assert extra["receivers"][0]["webhook_configs"][0].items() <= webhook.items(), "the page shows what is exported"
    config["route"] |= extra["route"]
    config["receivers"].append(extra["receivers"][1])
    config["global"] = {"pagerduty_url": f"http://127.0.0.1:{pager.port}/v2/enqueue"}
    exported.write_text(yaml.safe_dump(config, sort_keys=False))
    (folder / "pager.key").write_text("a routing key")
    (folder / "prometheus.yml").write_text(page["prometheus.yml"])
    (folder / "fairway" / "fairway-up.rules.yaml").write_text(page["fairway-up.rules.yaml"])
    for file in (folder / "prometheus.yml", *(folder / "fairway").glob("*.yaml")):
        text = file.read_text()
        for old, new in FASTER.items() | {(old, str(new)) for old, new in ports.items()}:
            text = text.replace(old, new)
        file.write_text(text)


def test_what_prometheus_finds_is_an_incident_with_runbook_resolution_and_postmortem(
    system: System, client: Client, scraped: Scraped, pager: Pager
) -> None:
    fired = until(lambda: _of_prometheus(client), "Prometheus has reported it")
    assert (fired["rule"], fired["severity"], fired["runbook"]) == ("pilot-gone", "P1", "pilot-silent")
    opened = until(lambda: incident(client, "pilot-gone"), "an incident is open")
    assert until(lambda: pager.of("pilot-gone"), "the pager has it")[0][1]["phase"] == "opened"
    assert client.done("incident-ack", {"incident": opened["id"]})["state"] == "done"
    print(f"found by Prometheus at {fired['since'][11:19]}, declared at {opened['declared'][11:19]}")

    started_again(system, PILOT)
    words = ["runbook", "run", fired["runbook"], "fairway.yaml", "--incident", opened["id"], "--yes-to-machine-steps"]
    with subprocess.Popen([FAIRWAY, *words], cwd=system.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as follows:
        until(lambda: not _of_prometheus(client), "Prometheus has resolved it")
        until(lambda: phase(client, "pilot-gone") == "stable", "all its alerts have cleared")
        assert b"processes" in follows.communicate(timeout=PATIENCE_S)[0]
    done = client.done("incident-phase", {"incident": opened["id"], "phase": "resolved", "reason": "the pilot is back"})
    assert done["state"] == "done", done

    draft = fairway("incident", "postmortem", "fairway.yaml", opened["id"], folder=system.folder)
    assert draft.returncode == 0, draft.stdout + draft.stderr
    assert "runbook pilot-silent" in draft.stdout
    over = incident(client, "pilot-gone")
    assert over is not None
    times = ["began", "declared", "acknowledged", "stable", "resolved"]
    assert [over[each] for each in times] == sorted(over[each] for each in times)
    for step, name in zip(("it began", "first alert, or declared", *times[2:]), times, strict=True):
        assert f"| {step} | {over[name][:19].replace('T', ' ')} |" in draft.stdout


def _of_prometheus(client: Client) -> dict[str, Any] | None:
    return next((each for each in client.get("/api/v1/alerts")[1]["alerts"] if each["is_from_prometheus"]), None)


def test_alerting_that_is_held_down_is_found_by_prometheus_paged_and_reported_when_it_is_back(
    system: System, client: Client, scraped: Scraped, pager: Pager
) -> None:
    until(lambda: "alerting-silent" not in scraped.firing(), "alerting is heard")
    killed_at = killed_and_held(system, ALERTING)
    until(lambda: "alerting-silent" in scraped.firing(), "Prometheus finds it", within_s=3 * SILENT_S)
    print(f"alerting killed to alerting-silent in Prometheus {time.time() - killed_at:.1f} s, with a bound of {SILENT_S} s")
    until(lambda: pager.triggered("alerting-silent"), "Alertmanager pages by itself")
    started_again(system, ALERTING)
    opened = until(lambda: incident(client, "alerting"), "alerting takes what was reported while it was dead")
    [alert] = opened["alerts"]
    assert (alert["rule"], opened["runbook"]) == ("alerting-silent", "alerting-silent")
    assert alert["since"] > text_of(int(killed_at) * SECOND)


def test_metrics_that_are_gone_are_paged_without_fairway(scraped: Scraped, pager: Pager) -> None:
    scraped.metrics.terminate()
    until(lambda: pager.triggered("FairwayMetricsGone"), "Alertmanager pages by itself")
