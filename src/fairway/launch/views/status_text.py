"""Says where a launch is, what is missing for its next stage, and when that can be there at the present rate.

The sentences are in `texts/messages/status_messages.py`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fairway.journal.command_reader import ReadCommand
from fairway.launch.control.command_handler import binds_of, stage_after
from fairway.launch.control.guard_requirements import MENDS, whys
from fairway.launch.control.hold_kinds import UNGUARDED
from fairway.launch.control.holds import on
from fairway.launch.control.leases import MENDS_LEASE, admitted, allowed_limits, blocking_caps
from fairway.launch.control.lifecycle import Phase
from fairway.launch.control.objectives import standings
from fairway.launch.control.pending_commands import pending_in_words
from fairway.launch.control.reviews import due_at, overdue, reviewed_stage
from fairway.launch.control.state import Launch
from fairway.launch.control.timeline import coming, unmet_items
from fairway.launch.control.track_progress import TrackProgress
from fairway.launch.control.transitions import missing_approvals, missing_record, next_gates
from fairway.launch.gates.verdict import Result, Verdict
from fairway.launch.observation.life_signs import life_signs
from fairway.launch.observation.observation import Observation
from fairway.launch.observation.planned_maintenance import spell_text
from fairway.launch.observation.sources import matter, sources
from fairway.launch.plan.compiled_plan import CompiledPlan, CompiledStage, CompiledTrack, OnFail
from fairway.launch.plan.stage_ref import StageRef
from fairway.launch.views.forecast import outlook
from fairway.launch.views.reason_text import NAMED_MOST, ends_when, limits_in_words, reason_in_words, shut_in_words
from fairway.launch.views.rollback_view import in_words, rollback_parts
from fairway.launch.views.targets import targets
from fairway.risk.caps import Cap, Lifting
from fairway.risk.guards.sentences import cap_reason, with_sentences
from fairway.texts.durations import as_setting, duration_words
from fairway.texts.messages.catalogue import line
from fairway.texts.messages.message import InstantValue, KeyedMessage, Precision, message
from fairway.texts.messages.status_messages import StatusMessage
from fairway.texts.numbers import counted


@dataclass(frozen=True, slots=True)
class LaunchStatus:
    """All that is shown of a launch. verdicts: by track, of the gates between it and its next stage, as they are now."""

    plan: CompiledPlan
    launch: Launch
    observation: Observation
    verdicts: Mapping[str, Sequence[Verdict]]
    is_live: bool = False
    waiting: Sequence[ReadCommand] = ()
    """Commands of people that no pilot has read yet, oldest first."""


def status(status: LaunchStatus) -> Iterator[str]:
    """Where every track is, in a few lines each."""
    began = status.launch.began
    plan = status.plan.name
    if began:
        yield line(message(StatusMessage.PLAN_BEGUN, plan=plan, at=InstantValue(status.launch.began_at), by=began.by))
    else:
        yield line(message(StatusMessage.PLAN_NOT_BEGUN, plan=plan))
    yield from life_signs(status.plan, status.launch, status.observation)
    yield from pending_in_words(status.waiting)
    yield from sources(status.launch.external.stands(), status.observation.now)
    yield from coming(status.plan, status.launch, status.observation.now)
    yield from _maintenance(status)
    yield from _messages(status)
    for track in status.plan.tracks:
        yield _where(status, track)
        yield from _armed_again(status, track)
        yield _indented(message(StatusMessage.GATES, results=_count(status.verdicts.get(track.name, ()))))
        for hold in on(track.name, status.launch.holds.values()):
            yield _indented(message(StatusMessage.HELD, reason=with_sentences(hold.reason), ends_when=ends_when(hold)))
        yield from _review(status, track)
        limits = _allowed(status, track) if track.leads else message(StatusMessage.NO_LIMITS)
        yield _indented(message(StatusMessage.LIMITS, limits=limits))
        if track.leads:
            yield from _of_guards(status)
        yield _indented(message(StatusMessage.NEXT, stage=next_stage(status, track)))
    for target in targets(status.plan, status.launch, status.observation.series, status.observation.now):
        yield line(message(StatusMessage.TARGET, target=target))


def _indented(said: KeyedMessage) -> str:
    return f"  {line(said)}"


def explain(status: LaunchStatus) -> Iterator[str]:
    """Where every track is, what is missing for the next stage and when it can be there, what limits it and who can lift that."""
    yield from life_signs(status.plan, status.launch, status.observation)
    yield from pending_in_words(status.waiting)
    for track in status.plan.tracks:
        yield _where(status, track)
        if status.launch.track(track.name).phase is Phase.ABORTED:
            yield _indented(message(StatusMessage.GIVEN_UP))
            continue
        yield from _armed_again(status, track)
        yield from _clock(status, track)
        yield from _review(status, track)
        yield from _gates(status, track)
        yield from _people(status, track)
        yield from _limits(status, track)
    yield from sources(status.launch.external.stands(), status.observation.now)
    yield from (line(message(StatusMessage.BUDGET, budget=budget)) for budget in budgets(status))
    yield from in_words(rollback_parts(status.plan, status.launch, status.observation))


def budgets(status: LaunchStatus) -> Iterator[str]:
    """How much of each objective's budget is spent."""
    for each in standings(status.plan.objectives, status.observation.series, status.observation.now, led_capital(status)):
        if each.unknown:
            yield line(message(StatusMessage.BUDGET_UNKNOWN, objective=each.name, why=each.unknown))
        else:
            yield line(
                message(
                    StatusMessage.BUDGET_SPENT,
                    objective=each.name,
                    percent=f"{min(each.spent, 99.99) * 100:.0f}",
                    observations=counted(each.n, "observation"),
                    too_fast=tuple(str(burn.spent) for burn in each.burning),
                )
            )


def led_capital(status: LaunchStatus) -> float | None:
    """What may be lost a share of."""
    for track in status.plan.tracks:
        progress = status.launch.track(track.name)
        capital = track.stages[progress.stage].capital if track.leads and progress.stage >= 0 else None
        if capital is not None:
            return float(capital.value)
    return None


def _maintenance(status: LaunchStatus) -> Iterator[str]:
    """What lasts or comes next of what is planned."""
    spells = [each for each in status.launch.maintenance if each[1] > status.observation.now]
    if spells:
        yield line(message(StatusMessage.MAINTENANCE, spell=spell_text(spells[0]), more=len(spells) - 1))


def _messages(status: LaunchStatus) -> Iterator[str]:
    """How many wait to be sent to people, and the last."""
    said = status.launch.last_message
    if said is not None:
        at = InstantValue(status.launch.last_message_at, Precision.MINUTE)
        yield line(message(StatusMessage.MESSAGES, count=said.number, at=at, to=said.to, about=said.about))


def _where(status: LaunchStatus, track: CompiledTrack) -> str:
    progress, now = status.launch.track(track.name), status.observation.now
    phase = progress.phase.value
    if progress.stage < 0:
        first = track.stages[0].name
        return line(
            message(StatusMessage.BEFORE_FIRST_STAGE, track=track.name, phase=phase, stage=first, after=str(track.after or ""))
        )
    return line(
        message(
            StatusMessage.IN_STAGE,
            track=track.name,
            stage=track.stages[progress.stage].name,
            number=progress.stage + 1,
            count=len(track.stages),
            phase=phase,
            duration=duration_words(now - progress.since),
            why=progress.why,
            by=progress.by,
        )
    )


def _armed_again(status: LaunchStatus, track: CompiledTrack) -> Iterator[str]:
    """That the release has changed, and what a person does now, with the commands."""
    progress, stage = status.launch.track(track.name), track.stages[0]
    if progress.stage >= 0 or progress.highest < 0:
        return
    roles = stage.approvals if stage.is_flown else ()
    commands = tuple(f"fairway launch approve CONFIG {stage.name} --role {role} --reason REASON" for role in roles)
    yield _indented(message(StatusMessage.ARMED_AGAIN, why=progress.why, stage=stage.name, commands=commands))


def _clock(status: LaunchStatus, track: CompiledTrack) -> Iterator[str]:
    progress = status.launch.track(track.name)
    if progress.stage < 0:
        return
    stage, served = track.stages[progress.stage], progress.served_ns(status.observation.now)
    if progress.phase in (Phase.ENTERING, Phase.DEMOTING):
        yield _indented(message(StatusMessage.CLOCK_NOT_BEGUN))
    elif not stage.is_flown:
        lacking = missing_record(status.plan, track, status.launch, status.observation.now)
        yield _indented(message(StatusMessage.SHOWN_ELSEWHERE, lacking=lacking))
    else:
        left = duration_words(stage.stay_min_ns - served) if served < stage.stay_min_ns else ""
        yield _indented(
            message(
                StatusMessage.CLOCK,
                served=duration_words(served),
                least=duration_words(stage.stay_min_ns),
                left=left,
                stands=bool(progress.paused_at),
                is_held=bool(on(track.name, status.launch.holds.values())),
                why=progress.stopped,
            )
        )


def _review(status: LaunchStatus, track: CompiledTrack) -> Iterator[str]:
    """How often a person looks, and when one did."""
    progress, now = status.launch.track(track.name), status.observation.now
    stage = reviewed_stage(track, progress)
    if stage is None:
        return
    at = due_at(track, progress)
    yield _indented(
        message(
            StatusMessage.REVIEW,
            every=as_setting(stage.review_ns),
            by=progress.reviewed_by if progress.reviewed_at else "",
            ago=duration_words(now - progress.reviewed_at),
            late_since=InstantValue(at if now > at else 0, Precision.MINUTE),
        )
    )


def _gates(status: LaunchStatus, track: CompiledTrack) -> Iterator[str]:
    verdicts = status.verdicts.get(track.name, ())
    for each, said in zip(next_gates(status.plan, track, status.launch), verdicts, strict=False):
        mark = "tells " if each.on_fail is OnFail.TELL else "passes" if said.result is Result.PASS else "BLOCKS"
        more = outlook(each, said, status.observation) + matter(status.launch.external, each, said)
        result, why = said.result.value, reason_in_words(said.reason)
        yield _indented(message(StatusMessage.GATE, mark=mark, gate=each.name, result=result, why=why, more=more))


def _people(status: LaunchStatus, track: CompiledTrack) -> Iterator[str]:
    stage = stage_after(track, status.launch.track(track.name))
    if stage is None:
        yield _indented(message(StatusMessage.LAST_STAGE))
        return
    needed = tuple(missing_approvals(status.plan, track, status.launch, status.observation.now))
    yield from _void(status, track, stage)
    if needed and stage.approvals and status.plan.who:
        named = [f"{role}: {', '.join(status.plan.who.get(role, ())) or 'no person'}" for role in stage.approvals]
        yield _indented(message(StatusMessage.APPROVERS, approvers="; ".join(named)))
    for each in unmet_items(status.plan, track, stage, status.launch, status.observation):
        yield _indented(message(StatusMessage.WAITS, why=reason_in_words(each)))
    yield _indented(message(StatusMessage.NEXT_STAGE, stage=stage.name, missing=needed))
    if status.launch.track(track.name).phase is Phase.READY and not status.is_live:
        yield _indented(message(StatusMessage.COUNTS_ELSEWHERE))


def _void(status: LaunchStatus, track: CompiledTrack, stage: CompiledStage) -> Iterator[str]:
    """Approvals that were given for the next stage, and count no more."""
    binds, now = binds_of(status.plan, status.launch, stage), status.observation.now
    for each in status.launch.approvals:
        if each.stage != StageRef(track.name, stage.name):
            continue
        at = InstantValue(each.at, Precision.MINUTE)
        if each.ends_at <= now:
            yield _indented(message(StatusMessage.APPROVAL_EXPIRED, person=each.person, at=at))
        elif each.binds != binds:
            yield _indented(message(StatusMessage.APPROVAL_VOID, person=each.person, at=at))


def _limits(status: LaunchStatus, track: CompiledTrack) -> Iterator[str]:
    """The tightest of all that is in force, each with its reason and who lifts it."""
    if not track.leads:
        return
    progress = status.launch.track(track.name)
    name = track.stages[progress.stage].name if progress.stage >= 0 else ""
    yield _indented(message(StatusMessage.STAGE_ALLOWS, stage=name, limits=limits_in_words(allowed_limits(track, status.launch))))
    for hold in on(track.name, status.launch.holds.values()):
        since = InstantValue(hold.since, Precision.SECOND)
        yield _indented(
            message(StatusMessage.HELD_SINCE, since=since, reason=with_sentences(hold.reason), ends_when=ends_when(hold))
        )
    names = admitted(status.plan, track, status.launch, status.observation)
    for account, cap in blocking_caps(status.plan, track, status.launch, status.observation):
        yield _indented(
            message(StatusMessage.ACCOUNT_OPENS_NOTHING, account=account, symbol=cap.symbol, why=cap_reason(cap), ends=_ends(cap))
        )
    lacking = whys(status.launch.accounts, status.plan.guards, status.observation)
    waiting = len(status.launch.accounts) - len(names) - len(lacking)
    if waiting > 0 and progress.stage >= 0:
        yield _indented(message(StatusMessage.ACCOUNTS_WAIT, waiting=waiting, count=len(status.launch.accounts)))
    yield from _of_guards(status)


def _ends(cap: Cap) -> KeyedMessage:
    if cap.lifting is Lifting.ITSELF:
        return message(StatusMessage.ENDS_BY_ITSELF, when=cap.kind.clears)
    return message(StatusMessage.LIFTED_BY, by=cap.lifting.value)


def _allowed(status: LaunchStatus, track: CompiledTrack) -> KeyedMessage:
    """What the stage allows, and that a trader opens nothing even so."""
    closed = shut_in_words(blocking_caps(status.plan, track, status.launch, status.observation))
    return message(StatusMessage.ALLOWED_BUT, limits=limits_in_words(allowed_limits(track, status.launch)), closed=closed)


def _of_guards(status: LaunchStatus) -> Iterator[str]:
    """Which accounts get no lease for their guards, where others have it; where all lack them a hold says so.

    And which open positions without anybody's.
    """
    for name in sorted(status.observation.unleased & {each.account for each in status.launch.accounts}):
        yield _indented(message(StatusMessage.UNLEASED, account=name, command=MENDS_LEASE))
    by_reason: dict[str, list[str]] = {}
    for account, why in whys(status.launch.accounts, status.plan.guards, status.observation).items():
        by_reason.setdefault(why, []).append(account)
    if UNGUARDED.id_of() in status.launch.holds:
        return
    for why, names in by_reason.items():
        more = max(0, len(names) - NAMED_MOST)
        named = tuple(names[:NAMED_MOST])
        yield _indented(message(StatusMessage.NO_LEASE, accounts=named, more=more, why=reason_in_words(why), command=MENDS))


def next_stage(status: LaunchStatus, track: CompiledTrack) -> str:
    """The next stage of a track, and what it still needs to be entered."""
    progress: TrackProgress = status.launch.track(track.name)
    stage: CompiledStage | None = stage_after(track, progress)
    if progress.phase is Phase.ABORTED:
        return line(message(StatusMessage.NOTHING_FOLLOWS_ABORT))
    if stage is None:
        return line(message(StatusMessage.NOTHING_FOLLOWS_LAST))
    needs = [*_open_gates(status, track), *needs_beside_gates(status, track, stage)]
    if not needs:
        return line(message(StatusMessage.AT_NEXT_TICK, stage=stage.name))
    return line(message(StatusMessage.NEEDS, stage=stage.name, needs="; ".join(needs)))


def _open_gates(status: LaunchStatus, track: CompiledTrack) -> Iterator[str]:
    """The names of the gates that do not pass and block, as one text."""
    verdicts = status.verdicts.get(track.name, ())
    names = [
        each.name
        for each, said in zip(next_gates(status.plan, track, status.launch), verdicts, strict=False)
        if said.result is not Result.PASS and each.on_fail is not OnFail.TELL
    ]
    if names:
        yield ", ".join(names)


def needs_beside_gates(status: LaunchStatus, track: CompiledTrack, stage: CompiledStage) -> Iterator[str]:
    """What is missing for a stage beside gates, in words."""
    progress, now = status.launch.track(track.name), status.observation.now
    yield from filter(None, [missing_record(status.plan, track, status.launch, now)])
    served, stay = progress.served_ns(now), stay_of(track, progress)
    if served < stay:
        yield line(message(StatusMessage.NEEDS_TIME, duration=duration_words(stay - served)))
    people = tuple(missing_approvals(status.plan, track, status.launch, now))
    if people:
        yield line(message(StatusMessage.NEEDS_APPROVALS, roles=people))
    yield from map(reason_in_words, unmet_items(status.plan, track, stage, status.launch, status.observation))
    if overdue(track, status.launch, now):
        yield line(message(StatusMessage.NEEDS_REVIEW))
    if progress.stopped:
        yield line(message(StatusMessage.NEEDS_CLOCK, why=progress.stopped))
    if on(track.name, status.launch.holds.values()):
        yield line(message(StatusMessage.NEEDS_RELEASE))


def stay_of(track: CompiledTrack, progress: TrackProgress) -> int:
    """How long its stage is lived in at least (ns); where another trader flies it, that one's clock counts."""
    if progress.stage < 0 or not track.stages[progress.stage].is_flown:
        return 0
    return track.stages[progress.stage].stay_min_ns


def _count(verdicts: Sequence[Verdict]) -> KeyedMessage:
    if not verdicts:
        return message(StatusMessage.GATES_NONE)
    passing = sum(each.result is Result.PASS for each in verdicts)
    others = tuple(f"{each.gate} {each.result.value}" for each in verdicts if each.result is not Result.PASS)
    return message(StatusMessage.GATES_PASSING, passing=passing, count=len(verdicts), others=others)
