"""Sixteen real defects of plans that were meant to be carried out: each is found, with its arithmetic, in a plan with it."""

from tests.pure.launch.lint.drafts import SOUND, changed, check, findings, stages


def test_a_sound_plan_has_no_findings() -> None:
    """So that what is found below is found for its defect alone."""
    assert [(each.name, each.what) for each in findings(SOUND)] == []


def test_1_an_uptime_of_99_9_percent_by_thirty_probes() -> None:
    """A stage of thirty minutes with a probe a minute."""
    gate = "{name: up, gate: proportion, of: uptime, at_least: 99.9 %}"
    text = changed(stages=stages(gate, stay="{at_least: 30m}"))
    found = check(text, "undecidable", "99.9 %", "30 come in 30m")
    assert int(found.what.split(" takes ")[1].split(" ")[0].replace(",", "")) > 2_994
    assert "stay.at_most" in found.mend


def test_2_paper_trading_profitable_in_two_hours() -> None:
    gate = "{name: paper-profitable, gate: mean, of: paper_pnl, at_least: 0 USD}"
    check(changed(stages=stages(gate, stay="{at_least: 2h}")), "profit-promotes", "the stage lasts 2h", "619 trades")


def test_3_a_positive_result_in_the_first_week() -> None:
    gate = "{name: positive, gate: proportion, of: trade_pnl_r, at_least: 50 %}"
    check(changed(stages=stages(gate, stay="{at_least: 7d}")), "profit-promotes", "promotes by profit (trade_pnl_r)", "7d")


def test_4_a_sharpe_ratio_above_holding_in_a_month() -> None:
    """1.645 / 0.3 squared is thirty years."""
    gate = "{name: sharpe, gate: mean, of: sharpe_above_holding, at_least: 0.3}"
    check(changed(stages=stages(gate, stay="{at_least: 30d}")), "profit-promotes", "0.3 is told from 0 after 30 years")


def test_5_promoted_below_a_tenth_of_a_percent_and_paged_above_half_a_percent() -> None:
    gate = "{name: errors, gate: proportion, of: http_ok, at_least: 99.9 %}"
    alarm = "[{name: errors, of: http_ok, above: 0.5 %, within: 5m}]"
    check(changed(stages=stages(gate), alarms=alarm), "loose-alarm", "between 0.1 % and 0.5 %", "the gate first/errors is broken")


def test_6_old_images_are_pruned_half_an_hour_before_live_money() -> None:
    timeline = "[{at: T+210m, do: prune the old images on this machine}, {at: T+4h, do: start live, raises: live}]"
    check(changed(timeline=timeline), "rollback-destroyed", "at T+210m destroys the way back", "raises the risk at T+4h")


def test_7_the_way_back_leads_to_blue_before_blue_runs() -> None:
    rollback = "{target: blue, keep: 7d, within: 5m, software: [route to blue, start blue, check blue]}"
    check(changed(rollback=rollback), "rollback-order", "'route to blue' is step 1, and 'start blue' step 2")


def test_8_the_kill_command_lacks_what_it_must_be_told() -> None:
    runbook = "[{when: position loss, run: [fairway kill fairway.yaml]}]"
    check(changed(runbooks=runbook), "broken-command", "--reason is missing")


def test_9_a_position_loss_of_fifty_dollars_of_what() -> None:
    alarm = "[{name: Position Loss, of: trade_pnl_r, above: 50 USD, does: kill}]"
    check(changed(alarms=alarm), "scope-missing", "5 positions may lose 250 USD")


def test_10_a_promise_of_99_5_percent_and_an_alarm_above_one_percent_of_errors() -> None:
    objective = "[{name: api, of: venue_api, at_least: 99.5 %, within: 30d, burns: []}]"
    alarm = "[{name: api errors, of: venue_api, above: 1 %}]"
    check(changed(objectives=objective, alarms=alarm), "loose-alarm", "between 0.5 % and 1 % the objective api is broken")


def test_11_memory_may_grow_two_percent_a_day_and_the_alarm_waits_for_five_an_hour() -> None:
    """Five percent an hour are 120 a day."""
    objective = "[{name: memory, of: rss, at_most: 2 %/24h, within: 24h, burns: []}]"
    alarm = "[{name: memory, of: rss, above: 5 %/h}]"
    check(changed(objectives=objective, alarms=alarm), "loose-alarm", "between 2 %/d and 120 %/d the objective memory is broken")


def test_12_a_mean_latency_without_a_tail() -> None:
    objective = "[{name: execution, of: order_ack, mean: 800 ms, within: 24h}]"
    check(changed(objectives=objective), "mean-without-tail", "800 ms", "one may take 50.0 times")


def test_13_positions_are_closed_at_market_because_no_orders_can_be_placed() -> None:
    check(changed(causes="{cannot place orders: flatten}"), "blind-sale", "an order that closes is refused like any other")


def test_14_errors_of_an_hour_by_trades_of_a_day() -> None:
    alarm = "[{name: error rate, of: errors_1h / trades_24h, above: 5 %}]"
    check(changed(alarms=alarm), "unequal-windows", "1 h over 24 h", "4.2% where everything fails")
    never_reset = "[{name: error rate, of: errors / trades_24h, above: 5 %}]"
    check(changed(alarms=never_reset), "unequal-windows", "errors has no window, so it is never reset")


def test_15_a_health_endpoint_that_always_says_healthy() -> None:
    probe = "[{name: health, of: http_ok, asks: GET http://127.0.0.1/health, every: 1m}]"
    check(changed(probes=probe), "constant-health", "when the database, the venue and the trader are gone")


def test_16_ready_with_six_of_eight_phases_pending() -> None:
    phases = ", ".join(f"{{phase: phase {n}, state: {'done' if n > 6 else 'pending'}}}" for n in range(1, 9))
    found = check(changed(requires=f"[{phases}]"), "open-dependency", "phase 1 is pending: 6 of 8")
    assert found.refuses
