"""The stages of a track as a ladder: limits of each, where the track is, and when the next one can be reached."""

from dataclasses import dataclass

from fairway.launch.control.lifecycle import Phase
from fairway.launch.control.reviews import due_at, reviewed_stage
from fairway.launch.plan.compiled_plan import CompiledStage, CompiledTrack
from fairway.launch.views.next_stage_time import next_stage_time
from fairway.launch.views.reason_text import limit_texts
from fairway.launch.views.status_text import LaunchStatus, needs_beside_gates
from fairway.panel.state_marks import Mark
from fairway.texts.display import count_text
from fairway.texts.durations import as_setting, duration_words


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFacts:
    """One stage. where: `passed`, `now`, `next`, `later` or `given up`. limits: one by one. since: when it began (ns)."""

    track: str
    name: str
    number: int
    where: str
    mark: Mark
    limits: tuple[str, ...]
    money: str
    stay: str
    approvals: str
    review: str
    since: int

    @property
    def is_open(self) -> bool:
        """Whether it is shown with all that belongs to it."""
        return self.where == "now"


@dataclass(frozen=True, slots=True, kw_only=True)
class NextFacts:
    """The next stage of a track. name: "" where none follows. at: the earliest instant at the present pace (ns), 0 for unknown.

    waits_for: what no clock brings. needs: all that keeps the pilot from entering it, beside gates.
    """

    name: str
    at: int
    waits_for: tuple[str, ...]
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFacts:
    """told: how often a person looks, and who looked last; "" where the plan asks for none. due_at: ns, 0 for none."""

    told: str
    due_at: int
    is_late: bool


def stage_facts(status: LaunchStatus, track: CompiledTrack) -> tuple[StageFacts, ...]:
    """In the order of the plan."""
    return tuple(_stage(status, track, number, stage) for number, stage in enumerate(track.stages))


def _stage(status: LaunchStatus, track: CompiledTrack, number: int, stage: CompiledStage) -> StageFacts:
    progress = status.launch.track(track.name)
    where, mark = _where(number, progress.stage, progress.phase, is_held=bool(_holds(status, track)))
    longest = f", at most {duration_words(stage.stay_max_ns)}" if stage.stay_max_ns else ""
    return StageFacts(
        track=track.name,
        name=stage.name,
        number=number + 1,
        where=where,
        mark=mark,
        limits=limit_texts(stage.limits),
        money=_money(stage),
        stay=f"at least {duration_words(stage.stay_min_ns)}{longest}" if stage.stay_min_ns else f"no least stay{longest}",
        approvals=", ".join(f"{count_text(count, 'person', 'people')} as {role}" for role, count in stage.approvals.items()),
        review=f"every {as_setting(stage.review_ns)}" if stage.review_ns else "",
        since=progress.entered_at if where == "now" else 0,
    )


def _holds(status: LaunchStatus, track: CompiledTrack) -> list[str]:
    return [each.id for each in status.launch.holds.values() if each.covers(track.name)]


def _where(number: int, now: int, phase: Phase, *, is_held: bool) -> tuple[str, Mark]:
    if phase is Phase.ABORTED:
        return ("given up", Mark.BAD) if number == max(0, now) else ("later" if number > now else "passed", Mark.UNKNOWN)
    if number < now:
        return "passed", Mark.GOOD
    if number == now:
        return "now", Mark.HELD if is_held else Mark.GOOD if phase is Phase.STEADY else Mark.PENDING
    return ("next" if number == now + 1 else "later"), Mark.PENDING


def _money(stage: CompiledStage) -> str:
    if not stage.is_flown:
        return "another trader flies it; its record is the evidence"
    if not stage.is_real:
        return "no real money"
    return f"real money, {stage.capital} in all" if stage.capital is not None else "real money"


def next_facts(status: LaunchStatus, track: CompiledTrack) -> NextFacts:
    """When the next stage can be there, and what it waits for."""
    found = next_stage_time(status, track)
    if found is None:
        return NextFacts(name="", at=0, waits_for=(), needs=())
    stage = track.stages[status.launch.track(track.name).stage + 1]
    needs = tuple(needs_beside_gates(status, track, stage))
    return NextFacts(name=stage.name, at=found.at, waits_for=found.waits_for, needs=needs)


def review_facts(status: LaunchStatus, track: CompiledTrack) -> ReviewFacts:
    """Whether a person looks as often as the plan says."""
    progress, now = status.launch.track(track.name), status.observation.now
    stage = reviewed_stage(track, progress)
    if stage is None:
        return ReviewFacts(told="", due_at=0, is_late=False)
    looked = f"{progress.reviewed_by} looked {duration_words(now - progress.reviewed_at)} ago" if progress.reviewed_at else ""
    at = due_at(track, progress)
    told = f"a person looks every {as_setting(stage.review_ns)}; {looked or 'no person has looked yet'}"
    return ReviewFacts(told=told, due_at=at, is_late=now > at)
