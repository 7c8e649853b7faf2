"""Drill: carries a drill out on the running system, and brings what was seen to a launch as evidence.

A drill lowers exposure, so every person who may stop trading may carry one out. What it gives back afterwards, and evidence that
speaks for a claim, need the rights that they need elsewhere.
"""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.drills.drill import Drill, UnknownDrill, all_drills
from fairway.operations.drills.drill_run import DrillNotObserved, DrillNotPossible, DrillRun
from fairway.operations.drills.one_at_a_time import only_drill
from fairway.operations.operation import (
    WHOLE_BOT,
    Call,
    Exposure,
    Length,
    Operation,
    Outcome,
    Preview,
    Progress,
    Subject,
    account_or_bot,
)
from fairway.operations.permissions import check_permission
from fairway.operations.refusal import Refusal, against_rule, wrong_input
from fairway.operations.trader.accounts_of_trader import chosen_account
from fairway.people.roles import UserAct
from fairway.settings import Settings, load

if TYPE_CHECKING:
    from fairway.launch.evidence.drill_record import DrillRecord, DrillStep
    from fairway.launch.evidence.model import Evidence

NOT_OBSERVED: Final = "not observed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillRequest:
    """name: of the drill. account: the one that is observed, where the trader has several. real_money: the actor confirms it.

    resume: of the drill kill, that the account is resumed. patience: how long the strategy has for its next entry (ns), 0 for as
    long as the drill says. folder: where the record is written; beside the journal where it is None.
    """

    config: Path
    name: str
    account: str = ""
    real_money: bool = False
    resume: bool = False
    patience: Length = 0
    folder: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillOutcome(Outcome):
    """is_done: whether the claim was shown. verdict: "holds", "does not hold" or "not observed", which is evidence of neither.

    record: the file with all that was seen, None where nothing was. is_taken: whether a launch has taken the evidence.
    """

    drill: str
    claim: str
    verdict: str
    steps: "tuple[DrillStep, ...]" = ()
    left: tuple[str, ...] = ()
    """What a person has to lift, each as a sentence with its command."""
    record: Path | None = None
    is_taken: bool = False


def perform_drill(call: Call[DrillRequest]) -> DrillOutcome:
    """Raises Refusal, SettingsError, JournalErrors, VenueErrors, SecretMissing, StoreErrors, PeopleErrors."""
    from fairway.money.amount import use_exact_decimals
    from fairway.world.clock import SystemClock

    drill, settings, account = _checked(call)
    use_exact_decimals()
    with only_drill(settings):
        began, run = SystemClock().now(), _run_of(call, settings, account)
        call.tell(Progress(f"drill {drill.name}: {drill.does}; it lasts {drill.lasts}"))
        try:
            why = _carried_out(drill, run)
        except DrillNotPossible as error:
            what = f"the drill {drill.name} cannot be carried out, and nothing was changed: {error}"
            raise against_rule(f"DRILL_NOT_POSSIBLE: drill={drill.name}", what) from None
        record = _record(call, drill, settings, account, run, began)
        if why and not record.failed:
            return _outcome(drill, run, NOT_OBSERVED, lines=(f"{NOT_OBSERVED}: {why}; this is no evidence of anything",))
        return _concluded(call, drill, settings, run, record)


def _checked(call: Call[DrillRequest]) -> tuple[Drill, Settings, str]:
    """The drill, the configuration, and the account that is observed. Raises Refusal, SettingsError, JournalErrors."""
    asked = call.request
    drill = drill_named(asked.name)
    check_permission(replace(DRILL, act=drill.act, exposure=drill.exposure), call)
    settings = load(asked.config)
    if asked.resume and drill.name != "kill":
        raise wrong_input(f"RESUME_OF_DRILL: drill={drill.name}", "--resume goes with the drill kill alone")
    if settings.mode == "live" and drill.is_watched:
        _check_real_money(drill, asked)
    if asked.patience < 0:
        raise wrong_input(f"PATIENCE_WRONG: patience={asked.patience}", "is negative", field="patience", example="10m")
    account = chosen_account(settings, asked.account) if drill.is_watched else asked.account or settings.account
    return drill, settings, account


def _check_real_money(drill: Drill, asked: DrillRequest) -> None:
    """Raises Refusal."""
    if asked.resume:
        what = "with real money a drill resumes nothing, for that raises exposure; give  fairway resume  yourself afterwards"
        raise against_rule("DRILL_RAISES: option=resume", what)
    if not asked.real_money:
        what = f"this is real money. The drill {drill.name} does this: {drill.does}. It gives nothing back: you do. Confirm it"
        raise against_rule(f"REAL_MONEY_NOT_CONFIRMED: drill={drill.name}", f"{what} with  --real-money")


def drill_named(name: str) -> Drill:
    """Raises Refusal."""
    from fairway.operations.drills.drill import KIND

    try:
        return KIND.named(name)
    except UnknownDrill:
        right = ", ".join(each.name for each in all_drills())
        raise wrong_input(f"DRILL_UNKNOWN: name={name}", f"{name!r} is no drill; there are {right}") from None


def _run_of(call: Call[DrillRequest], settings: Settings, account: str) -> DrillRun:
    from fairway.operations.drills.pager import RealPager
    from fairway.operations.drills.real_system import RealSystem
    from fairway.world.clock import SystemClock

    asked = call.request
    return DrillRun(
        system=RealSystem(settings, asked.config, account, call),
        clock=SystemClock(),
        tell=call.tell,
        config=asked.config,
        settings=settings,
        release=_release(settings, account),
        gives_back=settings.mode != "live",
        resumes=asked.resume,
        patience_ns=asked.patience,
        pager=RealPager(settings, asked.config, call),
    )


def _release(settings: Settings, account: str) -> str:
    """What the launch says that it flies; without a launch, what the trader was started with last."""
    from fairway.assembly.tower import NotBegun, launch_now
    from fairway.journal.events import Codec
    from fairway.journal.kinds import TraderStarted
    from fairway.journal.sql import open_reader

    try:
        return launch_now(settings).release
    except NotBegun:
        pass
    codec, release = Codec(TraderStarted), ""
    with open_reader(settings.journal, trader=settings.account) as journal:
        for record in journal.read(account=account):
            if record.kind in codec.kinds:
                event = codec.decode(record)
                assert isinstance(event, TraderStarted)
                release = event.bot or event.release
    return release


def _carried_out(drill: Drill, run: DrillRun) -> str:
    """Why it was not observed to its end, "" where it was. Raises DrillNotPossible, JournalErrors, VenueErrors before a step."""
    from fairway.venues.port import VenueError

    try:
        asyncio.run(_carry_out(drill, run))
    except DrillNotObserved as error:
        return str(error)
    except VenueError as error:
        if not run.steps:
            raise
        return f"the venue did not answer: {error}"
    return ""


async def _carry_out(drill: Drill, run: DrillRun) -> None:
    await drill.carry_out(run)


def _record(call: Call[DrillRequest], drill: Drill, settings: Settings, account: str, run: DrillRun, began: int) -> "DrillRecord":
    from fairway.journal.sql import open_reader
    from fairway.launch.evidence.drill_record import DrillRecord

    with open_reader(settings.journal, trader=settings.account) as journal:
        last = journal.last()
    return DrillRecord(
        drill=drill.name,
        claim=drill.claim,
        account=account,
        mode=settings.mode,
        release=run.release,
        by=call.actor.name,
        began_at=began,
        ended_at=run.clock.now(),
        steps=tuple(run.steps),
        journal_seq=last.seq if last is not None else 0,
        journal_digest=last.digest if last is not None else "",
        again=f"fairway drill {drill.name} CONFIG",
    )


def _concluded(call: Call[DrillRequest], drill: Drill, settings: Settings, run: DrillRun, record: "DrillRecord") -> DrillOutcome:
    """Writes the record down, and brings it to a launch that was begun."""
    from fairway.operations.drills.record_file import write_record

    file = write_record(settings, record, call.request.folder)
    evidence = record.evidence()
    verdict = "holds" if evidence.holds else "does not hold"
    call.tell(Progress(f"{evidence.claim} {'holds' if evidence.holds else 'DOES NOT HOLD'}: {evidence.why}"))
    taken, line = _brought(call, settings, evidence, file)
    outcome = _outcome(drill, run, verdict, lines=(line, f"the record: {file}"))
    return replace(outcome, is_done=evidence.holds, record=file, is_taken=taken)


def _outcome(drill: Drill, run: DrillRun, verdict: str, lines: tuple[str, ...]) -> DrillOutcome:
    return DrillOutcome(
        is_done=False,
        drill=drill.name,
        claim=drill.claim,
        verdict=verdict,
        steps=tuple(run.steps),
        left=tuple(run.left),
        lines=(*lines, *(f"left to you: {each}" for each in run.left)),
    )


def _brought(call: Call[DrillRequest], settings: Settings, evidence: "Evidence", file: Path) -> tuple[bool, str]:
    """Whether a launch has taken the evidence, and what became of it in words. What speaks against a claim needs no right."""
    from fairway.assembly.tower import NotBegun
    from fairway.launch.control.commands import Submit
    from fairway.operations.launch.evidence import EVIDENCE, EvidenceRequest
    from fairway.operations.launch.instruct import instruct_pilot

    later = f"bring it later:  fairway launch evidence {call.request.config} {file}"
    if evidence.holds:
        try:
            asked = EvidenceRequest(config=call.request.config, reason="a drill was carried out", file=file)
            check_permission(EVIDENCE, Call(actor=call.actor, request=asked))
        except Refusal as error:
            return False, f"not brought to a launch: {error}; a person who may, brings it:  fairway launch evidence CONFIG {file}"
    try:
        outcome = instruct_pilot(settings, Submit(reason=f"a drill was carried out: {evidence.claim}", evidence=evidence), call)
    except NotBegun:
        return False, f"no launch was begun beside this trader; {later}"
    return outcome.is_done, "; ".join(outcome.lines)


def preview_drill(call: Call[DrillRequest]) -> Preview:
    """What the drill would do. Raises Refusal, SettingsError, JournalErrors."""
    asked = call.request
    drill, _, account = _checked(replace(call, request=replace(asked, real_money=True)))
    return Preview(effect=f"{drill.does}; it lasts {drill.lasts}, and counts for the claim {drill.claim}", accounts=(account,))


def _subject(asked: DrillRequest) -> Subject:
    try:
        return account_or_bot(asked.account) if drill_named(asked.name).is_of_account else WHOLE_BOT
    except Refusal:
        return WHOLE_BOT


DRILL = Operation(
    name="drill",
    summary="Carry a drill out on the running system, and bring what was seen to a launch.",
    act=UserAct.STOP,
    exposure=Exposure.LOWERS,
    request=DrillRequest,
    subject=_subject,
    preview=preview_drill,
    perform=perform_drill,
)
OPERATIONS: Final = (DRILL,)
