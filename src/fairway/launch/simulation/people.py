"""The people of a rehearsal: they approve, lift what has stopped the bot, and after some setbacks give the launch up.

They trust the gates: they approve whatever is ready, and lift every cap once they have looked. So what the table says of bad bots
is what gates and limits do, without anybody's good judgement.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from fairway.journal.command_reader import ReadCommand
from fairway.launch.control import launch_events
from fairway.launch.control.command_handler import binds_of, stage_after
from fairway.launch.control.commands import Abort, Approve, LaunchInstruction, Release, Review
from fairway.launch.control.lifecycle import Phase
from fairway.launch.control.reviews import overdue
from fairway.launch.control.state import Launch
from fairway.launch.control.tick_context import TickOutcome
from fairway.launch.control.track_progress import TrackProgress
from fairway.launch.control.transitions import may_begin, missing_approvals
from fairway.launch.gates.verdict import Result, Verdict
from fairway.launch.plan.compiled_plan import CompiledPlan, CompiledStage, CompiledTrack
from fairway.launch.simulation.evidence_sources import Show, shown, way_to
from fairway.launch.simulation.setbacks import Setback, setbacks_of
from fairway.launch.simulation.world import World
from fairway.risk.caps import Lifting
from fairway.world.chance import Stream
from fairway.world.clock import DAY, HOUR, MINUTE

SETBACKS_MAX: Final = 3
"""So often a stage may fail, or be taken back; then people give the launch up."""
LOOKS_WITHIN: Final = (20 * MINUTE, 3 * HOUR)
"""Between these two durations the person on call has looked at a cap or a hold, at any hour."""
APPROVES_WITHIN: Final = (20 * MINUTE, 2 * HOUR)
WAKES, SLEEPS = 7 * HOUR, 22 * HOUR
"""Who approves does so by day, by UTC."""
FEEDBACK: Final = "feedback"
"""The claim that users make themselves."""
ASKED_MIN: Final = 10
RENEWED_AT: Final = 0.5
"""Evidence is renewed at this share of the time for which it counts."""
Verdicts = Mapping[str, Sequence[Verdict]]


class SimulatedPeople:
    """setbacks: what was held or taken back for a reason that a person had to look at, oldest first. show: shows claims."""

    def __init__(self, random: Stream, show: Show = shown) -> None:
        self._random, self._show = random, show
        self._due: dict[str, int] = {}
        self._said = 0
        self._made_at: dict[str, int] = {}
        self.setbacks: list[Setback] = []
        self.has_given_up = False

    # -- evidence --------------------------------------------------------------------------------------------------

    def evidence(self, world: World, launch: Launch) -> Iterator[launch_events.EvidenceTaken]:
        """What is due and can be shown: as soon as it can be, and again before it is too old."""
        is_under_way = any(progress.stage >= 0 for progress in launch.tracks.values())
        for claim in world.terms.claims:
            made_at = self._made_at.get(claim.name)
            every = round(claim.max_age * RENEWED_AT) or DAY * 10_000
            every = min(every, DAY) if claim.name == FEEDBACK else every
            holds = _is_liked(world) if claim.name == FEEDBACK else True
            if holds is None or (made_at is not None and world.now - made_at < every):
                continue
            way = way_to(claim, world, is_under_way=is_under_way)
            if way is not None:
                self._made_at[claim.name] = world.now
                evidence = self._show(claim, way, world.now)
                yield launch_events.EvidenceTaken(evidence=replace(evidence, holds=evidence.holds and holds), by="people")

    # -- words -----------------------------------------------------------------------------------------------------

    def see(self, plan: CompiledPlan, launch: Launch, outcome: TickOutcome) -> None:
        """What the pilot has decided. launch: as it was before, with the stage that the verdicts are of."""
        self.setbacks += setbacks_of(plan, launch, outcome)

    def said(self, plan: CompiledPlan, launch: Launch, world: World, verdicts: Verdicts) -> list[ReadCommand]:
        """What they say to the pilot now. verdicts: of each track's gates, when they looked last."""
        if len(self.setbacks) > SETBACKS_MAX and not self.has_given_up:
            self.has_given_up = True
            return [self._heard("owner 1", Abort(reason="it was set back too often"), world.now)]
        return [
            *self._released(launch, world),
            *self._approved(plan, launch, world),
            *self._agreed(plan, launch, world, verdicts),
            *self._reviewed(plan, launch, world),
        ]

    def lift(self, world: World) -> None:
        """Lifts caps of the trader that the person on call has looked at."""
        caps = world.caps_of_people()
        for name, cap in caps.items():
            if world.now >= max(self._when(f"cap {name}", world.now, LOOKS_WITHIN), cap.not_before):
                self._due.pop(f"cap {name}")
                world.lift(name)

    def _released(self, launch: Launch, world: World) -> Iterator[ReadCommand]:
        for hold in list(launch.holds.values()):
            if hold.lifting is Lifting.PERSON and world.now >= self._when(f"hold {hold.id}", world.now, LOOKS_WITHIN):
                self._due.pop(f"hold {hold.id}")
                yield self._heard("owner 1", Release(hold_id=hold.id, reason="looked at"), world.now)

    def _approved(self, plan: CompiledPlan, launch: Launch, world: World) -> Iterator[ReadCommand]:
        for track in plan.tracks:
            stage = stage_after(track, launch.track(track.name))
            if stage is None or not _is_asked(plan, track, launch) or not missing_approvals(plan, track, launch, world.now):
                continue
            key = f"approve {track.name}/{stage.name}"
            if world.now < self._when(key, world.now, APPROVES_WITHIN, by_day=True):
                continue
            self._due[key] = world.now + plan.alone_after_ns if plan.alone else _by_day(world.now + HOUR)
            yield from self._approvals(plan, track, stage, stage.approvals, launch, world.now)

    def _agreed(self, plan: CompiledPlan, launch: Launch, world: World, verdicts: Verdicts) -> Iterator[ReadCommand]:
        """What a gate of the stage that is lived in asks of people, once nothing else of it is missing."""
        for track in plan.tracks:
            progress = launch.track(track.name)
            need = _asked_by_gates(track, progress, verdicts.get(track.name, ()))
            key = f"agree {track.name} {progress.entered_at}"
            if not need or world.now < self._when(key, world.now, APPROVES_WITHIN, by_day=True):
                continue
            self._due[key] = _by_day(world.now + HOUR)
            yield from self._approvals(plan, track, track.stages[progress.stage], need, launch, world.now)

    def _approvals(
        self, plan: CompiledPlan, track: CompiledTrack, stage: CompiledStage, need: Mapping[str, int], launch: Launch, now: int
    ) -> Iterator[ReadCommand]:
        binds = binds_of(plan, launch, stage)
        for role, number in need.items():
            for person in _people(plan, role, 1 if plan.alone else number):
                word = Approve(reason="seen", track=track.name, stage=stage.name, role=role, login=f"at {now}", binds=binds)
                yield self._heard(person, word, now)

    def _reviewed(self, plan: CompiledPlan, launch: Launch, world: World) -> Iterator[ReadCommand]:
        """Reviews as often as the plan says, by day; an approval is a review, too."""
        for track in plan.tracks:
            if overdue(track, launch, world.now) and _by_day(world.now) == world.now:
                yield self._heard("owner 1", Review(reason="looked", track=track.name), world.now)

    def _when(self, key: str, now: int, within: tuple[int, int], *, by_day: bool = False) -> int:
        """When it is done, decided when it is first seen."""
        if key not in self._due:
            at = now + self._random.randint(*within)
            self._due[key] = _by_day(at) if by_day else at
        return self._due[key]

    def _heard(self, by: str, word: LaunchInstruction, now: int) -> ReadCommand:
        self._said += 1
        return ReadCommand(self._said, by, now, word)


def _people(plan: CompiledPlan, role: str, number: int) -> list[str]:
    """Those whom the plan names, without its author; else people of the rehearsal."""
    if not plan.who:
        return [f"{role} {person}" for person in range(1, number + 1)]
    return [each for each in plan.who.get(role, ()) if plan.alone or each != plan.author][:number]


def _is_asked(plan: CompiledPlan, track: CompiledTrack, launch: Launch) -> bool:
    """Whether nothing but people is missing."""
    phase = launch.track(track.name).phase
    if phase is Phase.ARMED:
        decided = launch.last_decision.results.get(track.name) if launch.last_decision is not None else None
        return decided is Result.PASS and may_begin(plan, track, launch)
    return phase is Phase.READY


def _asked_by_gates(track: CompiledTrack, progress: TrackProgress, verdicts: Sequence[Verdict]) -> dict[str, int]:
    """How many people of each role the gates `approval` of a stage wait for; empty while another gate does not pass."""
    if progress.stage < 0 or not verdicts:
        return {}
    gates = track.stages[progress.stage].gates
    asking = {each.name: need for each in gates if (need := each.gate.approvals(each.settings))}
    lacking = [each.gate for each in verdicts if each.result is not Result.PASS]
    if not set(lacking) <= set(asking):
        return {}
    return {role: number for name in lacking for role, number in asking[name].items()}


def _by_day(at: int) -> int:
    """The next instant between WAKES and SLEEPS, at or after an instant (ns)."""
    if at % DAY < WAKES:
        return at - at % DAY + WAKES
    return at - at % DAY + DAY + WAKES if at % DAY > SLEEPS else at


def _is_liked(world: World) -> bool | None:
    """Whether most users are content, and none complains; None while too few were asked."""
    asked = [account for account in world.accounts.values() if account.is_content is not None]
    if len(asked) < ASKED_MIN:
        return None
    return 2 * sum(bool(account.is_content) for account in asked) > len(asked) and not any(account.complains for account in asked)
