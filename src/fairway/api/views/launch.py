"""The launch: its stages, gates with verdict and forecast, holds, evidence, approvals, decisions, and its GO or NO-GO."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256 as sha256_of
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Query
from pydantic import BaseModel, Field

from fairway.api.authentication import Caller
from fairway.api.command_routes import CommandPreview, shown_preview
from fairway.api.context import Asking, Context, ServerContext
from fairway.api.problems import HttpProblem, documented
from fairway.api.views.shown import instant, plain
from fairway.launch.control.holds import on
from fairway.launch.control.leases import allowed_limits
from fairway.launch.evidence.model import Evidence
from fairway.launch.gates.verdict import Verdict
from fairway.launch.plan.compiled_plan import CompiledTrack
from fairway.launch.views.reason_text import ends_when, reason_in_words
from fairway.operations.launch.evidence import EVIDENCE, EvidenceRequest
from fairway.operations.launch.show import SHOW_LAUNCH, SHOW_RECORD, GateOutlook, LaunchOutcome, ShowLaunchRequest
from fairway.operations.operation import Call
from fairway.operations.perform import perform, preview

router: Final = APIRouter(prefix="/api/v1/launch", tags=["launch"])
PROBLEMS: Final = documented(401, 403, 409, 429, 503)


class GateState(BaseModel):
    """A gate between a track and its next stage. result: PASS, FAIL, or one of the unknown family: INSUFFICIENT, STALE, ERROR."""

    gate: str
    result: str
    reason: str = Field(description="A code, for programs")
    why: str = Field(description="The same in words")
    numbers: dict[str, str]
    since: str
    until: str
    missing: int | None = Field(description="How many more observations it takes at best; null where that is not known")
    forecast: str = Field(description="When it can be decided at the present rate; empty where that is not known")
    blocks: bool = Field(description="Whether the next stage waits for it")
    digest: str


class HoldState(BaseModel):
    """Why a launch does not go on. contains: whether nothing is opened meanwhile."""

    id: str
    kind: str
    track: str
    reason: str
    since: str
    contains: bool
    ends: str


class StageState(BaseModel):
    """One stage of a track, as the plan has it."""

    stage: str
    limits: dict[str, Any]
    stay_min_ns: int
    approvals: dict[str, int] = Field(description="How many people of each role let it be entered")
    is_flown: bool


class TrackState(BaseModel):
    """One track: where it is, what it may do now, and what its next stage needs. stage: "" before the first."""

    track: str
    stage: str
    phase: str
    entered_at: str
    served_ns: int
    limits: dict[str, Any] | None
    stages: list[StageState]
    gates: list[GateState]
    holds: list[HoldState]


class ApprovalState(BaseModel):
    """A person's approval. binds: digest of plan, release, limits and evidence when it was given."""

    stage: str
    role: str
    person: str
    at: str
    ends_at: str
    comment: str
    binds: str


class EvidenceState(BaseModel):
    """What a claim rests on."""

    claim: str
    rank: str
    holds: bool
    why: str
    producer: str
    made_at: str
    ends_at: str
    release: str
    digest: str


class LaunchState(BaseModel):
    """A launch as it is now. explanation: all of it in words."""

    plan: str
    digest: str
    author: str
    begun_at: str
    release: str
    at: str
    tracks: list[TrackState]
    explanation: list[str]


class ChecklistItem(BaseModel):
    """An item of the plan's checklist. asked: by whom it is asked for now; "" where only a later stage asks for it."""

    name: str
    says: str
    result: str
    rests_on: str
    digest: str
    asked: str


class DecisionState(BaseModel):
    """The pilot's last decision. read_to: the last record of the trader's journal that it rests on."""

    number: int
    at: str
    read_to: int
    inputs: str
    results: dict[str, str]
    led_to: list[str]


class BroughtEvidence(BaseModel):
    """What the pilot did with evidence that was brought."""

    is_done: bool
    sha256: str
    sentences: list[str]


@router.get("", responses=PROBLEMS)
def launch(caller: Asking, context: Context) -> LaunchState:
    """Where the launch is, what its gates say, and what its next stage needs."""
    found = _found(caller, context)
    status = found.status
    return LaunchState(
        plan=status.plan.name,
        digest=status.plan.digest,
        author=status.plan.author,
        begun_at=instant(status.launch.began_at),
        release=status.launch.release,
        at=instant(status.observation.now),
        tracks=[_track(found, track) for track in status.plan.tracks],
        explanation=list(found.lines),
    )


@router.get("/gates", responses=PROBLEMS)
def gates(caller: Asking, context: Context) -> dict[str, list[GateState]]:
    """By track, the gates between it and its next stage, each with verdict and forecast."""
    found = _found(caller, context)
    return {track.name: _gates(found, track) for track in found.status.plan.tracks}


@router.get("/holds", responses=PROBLEMS)
def holds(caller: Asking, context: Context) -> list[HoldState]:
    """Every hold that is in force."""
    return [_hold(each) for each in _found(caller, context).status.launch.holds.values()]


@router.get("/approvals", responses=PROBLEMS)
def approvals(caller: Asking, context: Context) -> list[ApprovalState]:
    """Every approval that was given and has not been voided."""
    return [
        ApprovalState(
            stage=str(each.stage),
            role=each.role,
            person=each.person,
            at=instant(each.at),
            ends_at=instant(each.ends_at),
            comment=each.comment,
            binds=each.binds,
        )
        for each in _found(caller, context).status.launch.approvals
    ]


@router.get("/evidence", responses=PROBLEMS)
def evidence(caller: Asking, context: Context) -> list[EvidenceState]:
    """The evidence that counts for the release that runs now."""
    return [_evidence(each) for each in _found(caller, context).status.launch.evidence]


Content = Annotated[bytes, Body(media_type="application/octet-stream", description="The file, as a tool wrote it")]
ForClaim = Annotated[str, Query(min_length=1, max_length=200, examples=["tests"])]
Reason = Annotated[str, Query(min_length=1, max_length=2_000, examples=["the report of today"])]
Sha256 = Annotated[str, Query(pattern="^[0-9a-f]{64}$", description="Of the file: one that came damaged is not taken")]
FileName = Annotated[str, Query(max_length=100, pattern=r"^[A-Za-z0-9._-]+$", examples=["junit.xml"])]
Attest = Annotated[bool, Query(description="You answer for what the file says, such as minutes")]


@router.post("/evidence", responses=documented(401, 403, 409, 413, 422, 429, 503))
def bring_evidence(
    caller: Asking,
    context: Context,
    content: Content,
    claim: ForClaim,
    reason: Reason,
    sha256: Sha256,
    name: FileName = "evidence",
    attest: Attest = False,
) -> BroughtEvidence:
    """Bring a file as evidence. It raises what may be risked, so it asks for a sign-in of the last 5 minutes."""
    told = list[str]()
    with _written(content, name, sha256) as file:
        request = EvidenceRequest(config=context.config, reason=reason, file=file, claim=claim, attest=attest)
        call = Call(actor=caller.actor, request=request, tell=lambda progress: told.append(progress.sentence))
        outcome = perform(EVIDENCE, call)
    return BroughtEvidence(is_done=outcome.is_done, sha256=sha256, sentences=told)


@router.post("/evidence/preview", responses=documented(401, 403, 409, 413, 422, 429, 503))
def preview_evidence(
    caller: Asking,
    context: Context,
    content: Content,
    claim: ForClaim,
    reason: Reason,
    sha256: Sha256,
    name: FileName = "evidence",
    attest: Attest = False,
) -> CommandPreview:
    """What a file says as evidence, and which approvals it would void; nothing is changed."""
    with _written(content, name, sha256) as file:
        request = EvidenceRequest(config=context.config, reason=reason, file=file, claim=claim, attest=attest)
        return shown_preview(preview(EVIDENCE, Call(actor=caller.actor, request=request)))


@contextmanager
def _written(content: bytes, name: str, digest: str) -> Iterator[Path]:
    """A file with this content, as long as it is read. Raises HttpProblem where it is not the file that was sent."""
    found = sha256_of(content).hexdigest()
    if found != digest:
        raise HttpProblem(422, f"DIGEST_DIFFERS: sha256={found}", f"the file that came has the SHA-256 {found}; send it again")
    with TemporaryDirectory(prefix="fairway-evidence-") as folder:
        file = Path(folder) / Path(name).name
        file.write_bytes(content)
        yield file


@router.get("/checklist", responses=PROBLEMS)
def checklist(caller: Asking, context: Context) -> list[ChecklistItem]:
    """The items of the plan's checklist, each with what it rests on."""
    record = perform(SHOW_RECORD, Call(actor=caller.actor, request=ShowLaunchRequest(config=context.config))).record
    rows = {row.name: row for section in record.sections for row in section.checklist}
    return [
        ChecklistItem(name=row.name, says=row.says, result=row.result, rests_on=row.rests_on, digest=row.digest, asked=row.asked)
        for row in rows.values()
    ]


@router.get("/record", responses=PROBLEMS)
def record(caller: Asking, context: Context) -> dict[str, Any]:
    """The GO or NO-GO as data: each claim with its evidence and its digest."""
    outcome = perform(SHOW_RECORD, Call(actor=caller.actor, request=ShowLaunchRequest(config=context.config)))
    found: dict[str, Any] = plain(outcome.record)
    return found


@router.get("/decision", responses=PROBLEMS)
def decision(caller: Asking, context: Context) -> DecisionState | None:
    """The pilot's last decision that changed something; null before the first. `fairway launch decision N` repeats one."""
    last = _found(caller, context).status.launch.last_decision
    if last is None:
        return None
    return DecisionState(
        number=last.number,
        at=instant(last.now),
        read_to=last.read_to,
        inputs=last.inputs,
        results={track: result.value for track, result in last.results.items()},
        led_to=list(last.outcome),
    )


def _found(caller: Caller, context: ServerContext) -> LaunchOutcome:
    return perform(SHOW_LAUNCH, Call(actor=caller.actor, request=ShowLaunchRequest(config=context.config)))


def _track(found: LaunchOutcome, track: CompiledTrack) -> TrackState:
    status = found.status
    progress = status.launch.track(track.name)
    return TrackState(
        track=track.name,
        stage=track.stages[progress.stage].name if progress.stage >= 0 else "",
        phase=progress.phase.value,
        entered_at=instant(progress.entered_at),
        served_ns=progress.served_ns(status.observation.now),
        limits=plain(allowed_limits(track, status.launch)) if track.leads else None,
        stages=[
            StageState(
                stage=stage.name,
                limits=plain(stage.limits),
                stay_min_ns=stage.stay_min_ns,
                approvals=dict(stage.approvals),
                is_flown=stage.is_flown,
            )
            for stage in track.stages
        ],
        gates=_gates(found, track),
        holds=[_hold(each) for each in on(track.name, status.launch.holds.values())],
    )


def _gates(found: LaunchOutcome, track: CompiledTrack) -> list[GateState]:
    return [_gate(each, found.outlooks[track.name, each.gate]) for each in found.status.verdicts.get(track.name, ())]


def _gate(verdict: Verdict, outlook: GateOutlook) -> GateState:
    return GateState(
        gate=verdict.gate,
        result=verdict.result.value,
        reason=verdict.reason,
        why=reason_in_words(verdict.reason),
        numbers=verdict.numbers,
        since=instant(verdict.since),
        until=instant(verdict.until),
        missing=verdict.missing,
        forecast=outlook.forecast,
        blocks=outlook.blocks,
        digest=verdict.digest,
    )


def _hold(hold: Any) -> HoldState:
    return HoldState(
        id=hold.id,
        kind=hold.kind.name,
        track=hold.track,
        reason=hold.reason,
        since=instant(hold.since),
        contains=hold.contains,
        ends=ends_when(hold),
    )


def _evidence(each: Evidence) -> EvidenceState:
    return EvidenceState(
        claim=each.claim,
        rank=str(each.rank),
        holds=each.holds,
        why=each.why,
        producer=each.producer,
        made_at=instant(each.made_at),
        ends_at=instant(each.ends_at),
        release=each.release,
        digest=each.digest,
    )
