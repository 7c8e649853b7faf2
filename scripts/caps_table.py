"""Writes the table of caps in docs/reference/caps.md from the kinds in risk/cap_kinds.py.

With --check it only says whether the table is current.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from scripts.pages import run

from fairway.risk import cap_kinds
from fairway.risk.cap_kinds import CAP_KINDS, CapKind

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "caps.md"
BEGIN, END = "<!-- from the code: scripts/caps_table.py -->", "<!-- end -->"
HEAD = ("cap", "source", "raised", "what it does", "alert", "lifted by", "ends")


class Row(NamedTuple):
    """What the page says of a kind that its fields do not."""

    raised: str
    effect: str = "opens nothing"
    scopes: tuple[str, ...] = ("",)
    """What follows the kind's name in the ids of its caps."""


SYMBOL = ("SYMBOL",)
EVERY_ACCOUNT = "opens nothing, in every account, also in one that joins later"
ROWS = {
    cap_kinds.SETTINGS: Row("by the configuration and its profile", "all limits"),
    cap_kinds.MAINTENANCE: Row("for each spell of the configuration's `maintenance`, from its beginning to its end"),
    cap_kinds.PAUSED: Row("by `fairway pause`"),
    cap_kinds.LIMITED: Row("by the drill `limit-breach` ([drills](../how-to/drills.md))", "fewer positions"),
    cap_kinds.RESUMED: Row("by `fairway resume`", "one position, a quarter of the size"),
    cap_kinds.REGISTRY: Row("by `fairway accounts pause` or `fairway users pause`"),
    cap_kinds.LEASE: Row("when the account needs a lease and has no valid one; a valid lease brings its own limits"),
    cap_kinds.KILL: Row("by a kill ([kill and resume](../how-to/kill-and-resume.md))", scopes=("account", "all", "SYMBOL")),
    cap_kinds.BREAKER_ACCOUNT: Row("by a guard in an emergency", "sells all, opens nothing"),
    cap_kinds.BREAKER_FLEET: Row(
        "by `fairway pause --everyone`, or when at least three accounts, and a quarter of all, have too many failed orders "
        "at once",
        EVERY_ACCOUNT,
    ),
    cap_kinds.TOTAL_LOSS: Row("when all accounts together have lost what their stage allows", EVERY_ACCOUNT),
    cap_kinds.HELD: Row(
        "when another program or person traded the symbol, when its position cannot be sold or explained, or when orders that "
        "the journal does not know bought it",
        "opens nothing in it",
        SYMBOL,
    ),
    cap_kinds.NAKED: Row("when stops have not covered its whole position for too long", "opens nothing in it", SYMBOL),
    cap_kinds.ANOTHER_TRADER: Row(
        "when the venue shows orders of this account that its journal cannot have sent: another trader runs, or the journal was "
        "lost, cut off or restored"
    ),
    cap_kinds.UNEXPLAINED: Row("when money came or went that no trade explains and no person has announced", scopes=("ASSET",)),
    cap_kinds.BALANCE_DOUBT: Row(
        "when the venue reports a balance that the open orders or another answer contradict, or that nothing confirms",
        "opens nothing, or nothing in the symbol",
        ("", "SYMBOL"),
    ),
    cap_kinds.NO_TRADING_RIGHT: Row("when the account or its key may not trade"),
    cap_kinds.WITHDRAWAL_RIGHT: Row("when the key may withdraw"),
    cap_kinds.ACCOUNT_TYPE: Row("when the kind of the account at the venue has changed"),
    cap_kinds.JOURNAL: Row("when the trader cannot write its journal"),
    cap_kinds.CLOCK: Row("when the machine's clock was set by more than ten seconds while the trader ran"),
    cap_kinds.COMMANDS: Row("when the trader cannot read the command inbox"),
    cap_kinds.CRASH_LOOP: Row("when the trader has crashed more than five times in ten minutes"),
}


def page(old: str) -> str:
    """The page with its table written again."""
    before, _, rest = old.partition(BEGIN)
    _, _, after = rest.partition(END)
    lines = (HEAD, ("---",) * len(HEAD), *(_row(kind) for kind in CAP_KINDS), *_guards())
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{after}"


def _row(kind: CapKind) -> tuple[str, ...]:
    row = ROWS[kind]
    ids = ", ".join(f"`{kind.id_of(scope)}`" for scope in row.scopes)
    return (
        ids,
        str(kind.source),
        row.raised,
        row.effect,
        str(kind.severity or "-"),
        str(kind.lifting),
        " ".join(kind.clears.split()),
    )


def _guards() -> Iterator[tuple[str, ...]]:
    """A row for all guards: their kinds differ by guard and by level, and have a page of their own."""
    where = "see [guards](guards.md)"
    yield (
        "`guard NAME`, `guard NAME SYMBOL`",
        "guard, loss budget",
        "by a guard",
        "half the size, or opens nothing",
        *(where,) * 3,
    )


if __name__ == "__main__":
    run(PAGE, page)
