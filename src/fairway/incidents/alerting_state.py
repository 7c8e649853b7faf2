"""The state of the alerting service: alerts, incidents and messages that wait, folded from its own journal."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from msgspec import Struct

from fairway.alerting.alert_book import AlertBook
from fairway.alerting.alert_events import AlertEvent, AlertFired, AlertKey
from fairway.incidents.folding import apply_event
from fairway.incidents.incident import Incidents
from fairway.incidents.troubles import TroubleChanged, Troubles
from fairway.notify.outbox import MessageDelayed, MessageFailed, MessageQueued, MessageSent, Outbox


class AlertingStarted(Struct, frozen=True, tag=True, kw_only=True):
    """The service began to work, with a release of Fairway."""

    version: str


class ActionTaken(Struct, frozen=True, tag=True, kw_only=True):
    """What a rule does by itself was done for an alert that fired at an instant (ns), or could not be done."""

    key: AlertKey
    since: int
    action: str
    outcome: str
    is_done: bool = True


SERVICE_EVENTS: Final[tuple[type[Struct], ...]] = (AlertingStarted, ActionTaken, TroubleChanged)
OUTBOX_EVENTS: Final = (MessageQueued, MessageSent, MessageDelayed, MessageFailed)


@dataclass(slots=True)
class AlertingState:
    """Only `apply` changes it."""

    alerts: AlertBook = field(default_factory=AlertBook)
    incidents: Incidents = field(default_factory=Incidents)
    outbox: Outbox = field(default_factory=Outbox)
    began_at: int = 0
    """When the service first worked (ns), 0 before."""
    acted: dict[AlertKey, int] = field(default_factory=dict)
    """By alert that fires, since when it fired as its rule's action was taken (ns)."""
    troubles: Troubles = field(default_factory=Troubles)

    def apply(self, event: Struct, at: int) -> None:
        """Moves the state by an event of an instant (ns), live and in replay alike."""
        match event:
            case AlertEvent():
                self.alerts.apply(event, at)
                self._forget_action(event)
            case MessageQueued() | MessageSent() | MessageDelayed() | MessageFailed():
                self.outbox.apply(event, at)
                apply_event(self.incidents, event, at)
            case AlertingStarted():
                self.began_at = self.began_at or at
            case ActionTaken(key=key, since=since):
                self.acted[key] = since
            case TroubleChanged():
                self.troubles.apply(event, at)
            case _:
                apply_event(self.incidents, event, at)

    def awaits_action(self, alert: AlertFired) -> bool:
        """Whether what its rule does by itself was not done since the alert fired."""
        return self.acted.get(alert.key) != alert.since

    def _forget_action(self, event: AlertEvent) -> None:
        """An alert that has cleared may fire again, and is acted on then."""
        key = getattr(event, "key", None)
        if key is not None and key not in self.alerts.firing:
            self.acted.pop(key, None)


def state_from(entries: Iterable[tuple[int, Struct]]) -> AlertingState:
    """The state, folded from events with their instants (ns)."""
    state = AlertingState()
    for at, event in entries:
        state.apply(event, at)
    return state
