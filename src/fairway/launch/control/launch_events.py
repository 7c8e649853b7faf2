"""The events of a launch's journal: what the pilot observed and decided, and what people commanded."""

from decimal import Decimal

from msgspec import Struct

from fairway.launch.control.approvals import Approval
from fairway.launch.control.holds import Hold
from fairway.launch.control.lifecycle import MOVES
from fairway.launch.control.message_subject import MessageSubject
from fairway.launch.evidence.model import Evidence
from fairway.launch.evidence.survey import UserAnswer
from fairway.launch.gates.verdict import Result, Verdict
from fairway.risk.disposal import Disposal
from fairway.risk.limits import Limits


class LaunchEvent(Struct, frozen=True, tag=True, kw_only=True):
    """Base of all events but the moves of tracks."""


class LaunchBegan(LaunchEvent, frozen=True, tag=True, kw_only=True):
    """text: the plan, whole, as it was read; digest: of it. release: of what is launched. launch_at: its T (ns), 0 for none."""

    plan: str
    text: str
    digest: str
    release: str
    by: str
    launch_at: int = 0


class PilotStarted(LaunchEvent, frozen=True, tag=True, kw_only=True):
    """epoch: of the leases that it grants; every start has a higher one, so that an older pilot can grant no more."""

    epoch: int
    version: str


class ReleaseChanged(LaunchEvent, frozen=True, tag=True, kw_only=True):
    """Another release runs. Approvals and waivers that were given for the former one are void.

    voids: evidence counts only where it is bound to the release that runs now; older versions did not write it.
    """

    was: str
    now: str
    voids: bool = False


class LaunchAccount(Struct, frozen=True, kw_only=True):
    """An account that may be given a lease. joined_at: when it was added (ns)."""

    account: str
    user: str = ""
    profile: str = ""
    cohort: str = ""
    joined_at: int = 0


class AccountsSeen(LaunchEvent, frozen=True, tag=True, kw_only=True):
    """All accounts of the trader, when that is first known and when it has changed."""

    accounts: tuple[LaunchAccount, ...]


class MaintenancePlanned(LaunchEvent, frozen=True, tag=True, kw_only=True):
    """All maintenance that the trader's configuration plans, when that is first known and when it has changed.

    spells: from, until (ns), in order.
    """

    spells: tuple[tuple[int, int], ...]


class VenueChecked(LaunchEvent, frozen=True, tag=True, kw_only=True):
    """The pilot checked an account at its venue. trouble: what is not in order, in words; "" where all is.

    entries: open orders that could enlarge a position. naked: symbols with something held that no stop covers. held: symbols of
    which books and venue both have something; protective: open stops and targets.
    """

    account: str
    asked_at: int
    entries: int = 0
    naked: tuple[str, ...] = ()
    trouble: str = ""
    held: tuple[str, ...] = ()
    protective: int = 0


class SamplesTaken(LaunchEvent, frozen=True, tag=True, kw_only=True):
    """Samples of a source other than the trader's journal, such as a probe, or a trader that runs beside it.

    values: of each indicator that it measures what is new: (instant in ns, value, label, how many times), oldest first; empty
    where nothing is. seen_to: until when the source is complete; beats: when it was last alive (ns), 0 for never. is_control: it
    is about what runs beside the launch, not about the launch itself. trouble: why it has no samples now, in words; "" where it
    does. counts: what people may want to know of it, by name. reading: of a counter, to go on from.
    """

    source: str
    values: dict[str, tuple[tuple[int, Decimal, str, int], ...]]
    seen_to: int
    beats: int
    is_control: bool = False
    trouble: str = ""
    counts: dict[str, int] = {}
    reading: Decimal | None = None


class AnswersTaken(LaunchEvent, frozen=True, tag=True, kw_only=True):
    """A person brought users' answers to a survey. answers: those that were not known before. digest: of the file; at: ns."""

    answers: tuple[UserAnswer, ...]
    digest: str
    by: str
    at: int


class EvidenceTaken(LaunchEvent, frozen=True, tag=True, kw_only=True):
    evidence: Evidence
    by: str


class ApprovalGiven(LaunchEvent, frozen=True, tag=True, kw_only=True):
    approval: Approval


class Waiver(Struct, frozen=True, kw_only=True):
    """A claim need not be met until an instant. The person who asked for it is not the one who granted it."""

    claim: str
    reason: str
    asked_by: str
    granted_by: str
    at: int
    ends_at: int


class WaiverGranted(LaunchEvent, frozen=True, tag=True, kw_only=True):
    waiver: Waiver


class Reviewed(LaunchEvent, frozen=True, tag=True, kw_only=True):
    """A person has reviewed a track. what: what they saw, in their words, or the command that counts as the review."""

    track: str
    by: str
    what: str


class HoldRaised(LaunchEvent, frozen=True, tag=True, kw_only=True):
    hold: Hold


class HoldLifted(LaunchEvent, frozen=True, tag=True, kw_only=True):
    """The hold of an id has ended. title: what people read for it; "" for its id."""

    hold_id: str
    by: str
    why: str
    title: str = ""


def lifted(hold: Hold, *, by: str, why: str) -> HoldLifted:
    """The end of a hold. by: the person, or the pilot."""
    return HoldLifted(hold_id=hold.id, by=by, why=why, title=hold.kind.title)


class ClockStopped(LaunchEvent, frozen=True, tag=True, kw_only=True):
    """The clock of a track's stage stands for another reason than a hold. since: from when on no time counts (ns)."""

    track: str
    since: int
    why: str


class ClockStarted(LaunchEvent, frozen=True, tag=True, kw_only=True):
    """The clock of a track's stage runs again, unless a hold stops it."""

    track: str


class LeaseIssued(LaunchEvent, frozen=True, tag=True, kw_only=True):
    """The pilot issued a lease; the trader may refuse it. accounts: whose; until: ns.

    stage: names one entry into a stage; losses count from there.
    """

    track: str
    accounts: tuple[str, ...]
    epoch: int
    until: int
    limits: Limits
    stage: str


class KillOrdered(LaunchEvent, frozen=True, tag=True, kw_only=True):
    """The latch of these accounts is set: nothing is opened until a person resumes them. disposal: what becomes of positions."""

    accounts: tuple[str, ...]
    why: str
    disposal: Disposal = Disposal.KEEP_STOPS
    stays: bool = False
    """Whether the kill is ordered again until it is seen to be done."""
    not_sold: str = ""
    """Why positions that are to be sold keep their stops for now; they are sold as soon as that can work. "" for others."""

    @property
    def reason(self) -> str:
        """In words, for people."""
        return f"{self.why}; not sold, for {self.not_sold}" if self.not_sold else self.why


class KillSeen(LaunchEvent, frozen=True, tag=True, kw_only=True):
    """The traders of these accounts show that they are killed."""

    accounts: tuple[str, ...]


class KillDone(LaunchEvent, frozen=True, tag=True, kw_only=True):
    """The pilot orders the kill of an account no more. left: what the venue still holds that was to be sold."""

    account: str
    why: str
    left: tuple[str, ...] = ()


class InstructionAnswered(LaunchEvent, frozen=True, tag=True, kw_only=True):
    """The pilot answered a command. number: of its record in the launch's command inbox; refused: why it was refused, or "".

    digest: of that record and all before it.
    """

    number: int
    what: str
    by: str
    refused: str = ""
    digest: str = ""


class Decided(LaunchEvent, frozen=True, tag=True, kw_only=True):
    """A tick that changed something. read_to: the last record of the trader's journal that it rests on; now: its instant (ns).

    inputs: digest of all that it rests on; commands: numbers of the commands that it took in; outcome: kinds of the
    events that it led to, which follow it in the journal.
    """

    number: int
    now: int
    read_to: int
    inputs: str
    commands: tuple[int, ...]
    verdicts: dict[str, tuple[Verdict, ...]]
    results: dict[str, Result]
    served_ns: dict[str, int]
    outcome: tuple[str, ...]


class MessageDue(LaunchEvent, frozen=True, tag=True, kw_only=True):
    """A message to people is due. number: from 1; place: of the plan that says so; about: in a few words; text: whole.

    subject, since: what it is about, and its instant (ns), where that lasts longer than one tick.
    """

    number: int
    place: str
    to: str
    by: str
    about: str
    text: str
    subject: MessageSubject | None = None
    since: int = 0


class BaselineCaptured(LaunchEvent, frozen=True, tag=True, kw_only=True):
    """From a stage whose gates all passed. values: of each indicator a sample, (instant in ns, value), oldest first."""

    name: str
    release: str
    stage: str
    since: int
    until: int
    values: dict[str, tuple[tuple[int, Decimal], ...]]


EVENTS: tuple[type[Struct], ...] = (
    LaunchBegan,
    PilotStarted,
    ReleaseChanged,
    AccountsSeen,
    MaintenancePlanned,
    VenueChecked,
    SamplesTaken,
    AnswersTaken,
    EvidenceTaken,
    ApprovalGiven,
    WaiverGranted,
    Reviewed,
    HoldRaised,
    HoldLifted,
    ClockStopped,
    ClockStarted,
    LeaseIssued,
    KillOrdered,
    KillSeen,
    KillDone,
    InstructionAnswered,
    Decided,
    BaselineCaptured,
    MessageDue,
    *MOVES,
)
"""Every kind of event in a launch's journal."""
