"""Small plans for the linter: a sound one, and what was found in a changed one."""

import yaml

from fairway.cli.command_lines import command_trouble
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.linter import Finding, lint
from fairway.launch.plan.load import parse

SOUND = """\
plan: small
about: One stage on the test network, one with money.
author: ann
approvals: {need: {owner: 1, risk: 1}, who: {owner: [olga], risk: [ravi, rita]}}
accounts: {main: {venue: binance, mode: live, dead_man: {after: 60s, cancels: entries}}}
guards: [daily loss, drawdown, unknown worth, edge health, losses in a row, position loss, runaway rate]
expects: {order_success: 40/d, order_ack: 40/d, round_trips: 20/d, trade_pnl_r: 20/d}
requires: [{phase: tests, state: done}]
objectives: [{name: venue, of: venue_api, at_least: 99.5 %, within: 30d}]
alarms: [{name: venue, of: venue_api, above: 0.5 %, within: 5m}]
probes: [{name: health, of: http_ok, asks: GET http://127.0.0.1:8080/health, every: 1m, checks: [database, venue]}]
checklist: [{id: kill-drill, text: a kill was seen, need: observed in a drill, expires: 7d, waivable: false}]
rollback: {target: blue, keep: 7d, software: [start blue, check blue, route to blue]}
runbooks: [{when: blind, run: [fairway kill fairway.yaml --reason blind --cause blind]}]
timeline:
  - {at: T-12h, do: back up the database}
  - {at: T, do: begin, raises: live, needs: [kill-drill]}
stages:
  - name: testnet
    limits: {mode: testnet}
    stay: {at_least: 24h, at_most: 7d}
    gates: [{name: success, gate: proportion, of: order_success, at_least: 95 %}]
  - name: live
    limits: {mode: live, capital: 100 USD, loss: 20 USD}
    stay: {at_least: 7d, at_most: 30d}
    gates: [{name: success, gate: proportion, of: order_success, at_least: 95 %}]
entry: [{name: ready, gate: checklist}]
"""


def changed(**keys: str) -> str:
    """The sound plan with keys of its own put in the place of these, each written as YAML."""
    lines = SOUND.splitlines()
    for key, text in keys.items():
        at = next((n for n, line in enumerate(lines) if line.startswith(f"{key}:")), len(lines))
        end = next((n for n in range(at + 1, len(lines)) if not lines[n].startswith(" ")), len(lines))
        lines[at:end] = [f"{key}: {text}"]
    text = "\n".join(lines) + "\n"
    yaml.safe_load(text)
    return text


def stages(*gates: str, stay: str = "{at_least: 24h, at_most: 7d}", limits: str = "{mode: testnet}") -> str:
    """A first stage with these gates, and the sound plan's second one."""
    written = ", ".join(gates)
    live = "{name: live, limits: {mode: live, capital: 100 USD, loss: 20 USD}, stay: {at_least: 7d}}"
    return f"[{{name: first, limits: {limits}, stay: {stay}, gates: [{written}]}}, {live}]"


def findings(text: str) -> list[Finding]:
    return lint(Draft(parse(text), command_trouble))


def check(text: str, rule: str, *words: str) -> Finding:
    """A finding of a rule whose words are all in what it says, with a line in the file, a reason and a way to mend it."""
    found = [finding for finding in findings(text) if finding.rule == rule]
    assert found, f"{rule} finds nothing; found: {[(each.name, each.what) for each in findings(text)]}"
    told = next((each for each in found if all(word in each.what for word in words)), None)
    assert told is not None, [each.what for each in found]
    assert told.line > 0
    assert told.mend
    assert told.because
    return told


def quiet(text: str, rule: str) -> None:
    """A rule has nothing to say."""
    assert [each.what for each in findings(text) if each.rule == rule] == []


def compared(against: str, green: str = "", blue: str = ", beside: true", only: str = "") -> str:
    """A plan that compares what green is answered with something, and these keys in its two probes."""
    probes = ", ".join(
        f"{{name: {name}, of: http_ok, asks: GET http://{name}/prices, every: 30s{more}}}"
        for name, more in (("green", green), ("blue", blue))
    )
    gate = f"{{name: it, gate: regression, of: http_latency, against: {against}, block: 5m{only}}}"
    return changed(stages=stages(gate), probes=f"[{probes}]")
