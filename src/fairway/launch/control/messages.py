"""Decides which messages of a plan's `say` are due, and writes their text. They are committed with the decision they report.

Each is due exactly once, however often a tick is made. Nothing is sent from here: a reader of the launch's journal passes each
message on to a chat or to mail.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from msgspec import Struct

from fairway.launch.control.holds import Hold, on
from fairway.launch.control.launch_events import HoldRaised, KillOrdered, MessageDue
from fairway.launch.control.leases import allowed_limits, blocking_caps
from fairway.launch.control.lifecycle import Move, Phase, StageEntered, TrackDemoted, TrackFinished, TrackRearmed
from fairway.launch.control.message_subject import CLOCK, KILL, MessageSubject, hold_subject
from fairway.launch.control.state import Launch
from fairway.launch.observation.observation import Observation
from fairway.launch.observation.planned_maintenance import called_off, notices
from fairway.launch.plan.compiled_plan import CompiledMessage, CompiledPlan, CompiledTrack
from fairway.launch.plan.people import When
from fairway.launch.plan.stage_ref import StageRef
from fairway.launch.views.event_text import event_in_words
from fairway.launch.views.reason_text import limits_in_words, shut_in_words
from fairway.risk.caps import Lifting
from fairway.texts.durations import as_setting
from fairway.world.clock import SECOND, text_of


@dataclass(frozen=True, slots=True)
class Occasion:
    """What messages are about. whens: the words of a plan's `at` that it matches; stages: whose own messages are due, too.

    subject, since: what lasts longer than one tick, so that it is announced once.
    """

    about: str
    says: str
    whens: frozenset[When]
    stages: frozenset[StageRef]
    subject: MessageSubject | None = None
    since: int = 0
    is_kill_shown: bool = False
    """Whether it is that traders show a kill, which may have been reported when it was ordered."""


def due(
    plan: CompiledPlan, was: Launch, launch: Launch, events: Sequence[Struct], observation: Observation
) -> Iterator[MessageDue]:
    """was, launch: before this tick and after it; events: what it decided. Each is to be applied before the next is asked for."""
    if not plan.messages:
        return
    for occasion in _occasions(plan, was, launch, events):
        sent: set[tuple[str, str, str]] = set()
        for wanted in plan.messages:
            if _same_text(wanted) not in sent and _is_due(plan, wanted, occasion, launch):
                sent.add(_same_text(wanted))
                yield _message(plan, launch, wanted, occasion, observation)
    for wanted in plan.messages:
        for notice in _of_maintenance(plan, launch, wanted, observation.now):
            yield _message(plan, launch, wanted, notice, observation)
        turn = _turn(plan, launch, wanted, observation.now)
        if turn is not None:
            yield _message(plan, launch, wanted, turn, observation)


def _same_text(wanted: CompiledMessage) -> tuple[str, str, str]:
    """Recipient, channel and text: two stages with the same message to the same people send it once."""
    return wanted.to, wanted.by, wanted.text


def _is_due(plan: CompiledPlan, wanted: CompiledMessage, occasion: Occasion, launch: Launch) -> bool:
    whens = occasion.whens
    if occasion.is_kill_shown and (wanted.place, KILL) in launch.sent_messages:
        whens -= {When.KILL}  # it was reported when it was ordered
    if not whens.intersection(wanted.at) or (wanted.stage is not None and wanted.stage not in occasion.stages):
        return False
    places = (each.place for each in plan.messages if _same_text(each) == _same_text(wanted))
    return occasion.subject is None or all(
        launch.sent_messages.get((place, occasion.subject)) != occasion.since for place in places
    )


def _message(
    plan: CompiledPlan, launch: Launch, wanted: CompiledMessage, occasion: Occasion, observation: Observation
) -> MessageDue:
    parts = (
        wanted.text,
        occasion.says,
        *_stages(plan, launch, observation, occasion),
        _positions(plan, launch, observation.now),
        _next(plan, launch, wanted, observation.now),
    )
    return MessageDue(
        number=launch.messages + 1,
        place=wanted.place,
        to=wanted.to,
        by=wanted.by,
        about=occasion.about,
        text=" ".join(". ".join(part.rstrip(".") for part in parts if part).split()),
        subject=occasion.subject,
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
        stages = frozenset(place for track in plan.tracks for place in _refs(track, launch.track(track.name).stage))
        yield Occasion("kill", event_in_words(ordered), frozenset({When.KILL}), stages, KILL, _ordered_at(launch, ordered))


def _ordered_at(launch: Launch, ordered: KillOrdered) -> int:
    """When that kill was ordered first (ns): it is ordered again until it is seen to be done."""
    return max((launch.pending_kills[each].since for each in ordered.accounts if each in launch.pending_kills), default=0)


def _of_move(plan: CompiledPlan, was: Launch, launch: Launch, move: Move, moves: Sequence[Move]) -> Occasion:
    whens, about = {When.EVERY_MOVE}, f"{type(move).__name__} {move.track}"
    stages = {*_refs(plan.track(move.track), _stage_before(was, move, moves))}
    match move:
        case StageEntered(stage=stage):
            stages = {*_refs(plan.track(move.track), stage)}
            [entered] = stages
            about = f"entered {entered}"
            whens |= {When.ENTERED, *([When.START] if _is_start(plan, was, move, moves) else [])}
        case TrackDemoted(stage=stage):
            [place] = _refs(plan.track(move.track), stage)
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
        place for track in plan.tracks if hold.covers(track.name) for place in _refs(track, launch.track(track.name).stage)
    )
    return Occasion(
        f"held: {hold.id}", _held(hold), frozenset(whens), stages, hold_subject(hold.id), hold.since, hold.kind.is_kill
    )


def _held(hold: Hold) -> str:
    does = "nothing is opened, and nothing promoted" if hold.contains else "nothing is promoted"
    until = "a person lets it go on" if hold.lifting is Lifting.PERSON else "its reason is gone"
    return f"held since {text_of(hold.since)[:19]}: {hold.reason}; {does} until {until}"


def _refs(track: CompiledTrack, stage: int) -> list[StageRef]:
    """The stage at a place; none before the first."""
    return [StageRef(track.name, track.stages[stage].name)] if stage >= 0 else []


# -- the clock -----------------------------------------------------------------------------------------------------------


def _turn(plan: CompiledPlan, launch: Launch, wanted: CompiledMessage, now: int) -> Occasion | None:
    """The newest turn of a message that comes at an interval, where it was not sent yet; missed older turns are left out."""
    since = _begins(plan, launch, wanted)
    if not wanted.every_ns or not since or now - since < wanted.every_ns:
        return None
    at = since + (now - since) // wanted.every_ns * wanted.every_ns
    if launch.sent_messages.get((wanted.place, CLOCK), 0) >= at:
        return None
    every = f"every {as_setting(wanted.every_ns)}"
    return Occasion(every, f"the word of {text_of(at)[:16]}, {every}", frozenset(), frozenset(), CLOCK, at)


def _begins(plan: CompiledPlan, launch: Launch, wanted: CompiledMessage) -> int:
    """From when on its clock counts (ns): with the first stage, or with its own; 0 where it does not run."""
    if all(launch.track(each.name).phase is Phase.ABORTED for each in plan.tracks):
        return 0
    if wanted.stage is None:
        return launch.started_at
    track = plan.track(wanted.track)
    progress = launch.track(track.name)
    is_there = [wanted.stage] == _refs(track, progress.stage) and progress.phase is not Phase.ABORTED
    return progress.entered_at if is_there else 0


def _of_maintenance(plan: CompiledPlan, launch: Launch, wanted: CompiledMessage, now: int) -> Iterator[Occasion]:
    """What is due of planned maintenance, while its clock counts."""
    if When.MAINTENANCE not in wanted.at or not _begins(plan, launch, wanted):
        return
    sent = [subject for place, subject in launch.sent_messages if place == wanted.place]
    due = [*notices(launch.maintenance, sent, wanted.ahead_ns, now), *called_off(launch.maintenance, sent)]
    for about, says, subject, since in due:
        if launch.sent_messages.get((wanted.place, subject)) != since:
            yield Occasion(about, says, frozenset({When.MAINTENANCE}), frozenset(), subject, since)


# -- facts ---------------------------------------------------------------------------------------------------------------


def _stages(plan: CompiledPlan, launch: Launch, observation: Observation, occasion: Occasion) -> Iterator[str]:
    """Where each track is, what it allows, and every hold that the message does not tell of already."""
    for track in plan.tracks:
        progress = launch.track(track.name)
        if progress.stage >= 0:
            allows = f", and allows: {limits_in_words(allowed_limits(track, launch))}" if track.leads else ""
            yield f"{track.name} is in stage {track.stages[progress.stage].name} ({progress.phase.value}){allows}"
            yield from ([f"But {closed}"] if (closed := shut_in_words(blocking_caps(plan, track, launch, observation))) else [])
        for hold in on(track.name, launch.holds.values()):
            yield "" if hold_subject(hold.id) == occasion.subject else f"{track.name} is {_held(hold)}"


def _positions(plan: CompiledPlan, launch: Launch, now: int) -> str:
    """Whether what is held is protected, by the venue's own word."""
    unknown, bad, ats = list[str](), list[str](), list[int]()
    for each in launch.accounts:
        check = launch.venue_checks.get(each.account)
        if check is None or now - check.asked_at > plan.venue_check_lasts_ns:
            unknown.append(each.account)
        elif check.naked or check.trouble:
            bad.append(f"{each.account}: {check.trouble or 'no stop covers ' + ', '.join(check.naked)}")
        else:
            ats.append(check.asked_at)
    if bad:
        return f"positions: NOT ALL PROTECTED, {'; '.join(bad)}"
    if unknown or not ats:
        return f"positions: how {', '.join(unknown) or 'any account'} stands at the venue is not known"
    return f"positions: what is held has its stops at the venue, seen {text_of(min(ats))[:19]}"


def _next(plan: CompiledPlan, launch: Launch, wanted: CompiledMessage, now: int) -> str:
    """When the same people get the next message at the latest."""
    turns = [
        begins + ((now - begins) // each.every_ns + 1) * each.every_ns
        for each in plan.messages
        if each.to == wanted.to and each.every_ns and (begins := _begins(plan, launch, each))
    ]
    if turns:
        in_s = -(-min(turns) // SECOND)  # upwards, so that it is not in the past
        return f"the next word comes by {text_of(in_s * SECOND)[:19]}"
    return f"the next word comes at: {', '.join(wanted.at)}" if wanted.at else ""
