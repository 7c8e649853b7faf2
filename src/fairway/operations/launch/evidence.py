"""Evidence: brings evidence to a launch, from a file, a person's word, another trader's launch or a copy of the journal."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.drills.record_file import drill_in, evidence_of_drill, why_not_ours
from fairway.operations.launch.evidence_files import attested_evidence, imported_evidence
from fairway.operations.launch.instruct import PilotOutcome, instruct_pilot, launch_subject, preview_for_launch
from fairway.operations.operation import Call, Exposure, Operation, Outcome, Preview, Progress
from fairway.operations.refusal import against_rule, reason_given, wrong_input
from fairway.people.roles import UserAct
from fairway.settings import Settings, load

if TYPE_CHECKING:
    from fairway.launch.evidence.model import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRequest:
    """One of file, word, flown and copy is given. flown: the configuration of another trader. copy: a copy of the journal.

    attest: the actor answers for what the file says. length: how long the evidence counts (ns), 0 for as long as the plan says.
    """

    config: Path
    reason: str
    file: Path | None = None
    word: str = ""
    flown: Path | None = None
    copy: Path | None = None
    claim: str = ""
    attest: bool = False
    length: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceOutcome(Outcome):
    """brought: one outcome for each piece of evidence. is_done: whether the pilot took all of them."""

    brought: tuple[PilotOutcome, ...]


def perform_evidence(call: Call[EvidenceRequest]) -> EvidenceOutcome:
    """Raises Refusal, SettingsError, ImportFailed, NotBegun, JournalErrors."""
    from fairway.launch.control.commands import Submit

    settings = load(call.request.config)
    found = _evidence(settings, call)
    if call.request.copy is not None:
        call.tell(Progress("; ".join(f"{each.claim} {'holds' if each.holds else 'DOES NOT HOLD'}: {each.why}" for each in found)))
    for line in _voided(settings, found):
        call.tell(Progress(line))
    brought: list[PilotOutcome] = []
    for each in found:
        reason = reason_given(call.request.reason, "the report of today")
        outcome = instruct_pilot(settings, Submit(reason=reason, evidence=each), call)
        for line in outcome.lines:
            call.tell(Progress(line))
        brought.append(outcome)
    return EvidenceOutcome(is_done=all(each.is_done for each in brought), brought=tuple(brought))


def _evidence(settings: Settings, call: Call[EvidenceRequest]) -> "list[Evidence]":
    asked = call.request
    if sum(map(bool, (asked.file, asked.word, asked.flown, asked.copy))) != 1:
        raise wrong_input("EVIDENCE_NOT_ONE: count=1", "bring one thing at a time: a file, --word, --flown or --copy")
    if asked.flown is not None:
        return _of_other_launch(settings, asked.flown)
    if asked.copy is not None:
        return [_of_copy(settings, asked.copy, asked.claim)]
    return [_of_file_or_word(settings, asked, call.actor.name)]


def _of_file_or_word(settings: Settings, asked: EvidenceRequest, by: str) -> "Evidence":
    """by: the person whose word it is, or who attests the file."""
    from msgspec.structs import replace

    from fairway.assembly.tower import launch_status
    from fairway.launch.evidence.model import Evidence, Rank
    from fairway.world.clock import SystemClock

    release, now = launch_status(settings).launch.release, SystemClock().now()
    ends_at = now + asked.length if asked.length else 0
    if (asked.word or asked.attest) and not asked.claim:
        raise wrong_input(
            "CLAIM_NOT_NAMED: field=claim", "say what it is evidence for: --claim NAME, as the plan's checklist names it"
        )
    drill = drill_in(asked.file) if asked.file is not None else None
    if drill is not None and not (asked.attest and why_not_ours(settings, drill)):
        found = evidence_of_drill(settings, drill, asked.claim)
        return replace(found, ends_at=ends_at)  # its release is what the trader ran, and no later one
    if asked.file is None:
        found = Evidence(claim=asked.claim, rank=Rank.BARE_WORD, holds=True, why=asked.word, producer=by, made_at=now)
    elif asked.attest:
        found = attested_evidence(asked.file, asked.claim, by)
    else:
        found = imported_evidence(asked.file, asked.claim)
    return replace(found, release=found.release or release, ends_at=found.ends_at or ends_at)


def _of_other_launch(settings: Settings, config: Path) -> "list[Evidence]":
    """What another trader's launch has shown, by its own journal, whose chain is verified. Raises Refusal."""
    from fairway.assembly.tower import launch_status, record_now
    from fairway.launch.evidence.claims import claims_asked

    status, other = launch_status(settings), record_now(load(config, environ={}))
    if other.digest != status.plan.digest:
        plans = f"({other.digest[:12]}, and here {status.plan.digest[:12]})"
        raise against_rule(f"PLAN_DIFFERS: plan={other.digest[:12]}", f"the launch of {config} flies another plan {plans}")
    if other.release != status.launch.release:
        releases = f"{other.release[:12]}, and here {status.launch.release[:12] or 'none yet'}"
        raise against_rule(
            f"RELEASE_DIFFERS: release={other.release[:12]}",
            f"the launch of {config} flew another release ({releases}); pairs, interval, strategy with its code and "
            "settings, and the risk must be equal, and this trader must have been started once",
        )
    if not other.passed and not other.drills:
        raise against_rule(
            f"NOTHING_PASSED: config={config}",
            f"the launch of {config} has passed no stage yet with the release that it flies, or is held",
        )
    shown = (*other.passed, *other.drills)
    asked = {each.name for each in claims_asked(status.plan)}
    found = [each for each in shown if each.claim in asked]
    if not found:
        stages = ", ".join(each.claim for each in shown)
        raise against_rule(
            f"NOTHING_ASKED: config={config}",
            f"the launch of {config} shows {stages}, and this trader waits for no other one to fly that",
        )
    return found


def _of_copy(settings: Settings, copy: Path, claim: str) -> "Evidence":
    from fairway.assembly.copies import evidence_of_copy
    from fairway.assembly.tower import launch_status

    return evidence_of_copy(settings, copy, claim, launch_status(settings).launch.release)


def _voided(settings: Settings, brought: "Sequence[Evidence]") -> list[str]:
    """Which approvals end once the pilot takes it."""
    from fairway.assembly.tower import launch_status
    from fairway.launch.control.command_handler import voided_by
    from fairway.launch.evidence.claims import why_not_taken

    status = launch_status(settings)
    plan, launch, now = status.plan, status.launch, status.observation.now
    taken = [each for each in brought if not why_not_taken(plan, launch, each, now)]
    voided = voided_by(plan, launch, taken, now)
    if not voided:
        return []
    whose = ", ".join(f"{each.person} as {each.role} for {each.stage}" for each in voided)
    approvals = "approval" if len(voided) == 1 else "approvals"
    return [f"this voids {len(voided)} {approvals}, once it is taken: {whose}; they have to be given again"]


def preview_evidence(call: Call[EvidenceRequest]) -> Preview:
    """What the evidence says. Raises Refusal, SettingsError, ImportFailed, NotBegun, JournalErrors."""
    settings = load(call.request.config)
    found = _evidence(settings, call)
    says = [f"evidence {'for' if each.holds else 'against'} {each.claim}: {each.why}" for each in found]
    return preview_for_launch(settings, "; ".join([*says, *_voided(settings, found)]))


EVIDENCE = Operation(
    name="launch evidence",
    summary="Bring evidence to a launch.",
    act=UserAct.LAUNCH,
    exposure=Exposure.RAISES,
    request=EvidenceRequest,
    subject=launch_subject,
    preview=preview_evidence,
    perform=perform_evidence,
)
OPERATIONS: Final = (EVIDENCE,)
