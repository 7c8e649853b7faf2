"""A desk for tests: alerts fire and clear, people write commands, time passes; decisions are folded as the process folds them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from fairway.alerting.alert_events import AlertCleared, AlertFired, AlertKey
from fairway.incidents.decision import decide
from fairway.incidents.folding import apply_event
from fairway.incidents.incident import Incident, Incidents
from fairway.incidents.incident_events import CommandAnswered, MitigationDone
from fairway.incidents.incident_tick import FiringAlert, IncidentFacts, IncidentTick
from fairway.incidents.policy import IncidentPolicy
from fairway.incidents.protection import PositionProtection
from fairway.journal.command_reader import ReadCommand
from fairway.money.amount import Amount
from fairway.notify.message import Message
from fairway.notify.outbox import MessageQueued
from fairway.risk.causes import AlertSeverity
from fairway.world.clock import HOUR, MINUTE, parse_instant

P0, P1, P2, P3 = AlertSeverity
BEGAN = parse_instant("2026-01-05T10:00Z")
STEPS = {
    P0: ((0, "ann", "pager"), (10 * MINUTE, "ben", "pager"), (20 * MINUTE, "all", "email")),
    P1: ((0, "ann", "chat"), (15 * MINUTE, "ann", "pager"), (30 * MINUTE, "ben", "pager")),
    P2: ((0, "ann", "chat"), (4 * HOUR, "ben", "email")),
    P3: ((14 * HOUR, "ann", "email"),),
}
PROTECTED = IncidentFacts(
    protection=PositionProtection.PROTECTED,
    exposure=Amount.of("1200", "USDT"),
    realized=Amount.of("-40", "USDT"),
    stage="internal",
)


@dataclass(frozen=True)
class Step:
    to: tuple[str, ...]
    by: tuple[str, ...]


def due(severity: AlertSeverity, began_at: int, since: int, until: int) -> list[Step]:
    return [Step((who,), (channel,)) for after, who, channel in STEPS[severity] if since < began_at + after <= until]


POLICY = IncidentPolicy(
    escalation=due,
    routes={P0: ("chat",), P1: ("chat",), P2: ("chat",), P3: ("email",)},
    users=("users",),
    components={"orders": "Orders", "venue": "Exchange connection"},
    status_url="https://status.example",
)


def alert(rule: str, cause: str = "orders", severity: AlertSeverity = P1, subject: str = "", *, since: int = BEGAN) -> AlertFired:
    return AlertFired(
        key=AlertKey(rule, subject),
        severity=severity,
        incident=cause,
        reason=f"{rule} is above its bound",
        since=since,
        event_at=since,
        runbook=rule,
        is_money=severity is P0,
    )


@dataclass
class Desk:
    """Runs decisions one after the other. said: every message by channel, in order."""

    policy: IncidentPolicy = POLICY
    facts: IncidentFacts = PROTECTED
    now: int = BEGAN
    state: Incidents = field(default_factory=Incidents)
    firing: dict[AlertKey, FiringAlert] = field(default_factory=dict)
    journal: list[tuple[int, Struct]] = field(default_factory=list)
    numbers: int = 0

    def tick(self, *commands: ReadCommand, events: Sequence[Struct] = (), done: Sequence[MitigationDone] = ()) -> list[Struct]:
        tick = IncidentTick(
            now=self.now, firing=dict(self.firing), events=events, commands=commands, mitigations=done, facts=self.facts
        )
        made = list(decide(self.policy, self.state, tick).events)
        for event in made:
            apply_event(self.state, event, self.now)
            self.journal.append((self.now, event))
        return made

    def fire(self, *alerts: AlertFired, inhibited_by: tuple[AlertKey, ...] = (), silenced: bool = False) -> list[Struct]:
        for each in alerts:
            self.firing[each.key] = FiringAlert(fired=each, inhibited_by=inhibited_by, silenced=silenced)
        return self.tick(events=alerts)

    def clear(self, *rules: str, reason: str = "back to normal") -> list[Struct]:
        gone = [key for key in self.firing if key.rule in rules]
        for key in gone:
            del self.firing[key]
        return self.tick(events=[AlertCleared(key=key, reason=reason) for key in gone])

    def later(self, ns: int) -> list[Struct]:
        self.now += ns
        return self.tick()

    def say(self, command: Struct, by: str = "ann") -> str:
        """The answer: why it was refused, "" where it was not."""
        self.numbers += 1
        made = self.tick(ReadCommand(self.numbers, by, self.now, command, f"digest {self.numbers}"))
        answers = [each for each in made if isinstance(each, CommandAnswered)]
        assert [each.number for each in answers] == [self.numbers]
        return answers[0].refused

    @property
    def incident(self) -> Incident:
        (only,) = self.state.by_id.values()
        return only

    @property
    def queued(self) -> list[MessageQueued]:
        return [event for _, event in self.journal if isinstance(event, MessageQueued)]

    def to(self, channel: str) -> list[Message]:
        return [each.message for each in self.queued if each.channel == channel]


def messages(events: Sequence[Struct]) -> list[Message]:
    return [each.message for each in events if isinstance(each, MessageQueued)]
