"""The values that a launch's report is made of: what its pilot decided, what was allowed, what the accounts were worth.

They are plain values: the demo that runs a launch fills them in, and the report imports no pilot. Instants are in ns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from fairway.reports.run import DemoResult


@dataclass(frozen=True, slots=True)
class Spell:
    """From an instant until another. name: of a stage, a gate's answer, a hold. of: of a hold, what the same one is known by."""

    name: str
    since: int
    until: int
    why: str = ""
    of: str = ""


class MarkKind(StrEnum):
    PROMOTED = "promoted"
    DEMOTED = "demoted"
    HELD = "held"
    STAGED = "staged"
    """Something that was made to happen."""
    LOOKED = "looked"
    """A person looked into what was stopped, and let it go on."""


@dataclass(frozen=True, slots=True)
class LaunchMark:
    at: int
    kind: MarkKind
    text: str


class DecidedKind(StrEnum):
    """FORWARD: a stage was entered or passed. BACK: it was taken back or given up. HELD, RELEASED: of a hold. SAID: all else."""

    FORWARD = "forward"
    BACK = "back"
    HELD = "held"
    RELEASED = "released"
    SAID = "said"


@dataclass(frozen=True, slots=True)
class LaunchDecision:
    """A decision of the pilot's that moved something. number: under which it stands in the launch's journal."""

    number: int
    at: int
    kind: DecidedKind
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class UserRun:
    """One user's account, as a run of its own."""

    name: str
    profile: str
    cohort: str
    run: DemoResult
    admitted_at: int | None
    """When it first had a lease to open anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchResult:
    """stages: names, smallest first. gates: by `stage/name`, what each answered when. allowed: from when on how much all accounts
    together may put to work, in quote; zero is nothing. equity: by profile, worth in parts of what its accounts began with.
    alerts: when each began (ns), and its severity: P0, P1 or P2. next_stage: the one after that in
    which it ends, and what it still needs to be entered.
    """

    plan: str
    stages: Sequence[str]
    quote: str
    lived: Sequence[Spell]
    holds: Sequence[Spell]
    gates: Mapping[str, Sequence[Spell]]
    allowed: Sequence[tuple[int, Decimal]]
    equity: Mapping[str, Sequence[tuple[int, Decimal]]]
    marks: Sequence[LaunchMark]
    alerts: Sequence[tuple[int, str]]
    decisions: Sequence[LaunchDecision]
    next_stage: str
    users: Sequence[UserRun]
    started_at: int
    ended_at: int
    is_complete: bool
    seed: int
    journal_digest: str
    journal_count: int
    journal_path: Path
    launch_digest: str
    launch_count: int
    launch_path: Path
    wall_seconds: float
    command: str
    release: str


@dataclass(frozen=True, slots=True)
class LaunchProgress:
    """How a launch stands at an instant, for a screen. gates: each with its answer and, where it does not pass, why."""

    at: int
    share_done: float
    stages: Sequence[str]
    stage: int
    phase: str
    holds: Sequence[str]
    gates: Sequence[tuple[str, str, str]]
    allowed: Decimal
    quote: str
    profiles: Sequence["ProfileLine"]
    prices: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """worth: of all accounts of a profile together; share: what they gained or lost of what they began with."""

    profile: str
    users: int
    trading: int
    worth: Decimal
    share: Decimal
    positions: int
    trips: int
