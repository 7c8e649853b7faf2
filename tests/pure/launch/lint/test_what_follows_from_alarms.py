"""Answers that cannot work, alarms of which nobody hears, means without a tail, and advice that never lets more be risked."""

import pytest
from tests.pure.launch.lint.drafts import SOUND, changed, check, findings, quiet, stages
from tests.pure.launch.lint.more_cases import limited, money


def alarm(keys: str) -> str:
    return changed(alarms=f"[{{name: a, {keys}}}]")


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ("of: order_success, above: 5 %, does: flatten", "an order that closes is refused like any other"),
        ("of: order_success, above: 5 %, does: unwind, cause: runaway orders", "an order that closes is refused like any other"),
        ("of: venue_api, above: 5 %, does: flatten", "an order that closes is refused like any other"),
        ("of: data_age, above: 60 s, does: flatten", "the price is not known"),
        ("of: db_ok, above: 5 %, does: flatten", "the sale could not be written down"),
        ("of: reconciled, above: 0 %, does: flatten", "how much is held is not known"),
    ],
)
def test_no_alarm_sells_where_a_sale_cannot_work_whatever_its_cause_says(keys: str, why: str) -> None:
    found = check(alarm(keys), "blind-sale", why)
    assert found.refuses
    assert found.mend.startswith("reduce only")
    quiet(alarm(keys.replace("does: flatten", "does: kill").replace("does: unwind", "does: reduce only")), "blind-sale")


def test_an_alarm_on_losses_may_sell() -> None:
    quiet(alarm("of: trade_pnl_r, below: -5 R, each: account, does: flatten, cause: losing"), "blind-sale")


def test_a_budget_and_a_stage_sell_no_more_than_an_alarm() -> None:
    def budget(does: str, of: str = "order_success") -> str:
        burn = f"{{spent: 10 %, within: 1d, does: {does}}}"
        return changed(objectives=f"[{{name: o, of: {of}, at_least: 99 %, within: 30d, burns: [{burn}]}}]")

    assert check(budget("flatten"), "blind-sale", "the answer to a bad order_success is flatten").refuses
    quiet(budget("reduce only"), "blind-sale")
    quiet(budget("flatten", "uptime"), "blind-sale")
    stage = SOUND.replace("    stay: {at_least: 7d", "    on_fail: flatten\n    stay: {at_least: 7d")
    assert check(stage, "blind-sale", "the answer to a failure of success (order_success) is flatten").refuses
    quiet(stage.replace("on_fail: flatten", "on_fail: kill"), "blind-sale")


def runbook(when: str, options: str) -> str:
    return changed(runbooks=f"[{{when: {when}, run: [fairway kill fairway.yaml --reason it {options}]}}]")


@pytest.mark.parametrize(
    ("when", "options", "cause"),
    [
        ("cannot place orders", "--flatten", "cannot place orders"),
        ("position mismatch", "--flatten", "position mismatch"),
        ("orders fail", "--cause cannot-place --flatten", "cannot place orders"),
    ],
)
def test_no_runbook_sells_where_no_order_can_be_placed(when: str, options: str, cause: str) -> None:
    found = check(runbook(when, options), "blind-sale", f"sells where the cause is {cause}")
    assert found.refuses
    assert found.place == f"runbooks[{0}].run[0]"
    quiet(changed(runbooks=f"[{{when: {when}, run: ['{found.mend}']}}]"), "blind-sale")
    assert not [each for each in findings(changed(runbooks=f"[{{when: a, run: ['{found.mend}']}}]")) if each.refuses]


def test_a_runbook_for_losses_may_sell() -> None:
    quiet(runbook("it loses", "--cause loss --flatten"), "blind-sale")


def test_an_alarm_that_acts_and_tells_nobody_is_heard_of_by_a_message_alone() -> None:
    def acts(does: str, at: str) -> str:
        text = f"[{{name: a, of: data_age, above: 60 s, tells: none, does: {does}}}]"
        return changed(alarms=text, say=f"[{{to: team, by: chat, at: [{at}]}}]")

    found = check(acts("reduce only", "start"), "unheard-alarm", "no message of say is sent where it does reduce only")
    assert not found.refuses
    for does, at in (("reduce only", "held"), ("hold", "held"), ("kill", "incident"), ("previous stage", "every move")):
        quiet(acts(does, at), "unheard-alarm")
    check(acts("previous stage", "held"), "unheard-alarm")


def test_a_budget_that_nobody_is_told_of_is_unheard() -> None:
    def burns(tells: str) -> str:
        burn = f"{{spent: 10 %, within: 1d, tells: {tells}}}"
        return changed(objectives=f"[{{name: o, of: uptime, at_least: 99 %, within: 30d, burns: [{burn}]}}]")

    check(burns("none"), "unheard-alarm", "10 % of the budget of o is spent, and no person gets a message")
    quiet(burns("ticket"), "unheard-alarm")


MEAN = (
    "{{name: m, gate: mean, of: order_ack, at_most: 800 ms, tail: {{q: {}, at_most: {}}}, "
    "strength: not_disproven, at_least_n: 30}}"
)


@pytest.mark.parametrize(
    ("q", "at_most", "is_empty"),
    [("99 %", "2400 ms", False), ("60 %", "2 s", True), ("99 %", "80 s", True), ("99 %", "79 s", False)],
)
def test_a_tail_that_follows_from_the_mean_is_none(q: str, at_most: str, is_empty: bool) -> None:
    """At most a hundredth is above a hundred times the mean, whatever the gate says of it."""
    text = changed(stages=stages(MEAN.format(q, at_most)))
    if is_empty:
        found = check(text, "mean-without-tail", f"bounds the mean at 800 ms, and {q} of all at")
        assert found.mend == "tail: {q: 99 %, at_most: 2400 ms}"
        beside = "{name: q, gate: quantile, of: order_ack, q: 99 %, at_most: 3 s, strength: not_disproven, at_least_n: 30}"
        quiet(changed(stages=stages(MEAN.format(q, at_most), beside)), "mean-without-tail")
    else:
        quiet(text, "mean-without-tail")


def test_the_tail_of_an_objective_must_say_something_too() -> None:
    def objective(tail: str) -> str:
        return changed(objectives=f"[{{name: o, of: order_ack, mean: 800 ms, {tail}, within: 1d}}]")

    assert check(objective("at_most: 2 s, share: 50 %"), "mean-without-tail").refuses
    quiet(objective("at_most: 2 s, share: 99 %"), "mean-without-tail")
    quiet(objective("at_most: 80 s"), "mean-without-tail")


def test_a_window_must_bring_what_its_gate_waits_for() -> None:
    """So many come in the stage, and not in the window that slides through it."""
    gate = "{{name: g, gate: proportion, of: order_success, at_least: 95 %, strength: not_disproven, at_least_n: {}, over: 1d}}"
    found = check(changed(stages=stages(gate.format(41))), "undecidable", "40 come in 24h")
    assert found.mend == "over: stage"
    quiet(changed(stages=stages(gate.format(40))), "undecidable")


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("capital: 500 USD", "capital: 100 USD"),
        ("users: 10", "users: 5"),
        ("symbols: all", "symbols: [BTC/USDT]"),
        ("daily_loss: 3 %", "daily_loss: 2 %"),
        ("positions: 3, http_weight: 50 %", "positions: 3, http_weight: 10 %"),
        ("positions: 3", "positions: 3, drawdown: 5 %"),
    ],
)
def test_who_follows_the_advice_on_a_limit_that_shrinks_risks_no_more(wide: str, narrow: str) -> None:
    """The advice names the smaller value, and the earlier stage."""
    found = check(limited(f"loss: 20 USD, {wide}", f"loss: 20 USD, {narrow}"), "shrinking")
    key, _, value = narrow.rpartition(", ")[2].partition(": ")
    assert found.mend == f"{key}: {value} or narrower in a, too"
    quiet(limited(f"loss: 20 USD, {narrow}", f"loss: 20 USD, {narrow}"), "shrinking")


@pytest.mark.parametrize(
    ("text", "rule", "mend"),
    [
        (alarm("of: venue_api, below: 99 %"), "loose-alarm", "above: 0.5 % or less"),
        (limited("capital: 100 USD, order_value: 500 USD"), "senseless-limit", "order_value: 100 USD or less"),
        (limited("users: 2, users_a_day: 3"), "senseless-limit", "users_a_day: 2 or fewer"),
        (
            changed(
                probes="[{name: api, of: http_ok, asks: GET http://127.0.0.1/prices, every: 1h}]",
                stages=stages("{name: answers, gate: proportion, of: http_ok, at_least: 95 %}"),
            ),
            "slow-probe",
            "every: 5m in the probe api",
        ),
    ],
)
def test_advice_goes_to_the_careful_side(text: str, rule: str, mend: str) -> None:
    assert check(text, rule).mend == mend


def test_no_advice_lowers_a_bar() -> None:
    found = check(changed(expects="{order_success: 2/d}"), "undecidable")
    assert "lower bar" not in found.mend


def test_a_stage_that_is_killed_by_its_gates_is_no_sale() -> None:
    quiet(money("stay: {at_least: 7d}, on_fail: kill"), "blind-sale")
