"""A plan's alarms in a launch: what sounds holds it or takes it back, and goes by itself when its reason is gone."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from tests.pure.launch.launches import STAGES, Flight, plan

from fairway.launch.observation.observation import Observation
from fairway.launch.plan.compiled_plan import REDUCE_ONLY, CompiledPlan, CompiledTrack
from fairway.launch.plan.watching import Alarm, Objective
from fairway.watch.indicators import BY_NAME
from fairway.watch.series import Series
from fairway.world.clock import HOUR, MINUTE


def watching(*alarms: Mapping[str, object], objectives: tuple[Objective, ...] = ()) -> CompiledPlan:
    found = tuple(Alarm.model_validate(each) for each in alarms)
    return plan(CompiledTrack("engine", STAGES), alarms=found, objectives=objectives)


@dataclass
class Watched(Flight):
    """A flight with measurements: of each indicator the newest value."""

    values: dict[str, float] = field(default_factory=dict)

    def observation(self) -> Observation:
        return replace(super().observation(), series={of: self._series(of, value) for of, value in self.values.items()})

    def _series(self, of: str, value: float) -> Series:
        ats = np.array([self.now - MINUTE // 2], dtype=np.int64)
        return Series(BY_NAME[of], ats, np.array([value]), np.zeros(1, dtype=np.int32), watermark=self.now, beats=self.now)

    @property
    def holds(self) -> list[str]:
        return list(self.launch.holds)


STALE = {"name": "stale data", "of": "data_age", "above": "60 s"}


def dwelling(of: CompiledPlan) -> Watched:
    flight = Watched(plan=of, values={"data_age": 1.0, "trade_pnl": 0.0})
    flight.fly(5 * MINUTE)
    assert flight.where == (0, "dwelling")
    assert flight.holds == []
    return flight


def test_an_alarm_that_holds_stops_the_promotion_until_it_is_silent() -> None:
    flight = dwelling(watching({**STALE, "does": "hold"}))
    flight.values["data_age"] = 61.0
    flight.say("one", "good")
    flight.fly(3 * HOUR)
    assert (flight.where, flight.holds) == ((0, "dwelling"), ["cause alarm stale data"])
    assert "61 is above 60 s" in flight.launch.holds["cause alarm stale data"].reason
    assert flight.launch.leases["main"].limits != REDUCE_ONLY
    flight.values["data_age"] = 1.0
    flight.fly(2 * HOUR)
    assert (flight.track.stage, flight.holds) == (1, [])


def test_an_alarm_that_reduces_revokes_the_lease_to_open() -> None:
    flight = dwelling(watching({**STALE, "does": "reduce only"}))
    flight.values["data_age"] = 61.0
    flight.fly(MINUTE)
    assert flight.launch.leases["main"].limits == REDUCE_ONLY


def test_an_alarm_that_only_tells_changes_nothing() -> None:
    flight = dwelling(watching(STALE))
    flight.values["data_age"] = 61.0
    flight.fly(MINUTE)
    assert flight.holds == []


def test_a_loss_budget_that_burns_opens_nothing_more() -> None:
    """Of the 1,000 dollars of the stage eight percent may be lost; of these forty percent are gone within a day."""
    stages = tuple(replace(stage, capital=STAGES[2].capital) for stage in STAGES)
    budget = Objective.model_validate({"name": "loss budget", "loss": "8 %", "within": "30d"})
    flight = dwelling(plan(CompiledTrack("engine", stages), objectives=(budget,)))
    flight.values["trade_pnl"] = -31.0
    flight.fly(MINUTE)
    assert flight.holds == []
    flight.values["trade_pnl"] = -32.0
    flight.fly(MINUTE)
    assert flight.holds == ["cause alarm loss budget 40 % in 24h"]
    assert flight.launch.leases["main"].limits == REDUCE_ONLY
