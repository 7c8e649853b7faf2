"""`fairway launch import`: what a file of another tool would be evidence for, and what speaks against it, line by line."""

from pathlib import Path

from fairway.cli.answer import CommandOutput, shows
from fairway.cli.exits import ExitCode, Failure


@shows
def import_file(
    file: Path, /, *, claim: str = "", form: str = "", release: str = "", again: str = "", at_least: str = "80 %"
) -> CommandOutput:
    """Say what a file is evidence for: a test report, coverage, findings, a scan, a checklist. Exit code 1 for NO-GO.

    Parameters
    ----------
    file: Path
        JUnit XML, coverage as XML or JSON, SARIF, JSON of Trivy or Grype, or Markdown.
    claim: str
        What it is to be evidence for, such as an item of the plan's checklist; the form's own where it is left out.
    form: str
        How to read it; by what is in it where it is left out.
    release: str
        The digest of the release that it was made on.
    again: str
        The command that makes the file again.
    at_least: str
        Of coverage, the least that is enough.
    """
    from fairway.launch.evidence.importers.port import evidence, importer_of
    from fairway.operations.launch.evidence_files import read_source
    from fairway.texts.quantities import share_of

    try:
        least = share_of(at_least)
    except ValueError as error:
        raise Failure(f"--at-least: {at_least!r} {error}, as in --at-least '80 %'", ExitCode.USAGE) from None
    source = read_source(file, release=release, again=again, at_least=least)
    importer = importer_of(source, form)
    reading = importer.read(source)
    about, *ticks = evidence(importer, reading, source, claim)
    lines = [f"{file}: {'GO' if about.holds else 'NO-GO'} for {about.claim}: {reading.about}"]
    lines += [f"  {file}:{reason}" if reason.line else f"  {reason}" for reason in (*reading.reasons, *reading.unproven)]
    lines += ["only after the launch, so nothing speaks against it:"] if reading.later else []
    lines += [f"  {file}:{reason}" for reason in reading.later]
    lines.append(f"evidence: {about.rank}, sha256 {about.digest[:12]}, again: {about.again}")
    if ticks:
        lines.append(f"its {len(ticks)} boxes are bare words, one by one: a checklist asks for more")
    value = {
        "file": str(file),
        "claim": about.claim,
        "holds": about.holds,
        "about": reading.about,
        "reasons": [str(each) for each in reading.reasons],
        "unproven": [str(each) for each in reading.unproven],
        "later": [str(each) for each in reading.later],
        "rank": str(about.rank),
        "digest": about.digest,
        "again": about.again,
        "ticks": len(ticks),
    }
    return CommandOutput(value=value, text=lines, code=ExitCode.OK if about.holds else ExitCode.NO)
