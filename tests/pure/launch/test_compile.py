"""From a plan to the course that its pilot flies: what it says of stages and people is there, or is told with its line."""

import pytest
from tests.pure.launch.lint.drafts import SOUND, changed, stages

from fairway.launch.control.state import Launch
from fairway.launch.control.transitions import missing_approvals
from fairway.launch.plan import shipped
from fairway.launch.plan.compile import PlanCompiler
from fairway.launch.plan.compiled_plan import CompiledPlan, OnFail
from fairway.launch.plan.limits import Mode
from fairway.launch.plan.load import PlanError, parse
from fairway.risk.limits import TradingState
from fairway.world.clock import DAY, HOUR


def compiled(text: str, quote: str = "USDT", mode: Mode = Mode.LIVE) -> CompiledPlan:
    return PlanCompiler(parse(text, file="plan.yaml"), quote, mode).compiled()


@pytest.mark.parametrize("name", shipped.names())
def test_every_shipped_plan_can_be_flown(name: str) -> None:
    flown = compiled(shipped.text(name))
    plan = parse(shipped.text(name)).plan
    assert flown.digest == plan.digest
    assert [len(track.stages) for track in flown.tracks] == [len(row.stages) for row in plan.rows.values()]


def test_a_stage_on_the_test_network_is_not_flown_with_money() -> None:
    """Its accounts open nothing; whoever flies it is another trader."""
    testnet, live = compiled(SOUND).tracks[0].stages
    assert (testnet.is_flown, testnet.limits.state) == (False, TradingState.REDUCE_ONLY)
    assert (live.is_flown, live.limits.state) == (True, TradingState.ACTIVE)
    assert all(stage.is_flown for stage in compiled(SOUND, mode=Mode.TESTNET).tracks[0].stages)


def test_what_is_said_of_people_reaches_the_compiled_plan() -> None:
    flown = compiled(
        changed(
            approvals="{need: {owner: 2}, alone: {after: 24h, capital: 50 USD}, waivers: {by: [boss], at_most: 2d}, expires: 6h}"
        )
    )
    assert (flown.alone, flown.alone_after_ns, flown.approval_ns) == (True, 24 * HOUR, 6 * HOUR)
    assert (flown.waiver_roles, flown.waiver_ns) == (("boss",), 2 * DAY)
    assert flown.tracks[0].stages[0].approvals == {"owner": 2}


def test_one_person_alone_may_approve_what_is_not_real_money() -> None:
    """Such a stage names no capital, and none is at stake in it."""
    text = shipped.text("first-hundred")
    testnet = compiled(text, mode=Mode.TESTNET)
    assert [stage.is_real for stage in testnet.tracks[0].stages] == [False, True]
    assert missing_approvals(testnet, testnet.tracks[0], Launch(), 0) == ["your own"]
    unbounded = compiled(text.replace("mode: testnet}", "mode: live}", 2), mode=Mode.LIVE)
    assert missing_approvals(unbounded, unbounded.tracks[0], Launch(), 0)[0].startswith("a second person: ")


def test_a_report_decides_nothing_and_what_fails_is_answered_as_the_stage_says() -> None:
    gates = ("{name: told, gate: report_only, of: trade_pnl_r}", "{name: books, gate: invariant, of: tied_out}")
    quiet = "expects_activity: false, on_fail: hold, gates: ["
    flown = compiled(changed(stages=stages(*gates).replace("gates: [", quiet)))
    assert [asked.on_fail for asked in flown.tracks[0].stages[0].gates] == [OnFail.TELL, OnFail.HOLD]


def test_money_that_the_accounts_cannot_count_in_is_told_with_its_line() -> None:
    with pytest.raises(PlanError) as caught:
        compiled(SOUND, quote="BTC")
    assert str(caught.value) == (
        "plan.yaml:24:5: stages[1].limits: 100 USD of the plan is no amount of BTC, in which the account is counted"
    )


def test_gates_that_cannot_be_asked_are_told_all_at_once() -> None:
    with pytest.raises(PlanError) as caught:
        compiled(changed(stages=stages("{name: a, gate: oracle}", "{name: b, gate: invariant, of: luck}")))
    assert [problem.key for problem in caught.value.problems] == ["stages[0].gates[0].gate", "stages[0].gates[1].of"]


def test_two_tracks_of_capital_are_too_many_for_one_trader() -> None:
    row = "{splits: capital, stages: [{name: one, limits: {mode: live, loss: 5 USD}, stay: {at_least: 1h}}]}"
    plan = "plan: two\nabout: Two rows.\nauthor: ann\napprovals: {need: {owner: 1}}\nguards: [drawdown]\n"
    with pytest.raises(PlanError, match=r"tracks\.second: splits capital, and so does first"):
        compiled(f"{plan}tracks: {{first: {row}, second: {row}}}\n")
