"""The plans that come with Fairway: each is understood whole, and has no finding that it does not accept by name."""

import pytest

from fairway.cli.command_lines import command_trouble
from fairway.launch.gates.kinds.regression import ProbeComparison
from fairway.launch.plan import shipped
from fairway.launch.plan.compile import PlanCompiler
from fairway.launch.plan.limits import Mode, limits_of
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.linter import lint
from fairway.launch.plan.load import Written, parse, whole
from fairway.launch.plan.stage import Stage
from fairway.risk.limits import Limits
from fairway.world.clock import DAY, HOUR, MINUTE


def plan(name: str) -> Written:
    return whole(parse(shipped.text(name), file=name))


def stage(name: str, path: str) -> Stage:
    found = plan(name).plan.stage(path)
    assert found is not None
    return found


def test_the_five_are_there() -> None:
    assert shipped.names() == ["beta", "first-hundred", "launch-day", "preparation", "ramp"]


@pytest.mark.parametrize("name", shipped.names())
def test_a_shipped_plan_lints_clean_or_names_what_it_accepts(name: str) -> None:
    """Warnings too: whoever copies it begins with a clean one."""
    findings = lint(Draft(plan(name), command_trouble))
    assert [(each.name, each.what) for each in findings if not each.accepted] == []


@pytest.mark.parametrize("name", shipped.names())
def test_every_stage_becomes_limits_of_an_account(name: str) -> None:
    for _, each, _ in plan(name).plan.walk():
        assert isinstance(limits_of(each.limits, quote="USDT"), Limits)


def check(name: str, path: str, **wanted: str | int) -> None:
    """A stage has these limits, as they are written, and this least stay (ns)."""
    found = stage(name, path)
    for key, value in wanted.items():
        if key == "stay":
            assert found.stay.at_least == value, key
        elif key in ("least", "most"):
            between = found.limits.capital_per_user
            assert str(between.at_least if key == "least" else between.at_most) == value, key
        else:
            told = getattr(found.limits, key)
            assert (told if isinstance(value, int) else str(told)) == value, key


def test_the_beta_widens_from_the_team_to_the_public() -> None:
    check("beta", "internal", cohort="team", users=2, least="100 USD", most="500 USD", stay=24 * HOUR)
    assert stage("beta", "internal").limits.profiles == ("conservative",)
    assert stage("beta", "internal").review == HOUR
    check("beta", "limited", cohort="trusted", users=10, least="500 USD", most="2000 USD", profiles="all", stay=6 * DAY)
    assert stage("beta", "limited").review == 12 * HOUR
    check("beta", "open", cohort="public", least="100 USD", most="5000 USD", stay=7 * DAY)


def test_the_ramp_goes_by_requests_first_and_by_capital_then() -> None:
    check("ramp", "api/green-10", http_weight="10 %", stay=30 * MINUTE)
    check("ramp", "api/green-50", http_weight="50 %", stay=HOUR)
    check("ramp", "api/green-100", http_weight="100 %", stay=2 * HOUR)
    check("ramp", "engine/one-symbol", capital="100 USD", stay=4 * HOUR)
    check("ramp", "engine/three-symbols", capital="300 USD", stay=12 * HOUR)
    check("ramp", "engine/full-portfolio", capital="1000 USD", symbols="all", stay=28 * HOUR)
    assert plan("ramp").plan.tracks["engine"].after == "api/green-100"
    assert [len(stage("ramp", f"engine/{name}").limits.symbols) for name in ("one-symbol", "three-symbols")] == [1, 3]
    assert {target.within for target in plan("ramp").plan.targets} == {7 * DAY, 30 * DAY}


def test_the_ramp_asks_green_itself_and_judges_by_its_answers() -> None:
    compiled = PlanCompiler(plan("ramp"), "USDT", Mode.LIVE).compiled()
    assert compiled.paces == {"http_ok": 10, "http_latency": 10}
    asks = {each.name: each.gate.indicators(each.settings) for each in compiled.track("api").stages[1].gates}
    assert (asks["answers"], asks["fast"]) == (("http_ok",), ("http_latency",))
    assert [each.name for each in compiled.alarms if each.of == "http_ok"] == ["answers fail"]


def test_the_ramp_compares_green_with_blue_while_both_answer() -> None:
    compiled = PlanCompiler(plan("ramp"), "USDT", Mode.LIVE).compiled()
    for stage in compiled.track("api").stages[1:]:
        latency = next(each for each in stage.gates if each.name == "latency")
        assert latency.settings.against == ProbeComparison("blue")
    assert {each.name: each.beside for each in compiled.probes} == {"green": False, "blue": True}
    assert "green-latency" not in {each.id for each in plan("ramp").plan.checklist}


def test_the_launch_day_has_its_clock() -> None:
    assert [step.at // HOUR for step in plan("launch-day").plan.timeline] == [-24, -12, -6, -4, -2, 0, 1, 24]
    assert {target.within for target in plan("launch-day").plan.targets} == {30 * DAY}


def test_the_preparation_takes_ten_days() -> None:
    assert sum(each.stay.at_least for _, each, _ in plan("preparation").plan.walk()) == 10 * DAY
    assert plan("preparation").plan.approvals.need == {"risk committee": 2, "owner": 1}


def test_one_person_alone_begins_with_a_hundred_dollars() -> None:
    approvals = plan("first-hundred").plan.approvals
    assert approvals.alone is not None
    assert (approvals.alone.after, str(approvals.alone.capital)) == (12 * HOUR, "1000 USD")
    check("first-hundred", "live-100", capital="100 USD", loss="20 USD")
