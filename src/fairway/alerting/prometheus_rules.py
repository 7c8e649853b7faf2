"""Exports the rules for Prometheus, and routes and inhibitions for Alertmanager; both send alerts back to Fairway's server."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import yaml

from fairway.alerting.inhibition import subjects_named
from fairway.alerting.promql import expression, promql_duration, public
from fairway.alerting.rule import AlertRule, rule_words
from fairway.world.clock import MINUTE, SECOND

RULES_FILE: Final = "fairway.rules.yaml"
ALERTMANAGER_FILE: Final = "alertmanager.yaml"
RECEIVER: Final = "fairway"
WEBHOOK_PATH: Final = "/api/v1/alerts/prometheus"
SERVER: Final = "http://127.0.0.1:8080"
"""Where the server listens, where its configuration names no other place."""
_EVALUATED_EVERY_NS: Final = 15 * SECOND
_GROUP_WAIT_NS: Final = 5 * SECOND
_REPEAT_NS: Final = 5 * MINUTE
_HEAD: Final = "# From Fairway's alert rules: `fairway alerts export` writes this file again.\n"


def exported(rules: Iterable[AlertRule]) -> list[AlertRule]:
    """The rules that are exported: those that are switched on."""
    return [rule for rule in rules if rule.enabled]


def rules_document(rules: Iterable[AlertRule]) -> dict[str, Any]:
    """The rules file of Prometheus as plain values: one group for each incident."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for rule in exported(rules):
        groups.setdefault(rule.incident, []).append(_alert(rule))
    every = promql_duration(_EVALUATED_EVERY_NS)
    return {"groups": [{"name": f"fairway-{name}", "interval": every, "rules": found} for name, found in groups.items()]}


def rules_text(rules: Iterable[AlertRule]) -> str:
    """The rules file of Prometheus."""
    return _HEAD + _yaml(rules_document(rules))


def _alert(rule: AlertRule) -> dict[str, Any]:
    """A value that Prometheus fills in stands in double braces."""
    each = public(rule.each)
    subject = f" ({{{{ $labels.{each} }}}})" if each else ""
    alert: dict[str, Any] = {"alert": rule.name, "expr": expression(rule)}
    if rule.lasts:
        alert["for"] = promql_duration(rule.lasts)
    if rule.clears_after:
        alert["keep_firing_for"] = promql_duration(rule.clears_after)
    alert["labels"] = {"rule": rule.name, "severity": rule.severity.value, "incident": rule.incident}
    alert["annotations"] = {
        "summary": f"{rule.says.rstrip('.')}{subject}.",
        "description": f"{rule_words(rule)}; now {{{{ $value }}}}",
        "runbook": rule.runbook,
    }
    return alert


def alertmanager_document(rules: Sequence[AlertRule], server: str = SERVER) -> dict[str, Any]:
    """The configuration of Alertmanager as plain values. The token of the webhook is read from a file of its own."""
    return {
        "route": {
            "receiver": RECEIVER,
            "group_by": ["incident"],
            "group_wait": promql_duration(_GROUP_WAIT_NS),
            "group_interval": promql_duration(_EVALUATED_EVERY_NS),
            "repeat_interval": promql_duration(_REPEAT_NS),
        },
        "receivers": [
            {
                "name": RECEIVER,
                "webhook_configs": [
                    {
                        "url": f"{server.rstrip('/')}{WEBHOOK_PATH}",
                        "send_resolved": True,
                        "http_config": {"authorization": {"type": "Bearer", "credentials_file": "fairway.token"}},
                    }
                ],
            }
        ],
        "inhibit_rules": [_inhibition(rule, by, rules) for rule in exported(rules) for by in rule.inhibited_by],
    }


def _inhibition(rule: AlertRule, by: str, rules: Sequence[AlertRule]) -> dict[str, Any]:
    other = next((each for each in rules if each.name == by), None)
    same = [public(rule.each)] if other is not None and public(rule.each) and other.each == rule.each else []
    named = subjects_named(other, rule.each)
    about = [f'{public(rule.each)}=~"{"|".join(named)}"'] if named else []
    found: dict[str, Any] = {"source_matchers": [f'rule="{by}"'], "target_matchers": [f'rule="{rule.name}"', *about]}
    return {**found, "equal": same} if same else found


def alertmanager_text(rules: Sequence[AlertRule], server: str = SERVER) -> str:
    """The configuration of Alertmanager."""
    return _HEAD + _yaml(alertmanager_document(rules, server))


def files_of(rules: Sequence[AlertRule], server: str = SERVER) -> dict[str, str]:
    """Every file that is exported, by name."""
    return {RULES_FILE: rules_text(rules), ALERTMANAGER_FILE: alertmanager_text(rules, server)}


def _yaml(document: dict[str, Any]) -> str:
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=4096)
