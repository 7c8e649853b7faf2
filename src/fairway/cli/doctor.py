"""`fairway doctor`: shows what the doctor finds."""

from fairway.cli.answer import CommandOutput, shows
from fairway.cli.exits import ExitCode
from fairway.cli.shared_options import USUAL, Config
from fairway.operations.doctor.diagnosis import diagnose
from fairway.operations.finding import CheckVerdict, DoctorFinding


@shows
def doctor(config: Config = USUAL, /) -> CommandOutput:
    """Check a configuration, its key and its venue. Places no order. Exit code 0 only where nothing failed."""
    findings = diagnose(config)
    code = ExitCode.NO if any(each.verdict is CheckVerdict.FAIL for each in findings) else ExitCode.OK
    return CommandOutput(value={"findings": findings}, text=lambda: _print_table(findings), code=code)


def _print_table(findings: list[DoctorFinding]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    colours = {CheckVerdict.OK: "green", CheckVerdict.WARN: "yellow", CheckVerdict.FAIL: "bold red"}
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("check", overflow="fold", max_width=24)  # it may name a long directory
    table.add_column("")
    table.add_column("found, and what to do", overflow="fold")
    for each in findings:
        found = Text(each.found)
        if each.advice:
            found.append(f"\n- {each.advice}")
        table.add_row(Text(each.check), Text(each.verdict, style=colours[each.verdict]), found)
    console = Console()
    console.print(table)
    fails = sum(each.verdict is CheckVerdict.FAIL for each in findings)
    console.print(
        f"\n{fails} of {len(findings)} failed: do not trade with this." if fails else f"\nNone of {len(findings)} failed."
    )
