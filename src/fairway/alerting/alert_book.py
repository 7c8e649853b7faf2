"""The alert book: which alerts fire and which silences hold, folded from events, so that a restart continues."""

from dataclasses import dataclass, field
from typing import Final

from fairway.alerting.alert_events import AlertCleared, AlertEvent, AlertFired, AlertKey, Silence, SilenceBegan, SilenceEnded
from fairway.alerting.series_readings import Memo
from fairway.world.clock import HOUR, MINUTE

FLAPS_MAX: Final = 4
"""An alert that fires more often than this within an hour flaps: …"""
FLAP_WINDOW_NS: Final = HOUR
FLAP_QUIET_NS: Final = 10 * MINUTE
"""… it stays until its condition has been false for so long."""
ENDED_MAX: Final = 1_000
"""So many alerts of Prometheus that have ended are remembered, the newest."""


@dataclass(slots=True)
class AlertBook:
    """firing, silences, fired_at, ended: folded from events. ended: when (ns) the last alert of Prometheus had begun that has
    ended, so that a message that is delivered once more fires nothing. pending, clearing: since when (ns) a condition holds, or
    is false again.

    The latter are known to this process alone; after a restart those times begin again, so an alert fires or clears later.
    """

    firing: dict[AlertKey, AlertFired] = field(default_factory=dict)
    silences: dict[str, Silence] = field(default_factory=dict)
    fired_at: dict[AlertKey, tuple[int, ...]] = field(default_factory=dict)
    ended: dict[AlertKey, int] = field(default_factory=dict)
    pending: dict[AlertKey, int] = field(default_factory=dict)
    clearing: dict[AlertKey, int] = field(default_factory=dict)
    memo: Memo = field(default_factory=dict)

    def apply(self, event: AlertEvent, at: int) -> None:
        """Moves the book by an event of an instant (ns). An event that came before changes nothing."""
        match event:
            case AlertFired(key=key):
                if key not in self.firing:
                    self.firing[key] = event
                    self.fired_at[key] = (*self._lately(key, at), at)
                self.pending.pop(key, None)
            case AlertCleared(key=key):
                self._end(self.firing.pop(key, None))
                self.clearing.pop(key, None)
                self._forget(at)
            case SilenceBegan(silence=silence):
                self.silences[silence.id] = silence
            case SilenceEnded(id=id):
                self.silences.pop(id, None)

    def is_flapping(self, key: AlertKey, now: int, more: int = 0) -> bool:
        """Whether an alert has fired too often within an hour. more: times that are about to be counted."""
        return len(self._lately(key, now)) + more > FLAPS_MAX

    def _lately(self, key: AlertKey, now: int) -> tuple[int, ...]:
        return tuple(at for at in self.fired_at.get(key, ()) if at > now - FLAP_WINDOW_NS)

    def _end(self, alert: AlertFired | None) -> None:
        if alert is None or not alert.is_from_prometheus:
            return
        self.ended.pop(alert.key, None)
        self.ended[alert.key] = alert.since
        if len(self.ended) > ENDED_MAX:
            del self.ended[next(iter(self.ended))]

    def _forget(self, now: int) -> None:
        """Keeps no instants of alerts that have not fired within an hour."""
        kept = {key: lately for key in self.fired_at if (lately := self._lately(key, now))}
        self.fired_at = kept
