"""Each item of the checklist counts towards GO from the first gate that asks for it on; one that no gate names counts at once."""

from tests.pure.launch.launches import BEGIN, STAGES, Flight, plan
from tests.pure.launch.lint.drafts import changed

from fairway.launch.control import launch_events
from fairway.launch.control.gate_stage import verdicts_of
from fairway.launch.evidence.model import Evidence, Rank
from fairway.launch.plan.compile import PlanCompiler
from fairway.launch.plan.compiled_plan import CompiledPlan
from fairway.launch.plan.limits import Mode
from fairway.launch.plan.load import parse
from fairway.launch.views.record import record_of
from fairway.launch.views.status_text import LaunchStatus
from fairway.world.clock import HOUR, MINUTE

GUIDE = "{id: guide, text: users can read how to begin, need: attested file, expires: 7d}"
KEY = "{id: key, text: no key can withdraw, need: machine artifact, expires: 2h}"
ITEMS = f"[{GUIDE}, {KEY}]"
READY = "[{name: ready, gate: checklist, items: [guide]}]"
TWO_STAGES = """
  - {name: first, limits: {mode: testnet}, stay: {at_least: 1h}, expects_activity: false,
     gates: [{name: set-up, gate: checklist, items: [key]}]}
  - {name: second, limits: {mode: testnet}, stay: {at_least: 1h}, expects_activity: false}
  - {name: third, limits: {mode: live, capital: 100 USD, loss: 20 USD}, stay: {at_least: 1h}}"""


def charted(mode: Mode = Mode.TESTNET, **keys: str) -> CompiledPlan:
    keys = {"entry": "[]", **keys}
    return PlanCompiler(parse(changed(guards="[]", timeline="[]", **keys), file="plan.yaml"), "USDT", mode).compiled()


def evidence(claim: str, at: int, rank: Rank = Rank.MACHINE_ARTIFACT) -> Evidence:
    return Evidence(claim=claim, rank=rank, holds=True, why="seen", producer="test", made_at=at, release="r1")


def missing(flight: Flight) -> list[str]:
    observation = flight.observation()
    told = LaunchStatus(flight.plan, flight.launch, observation, verdicts_of(flight.plan, flight.launch, observation))
    [section] = record_of(told, [], []).sections
    return [each.partition(":")[0] for each in section.missing]


def listed(flight: Flight) -> dict[str, str]:
    """By item, who asks for it as the record tells it."""
    observation = flight.observation()
    told = LaunchStatus(flight.plan, flight.launch, observation, verdicts_of(flight.plan, flight.launch, observation))
    [section] = record_of(told, [], []).sections
    return {each.name: each.asked for each in section.checklist}


def items_of(plan: CompiledPlan, stage: int) -> list[str]:
    return [item for each in plan.tracks[0].stages[stage].counts for item in each.settings.items]


def test_an_item_that_no_gate_asks_for_is_missing_before_the_first_stage() -> None:
    flight = Flight(plan=charted(checklist=f"[{GUIDE}]"))
    flight.tick()
    assert "checklist" in missing(flight)
    flight.take(launch_events.EvidenceTaken(evidence=evidence("guide", BEGIN), by="ann"))
    assert "checklist" not in missing(flight)


def test_an_item_counts_at_each_promotion_after_the_first_gate_that_asks_for_it() -> None:
    made = charted(checklist=ITEMS, entry=READY, stages=TWO_STAGES)
    assert [each.name for each in made.entry] == ["ready"], "each item is asked for somewhere"
    assert [items_of(made, place) for place in range(3)] == [["guide"], ["guide", "key"], []]


def test_an_item_that_has_expired_since_keeps_a_launch_from_the_next_stage() -> None:
    flight = Flight(plan=charted(checklist=ITEMS, entry=READY, stages=TWO_STAGES))
    track = flight.plan.tracks[0].name
    flight.take(launch_events.EvidenceTaken(evidence=evidence("guide", BEGIN), by="ann"))
    approvals = {"owner": "olga", "risk": "ravi"}
    flight.tick()
    flight.tick(*flight.approve_all("first", approvals))
    flight.take(launch_events.EvidenceTaken(evidence=evidence("key", flight.now), by="ann"))
    flight.fly(HOUR + 2 * MINUTE, MINUTE)
    flight.tick(*flight.approve_all("second", approvals))
    assert flight.launch.track(track).stage == 1
    flight.fly(3 * HOUR, MINUTE)
    assert flight.launch.track(track).phase.value == "dwelling"
    assert "checklist" in missing(flight), "the key was looked at more than two hours ago"
    flight.take(launch_events.EvidenceTaken(evidence=evidence("key", flight.now), by="ann"))
    flight.tick()
    assert flight.launch.track(track).phase.value == "ready"


def test_of_a_stage_that_another_trader_flies_its_items_count_too() -> None:
    flight = Flight(plan=charted(Mode.LIVE, checklist=ITEMS, entry=READY, stages=TWO_STAGES))
    assert [items_of(flight.plan, place) for place in range(2)] == [["guide", "key"], ["guide", "key"]]


def test_a_plan_without_a_checklist_is_asked_for_none() -> None:
    made = charted(checklist="[]")
    assert made.entry == ()
    assert all(not stage.counts for stage in made.tracks[0].stages)
    assert [stage.counts for stage in plan().tracks[0].stages] == [() for _ in STAGES]


def test_the_record_says_which_gate_asks_for_an_item_and_which_items_only_a_later_stage_asks_for() -> None:
    flight = Flight(plan=charted(checklist=ITEMS, entry=READY, stages=TWO_STAGES))
    flight.tick()
    assert listed(flight) == {"guide": "ready", "key": ""}
    flight.take(launch_events.EvidenceTaken(evidence=evidence("guide", BEGIN), by="ann"))
    flight.tick(*flight.approve_all("first", {"owner": "olga", "risk": "ravi"}))
    flight.tick()
    assert listed(flight) == {"guide": "checklist", "key": "set-up"}
