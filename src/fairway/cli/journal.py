"""`fairway journal`: shows, verifies and exports a journal, whoever wrote it, while it is written or after."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from fairway.cli.exits import Exit, Failure, check_new_file
from fairway.cli.lines import COLUMNS, columns, csv_rows, export_line
from fairway.cli.numbers import whole
from fairway.cli.stopping import unwound
from fairway.journal.chain import verify as verify_chain
from fairway.journal.port import Record
from fairway.journal.reader import SqlReader
from fairway.journal.sql import open_reader

Flag = Parameter(negative=())

app = App(name="journal", help="Show, verify and export a journal.")


@app.command
def show(
    file: Path,
    /,
    *,
    since: Annotated[int, whole(1)] = 1,
    kind: str | None = None,
    order: str | None = None,
    json: Annotated[bool, Flag] = False,
) -> int:
    """Show the records of a journal, oldest first.

    Parameters
    ----------
    file: Path
        The journal.
    since: int
        Begin with the record of this number.
    kind: str
        Records of this kind only, such as OrderFilled.
    order: str
        Records that name this client order id only.
    json: bool
        One JSON object a line, as `export --to jsonl` writes them.
    """
    with open_reader(file) as journal:
        chosen = _chosen(journal, since, kind, order)
        if json:
            _write_lines(chosen)
        else:
            _write_columns(chosen)
    return Exit.OK


@app.command
def verify(file: Path, /, *, digest: str = "") -> int:
    """Check that no record of a journal was changed, lost, moved or put in.

    Parameters
    ----------
    file: Path
        The journal.
    digest: str
        A digest that was kept elsewhere, as in a report; the journal must hold it. Without one, a cut at the end cannot be seen.
    """
    with open_reader(file) as journal:
        flaw = verify_chain(journal.read(), known=digest)
        last = journal.last()
    if flaw is not None:
        raise Failure(f"the journal {file} is broken at {flaw}", Exit.JOURNAL_BROKEN)
    if last is None:
        print(f"{file} holds no records yet")
    else:
        print(f"{file} is whole: {last.seq:,} records, mode {journal.mode}, trader {journal.trader}, digest {last.digest}")
    return Exit.OK


@app.command
def export(
    file: Path,
    /,
    *,
    to: Literal["jsonl", "csv"],
    out: Path | None = None,
    force: Annotated[bool, Flag] = False,
) -> int:
    """Write all records as JSON lines or CSV. Bodies and digests are kept to the byte, so that others can verify them.

    Parameters
    ----------
    file: Path
        The journal.
    to: Literal["jsonl", "csv"]
        The form.
    out: Path
        The file to write; without it, the standard output.
    force: bool
        Overwrite a file that is already there.
    """
    with open_reader(file) as journal:
        lines = _jsonl(journal) if to == "jsonl" else csv_rows(journal.read())
        if out is None:
            for line in lines:
                sys.stdout.buffer.write(line)
        else:
            _write_file(out, lines, force=force)
    return Exit.OK


def _write_file(out: Path, lines: Iterator[bytes], *, force: bool) -> None:
    """Whole or not at all: a file that stops in the middle looks like a shorter journal."""
    check_new_file(out, force=force)
    part = out.with_name(f"{out.name}.part")
    with unwound():
        try:
            with part.open("wb") as file:
                file.writelines(lines)
            part.replace(out)
        finally:
            part.unlink(missing_ok=True)


def _chosen(journal: SqlReader, since: int, kind: str | None, order: str | None) -> Iterator[Record]:
    name = f'"{order}"'.encode()
    for record in journal.read(after=max(0, since - 1)):
        if (kind is None or record.kind == kind) and (order is None or name in record.body):
            yield record


def _jsonl(journal: SqlReader) -> Iterator[bytes]:
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
