"""Messages: what a plan's `say` makes due, with the facts of the instant. They are committed with the decision that they tell of.

Each is due exactly once, however often a tick is made. Nothing is sent from here: whoever reads the journal's list carries it on
to a chat or to mail.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from msgspec import Struct

from fairway.launch.control.holds import Hold, on
from fairway.launch.control.launch_events import HoldRaised, KillOrdered, MessageDue
from fairway.launch.control.leases import shut, wanted
from fairway.launch.control.lifecycle import Move, Phase, StageEntered, TrackDemoted, TrackFinished, TrackRearmed
from fairway.launch.control.state import KILL_TOLD, Launch
from fairway.launch.observation.observation import Observation
from fairway.launch.observation.planned_maintenance import called_off, notices
from fairway.launch.plan.compiled_plan import CompiledMessage, CompiledPlan, CompiledTrack
from fairway.launch.plan.people import When
from fairway.launch.views.event_text import event_in_words
from fairway.launch.views.reason_text import limits_in_words, shut_in_words
from fairway.risk.caps import Lifting
from fairway.texts.durations import as_setting
from fairway.world.clock import SECOND, text_of

EVERY: Final = "every"


@dataclass(frozen=True, slots=True)
class Occasion:
    """What people are told of. whens: what it is for the `at` of a plan; stages: whose own words are due, too, as `track/stage`.

    of, since: name what lasts longer than one tick, so that it is told once.
    """

    about: str
    says: str
    whens: frozenset[When]
    stages: frozenset[str]
    of: str = ""
    since: int = 0
    is_kill_shown: bool = False
    """Whether it is that traders show a kill, which may have been reported when it was ordered."""


def due(plan: CompiledPlan, was: Launch, launch: Launch, events: Sequence[Struct], sight: Observation) -> Iterator[MessageDue]:
    """was, launch: before this tick and after it; events: what it decided. Each is to be applied before the next is asked for."""
    if not plan.messages:
        return
    for occasion in _occasions(plan, was, launch, events):
        told: set[tuple[str, str, str]] = set()
        for word in plan.messages:
            if _alike(word) not in told and _is_told(plan, word, occasion, launch):
                told.add(_alike(word))
                yield _message(plan, launch, word, occasion, sight)
    for word in plan.messages:
        for notice in _of_maintenance(plan, launch, word, sight.now):
            yield _message(plan, launch, word, notice, sight)
        turn = _turn(plan, launch, word, sight.now)
        if turn is not None:
            yield _message(plan, launch, word, turn, sight)


def _alike(word: CompiledMessage) -> tuple[str, str, str]:
    """To whom, by which way, and with which text: two stages that say the same to the same people say it once."""
    return word.to, word.by, word.text


def _is_told(plan: CompiledPlan, word: CompiledMessage, occasion: Occasion, launch: Launch) -> bool:
    whens = occasion.whens
    if occasion.is_kill_shown and (word.place, KILL_TOLD) in launch.told:
        whens -= {When.KILL}  # it was told when it was ordered
    if not whens.intersection(word.at) or (word.stage and word.stage not in occasion.stages):
        return False
    alike = (each.place for each in plan.messages if _alike(each) == _alike(word))
    return not occasion.of or all(launch.told.get((place, occasion.of)) != occasion.since for place in alike)


def _message(plan: CompiledPlan, launch: Launch, word: CompiledMessage, occasion: Occasion, sight: Observation) -> MessageDue:
    parts = (
        word.text,
        occasion.says,
        *_stages(plan, launch, sight, occasion),
        _positions(plan, launch, sight.now),
        _next(plan, launch, word, sight.now),
    )
    return MessageDue(
        number=launch.messages + 1,
        place=word.place,
        to=word.to,
        by=word.by,
        about=occasion.about,
        text=" ".join(". ".join(part.rstrip(".") for part in parts if part).split()),
        of=occasion.of,
        since=occasion.since,
    )


# -- occasions -----------------------------------------------------------------------------------------------------------


def _occasions(plan: CompiledPlan, was: Launch, launch: Launch, events: Sequence[Struct]) -> Iterator[Occasion]:
    moves = [each for each in events if isinstance(each, Move)]
    for move in moves:
        yield _of_move(plan, was, launch, move, moves)
    raised = [each.hold for each in events if isinstance(each, HoldRaised)]
    for hold in {(each.id, each.since): each for each in (*launch.holds.values(), *raised)}.values():
        yield _of_hold(plan, launch, hold)
    for ordered in (each for each in events if isinstance(each, KillOrdered)):
        stages = frozenset(place for track in plan.tracks for place in _place(track, launch.track(track.name).stage))
        yield Occasion("kill", event_in_words(ordered), frozenset({When.KILL}), stages, KILL_TOLD, _ordered_at(launch, ordered))


def _ordered_at(launch: Launch, ordered: KillOrdered) -> int:
    """When that kill was ordered first (ns): it is ordered again until it is seen to be done."""
    return max((launch.killing[each].since for each in ordered.accounts if each in launch.killing), default=0)


def _of_move(plan: CompiledPlan, was: Launch, launch: Launch, move: Move, moves: Sequence[Move]) -> Occasion:
    whens, about = {When.EVERY_MOVE}, f"{type(move).__name__} {move.track}"
    stages = {*_place(plan.track(move.track), _stage_before(was, move, moves))}
    match move:
        case StageEntered(stage=stage):
            stages = {*_place(plan.track(move.track), stage)}
            about = f"entered {min(stages)}"
            whens |= {When.ENTERED, *([When.START] if _is_start(plan, was, move, moves) else [])}
        case TrackDemoted(stage=stage):
            [place] = _place(plan.track(move.track), stage)
            about, stages = f"demoted {place}", {*stages, place}
            whens |= {When.DEMOTED}
        case TrackRearmed():
            about = f"armed again {move.track}"
            whens |= {When.DEMOTED}
        case TrackFinished():
            about = f"complete {move.track}"
            whens |= {When.COMPLETE} if _is_complete(plan, launch) else set()
    return Occasion(about, event_in_words(move), frozenset(whens), frozenset(stages))


def _stage_before(was: Launch, move: Move, moves: Sequence[Move]) -> int:
    """In which stage a track was when it made a move: a tick may make several."""
    earlier = [each for each in moves[: moves.index(move)] if each.track == move.track]
    stages = [
        -1 if isinstance(each, TrackRearmed) else each.stage
        for each in earlier
        if isinstance(each, StageEntered | TrackDemoted | TrackRearmed)
    ]
    return stages[-1] if stages else was.track(move.track).stage


def _is_start(plan: CompiledPlan, was: Launch, move: StageEntered, moves: Sequence[Move]) -> bool:
    """Whether this is the first stage of all that the accounts of this trader go through."""
    entered = [(each.name, was.track(each.name).highest) for each in plan.tracks]
    entered += [(each.track, each.stage) for each in moves[: moves.index(move)] if isinstance(each, StageEntered)]
    before = any(stage.is_flown for track, highest in entered for stage in plan.track(track).stages[: highest + 1])
    return plan.track(move.track).stages[move.stage].is_flown and not before


def _is_complete(plan: CompiledPlan, launch: Launch) -> bool:
    return all(launch.track(each.name).phase is Phase.STEADY for each in plan.tracks)


def _of_hold(plan: CompiledPlan, launch: Launch, hold: Hold) -> Occasion:
    """An incident is a trouble that takes the lease to open away."""
    whens = {When.HELD}
    if hold.contains and hold.kind.severity is not None:
        whens |= {When.INCIDENT}
    if hold.kind.is_kill:
        whens |= {When.INCIDENT, When.KILL}
    stages = frozenset(
        place for track in plan.tracks if hold.covers(track.name) for place in _place(track, launch.track(track.name).stage)
    )
    return Occasion(f"held: {hold.id}", _held(hold), frozenset(whens), stages, hold.id, hold.since, hold.kind.is_kill)


def _held(hold: Hold) -> str:
    does = "nothing is opened, and nothing promoted" if hold.contains else "nothing is promoted"
    until = "a person lets it go on" if hold.lifting is Lifting.PERSON else "its reason is gone"
    return f"held since {text_of(hold.since)[:19]}: {hold.reason}; {does} until {until}"


def _place(track: CompiledTrack, stage: int) -> list[str]:
    """A stage as `track/stage`; none before the first."""
    return [f"{track.name}/{track.stages[stage].name}"] if stage >= 0 else []


# -- the clock -----------------------------------------------------------------------------------------------------------


def _turn(plan: CompiledPlan, launch: Launch, word: CompiledMessage, now: int) -> Occasion | None:
    """The newest turn of a word that comes by the clock, where it was not told yet; older ones that were missed are left out."""
    since = _begins(plan, launch, word)
    if not word.every_ns or not since or now - since < word.every_ns:
        return None
    at = since + (now - since) // word.every_ns * word.every_ns
    if launch.told.get((word.place, EVERY), 0) >= at:
        return None
    every = f"every {as_setting(word.every_ns)}"
    return Occasion(every, f"the word of {text_of(at)[:16]}, {every}", frozenset(), frozenset(), EVERY, at)


def _begins(plan: CompiledPlan, launch: Launch, word: CompiledMessage) -> int:
    """From when on its clock counts (ns): with the first stage, or with its own; 0 where it does not run."""
    if all(launch.track(each.name).phase is Phase.ABORTED for each in plan.tracks):
        return 0
    if not word.stage:
        return launch.started_at
    track = plan.track(word.track)
    progress = launch.track(track.name)
    is_there = [word.stage] == _place(track, progress.stage) and progress.phase is not Phase.ABORTED
    return progress.entered_at if is_there else 0


def _of_maintenance(plan: CompiledPlan, launch: Launch, word: CompiledMessage, now: int) -> Iterator[Occasion]:
    """What is due of planned maintenance, while its clock counts."""
    if When.MAINTENANCE not in word.at or not _begins(plan, launch, word):
        return
    told = [of for place, of in launch.told if place == word.place]
    due = [*notices(launch.maintenance, told, word.ahead_ns, now), *called_off(launch.maintenance, told)]
    for about, says, of, since in due:
        if launch.told.get((word.place, of)) != since:
            yield Occasion(about, says, frozenset({When.MAINTENANCE}), frozenset(), of, since)


# -- facts ---------------------------------------------------------------------------------------------------------------


def _stages(plan: CompiledPlan, launch: Launch, sight: Observation, occasion: Occasion) -> Iterator[str]:
    """Where each track is, what it allows, and every hold that the message does not tell of already."""
    for track in plan.tracks:
        progress = launch.track(track.name)
        if progress.stage >= 0:
            allows = f", and allows: {limits_in_words(wanted(track, launch))}" if track.leads else ""
            yield f"{track.name} is in stage {track.stages[progress.stage].name} ({progress.phase.value}){allows}"
            yield from ([f"But {closed}"] if (closed := shut_in_words(shut(plan, track, launch, sight))) else [])
        for hold in on(track.name, launch.holds.values()):
            yield "" if hold.id == occasion.of else f"{track.name} is {_held(hold)}"


def _positions(plan: CompiledPlan, launch: Launch, now: int) -> str:
    """Whether what is held is protected, by the venue's own word."""
    unknown, bad, ats = list[str](), list[str](), list[int]()
    for each in launch.accounts:
        look = launch.looks.get(each.account)
        if look is None or now - look.asked_at > plan.look_lasts_ns:
            unknown.append(each.account)
        elif look.naked or look.trouble:
            bad.append(f"{each.account}: {look.trouble or 'no stop covers ' + ', '.join(look.naked)}")
        else:
            ats.append(look.asked_at)
    if bad:
        return f"positions: NOT ALL PROTECTED, {'; '.join(bad)}"
    if unknown or not ats:
        return f"positions: how {', '.join(unknown) or 'any account'} stands at the venue is not known"
    return f"positions: what is held has its stops at the venue, seen {text_of(min(ats))[:19]}"


def _next(plan: CompiledPlan, launch: Launch, word: CompiledMessage, now: int) -> str:
    """When whoever is told hears of it again at the latest."""
    turns = [
        begins + ((now - begins) // each.every_ns + 1) * each.every_ns
        for each in plan.messages
        if each.to == word.to and each.every_ns and (begins := _begins(plan, launch, each))
    ]
    if turns:
        in_s = -(-min(turns) // SECOND)  # upwards: what is to come must not be told as past
        return f"the next word comes by {text_of(in_s * SECOND)[:19]}"
    return f"the next word comes at: {', '.join(word.at)}" if word.at else ""
