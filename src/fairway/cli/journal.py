"""`fairway journal`: shows, verifies, exports and backs up a journal, of any author, while it is written or after."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter

from fairway.cli.answer import CommandOutput, shows
from fairway.cli.exits import ExitCode, Failure, check_new_file
from fairway.cli.interrupts import unwound
from fairway.cli.lines import COLUMNS, columns
from fairway.cli.shared_options import Flag
from fairway.cli.whole_numbers import whole
from fairway.journal.port import TRADER_STREAM, Record
from fairway.journal.record_text import csv_rows, export_line
from fairway.operations.trader.verify_journal import VerifyJournalOutcome, verified
from fairway.world.files import replaced

if TYPE_CHECKING:
    from fairway.journal.reader import SqlReader

Where = Annotated[str, Parameter(help="The journal: its file, or the URL of its database, postgresql://user@host/name.")]
Trader = Annotated[str, Parameter(help="Whose journal, where a database holds several.")]
Stream = Annotated[str, Parameter(help="Which stream of a database: trader, commands, launch, or launch commands.")]

app = App(name="journal", help="Show, verify, export and back up a journal.")


@app.command
def show(
    where: Where,
    /,
    *,
    since: Annotated[int, whole(1)] = 1,
    kind: str | None = None,
    order: str | None = None,
    json: Flag = False,
    trader: Trader = "",
    stream: Stream = "",
) -> int:
    """Show the records of a journal, oldest first.

    Parameters
    ----------
    since: int
        Begin with the record of this number.
    kind: str
        Records of this kind only, such as OrderFilled; capitals and small letters count alike.
    order: str
        Records that name this client order id only.
    json: bool
        One JSON object a line, as `export --to jsonl` writes them.
    """
    with _opened(where, trader, stream) as journal:
        chosen = _chosen(journal, since, kind, order)
        if json:
            _write_lines(chosen)
        else:
            _write_columns(chosen)
    return ExitCode.OK


@app.command
@shows
def verify(where: Where, /, *, digest: str = "", trader: Trader = "", stream: Stream = "") -> CommandOutput:
    """Check that no record of a journal was changed, lost, moved or put in.

    Parameters
    ----------
    digest: str
        A digest that was kept elsewhere, as in a report; the journal must hold it. Without one, a cut at the end cannot be seen.
    """
    with _opened(where, trader, stream) as journal:
        found = _verified(journal, digest)
    value = {
        "is_whole": True,
        "records": found.records,
        "mode": found.mode,
        "trader": found.trader,
        "digest": found.digest,
    }
    return CommandOutput(value=value, text=list(found.lines))


@app.command
def export(
    where: Where,
    /,
    *,
    to: Literal["jsonl", "csv"],
    out: Path | None = None,
    force: Flag = False,
    trader: Trader = "",
    stream: Stream = "",
) -> int:
    """Write all records as JSON lines or CSV. Bodies and digests are kept to the byte, so that others can verify them.

    Parameters
    ----------
    to: Literal["jsonl", "csv"]
        The form.
    out: Path
        The file to write; without it, the standard output.
    force: bool
        Overwrite a file that is already there.
    """
    with _opened(where, trader, stream) as journal:
        lines = _jsonl(journal) if to == "jsonl" else csv_rows(journal.read())
        if out is None:
            for line in lines:
                sys.stdout.buffer.write(line)
        else:
            _write_file(out, lines, force=force)
    return ExitCode.OK


@app.command
def backup(where: Where, out: Path, /, *, force: Flag = False) -> int:
    """Copy a journal's file, also while it is written, and verify the copy. A plain copy of a file in use may be torn.

    Parameters
    ----------
    out: Path
        The file to write.
    force: bool
        Overwrite a file that is already there.
    """
    from fairway.journal.backup import back_up
    from fairway.store.place import place_of

    source = place_of(where)
    if not isinstance(source, Path):
        raise Failure("a journal in PostgreSQL is backed up with its own tool: pg_dump --format=custom", ExitCode.USAGE)
    check_new_file(out, force=force)
    with unwound():
        back_up(source, out)
    with _opened(str(out), "", "") as journal:
        print(*_verified(journal, "").lines)
    return ExitCode.OK


@app.command
def project(where: Where, /, *, into: str = "", trader: Trader = "", rebuild: Flag = False) -> int:
    """Bring the read models up to a journal: tables of orders, fills, round trips and caps in force, for your own SQL.

    Parameters
    ----------
    into: str
        Where they are kept; without it beside the journal, as FILE.models, or in its database.
    rebuild: bool
        Make all of them again from the first record.
    """
    from fairway.journal.events import Codec
    from fairway.journal.kinds import EVENTS
    from fairway.journal.projector import Projector, models_beside
    from fairway.store.place import name_of, place_of

    place = place_of(into) if into else models_beside(place_of(where))
    with _opened(where, trader, TRADER_STREAM) as journal:
        projector = Projector(place, Codec(*EVENTS), trader=journal.trader)
        count = projector.rebuild(journal) if rebuild else projector.catch_up(journal)
    rows = ", ".join(f"{name.replace('_', ' ')} {number:,}" for name, number in projector.counts().items())
    print(f"{count:,} records projected into {name_of(place)}; it holds: {rows}")
    return ExitCode.OK


def _opened(where: str, trader: str, stream: str) -> "SqlReader":
    """A file holds one stream, and is opened with it; of a database it is the trader's unless the option names another."""
    from fairway.journal.sql import open_reader
    from fairway.store.place import place_of

    place = place_of(where)
    own = "" if isinstance(place, Path) else TRADER_STREAM
    return open_reader(place, trader=trader, stream=stream or own)


def _verified(journal: "SqlReader", digest: str) -> VerifyJournalOutcome:
    """The verdict where it is whole. Raises Failure where it is not."""
    found = verified(journal, digest)
    if found.flaw:
        raise Failure(" ".join(found.lines), ExitCode.JOURNAL_BROKEN)
    return found


def _write_file(out: Path, lines: Iterator[bytes], *, force: bool) -> None:
    """Whole or not at all: a file that stops in the middle looks like a shorter journal."""
    check_new_file(out, force=force)
    with unwound(), replaced(out) as draft, draft.open("wb") as file:
        file.writelines(lines)


def _chosen(journal: "SqlReader", since: int, kind: str | None, order: str | None) -> Iterator[Record]:
    name, wanted = f'"{order}"'.encode(), kind.casefold() if kind is not None else None
    for record in journal.read(after=max(0, since - 1)):
        if (wanted is None or record.kind.casefold() == wanted) and (order is None or name in record.body):
            yield record


def _jsonl(journal: "SqlReader") -> Iterator[bytes]:
    for record in journal.read():
        yield export_line(record)


def _write_lines(records: Iterator[Record]) -> None:
    for record in records:
        sys.stdout.buffer.write(export_line(record))


def _write_columns(records: Iterator[Record]) -> None:
    """In a terminal in colour; piped on as plain text, which is also what makes a million records bearable."""
    if not sys.stdout.isatty():
        print(COLUMNS)
        for record in records:
            print(columns(record))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console()
    console.print(COLUMNS, style="bold", highlight=False)
    for record in records:
        line = Text(columns(record), no_wrap=False)
        line.stylize("dim", 0, 33)
        line.stylize("cyan", 57, 73)
        console.print(line)
