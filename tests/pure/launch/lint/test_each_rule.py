"""Each rule of the linter finds its case, and says nothing of a plan without it."""

import pytest
from tests.pure.launch.lint.drafts import SOUND, changed, check, compared, findings, quiet, stages
from tests.pure.launch.lint.more_cases import MORE

from fairway.launch.plan.lint.linter import may_be_launched
from fairway.launch.plan.lint.port import rules

FEW = "{name: few, gate: proportion, of: order_success, at_least: 99.9 %, strength: not_disproven, at_least_n: 30}"


WIDE = "{mode: live, capital: 500 USD, loss: 20 USD}"


NARROW = "{name: live, limits: {mode: live, capital: 100 USD}, stay: {at_least: 7d}}"


GUARDS = "[daily loss, drawdown, unknown worth, edge health, losses in a row, runaway rate, astrology]"


GATE = "{name: a, gate: invariant, of: tied_out}"


OTHER = "{name: a, gate: invariant, of: protected}"


TRACKS = """
  api: {splits: http_weight, stages: [{name: g, limits: {mode: live, http_weight: 10 %, capital: 100 USD}, stay: {at_least: 1h}}]}
  engine:
    splits: capital
    after: api/g
    stages: [{name: live, limits: {mode: live, http_weight: 5 %}, stay: {at_least: 1h}}]"""


CASES = {
    "undecidable": (
        changed(expects="{order_success: 2/d}"),
        "takes 200 observations at best, and 800 where none is bad",
        "14 come in 7d",
    ),
    "blunt-gate": (changed(stages=stages(FEW, stay="{at_least: 24h}")), "allows 0.10% bad ones", "of the 40"),
    "rate-unknown": (changed(expects="{}"), "waits for order_success"),
    "profit-promotes": (
        changed(stages=stages("{name: pnl, gate: quantile, of: trade_pnl_r, q: 50 %, at_most: 1 R}")),
        "promotes by profit",
    ),
    "loose-alarm": (changed(alarms="[{name: a, of: venue_api, below: 99 %}]"), "between 0.5 % and 1 %"),
    "rollback-destroyed": (
        changed(timeline="[{at: T+1h, do: delete blue}, {at: T+2h, do: go, raises: live}]"),
        "'delete blue' at T+1h",
    ),
    "rollback-order": (changed(rollback="{target: blue, keep: 7d, order: [software, contain]}"), "software, contain"),
    "blind-sale": (changed(alarms="[{name: a, of: data_age, above: 60 s, does: flatten, cause: blind}]"), "the answer to blind"),
    "unequal-windows": (changed(alarms="[{name: a, of: errors_1d / trades_1h, above: 5 %}]"), "24 h over 1 h", "2400%"),
    "mean-without-tail": (changed(objectives="[{name: a, of: order_ack, mean: 1 s, within: 1d}]"), "bounds the mean at 1 s"),
    "silent-detector": (changed(alarms="[{name: a, of: incidents, above: 0}]"), "nothing shows that what counts them is alive"),
    "wrong-unit": (
        changed(alarms="[{name: a, of: data_age, above: 5 %, each: all}]"),
        "data_age is measured in s, and the bound is 5 %",
    ),
    "scope-missing": (changed(alarms="[{name: a, of: trade_pnl_r, below: -2 R}]"), "may lose -10 R"),
    "open-dependency": (changed(requires="[{phase: audit, state: running}]"), "audit is running: 1 of 1"),
    "unenforceable": (
        changed(accounts="{main: {venue: kraken, mode: live, enforces: [loss]}}"),
        "loss is enforced by our own trader alone; kraken can hold none of them",
    ),
    "guard-missing": (changed(guards=GUARDS), "position loss is not among its guards"),
    "shrinking": (
        changed(stages=f"[{{name: a, limits: {WIDE}, stay: {{at_least: 1d}}}}, {NARROW}]"),
        "capital goes from 500 USD in a to 100 USD in live",
    ),
    "unseen-orders": (changed(stages=stages(GATE)), "no gate of first needs an order of the bot"),
    "nothing-proven": (changed(stages=stages()), "first has no gates, and live follows on it"),
    "constant-health": (changed(probes="[{name: a, of: http_ok, asks: GET http://a/health, every: 1m}]"), "checks nothing"),
    "broken-command": (changed(runbooks="[{when: a, run: [fairway halt now]}]"), "'fairway halt now' would be refused"),
    "dead-man-kills-stops": (
        changed(accounts="{main: {venue: binance, mode: live, dead_man: {after: 60s, cancels: everything}}}"),
        "after 1m of silence",
    ),
    "long-waiver": (changed(approvals="{need: {a: 1}, waivers: {by: [b], at_most: 28d}}"), "for 4.0 weeks"),
    "unbounded-regret": (
        SOUND.replace("95 %}]", "95 %, strength: not_disproven, at_least_n: 30}]").replace(", loss: 20 USD", ""),
        "live is entered on success",
    ),
    "unbounded-loss": (SOUND.replace(", loss: 20 USD", ""), "what it may lose in all has no bound"),
    "unknown-indicator": (changed(alarms="[{name: a, of: venue_apy, above: 5 %}]"), "there is no indicator 'venue_apy'"),
    "unknown-item": (changed(timeline="[{at: T, do: go, raises: moon, needs: [luck]}]"), "'moon' is no stage"),
    "bare-word": (changed(checklist="[{id: a, text: all is well, need: bare word}]"), "met by anybody's bare word"),
    "to-be-defined": (changed(rollback="{target: TBD, keep: 7d}"), "'TBD' is a gap"),
    "split-positions": (
        changed(timeline="[]").partition("stages:\n")[0] + f"tracks:{TRACKS}\n",
        "splits requests, and bounds capital",
    ),
    "unheard-alarm": (changed(alarms="[{name: a, of: data_age, above: 60 s, tells: none}]"), "tells no person and does nothing"),
    "slow-probe": (
        changed(
            probes="[{name: api, of: http_ok, asks: GET http://127.0.0.1/prices, every: 1h}]",
            stages=stages("{name: answers, gate: proportion, of: http_ok, at_least: 95 %}"),
        ),
        "answers wants http_ok at most 15m old, and the probe api asks every 1h",
    ),
    "unproven-gate": (
        changed(stages=stages("{name: up, gate: timeslices, of: uptime, at_least: 80 %}")),
        "up can never count: it passes",
    ),
    "few-blocks": (
        changed(stages=stages("{name: slower, gate: regression, of: rss, against: t}", stay="{at_least: 1h, at_most: 4h}")),
        "in each, and in 4h of stage first, with rss every 1m, 23 are at best",
    ),
    "unlike-probes": (compared("{probe: blu}"), "'blu' is no probe of this plan that feeds http_latency"),
    "endless-stage": (SOUND.replace("at_least: 24h, at_most: 7d", "at_least: 24h"), "testnet has no longest stay"),
    "loose-answer": (changed(causes="{losing: reduce only}"), "the answer to losing is reduce only, and where"),
    "unnamed-people": (changed(approvals="{need: {owner: 1, risk: 1}}"), "no person is named as owner, risk"),
    "short-roster": (changed(approvals="{need: {a: 2}, who: {a: [bob]}}"), "it asks for 2 as a, and names bob"),
    "senseless-limit": (SOUND.replace("loss: 20 USD", "loss: -20 USD"), "loss is -20 USD, and must be above 0"),
    "twice-named": (changed(stages=stages(GATE, GATE)), "'a' is the name of another gate of first, too"),
    "unknown-role": (
        changed(approvals="{need: {owner: 1}, waivers: {by: [ownr]}}"),
        "'ownr' is no role of approvals",
    ),
    "mixed-money": (
        SOUND.replace("capital: 100 USD", "capital: 100 EUR, per_symbol: 50 USDT"),
        "capital is 100 EUR, and the plan's",
    ),
    "unproducible-evidence": (
        changed(checklist="[{id: smoke-signals, text: a fire was seen, need: observed in a drill}]"),
        "nothing can produce evidence `observed in a drill` for smoke-signals",
    ),
    "lapsing-evidence": (
        SOUND.replace("expires: 7d", "expires: 24h"),
        "kill-drill expires after 24h, and is asked for until 24h",
    ),
    "unasked-item": (SOUND.replace("gate: checklist}", "gate: checklist, items: [other]}"), "no gate asks for kill-drill"),
    "alone-too-high": (changed(approvals="{need: {a: 2}, alone: {after: 1h, capital: 50 USD}}"), "after 1 hours"),
    **MORE,
}


def test_every_rule_has_a_case() -> None:
    """A new rule has to be seen to find something before it counts."""
    assert set(CASES) == {rule.name for rule in rules()}


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_finds_its_case_and_is_silent_without_it(rule: str) -> None:
    text, *words = CASES[rule]
    check(text, rule, *words)
    quiet(SOUND, rule)


@pytest.mark.parametrize(
    ("approvals", "words"),
    [
        ("{need: {a: 1}, who: {b: [bob]}}", "names no person"),
        ("{need: {a: 1}, who: {a: [ann]}}", "it names ann alone, who wrote the plan"),
        ("{need: {a: 2}, who: {a: [ann, bob]}}", "asks for 2 as a, and names bob"),
        ("{need: {a: 1, b: 1}, who: {a: [bob], b: [bob, eve]}}", "bob is named as a and as b"),
        ("{need: {a: 2}, who: {b: [ann]}, alone: {capital: 50 USD}}", "asks for 2 as a, and names no person"),
    ],
)
def test_a_roster_by_which_nothing_could_ever_be_approved_is_refused(approvals: str, words: str) -> None:
    found = check(changed(approvals=approvals), "short-roster", words)
    assert found.refuses


def test_a_roster_that_suffices_is_quiet() -> None:
    quiet(changed(approvals="{need: {a: 2}, who: {a: [ann, bob, eve], b: [bob]}}"), "short-roster")
    quiet(changed(approvals="{need: {a: 2}, who: {a: [ann]}, alone: {capital: 50 USD}}"), "short-roster")


@pytest.mark.parametrize(
    "keys",
    [
        {"checklist": "[{id: a, text: b, need: bare word}, {id: a, text: c, need: bare word}]"},
        {"entry": f"[{GATE}, {OTHER}]"},
        {"alarms": "[{name: a, of: uptime, above: 1 %}, {name: a, of: venue_api, above: 1 %}]"},
        {"baselines": "[{name: a, stage: testnet, of: [order_ack]}, {name: a, stage: live, of: [order_ack]}]"},
    ],
)
def test_one_name_for_two_things_is_refused(keys: dict[str, str]) -> None:
    assert check(changed(**keys), "twice-named", "'a' is the name of another").refuses


def test_a_gate_that_is_taken_over_is_not_displaced_by_a_weaker_one_of_its_name() -> None:
    def taken(*gates: str) -> str:
        second = f"{{name: b, limits: {{mode: testnet}}, stay: {{at_least: 1h}}, gates: [{', '.join(gates)}]}}"
        return changed(stages=f"[{{name: t, limits: {{mode: testnet}}, stay: {{at_least: 1h}}, gates: [{GATE}]}}, {second}]")

    for gates in (("{use: t}", OTHER), (OTHER, "{use: t}")):
        check(taken(*gates), "twice-named", "'a' is taken over from another stage, and displaced")
    quiet(taken("{use: t}", GATE), "twice-named")
    quiet(taken("{use: t}", "{use: t}"), "twice-named")


def test_a_role_that_approvals_do_not_know_is_refused() -> None:
    plain = changed(approvals="{need: {owner: 1, risk: 1}}")
    for role, mend in (
        ("ownr", "approve: {owner: 1}"),
        ("board", "approvals.who: {board: [their names]}, or one of owner, risk"),
    ):
        text = plain.replace("    stay: {at_least: 7d", f"    approve: {{{role}: 1}}\n    stay: {{at_least: 7d", 1)
        found = check(text, "unknown-role", f"'{role}' is no role of approvals")
        assert (found.mend, found.refuses, found.place) == (mend, True, f"stages[live].approve.{role}")
    gate = "{name: g, gate: approval, need: {rsik: 1}}"
    found = check(changed(approvals="{need: {owner: 1, risk: 1}}", entry=f"[{gate}]"), "unknown-role", "'rsik'")
    assert found.mend == "need: {risk: 1}"
    quiet(plain.replace("    stay: {at_least: 7d", "    approve: {risk: 1}\n    stay: {at_least: 7d", 1), "unknown-role")


def test_a_roster_tells_a_misspelt_role_with_the_right_one() -> None:
    found = check(changed(approvals="{need: {owner: 1}, who: {ownr: [olga]}}"), "short-roster", "as owner, and names no person")
    assert found.mend.startswith("ownr in both places, or ")


@pytest.mark.parametrize(
    ("rollback", "mend"),
    [
        ("{target: tesstnet, keep: 7d}", "target: testnet"),
        ("{target: previos, keep: 7d}", "target: previous"),
        ("{target: blue, keep: 7d}", "target: previous, or software: [start blue, check blue]"),
        ("{target: v2, keep: 7d, software: [start v2]}", "target: previous"),
    ],
)
def test_what_nobody_could_go_back_to_is_no_target(rollback: str, mend: str) -> None:
    found = check(changed(rollback=rollback, release="{tag: v2}"), "unknown-item")
    assert (found.place, found.mend) == ("rollback.target", mend)


@pytest.mark.parametrize("target", ["previous", "testnet", "blue"])
def test_what_can_be_gone_back_to_is_quiet(target: str) -> None:
    quiet(changed(rollback=f"{{target: {target}, keep: 7d, software: [start blue]}}", release="{tag: v2}"), "unknown-item")


@pytest.mark.parametrize(
    ("keys", "rule", "mend"),
    [
        ({"timeline": "[{at: T, do: go, raises: lvie}]"}, "unknown-item", "raises: live"),
        ({"timeline": "[{at: T, do: go, needs: [kil-drill]}]"}, "unknown-item", "kill-drill"),
        ({"baselines": "[{name: a, stage: tesnet, of: [order_ack]}]"}, "unknown-item", "stage: testnet"),
        ({"entry": "[{name: a, gate: checklist, items: [kil-drill]}]"}, "unknown-item", "kill-drill"),
        ({"stages": stages("{name: a, gate: regression, of: order_ack, against: contrl}")}, "unknown-item", "against: control"),
        ({"stages": stages("{name: a, gate: drill, drill: kil-drill, max_age: 7d}")}, "unknown-item", "kill-drill"),
        ({"requires": "[{phase: a, state: done, evidence: kil-drill}]"}, "open-dependency", "evidence: kill-drill"),
        ({"expects": "{order_sucess: 40/d}"}, "unknown-indicator", "order_success"),
        ({"alarms": "[{name: a, of: venue_apy, above: 5 %}]"}, "unknown-indicator", "of: venue_api"),
        ({"accept": "[{finding: 'open-dependancy requires[tests]', reason: it is done}]",
          "requires": "[{phase: tests, state: running}]"}, "idle-accept", "finding: open-dependency requires[tests]"),
    ],
)  # fmt: skip
def test_a_misspelt_name_is_answered_with_the_nearest(keys: dict[str, str], rule: str, mend: str) -> None:
    assert check(changed(**keys), rule).mend == mend


def test_a_misspelt_guard_is_told_once_and_mended() -> None:
    """Not as one that is left out, with a mend that keeps the wrong name."""
    wrong = changed(guards="[dayly loss, drawdown, unknown worth, edge health, losses in a row, position loss, runaway rate]")
    assert check(wrong, "guard-missing", "'dayly loss' is no guard").mend == "daily loss"
    assert [each.what for each in findings(wrong) if "is not among" in each.what] == []
    short = changed(guards="[dayly loss, astrology, drawdown, unknown worth, edge health, losses in a row, runaway rate]")
    mend = "guards: [daily loss, drawdown, unknown worth, edge health, losses in a row, runaway rate, position loss]"
    assert check(short, "guard-missing", "position loss is not among its guards").mend == mend


def test_a_bound_that_begins_on_the_way_up_has_a_mend_that_can_be_written() -> None:
    def two(first: str, second: str) -> str:
        each = "{{name: {}, limits: {{mode: live, loss: 20 USD{}}}, stay: {{at_least: 1d}}}}"
        return changed(stages=f"[{each.format('a', first)}, {each.format('live', second)}]")

    found = check(two("", ", capital: 9 USD"), "shrinking", "capital goes from no bound in a to 9 USD in live")
    assert found.mend == "capital: 9 USD or narrower in a, too"
    quiet(two(", capital: 100 EUR", ", capital: 9 USD"), "shrinking")
    quiet(two(", capital: 100 USD", ", capital: 100 USDT"), "shrinking")
    check(two(", capital: 100 USD", ", capital: 99 USDT"), "shrinking", "to 99 USDT in live")


def test_a_control_is_asked_for_what_its_journal_tells() -> None:
    gate = "{{name: slower, gate: regression, of: {}, against: control}}"
    check(changed(stages=stages(gate.format("consumer_lag"))), "unknown-indicator", "of a control only that is known")
    quiet(changed(stages=stages(gate.format("order_ack"))), "unknown-indicator")


ANSWERS = stages("{name: answers, gate: proportion, of: http_ok, at_least: 95 %, strength: not_disproven, at_least_n: 100}")


ASKED = "[{name: api, of: http_ok, asks: GET http://127.0.0.1/prices, every: 1m}]"


@pytest.mark.parametrize("of", ["http_ok", "http_latency", "llm_cost", "consumer_lag"])
def test_what_only_a_probe_measures_is_asked_for_where_a_probe_feeds_it(of: str) -> None:
    alarm = f"[{{name: a, of: {of}, above: {'5 %' if of == 'http_ok' else '1 s' if of == 'http_latency' else '5 USD'}}}]"
    found = check(changed(alarms=alarm, probes="[]"), "unknown-indicator", f"no probe of this plan feeds {of}")
    assert not may_be_launched(findings(changed(alarms=alarm, probes="[]")))
    quiet(changed(alarms=alarm, probes=found.mend.removeprefix("probes: ")), "unknown-indicator")


def test_an_alarm_on_a_number_that_may_be_gone_has_a_heartbeat() -> None:
    lag = "[{name: lag, of: consumer_lag, asks: METRIC lag at http://127.0.0.1/metrics, every: 1m}]"
    alarm = "[{name: behind, of: consumer_lag, above: '100'MORE}]"
    check(changed(probes=lag, alarms=alarm.replace("MORE", "")), "silent-detector", "behind is silent, too, when consumer_lag")
    quiet(changed(probes=lag, alarms=alarm.replace("MORE", ", heartbeat: 15m")), "silent-detector")


def test_a_gate_reckons_with_its_probes_clock() -> None:
    quiet(changed(stages=ANSWERS, probes=ASKED), "unknown-indicator")
    quiet(changed(stages=ANSWERS, probes=ASKED), "rate-unknown")
    seldom = changed(stages=ANSWERS, probes=ASKED.replace("1m", "10h"))
    check(seldom, "undecidable", "answers wants at least 100 observations", "16 come in 7d")


def test_a_request_that_does_some_work_is_no_constant_health_page() -> None:
    quiet(changed(probes=ASKED), "constant-health")
    check(changed(probes=ASKED.replace("prices", "health/")), "constant-health", "checks nothing")


@pytest.mark.parametrize(
    ("causes", "words"),
    [
        ("{losing: hold}", "what follows is graver: back to the stage before"),
        ("{cannot place orders: nothing}", "what follows is graver: as a hold, and nothing is opened"),
        ("{maintenance: reduce only}", "nothing reports maintenance"),
    ],
)
def test_an_answer_that_nobody_gives_is_refused(causes: str, words: str) -> None:
    check(changed(causes=causes), "loose-answer", words)


def test_an_answer_is_given_where_it_is_graver_or_an_alarm_tells_of_its_cause() -> None:
    alarms = "[{name: a, of: data_age, above: 60 s, cause: maintenance}]"
    for causes in (
        "{losing: previous stage}",
        "{losing: flatten}",
        "{runaway orders: kill}",
        "{cannot place orders: reduce only}",
    ):
        quiet(changed(causes=causes), "loose-answer")
    quiet(changed(causes="{maintenance: reduce only}", alarms=alarms), "loose-answer")


def test_a_gate_that_its_plug_in_cannot_read_is_told_with_all_else() -> None:
    text = changed(stages=stages("{name: a, gate: proportion, of: order_success, at_least: 0.95}", "{name: b, gate: oracle}"))
    check(text, "misread", "'0.95' is no percentage")
    check(text, "misread", "there is no gate 'oracle'")


def test_a_misspelt_gate_is_no_gate_on_profit() -> None:
    text = changed(stages=stages("{name: harm, gate: expectancym, of: trade_pnl_r, not_below: -0.2 R}"))
    assert check(text, "misread", "there is no gate 'expectancym'").mend == "write gate: expectancy"
    quiet(text, "profit-promotes")


def test_an_accepted_finding_refuses_nothing_and_keeps_its_reason() -> None:
    """Under its name, which does not change when lines are added above it."""
    loose = changed(alarms="[{name: venue, of: venue_api, above: 1 %}]", objectives="[]",
                    stages=stages("{name: a, gate: proportion, of: venue_api, at_least: 99.5 %}"))  # fmt: skip
    found = check(loose, "loose-alarm", "between 0.5 % and 1 %")
    assert not may_be_launched(findings(loose))
    accepted = f"{loose}accept:\n  - {{finding: '{found.name}', reason: a ticket is opened by hand}}\n"
    assert [(each.name, each.accepted) for each in findings(f"# a line\n{accepted}") if each.accepted] == [
        ("loose-alarm alarms[venue]", "a ticket is opened by hand")
    ]
    assert may_be_launched(findings(accepted))


def test_what_may_not_stay_is_not_accepted() -> None:
    text = changed(guards="[daily loss]") + "accept: [{finding: guard-missing guards, reason: we watch it ourselves}]\n"
    assert not may_be_launched(findings(text))


def test_an_acceptance_of_nothing_is_told() -> None:
    text = SOUND + "accept: [{finding: 'undecidable stages[gone].gates[a]', reason: it was decided long ago}]\n"
    assert [finding.rule for finding in findings(text)] == ["idle-accept"]
