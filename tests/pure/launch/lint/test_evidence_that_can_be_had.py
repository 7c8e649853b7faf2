"""A plan asks only for evidence that something can produce, when it can be produced, and that lasts until it is asked for."""

import pytest
from tests.pure.launch.lint.drafts import SOUND, changed, check, quiet, stages

DRILL = "{name: kill, gate: drill, drill: kill-drill, max_age: %s}"
THREE = """
  - {name: a, limits: {mode: testnet}, stay: {at_least: 2d}}
  - {name: b, limits: {mode: testnet}, stay: {at_least: 3d}}
  - {name: c, limits: {mode: live, capital: 100 USD, loss: 20 USD}, stay: {at_least: 1d}}"""


def items(*written: str) -> str:
    return f"[{', '.join(written)}]"


@pytest.mark.parametrize(
    ("item", "what"),
    [
        ("{id: alerts-fire, text: all alarms were heard, need: observed in a drill}", "is `machine artifact`"),
        ("{id: key-no-withdraw, text: no key can, need: observed in a drill}", "is `machine artifact`"),
        ("{id: backup, text: it was backed up, need: observed in production}", "is `machine artifact`"),
        ("{id: restore, text: it was restored, need: observed in production}", "is `observed in a drill`"),
    ],
)
def test_what_nothing_can_show_is_refused_and_no_plan_accepts_it(item: str, what: str) -> None:
    name = item.removeprefix("{id: ").partition(",")[0]
    accept = f"[{{finding: 'unproducible-evidence checklist[{name}].need', reason: the loss is bounded at 20 USD}}]"
    found = check(changed(checklist=items(item), accept=accept), "unproducible-evidence", "nothing can produce", what)
    assert found.refuses
    assert found.mend.startswith("need: ")


@pytest.mark.parametrize(
    "claim", ["kill-drill", "restart-with-position", "restore", "gates-proven", "rollback", "pilot-death", "limits"]
)
def test_what_fairway_shows_itself_may_be_asked_for(claim: str) -> None:
    asked = stages(f"{{name: drills, gate: checklist, items: [{claim}]}}")
    drill = f"{{id: {claim}, text: it was done, need: observed in a drill, expires: 28d}}"
    quiet(changed(checklist=items(drill), entry="[]", stages=asked), "unproducible-evidence")


def test_a_kill_in_production_may_be_asked_for_where_real_money_is_traded() -> None:
    item = "{id: kill-drill, text: it was killed, need: observed in production, expires: 28d}"
    quiet(changed(checklist=items(item)), "unproducible-evidence")
    paper = "[{name: only, limits: {mode: testnet}, stay: {at_least: 1h}}]"
    check(changed(checklist=items(item), stages=paper, timeline="[]"), "unproducible-evidence", "is `observed in a drill`")


def test_a_gate_for_a_drill_that_nothing_carries_out_is_refused() -> None:
    gate = "{name: limits, gate: drill, drill: limit-drill, max_age: 7d}"
    signed = items("{id: limit-drill, text: an order above each limit was refused, need: attested file, expires: 7d}")
    found = check(changed(stages=stages(gate), checklist=signed), "unproducible-evidence", "for limit-drill")
    assert found.place == "stages[first].gates[limits].drill"


def test_a_restart_with_a_position_is_not_asked_for_before_there_can_be_one() -> None:
    """Nothing is held before the first stage; an item that no gate names is asked for then, too."""
    item = items("{id: restart-with-position, text: it was restarted, need: observed in a drill, expires: 28d}")
    for entry in ("[{name: ready, gate: checklist}]", "[]"):
        check(changed(checklist=item, entry=entry), "unproducible-evidence", "takes a position, and it is asked for before")


@pytest.mark.parametrize(("expires", "is_refused"), [("5d", True), ("6d", False)])
def test_a_kill_drill_lasts_from_before_the_first_stage_to_the_last_promotion(expires: str, is_refused: bool) -> None:
    """A kill takes the launch back to its smallest stage, so it is not done again on the way."""
    text = changed(stages=THREE, timeline="[]").replace("expires: 7d", f"expires: {expires}")
    if is_refused:
        found = check(text, "lapsing-evidence", "kill-drill expires after 5d, and is asked for until 5d after main has begun")
        assert (found.mend, found.refuses) == ("expires: 10d", True)
    else:
        quiet(text, "lapsing-evidence")


def test_a_gate_in_the_last_stage_asks_at_its_end() -> None:
    last = THREE.replace("stay: {at_least: 1d}", f"stay: {{at_least: 1d}}, gates: [{DRILL % '6d'}]")
    text = changed(stages=last, timeline="[]").replace("expires: 7d", "expires: 28d")
    found = check(text, "lapsing-evidence", "kill-drill expires after 6d, and is asked for until 6d")
    assert found.place == "stages[c].gates[kill].max_age"


def test_what_can_be_brought_again_may_be_short_lived() -> None:
    item = items("{id: smoke, text: the smoke test passed, need: machine artifact, expires: 1h}")
    quiet(changed(checklist=item, stages=THREE, timeline="[]"), "lapsing-evidence")


@pytest.mark.parametrize(("item", "is_refused"), [("smoke", True), ("key-no-withdraw", False)])
def test_one_person_alone_needs_evidence_that_outlasts_the_night_between_two_words(item: str, is_refused: bool) -> None:
    """What the trader tells by itself voids no approval; what is brought does."""
    alone = "{need: {owner: 2}, alone: {after: 12h, capital: 50 USD}, expires: 24h}"
    text = changed(checklist=items(f"{{id: {item}, text: it is so, need: machine artifact, expires: 12h}}"), approvals=alone)
    if is_refused:
        assert check(text, "early-expiry", "smoke counts for 12h, and the two words that let").refuses
    else:
        quiet(text, "early-expiry")


def test_an_item_that_no_gate_asks_for_is_named_and_counts_at_once() -> None:
    found = check(SOUND.replace("entry: [{name: ready, gate: checklist}]\n", ""), "unasked-item", "no gate asks for kill-drill")
    assert found.mend == "entry: [{name: ready, gate: checklist, items: [kill-drill]}]"
    assert not found.refuses
    quiet(changed(entry="[]", stages=stages(DRILL % "7d")), "unasked-item")
