"""The alerting service: evaluates alert rules once a second, keeps incidents, and has messages carried to people.

Its events are committed to a journal of its own before messages are sent. A restart folds that journal: alerts that fired still
fire, clocks go on, and a message that was not delivered is sent. It needs neither the trader nor the pilot: what it cannot read
is unknown, and unknown clears no alert. Where its own journal cannot be written, people are notified all the same.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from msgspec import Struct

import fairway
from fairway.alerting.alert_events import AlertFired, AlertKey
from fairway.alerting.evaluation import evaluate
from fairway.alerting.inhibition import inhibitors
from fairway.alerting.measured import MeasuredNow
from fairway.alerting.rule import AlertAction, AlertRule
from fairway.alerting.silences import silence_of
from fairway.incidents.alert_commands import answered
from fairway.incidents.alerting_gauges import own_gauges
from fairway.incidents.alerting_state import ActionTaken, AlertingStarted, AlertingState
from fairway.incidents.decision import decide
from fairway.incidents.folding import apply_event
from fairway.incidents.incident_events import MitigationDone
from fairway.incidents.incident_tick import FiringAlert, IncidentFacts, IncidentTick
from fairway.incidents.policy import IncidentPolicy
from fairway.journal.command_reader import ReadCommand
from fairway.journal.port import Journal, JournalError, JournalFull
from fairway.notify.dispatcher import Dispatcher
from fairway.notify.message import Message
from fairway.notify.outbox import OutboxEvent
from fairway.store.failures import StoreError
from fairway.watch.gauges import Gauges
from fairway.world.clock import Clock

TICK_S: Final = 1.0
AUTHOR: Final = "alerting"
MEASURED_WITHIN_S: Final = 2.0
JOURNAL, COMMANDS, MESSAGES, MEASUREMENTS = OWN_PARTS = ("journal", "commands", "launch messages", "measurements")
"""The parts of alerting that the service itself finds in trouble. Others are beside it."""
ACTIONS_AT_ONCE: Final = 16
"""Rules that act at the same time; others wait for the next second."""


class MeasureSource(Protocol):
    async def measured(self, now: int, own: Gauges) -> tuple[MeasuredNow, IncidentFacts]:
        """All that is known at an instant (ns), with the service's own gauges. What cannot be read is unknown.

        Where it takes too long, or raises StoreErrors or JournalErrors, all of it is unknown but the service's own gauges.
        """
        ...


class AlertingInbox(Protocol):
    async def heard(self, after: int, known: int, digest: str) -> Sequence[ReadCommand]:
        """The next commands of people after a number, oldest first. Raises JournalErrors, StoreErrors."""
        ...


@dataclass(frozen=True, slots=True)
class ActionOutcome:
    """sentence: what was done, or why it was not."""

    sentence: str
    is_done: bool = True


class Mitigator(Protocol):
    async def carry_out(self, rule: AlertRule, alert: AlertFired) -> ActionOutcome:
        """Does what a rule does by itself. Raises nothing."""
        ...


class OtherMessages(Protocol):
    async def due(self, now: int) -> Sequence[tuple[str, Message]]:
        """Channels and messages of others, such as a launch's plan, since the last call. Raises JournalErrors, StoreErrors."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertingPorts:
    """Everything around the service."""

    journal: Journal
    inbox: AlertingInbox
    measures: MeasureSource
    mitigator: Mitigator
    messages: OtherMessages
    clock: Clock


class AlertingService:
    """state: as the journal left it. tick_s: from one look to the next.

    followers: called after each tick with its instant (ns) and its events.
    """

    def __init__(
        self,
        rules: Sequence[AlertRule],
        policy: IncidentPolicy,
        ports: AlertingPorts,
        state: AlertingState,
        *,
        tick_s: float = TICK_S,
    ) -> None:
        self.rules, self.policy, self.state = {each.name: each for each in rules}, policy, state
        self._ports, self.tick_s = ports, tick_s
        self._actions: dict[AlertKey, asyncio.Task[None]] = {}
        self._done: list[Struct] = []
        self._unknown: tuple[str, ...] = ()
        self.facts = IncidentFacts()
        """What was known of positions at the last tick."""
        self.failing: tuple[str, ...] = ()
        """Channels that could not deliver at the last tick."""
        self._own_troubles = dict.fromkeys(OWN_PARTS, "")
        self._troubles_beside: list[Callable[[], Mapping[str, str]]] = []
        self.followers: list[Callable[[int, Sequence[Struct]], None]] = []

    @property
    def trouble(self) -> str:
        """Why its own journal, its inbox or what it measures cannot be used at the moment; "" where all can."""
        return next((why for why in self._own_troubles.values() if why), "")

    @property
    def troubles(self) -> Mapping[str, str]:
        """By part of the alerting process, what is wrong with it now; "" for nothing."""
        found = dict(self._own_troubles)
        for read in self._troubles_beside:
            found |= read()
        return found

    def watch_troubles(self, read: Callable[[], Mapping[str, str]]) -> None:
        """Has people see the troubles of parts beside the service. read: by part, what is wrong with it; "" for nothing."""
        self._troubles_beside.append(read)

    async def run(self, dispatcher: Dispatcher) -> None:
        """Runs until it is cancelled. dispatcher: sends what is in the state's outbox, and writes by `write`."""
        self._record([AlertingStarted(version=fairway.__version__)])
        sending = asyncio.create_task(dispatcher.run(), name="dispatcher")
        try:
            while not sending.done():
                await self.step(dispatcher)
                await asyncio.sleep(self.tick_s)
            sending.result()
        finally:
            for task in (sending, *self._actions.values()):
                task.cancel()
            await asyncio.gather(sending, *self._actions.values(), return_exceptions=True)

    async def step(self, dispatcher: Dispatcher) -> None:
        """One tick: measure, evaluate, decide, commit, and begin what rules do by themselves."""
        now, book, rules = self._ports.clock.now(), self.state.alerts, tuple(self.rules.values())
        own = own_gauges(self.state, self._unknown, self.troubles, dispatcher, now)
        (measured, self.facts), commands, others = await asyncio.gather(
            self._measured(now, own), self._commands(), self._other_messages(now)
        )
        found = evaluate(rules, book, measured)
        self._unknown = found.unknown
        events = self._record([*found.events, *self._taken_actions(), *self.state.troubles.changed(self.troubles)])
        said = answered(commands, rules, book, now)
        tick = IncidentTick(
            now=now,
            firing=self._firing(now),
            events=events,
            commands=said.others,
            mitigations=tuple(self._mitigations(events)),
            facts=self.facts,
            began_at=self.state.began_at,
        )
        events += self._record(decide(self.policy, self.state.incidents, tick).events)
        events += self._record(said.events)  # after the decision, which answers no command below the last that was answered
        for channel, message in others:
            events += self._record(dispatcher.queueing(message, [channel]))
        await self._commit()
        self.failing = dispatcher.failing()
        dispatcher.wake()
        self._begin_actions()
        for follower in self.followers:
            follower(now, events)

    async def write(self, events: Sequence[OutboxEvent]) -> None:
        """For the dispatcher, which then takes them over into the outbox: makes its events durable where that is possible."""
        self._append(events)
        await self._commit()
        for event in events:
            apply_event(self.state.incidents, event, self._ports.clock.now())

    # -- parts of a tick -----------------------------------------------------------------------------------------

    def _firing(self, now: int) -> dict[AlertKey, FiringAlert]:
        """Every alert that fires now, with what keeps it from notifying people."""
        book = self.state.alerts
        return {
            key: FiringAlert(
                fired=fired,
                inhibited_by=inhibitors(fired, self.rules, book),
                silenced=silence_of(fired, book, now) is not None,
            )
            for key, fired in book.firing.items()
        }

    async def _measured(self, now: int, own: Gauges) -> tuple[MeasuredNow, IncidentFacts]:
        """Without measurements the rules about alerting itself are evaluated; all others are unknown, and clear nothing."""
        try:
            async with asyncio.timeout(MEASURED_WITHIN_S):
                found = await self._ports.measures.measured(now, own)
        except (TimeoutError, JournalError, StoreError) as error:
            why = str(error) or f"they are not there within {MEASURED_WITHIN_S:g} s"
            self._own_troubles[MEASUREMENTS] = f"the measurements cannot be read: {why}"
            return MeasuredNow(now=now, gauges=own), IncidentFacts()
        self._own_troubles[MEASUREMENTS] = ""
        return found

    async def _commands(self) -> Sequence[ReadCommand]:
        """While the inbox cannot be read, alerts go on."""
        incidents = self.state.incidents
        try:
            found = await self._ports.inbox.heard(incidents.commands_read, incidents.commands_read, incidents.commands_digest)
        except (JournalError, StoreError) as error:
            self._own_troubles[COMMANDS] = f"commands of people, such as acknowledgements, cannot be read: {error}"
            return ()
        self._own_troubles[COMMANDS] = ""
        return found

    async def _other_messages(self, now: int) -> Sequence[tuple[str, Message]]:
        """Messages of a launch whose journal cannot be read are sent when it can be read again."""
        try:
            found = await self._ports.messages.due(now)
        except (JournalError, StoreError) as error:
            self._own_troubles[MESSAGES] = f"messages of the launch cannot be read: {error}"
            return ()
        self._own_troubles[MESSAGES] = ""
        return found

    # -- what rules do by themselves -----------------------------------------------------------------------------

    def _begin_actions(self) -> None:
        """Beside the ticks, so that one that takes its time delays no alert."""
        for key, alert in self.state.alerts.firing.items():
            rule = self.rules.get(key.rule)
            if rule is None or rule.does is AlertAction.NONE or not self.state.awaits_action(alert):
                continue
            if key not in self._actions and len(self._actions) < ACTIONS_AT_ONCE:
                self._actions[key] = asyncio.create_task(self._act(rule, alert), name=f"{rule.does.value} for {key}")

    async def _act(self, rule: AlertRule, alert: AlertFired) -> None:
        outcome = await self._ports.mitigator.carry_out(rule, alert)
        self._done.append(
            ActionTaken(
                key=alert.key,
                since=alert.since,
                action=rule.does.value,
                outcome=outcome.sentence,
                is_done=outcome.is_done,
            )
        )
        del self._actions[alert.key]

    def _taken_actions(self) -> list[Struct]:
        done, self._done = self._done, []
        return done

    def _mitigations(self, events: Sequence[Struct]) -> Iterator[MitigationDone]:
        """For the incidents of the alerts that were acted on."""
        for event in events:
            if isinstance(event, ActionTaken) and (incident := self.state.incidents.incident_of(event.key)):
                yield MitigationDone(incident=incident, action=event.action, outcome=event.outcome, is_done=event.is_done)

    # -- the journal ---------------------------------------------------------------------------------------------

    def _record(self, events: Sequence[Struct]) -> list[Struct]:
        """Applies events, and appends them for the next commit."""
        now = self._ports.clock.now()
        for event in events:
            self.state.apply(event, now)
        self._append(events)
        return list(events)

    def _append(self, events: Sequence[Struct]) -> None:
        if not events:
            return
        try:
            self._ports.journal.append(events, account="", author=AUTHOR, at=self._ports.clock.now())
        except JournalFull as error:  # it was not written for long; what is lost are records, and no message
            self._own_troubles[JOURNAL] = str(error)

    async def _commit(self) -> None:
        """A journal that cannot be written keeps no message from being sent; after a restart it may be sent again."""
        try:
            await self._ports.journal.commit()
            self._own_troubles[JOURNAL] = ""
        except JournalError as error:
            self._own_troubles[JOURNAL] = str(error)
