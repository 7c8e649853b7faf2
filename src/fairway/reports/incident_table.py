"""The incidents of a run as a terminal shows them: one line of time, in which exchange and Fairway take turns."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from fairway.reports.incident_text import IncidentLine, IncidentSection, heading, incident_sections, introduction
from fairway.reports.report import Report

_INDENT = (0, 0, 0, 2)


def incident_table(report: Report) -> RenderableType:
    """For rich to print at any width; nothing of a run without an incident."""
    parts: list[RenderableType] = []
    for number, section in enumerate(incident_sections(report), 1):
        parts += [Text(""), *_section(number, section)]
    if not parts:
        return Group()
    return Group(Text(heading(), "bold"), Text(introduction(), "dim"), *parts)


def _section(number: int, section: IncidentSection) -> Iterator[RenderableType]:
    yield Text.assemble((f"{number} {section.title}", "bold"), (f"  {section.symbol}, {section.when}", "dim"))
    lines = Table.grid(padding=(0, 1, 0, 0))
    lines.add_column(style="dim", no_wrap=True)
    lines.add_column(no_wrap=True)
    lines.add_column()
    before = ""
    for line in section.lines:
        lines.add_row(line.at if line.at != before else "", _side(line), _words(line))
        before = line.at
    yield Padding(lines, _INDENT)
    ends = Table.grid(padding=(0, 1, 0, 0))
    for cost in section.costs:
        ends.add_row(Text("·", "dim"), cost)
    ends.add_row(
        *(Text(part, "green" if section.is_well else "bold red") for part in ("✓" if section.is_well else "✕", section.verdict))
    )
    yield Padding(ends, (1, 0, 0, 2))


def _side(line: IncidentLine) -> Text:
    return Text("exchange", "magenta") if line.is_exchange else Text("Fairway", "cyan")


def _words(line: IncidentLine) -> Text:
    words = Text(f"{line.what}.", "yellow" if line.is_trouble else "")
    return words.append(f" {line.did}", "dim") if line.did else words
