"""Files of rules: mistakes are reported with their place and a right example; a configuration changes bounds by name."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from fairway.alerting.rule import AlertRule, AlertRuleSettings, RuleChange, rule_words
from fairway.alerting.rule_files import (
    RuleError,
    merged,
    own_rules,
    parse_rules,
    placed,
    problems_of_set,
    rules_of,
    shipped_rules,
)
from fairway.risk.causes import AlertSeverity
from fairway.texts.located_yaml import compose
from fairway.texts.problems import Problem
from fairway.world.clock import MINUTE

OWN = """
rules:
  - name: my-errors
    says: My program fails.
    when: {increase: my_errors_total, within: 5m, above: 3}
    severity: P2
    incident: mine
    runbook: mine
    inhibited_by: [trader-silent]
"""


def told(text: str) -> list[str]:
    with pytest.raises(RuleError) as raised:
        parse_rules(text, file="r.yaml")
    return str(raised.value).splitlines()


def with_condition(condition: str) -> str:
    return f"rules:\n- {{name: a, says: b, severity: P1, incident: c, runbook: d, when: {{{condition}}}}}\n"


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("bad_share: order_succes, within: 5m, above: 1 %", "bad_share: is no indicator; right is  bad_share: order_success"),
        ("mean: order_success, within: 5m, above: 1 s", "is a ratio: ask for its bad_share; right is  bad_share: order_success"),
        ("bad_share: order_ack, within: 5m, above: 1 %", "when.bad_share: is no ratio; right is  bad_share: order_success"),
        ("bad_share: order_success, above: 1 %", "when.within: is missing; right is  within: 15m"),
        ("bad_share: order_success, within: 5m", "when.above: stands beside below, or both are missing"),
        ("newest: rss, above: 1 B, below: 2 B", "when.above: stands beside below, or both are missing"),
        ("bad_share: order_success, within: 5m, above: 10", "when.above: '10' is not in %: it has no unit; right is  above: 5 %"),
        ("newest: data_age, above: 5 MB", "when.above: '5 MB' is not in s but in MB; right is  above: 5 s"),
        ("rise: rss, within: 1h, above: 5 s", "'5 s' is not in B but in s; right is  above: 5 %"),
        ("count: alerts, within: 1m, above: 5 s", "'5 s' is not in a bare number but in s; right is  above: 5"),
        ("gauge: fairway_disk_free_ratio, below: 5 s", "'5 s' is not in % but in s; right is  below: 5 %"),
        ("gauge: fairway_disk_fre_ratio, below: 5 %", "is no metric of Fairway; right is  gauge: fairway_disk_free_ratio"),
        ("age: fairway_safe_mode, above: 5 s", "when.age: is no instant; right is  age: fairway_measured_at_seconds"),
        ("increase: fairway_safe_mode, within: 5m, above: 5", "when.increase: is a gauge"),
        ("gauge: fairway_process_crashes_total, above: 5", "when.gauge: is a counter"),
        (
            "count: alerts, labels: {level: P0}, within: 1m, above: 0",
            "when.labels.level: is no label of alerts, which has the labels severity",
        ),
        (
            "gauge: fairway_process_up, labels: {name: a}, below: 1",
            "is no label of fairway_process_up, which has the labels process",
        ),
        ("ratio_of_increases: [a_total], within: 5m, above: 1 %", "when.ratio_of_increases: needs two counters"),
        ("newest: rss, mean: rss, within: 5m, above: 1 B", "stands beside newest: a condition has one figure"),
        ("within: 5m, above: 1 B", "when.newest: is missing, or one of newest, mean"),
        ("quantile: order_confirmed, within: 5m, above: 1 s", "is no indicator; right is  quantile: order_confirm"),
    ],
)  # fmt: skip
def test_a_wrong_condition_is_reported_with_its_place(condition: str, says: str) -> None:
    [line] = told(with_condition(condition))
    assert line.startswith("r.yaml:2:")
    assert says in line


def test_every_mistake_of_a_file_is_reported_at_once() -> None:
    lines = told(
        "rules:\n"
        "  - {name: A, says: b, severity: P9, incident: c, runbook: d, when: {newest: rss, above: 1 B}, for: soon}\n"
        "  - {name: b, severity: P1, incident: c, runbook: d, frequency: 5}\n"
    )
    assert [line.partition(": ")[0] for line in lines] == [
        *("r.yaml:2:6", "r.yaml:2:24", "r.yaml:2:96"),
        *("r.yaml:3:5", "r.yaml:3:54"),
    ]
    assert "'A' is no name; write small letters and digits, and hyphens between words" in lines[0]
    assert "right is  for: 2m" in lines[2]


def test_a_rule_has_a_condition_and_a_known_label() -> None:
    base = "rules:\n- {name: a, says: b, severity: P1, incident: c, runbook: d"
    assert "stands beside any_of, or both are missing" in told(f"{base}}}\n")[0]
    assert (
        "each: is no label of rss"
        not in told(f"{base}, each: process, when: {{newest: order_ack, above: 1 s}}}}\n")[0].partition("x")[0]
    )
    assert (
        "is no label of order_ack, which has account"
        in told(f"{base}, each: process, when: {{newest: order_ack, above: 1 s}}}}\n")[0]
    )
    assert "fairway_safe_mode has no label" in told(f"{base}, each: process, when: {{gauge: fairway_safe_mode, above: 0}}}}\n")[0]


def test_nothing_may_inhibit_a_p0_about_money() -> None:
    text = (
        "rules:\n- {name: a, says: b, severity: P0, incident: c, runbook: d, is_money: true, inhibited_by: [b], "
        "when: {newest: rss, above: 1 B}}\n"
    )
    assert "nothing may keep an alert about money (P0) from people" in told(text)[0]


def test_a_name_that_stands_twice_and_an_unreadable_file_are_reported(tmp_path: Path) -> None:
    text = with_condition("newest: rss, above: 1 B")
    assert told(text + text.partition("\n")[2]) == ["r.yaml:3:4: rules[1].name: 'a' stands twice"]
    assert "holds no rules" in told("")[0]
    with pytest.raises(RuleError, match="there is no such file"):
        own_rules(tmp_path / "none.yaml", ())


def test_rules_of_ones_own_stand_beside_those_of_fairway(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(OWN)
    found = rules_of(AlertRuleSettings(files=(tmp_path / "mine.yaml",)))
    assert found.problems == ()
    assert [rule.name for rule in found.rules] == [*(rule.name for rule in shipped_rules()), "my-errors"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("name: my-errors", "name: disk-low", "mine.yaml:3:5: rules[0].name: 'disk-low' is a rule already"),
        ("[trader-silent]", "[trader-quiet]", "mine.yaml:9:5: rules[0].inhibited_by: names 'trader-quiet', which is no rule"),
    ],
)
def test_rules_of_ones_own_fit_those_of_fairway(old: str, new: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(OWN.replace(old, new))
    with pytest.raises(RuleError) as raised:
        own_rules(tmp_path / "mine.yaml", shipped_rules())
    assert says in str(raised.value)


def test_rules_that_inhibit_each_other_in_a_circle_are_refused() -> None:
    first, second = (rule.model_copy(update={"name": name}) for rule, name in zip(parse_rules(OWN) * 2, "ab", strict=True))
    circle = [first.model_copy(update={"inhibited_by": ("b",)}), second.model_copy(update={"inhibited_by": ("a",)})]
    assert len([each for each in problems_of_set(circle) if "neither would notify a person" in each.what]) == 2
    assert problems_of_set(shipped_rules()) == []


CHANGES = """
alerts:
  rules:
    change:
      orders-failing-10: {above: 15 %, severity: P2, for: 5m, at_least_n: 20}
      no-positions: {enabled: true}
      disk-low: {below: 20 %}
"""


def changed(text: str) -> tuple[dict[str, AlertRule], list[Problem]]:
    composed = compose(text, kind="configuration", empty=Problem(what="is empty"))
    assert isinstance(composed.tree, dict)
    section = composed.tree["alerts"]["rules"]  # type: ignore[index, call-overload]
    settings = AlertRuleSettings.model_validate(section)
    found = merged(shipped_rules(), settings.change)
    return {rule.name: rule for rule in found.rules}, placed(found.problems, composed, ("alerts", "rules"))


def test_a_configuration_changes_bounds_times_severities_and_switches() -> None:
    rules, problems = changed(CHANGES)
    assert problems == []
    orders = rules["orders-failing-10"]
    assert rule_words(orders) == "share of bad order_success within 15m above 15 %, of at least 20"
    assert orders.when is not None
    assert (orders.when.limit, orders.lasts, orders.severity) == (0.15, 5 * MINUTE, AlertSeverity.P2)
    assert rules["no-positions"].enabled
    assert rule_words(rules["disk-low"]) == "fairway_disk_free_ratio below 20 %"
    [before] = [rule for rule in shipped_rules() if rule.name == "orders-failing-10"]
    assert before.when is not None
    assert before.when.limit == 0.1, "the rules that others read have not changed"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("disk-low:", "disk-lo:", "7:7: alerts.rules.change.disk-lo: there is no rule 'disk-lo'; right is  disk-low"),
        ("below: 20 %", "above: 20 %", "7:18: alerts.rules.change.disk-low.above: is given, and the rule has the bound `below`"),
        (
            "below: 20 %",
            "below: 20 s",
            "7:18: alerts.rules.change.disk-low.below: '20 s' is not in % but in s; right is  below: 5 %",
        ),
        ("disk-low: {below", "drawdown: {above", "7:18: alerts.rules.change.drawdown.above: has several conditions"),
    ],
)
def test_a_wrong_change_is_reported_with_its_place_and_changes_nothing(old: str, new: str, says: str) -> None:
    rules, problems = changed(CHANGES.replace(old, new))
    assert [str(each)[: len(says)] for each in problems] == [says]
    assert rule_words(rules["disk-low"]) == "fairway_disk_free_ratio below 10 %"
    assert rules["no-positions"].enabled, "the other changes hold"


def test_a_change_of_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValidationError):
        RuleChange.model_validate({"bove": "5 %"})
