"""A pilot asks what its plan says, by the clock and over HTTP, and its gates and alarms judge by what is answered."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.pure.watch.servers import HEALTHY, Server

from fairway.launch.control import launch_events
from fairway.launch.control.decision import replayed
from fairway.launch.control.gate_stage import verdicts_of
from fairway.launch.control.lifecycle import StageEntered
from fairway.launch.control.state import CODEC, Launch
from fairway.launch.gates.registry import gate
from fairway.launch.observation.trader_projection import TraderProjection
from fairway.launch.plan.compiled_plan import CompiledGate, CompiledPlan, CompiledStage, CompiledTrack
from fairway.launch.plan.probe import Probe
from fairway.launch.plan.stage import FailureAction
from fairway.launch.plan.watching import Alarm
from fairway.launch.views.status_text import LaunchStatus, explain
from fairway.money.amount import Amount
from fairway.proving.flown import LaunchHarness
from fairway.risk.limits import Limits
from fairway.texts.quantities import Quantity
from fairway.world.clock import MINUTE, SECOND
from fairway.world.loop import EPOCH_NS, running

GREEN = "green"
SMALL, LARGE = (Limits(capital=Amount.of(each, "USDT")) for each in ("1000", "5000"))
HEALTH = Probe.model_validate(
    {"name": "health", "of": "http_ok", "asks": "GET http://green:8080/health", "every": "10s", "checks": ("database", "venue")}
)
LAG = Probe.model_validate(
    {"name": "lag", "of": "consumer_lag", "asks": "METRIC lag at http://green:8080/metrics", "every": "10s"}
)
COST = Probe.model_validate(
    {"name": "cost", "of": "llm_cost", "asks": "METRIC cost_total at http://green:8080/metrics", "every": "10s"}
)
ANSWERS = {"name": "answers", "of": "http_ok", "at_least": "95 %", "strength": "not_disproven", "at_least_n": "12"}
Acts = dict[float, Callable[[Any], object]]


def asked(kind: str, **settings: str) -> CompiledGate:
    found = gate(kind)
    return CompiledGate(settings["name"], found, found.settings.model_validate(settings))


def plan(*probes: Probe, gates: tuple[CompiledGate, ...] = (), **more: Any) -> CompiledPlan:
    small = CompiledStage("small", SMALL, stay_min_ns=2 * MINUTE, gates=gates)
    large = CompiledStage("large", LARGE, stay_min_ns=60 * MINUTE, gates=gates)
    return CompiledPlan(
        name="ramp", digest="1", author="ann", tracks=(CompiledTrack("engine", (small, large)),), probes=probes, **more
    )


class Probed(LaunchHarness):
    """Beside the pilot there is a server on a machine of its own."""

    green: Server

    def start_trader(self, credentials: Any) -> None:
        self._companions.append(running().spawn(GREEN, self._serve_green()))
        super().start_trader(credentials)

    async def _serve_green(self) -> None:
        async with self.green.listening(GREEN, 8080):
            await asyncio.get_running_loop().create_future()

    def noted(self) -> list[tuple[float, launch_events.SamplesTaken]]:
        events = [(record.at, CODEC.decode(record)) for record in self.launched.records]
        return [((at - EPOCH_NS) / SECOND, event) for at, event in events if isinstance(event, launch_events.SamplesTaken)]

    def values(self, of: str) -> list[tuple[float, float]]:
        rows = [row for _, event in self.noted() for row in event.values.get(of, ())]
        return [((at - EPOCH_NS) / SECOND, float(value)) for at, value, _, _ in rows]

    def entered(self) -> list[tuple[float, str]]:
        events = [(record.at, CODEC.decode(record)) for record in self.launched.records]
        return [((at - EPOCH_NS) / SECOND, event.name) for at, event in events if isinstance(event, StageEntered)]

    def explained(self) -> str:
        observation = TraderProjection().observation(EPOCH_NS + round(self._ended_at - EPOCH_NS))
        launch: Launch = self.launch
        return "\n".join(explain(LaunchStatus(self.plan, launch, observation, verdicts_of(self.plan, launch, observation))))


def play(flown: CompiledPlan, minutes: float, acts: Acts | None = None, green: Server | None = None) -> Probed:
    stage = Probed(plan=flown, acts=acts or {})
    stage.green = green or Server()
    stage.run(minutes=minutes)
    return stage


def test_a_stage_is_left_when_what_is_asked_answers_well() -> None:
    stage = play(plan(HEALTH, gates=(asked("proportion", **ANSWERS),)), 5)
    (began, first), (left, second) = stage.entered()
    assert (first, second) == ("small", "large")
    assert left - began >= 120, "twelve answers, ten seconds apart, and two minutes"
    assert [at for at, _ in stage.values("http_ok")][:5] == [10, 20, 30, 40, 50]
    assert {value for _, value in stage.values("http_ok")} == {1.0}
    assert len(stage.values("http_latency")) == len(stage.values("http_ok"))
    writes = [at for at, event in stage.noted() if event.values["http_ok"]]
    assert len(writes) <= 300 / 30, "thirty observations are no thirty records"


def test_a_page_that_says_healthy_and_names_nothing_lets_nobody_pass() -> None:
    stage = play(plan(HEALTH, gates=(asked("proportion", **ANSWERS),)), 5, green=Server(body='{"status": "healthy"}'))
    assert [name for _, name in stage.entered()] == ["small"]
    assert {value for _, value in stage.values("http_ok")} == {0.0}
    assert stage.launch.holds["gate engine/answers"]
    assert "probe health: " in stage.explained()
    assert "its page does not name database" in stage.explained()


def test_an_alarm_holds_while_nobody_answers_and_lets_go_when_somebody_does() -> None:
    def silence(stage: Any) -> None:
        stage.green.delay_s = 60.0

    def answer(stage: Any) -> None:
        stage.green.delay_s = 0.0

    fails = Alarm(name="fails", of="http_ok", above=Quantity.parse("10 %"), within=MINUTE, does=FailureAction.HOLD)
    stage = play(plan(HEALTH, alarms=(fails,)), 12, {182: silence, 302: answer})
    events = [(record.at, CODEC.decode(record)) for record in stage.launched.records]
    raised = [
        (at - EPOCH_NS) / SECOND for at, each in events if isinstance(each, launch_events.HoldRaised) and "fails" in each.hold.id
    ]
    lifted = [
        (at - EPOCH_NS) / SECOND for at, each in events if isinstance(each, launch_events.HoldLifted) and "fails" in each.hold_id
    ]
    assert len(raised) == len(lifted) == 1
    assert 182 < raised[0] < 260, "three that nobody answered within five seconds, and half a minute until they are noted"
    assert 302 < lifted[0] < 420
    assert {value for at, value in stage.values("http_latency") if 190 <= at < 300} == {5.0}


def test_a_metric_is_read_and_a_counter_is_worth_its_increase_over_a_start_too() -> None:
    def cost(told: str) -> Callable[[Any], object]:
        return lambda stage: setattr(stage.green, "body", f"lag 3\ncost_total {told}\n")

    acts: Acts = {95: cost("1.5"), 155: Probed.kill_pilot, 165: cost("4"), 205: Probed.start_pilot, 265: cost("0.25")}
    stage = play(plan(LAG, COST), 6, acts, Server(body="lag 3\ncost_total 1\n"))
    grown = [(at, value) for at, value in stage.values("llm_cost") if value]
    assert [value for _, value in grown] == [0.5, 2.5, 0.25], "what was spent while nobody looked is spent"
    assert [at for at, _ in grown] == [100, 210, 270]
    assert {value for _, value in stage.values("consumer_lag")} == {3.0}


def test_a_metric_that_is_gone_makes_its_series_old_and_the_reason_is_told() -> None:
    lag = asked("quantile", name="lag", of="consumer_lag", q="95 %", at_most="10", max_age="1m")
    stage = play(plan(LAG, gates=(lag,)), 8, {152: lambda it: setattr(it.green, "body", "other 1\n")}, Server(body="lag 3\n"))
    assert [at for at, _ in stage.values("consumer_lag")][-1] == 150
    told = stage.explained()
    assert "STALE" in told
    assert "probe lag: known until 2022-01-01T00:02:30" in told
    assert "its page has no sample of lag" in told
    troubled = [event for _, event in stage.noted() if event.trouble == "its page has no sample of lag"]
    assert len(troubled) == 1, "what is the matter is written once, and not with every question"


def test_an_alarm_with_a_heartbeat_sounds_when_its_number_was_never_read() -> None:
    behind = Alarm(
        name="behind", of="consumer_lag", above=Quantity.parse("100"), heartbeat=2 * MINUTE, does=FailureAction.REDUCE_ONLY
    )
    stage = play(plan(LAG, alarms=(behind,)), 5, {212: lambda it: setattr(it.green, "body", "lag 7\n")}, Server(body="other 1\n"))
    events = [(record.at, CODEC.decode(record)) for record in stage.launched.records]
    raised = [
        (at - EPOCH_NS) / SECOND for at, each in events if isinstance(each, launch_events.HoldRaised) and "behind" in each.hold.id
    ]
    lifted = [
        (at - EPOCH_NS) / SECOND for at, each in events if isinstance(each, launch_events.HoldLifted) and "behind" in each.hold_id
    ]
    (sounded,) = raised
    assert 120 < sounded <= 122, "two minutes after the launch began, at the next tick"
    assert len(lifted) == 1
    assert 220 <= lifted[0] < 255


def test_a_start_goes_on_with_the_same_clock_and_every_decision_is_made_anew() -> None:
    flown = plan(HEALTH, gates=(asked("proportion", **ANSWERS),))
    stage = play(flown, 6, {93: Probed.kill_and_restart_pilot})
    ats = [at for at, _ in stage.values("http_ok")]
    assert all(at % 10 == 0 for at in ats)
    assert set(range(100, 300, 10)) <= set(ats)
    assert len(ats) == len(set(ats)), "nothing is counted twice"
    assert stage.launch.decisions >= 4
    for number in range(1, stage.launch.decisions + 1):
        done = replayed(number, stage.launched.records, stage.file.records, stage.said, lambda began: flown, TraderProjection())
        assert done.differs == "", number


def test_a_pilot_that_was_away_has_not_observed_and_says_so() -> None:
    """Two of five minutes are missing: what nobody asked is no good answer."""
    flown = plan(HEALTH, gates=(asked("proportion", **ANSWERS),))
    flown = replace(
        flown, tracks=(replace(flown.tracks[0], stages=(replace(flown.tracks[0].stages[0], stay_min_ns=9 * MINUTE),)),)
    )
    stage = play(flown, 7, {120: Probed.kill_pilot, 300: Probed.start_pilot})
    assert "COVERAGE_LOW" in stage.explained()


BLUE = Probe.model_validate(
    {"name": "blue", "of": "http_ok", "asks": "GET http://blue:8080/prices", "every": "5s", "beside": True}
)
GREENS = Probe.model_validate({"name": "green", "of": "http_ok", "asks": "GET http://green:8080/prices", "every": "5s"})


class Compared(Probed):
    """The old release answers beside the new one, on a machine of its own."""

    blue: Server

    def start_trader(self, credentials: Any) -> None:
        self._companions.append(running().spawn("blue", self._serve_blue()))
        super().start_trader(credentials)

    async def _serve_blue(self) -> None:
        async with self.blue.listening("blue", 8080):
            await asyncio.get_running_loop().create_future()


def beside(green: Server, blue: Server, acts: Acts | None = None) -> Compared:
    slower = CompiledGate("slower", gate("regression"), gate("regression").settings.model_validate(SLOWER))
    stage = Compared(plan=plan(GREENS, BLUE, gates=(slower,)), acts=acts or {})
    stage.green, stage.blue = green, blue
    stage.run(minutes=8)
    return stage


SLOWER = {"name": "slower", "of": "http_latency", "against": {"probe": "blue"}, "block": "10s"}


def test_a_release_is_compared_with_the_old_one_that_answers_beside_it() -> None:
    alike = beside(Server(delay_s=0.1), Server(delay_s=0.1))
    assert [name for _, name in alike.entered()] == ["small", "large"]
    assert alike.entered()[1][0] > 300, "thirty blocks of ten seconds"
    assert {of for _, event in alike.noted() if event.source == "probe blue" for of in event.values} == {
        "http_ok",
        "http_latency",
    }
    assert all(event.is_control == (event.source == "probe blue") for _, event in alike.noted())
    for number in range(1, alike.launch.decisions + 1):
        done = replayed(
            number, alike.launched.records, alike.file.records, alike.said, lambda began: alike.plan, TraderProjection()
        )
        assert done.differs == "", number
    slower = beside(Server(delay_s=0.3), Server(delay_s=0.1))
    assert [name for _, name in slower.entered()] == ["small"]
    assert slower.launch.holds["gate engine/slower"].reason.startswith("NONINFERIORITY_DISPROVEN: ")


def test_an_old_release_that_fails_stops_nothing_but_the_comparison() -> None:
    """Blue falls silent: beside five seconds that were waited in vain any release would look fast, so they are no answer."""
    stage = beside(Server(delay_s=0.1), Server(delay_s=0.1), {90: lambda it: setattr(it.blue, "delay_s", 60.0)})
    assert stage.launch.holds == {}
    assert [name for _, name in stage.entered()] == ["small"]
    assert "BLOCKS_FEW" in stage.explained()
    known = [each for _, each in stage.noted() if each.source == "probe blue"]
    assert {value for each in known for _, value, _, _ in each.values["http_ok"]} == {0, 1}
    assert max(value for each in known for _, value, _, _ in each.values["http_latency"]) < 1
    assert not any(value < 1 for _, value in own(stage, "http_ok"))
    assert "probe blue: " in stage.explained()


def own(stage: Probed, of: str) -> list[tuple[int, float]]:
    rows = [row for _, event in stage.noted() if not event.is_control for row in event.values.get(of, ())]
    return [(at, float(value)) for at, value, _, _ in rows]


def test_a_trader_and_its_leases_do_not_wait_for_a_slow_answer() -> None:
    slow = Probe.model_validate(
        {"name": "slow", "of": "http_ok", "asks": "GET http://green:8080/x", "every": "60s", "within": "60s"}
    )
    stage = play(plan(slow, HEALTH), 6, green=Server(body=HEALTHY, delay_s=59.0))
    leases = [CODEC.decode(record) for record in stage.launched.records if record.kind == "LeaseIssued"]
    assert len(leases) >= 5 * 60 / 20 - 2, "a lease every twenty seconds"
    assert {name for _, name in stage.entered()} == {"small", "large"}
