"""What fails in a runbook when it is needed is found before, at its line."""

import pytest
from tests.golden.test_helps_and_completion import ALL

from fairway.alerting.rule_files import shipped_rules
from fairway.cli.runbook import facts
from fairway.incidents.runbooks.facts import StepEffect
from fairway.incidents.runbooks.library import RunbookError, names, parse_runbook, shipped_runbooks
from fairway.incidents.runbooks.lint import lint_runbook, missing_runbooks
from fairway.operations.runbooks.command_effects import command_effect

RIGHT = """runbook: mine
about: Something is wrong.
severity: P1
note: An hour.
over: It is right again.
steps:
  - step: pause
    operation: pause
    request: {account: "{account}", reason: "runbook mine"}
    expect: The account opens nothing.
    verify: [{operation: caps, field: "accounts[*].may_open", equals: "false"}]
    timeout: 30s
  - step: decide
    person: Is it over?
    choices: {it is: end, it is not: next}
    expect: A person has decided.
    timeout: 10m
  - step: lift
    person: Is the cause removed?
    operation: lift
    request: {cap: paused, reason: "it is removed"}
    raises: true
    expect: The account may open positions.
    verify: [{field: is_done, equals: "true"}]
    timeout: 30s
"""


def found(old: str, new: str) -> list[str]:
    assert old in RIGHT
    written = parse_runbook(RIGHT.replace(old, new), file="mine.yaml")
    return [str(each) for each in lint_runbook(written, facts(), known=["mine", *names()], rules=shipped_rules())]


def test_a_right_one_has_no_mistakes() -> None:
    assert found("An hour.", "An hour.") == []


PAUSE = 'operation: pause\n    request: {account: "{account}", reason: "runbook mine"}'
VERIFY = 'verify: [{operation: caps, field: "accounts[*].may_open", equals: "false"}]'
WRONG = {
    "an unknown operation": (
        PAUSE,
        "operation: paws",
        "8:5: steps[0].operation: no operation is called",
    ),
    "an unknown field": (
        'reason: "runbook mine"}',
        'why: "x"}',
        "8:5: steps[0].operation: the operation pause does not take",
    ),
    "a field of a wrong type": ('reason: "runbook mine"}', "reason: x, everyone: perhaps}", "does not take everyone"),
    "a missing field": (', reason: "runbook mine"}', "}", "does not take reason"),
    "an unknown command": (PAUSE, "run: fairway paws {config}", 'Unknown command "paws"'),
    "an unknown option": (PAUSE, "run: fairway pause {config} --reason x --alle", "Unknown option: --alle"),
    "another program": (PAUSE, "run: rm -rf /", "is no command of Fairway"),
    "a command that stays": (PAUSE, "run: fairway up {config}", "runs until it is stopped"),
    "a command that changes people": (PAUSE, "run: fairway users add bob", "changes something other than exposure"),
    "a raising command without a word": (PAUSE, "run: fairway lift {config} paused --reason x", "raises exposure, and the step"),
    "an unknown placeholder": ("{account}", "{acount}", "{acount} is no placeholder"),
    "a gap": ("A person has decided.", "TBD", "'TBD' stands where something is still to be written"),
    "no verification": (
        'verify: [{operation: caps, field: "accounts[*].may_open", equals: "false"}]',
        "then: next",
        "no verification",
    ),
    "a check that compares nothing": (', equals: "false"', "", "compares nothing, so it could not fail"),
    "a check that changes": ("operation: caps", "operation: stop", "lowers exposure, and a check only reads"),
    "a check of a wrong path": ("accounts[*].may_open", "accounts[*", "is no part of a path"),
    "no timeout": ("    timeout: 10m\n", "", "has no timeout"),
    "a timeout of a day": ("timeout: 10m", "timeout: 24h", "is longer than an hour"),
    "a raising step without a person": ("    person: Is the cause removed?\n", "", "raises exposure, and asks no person"),
    "a raising step that hides it": ("    raises: true\n", "", "raises exposure, and the step does not say so"),
    "a step that is never reached": ("it is not: next", "it is not: stop", "the step lift is never reached"),
    "a target that is no step": ("it is not: next", "it is not: lifts", "'lifts' is no step; did you mean lift?"),
    "a target that leads back": ("it is not: next", "it is not: pause", "leads back"),
    "a runbook that is not there": ("it is not: next", "it is not: runbook nothing", "'runbook nothing' is no runbook"),
    "a person without choices": ("    choices: {it is: end, it is not: next}\n", "", "names no choices"),
    "a shown command that is wrong": (
        "Is it over?",
        "Type `fairway resum {config}`.",
        "resum {config}' would be refused",
    ),
    "an alert that no rule has": ("severity: P1", "severity: P1\nalerts: [none-such]", "no alert rule is called 'none-such'"),
    "an alert of another runbook": ("severity: P1", "severity: P1\nalerts: [drawdown]", "names the runbook drawdown"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_is_found_at_its_line(case: str) -> None:
    old, new, says = WRONG[case]
    problems = found(old, new)
    assert any(says in each for each in problems), problems
    assert all(each.split(":")[0].isdigit() for each in problems)


def test_a_p0_begins_with_the_step_that_lowers_exposure() -> None:
    text = RIGHT.replace("severity: P1", "severity: P0").replace(PAUSE, "operation: status")
    written = parse_runbook(text, file="mine.yaml")
    assert "7:5: steps[0]: does not lower exposure, and the runbook is for a P0" in str(lint_runbook(written, facts())[0])


def test_a_name_that_is_not_the_files_is_refused() -> None:
    with pytest.raises(RunbookError, match=r"other\.yaml:1:1: runbook: 'mine' is not the name"):
        parse_runbook(RIGHT, file="other.yaml")


@pytest.mark.parametrize("name", names())
def test_a_shipped_runbook_has_no_mistakes(name: str) -> None:
    assert lint_runbook(shipped_runbooks()[name], facts(), known=names(), rules=shipped_rules()) == []


def test_every_alert_rule_has_its_runbook_and_every_runbook_its_alert() -> None:
    assert missing_runbooks(shipped_rules(), names()) == []
    assert missing_runbooks(shipped_rules(), names()[1:]) == names()[:1]
    assert all(each.runbook.alerts for each in shipped_runbooks().values())


def test_what_every_command_does_to_exposure_is_known() -> None:
    unknown = [" ".join(words) for words in ALL if command_effect(f"fairway {' '.join(words)}") is StepEffect.UNKNOWN]
    assert unknown == []
    assert command_effect("fairway nonsense") is StepEffect.UNKNOWN
    assert command_effect("fairway metrics --serve 9464") is StepEffect.STAYS
