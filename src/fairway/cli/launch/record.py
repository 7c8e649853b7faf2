"""`fairway launch record` and `evidence`: what a launch rests on, written down, and what is brought to it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fairway.cli.answer import JSON, document
from fairway.cli.durations import duration
from fairway.cli.exits import Exit, Failure, check_new_file
from fairway.cli.launch.commands import tell_pilot
from fairway.cli.send_command import given
from fairway.cli.shared_options import USUAL, By, Config, Flag, Saw, speaker
from fairway.settings import Settings, load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fairway.launch.evidence.importers.port import ImportedFile
    from fairway.launch.evidence.model import Evidence
    from fairway.launch.views.record import LaunchRecord

PAGE, TEXT, DATA = "record.html", "record.md", "record.json"


def record(config: Config = USUAL, /, *, out: Path = Path("record"), force: Flag = False) -> int:
    """Write the GO or NO-GO of a launch: each claim with its evidence and its digest, as page, text and data.

    Parameters
    ----------
    out: Path
        The directory to write into; it is made.
    force: bool
        Write over a record that is there.
    """
    from fairway.assembly.tower import record_now
    from fairway.launch.views.record_forms import data, markdown, page

    made = record_now(load(config))
    _make(out)
    for name, content in ((PAGE, page(made)), (TEXT, markdown(made).encode()), (DATA, data(made))):
        check_new_file(out / name, force=force)
        (out / name).write_bytes(content)
        print(out / name)
    print(_said(made))
    return Exit.OK if made.is_go else Exit.NO


def _said(made: "LaunchRecord") -> str:
    """The verdict, with what is missing; where people alone are, with these."""
    lacking = [each for section in made.sections for each in section.missing]
    lacking = lacking or [each for section in made.sections for each in section.waits_for]
    return f"{made.verdict}: {'; '.join(lacking)}" if lacking else made.verdict


def _make(out: Path) -> None:
    """Raises Failure, where no directory can be in that place at all."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except (FileNotFoundError, NotADirectoryError, FileExistsError):
        raise Failure(f"the directory {out} cannot be made; a right one is --out record", Exit.USAGE) from None


def evidence(
    config: Config = USUAL,
    file: Path | None = None,
    /,
    *,
    claim: str = "",
    word: str = "",
    flown: Path | None = None,
    copy: Path | None = None,
    attest: Flag = False,
    length: Annotated[int, duration("30d", "520w", bare="d", names=["--for", "--days"])] = 0,
    reason: Saw = "",
    by: By = "",
    json: JSON = False,
) -> int:
    """Bring evidence to a launch, or show what there is: a tool's file, a file that you attest, or your bare word.

    Parameters
    ----------
    file: Path | None
        What a tool wrote (see `fairway launch import`).
    claim: str
        What it is evidence for, such as an item of the plan's checklist.
    word: str
        Instead of a file: your word, which is the weakest evidence there is.
    flown: Path | None
        Instead of a file: the configuration of another trader, such as the one on paper, whose launch has passed stages; what it
        has shown in drills counts here, too.
    copy: Path | None
        Instead of a file: a copy that `fairway journal backup` made of this trader's journal; the claim is backup.
    attest: bool
        You answer for what the file says, such as minutes. What stands open in it counts even so.
    length: int
        For how long it counts, such as 30d; for as long as the plan says where it is left out. A number alone is days.
    """
    settings = load(config)
    if file is None and not word and flown is None and copy is None:
        return _shown(settings, as_json=json)
    if json:
        raise Failure("--json shows what there is; leave it out to bring something", Exit.USAGE)
    if sum(map(bool, (file, word, flown, copy))) > 1:
        raise Failure("bring one thing at a time: a file, --word, --flown or --copy", Exit.USAGE)
    from fairway.launch.control.commands import Submit

    if flown is not None:
        found = _flown(settings, flown)
    elif copy is not None:
        found = [_copied(settings, copy, claim)]
    else:
        found = _brought(settings, file, claim, word, speaker(by), attest=attest, length=length)
    _print_voided(settings, found)
    codes = [tell_pilot(settings, Submit(reason=given(reason, "the report of today"), evidence=each), by) for each in found]
    return max(codes)


def _print_voided(settings: Settings, brought: "Sequence[Evidence]") -> None:
    """Which approvals end with it, where the pilot takes it."""
    from fairway.assembly.tower import told_of
    from fairway.launch.control.command_handler import voided_by
    from fairway.launch.evidence.claims import why_not_taken

    told = told_of(settings)
    plan, launch, now = told.plan, told.launch, told.sight.now
    taken = [each for each in brought if not why_not_taken(plan, launch, each, now)]
    voided = voided_by(plan, launch, taken, now)
    if voided:
        whose = ", ".join(f"{each.person} as {each.role} for {each.stage}" for each in voided)
        approvals = "approval" if len(voided) == 1 else "approvals"
        print(f"this voids {len(voided)} {approvals}, once it is taken: {whose}; to count again it is given anew")


def _shown(settings: Settings, *, as_json: bool) -> int:
    """What there is, item by item of the checklist."""
    from fairway.assembly.tower import record_now

    items = record_now(settings).sections[0].checklist
    if as_json:
        print(document({"checklist": items}))
        return Exit.OK
    for each in items:
        print(f"{each.name}: {each.result}{f' ({each.rests_on})' if each.rests_on else ''}")
    if not items:
        print("the plan has no checklist")
    return Exit.OK


def _brought(
    settings: Settings, file: Path | None, claim: str, word: str, who: str, *, attest: bool, length: int
) -> "list[Evidence]":
    """who: the person whose word it is, or who attests it."""
    from msgspec.structs import replace

    from fairway.assembly.tower import told_of
    from fairway.launch.evidence.model import Evidence, Rank
    from fairway.world.clock import SystemClock

    release, now = told_of(settings).launch.release, SystemClock().now()
    ends_at = now + length if length else 0
    if (word or attest) and not claim:
        raise Failure("say what it is evidence for: --claim NAME, as the plan's checklist names it", Exit.USAGE)
    if file is None:
        return [
            Evidence(
                claim=claim,
                rank=Rank.BARE_WORD,
                holds=True,
                why=word,
                producer=who,
                made_at=now,
                ends_at=ends_at,
                release=release,
            )
        ]
    found = [_attested(file, claim, who) if attest else _imported(file, claim)]
    return [replace(each, release=each.release or release, ends_at=each.ends_at or ends_at) for each in found]


def _flown(settings: Settings, config: Path) -> "list[Evidence]":
    """What another trader's launch has shown, by its own journal, whose chain is verified."""
    from fairway.assembly.tower import record_now, told_of
    from fairway.launch.evidence.claims import claims_asked

    told, other = told_of(settings), record_now(load(config, environ={}))
    if other.digest != told.plan.digest:
        raise Failure(
            f"the launch of {config} flies another plan ({other.digest[:12]}, and here {told.plan.digest[:12]})", Exit.NO
        )
    if other.release != told.launch.release:
        releases = f"{other.release[:12]}, and here {told.launch.release[:12] or 'none yet'}"
        raise Failure(
            f"the launch of {config} flew another release ({releases}); pairs, interval, strategy with its code and "
            "settings, and the risk must be equal, and this trader must have been started once",
            Exit.NO,
        )
    if not other.passed and not other.drills:
        raise Failure(f"the launch of {config} has passed no stage yet with the release that it flies, or is held", Exit.NO)
    shown = (*other.passed, *other.drills)
    asked = {each.name for each in claims_asked(told.plan)}
    found = [each for each in shown if each.claim in asked]
    if not found:
        stages = ", ".join(each.claim for each in shown)
        raise Failure(f"the launch of {config} shows {stages}, and this trader waits for no other one to fly that", Exit.NO)
    return found


def _copied(settings: Settings, copy: Path, claim: str) -> "Evidence":
    from fairway.assembly.copies import evidence_of_copy
    from fairway.assembly.tower import told_of

    made = evidence_of_copy(settings, copy, claim, told_of(settings).launch.release)
    print(f"{made.claim} {'holds' if made.holds else 'DOES NOT HOLD'}: {made.why}")
    return made


def _imported(file: Path, claim: str) -> "Evidence":
    """Of whatever form: it is an attested file only where a person attests it."""
    from msgspec.structs import replace

    from fairway.launch.evidence.model import Rank

    reading, found = _read(file, claim)
    if reading.unproven and not reading.reasons:
        raise Failure(
            f"{file} shows nothing for {found.claim} or against it: {reading.unproven[0]}; bring what a tool wrote, "
            f"such as junit.xml, or answer for the file yourself: --attest --claim {found.claim}",
            Exit.NO,
        )
    return replace(found, rank=Rank.BARE_WORD) if found.rank is Rank.ATTESTED_FILE else found


def _read(file: Path, claim: str) -> "tuple[ImportedFile, Evidence]":
    from fairway.cli.launch.importing import read_source
    from fairway.launch.evidence.importers.port import evidence as evidence_of
    from fairway.launch.evidence.importers.port import importer_of
    from fairway.texts.quantities import share_of

    source = read_source(file, release="", again="", at_least=share_of("80 %"))
    importer = importer_of(source)
    reading = importer.read(source)
    first, *_ = evidence_of(importer, reading, source, claim)
    return reading, first


def _attested(file: Path, claim: str, who: str) -> "Evidence":
    """A person answers for what is in it; its digest says what that was. Nobody answers away what stands open in it."""
    from contextlib import suppress
    from hashlib import sha256

    from fairway.cli.launch.importing import read_source
    from fairway.launch.evidence.importers.port import ImportFailed
    from fairway.launch.evidence.model import Evidence, Rank
    from fairway.texts.quantities import share_of

    content = read_source(file, release="", again="", at_least=share_of("80 %")).data
    with suppress(ImportFailed):  # of no form that is known here
        reading, seen = _read(file, claim)
        if reading.reasons:
            return seen
    return Evidence(
        claim=claim,
        rank=Rank.ATTESTED_FILE,
        holds=True,
        why=f"attested: {file.name}",
        producer=f"{who}, with {file.name}",
        made_at=file.stat().st_mtime_ns,
        digest=sha256(content).hexdigest(),
    )
