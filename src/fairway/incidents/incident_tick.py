"""What a decision about incidents rests on: the alerts that fire, what people said, and what is known of positions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from fairway.alerting.alert_events import AlertCleared, AlertFired, AlertKey
from fairway.incidents.incident_events import MitigationDone
from fairway.incidents.protection import PositionProtection
from fairway.incidents.verification import VerificationSeen
from fairway.journal.command_reader import ReadCommand
from fairway.money.amount import Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFacts:
    """What is known of money now. None and "" are unknown.

    detail: which positions, and why. exposure: all that is held, at market, in quote. realized: the result of all accounts so
    far, after fees. stage, holds: of the launch. verifications: its word on claims and gates, by name; empty without a launch.
    """

    protection: PositionProtection = PositionProtection.UNKNOWN
    detail: str = ""
    exposure: Amount | None = None
    realized: Amount | None = None
    stage: str = ""
    holds: tuple[str, ...] = ()
    verifications: Mapping[str, VerificationSeen] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FiringAlert:
    """An alert that fires now. inhibited_by: the alerts that it follows from; silenced: a person does not want to hear of it."""

    fired: AlertFired
    inhibited_by: tuple[AlertKey, ...] = ()
    silenced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentTick:
    """firing: every alert that fires now, the new ones with them: what a tick has missed, the next one sees.

    events: the alert events of this tick, whose clearings say why. began_at: since when incidents are kept (ns); the first survey
    counts from it.
    """

    now: int
    firing: Mapping[AlertKey, FiringAlert] = field(default_factory=dict)
    events: Sequence[Struct] = ()
    commands: Sequence[ReadCommand] = ()
    mitigations: Sequence[MitigationDone] = ()
    facts: IncidentFacts = field(default_factory=IncidentFacts)
    began_at: int = 0

    def cleared(self, key: AlertKey) -> str:
        """Why an alert has cleared, "" where no event says it."""
        found = [each.reason for each in self.events if isinstance(each, AlertCleared) and each.key == key]
        return found[-1] if found else ""
