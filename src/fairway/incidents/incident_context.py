"""What the stages of a decision share: the policy, the tick, and the state as the stages before have left it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from msgspec import Struct

from fairway.alerting.alert_events import AlertKey
from fairway.incidents.folding import apply_event
from fairway.incidents.incident import Incident, Incidents
from fairway.incidents.incident_tick import IncidentTick
from fairway.incidents.policy import IncidentPolicy


@dataclass(slots=True)
class IncidentContext:
    """state: a copy that the events of this tick are folded into as they are decided."""

    policy: IncidentPolicy
    tick: IncidentTick
    state: Incidents
    events: list[Struct] = field(default_factory=list)

    @property
    def now(self) -> int:
        return self.tick.now

    def loud(self, incident: Incident) -> list[AlertKey]:
        """The alerts of an incident that fire and are not silenced: a silence says that a person knows of them."""
        known = self.tick.firing
        return [key for key in incident.firing if key not in known or not known[key].silenced]

    def take(self, events: Iterable[Struct]) -> None:
        """Each event is folded before the next one is decided."""
        for event in events:
            apply_event(self.state, event, self.now)
            self.events.append(event)


IncidentStage: TypeAlias = Callable[[IncidentContext], Iterator[Struct]]
