"""A venue goes into maintenance: where that was planned uptime stays whole, where it was not it does not."""

from typing import Any

from tests.scenes.test_a_pilot_asks_its_probes import asked, plan

from fairway.launch.control import launch_events
from fairway.launch.control.decision import replayed
from fairway.launch.control.gate_stage import verdicts_of
from fairway.launch.control.lifecycle import StageEntered
from fairway.launch.control.state import CODEC
from fairway.launch.gates.verdict import Verdict
from fairway.launch.observation.trader_projection import TraderProjection
from fairway.launch.plan.compiled_plan import CompiledMessage, CompiledPlan
from fairway.launch.plan.people import When
from fairway.proving.flown import LaunchHarness
from fairway.proving.scenario_script import exchange_fault
from fairway.world.clock import MINUTE, SECOND
from fairway.world.loop import EPOCH_NS

UP = asked("timeslices", name="up", of="uptime", at_least="95 %")
TOLD = CompiledMessage("say[0]", "users", at=(When.MAINTENANCE,), ahead_ns=MINUTE)


class Planned(LaunchHarness):
    def plan_maintenance(self, *spells: tuple[float, float]) -> None:
        """From so many minutes to so many; it is in its configuration, which each pilot reads when it starts."""
        self.maintenance = tuple((EPOCH_NS + round(since * MINUTE), EPOCH_NS + round(until * MINUTE)) for since, until in spells)

    def up(self) -> Verdict:
        observation = TraderProjection()
        observation.fold(self.file.records)
        return verdicts_of(self.plan, self.launch, observation.observation(EPOCH_NS + round(self._ended_at - EPOCH_NS)))[
            "engine"
        ][0]


def play(flown: CompiledPlan, *spells: tuple[float, float], acts: Any = None) -> Planned:
    closed = exchange_fault("maintenance", since=4 * 60, until=9 * 60)
    stage = Planned(plan=flown, acts=acts or {}, faults=[closed])
    stage.plan_maintenance(*spells)
    stage.run(minutes=30)
    return stage


def entered(stage: Planned) -> list[tuple[float, str]]:
    events = [(record.at, CODEC.decode(record)) for record in stage.launched.records]
    return [((at - EPOCH_NS) / MINUTE, each.name) for at, each in events if isinstance(each, StageEntered)]


def said(stage: Planned) -> list[tuple[float, str]]:
    events = [(record.at, CODEC.decode(record)) for record in stage.launched.records]
    return [((at - EPOCH_NS) // SECOND / 60, each.about) for at, each in events if isinstance(each, launch_events.MessageDue)]


def test_uptime_stays_whole_where_it_was_planned_and_the_clock_stands_while_the_venue_is_not_seen() -> None:
    flown = plan(gates=(UP,), messages=(TOLD,))
    unplanned, planned = play(flown), play(flown, (4, 9))
    assert unplanned.up().reason.startswith("SLICES_BEHIND: "), unplanned.up()
    [(since, until)] = unplanned.launch.track("engine").pauses
    assert 6 * MINUTE < since - EPOCH_NS < until - EPOCH_NS < 10 * MINUTE, "three minutes after it was last seen"
    [(_, first), (at, second)] = entered(planned)
    assert (first, second) == ("small", "large"), "only where it was planned is the stage left"
    assert 25 < at < 27, "twenty minutes that were due, and those of the maintenance"
    assert [name for _, name in entered(unplanned)] == ["small"]
    assert said(unplanned) == []
    assert said(planned) == [(3, "maintenance ahead"), (4, "maintenance begins"), (9, "maintenance over")]


def test_what_is_planned_after_it_began_excuses_nothing_before_and_decisions_are_made_anew() -> None:
    """The pilot that is started with it learns of it at 6:30; what a later one is not told any more was planned all the same."""

    def restarted(*spells: tuple[float, float]) -> Any:
        def act(stage: Any) -> None:
            stage.plan_maintenance(*spells)
            stage.kill_and_restart_pilot()

        return act

    flown = plan(gates=(UP,), messages=(TOLD,))
    stage = play(flown, acts={390: restarted((4, 9)), 900: restarted()})
    assert [tuple(round((each - EPOCH_NS) / MINUTE, 1) for each in spell) for spell in stage.launch.maintenance] == [(6.5, 9.0)]
    assert [about for _, about in said(stage)] == ["maintenance begins", "maintenance over"]
    assert stage.launch.decisions >= 4
    for number in range(1, stage.launch.decisions + 1):
        done = replayed(number, stage.launched.records, stage.file.records, stage.said, lambda began: flown, TraderProjection())
        assert done.differs == "", number
