"""Sends a whole journal as a file, to who is signed in: the records that this person may see, page by page."""

from collections.abc import Iterator
from enum import StrEnum
from itertools import chain
from typing import Final

from fastapi import FastAPI, Request
from starlette.responses import Response, StreamingResponse

from fairway.api.authentication import Caller
from fairway.api.context import ServerContext
from fairway.api.problems import HttpProblem, problem_of, response_of
from fairway.journal.port import Record
from fairway.journal.record_text import csv_rows, export_line
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.operations.trader.read_journal import PAGE_MAX, READ_JOURNAL, JournalName, JournalRequest
from fairway.panel.guards import MOUNT

_PATH: Final = "/journal/export"
EXPORT: Final = f"{MOUNT}{_PATH}"


class ExportForm(StrEnum):
    """As `fairway journal export --to` has them."""

    CSV = "csv"
    JSON_LINES = "jsonl"

    @property
    def words(self) -> str:
        """For people."""
        return "CSV" if self is ExportForm.CSV else "JSON lines"

    @property
    def media_type(self) -> str:
        """For the browser, which shows neither."""
        return "text/csv; charset=utf-8" if self is ExportForm.CSV else "application/jsonl"

    def encoded(self, records: Iterator[Record]) -> Iterator[bytes]:
        """The file, in parts."""
        return csv_rows(records) if self is ExportForm.CSV else map(export_line, records)


_CSV: Final = ExportForm.CSV
ONE_TIME: Final = "set a password of your own first: the one you have is for one sign-in"


def add_export(pages: FastAPI, context: ServerContext) -> None:
    """Adds the path to the application of the pages, which asks for a sign-in before it."""

    @pages.get(_PATH)
    def export_journal(request: Request, journal: JournalName = JournalName.TRADER, form: ExportForm = _CSV) -> Response:
        try:
            return _export(request.state.caller, context, journal, form)
        except Exception as error:
            problem = problem_of(error)
            if problem is None:
                raise
            return response_of(problem, request.url.path)


def _export(caller: Caller, context: ServerContext, journal: JournalName, form: ExportForm) -> Response:
    """The first page is read before anything is sent, so that a refusal is an answer and no file. Raises what `_page` raises."""
    if not context.authenticator.has_own_password(caller.actor.name):
        raise HttpProblem(403, "PASSWORDONE_TIME", ONE_TIME)
    first = _page(caller, context, journal, 0)
    name = f"fairway-{context.settings.account}-{journal.value}.{form.value}"
    return StreamingResponse(
        form.encoded(chain(first, _further(caller, context, journal, first))),
        media_type=form.media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _page(caller: Caller, context: ServerContext, journal: JournalName, after: int) -> tuple[Record, ...]:
    """Raises Refusal, JournalErrors."""
    request = JournalRequest(config=context.config, journal=journal, after=after, limit=PAGE_MAX)
    return perform(READ_JOURNAL, Call(actor=caller.actor, request=request)).records


def _further(caller: Caller, context: ServerContext, journal: JournalName, page: tuple[Record, ...]) -> Iterator[Record]:
    """Those after the first page. An error here breaks the download off, which the browser reports."""
    while len(page) == PAGE_MAX:
        page = _page(caller, context, journal, page[-1].seq)
        yield from page
