"""Names that are wrong in independent places are told at once, beside what could not be read; what follows from that is not."""

import pytest
from tests.pure.launch.lint.drafts import SOUND, changed, stages

from fairway.launch.plan.lint.names_of_damaged_plans import with_names
from fairway.launch.plan.load import PlanError, parse
from fairway.texts.problems import Problem

SEVEN = """\
plan: seven
about: Wrong names in independent places.
author: ann
approvals: {need: {owner: 1}}
guards: [dayly loss, drawdown, unknown worth, edge health, losses in a row, position loss, runaway rate]
expects: {order_sucess: 40/d}
baselines: [{name: calm, stage: tesnet, of: [order_ack]}]
checklist: [{id: kill-drill, text: a kill was seen, need: observed in a drill, expires: 7d, waivable: false}]
stages:
  - name: testnet
    limits: {mode: testnet}
    stay: {at_least: 3d, at_most: 14d}
    gates:
      - {name: success, gate: proportoin, of: order_success, at_least: 95 %, strength: proven}
      - {name: books, gate: invariant, of: tied_uot}
      - {name: ready, gate: checklist, items: [kil-drill]}
      - {name: slow, gate: regression, of: order_ack, against: clam}
    on_fail: previus stage
  - name: money
    limits: {mode: live, capital: 100 USD, loss: 20 USD, daily_loss: 3 %}
    approve: {ownr: 1}
    stay: {at_least: 14d, at_most: 60d}
    gates:
      - use: tesnet
      - use: testent
rollback: {target: tesstnet, keep: 30d}
"""


def told(text: str) -> list[Problem]:
    with pytest.raises(PlanError) as caught:
        parse(text)
    return list(with_names(caught.value).problems)


def keys(text: str) -> list[str]:
    return [each.key for each in told(text)]


def test_wrong_names_in_independent_places_are_told_at_once_with_the_right_ones() -> None:
    assert [(each.line, each.key, each.example) for each in told(SEVEN)] == [
        (5, "guards[0]", "daily loss"),
        (6, "expects.order_sucess", "order_success"),
        (7, "baselines[0].stage", "stage: testnet"),
        (14, "stages[0].gates[0].gate", "gate: proportion"),
        (15, "stages[0].gates[1].of", "of: tied_out"),
        (16, "stages[0].gates[2].items[0]", "kill-drill"),
        (17, "stages[0].gates[3].against", "against: calm"),
        (18, "stages[0].on_fail", "on_fail: previous stage"),
        (21, "stages[1].approve.ownr", "approve: {owner: 1}"),
        (24, "stages[1].gates[0].use", "use: testnet"),
        (25, "stages[1].gates[1].use", "use: testnet"),
        (26, "rollback.target", "target: testnet"),
    ]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (SOUND.replace("mode: live, capital", "mode: lvie, capital"), "stages[1].limits.mode"),
        (SOUND.replace("{at_least: 7d, at_most: 30d}", "{at_least: 7, at_most: 30d}"), "stages[1].stay.at_least"),
        (SOUND.replace("need: observed in a drill", "need: a tick"), "checklist[0].need"),
        (SOUND.replace("{owner: 1, risk: 1}", "{owner: one, risk: 1}"), "approvals.need.owner"),
        (SOUND.replace("checklist: [", "checklst: ["), "checklst"),
        (SOUND.replace("who: {", "woh: {"), "approvals.woh"),
        (SOUND.replace("author: ann\n", ""), "author"),
        (changed(probes="[{name: a, of: lag, asks: METRIC lag at http://127.0.0.1/metrics, every: 1m}]",
                 alarms="[{name: a, of: consumer_lag, above: '9', heartbeat: 15m}]"), "probes[0].of"),
        (changed(rollback="{target: blue, keep: 7d, software: start blue}"), "rollback.software"),
        (changed(rollback="{target: blue, keep: 7}"), "rollback.keep"),
    ],
)  # fmt: skip
def test_one_mistake_in_a_sound_plan_is_told_alone(text: str, key: str) -> None:
    """Nothing is told that only follows from it."""
    text = text.replace("gate: checklist}", "gate: checklist, items: [kill-drill]}")
    assert keys(text) == [key]


def test_where_a_stages_name_cannot_be_read_nobody_says_what_refers_to_it() -> None:
    assert keys(SOUND.replace("name: live", "name: li ve").replace("kill-drill", "kil-drill")) == ["stages[1].name"]


def test_a_gate_that_cannot_be_read_hides_no_other() -> None:
    gates = stages("{name: a, gate: [b]}", "{gate: invariant, of: tied_out}", "{name: c, gate: invariant, of: tied_uot}")
    assert keys(changed(stages=gates)) == ["stages[0].gates[0].gate", "stages[0].gates[1].name", "stages[0].gates[2].of"]


def test_a_mistake_behind_another_one_is_told_with_it() -> None:
    """A check of a whole section is not made while a part of it cannot be read; those of other sections are."""
    text = SOUND.replace("{at_least: 7d, at_most: 30d}", "{at_least: 7d, at_most: 3d}").replace("mode: live, cap", "mode: x, cap")
    probe = "{name: a, of: http_ok, asks: GET http://127.0.0.1/a, every: 1m}"
    text = text.replace("probes: [", f"probes: [{probe}, {probe}, ")
    assert keys(text) == ["probes[1].name", "stages[1].limits.mode", "stages[1].stay.at_most"]
