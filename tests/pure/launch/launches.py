"""A launch to play with: three stages, a gate that says what its evidence says, and a trader that takes what it is given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from tests.pure import kinds_of_caps

from fairway.journal.account_permissions import AccountPermissions
from fairway.journal.command_reader import ReadCommand
from fairway.journal.kinds import LeaseAccepted
from fairway.launch.control import launch_events
from fairway.launch.control.command_handler import binds_of
from fairway.launch.control.commands import Approve, LaunchInstruction
from fairway.launch.control.state import CODEC, Launch
from fairway.launch.control.tick import tick
from fairway.launch.control.tick_context import TickOutcome
from fairway.launch.control.track_progress import TrackProgress
from fairway.launch.observation.observation import Observation
from fairway.launch.plan.compiled_plan import CompiledPlan, CompiledStage, CompiledTrack, OnFail
from fairway.money.amount import Amount
from fairway.proving.scripted_gate import asked, evidence
from fairway.risk.cap_kinds import CapKind
from fairway.risk.caps import Cap, Lifting
from fairway.risk.limits import Limits, TradingState
from fairway.watch.series import Series
from fairway.world.clock import HOUR, MINUTE, SECOND

BEGIN = 1_000_000 * SECOND


def dollars(text: str) -> Amount:
    return Amount.of(text, "USDT")


SMALL, MIDDLE, LARGE = (Limits(capital=dollars(each)) for each in ("100", "300", "1000"))
STAGES = (
    CompiledStage("small", SMALL, stay_min_ns=HOUR, gates=(asked("one"),)),
    CompiledStage("middle", MIDDLE, stay_min_ns=HOUR, stay_max_ns=24 * HOUR, gates=(asked("two"), asked("harm", OnFail.DEMOTE))),
    CompiledStage(
        "large", LARGE, stay_min_ns=HOUR, gates=(asked("three"),), approvals={"owner": 1, "risk": 1}, capital=dollars("1000")
    ),
)


def plan(*tracks: CompiledTrack, **more: Any) -> CompiledPlan:
    return CompiledPlan(name="ramp", digest="plan-1", author="ann", tracks=tracks or (CompiledTrack("engine", STAGES),), **more)


@dataclass
class Flight:
    """A pilot's ticks over a trader and a venue that are as one says. now: ns."""

    plan: CompiledPlan = field(default_factory=plan)
    launch: Launch = field(default_factory=Launch)
    now: int = BEGIN
    caps: dict[str, dict[str, Cap]] = field(default_factory=dict)
    leases: dict[str, LeaseAccepted] = field(default_factory=dict)
    accounts: tuple[str, ...] = ("main",)
    takes_leases: bool = True
    waiting: list[launch_events.LeaseIssued] = field(default_factory=list)
    is_seen: bool = True
    trouble: str = ""
    entries: int = 0
    """Open orders at the venue that could enlarge a position."""
    release: str = "r1"
    silent_ns: int = 0
    died_at: int = 0
    """When its trader wrote for the last time (ns); 0 while it lives."""
    series: dict[str, Series] = field(default_factory=dict)
    guards: dict[str, tuple[str, ...]] = field(default_factory=dict)
    said: int = 0
    events: list[Struct] = field(default_factory=list)
    ats: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        began = launch_events.LaunchBegan(plan="ramp", text="", digest=self.plan.digest, release="r1", by="ann")
        self.take(began, launch_events.PilotStarted(epoch=1, version="test"))
        self.take(
            launch_events.AccountsSeen(
                accounts=tuple(launch_events.LaunchAccount(account=each, user=each) for each in self.accounts)
            )
        )

    def take(self, *events: Struct) -> None:
        for event in events:
            self.launch.apply(event, self.now)
            CODEC.encode(event)
        self.events += events
        self.ats += [self.now] * len(events)

    def observation(self) -> Observation:
        permissions = {
            each: AccountPermissions(caps=dict(self.caps.get(each, {})), lease=self.leases.get(each), heard=0)
            for each in self.accounts
        }
        return Observation(
            now=self.now,
            release=self.release,
            accounts=permissions,
            series=self.series,
            guards=self.guards,
            written_at=self.died_at or self.now - self.silent_ns,
        )

    def die(self) -> None:
        """Its trader writes nothing any more, and takes no lease."""
        self.died_at, self.takes_leases = self.now, False

    def come_back(self) -> None:
        self.died_at, self.takes_leases = 0, True

    def look(self) -> None:
        if self.is_seen:
            self.take(
                *(
                    launch_events.VenueChecked(account=each, asked_at=self.now, trouble=self.trouble, entries=self.entries)
                    for each in self.accounts
                )
            )

    def tick(self, *said: tuple[str, LaunchInstruction]) -> TickOutcome:
        self.look()
        return self.tick_only(*said)

    def tick_only(self, *said: tuple[str, LaunchInstruction]) -> TickOutcome:
        heard = []
        for by, instruction in said:
            self.said += 1
            heard.append(ReadCommand(self.said, by, self.now, instruction))
        outcome = tick(self.plan, self.launch, self.observation(), heard)
        self.take(*outcome.events)
        self.waiting += outcome.leases()
        while self.takes_leases and self.waiting:
            lease = self.waiting.pop(0)
            accepted = LeaseAccepted(epoch=lease.epoch, until=lease.until, limits=lease.limits, by="pilot")
            self.leases |= dict.fromkeys(lease.accounts, accepted)
        return outcome

    def fly(self, ns: int, step_ns: int = 20 * SECOND) -> None:
        """Ticks until so much time has passed."""
        until = self.now + ns
        while self.now < until:
            self.now = min(until, self.now + step_ns)
            self.tick()

    def say(self, claim: str, word: str) -> None:
        self.take(launch_events.EvidenceTaken(evidence=evidence(claim, word, self.now), by="test"))

    def approve_all(self, stage_name: str, roles: Mapping[str, str]) -> list[tuple[str, LaunchInstruction]]:
        track = self.plan.tracks[0]
        stage = next(each for each in track.stages if each.name == stage_name)
        binds = binds_of(self.plan, self.launch, stage)
        return [
            (who, Approve(reason="seen", stage=stage_name, role=role, login="s1", binds=binds)) for role, who in roles.items()
        ]

    @property
    def track(self) -> TrackProgress:
        return self.launch.track("engine")

    @property
    def where(self) -> tuple[int, str]:
        return self.track.stage, self.track.phase.value

    @property
    def limits(self) -> Limits:
        """What the account was given last."""
        return self.launch.leases["main"].limits

    def cap(self, cap_id: str, lifting: Lifting = Lifting.PERSON, account: str = "main") -> None:
        self.cap_of(replace(kinds_of_caps.named(cap_id), lifting=lifting), cap_id, account)

    def cap_of(self, kind: CapKind, cap_id: str, account: str = "main") -> None:
        limits = Limits(state=TradingState.REDUCE_ONLY)
        self.caps.setdefault(account, {})[cap_id] = Cap(id=cap_id, kind=kind, limits=limits, reason="because", since=self.now)

    def kinds(self) -> list[str]:
        return [type(each).__name__ for each in self.events]


def at_middle() -> Flight:
    """A launch that dwells in its second stage."""
    flight = Flight()
    flight.say("one", "good")
    flight.fly(2 * HOUR, MINUTE)
    flight.say("one", "good")
    assert flight.where == (1, "dwelling"), flight.where
    return flight
