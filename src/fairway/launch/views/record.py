"""The record: a launch's GO or NO-GO with all that is at stake, every claim, what it rests on, and the digest of that.

The sentences are in `texts/messages/record_messages.py`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Final

import msgspec

from fairway.launch.control.approvals import Approval
from fairway.launch.control.command_handler import stage_after
from fairway.launch.control.holds import on
from fairway.launch.control.launch_events import MessageDue, Waiver
from fairway.launch.control.lifecycle import Phase
from fairway.launch.control.reviews import Kept, kept, overdue
from fairway.launch.control.state import Launch
from fairway.launch.control.timeline import unmet_items
from fairway.launch.control.track_progress import TrackProgress
from fairway.launch.control.transitions import missing_approvals, missing_record, next_gates
from fairway.launch.evidence.checklist_asked import items_named
from fairway.launch.evidence.model import Evidence
from fairway.launch.evidence.other_traders import drills, passed
from fairway.launch.gates.port import Claim as Item
from fairway.launch.gates.statistics.proportion_test import Strength
from fairway.launch.gates.verdict import Result, Verdict
from fairway.launch.plan.compiled_plan import CompiledGate, CompiledTrack, OnFail
from fairway.launch.views.claim_standing import deciding_evidence
from fairway.launch.views.event_text import event_in_words
from fairway.launch.views.reason_text import reason_in_words
from fairway.launch.views.stakes import (
    UNKNOWN,
    TraderStakes,
    accounts_in_words,
    at_risk_next,
    at_risk_now,
    mode_in_words,
    results_in_words,
)
from fairway.launch.views.status_text import LaunchStatus, budgets, stay_of
from fairway.launch.views.targets import targets
from fairway.risk.guards.sentences import with_sentences
from fairway.texts.durations import as_setting, duration_words
from fairway.texts.messages.catalogue import line
from fairway.texts.messages.message import InstantValue, KeyedMessage, Precision, message
from fairway.texts.messages.record_messages import RecordMessage
from fairway.world.clock import text_of

STANDS: Final = {
    "EVIDENCE_HOLDS": RecordMessage.HOLDS,
    "EVIDENCE_AGAINST": RecordMessage.DOES_NOT_HOLD,
    "EVIDENCE_EXPIRED": RecordMessage.EXPIRED,
    "EVIDENCE_OF_ANOTHER_RELEASE": RecordMessage.OF_ANOTHER_RELEASE,
    "EVIDENCE_MISSING": RecordMessage.NO_EVIDENCE,
    "CLAIM_WAIVED": RecordMessage.WAIVED,
}
"""How an item of the checklist stands, by what is judged of it."""
GO, READY, NO_GO = "GO", "READY, WAITING FOR APPROVAL", "NO-GO"
"""What a record says: the next stage may be entered; people alone are missing; something else is."""


_Judged = tuple[CompiledGate, Verdict]


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One line of the record: what is claimed, whether it holds, on what that rests, and its digest.

    asked: of an item of the checklist, by whom it is asked for now; "" where only a later stage asks for it.
    """

    name: str
    says: str
    result: str
    rests_on: str
    digest: str
    decides: bool = True
    asked: str = ""


@dataclass(frozen=True, slots=True)
class RecordSection:
    """One track. is_go: whether its next stage may be entered now; missing: what keeps it from that; waits_for: people.

    claims: gates that prove something, or ask what is exact. not_disproven: gates that pass while nothing speaks against them.
    at_risk_now, at_risk_next: what may be lost in the present stage and in the next, with the limits.
    """

    track: str
    where: str
    next: str
    is_go: bool
    missing: Sequence[str]
    waits_for: Sequence[str]
    at_risk_now: str
    at_risk_next: str
    claims: Sequence[ClaimRow]
    not_disproven: Sequence[ClaimRow]
    checklist: Sequence[ClaimRow]
    approvals: Sequence[str]
    holds: Sequence[str]

    @property
    def is_ready(self) -> bool:
        """Whether nothing but people is missing."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class LaunchRecord:
    """history: (instant as text, what happened), oldest first. journals: name and digest of what all of it rests on.

    passed, drills: what counts for another trader that flies the same plan with the same release.
    verdict: GO, READY or NO_GO. mode: whether real money is traded. results: won and lost so far.
    """

    verdict: str
    plan: str
    digest: str
    release: str
    author: str
    made_at: str
    mode: str
    venue: str
    accounts: str
    results: Sequence[str]
    sections: Sequence[RecordSection]
    history: Sequence[tuple[str, str]]
    waivers: Sequence[str]
    budgets: Sequence[str]
    reviews: Sequence[str]
    messages: Sequence[tuple[str, str]]
    targets: Sequence[str]
    journals: Sequence[tuple[str, str]]
    passed: Sequence[Evidence]
    drills: Sequence[Evidence] = ()

    @property
    def is_go(self) -> bool:
        return self.verdict == GO

    @property
    def is_ready(self) -> bool:
        """Whether nothing but people is missing."""
        return self.verdict != NO_GO


def record_of(
    status: LaunchStatus, history: Sequence[tuple[int, Any]], journals: Sequence[tuple[str, str]], trader: TraderStakes = UNKNOWN
) -> LaunchRecord:
    """history: (instant in ns, event) of the launch's journal, oldest first. trader: whose launch it is."""
    launch = status.launch
    sections = [_section(status, track) for track in status.plan.tracks]
    return LaunchRecord(
        verdict=_verdict(sections),
        mode=mode_in_words(trader),
        venue=trader.venue or line(message(RecordMessage.VENUE_UNKNOWN)),
        accounts=accounts_in_words(launch),
        results=results_in_words(status),
        plan=status.plan.name,
        digest=status.plan.digest,
        release=launch.release,
        author=status.plan.author,
        made_at=text_of(status.observation.now)[:19],
        sections=sections,
        history=[(at, words) for at, words in _in_words(history, MessageDue, is_of=False) if words],
        targets=list(targets(status.plan, launch, status.observation.series, status.observation.now)),
        messages=list(_in_words(history, MessageDue, is_of=True)),
        waivers=[_waiver(each) for each in launch.waivers],
        budgets=list(budgets(status)),
        reviews=[_reviews(each) for each in kept(status.plan, history, status.observation.now)],
        journals=journals,
        passed=list(passed(status, history)),
        drills=list(drills(status)),
    )


def _verdict(sections: Sequence[RecordSection]) -> str:
    """Of all tracks the worst: one that waits for people is no GO, and no NO-GO either."""
    if all(each.is_go for each in sections):
        return GO
    return READY if all(each.is_ready for each in sections) else NO_GO


def _in_words(history: Sequence[tuple[int, Any]], kind: type, *, is_of: bool) -> Iterator[tuple[str, str]]:
    """All events of a kind, or all others."""
    return ((text_of(at)[:19], event_in_words(event)) for at, event in history if isinstance(event, kind) is is_of)


def _waiver(waiver: Waiver) -> str:
    return line(
        message(
            RecordMessage.WAIVER,
            claim=waiver.claim,
            until=_minute(waiver.ends_at),
            asked_by=waiver.asked_by,
            granted_by=waiver.granted_by,
            reason=waiver.reason,
        )
    )


def _minute(at: int) -> InstantValue:
    return InstantValue(at, Precision.MINUTE)


def _reviews(stay: Kept) -> str:
    """In each span of time as long as the cadence one review is due."""
    every = as_setting(stay.every_ns)
    if not stay.due:
        return line(message(RecordMessage.NO_REVIEW_DUE, track=stay.track, stage=stay.stage, every=every))
    return line(
        message(RecordMessage.REVIEWS_HELD, track=stay.track, stage=stay.stage, every=every, held=stay.held, due=stay.due)
    )


def _section(status: LaunchStatus, track: CompiledTrack) -> RecordSection:
    launch = status.launch
    stage = stage_after(track, launch.track(track.name))
    pairs = list(zip(next_gates(status.plan, track, launch), status.verdicts.get(track.name, ()), strict=False))
    holds = list(_holds(launch, track))
    missing, waits = list(_missing(status, track, pairs, holds)), list(_waits_for(status, track, pairs))
    return RecordSection(
        track=track.name,
        where=line(_where(track, launch.track(track.name))),
        next=stage.name if stage is not None else "",
        is_go=not missing and not waits,
        missing=missing,
        waits_for=waits,
        at_risk_now=at_risk_now(status, track),
        at_risk_next=at_risk_next(status, track, stage),
        claims=[_claim(each, said) for each, said in pairs if not _is_weak(each)],
        not_disproven=[_claim(each, said) for each, said in pairs if _is_weak(each)],
        checklist=[_item(status, each, [gate for gate, _ in pairs]) for each in status.plan.checklist],
        approvals=[_approval(each) for each in launch.approvals if each.stage.track == track.name],
        holds=holds,
    )


def _where(track: CompiledTrack, progress: TrackProgress) -> KeyedMessage:
    if progress.stage < 0:
        return message(RecordMessage.BEFORE_STAGES, phase=progress.phase.value)
    return message(RecordMessage.IN_STAGE, stage=track.stages[progress.stage].name, phase=progress.phase.value)


def _holds(launch: Launch, track: CompiledTrack) -> Iterator[str]:
    for hold in on(track.name, launch.holds.values()):
        yield line(message(RecordMessage.HOLD, reason=with_sentences(hold.reason), since=_minute(hold.since)))


def _missing(status: LaunchStatus, track: CompiledTrack, pairs: Sequence[_Judged], holds: Sequence[str]) -> Iterator[str]:
    """All that keeps a track from its next stage, and is not a person's to give."""
    plan, launch, now = status.plan, status.launch, status.observation.now
    progress, stage = launch.track(track.name), stage_after(track, launch.track(track.name))
    yield from (_gate(each, said) for each, said in pairs if _blocks(each, said) and not _is_people(each, said))
    if progress.stage < 0 <= progress.highest:
        yield line(message(RecordMessage.ARMED_AGAIN, why=progress.why))
    yield from (each for each in (missing_record(plan, track, launch, now),) if each)
    yield from (line(message(RecordMessage.HELD, hold=each)) for each in holds)
    if progress.stopped:
        yield line(message(RecordMessage.CLOCK_STANDS, why=progress.stopped))
    left_ns = stay_of(track, progress) - progress.served_ns(now)
    if left_ns > 0:
        yield line(message(RecordMessage.TIME_LEFT, duration=duration_words(left_ns)))
    if stage is not None:
        yield from unmet_items(plan, track, stage, launch, status.observation)
    yield from (each for each in (overdue(track, launch, now),) if each)
    if progress.phase is Phase.ABORTED:
        yield line(message(RecordMessage.GIVEN_UP))


def _waits_for(status: LaunchStatus, track: CompiledTrack, pairs: Sequence[_Judged]) -> Iterator[str]:
    """What people have to say before the next stage is entered."""
    yield from (_gate(each, said) for each, said in pairs if _blocks(each, said) and _is_people(each, said))
    for role in missing_approvals(status.plan, track, status.launch, status.observation.now):
        yield line(message(RecordMessage.APPROVAL_MISSING, role=role))


def _gate(gate: CompiledGate, said: Verdict) -> str:
    return line(message(RecordMessage.GATE, gate=gate.name, why=reason_in_words(said.reason)))


def _approval(given: Approval) -> str:
    return line(
        message(
            RecordMessage.APPROVED,
            person=given.person,
            role=given.role,
            stage=str(given.stage),
            at=_minute(given.at),
            comment=given.comment,
        )
    )


def _blocks(gate: CompiledGate, said: Verdict) -> bool:
    return said.result is not Result.PASS and gate.on_fail is not OnFail.TELL


def _is_people(gate: CompiledGate, said: Verdict) -> bool:
    """Whether a gate waits for nothing but people's word."""
    return bool(gate.gate.approvals(gate.settings)) and said.result is Result.INSUFFICIENT


def _is_weak(gate: CompiledGate) -> bool:
    """Whether it passes while nothing speaks against it, without a proof."""
    return getattr(gate.settings, "strength", None) is Strength.NOT_DISPROVEN


def _claim(gate: CompiledGate, said: Verdict) -> ClaimRow:
    window = message(RecordMessage.WINDOW, since=_minute(said.since), until=_minute(said.until)) if said.since else None
    return ClaimRow(
        name=gate.name,
        says=gate.gate.question,
        result=said.result.value,
        rests_on=line(message(RecordMessage.REASON_IN_WINDOW, reason=reason_in_words(said.reason), window=window)),
        digest=said.digest,
        decides=gate.on_fail is not OnFail.TELL,
    )


def _item(status: LaunchStatus, item: Item, gates: Sequence[CompiledGate]) -> ClaimRow:
    """As a gate would judge it now, with the word that decides; where none is strong enough, the newest.

    gates: those between its track and the next stage.
    """
    names = [each.name for each in status.plan.checklist]
    asking = [each.name for each in gates if item.name in items_named(each.settings, names)]
    return replace(_item_now(status, item), asked=", ".join(asking))


def _item_now(status: LaunchStatus, item: Item) -> ClaimRow:
    found, code = deciding_evidence(status, item)
    result = standing_in_words(code, item)
    if found is None:
        return ClaimRow(item.name, "", result, "", "")
    digest = found.digest or sha256(msgspec.json.encode(found, order="deterministic")).hexdigest()
    return ClaimRow(item.name, "", result, evidence_in_words(found), digest)


def standing_in_words(code: str, item: Item) -> str:
    """How a claim stands, by the code of what is judged of it."""
    is_weak = code == "EVIDENCE_WEAK"
    return line(message(RecordMessage.TOO_WEAK, rank=item.rank) if is_weak else KeyedMessage(STANDS[code], {}))


def evidence_in_words(found: Evidence) -> str:
    """Its class, who brought it, from when until when it counts, and what it says."""
    return line(
        message(
            RecordMessage.EVIDENCE,
            rank=found.rank,
            by=found.producer,
            at=_minute(found.made_at),
            until=_minute(found.ends_at),
            why=found.why,
            again=found.again,
        )
    )
