"""The page of alerts says what the code does, and its example is read as it stands."""

import re
from pathlib import Path

from scripts.alerts_table import PAGE, page, parts
from tests.prometheus_tools import checked
from tests.pure.alerting.test_prometheus_lane import exposition, names_in

from fairway.alerting.prometheus_rules import files_of
from fairway.alerting.rule_files import parse_rules, problems_of_set, shipped_rules


def test_the_tables_of_alerts_are_current() -> None:
    text = PAGE.read_text()
    assert page(text) == text, "run .venv/bin/python -m scripts.alerts_table"
    assert all(each in text for each in parts().values())


def test_every_rule_has_a_row() -> None:
    text = PAGE.read_text()
    assert [rule.name for rule in shipped_rules() if f"| `{rule.name}`" not in text] == []


def test_the_example_of_a_rule_of_ones_own_is_read() -> None:
    example = re.search(r"```yaml\n(rules:.*?)```", PAGE.read_text(), re.DOTALL)
    assert example is not None
    rules = parse_rules(example[1])
    assert problems_of_set([*shipped_rules(), *rules]) == []


HOW_TO = PAGE.parents[1] / "how-to" / "connect-prometheus.md"


def blocks() -> dict[str, str]:
    """The YAML of the how-to, by the file that its first line names."""
    found = re.findall(r"```yaml\n# ([\w./-]+)[^\n]*\n(.*?)```", HOW_TO.read_text(), re.DOTALL)
    return dict(found)


def test_prometheus_accepts_the_files_of_the_how_to(tmp_path: Path) -> None:
    written = blocks()
    (tmp_path / "fairway").mkdir()
    for name, text in files_of(shipped_rules()).items():
        (tmp_path / "fairway" / name).write_text(text)
    for name in ("prometheus.yml", "fairway-up.rules.yaml", "alertmanager.yaml"):
        (tmp_path / name).write_text(written[name])
    for words in (
        ("promtool", "check", "config", tmp_path / "prometheus.yml"),
        ("promtool", "check", "rules", tmp_path / "fairway-up.rules.yaml"),
        ("amtool", "check-config", tmp_path / "alertmanager.yaml"),
    ):
        done = checked(str(words[0]), *words[1:])
        assert done.returncode == 0, done.stderr


def test_the_queries_of_the_panels_are_of_names_that_are_exposed() -> None:
    queries = re.findall(r"^\| [^|`]+ \| `(.+?)` \|", HOW_TO.read_text(), re.MULTILINE)
    shown = exposition()
    names = {name for query in queries for name in re.findall(r"fairway_\w+", query)}
    assert len(queries) == 8
    assert names <= set(shown)
    for query in queries:
        for name, labels in names_in(query).items():
            assert name == "ALERTS" or labels <= shown[name], query
