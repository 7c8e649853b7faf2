"""A plan made ready to run: every reference resolved, durations in ns, limits as the trader reads them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from fairway.launch.control.approvals import ALONE_AFTER_NS
from fairway.launch.gates.port import Claim, Gate
from fairway.launch.plan.people import When
from fairway.launch.plan.probe import Probe
from fairway.launch.plan.stage import FailureAction
from fairway.launch.plan.stage_ref import StageRef
from fairway.launch.plan.watching import Alarm, Objective, Target
from fairway.money.amount import Amount
from fairway.risk.causes import CauseCategory
from fairway.risk.limits import Limits, TradingState
from fairway.world.clock import DAY, MINUTE, SECOND

LEASE_NS: Final = 60 * SECOND
RENEW_NS: Final = 20 * SECOND
"""How long a lease lasts, and how often it is renewed: two renewals in a row may be lost."""
VENUE_CHECK_LASTS_NS: Final = 3 * MINUTE
"""How long the answer of a venue check counts."""
REDUCE_ONLY: Final = Limits(state=TradingState.REDUCE_ONLY)


class OnFail(StrEnum):
    """What a gate's FAIL leads to, mildest first."""

    TELL = "tell"
    """It is shown, and decides nothing."""
    HOLD = "hold"
    CONTAIN = "contain"
    DEMOTE = "demote"
    KILL = "kill"
    FLATTEN = "flatten"
    """Killed, and sold."""


@dataclass(frozen=True, slots=True)
class CompiledGate:
    """One gate of a plan with its own settings. settings: as the gate reads them."""

    name: str
    gate: Gate
    settings: Any
    on_fail: OnFail = OnFail.HOLD


@dataclass(frozen=True, slots=True)
class CompiledStage:
    """One stage. limits: for each account; stay_min_ns, stay_max_ns: how long it lasts, 0 for no bound.

    is_flown: whether the accounts of this trader go through it. A stage on paper belongs to another trader, whose record is the
    evidence. approvals: how many people of each role let it be entered. capital: all in all; it bounds what one person alone
    may approve. is_real: whether its money is. recertify_ns: of the last stage, how long a proof lasts.
    """

    name: str
    limits: Limits
    is_flown: bool = True
    stay_min_ns: int = 0
    stay_max_ns: int = 0
    gates: tuple[CompiledGate, ...] = ()
    approvals: Mapping[str, int] = field(default_factory=dict)
    capital: Amount | None = None
    is_real: bool = True
    recertify_ns: int = 0
    review_ns: int = 0
    """How often a person looks; 0 where the plan does not say."""
    counts: tuple[CompiledGate, ...] = ()
    """What asks again, before the next stage, for items of the checklist that were asked for before it; also of one not flown."""


@dataclass(frozen=True, slots=True)
class CompiledTrack:
    """One track: its stages, smallest first.

    leads: whether its stages are the accounts' limits; a track of HTTP weight does not.
    """

    name: str
    stages: tuple[CompiledStage, ...]
    after: StageRef | None = None
    """The stage of another track that must have been passed before this one begins."""
    leads: bool = True


@dataclass(frozen=True, slots=True)
class CompiledBaseline:
    """A baseline. stage: where it is captured; of: indicators."""

    name: str
    stage: StageRef
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompiledMessage:
    """A message that the plan asks for. place: where the plan says so; stage: whose own it is, None for the whole plan's.

    at: at what; every_ns: how often by the clock, 0 for never; ahead_ns: how long before planned maintenance begins.
    """

    place: str
    to: str
    by: str = ""
    at: tuple[When, ...] = ()
    every_ns: int = 0
    text: str = ""
    stage: StageRef | None = None
    ahead_ns: int = DAY

    @property
    def track(self) -> str:
        """The track of its stage; "" where the message is the plan's own."""
        return self.stage.track if self.stage is not None else ""


@dataclass(frozen=True, slots=True)
class CompiledRollback:
    """What people roll back to. steps: of the software, in order; within_ns: how long it may take, 0 for unsaid."""

    target: str
    steps: tuple[str, ...] = ()
    within_ns: int = 0


@dataclass(frozen=True, slots=True)
class CompiledStep:
    """An item of the timeline. at_ns: from the launch's T; raises: the stage that begins with it."""

    at_ns: int
    do: str
    needs: tuple[str, ...] = ()
    raises: StageRef | None = None


@dataclass(frozen=True, slots=True)
class CompiledPlan:
    """author: who wrote it, and so cannot approve it. entry: what must pass before the first stage of all.

    approval_ns: how long an approval lasts; alone: whether one person may run it, with time as the second one.
    """

    name: str
    digest: str
    author: str
    tracks: tuple[CompiledTrack, ...]
    entry: tuple[CompiledGate, ...] = ()
    approval_ns: int = DAY
    alone: bool = False
    capital_alone_max: Amount | None = None
    lease_ns: int = LEASE_NS
    renew_ns: int = RENEW_NS
    venue_check_lasts_ns: int = VENUE_CHECK_LASTS_NS
    not_waivable: tuple[str, ...] = ()
    checklist: tuple[Claim, ...] = ()
    baselines: tuple[CompiledBaseline, ...] = ()
    alone_after_ns: int = ALONE_AFTER_NS
    waiver_roles: tuple[str, ...] = ()
    """Roles that may grant a waiver. Where there are none, every person may but the one who asks for it."""
    waiver_ns: int = 7 * DAY
    who: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """People by role who may approve or waive; every person where it is empty."""
    messages: tuple[CompiledMessage, ...] = ()
    rollback: CompiledRollback | None = None
    timeline: tuple[CompiledStep, ...] = ()
    targets: tuple[Target, ...] = ()
    objectives: tuple[Objective, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    guards: tuple[str, ...] = ()
    """Which must be on in an account that gets a lease."""
    answers: Mapping[CauseCategory, FailureAction] = field(default_factory=dict)
    """By cause category, what is done where the plan is more severe than the table of causes."""
    probes: tuple[Probe, ...] = ()

    @property
    def gates(self) -> tuple[CompiledGate, ...]:
        """All that are asked: on the way in, then stage by stage. One that several stages ask comes as often."""
        return (*self.entry, *(each for track in self.tracks for stage in track.stages for each in stage.gates))

    @property
    def paces(self) -> Mapping[str, int]:
        """How often (s) the clock brings an observation of what probes feed, so that it is known where one is missing."""
        return paces_of(self.probes)

    def track(self, name: str) -> CompiledTrack:
        """Raises KeyError."""
        for each in self.tracks:
            if each.name == name:
                return each
        raise KeyError(name)


def paces_of(probes: Iterable[Probe]) -> dict[str, int]:
    """By indicator, in s: as often as the most frequent of its probes asks."""
    shortest: dict[str, int] = {}
    for probe in probes:
        for of in probe.feeds_own:
            shortest[of] = min(probe.every, shortest.get(of, probe.every))
    return {of: -(-every // SECOND) for of, every in shortest.items()}
