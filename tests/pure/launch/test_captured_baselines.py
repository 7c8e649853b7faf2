"""The baseline of a stage is captured when all of its gates pass, and outlives the release that it was measured of."""

from tests.pure.launch.launches import BEGIN, STAGES, Flight, plan

from fairway.launch.observation.baselines import series_of
from fairway.launch.plan.compiled_plan import CompiledBaseline, CompiledTrack
from fairway.launch.plan.stage_ref import StageRef
from fairway.money.amount import use_exact_decimals
from fairway.watch.indicators import BY_NAME
from fairway.watch.series_builder import SeriesBuilder
from fairway.world.clock import HOUR, MINUTE


def test_a_baseline_is_captured_when_all_gates_pass_and_outlives_its_release() -> None:
    use_exact_decimals()  # as every command does: no float may become money unseen
    ramp = plan(
        CompiledTrack("engine", STAGES), baselines=(CompiledBaseline("first", StageRef("engine", "small"), ("rss", "order_ack")),)
    )
    flight = Flight(plan=ramp)
    growing = SeriesBuilder(BY_NAME["rss"])
    flight.series = {"rss": growing.series()}
    for minute in range(180):
        growing.add(BEGIN + minute * MINUTE, 1_000 + minute)
    flight.series = {"rss": growing.series()}
    flight.fly(2 * HOUR, MINUTE)
    assert not flight.launch.baselines, "nothing has passed"
    flight.say("one", "good")
    flight.fly(10 * MINUTE, MINUTE)
    kept = flight.launch.baselines["first"]
    assert (kept.stage, kept.release, list(kept.values)) == ("engine/small", "r1", ["rss"])
    assert [value for _, value in kept.values["rss"]] == list(range(1_003, 1_122))
    flight.release = "r2"
    flight.tick()
    assert "first" in flight.launch.baselines
    [first] = series_of(flight.launch.baselines)["first"].values()
    assert (first.values[0], first.values[-1]) == (1_003, 1_121)
