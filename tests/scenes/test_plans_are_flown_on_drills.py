"""The plans `preparation` and `beta` are flown to their end in simulated time; no item of their checklists is met without a look.

The trader, the pilot and the alerting service are the real ones. Both plans are flown shortened (`shortened`): stays and windows
of an hour, of six in one stage, and shares of days that need only not be disproven where the plan asks that they are proven.
`preparation` is flown with the stays and gates that it has, too; `beta` is not, whose fourteen days would take an hour and more.
What drills show, what machines write and what a simulated person attests is listed in `plans_flown_on_drills.txt`.
Flights take minutes: `make prove` flies them.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from msgspec.structs import replace as changed
from tests.prove.size import IS_WHOLE
from tests.scenes.drilled_harness import drilled as drilled_anew
from tests.scenes.flight_evidence import Producers, shown_by
from tests.scenes.played_flight import played

from fairway.launch.evidence.model import Evidence
from fairway.launch.gates.port import Claim, Facts
from fairway.launch.gates.statistics.claim_check import assess_claim
from fairway.launch.gates.verdict import Result
from fairway.launch.plan import shipped
from fairway.launch.plan.compiled_plan import CompiledPlan
from fairway.money.amount import use_exact_decimals
from fairway.operations.drill import drill_named
from fairway.operations.drills.drill_run import DrillRun
from fairway.operations.drills.pager import PageSeen
from fairway.operations.drills.running_system import RunningSystem
from fairway.operations.operation import tell_no_one
from fairway.proving.evidence_flight import (
    FlightSimulation,
    FlightViewer,
    compiled,
    shortened,
)
from fairway.proving.flight_people import FlightPeople
from fairway.proving.users import TWELVE
from fairway.risk.causes import AlertSeverity
from fairway.trading.account.limits import AccountLimits
from fairway.world import loop as simulated
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND, SimClock
from fairway.world.loop import running

SHORT: Mapping[str, Mapping[str, int]] = {
    "preparation": {"testnet-validation": 6 * HOUR},
    "beta": {"open": 6 * HOUR},
}
GOLDEN = Path(__file__).parent / "plans_flown_on_drills.txt"
USERS = {"preparation": TWELVE[1:2], "beta": TWELVE[:6]}
LONGEST_NS = {"preparation": 12 * HOUR, "beta": 60 * HOUR}


@dataclass
class Flown:
    """evidence: all that the launch has at its end (ended_at, ns)."""

    simulation: FlightSimulation
    viewer: FlightViewer
    people: FlightPeople
    plan: CompiledPlan
    evidence: list[Evidence]
    ended_at: int


def flown(name: str, folder: Path, *, is_short: bool) -> Flown:
    use_exact_decimals()
    text = shortened(shipped.text(name), HOUR, SHORT[name]) if is_short else shipped.text(name)
    plan = compiled(text)
    viewer, producers = FlightViewer(plan), Producers(folder, text, is_whole=IS_WHOLE)
    lasts_ns = LONGEST_NS[name] if is_short else 42 * DAY
    pace = {"pilot_tick_s": 60, "venue_check_every_s": 600}
    simulation, people = played(plan, text, lasts_ns, USERS[name], viewer, producers.showings(), folder, **pace)
    launch = simulation.pilot.launch
    evidence = [*launch.evidence, *simulation.projection.observation(viewer.at).evidence]
    ended_at = max(viewer.at, *(each.made_at for each in evidence)) + SECOND
    return Flown(simulation, viewer, people, plan, evidence, ended_at)


pytestmark = pytest.mark.skipif(not IS_WHOLE, reason="flights take minutes: make prove")
FLIGHTS = (("preparation", True), ("beta", True), ("preparation", False))
"""Which plan is flown, and whether it is shortened."""


@pytest.fixture(scope="module", params=FLIGHTS, ids=["preparation", "beta", "preparation as it ships"])
def flight(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Flown:
    name, is_short = request.param
    return flown(name, tmp_path_factory.mktemp("flight"), is_short=is_short)


def test_a_plan_is_flown_to_its_end(flight: Flown) -> None:
    plan = flight.plan
    assert flight.viewer.reached == [stage.name for stage in plan.tracks[0].stages]
    assert flight.viewer.is_over, flight.simulation.pilot.launch.track(plan.tracks[0].name)


def test_every_item_is_shown_by_something_of_its_class_that_holds(flight: Flown) -> None:
    for claim in flight.plan.checklist:
        seen = [each for each in flight.evidence if each.claim == claim.name]
        assert seen, claim
        assert max(seen, key=lambda each: each.made_at).rank >= claim.rank, claim
        assert result(flight, claim, flight.evidence) is Result.PASS, (claim, seen)


def test_how_each_item_was_shown_is_told(flight: Flown) -> None:
    """`-s` prints why each holds, too. A shortened flight and one as the plan ships show an item in the same way."""
    newest = {each.claim: each for each in sorted(flight.evidence, key=lambda each: each.made_at)}
    for claim in flight.plan.checklist:
        print(f"{flight.plan.name} | {claim.name} | {shown_by(newest[claim.name])} | {newest[claim.name].why}")
    lines = [f"{flight.plan.name} | {claim.name} | {shown_by(newest[claim.name])}" for claim in flight.plan.checklist]
    if os.environ.get("FAIRWAY_GOLDEN") == "write":
        others = [line for line in GOLDEN.read_text().splitlines() if not line.startswith(f"{flight.plan.name} | ")]
        GOLDEN.write_text("\n".join(sorted([*others, *lines])) + "\n")
    assert [line for line in GOLDEN.read_text().splitlines() if line.startswith(f"{flight.plan.name} | ")] == sorted(lines)


def test_without_its_evidence_or_with_a_drill_that_fails_no_item_is_met(flight: Flown) -> None:
    for claim in flight.plan.checklist:
        others = [each for each in flight.evidence if each.claim != claim.name]
        ours = [each for each in flight.evidence if each.claim == claim.name]
        assert result(flight, claim, others) is not Result.PASS, claim
        newest = max(ours, key=lambda each: each.made_at)
        failed = changed(newest, holds=False, made_at=newest.made_at + 1)
        assert result(flight, claim, [*flight.evidence, failed]) is Result.FAIL, claim


def test_each_item_is_asked_for_by_a_gate_that_the_last_stage_needs(flight: Flown) -> None:
    """So the plan does not end without it: the checklist gates, as they are compiled, say FAIL or wait without each item."""
    gates = [gate for gate in flight.plan.gates if gate.gate.name == "checklist"]
    for claim in flight.plan.checklist:
        others = [each for each in flight.evidence if each.claim != claim.name]
        facts = facts_of(flight, others)
        verdicts = {gate.name: gate.gate.judge(gate.settings, facts).result for gate in gates}
        assert any(found is not Result.PASS for found in verdicts.values()), claim


def facts_of(flight: Flown, evidence: list[Evidence]) -> Facts:
    now = flight.ended_at
    release = flight.simulation.pilot.launch.release
    return Facts(now=now, since=now, release=release, evidence=evidence, checklist=flight.plan.checklist)


def result(flight: Flown, claim: Claim, evidence: list[Evidence]) -> Result:
    return assess_claim(claim, facts_of(flight, evidence)).result


# -- bugs that are planted -----------------------------------------------------------------------------------------------


def test_a_drill_on_a_trader_with_a_bug_is_evidence_against(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AccountLimits, "lacks_lease", lambda self, now: False)
    found = drilled_anew("controller-death", 2.5).carried_out
    assert found is not None
    assert not found.record("controller-death").evidence().holds


class Deaf:
    """A pager whose people do not look at their phones."""

    def __init__(self, *, answers: bool, sends: bool = True, after_ns: int = MINUTE) -> None:
        self._seen = PageSeen(0, ("phone",) if sends else (), "anna" if answers else "", after_ns if answers else 0)
        self.ended: list[str] = []

    async def page(self, severity: AlertSeverity, title: str) -> str:
        return severity.value

    async def seen(self, incident: str) -> PageSeen:
        return self._seen

    async def end(self, incident: str, reason: str) -> str:
        self.ended.append(incident)
        return ""


@pytest.mark.parametrize(
    ("pager", "failed"),
    [
        (Deaf(answers=True), set()),
        (Deaf(answers=False), {"acknowledged P0", "acknowledged P1"}),
        (Deaf(answers=True, after_ns=6 * MINUTE), {"acknowledged P0", "acknowledged P1"}),
        (Deaf(answers=True, sends=False), {"page P0", "page P1"}),
    ],
    ids=["sound", "no person answers", "too late", "no channel"],
)
def test_a_page_that_no_person_answers_in_time_fails_its_drill(pager: Deaf, failed: set[str]) -> None:
    async def carried_out() -> DrillRun:
        run = DrillRun(
            system=cast(RunningSystem, None),
            clock=SimClock(running()),
            tell=tell_no_one,
            config=Path("fairway.yaml"),
            pager=pager,
        )
        await drill_named("page").carry_out(run)
        return run

    run = simulated.run(carried_out, seed=1)
    assert {each.name for each in run.steps if each.holds is False} == failed
    assert pager.ended == ["P0", "P1"]
