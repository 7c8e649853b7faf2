"""Every kind of event in a launch's journal: what was begun, seen, said, judged and decided. Past tense: it happened."""

from decimal import Decimal

from msgspec import Struct

from fairway.launch.approvals import Approval
from fairway.launch.evidence import Evidence
from fairway.launch.holds import Hold
from fairway.launch.lifecycle import MOVES
from fairway.launch.verdict import Result, Verdict
from fairway.risk.limits import Limits


class LaunchEvent(Struct, frozen=True, tag=True, kw_only=True):
    """Base of what is not a track's move."""


class LaunchBegan(LaunchEvent, frozen=True, tag=True, kw_only=True):
    """text: the plan, whole, as it was read; digest: of it. release: digest of what is launched."""

    plan: str
    text: str
    digest: str
    release: str
    by: str


class PilotStarted(LaunchEvent, frozen=True, tag=True, kw_only=True):
    """epoch: of the leases that it grants; every start has a higher one, so that an older pilot can grant no more."""

    epoch: int
    version: str


class PilotStopped(LaunchEvent, frozen=True, tag=True, kw_only=True):
    why: str


class ReleaseChanged(LaunchEvent, frozen=True, tag=True, kw_only=True):
    """Something else runs than what the evidence is about: all of it is void."""

    was: str
    now: str


class Seated(Struct, frozen=True, kw_only=True):
    """An account that may be given leave. joined_at: ns; capital: what it is worth, where that is known."""

    account: str
    user: str = ""
    profile: str = ""
    cohort: str = ""
    joined_at: int = 0


class AccountsSeen(LaunchEvent, frozen=True, tag=True, kw_only=True):
    """All accounts of the trader, when that is first known and when it has changed."""

    accounts: tuple[Seated, ...]


class VenueSeen(LaunchEvent, frozen=True, tag=True, kw_only=True):
    """The venue was asked how an account stands. trouble: what is not in order, in words; nothing where all is.

    entries: open orders that could enlarge a position. naked: symbols with something held that no stop covers.
    """

    account: str
    asked_at: int
    entries: int = 0
    naked: tuple[str, ...] = ()
    trouble: str = ""


class EvidenceTaken(LaunchEvent, frozen=True, tag=True, kw_only=True):
    evidence: Evidence
    by: str


class ApprovalGiven(LaunchEvent, frozen=True, tag=True, kw_only=True):
    approval: Approval


class Waiver(Struct, frozen=True, kw_only=True):
    """A claim need not be met until an end. Who asked for it did not grant it."""

    claim: str
    reason: str
    asked_by: str
    granted_by: str
    at: int
    ends_at: int


class WaiverGranted(LaunchEvent, frozen=True, tag=True, kw_only=True):
    waiver: Waiver


class HoldRaised(LaunchEvent, frozen=True, tag=True, kw_only=True):
    hold: Hold


class HoldLifted(LaunchEvent, frozen=True, tag=True, kw_only=True):
    hold_id: str
    by: str
    why: str


class LeaveGiven(LaunchEvent, frozen=True, tag=True, kw_only=True):
    """A lease went to the trader. accounts: whose; until: ns. stage: names one beginning of a stage; losses count from there."""

    track: str
    accounts: tuple[str, ...]
    epoch: int
    until: int
    limits: Limits
    stage: str


class KillOrdered(LaunchEvent, frozen=True, tag=True, kw_only=True):
    """The latch of these accounts is set: nothing is opened until a person resumes them, and stops stay at the venue."""

    accounts: tuple[str, ...]
    why: str


class InstructionHeard(LaunchEvent, frozen=True, tag=True, kw_only=True):
    """A person's instruction. number: of its record in the launch's doors; refused: why it was not obeyed, or ""."""

    number: int
    what: str
    by: str
    refused: str = ""


class Decided(LaunchEvent, frozen=True, tag=True, kw_only=True):
    """A tick that changed something. read_to: the last record of the trader's journal that it rests on; now: its instant (ns).

    inputs: digest of all that it rests on; heard: numbers of the instructions that were taken with it; outcome: kinds of the
    events that it led to, which follow it in the journal.
    """

    number: int
    now: int
    read_to: int
    inputs: str
    heard: tuple[int, ...]
    verdicts: dict[str, tuple[Verdict, ...]]
    results: dict[str, Result]
    served_ns: dict[str, int]
    outcome: tuple[str, ...]


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
    PilotStopped,
    ReleaseChanged,
    AccountsSeen,
    VenueSeen,
    EvidenceTaken,
    ApprovalGiven,
    WaiverGranted,
    HoldRaised,
    HoldLifted,
    LeaveGiven,
    KillOrdered,
    InstructionHeard,
    Decided,
    BaselineCaptured,
    *MOVES,
)
"""Every kind of event in a launch's journal."""
