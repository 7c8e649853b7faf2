"""The rules for Prometheus: its own tools accept them, each fires and clears there too, and every name in them is exposed."""

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from prometheus_client.core import Metric
from tests.prometheus_tools import checked
from tests.pure.alerting.planted import planted
from tests.pure.alerting.prometheus_series import unit_test

from fairway.alerting.condition import FigureKind
from fairway.alerting.measured import GaugeSample
from fairway.alerting.prometheus_rules import (
    ALERTMANAGER_FILE,
    RULES_FILE,
    alertmanager_document,
    alertmanager_text,
    files_of,
    rules_document,
    rules_text,
)
from fairway.alerting.promql import expression
from fairway.alerting.rule import AlertRule
from fairway.alerting.rule_files import parse_rules, shipped_rules
from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS
from fairway.journal.memory import MemoryFile, open_memory
from fairway.watch.exposition import BUCKETS_S, exposed, families
from fairway.watch.external_metrics import EXTERNAL
from fairway.watch.gauge_exposition import exposed_gauges
from fairway.watch.gauges import METRICS, PRIVATE, MetricKind
from fairway.watch.indicators import BY_NAME, INDICATORS
from fairway.watch.metric_names import is_histogram
from fairway.watch.watcher import Watcher

SHIPPED = shipped_rules()
ALL = [rule.model_copy(update={"enabled": True}) for rule in SHIPPED]


def test_promtool_and_amtool_accept_what_is_exported(tmp_path: Path) -> None:
    for name, text in files_of(ALL).items():
        (tmp_path / name).write_text(text)
    rules = checked("promtool", "check", "rules", tmp_path / RULES_FILE)
    assert (rules.returncode, rules.stderr) == (0, "")
    assert f"{len(ALL)} rules found" in rules.stdout
    routes = checked("amtool", "check-config", tmp_path / ALERTMANAGER_FILE)
    assert routes.returncode == 0, routes.stderr
    assert f"{sum(len(rule.inhibited_by) for rule in ALL)} inhibit rules" in routes.stdout


def test_a_rule_that_is_off_is_not_exported() -> None:
    names = [rule["alert"] for group in rules_document(SHIPPED)["groups"] for rule in group["rules"]]
    assert set(names) == {rule.name for rule in SHIPPED if rule.enabled}
    assert "no-positions" not in names


def test_every_exported_rule_fires_and_clears_in_prometheus(tmp_path: Path) -> None:
    """Of each alternative of each rule, on series of its own; one test near the bound, without an alert."""
    files = []
    for rule in ALL:
        (tmp_path / f"{rule.name}.rules.yaml").write_text(rules_text([rule]))
        for place in range(len(rule.alternatives)):
            file = tmp_path / f"{rule.name}-{place}.test.yaml"
            file.write_text(yaml.safe_dump(unit_test(rule, place, f"{rule.name}.rules.yaml"), sort_keys=False, width=4096))
            files.append(file)
    done = checked("promtool", "test", "rules", *files)
    assert done.returncode == 0, done.stderr or done.stdout
    assert done.stdout.count("SUCCESS") == len(files) > len(ALL)


def test_a_rule_of_another_bound_or_severity_fails_its_test_in_prometheus(tmp_path: Path) -> None:
    """So the tests above can fail."""
    [rule] = [rule for rule in ALL if rule.name == "data-stale"]
    (tmp_path / "t.yaml").write_text(yaml.safe_dump(unit_test(rule, 0, "r.yaml")))
    for old, new in (("> 60", "> 600"), ("severity: P1", "severity: P2"), ("fairway_data_age", "fairway_data_old")):
        text = rules_text([rule])
        assert old in text
        (tmp_path / "r.yaml").write_text(text.replace(old, new))
        assert checked("promtool", "test", "rules", tmp_path / "t.yaml").returncode != 0, new


# -- names ----------------------------------------------------------------------------------------------------------------


WATCH = "fairway.watch"
EXPOSING = {name: import_module(name) for name in (f"{WATCH}.{each}" for each in ("indicators", "gauges"))} | {
    name: import_module(name)
    for name in (f"{WATCH}.{each}" for each in ("metric_names", "series", "series_builder", "exposition", "gauge_exposition"))
}
"""The tables of what is exposed, and what exposes them, in the order in which they import each other."""


def exposition(modules: Mapping[str, ModuleType] = EXPOSING) -> dict[str, set[str]]:
    """Every sample that the code exposes, with its labels, as Prometheus would read them."""
    indicators, gauges, _, _, series_builder, exposition, gauge_exposition = (modules[name] for name in EXPOSING)
    found: dict[str, set[str]] = {}
    told: list[Metric] = []
    for indicator in indicators.INDICATORS:
        builder = series_builder.SeriesBuilder(indicator)
        builder.add(1, 1.0, "one" if indicator.label else "")
        told += exposition.families(indicator, builder.series())
    for spec in gauges.METRICS.values():
        family = gauge_exposition.family_of(spec.name)
        family.add_metric(["one"] * len(spec.public_labels), 1.0)
        told.append(family)
    for metric in told:
        for sample in metric.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def other_programs() -> Iterator[tuple[str, set[str]]]:
    for spec in EXTERNAL:
        if spec.kind is MetricKind.HISTOGRAM:
            yield from ((f"{spec.name}_{part}", {*spec.labels, "le"}) for part in ("bucket", "sum", "count"))
        else:
            yield spec.name, set(spec.labels)


KEYWORDS = {
    *("sum", "min", "max", "by", "increase", "delta", "time", "offset", "and", "or", "on", "unless"),
    *("avg_over_time", "quantile_over_time", "histogram_quantile", "count_over_time", "sum_over_time"),
}


def names_in(promql: str) -> dict[str, set[str]]:
    """Each metric of an expression, with the labels that it is selected or kept by."""
    bare = re.sub(r'"[^"]*"', '""', promql)
    kept = {label for group in re.findall(r"by \(([^)]*)\)", bare) for label in group.split(", ")}
    bare = re.sub(r"by \([^)]*\)|\[[^\]]*\]|offset \w+", "", bare)
    found = {}
    for name, selected in re.findall(r"([a-zA-Z_:][\w:]*)(?:\{([^}]*)\})?", bare):
        if name not in KEYWORDS and not re.search(rf"[{{,]\s*{name}=", bare):
            of_bucket = kept if name.endswith("_bucket") else kept - {"le"}
            found[name] = {part.split("=")[0].strip() for part in selected.split(",") if part} | of_bucket
    return found


def resolved(rules: list[AlertRule], shown: Mapping[str, set[str]]) -> None:
    """Raises where a rule names a metric or a label that is not exposed."""
    for rule in rules:
        names = names_in(expression(rule))
        assert names, rule.name
        for name, labels in names.items():
            assert name in shown, f"{rule.name}: {name} is not exposed"
            assert labels <= shown[name], f"{rule.name}: {name} has no label {labels - shown[name]}"


def test_every_name_and_label_of_every_rule_is_exposed() -> None:
    resolved(ALL, {**exposition(), **dict(other_programs())})


def changed_exposition(table: str, old: str, new: str) -> dict[str, set[str]]:
    """What a program exposes in whose table of metrics or indicators one word is another."""
    name = f"{WATCH}.{table}"
    modules = planted(name, f'"{old}"', f'"{new}"', again=[each for each in EXPOSING if each != name])
    return {**exposition(modules), **dict(other_programs())}


@pytest.mark.parametrize(
    ("table", "word", "name"),
    [
        ("indicators", "order_success", "fairway_order_success_all_total"),
        ("indicators", "rss", "fairway_rss_bytes"),
        ("gauges", "fairway_process_up", "fairway_process_up"),
        ("gauges", "fairway_caps", "fairway_caps"),
    ],
)
def test_a_metric_that_is_renamed_where_it_is_declared_is_found(table: str, word: str, name: str) -> None:
    with pytest.raises(AssertionError, match=f"{name} is not exposed"):
        resolved(ALL, changed_exposition(table, word, f"{word}_renamed"))


def test_a_label_that_is_renamed_where_it_is_declared_is_found() -> None:
    with pytest.raises(AssertionError, match="has no label"):
        resolved(ALL, changed_exposition("gauges", "process", "program"))


def test_what_metrics_shows_of_a_journal_has_the_names_of_the_table() -> None:
    """The table and the exposition are one: each name that is no indicator's stands in it."""
    watcher = Watcher(open_memory(MemoryFile(), Codec(*EVENTS), mode="practice", trader="main"))
    text = exposed(watcher).decode()
    families_shown = set(re.findall(r"^# TYPE (\w+)", text, re.MULTILINE))
    measured = {family.name for each in INDICATORS for family in families(each, None)}
    plain = {each.removesuffix("_total") for each in families_shown} - measured
    assert plain == {"fairway_complete_until_seconds", "fairway_measured_at_seconds", "fairway_records_read", "fairway_watch_ok"}
    assert plain <= set(METRICS)


def test_no_exposed_label_names_an_account() -> None:
    for rule in ALL:
        assert not re.search(rf"\b({'|'.join(PRIVATE)})\b", expression(rule)), rule.name
    samples = {"fairway_drawdown_ratio": [GaugeSample(0.1, {"account": "ann"}), GaugeSample(0.3, {"account": "ben"})]}
    [family] = [each for each in exposed_gauges(samples) if each.name == "fairway_drawdown_ratio"]
    assert [(sample.labels, sample.value) for sample in family.samples] == [({}, 0.3)]


def test_accounts_are_combined_by_their_worst_or_their_sum() -> None:
    two = [GaugeSample(2.0, {"account": "ann", "category": "x"}), GaugeSample(-1.0, {"account": "ben", "category": "x"})]
    names = ("fairway_caps", "fairway_equity_change_ratio", "fairway_positions_open")
    found = {each.name: [sample.value for sample in each.samples] for each in exposed_gauges(dict.fromkeys(names, two))}
    assert [found[name] for name in names] == [[1.0], [-1.0], [2.0]]
    assert found["fairway_safe_mode"] == []


def test_the_bound_of_each_quantile_is_a_bucket() -> None:
    """Between two buckets Prometheus guesses; at a bucket's bound it knows."""
    quantiles = [each for rule in ALL for each in rule.alternatives if each.kind is FigureKind.QUANTILE and each.of in BY_NAME]
    assert len(quantiles) >= 4
    assert {each.of: each.limit for each in quantiles if is_histogram(BY_NAME[each.of]) and each.limit not in BUCKETS_S} == {}


# -- form -----------------------------------------------------------------------------------------------------------------

MODEL = """
rules:
  - name: a-rule
    says: It fails.
    when: {%s}
    severity: P1
    incident: it
    runbook: it
"""


@pytest.mark.parametrize(
    ("condition", "promql"),
    [
        ("age: fairway_backup_at_seconds, above: 24h", "time() - min(fairway_backup_at_seconds > 0) > 86400"),
        ("gauge: fairway_disk_free_ratio, below: 2 %", "min(fairway_disk_free_ratio) < 0.02"),
        ("increase: my_errors_total, within: 90s, above: 3", "sum(increase(my_errors_total[90s])) > 3"),
        (
            "ratio_of_increases: [my_errors_total, my_calls_total], labels: {job: [a, b]}, within: 5m, above: 1 %",
            'sum(increase(my_errors_total{job=~"a|b"}[5m])) / (sum(increase(my_calls_total{job=~"a|b"}[5m])) > 0) > 0.01',
        ),
        ("mean: data_age, within: 5m, above: 5 s", "max(avg_over_time(fairway_data_age_seconds[5m])) > 5"),
        (
            "mean: order_ack, within: 15m, above: 1600 ms",
            "sum(delta(fairway_order_ack_seconds_sum[15m])) / (sum(increase(fairway_order_ack_seconds_count[15m])) > 0) > 1.6",
        ),
        (
            "rise: rss, within: 1h, above: 5 %",
            "max((fairway_rss_bytes - fairway_rss_bytes offset 1h) / fairway_rss_bytes offset 1h) > 0.05",
        ),
        ("rise: rss, within: 1h, above: 10 MB", "max(fairway_rss_bytes - fairway_rss_bytes offset 1h) > 10000000"),
        ("quantile: data_age, q: 90 %, within: 5m, above: 5 s", "max(quantile_over_time(0.9, fairway_data_age_seconds[5m])) > 5"),
        (
            "quantile: order_confirm, within: 15m, above: 750 ms",
            "histogram_quantile(0.95, sum by (le) (increase(fairway_order_confirm_seconds_bucket[15m]))) > 0.75",
        ),
        ('gauge: my_gauge, labels: {name: \'a"b\'}, above: 1', 'max(my_gauge{name="a\\\\"b"}) > 1'.replace("\\\\", "\\")),
    ],
)  # fmt: skip
def test_each_form_of_condition_has_its_promql(condition: str, promql: str) -> None:
    [rule] = parse_rules(MODEL % condition)
    assert expression(rule) == promql


def test_an_inhibition_has_the_same_direction_in_alertmanager() -> None:
    inhibitions = alertmanager_document(ALL)["inhibit_rules"]
    found = {(each["source_matchers"][0], each["target_matchers"][0]) for each in inhibitions}
    assert ('rule="trader-silent"', 'rule="data-stale"') in found
    assert ('rule="data-stale"', 'rule="trader-silent"') not in found
    assert ('rule="trader-silent"', ['rule="process-down"', 'process=~"trader"']) in [
        (each["source_matchers"][0], each["target_matchers"]) for each in inhibitions
    ]
    by_probe = [each for each in inhibitions if each["target_matchers"] == ['rule="http-slow"']]
    assert [each["equal"] for each in by_probe] == [["probe"]]
    assert not any(rule.inhibited_by for rule in ALL if not rule.may_be_silenced)


def test_alertmanager_groups_by_cause_and_sends_to_fairway() -> None:
    document = yaml.safe_load(alertmanager_text(ALL, "https://bot.example/"))
    assert document["route"]["group_by"] == ["incident"]
    [webhook] = document["receivers"][0]["webhook_configs"]
    assert webhook["url"] == "https://bot.example/api/v1/alerts/prometheus"
    assert webhook["send_resolved"] is True
