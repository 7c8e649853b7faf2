"""The events of alerts, as the alerting process journals them."""

from typing import Final

from msgspec import Struct

from fairway.risk.causes import AlertSeverity


class AlertKey(Struct, frozen=True, order=True):
    """One alert. subject: the account, symbol, probe or process that it is about, "" for the whole bot."""

    rule: str
    subject: str = ""

    def __str__(self) -> str:
        return f"{self.rule} ({self.subject})" if self.subject else self.rule


class AlertEvent(Struct, frozen=True, tag=True, kw_only=True):
    """Base of all."""


class AlertFired(AlertEvent, frozen=True, tag=True):
    """The condition of a rule has held for as long as the rule asks.

    since: when the condition began to hold (ns). incident: the cause that alerts have in common, so that one incident handles
    them all; the rule names it. reason: the measured figure and its bound, as a sentence. event_at: the instant (ns) of the
    newest observation that the alert rests on.
    """

    key: AlertKey
    severity: AlertSeverity
    incident: str
    reason: str
    since: int
    event_at: int
    runbook: str
    is_money: bool = False
    """Whether money may be lost while it fires: such an alert cannot be silenced where it is P0."""
    is_from_prometheus: bool = False
    says: str = ""
    """What the rule means, as one sentence for a person."""

    @property
    def sentence(self) -> str:
        """What people read of it: what the rule means, then the measured figure and its bound."""
        return f"{self.says} {self.reason}".strip()


class AlertCleared(AlertEvent, frozen=True, tag=True):
    """The condition holds no longer. reason: the figure that shows it, as a sentence."""

    key: AlertKey
    reason: str


class Silence(Struct, frozen=True, kw_only=True):
    """Alerts that a person does not want to be notified of, for a time. rule: its name, "" for all; subject: "" for all.

    since, until: ns. They still fire, and are shown.
    """

    id: str
    rule: str
    subject: str
    by: str
    reason: str
    since: int
    until: int


class SilenceBegan(AlertEvent, frozen=True, tag=True):
    silence: Silence


class SilenceEnded(AlertEvent, frozen=True, tag=True):
    """by: the person who ended it, "" where its time was over."""

    id: str
    by: str = ""


ALERT_EVENTS: Final = (AlertFired, AlertCleared, SilenceBegan, SilenceEnded)
