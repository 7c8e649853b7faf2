"""How soon a message is with its channel after something went wrong, in simulated time, and how many messages a flood brings.

The service looks once a second, so half a second passes on average before it can know. The floor is a loop that looks as often,
and does nothing else.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Final

from fairway.alerting.measured import MeasuredNow
from fairway.alerting.rule import AlertRule
from fairway.incidents.alerting_journal import ALERTING_CODEC, ALERTING_STREAM
from fairway.incidents.alerting_service import ActionOutcome, AlertingPorts, AlertingService
from fairway.incidents.alerting_state import AlertingState
from fairway.incidents.incident_tick import IncidentFacts
from fairway.incidents.policy import IncidentPolicy
from fairway.journal.memory import MemoryFile, open_memory
from fairway.notify.dispatcher import Dispatcher
from fairway.notify.message import Message
from fairway.notify.port import OpenChannel
from fairway.risk.causes import AlertSeverity
from fairway.watch.gauges import Gauges, GaugeSample
from fairway.world.clock import SECOND, SimClock
from fairway.world.loop import run, running

WAVES: Final = 20
EVENTS: Final = 20
"""Of one wave, each of a cause of its own."""
WAVE_S: Final = 60
FLOOD: Final = 1_000
CAUSES: Final = 10
FLOOD_S: Final = 600
"""So long messages of a flood are counted: what comes after it is collected in five minutes."""
CHANNEL: Final = "it"


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside it)."""
    waves = [run(_wave, seed=seed) for seed in range(WAVES)]
    took = [seconds for wave, _ in waves for seconds in wave]
    floor = [seconds for _, wave in waves for seconds in wave]
    assert len(took) == len(floor) == WAVES * EVENTS
    began = time.process_time()
    messages = run(_flood)
    cpu = time.process_time() - began
    return [
        (f"event to message at its channel, {len(took)} events, simulated, p50", f"{median(took):.2f} s", "typically 1 s"),
        ("the same, p99", f"{_p99(took):.2f} s", f"at most 5 s; a bare look once a second {_p99(floor):.2f} s"),
        (f"{FLOOD:,} alerts of {CAUSES} causes at once: messages in 10 min", f"{messages}", "at most 20"),
        (f"a second of the service with {FLOOD:,} alerts that fire, CPU", f"{cpu / FLOOD_S * 1000:.0f} ms", ""),
    ]


@dataclass
class Processes:
    """What is measured: which processes are down. As a supervisor says it."""

    names: Sequence[str]
    down: set[str] = field(default_factory=set)

    async def measured(self, now: int, own: Gauges) -> tuple[MeasuredNow, IncidentFacts]:
        up = tuple(GaugeSample(float(name not in self.down), {"process": name}) for name in self.names)
        return MeasuredNow(now=now, gauges={"fairway_process_up": up}), IncidentFacts()

    # -- what the service needs besides, and has nothing to do here ------------------------------------------------

    async def heard(self, after: int, known: int, digest: str) -> Sequence[object]:
        return ()

    async def due(self, now: int) -> Sequence[tuple[str, Message]]:
        return ()

    async def carry_out(self, rule: AlertRule, alert: object) -> ActionOutcome:
        return ActionOutcome("")


@dataclass
class Received:
    """A channel. messages: with the instant (ns) of each."""

    messages: list[tuple[int, Message]] = field(default_factory=list)

    async def send(self, message: Message) -> str:
        self.messages.append((running().wall_ns, message))
        return ""

    async def close(self) -> None: ...


def _rule(cause: str, names: Sequence[str]) -> AlertRule:
    condition = {"gauge": "fairway_process_up", "labels": {"process": list(names)}, "below": "1"}
    return AlertRule.model_validate(
        {
            "name": cause,
            "says": "A process does not run.",
            "when": condition,
            "each": "process",
            "severity": "P0",
            "incident": cause,
            "runbook": "process-down",
        }
    )


def _started(rules: Sequence[AlertRule], processes: Processes, received: Received) -> "asyncio.Task[None]":
    state, clock = AlertingState(), SimClock(running())
    journal = open_memory(MemoryFile(), ALERTING_CODEC, mode="practice", trader="bench", stream=ALERTING_STREAM)
    ports = AlertingPorts(
        journal=journal,
        inbox=processes,  # type: ignore[arg-type]
        measures=processes,
        mitigator=processes,
        messages=processes,
        clock=clock,
    )
    policy = IncidentPolicy(escalation=lambda *_: (), routes=dict.fromkeys(AlertSeverity, (CHANNEL,)))
    service = AlertingService(rules, policy, ports, state)
    channel = OpenChannel(name=CHANNEL, kind=CHANNEL, channel=received, per_minute=6_000)
    draws = running().chance.stream("notify")
    return asyncio.create_task(service.run(Dispatcher({CHANNEL: channel}, state.outbox, service.write, clock, draws)))


async def _ended(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.wait([task])


async def _wave() -> tuple[list[float], list[float]]:
    """Seconds from each event to its message, and to the next look of a bare loop."""
    names = [f"process-{number}" for number in range(EVENTS)]
    processes, received = Processes(names), Received()
    task = _started([_rule(f"cause-{name}", [name]) for name in names], processes, received)
    looks: dict[str, int] = {}
    looking = asyncio.create_task(_look(processes, looks))
    began, chance = running().wall_ns, running().chance.stream("events")
    due = sorted((SECOND + round(chance.random() * (WAVE_S - 10) * SECOND), name) for name in names)
    happened = {}
    for after, name in due:
        await asyncio.sleep((began + after - running().wall_ns) / SECOND)
        processes.down.add(name)
        happened[name] = running().wall_ns
    await asyncio.sleep(10)
    await _ended(task)
    await _ended(looking)
    told = {name: at for at, message in received.messages for name in names if f"cause-{name}: " in message.title}
    return _seconds(happened, told), _seconds(happened, looks)


def _seconds(happened: dict[str, int], seen: dict[str, int]) -> list[float]:
    return [(seen[name] - at) / SECOND for name, at in happened.items()]


async def _look(processes: Processes, looks: dict[str, int]) -> None:
    while True:
        for name in processes.down:
            looks.setdefault(name, running().wall_ns)
        await asyncio.sleep(1)


async def _flood() -> int:
    names = [f"process-{number}" for number in range(FLOOD)]
    processes, received = Processes(names), Received()
    task = _started([_rule(f"cause-{number}", names[number::CAUSES]) for number in range(CAUSES)], processes, received)
    await asyncio.sleep(5)
    processes.down.update(names)
    await asyncio.sleep(FLOOD_S)
    await _ended(task)
    return len(received.messages)


def _p99(took: Sequence[float]) -> float:
    return quantiles(took, n=100)[98]


if __name__ == "__main__":
    for row in rows():
        print(*row, sep="  |  ")
