"""Nothing is told twice: not of several stages that ask one gate, and not by two rules about one cause."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.pure.launch.lint.drafts import SOUND, changed, check, findings, stages
from tests.pure.launch.lint.test_each_rule import CASES

from fairway.launch.plan import shipped
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.linter import Finding, lint, named
from fairway.launch.plan.lint.port import rules
from fairway.launch.plan.load import PlanError, Written, parse
from fairway.texts.located_yaml import Path, Tree

TEXTS = [*(case[0] for case in CASES.values()), *map(shipped.text, shipped.names())]
WORDS = ("0 %", "100 %", "1ms", "9999w", "0 USD", "1 USD", "all", "[]", "TBD", "1", "7d", "live", "nothing", "flatten", "uptime")


def told_twice(written: Written, found: list[Finding]) -> list[str]:
    """Names that stand twice, values of which two rules tell, and what is told beside what says more."""
    tree = written.composed.tree
    values = {named(path, tree) for path in written.composed.places if not isinstance(_at(tree, path), dict | list)}
    told = [each for each in found if not each.accepted]
    names, places = Counter(each.name for each in found), Counter(each.place for each in told)
    twice = [*(name for name, n in names.items() if n > 1), *(place for place, n in places.items() if n > 1 and place in values)]
    less = [each.name for each in told for rule in rules() if rule.name == each.rule
            for other in told if other.rule in rule.yields_to and other.place == each.place]  # fmt: skip
    return [*twice, *less]


def _at(tree: Tree, path: Path) -> Tree:
    for part in path:
        tree = tree[part]  # type: ignore[index]
    return tree


@pytest.mark.parametrize("rule", CASES)
def test_the_case_of_a_rule_is_told_once(rule: str) -> None:
    written = parse(CASES[rule][0])
    assert told_twice(written, findings(CASES[rule][0])) == []


@settings(max_examples=40, deadline=None)
@given(some.sampled_from(TEXTS), some.data())
def test_nothing_is_told_twice_of_any_plan(text: str, data: some.DataObject) -> None:
    """Values are put where others stood, lines are lost, and others stand twice."""
    lines = text.splitlines()
    for _ in range(data.draw(some.integers(1, 5))):
        at = data.draw(some.integers(0, len(lines) - 1))
        key, colon, value = lines[at].partition(": ")
        word = data.draw(some.sampled_from([*WORDS, value, ""]))
        lines[at] = f"{key}{colon}{word}" if colon else word
    try:
        written = parse("\n".join(lines))
    except PlanError:
        return
    assert told_twice(written, lint(Draft(written))) == []


def three(gate: str) -> str:
    """A plan of which two stages take over a gate of the first."""
    each = "{{name: {}, limits: {{mode: testnet}}, stay: {{at_least: 1d, at_most: {}}}, gates: [{}]}}"
    rows = ", ".join(each.format(*it) for it in (("a", "2d", gate), ("b", "3d", "{use: a}"), ("c", "4d", "{use: b}")))
    return changed(stages=f"[{rows}]", timeline="[]")


def test_a_gate_that_is_taken_over_is_told_once_with_what_each_stage_brings() -> None:
    text = three("{name: sure, gate: proportion, of: order_success, at_least: 99 %}")
    told = [each for each in findings(text) if each.rule == "undecidable"]
    assert [each.place for each in told] == ["stages[a].gates[sure]"]
    for come in ("stage a 80 come in 2d; ", "stage b 120 come in 3d; ", "stage c 160 come in 4d"):
        assert come in told[0].what


def test_a_loss_without_a_bound_is_told_by_the_graver_rule_alone() -> None:
    text = SOUND.replace("95 %}]", "95 %, strength: not_disproven, at_least_n: 30}]").replace(", loss: 20 USD", "")
    told = [each.rule for each in findings(text) if "loss has no bound" in each.what or "may lose in all" in each.what]
    assert told == ["unbounded-regret"]


def test_the_milder_rule_still_tells_what_the_graver_one_does_not() -> None:
    text = SOUND.replace("95 %}]", "95 %, strength: not_disproven, at_least_n: 30}]")
    text = text.replace("capital: 100 USD, loss: 20 USD", "positions: 1")
    assert check(text, "unbounded-loss").what == "live bounds neither its capital nor how many users bring theirs"
    assert check(text, "unbounded-regret")


def test_an_accepted_finding_hides_no_other() -> None:
    """The plan has answered that one alone; and an acceptance of what is hidden is no idle one."""
    gap = "{target: TBD, keep: 7d}"
    assert [each.rule for each in findings(changed(rollback=gap)) if each.place == "rollback.target"] == ["to-be-defined"]
    accept = "[{finding: 'nothing-proven stages[first]', reason: it is a pause}]"
    told = [each for each in findings(changed(stages=stages(), accept=accept)) if each.place == "stages[first]"]
    assert [(each.rule, bool(each.accepted)) for each in told] == [("nothing-proven", True), ("unseen-orders", False)]
    accept = "[{finding: 'unseen-orders stages[first]', reason: it is a pause}]"
    told = [each for each in findings(changed(stages=stages(), accept=accept)) if each.place == "stages[first]"]
    assert [(each.rule, bool(each.accepted)) for each in told] == [("nothing-proven", False), ("unseen-orders", True)]


def test_each_rule_yields_to_rules_that_there_are() -> None:
    known = {rule.name for rule in rules()}
    assert {name for rule in rules() for name in rule.yields_to} <= known
