"""A value is looked up and compared; what is unknown never holds."""

from collections.abc import Mapping
from typing import Any

import pytest

from fairway.incidents.runbooks.answer_lines import LINES_MAX, answer_lines
from fairway.incidents.runbooks.answers import StepAnswer, compared, values_at
from fairway.incidents.runbooks.filling import RunbookValues, command_words
from fairway.incidents.runbooks.runbook import RunbookCheck

DOCUMENT = {
    "safe_mode": "",
    "children": [{"name": "trader", "state": "ready", "crashes": 2}, {"name": "pilot", "state": "failed", "crashes": 0}],
    "kills": {"ann1": [{"reason": "a loss"}], "bob1": []},
}


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("safe_mode", [""]),
        ("children[*].state", ["ready", "failed"]),
        ("children[name=pilot].state", ["failed"]),
        ("kills[*][*].reason", ["a loss"]),
        ("children[*].nothing", []),
        ("nothing.at_all", []),
    ],
)
def test_values_are_found_by_their_path(path: str, values: list[object]) -> None:
    assert values_at(DOCUMENT, path) == values


@pytest.mark.parametrize(
    ("check", "holds"),
    [
        ({"field": "children[*].state", "equals": "ready"}, False),
        ({"field": "children[name=trader].state", "equals": "ready"}, True),
        ({"field": "children[*].state", "one_of": ("ready", "failed")}, True),
        ({"field": "children[*].state", "not_equal": "failed"}, False),
        ({"field": "safe_mode", "equals": "nothing"}, True),
        ({"field": "children[name=trader].crashes", "at_most": "1"}, False),
        ({"field": "children", "at_least": "2"}, True),
        ({"field": "children[name=trader].name", "at_least": "1"}, False),
        ({"field": "nothing", "equals": "ready"}, False),
        ({"field": "nothing", "equals": "ready", "may_be_empty": True}, True),
        ({"exit": "0"}, True),
        ({"exit": "1"}, False),
    ],
)
def test_a_value_is_compared_as_the_check_says(check: Mapping[str, Any], holds: bool) -> None:
    assert compared(RunbookCheck(**check), StepAnswer(document=DOCUMENT, exit=0)).holds is holds


def test_a_trouble_holds_nothing() -> None:
    check = RunbookCheck(field="nothing", equals="ready", may_be_empty=True)
    assert compared(check, StepAnswer(trouble="it did not answer")).what == "it did not answer"
    assert not compared(check, StepAnswer(trouble="it did not answer")).holds


def test_an_answer_is_shown_in_lines() -> None:
    assert answer_lines(DOCUMENT) == (
        "children: name=trader, state=ready, crashes=2",
        "children: name=pilot, state=failed, crashes=0",
        "kills: ann1: reason=a loss",
    )
    assert len(answer_lines({"many": list(range(1000))})) == LINES_MAX


def test_an_option_without_a_value_is_left_out() -> None:
    values = RunbookValues(config="my bot.yaml")
    assert command_words("fairway status {config} --account {account} --json", values) == (
        "fairway",
        "status",
        "my bot.yaml",
        "--json",
    )
