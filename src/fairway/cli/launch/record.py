"""`fairway launch record` and `evidence`: what a launch rests on, written down, and what is brought to it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fairway.cli.answer import JSON, document
from fairway.cli.durations import duration
from fairway.cli.exits import ExitCode, Failure, check_new_file
from fairway.cli.perform import perform_here
from fairway.cli.shared_options import USUAL, By, Config, Flag, Saw
from fairway.settings import Settings, load

if TYPE_CHECKING:
    from fairway.launch.views.record import LaunchRecord

PAGE, PAPER, TEXT, DATA = "record.html", "record.pdf", "record.md", "record.json"


def record(config: Config = USUAL, /, *, out: Path = Path("record"), force: Flag = False) -> int:
    """Write the GO or NO-GO of a launch: each claim with its evidence and its digest, as page, PDF, text and data.

    Parameters
    ----------
    out: Path
        The directory to write into; it is made.
    force: bool
        Write over a record that is there.
    """
    from fairway.assembly.tower import record_now
    from fairway.launch.views.record_forms import data, markdown, page, pdf

    made = record_now(load(config))
    _make(out)
    for name, content in ((PAGE, page(made)), (PAPER, pdf(made)), (TEXT, markdown(made).encode()), (DATA, data(made))):
        check_new_file(out / name, force=force)
        (out / name).write_bytes(content)
        print(out / name)
    print(_said(made))
    return ExitCode.OK if made.is_go else ExitCode.NO


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
        raise Failure(f"the directory {out} cannot be made; a right one is --out record", ExitCode.USAGE) from None


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
    if file is None and not word and flown is None and copy is None:
        return _shown(load(config), as_json=json)
    if json:
        raise Failure("--json shows what there is; leave it out to bring something", ExitCode.USAGE)
    from fairway.operations.launch.evidence import EVIDENCE, EvidenceRequest

    request = EvidenceRequest(
        config=config,
        reason=reason,
        file=file,
        word=word,
        flown=flown,
        copy=copy,
        claim=claim,
        attest=attest,
        length=length,
    )
    return perform_here(EVIDENCE, request, by)


def _shown(settings: Settings, *, as_json: bool) -> int:
    """What there is, item by item of the checklist."""
    from fairway.assembly.tower import record_now

    items = record_now(settings).sections[0].checklist
    if as_json:
        print(document({"checklist": items}))
        return ExitCode.OK
    for each in items:
        print(f"{each.name}: {each.result}{f' ({each.rests_on})' if each.rests_on else ''}")
    if not items:
        print("the plan has no checklist")
    return ExitCode.OK
