"""What does not fit together in a plan is found: each with a plan beside it that is right."""

import pytest
from tests.pure.launch.lint.drafts import SOUND, changed, check, findings, quiet, stages
from tests.pure.launch.lint.more_cases import ALONE, GATE, MORE, baseline, limited, money, tracks

REFUSED = ("short-window", "idle-limit", "two-writers", "waits-for-itself", "asks-less", "capital-leap", "missing-baseline",
           "never-sounds", "nothing-opens", "hasty-heartbeat", "no-approval")  # fmt: skip


@pytest.mark.parametrize("rule", MORE)
def test_a_plan_with_the_mistake_alone_is_found(rule: str) -> None:
    text, words = MORE[rule]
    found = check(text, rule, words)
    assert found.refuses == (rule in REFUSED)


UP = "{{name: up, gate: timeslices, of: uptime, at_least: 99 %, {}}}"


@pytest.mark.parametrize(
    ("keys", "is_found"),
    [("over: 7d", False), ("over: 6d, sustain: 1d", False), ("over: 6d, sustain: 2d", True), ("sustain: 8d", True)],
)
def test_a_window_must_fit_into_the_longest_stay_of_its_stage(keys: str, is_found: bool) -> None:
    text = changed(stages=stages(UP.format(keys)))
    if is_found:
        assert check(text, "short-window").mend.startswith("stay.at_most: 8d")
    else:
        quiet(text, "short-window")


def test_a_stage_without_a_longest_stay_fills_any_window_in_the_end() -> None:
    quiet(changed(stages=stages(UP.format("over: 14d"), stay="{at_least: 1d}")), "short-window")


def test_a_person_must_look_before_the_stage_is_over() -> None:
    text = SOUND.replace("at_most: 7d}\n", "at_most: 7d}\n    review: 8d\n", 1)
    assert "a person looks every 8d: never" in check(text, "short-window").what
    quiet(text.replace("review: 8d", "review: 7d"), "short-window")


@pytest.mark.parametrize(
    ("limits", "is_found"),
    [
        ("capital: 100 USD, loss: 20 USD, daily_loss: 20 %", False),
        ("capital: 100 USD, loss: 20 USDT, daily_loss: 21 %", True),
        ("capital: 100 USD, loss: 20 USD, drawdown: 21 %", True),
        ("capital: 1000 USD, capital_per_user: {at_most: 100 USD}, loss: 20 USD, daily_loss: 20 %", False),
        ("capital_per_user: {at_most: 100 USD}, loss: 20 USD, daily_loss: 25 %", True),
        ("loss: 20 USD, daily_loss: 90 %", False),
        ("loss: 20 USD, daily_loss: 9 %, drawdown: 8 %", True),
        ("loss: 20 USD, daily_loss: 8 %, drawdown: 8 %", False),
    ],
)
def test_a_limit_of_a_day_counts_before_those_of_the_stage(limits: str, is_found: bool) -> None:
    text = limited(limits)
    if is_found:
        assert check(text, "idle-limit").refuses
    else:
        quiet(text, "idle-limit")


def test_requests_may_be_split_beside_the_one_track_of_capital() -> None:
    quiet(tracks("splits: http_weight", "splits: http_weight", "splits: capital"), "two-writers")


def test_a_circle_of_tracks_is_told_once_and_a_row_of_them_is_right() -> None:
    circle = tracks("splits: http_weight, after: y/s", "splits: http_weight, after: z/s", "splits: capital, after: x/s")
    assert [each.what for each in findings(circle) if each.rule == "waits-for-itself"] == [
        "x waits for y waits for z waits for x: none of them begins"
    ]
    row = tracks("splits: http_weight", "splits: http_weight, after: x/s", "splits: capital, after: y/s")
    quiet(row, "waits-for-itself")


def two(first: str, second: str, wider: str = "200 USD") -> str:
    """Two stages with real money, of which the second risks more."""
    return money(
        f"limits: {{mode: live, capital: 100 USD, loss: 20 USD}}, {first}",
        f"limits: {{mode: live, capital: {wider}, loss: 20 USD}}, {second}",
    )


def gates(*written: str) -> str:
    return f"stay: {{at_least: 7d, at_most: 30d}}, gates: [{', '.join(written)}]"


SURE = "{{name: g, gate: proportion, of: order_success, at_least: {}}}"
FREE = "{{name: g, gate: proportion, of: order_success, at_least: 95 %, strength: not_disproven, at_least_n: {}}}"
WAYS = "{{name: g, gate: coverage, paths: {{{}}}}}"
TAIL = "{{name: g, gate: quantile, of: order_ack, q: {}, at_most: {}}}"


@pytest.mark.parametrize(
    ("first", "second", "key"),
    [
        (gates(SURE.format("95 %")), gates(SURE.format("90 %")), "gates[g].at_least"),
        (gates(SURE.format("95 %")), gates(FREE.format(30)), "gates[g].strength"),
        (gates(FREE.format(100)), gates(FREE.format(30)), "gates[g].at_least_n"),
        (gates(WAYS.format("open: 5, close: 5")), gates(WAYS.format("open: 5, close: 1")), "gates[g].paths"),
        (gates(TAIL.format("95 %", "500 ms")), gates(TAIL.format("95 %", "1 s")), "gates[g].at_most"),
        ("stay: {at_least: 14d}", "stay: {at_least: 7d}", "stay.at_least"),
        ("stay: {at_least: 7d}, approve: {owner: 1, risk: 2}", "stay: {at_least: 7d}", ""),
        ("stay: {at_least: 7d}", "stay: {at_least: 7d}, approve: {owner: 1}", "approve"),
        ("stay: {at_least: 7d}, on_fail: kill", "stay: {at_least: 7d}, on_fail: hold", "on_fail"),
    ],
)
def test_who_risks_more_must_not_ask_for_less(first: str, second: str, key: str) -> None:
    approvals = "approvals: {need: {owner: 1, risk: 1}, who: {owner: [olga, omar], risk: [ravi, rita, rosa]}}"
    lines = [approvals if each.startswith("approvals:") else each for each in two(first, second).splitlines()]
    found = check("\n".join(lines), "asks-less")
    assert found.place == (f"stages[b].{key}" if key else "stages[b]")
    quiet("\n".join(lines).replace("200 USD", "100 USD"), "asks-less")  # it risks no more


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (gates(FREE.format(100)), gates(SURE.format("95 %"))),
        (gates(SURE.format("95 %")), gates(SURE.format("90 %"), SURE.format("99 %").replace("name: g", "name: h"))),
        (gates(TAIL.format("95 %", "500 ms")), gates(TAIL.format("99 %", "2 s"))),
        (gates(WAYS.format("open: 5")), gates(WAYS.format("open: 1, close: 5"))),
        ("stay: {at_least: 7d}, approve: {owner: 2}", "stay: {at_least: 7d}, approve: {owner: 1, risk: 1}"),
        ("stay: {at_least: 7d}, on_fail: hold", "stay: {at_least: 7d}"),
    ],
)
def test_who_asks_for_something_else_does_not_ask_for_less(first: str, second: str) -> None:
    quiet(two(first, second), "asks-less")


def test_a_test_network_may_be_lived_in_for_longer_than_the_first_money() -> None:
    quiet(SOUND.replace("at_least: 24h, at_most: 7d", "at_least: 28d, at_most: 30d"), "asks-less")


@pytest.mark.parametrize(
    ("limits", "is_found"),
    [
        (("capital: 100 USD, loss: 20 USD", "capital: 1000 USDT, loss: 200 USD"), False),
        (("capital: 100 USD, loss: 20 USD", "capital: 1000 USD, loss: 201 USD"), True),
        (("capital: 100 USD, loss: 20 USD", "loss: 20 USD, users: 5"), True),
        (("capital_per_user: {at_most: 9 USD}, loss: 9 USD", "capital_per_user: {at_most: 99 USD}, loss: 9 USD"), True),
    ],
)
def test_money_grows_tenfold_at_most(limits: tuple[str, str], is_found: bool) -> None:
    text = limited(*limits)
    if is_found:
        assert check(text, "capital-leap").refuses
    else:
        quiet(text, "capital-leap")


def test_the_first_money_is_no_leap() -> None:
    quiet(SOUND.replace("mode: testnet}", "mode: testnet, capital: 1 USD}"), "capital-leap")


def item(expires: str, need: str = "observed in a drill") -> str:
    return f"[{{id: restore, text: a backup was restored, need: {need}, expires: {expires}}}]"


ASKS = "{name: ready, gate: checklist, items: [restore]}"


@pytest.mark.parametrize(
    ("expires", "need", "is_found"),
    [("23h", "observed in a drill", True), ("24h", "observed in a drill", False), ("1h", "machine artifact", False)],
)
def test_what_people_show_lasts_as_long_as_the_stage_that_asks_for_it(expires: str, need: str, is_found: bool) -> None:
    text = changed(checklist=item(expires, need), stages=stages(ASKS))
    if is_found:
        assert not check(text, "early-expiry", f"restore counts for {expires}, and first").refuses
    else:
        quiet(text, "early-expiry")


def test_of_the_last_stage_nothing_waits_for_evidence() -> None:
    text = changed(checklist=item("1d"), stages=stages(GATE)[:-2] + f", gates: [{ASKS}]}}]")
    quiet(text, "early-expiry")


@pytest.mark.parametrize(("expires", "is_found"), [("12h", True), ("13h", False)])
def test_alone_evidence_must_outlive_the_time_between_the_two_words(expires: str, is_found: bool) -> None:
    """New evidence voids the first word, so with less the stage is never entered."""
    text = changed(approvals=ALONE, checklist=item(expires, "machine artifact"), stages=stages(ASKS))
    if is_found:
        assert check(text, "early-expiry", "it has run out by then, and new evidence voids the first word").refuses
    else:
        quiet(text, "early-expiry")
    quiet(changed(approvals="{need: {owner: 1}, alone: {capital: 1000 USD}}"), "early-expiry")


@pytest.mark.parametrize(
    "keys",
    [
        {"entry": f"[{ASKS.replace('restore', 'kill-drill')}]"},
        {"entry": "[{name: everything, gate: checklist}]"},
        {"stages": stages("{name: kill, gate: drill, drill: kill-drill}")},
        {"requires": "[{phase: tests, state: done, evidence: kill-drill}]"},
        {"entry": "[{name: ready, gate: checklst}]"},
    ],
)
def test_an_item_that_anything_asks_for_is_no_idle_one(keys: dict[str, str]) -> None:
    quiet(changed(timeline="[]", **keys), "unasked-item")


def test_an_objective_may_be_as_long_as_the_plan() -> None:
    quiet(changed(objectives="[{name: venue, of: venue_api, at_least: 99.5 %, within: 37d}]"), "long-objective")


def test_a_baseline_must_be_captured_before_and_keep_what_is_compared() -> None:
    check(baseline("first"), "missing-baseline", "calm is captured when first is passed")
    found = check(baseline("first", of="order_ack"), "missing-baseline", "compares rss with calm, which keeps order_ack")
    assert found.mend == "of: [order_ack, rss]"
    gate = "{name: slower, gate: regression, of: rss, against: calm, block: 1h}"
    text = changed(baselines="[{name: calm, stage: testnet, of: [rss]}]")
    quiet(text.replace("at_least: 7d, at_most: 30d}\n    gates: [", f"at_least: 7d, at_most: 30d}}\n    gates: [{gate}, "),
          "missing-baseline")  # fmt: skip


@pytest.mark.parametrize(
    ("alarm", "is_found"),
    [
        ("of: venue_api, above: 99 %", False),
        ("of: venue_api, below: 0 %", True),
        ("of: data_age, below: 0 s", True),
        ("of: data_age, above: 60 s", False),
        ("of: trade_pnl_r, below: -2 R, each: account", False),
    ],
)
def test_an_alarm_needs_a_bound_that_can_be_passed(alarm: str, is_found: bool) -> None:
    text = changed(alarms=f"[{{name: a, {alarm}}}]")
    if is_found:
        assert check(text, "never-sounds").refuses
    else:
        quiet(text, "never-sounds")


def test_a_budget_cannot_be_spent_faster_than_where_everything_is_bad() -> None:
    def objective(share: str, burns: str = "") -> str:
        return changed(objectives=f"[{{name: o, of: venue_api, at_least: {share}, within: 30d{burns}}}]")

    fast = ", burns: [{spent: 10 %, within: 1h}]"
    assert check(objective("98 %", fast), "never-sounds", "10 % of the budget of o in 1h takes 144% of bad ones").refuses
    assert not check(objective("90 %"), "never-sounds", "2 % of the budget of o in 1h takes 144%").refuses
    quiet(objective("99 %", fast), "never-sounds")
    quiet(objective("95 %"), "never-sounds")


@pytest.mark.parametrize(
    ("key", "right"),
    [
        ("positions: 0", "positions: 1"),
        ("open_orders: 0", "open_orders: 1"),
        ("orders_a_minute: 0", "orders_a_minute: 1"),
        ("strategies: []", "strategies: [trend]"),
        ("profiles: []", "profiles: all"),
    ],
)
def test_a_stage_that_waits_for_orders_lets_some_be_placed(key: str, right: str) -> None:
    text = limited(f"loss: 9 USD, capital: 9 USD, {key}")
    assert check(text, "nothing-opens").refuses
    quiet(text.replace("gates:", "expects_activity: false, gates:"), "nothing-opens")
    quiet(text.replace(key, right), "nothing-opens")


def test_a_heartbeat_comes_more_often_than_it_is_asked_for() -> None:
    quiet(changed(alarms="[{name: a, of: incidents, above: 0, heartbeat: 2m}]"), "hasty-heartbeat")
    probe = "[{name: lag, of: consumer_lag, asks: METRIC lag at http://127.0.0.1/metrics, every: 10m}]"
    alarm = "[{{name: a, of: consumer_lag, above: 9, heartbeat: {}}}]"
    found = check(changed(probes=probe, alarms=alarm.format("10m")), "hasty-heartbeat", "one comes every 10m")
    assert found.mend == "heartbeat: 30m"
    quiet(changed(probes=probe, alarms=alarm.format("11m")), "hasty-heartbeat")


def test_the_advice_of_one_rule_is_not_refused_by_another() -> None:
    alarm = "[{{name: a, of: incidents, above: 0{}}}]"
    mend = check(changed(alarms=alarm.format("")), "silent-detector").mend
    assert [each.rule for each in findings(changed(alarms=alarm.format(f", {mend}"))) if each.refuses] == []


def test_a_stage_without_money_may_be_entered_without_a_word() -> None:
    quiet(SOUND.replace("    stay: {at_least: 24h", "    approve: {}\n    stay: {at_least: 24h"), "no-approval")


@pytest.mark.parametrize(("max_age", "is_found"), [("1m", True), ("2m", False)])
def test_a_gate_wants_nothing_newer_than_the_trader_measures(max_age: str, is_found: bool) -> None:
    text = changed(stages=stages(UP.format(f"max_age: {max_age}")))
    if is_found:
        assert check(text, "slow-probe", "the trader measures it every 1m").mend == "max_age: 3m"
    else:
        quiet(text, "slow-probe")


def test_a_loss_above_the_capital_is_told_whatever_a_dollar_is_called() -> None:
    check(limited("capital: 100 USD, loss: 101 USDT"), "unbounded-loss", "may lose 101 USDT of 100 USD")
    quiet(limited("capital: 100 USD, loss: 100 USDT"), "unbounded-loss")
