"""Writes the tables in docs/explanation/launch.md from the code of launch control.

With --check it only says whether they are current.
"""

from collections.abc import Iterator
from pathlib import Path

from scripts.guards_table import every_guard
from scripts.pages import run

from fairway.cli.launch import COMMANDS
from fairway.launch.evidence.model import Rank
from fairway.launch.evidence.producers import OF_CLAIMS
from fairway.risk.cap_kinds import CAP_KINDS
from fairway.risk.escalation import Level
from fairway.risk.guards.guard_caps import kind_of, severity_at

PAGE = Path(__file__).parents[1] / "docs" / "explanation" / "launch.md"
BEGIN, END = "<!-- from the code: scripts/launch_tables.py, {} -->", "<!-- end -->"
CAUSES_HEAD = ("cause", "kind of cap", "name in `causes`", "severity", "what follows", "positions")
PRODUCERS_HEAD = ("claim", "class", "by what")
RANKS = {
    Rank.OBSERVED_IN_PRODUCTION: "the journal of a trader with real money shows it",
    Rank.OBSERVED_IN_A_DRILL: "the journal of a trader on paper or on the test network shows it, or `fairway launch drill`",
    Rank.MACHINE_ARTIFACT: "a tool wrote it, and it can be made again: JUnit, coverage, a scan (`fairway launch import`)",
    Rank.ATTESTED_FILE: "a person answers for a file, whose digest is kept (`--attest`)",
    Rank.BARE_WORD: 'a person says so (`--word "restored on a second machine"`)',
}
"""What each class of evidence is, strongest first."""


def page(old: str) -> str:
    """The page with its generated parts made again."""
    parts = {
        "causes": _table(CAUSES_HEAD, _causes()),
        "evidence": _table(("class", "what it is"), ((str(rank), what) for rank, what in RANKS.items())),
        "producers": _table(PRODUCERS_HEAD, _producers()),
        "commands": _table(("command", "what it does"), ((f"`fairway launch {name}`", COMMANDS[name][1]) for name in COMMANDS)),
    }
    for name, part in parts.items():
        begin = BEGIN.format(name)
        before, _, rest = old.partition(begin)
        _, _, after = rest.partition(END)
        old = f"{before}{begin}\n\n{part}\n\n{END}{after}"
    return old


def _producers() -> Iterator[tuple[str, ...]]:
    for each in OF_CLAIMS:
        yield f"`{each.claim}`", str(each.rank), each.by


def _causes() -> Iterator[tuple[str, ...]]:
    """One row for each kind of cap that means something for a launch."""
    kinds = [(kind, kind.severity) for kind in CAP_KINDS]
    for guard in every_guard():
        level = min(each for each in guard.bounds if each > Level.WARNING)
        kind = kind_of(guard, level)
        kinds.append((kind, min(filter(None, (severity_at(guard, level), kind.severity)))))
    for kind, severity in kinds:
        if kind.cause is not None:
            word = f"`{kind.cause.category}`" if kind.cause.category is not None else ""
            yield kind.cause.what, f"`{kind.name}`", word, str(severity), kind.cause.effect.value, kind.cause.positions


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    run(PAGE, page)
