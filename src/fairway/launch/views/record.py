"""The record: a launch's GO or NO-GO with all that is at stake, every claim, what it rests on, and the digest of that."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Final

import msgspec

from fairway.launch.control.command_handler import stage_after
from fairway.launch.control.holds import on
from fairway.launch.control.launch_events import MessageDue
from fairway.launch.control.lifecycle import Phase
from fairway.launch.control.reviews import Kept, kept, overdue
from fairway.launch.control.timeline import unmet_items
from fairway.launch.control.transitions import missing_approvals, missing_record, next_gates
from fairway.launch.evidence.checklist_asked import items_named
from fairway.launch.evidence.claims import facts_of_claims
from fairway.launch.evidence.model import Evidence, newest
from fairway.launch.evidence.other_traders import drills, passed
from fairway.launch.gates.port import Claim as Item
from fairway.launch.gates.statistics.claim_check import assess_claim
from fairway.launch.gates.statistics.proportion_test import Strength
from fairway.launch.gates.verdict import Result, Verdict
from fairway.launch.plan.compiled_plan import CompiledGate, CompiledTrack, OnFail
from fairway.launch.views.event_text import event_in_words
from fairway.launch.views.reason_text import reason_in_words, span
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
from fairway.texts.quantities import duration_text
from fairway.world.clock import text_of

STANDS: Final = {
    "EVIDENCE_HOLDS": "holds",
    "EVIDENCE_AGAINST": "DOES NOT HOLD",
    "EVIDENCE_EXPIRED": "EXPIRED",
    "EVIDENCE_OF_ANOTHER_RELEASE": "OF ANOTHER RELEASE",
    "EVIDENCE_MISSING": "no evidence",
    "CLAIM_WAIVED": "waived",
}
"""How an item of the checklist stands, by what is judged of it."""
GO, READY, NO_GO = "GO", "READY, WAITING FOR APPROVAL", "NO-GO"
"""What a record says: the next stage may be entered; people alone are missing; something else is."""


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
    """told: (instant as text, what happened), oldest first. journals: name and digest of what all of it rests on.

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
    told: Sequence[tuple[str, str]]
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


def record_of(
    told: LaunchStatus, history: Sequence[tuple[int, Any]], journals: Sequence[tuple[str, str]], trader: TraderStakes = UNKNOWN
) -> LaunchRecord:
    """history: (instant in ns, event) of the launch's journal, oldest first. trader: whose launch it is."""
    launch = told.launch
    sections = [_section(told, track) for track in told.plan.tracks]
    return LaunchRecord(
        verdict=_verdict(sections),
        mode=mode_in_words(trader),
        venue=trader.venue or "unknown",
        accounts=accounts_in_words(launch),
        results=results_in_words(told),
        plan=told.plan.name,
        digest=told.plan.digest,
        release=launch.release,
        author=told.plan.author,
        made_at=text_of(told.observation.now)[:19],
        sections=sections,
        told=[(at, words) for at, words in _in_words(history, MessageDue, is_of=False) if words],
        targets=list(targets(told.plan, launch, told.observation.series, told.observation.now)),
        messages=list(_in_words(history, MessageDue, is_of=True)),
        waivers=[
            f"{each.claim} until {text_of(each.ends_at)[:16]}, asked by {each.asked_by}, granted by {each.granted_by}: "
            f"{each.reason}"
            for each in launch.waivers
        ],
        budgets=list(budgets(told)),
        reviews=[_reviews(each) for each in kept(told.plan, history, told.observation.now)],
        journals=journals,
        passed=list(passed(told, history)),
        drills=list(drills(told)),
    )


def _verdict(sections: Sequence[RecordSection]) -> str:
    """Of all tracks the worst: one that waits for people is no GO, and no NO-GO either."""
    if all(each.is_go for each in sections):
        return GO
    return READY if all(each.is_ready for each in sections) else NO_GO


def _in_words(history: Sequence[tuple[int, Any]], kind: type, *, is_of: bool) -> Iterator[tuple[str, str]]:
    """All events of a kind, or all others."""
    return ((text_of(at)[:19], event_in_words(event)) for at, event in history if isinstance(event, kind) is is_of)


def _reviews(stay: Kept) -> str:
    """Each spell as long as the cadence is due one."""
    due = f"{stay.held} of {stay.due} reviews were held" if stay.due else "none is due yet"
    return f"{stay.track}/{stay.stage}, every {duration_text(stay.every_ns)}: {due}"


def _section(told: LaunchStatus, track: CompiledTrack) -> RecordSection:
    launch, now = told.launch, told.observation.now
    progress, stage = launch.track(track.name), stage_after(track, launch.track(track.name))
    verdicts = told.verdicts.get(track.name, ())
    pairs = list(zip(next_gates(told.plan, track, launch), verdicts, strict=False))
    holds = [f"{each.reason} (since {text_of(each.since)[:16]})" for each in on(track.name, launch.holds.values())]
    missing = [
        f"{each.name}: {reason_in_words(said.reason)}"
        for each, said in pairs
        if _blocks(each, said) and not _is_people(each, said)
    ]
    waits = [
        f"{each.name}: {reason_in_words(said.reason)}" for each, said in pairs if _blocks(each, said) and _is_people(each, said)
    ]
    waits += [f"approval: {each}" for each in missing_approvals(told.plan, track, launch, now)]
    missing += [f"armed again: {progress.why}"] if progress.stage < 0 <= progress.highest else []
    missing += [each for each in (missing_record(told.plan, track, launch, now),) if each]
    missing += [f"held: {each}" for each in holds]
    missing += [f"the stage's clock stands: {progress.stopped}"] if progress.stopped else []
    served, stay = progress.served_ns(now), stay_of(track, progress)
    missing += [f"{span(stay - served)} more in this stage"] if served < stay else []
    missing += unmet_items(told.plan, track, stage, launch, told.observation) if stage is not None else []
    missing += [each for each in (overdue(track, launch, now),) if each]
    missing += ["the launch was given up"] if progress.phase is Phase.ABORTED else []
    given = [each for each in launch.approvals if each.stage.track == track.name]
    return RecordSection(
        track=track.name,
        where=f"{track.stages[progress.stage].name} ({progress.phase.value})" if progress.stage >= 0 else progress.phase.value,
        next=stage.name if stage is not None else "",
        is_go=not missing and not waits,
        missing=missing,
        waits_for=waits,
        at_risk_now=at_risk_now(told, track),
        at_risk_next=at_risk_next(told, track, stage),
        claims=[_claim(each, said) for each, said in pairs if not _is_weak(each)],
        not_disproven=[_claim(each, said) for each, said in pairs if _is_weak(each)],
        checklist=[_item(told, each, [gate for gate, _ in pairs]) for each in told.plan.checklist],
        approvals=[f"{each.person} as {each.role} for {each.stage}, {text_of(each.at)[:16]}: {each.comment}" for each in given],
        holds=holds,
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
    window = f"{text_of(said.since)[:16]} to {text_of(said.until)[:16]}" if said.since else ""
    return ClaimRow(
        name=gate.name,
        says=gate.gate.question,
        result=said.result.value,
        rests_on=f"{reason_in_words(said.reason)}{'; ' if window else ''}{window}",
        digest=said.digest,
        decides=gate.on_fail is not OnFail.TELL,
    )


def _item(told: LaunchStatus, item: Item, gates: Sequence[CompiledGate]) -> ClaimRow:
    """As a gate would judge it now, with the word that decides; where none is strong enough, the newest.

    gates: those between its track and the next stage.
    """
    names = [each.name for each in told.plan.checklist]
    asking = [each.name for each in gates if item.name in items_named(each.settings, names)]
    return replace(_item_now(told, item), asked=", ".join(asking))


def _item_now(told: LaunchStatus, item: Item) -> ClaimRow:
    facts = facts_of_claims(told.launch, told.observation)
    strong = [each for each in facts.evidence if each.rank >= item.rank or not each.holds]
    found, code = newest(strong, item.name) or newest(facts.evidence, item.name), assess_claim(item, facts).code
    result = f"TOO WEAK, it needs {item.rank}" if code == "EVIDENCE_WEAK" else STANDS[code]
    if found is None:
        return ClaimRow(item.name, "", result, "", "")
    ends = f", until {text_of(found.ends_at)[:16]}" if found.ends_at else ""
    rests = f"{found.rank}, by {found.producer}, {text_of(found.made_at)[:16]}{ends}: {found.why}"
    again = f"; again: {found.again}" if found.again else ""
    digest = found.digest or sha256(msgspec.json.encode(found, order="deterministic")).hexdigest()
    return ClaimRow(item.name, "", result, rests + again, digest)
