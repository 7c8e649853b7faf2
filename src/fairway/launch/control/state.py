"""The state of a launch: what its journal's events have made of it. Its pilot writes the events; others fold the same journal."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from msgspec import Struct

from fairway.journal.events import Codec
from fairway.journal.port import Record, ReplayEntry
from fairway.launch.control import launch_events
from fairway.launch.control.approvals import Approval
from fairway.launch.control.event_handlers import EVENT_HANDLERS
from fairway.launch.control.holds import Hold, on
from fairway.launch.control.message_subject import MessageSubject
from fairway.launch.control.pending_kill import PendingKill
from fairway.launch.control.track_progress import TrackProgress
from fairway.launch.evidence.model import Evidence
from fairway.launch.evidence.survey import UserAnswer
from fairway.launch.observation.external_series import ExternalSeries

CODEC: Final = Codec(*launch_events.EVENTS)


@dataclass(slots=True)
class Launch:
    """All instants are in ns."""

    began: launch_events.LaunchBegan | None = None
    """None before it began."""
    began_at: int = 0
    release: str = ""
    release_at: int = 0
    """When the release took the place of another one; 0 where there was none."""
    epoch: int = 0
    tracks: dict[str, TrackProgress] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    approvals: list[Approval] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    other_evidence: list[Evidence] = field(default_factory=list)
    """Evidence bound to releases that do not run now; it counts again when its own release does."""
    waivers: list[launch_events.Waiver] = field(default_factory=list)
    accounts: tuple[launch_events.LaunchAccount, ...] = ()
    planned_maintenance: tuple[tuple[int, int], ...] = ()
    """Spells of maintenance that the configuration planned last."""
    maintenance: tuple[tuple[int, int], ...] = ()
    """Spells that count. Once a stage was entered, a spell that is planned after it has passed does not."""
    venue_checks: dict[str, launch_events.VenueChecked] = field(default_factory=dict)
    """By account, the last check at its venue."""
    leases: dict[str, launch_events.LeaseIssued] = field(default_factory=dict)
    """By account, its last lease."""
    admitted_at: dict[str, int] = field(default_factory=dict)
    """By account, when it first had a lease to open anything."""
    lease_changed_at: dict[str, int] = field(default_factory=dict)
    """By account, when it was given limits or an epoch that it had not before."""
    lifts: dict[str, list[int]] = field(default_factory=dict)
    """By hold, when the pilot lifted it lately: a hold that comes and goes again and again is left to a person."""
    pending_kills: dict[str, PendingKill] = field(default_factory=dict)
    """By account, the kill that was ordered and is not seen to be done."""
    baselines: dict[str, launch_events.BaselineCaptured] = field(default_factory=dict)
    answers: tuple[UserAnswer, ...] = ()
    """What users answered to surveys, in the order in which people brought it."""
    answers_at: int = 0
    """When answers were last brought."""
    external: ExternalSeries = field(default_factory=ExternalSeries)
    """What is known from other sources than the trader's journal."""
    started_at: int = 0
    """When the first stage of all was entered."""
    last_message: launch_events.MessageDue | None = None
    last_message_at: int = 0
    sent_messages: dict[tuple[str, MessageSubject], int] = field(default_factory=dict)
    """By message of the plan and its subject, the instant of that subject: no message is sent twice."""
    last_decision: launch_events.Decided | None = None
    decisions: int = 0
    commands_read: int = 0
    """Number of the last command that was answered."""
    commands_digest: str = ""
    written_at: int = 0
    """When its last event was written."""

    @property
    def messages(self) -> int:
        """How many messages were ever due."""
        return self.last_message.number if self.last_message is not None else 0

    def track(self, name: str) -> TrackProgress:
        return self.tracks.setdefault(name, TrackProgress())

    def apply(self, event: Struct, at: int) -> None:
        """Changes the launch by one event, live and in replay alike. at: ns. Raises IllegalMove."""
        handler = EVENT_HANDLERS.get(type(event))
        if handler is not None:
            handler(self, event, at)
        self.written_at = at
        for name, progress in self.tracks.items():
            progress.follow_holds(at, is_held=bool(on(name, self.holds.values())))


def launch_from(records: Iterable[Record | ReplayEntry]) -> Launch:
    """The launch, folded from its journal. Raises UnreadableRecord, IllegalMove."""
    launch = Launch()
    for record in records:
        launch.apply(CODEC.decode(record), record.at)
    return launch
