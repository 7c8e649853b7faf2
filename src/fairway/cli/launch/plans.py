"""`fairway launch plans`, `lint` and `rules`: what plans there are, and what is wrong with one before anything runs."""

from typing import TYPE_CHECKING

from fairway.cli.answer import CommandOutput, shows
from fairway.cli.command_lines import command_trouble
from fairway.cli.exits import ExitCode, Failure
from fairway.operations.launch.plan_files import read_plan

if TYPE_CHECKING:
    from fairway.launch.plan.lint.linter import Finding
    from fairway.launch.plan.load import Written

WIDTH = 28


@shows
def plans(name: str = "", /) -> CommandOutput:
    """List the plans that come with Fairway, or print one: copy it into a file, and change what is yours.

    Parameters
    ----------
    name: str
        One of them; it is printed whole.
    """
    from fairway.launch.plan import shipped
    from fairway.launch.plan.load import parse

    if name:
        text = _shipped(name)
        return CommandOutput(value={"name": name, "text": text}, text=text.splitlines())
    lines, values = list[str](), list[object]()
    for each in shipped.names():
        plan = parse(shipped.text(each), file=each).plan
        stages = {track: [stage.name for stage in row.stages] for track, row in plan.rows.items()}
        values.append({"name": each, "about": plan.about, "tracks": stages})
        lines.append(f"{each:<16}{plan.about}")
        lines += [f"{'':<16}{track}: {', '.join(names)}" for track, names in stages.items()]
    lines.append("\nto begin with one:  fairway launch plans beta > plan.yaml")
    return CommandOutput(value={"plans": values}, text=lines)


@shows
def lint(plan: str, /, *, quiet: bool = False) -> CommandOutput:
    """Say what in a plan can never be decided or must not be done, before anything runs. Exit code 1 where it is refused.

    Parameters
    ----------
    plan: str
        The plan's file, or the name of one that comes with Fairway.
    quiet: bool
        Only what is refused.
    """
    from fairway.launch.plan.lint.draft import Draft
    from fairway.launch.plan.lint.linter import lint as findings_of
    from fairway.launch.plan.lint.linter import may_be_launched

    written = read_plan(plan)
    findings = findings_of(Draft(written, command_trouble))
    shown = [finding for finding in findings if finding.refuses or not quiet]
    lines = [line for finding in shown for line in _told(finding, written.file)]
    is_sound = may_be_launched(findings)
    value = {"file": written.file, "digest": written.plan.digest, "may_be_launched": is_sound, "findings": shown}
    return CommandOutput(value=value, text=[*lines, _summary(findings, written)], code=ExitCode.OK if is_sound else ExitCode.NO)


@shows
def rules(rule: str = "", /) -> CommandOutput:
    """List the rules of the linter, or say why there is one.

    Parameters
    ----------
    rule: str
        One of them, as a finding names it.
    """
    from fairway.launch.plan.lint.port import rules as all_rules

    known = {each.name: each for each in all_rules()}
    if rule and rule not in known:
        raise Failure(f"there is no rule {rule!r}; there are {', '.join(known)}", ExitCode.USAGE)
    chosen = [known[rule]] if rule else list(known.values())
    value = [{"rule": each.name, "severity": each.severity, "because": each.because} for each in chosen]
    return CommandOutput(
        value={"rules": value}, text=[f"{each.name:<{WIDTH}}{each.severity:<8}{each.because}" for each in chosen]
    )


def _shipped(name: str) -> str:
    from fairway.launch.plan import shipped

    try:
        return shipped.text(name)
    except KeyError:
        raise Failure(f"there is no plan {name!r}; there are {', '.join(shipped.names())}", ExitCode.USAGE) from None


def _told(finding: "Finding", file: str) -> list[str]:
    word = "accepted" if finding.accepted else finding.severity.value
    place = f"{file}:{finding.line}:{finding.column}" if finding.line else file
    lines = [f"{place}: {word}: {finding.name}", f"    {finding.what}"]
    if finding.accepted:
        return [*lines, f"    it stays, because: {finding.accepted}"]
    return [*lines, f"    mend: {finding.mend}", f"    why:  {finding.because}"]


def _summary(findings: "list[Finding]", written: "Written") -> str:
    refused = sum(finding.refuses for finding in findings)
    accepted = sum(bool(finding.accepted) for finding in findings)
    counts = f"{refused} refused, {len(findings) - refused - accepted} warnings, {accepted} accepted"
    verdict = f"not to be launched: {counts}" if refused else f"may be launched: {counts}"
    return f"{written.file}: {verdict}; digest {written.plan.digest[:12]}"
