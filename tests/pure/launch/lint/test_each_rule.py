"""Each rule of the linter finds its case, and says nothing of a plan without it."""

import pytest
from tests.pure.launch.lint.drafts import SOUND, changed, check, findings, quiet, stages

from fairway.launch.lint.linter import may_be_launched
from fairway.launch.lint.port import rules

FEW = "{name: few, gate: proportion, of: order_success, at_least: 99.9 %, strength: not_disproven, at_least_n: 30}"
WIDE = "{mode: live, capital: 500 USD, loss: 20 USD}"
NARROW = "{name: live, limits: {mode: live, capital: 100 USD}, stay: {at_least: 7d}}"
GUARDS = "[daily loss, drawdown, unknown worth, edge health, losses in a row, runaway rate, astrology]"
TRACKS = """
  api: {splits: http_weight, stages: [{name: g, limits: {mode: live, http_weight: 10 %, capital: 100 USD}, stay: {at_least: 1h}}]}
  engine:
    splits: capital
    after: api/g
    stages: [{name: live, limits: {mode: live, http_weight: 5 %}, stay: {at_least: 1h}}]"""

CASES = {
    "undecidable": (changed(expects="{order_success: 2/d}"), "takes 110 flawless", "14 come in 7d"),
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
    "silent-detector": (changed(alarms="[{name: a, of: incidents, above: 0}]"), "nothing says that whoever counts them is alive"),
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
    "nothing-proven": (changed(stages=stages()), "first has no gates, and live follows on it"),
    "constant-health": (changed(probes="[{name: a, of: uptime, asks: GET /health, every: 1m}]"), "checks nothing"),
    "broken-command": (changed(runbooks="[{when: a, run: [fairway stop now]}]"), "'fairway stop now' would be refused"),
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
    "unheard-alarm": (changed(alarms="[{name: a, of: data_age, above: 60 s, tells: nobody}]"), "tells nobody and does nothing"),
    "endless-stage": (SOUND.replace("at_least: 24h, at_most: 7d", "at_least: 24h"), "testnet has no longest stay"),
    "alone-too-high": (changed(approvals="{need: {a: 2}, alone: {after: 1h, capital: 50 USD}}"), "after 1 hours"),
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
    ("wide", "narrow"),
    [
        ("cohort: public", "cohort: team"),
        ("users: 10", "users: 5"),
        ("symbols: all", "symbols: [BTC/USDT]"),
        ("symbols: [BTC/USDT, ETH/USDT]", "symbols: [ETH/USDT]"),
        ("capital_per_user: {at_most: 500 USD}", "capital_per_user: {at_most: 100 USD}"),
        ("daily_loss: 3 %", "daily_loss: 2 %"),
        ("positions: 3", "positions: 2"),
    ],
)
def test_a_limit_may_stay_or_widen_and_not_shrink(wide: str, narrow: str) -> None:
    def two(first: str, second: str) -> str:
        each = "{{name: {}, limits: {{mode: live, loss: 20 USD, {}}}, stay: {{at_least: 1d}}}}"
        return changed(stages=f"[{each.format('a', first)}, {each.format('live', second)}]")

    check(two(wide, narrow), "shrinking", f"{wide.partition(':')[0]} goes from")
    quiet(two(narrow, wide), "shrinking")
    quiet(two(wide, wide), "shrinking")


def test_a_gate_that_its_plug_in_cannot_read_is_told_with_all_else() -> None:
    text = changed(stages=stages("{name: a, gate: proportion, of: order_success, at_least: 0.95}", "{name: b, gate: oracle}"))
    check(text, "misread", "'0.95' is no percentage")
    check(text, "misread", "there is no gate 'oracle'")


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
