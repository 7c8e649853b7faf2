"""The alerting service with real rules, a journal in memory and a channel that remembers, in simulated time."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from msgspec import Struct
from tests.pure.incidents.responses import POLICY

from fairway.alerting.alert_events import AlertCleared, AlertFired, AlertKey
from fairway.alerting.measured import GaugeSample, MeasuredNow
from fairway.alerting.rule import AlertAction, AlertRule
from fairway.alerting.rule_files import parse_rules, shipped_rules
from fairway.incidents.alert_commands import BeginSilence
from fairway.incidents.alerting_journal import ALERTING_CODEC, ALERTING_STREAM
from fairway.incidents.alerting_service import ActionOutcome, AlertingPorts, AlertingService
from fairway.incidents.alerting_state import ActionTaken, state_from
from fairway.incidents.incident_commands import Acknowledge, Declare
from fairway.incidents.incident_events import CommandAnswered, MitigationDone
from fairway.incidents.incident_tick import IncidentFacts
from fairway.incidents.troubles import TroubleChanged
from fairway.journal.command_reader import ReadCommand
from fairway.journal.memory import MemoryFile, open_memory
from fairway.journal.port import JournalUnwritable
from fairway.notify.dispatcher import Dispatcher
from fairway.notify.message import Message, MessagePhase
from fairway.notify.port import OpenChannel, TransientFailure
from fairway.operations.drills.pager import page_of
from fairway.risk.causes import AlertSeverity
from fairway.store.failures import StoreUnwritable
from fairway.watch.gauges import Gauges
from fairway.world import loop as simulated
from fairway.world.loop import running

RULES = parse_rules("""
rules:
  - {name: kill-in-force, says: A kill is in force., when: {gauge: fairway_kills_in_force, above: 0}, severity: P0,
     incident: kill, runbook: kill-in-force, is_money: true}
  - {name: disk-full, says: The disk is full., when: {gauge: fairway_disk_free_ratio, below: 2 %}, severity: P1, incident: disk,
     runbook: disk, does: reduce}
""")


OF_ALERTING = parse_rules("""
rules:
  - {name: incidents-open, says: An incident is open., when: {gauge: fairway_incidents_open, above: 0}, severity: P2,
     incident: people, runbook: disk}
""")
NAMES = ("chat", "pager", "email", "users")


@dataclass
class Channel:
    got: list[Message] = field(default_factory=list)
    is_down: bool = False

    async def send(self, message: Message) -> str:
        if self.is_down:
            raise TransientFailure("it is down")
        self.got.append(message)
        return ""

    async def close(self) -> None:
        pass


@dataclass
class World:
    """What is around the service, and outlives it."""

    file: MemoryFile = field(default_factory=lambda: MemoryFile("the alerting journal"))
    gauges: dict[str, float] = field(default_factory=lambda: {"fairway_kills_in_force": 0.0, "fairway_disk_free_ratio": 0.5})
    commands: list[ReadCommand] = field(default_factory=list)
    channels: dict[str, Channel] = field(default_factory=lambda: {name: Channel() for name in NAMES})
    acted: list[AlertKey] = field(default_factory=list)
    action_takes_s: float = 0.0
    others: list[tuple[str, Message]] = field(default_factory=list)
    rules: Sequence[AlertRule] = RULES
    hangs: bool = False
    """Whether what is measured does not answer."""
    slow: set[str] = field(default_factory=set)
    """Of `commands`, `messages` and `measurements`, those that are not read in time."""

    beside: dict[str, str] = field(default_factory=dict)

    async def measured(self, now: int, own: Gauges) -> tuple[MeasuredNow, IncidentFacts]:
        if self.hangs:
            await asyncio.Event().wait()
        self._in_time("measurements")
        found = {name: (GaugeSample(value),) for name, value in self.gauges.items()}
        return MeasuredNow(now=now, gauges={**found, **own}), IncidentFacts()

    def _in_time(self, what: str) -> None:
        if what in self.slow:
            raise StoreUnwritable(f"{what} do not answer within 2 s")

    async def heard(self, after: int, known: int, digest: str) -> Sequence[ReadCommand]:
        self._in_time("commands")
        return self.commands[after:]

    async def carry_out(self, rule: AlertRule, alert: AlertFired) -> ActionOutcome:
        await asyncio.sleep(self.action_takes_s)
        self.acted.append(alert.key)
        return ActionOutcome(f"{rule.does.value} was done")

    async def due(self, now: int) -> Sequence[tuple[str, Message]]:
        self._in_time("messages")
        found, self.others = self.others, []
        return found

    def say(self, command: Struct) -> None:
        number = len(self.commands) + 1
        self.commands.append(ReadCommand(number, "ann", running().wall_ns, command, f"digest {number}"))

    async def serve(self, for_s: float) -> AlertingService:
        """One life of the service, which ends as by `kill -9`."""
        loop = running()
        journal = open_memory(self.file, ALERTING_CODEC, mode="practice", trader="main", stream=ALERTING_STREAM)
        state = state_from((each.at, ALERTING_CODEC.decode(each)) for each in journal.replay())
        ports = AlertingPorts(journal=journal, inbox=self, measures=self, mitigator=self, messages=self, clock=loop.clock)
        service = AlertingService(self.rules, POLICY, ports, state)
        service.watch_troubles(lambda: self.beside)
        channels = {
            name: OpenChannel(name=name, kind="test", channel=each, per_minute=1_000) for name, each in self.channels.items()
        }
        dispatcher = Dispatcher(channels, state.outbox, service.write, loop.clock, loop.chance.stream("draws"))
        task = asyncio.create_task(service.run(dispatcher))
        await asyncio.sleep(for_s)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        journal.crash()
        return service

    def events(self, kind: type[Struct]) -> list[Any]:
        found = (ALERTING_CODEC.decode(each) for each in self.file.records)
        return [each for each in found if isinstance(each, kind)]

    @property
    def told(self) -> list[tuple[str, str]]:
        """What each channel got: its name and the message's id."""
        return [(name, each.id) for name, channel in self.channels.items() for each in channel.got]


def run(work: Coroutine[Any, Any, Any]) -> Any:
    async def main() -> Any:
        return await work

    return simulated.run(main, seed=1)


def test_an_alert_is_in_a_channel_within_two_seconds_and_told_once_over_three_lives() -> None:
    async def play(world: World) -> None:
        world.gauges["fairway_kills_in_force"] = 1.0
        await world.serve(2)
        first = list(world.told)
        await world.serve(20)
        await world.serve(20)
        assert {name for name, _ in first} == {"chat", "pager", "users"}
        assert len(set(world.told)) == len(world.told)
        assert [each.phase for each in world.channels["pager"].got] == [MessagePhase.OPENED]
        assert len(world.events(AlertFired)) == 1

    run(play(World()))


def test_what_a_rule_does_is_done_once_and_reported_to_its_incident() -> None:
    async def play(world: World) -> None:
        world.gauges["fairway_disk_free_ratio"] = 0.01
        await world.serve(10)
        await world.serve(10)
        assert world.acted == [AlertKey("disk-full")]
        assert [each.action for each in world.events(MitigationDone)] == [AlertAction.REDUCE.value]

    run(play(World()))


def test_an_action_that_a_crash_has_cut_off_is_taken_again() -> None:
    async def play(world: World) -> None:
        world.action_takes_s = 30
        world.gauges["fairway_disk_free_ratio"] = 0.01
        await world.serve(10)
        assert not world.acted
        await world.serve(40)
        assert world.acted == [AlertKey("disk-full")]
        assert len(world.events(ActionTaken)) == 1

    run(play(World()))


def test_an_alert_that_fires_again_is_acted_on_again() -> None:
    async def play(world: World) -> None:
        async def change() -> None:
            for free in (0.01, 0.5, 0.01):
                world.gauges["fairway_disk_free_ratio"] = free
                await asyncio.sleep(100)

        changing = asyncio.create_task(change())
        await world.serve(310)
        await changing
        assert world.acted == [AlertKey("disk-full")] * 2

    run(play(World()))


def test_people_are_notified_although_the_journal_cannot_be_written() -> None:
    async def play(world: World) -> None:
        world.file.trouble = JournalUnwritable("the disk has failed")
        world.gauges["fairway_kills_in_force"] = 1.0
        service = await world.serve(5)
        assert world.told
        assert "the disk has failed" in service.trouble

    run(play(World()))


def test_a_message_waits_for_a_channel_that_is_down_also_over_a_crash() -> None:
    async def play(world: World) -> None:
        for channel in world.channels.values():
            channel.is_down = True
        world.gauges["fairway_kills_in_force"] = 1.0
        await world.serve(30)
        assert not world.told
        for channel in world.channels.values():
            channel.is_down = False
        await world.serve(120)
        assert world.told

    run(play(World()))


def test_each_command_is_answered_once_whatever_it_is_about() -> None:
    async def play(world: World) -> None:
        world.gauges["fairway_kills_in_force"] = 1.0
        world.say(BeginSilence(rule="disk-full", length=60 * 10**9, reason="a new disk comes"))
        await world.serve(5)
        world.say(Acknowledge())
        world.say(BeginSilence(rule="kill-in-force", length=60 * 10**9, reason="be quiet"))
        await world.serve(5)
        await world.serve(5)
        answers = {each.number: each.refused.partition(":")[0] for each in world.events(CommandAnswered)}
        assert answers == {1: "", 2: "", 3: "SILENCE_MONEY_ALERT"}
        assert len(world.events(CommandAnswered)) == 3

    run(play(World()))


def test_a_message_of_another_is_carried_once() -> None:
    async def play(world: World) -> None:
        message = Message(id="launch 1", title="a stage was entered", at=0)
        world.others = [("chat", message), ("chat", message)]
        await world.serve(5)
        world.others = [("chat", message)]
        await world.serve(5)
        assert world.told == [("chat", "launch 1")]

    run(play(World()))


def test_while_measurements_hang_people_and_the_rules_about_alerting_itself_are_heard_within_three_seconds() -> None:
    async def play(world: World) -> None:
        world.hangs, world.rules = True, OF_ALERTING
        world.say(Declare(title="prices look wrong", severity=AlertSeverity.P0))
        service = await world.serve(3.1)
        assert ("pager", f"{next(iter(service.state.incidents.by_id))}-1") in world.told
        service = await world.serve(8)
        assert [each.key.rule for each in world.events(AlertFired)] == ["incidents-open"]
        assert "measurements" in service.trouble

    run(play(World()))


def test_an_alert_that_fired_stays_while_measurements_hang_and_clears_when_they_answer_again() -> None:
    async def play(world: World) -> None:
        world.gauges["fairway_kills_in_force"] = 1.0
        await world.serve(5)
        world.gauges["fairway_kills_in_force"], world.hangs = 0.0, True
        await world.serve(200)
        assert not world.events(AlertCleared)
        world.hangs = False
        await world.serve(100)
        assert AlertKey("kill-in-force") in [each.key for each in world.events(AlertCleared)]

    run(play(World()))


@pytest.mark.parametrize("what", ["commands", "messages", "measurements"])
def test_what_is_not_read_in_time_ends_nothing_and_is_read_by_a_later_look(what: str) -> None:
    async def play(world: World) -> None:
        world.slow = {what}
        world.gauges["fairway_kills_in_force"] = 1.0
        world.say(Acknowledge())
        world.others = [("chat", Message(id="launch 1", title="a stage was entered", at=0))]
        service = await world.serve(10)
        assert what in service.trouble
        world.slow = set()
        service = await world.serve(10)
        assert not service.trouble
        assert world.events(CommandAnswered)
        assert ("chat", "launch 1") in world.told
        assert next(each.key.rule for each in world.events(AlertFired)) == "kill-in-force"

    run(play(World()))


def test_a_trouble_of_alerting_itself_pages_people_and_is_kept_with_its_reason_until_it_is_over() -> None:
    async def play(world: World) -> None:
        world.rules = [each for each in shipped_rules() if each.runbook == "alerting-troubled"]
        world.slow = {"commands"}
        service = await world.serve(70)
        assert [each.key.rule for each in world.events(AlertFired)] == ["commands-unread"]
        assert any(name == "chat" for name, _ in world.told)
        assert "do not answer within 2 s" in service.state.troubles.by_part["commands"].why
        world.slow = set()
        service = await world.serve(5)
        assert not service.state.troubles.by_part
        assert [bool(each.why) for each in world.events(TroubleChanged)] == [True, False]

    run(play(World()))


def test_a_trouble_beside_the_service_is_an_alert_of_its_part() -> None:
    async def play(world: World) -> None:
        world.rules = [each for each in shipped_rules() if each.runbook == "alerting-troubled"]
        world.beside = {"heartbeat": "it is answered with status 404", "status page": ""}
        service = await world.serve(310)
        assert list(service.state.alerts.firing) == [AlertKey("alerting-troubled", "heartbeat")]
        assert not service.trouble

    run(play(World()))


def test_a_page_counts_as_sent_only_by_the_channels_that_delivered_it() -> None:
    async def play(world: World) -> None:
        for channel in world.channels.values():
            channel.is_down = True
        world.say(Declare(title="a drill", severity=AlertSeverity.P0, is_drill=True))
        service = await world.serve(5)
        (incident,) = service.state.incidents.by_id.values()
        assert incident.report.channels
        assert page_of(incident).sent == ()
        world.channels["pager"].is_down = False
        service = await world.serve(60)
        (incident,) = service.state.incidents.by_id.values()
        assert page_of(incident).sent == ("pager",)
        journaled = ((each.at, ALERTING_CODEC.decode(each)) for each in world.file.records)
        (incident,) = state_from(journaled).incidents.by_id.values()
        assert page_of(incident).sent == ("pager",)

    run(play(World()))
