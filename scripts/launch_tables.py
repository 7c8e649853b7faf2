"""Writes the tables in docs/explanation/launch.md from the code of launch control.

With --check it only says whether they are current.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from scripts.guards_table import every_guard
from scripts.pages import run

from fairway.cli.launch import COMMANDS
from fairway.launch.control import hold_kinds
from fairway.launch.control.hold_kinds import HOLD_KINDS, HoldKind
from fairway.launch.evidence.model import Rank
from fairway.launch.evidence.producers import OF_CLAIMS
from fairway.launch.plan import shipped
from fairway.launch.plan.load import parse
from fairway.proving.chaos.catalog import items
from fairway.risk.cap_kinds import CAP_KINDS
from fairway.risk.caps import Lifting
from fairway.risk.causes import Effect
from fairway.risk.escalation import Level
from fairway.risk.guards.guard_caps import kind_of, severity_at

PAGE = Path(__file__).parents[1] / "docs" / "explanation" / "launch.md"
BEGIN, END = "<!-- from the code: scripts/launch_tables.py, {} -->", "<!-- end -->"
CAUSES_HEAD = ("cause", "kind of cap", "name in `causes`", "severity", "what follows", "positions")
PRODUCERS_HEAD = ("claim", "class", "by what")
RANKS = {
    Rank.OBSERVED_IN_PRODUCTION: "the journal of a trader with real money shows it",
    Rank.OBSERVED_IN_A_DRILL: "the journal of a trader on paper or on the test network shows it, or `fairway drill`",
    Rank.MACHINE_ARTIFACT: "a tool wrote it, and it can be made again: JUnit, coverage, a scan (`fairway launch import`)",
    Rank.ATTESTED_FILE: "a person answers for a file, whose digest is kept (`--attest`)",
    Rank.BARE_WORD: 'a person says so (`--word "restored on a second machine"`)',
}
"""What each class of evidence is, strongest first."""

FLOWN = ("preparation", "beta")
"""Plans whose items have a row each."""
ITEMS_HEAD = ("item", "plan", "class", "what gives its evidence")
BY_HAND = {
    "soak-24h": "a person, with the summary of `fairway soak CONFIG --hours 24 --real`; its JUnit file is a machine artifact",
    "runbooks": "a person, with the transcripts of `fairway runbook run`",
    "access": "a person, with the list of `fairway users list` and of the keys' files",
    "log-rotation": "a tool's report (JUnit) of a log that was rotated while it was written",
    "emergency-contact": "a person, with the message that was sent and its answer",
    "oncall": "a person, with the schedule of `fairway alerts` and its lint",
    "risk-assessment": "a person, with the written assessment",
    "team": "a person, with who executed which runbook",
    "capital": "a person, with the minutes of the risk committee",
    "exits": "a person, with the document of each strategy",
    "tests": "a tool's report: JUnit and coverage",
    "security": "a person, with the report of the audit",
    "rollback-target": "a tool's report (JUnit) of the old release on a copy of the journal",
    "support": "a person, with the tickets of `fairway ticket list` and when they were answered",
    "guide": "a person, with the pages that users read",
}
"""Of items that no producer of Fairway shows by itself: who or what gives their evidence."""

HOLDS_HEAD = ("hold", "cause", "contains (takes the lease away)", "alert", "released by", "ends")
RELEASED, AGAIN = "when a person releases it", "; the stage then begins again"


class HoldRow(NamedTuple):
    """What the page says of a kind of hold that its fields do not."""

    id: str
    cause: str
    ends: str = ""
    """"" where a person releases it and nothing else does."""


HOLDS = {
    hold_kinds.PERSON: HoldRow("person NAME", "a person ran `fairway launch hold`"),
    hold_kinds.PERSON_CONTAINS: HoldRow("person NAME", "a person ran `fairway launch hold --contain`"),
    hold_kinds.LONGEST_STAY: HoldRow("inconclusive TRACK", "the longest stay is over, and no gate is decided"),
    hold_kinds.FIRST_STAGE_FAILED: HoldRow("failed TRACK", "the smallest stage failed"),
    hold_kinds.LOSS_BUDGET: HoldRow("budget TRACK", "nine tenths of what may be lost in the track's stage are lost"),
    hold_kinds.LIMITS_NOT_SHOWN: HoldRow(
        "effect TRACK", "the limits of a stage are not in force after five minutes", "when they are"
    ),
    hold_kinds.KILL_NOT_DONE: HoldRow(
        "undone ACCOUNT",
        "an account that was to be killed or sold is not so after three minutes",
        "when it is; after the last attempt, when a person releases it",
    ),
    hold_kinds.UNGUARDED: HoldRow(
        "guards",
        "no account has all the guards on that the plan names; if some accounts have, these go on and the others get no lease",
        "when the trader is started with these guards",
    ),
    hold_kinds.COMMANDS: HoldRow("commands", "the command inbox can't be read", "when it can"),
    hold_kinds.REGISTRY: HoldRow(
        "registry", "the registry of accounts can't be read: the accounts that were in it last count", "when it can"
    ),
    hold_kinds.SAFE_START: HoldRow(
        "safe start",
        "the trader accepted a lease of a pilot that this journal doesn't know: this journal is an old copy, or there is a "
        "second pilot",
    ),
    hold_kinds.BLIND_TRADER: HoldRow(
        "blind trader", "the trader wrote nothing for two and a half minutes", "when the pilot reads a new record of it"
    ),
    hold_kinds.BLIND_VENUE: HoldRow(
        "blind venue",
        "for three minutes the pilot couldn't read an account's state at the venue, or the account is not in order there",
        "when the pilot sees it in order",
    ),
    hold_kinds.BLIND_LEASE: HoldRow("blind lease", "an account hasn't accepted its lease within ten seconds", "when it has"),
    hold_kinds.BLIND_KILL: HoldRow(
        "blind kill",
        "the pilot killed one in four accounts or more, and the trader or the venue doesn't show it yet",
        "when both do",
    ),
}


def page(old: str) -> str:
    """The page with its generated parts made again."""
    parts = {
        "causes": _table(CAUSES_HEAD, _causes()),
        "holds": _table(HOLDS_HEAD, _holds()),
        "evidence": _table(("class", "what it is"), ((str(rank), what) for rank, what in RANKS.items())),
        "producers": _table(PRODUCERS_HEAD, _producers()),
        "items": _table(ITEMS_HEAD, _items()),
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


def _items() -> Iterator[tuple[str, ...]]:
    """One row for each item of each of these plans. An item that nothing is known to show is an error here."""
    own = {each.claim: each.by for each in reversed(OF_CLAIMS)}
    chaos = {claim: f"`fairway chaos CONFIG --claim {claim}`" for claim in items()}
    for name in FLOWN:
        for item in parse(shipped.text(name)).plan.checklist:
            by = {**own, **chaos, **BY_HAND}[item.id]
            yield f"`{item.id}`", name, str(item.need), by


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


def _holds() -> Iterator[tuple[str, ...]]:
    """One row for each kind of hold; those of gates, caps and alarms come last, for what they contain depends on the plan."""
    for kind in HOLD_KINDS:
        row, contains = HOLDS[kind], "yes" if kind.contains else "no"
        yield f"`{row.id}`", row.cause, contains, str(kind.severity or "-"), str(kind.lifting), row.ends or _released(kind)
    gate = hold_kinds.gate_kind(Effect.HOLD)
    contains = "if the stage says `on_fail: reduce only`, `kill` or `flatten`"
    yield "`gate TRACK/GATE`", "a gate of the stage says FAIL", contains, "-", str(gate.lifting), _released(gate)
    contains, lifting = "see [the causes](#what-a-cause-leads-to)", str(Lifting.ITSELF)
    cause = "the trader has raised a cap, or an alarm of the plan is active"
    yield "`cause CAP`, `cause alarm NAME`", cause, contains, "P1; P0 for a kill", lifting, "when the cap or the alarm ends"


def _released(kind: HoldKind) -> str:
    assert kind.lifting is Lifting.PERSON, kind.name
    return RELEASED + AGAIN * kind.restarts_stage


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    run(PAGE, page)
