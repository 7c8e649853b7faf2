"""The statement of a month as CSV, for who is signed in: of the accounts that this person may see."""

from typing import Final

from fastapi import FastAPI, Request
from starlette.responses import Response

from fairway.api.authentication import Caller
from fairway.api.context import ServerContext
from fairway.api.problems import HttpProblem, problem_of, response_of
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.operations.trader.period_reports import PERIOD, PeriodRequest
from fairway.panel.guards import MOUNT
from fairway.panel.journal_export import ONE_TIME
from fairway.reports.statement import statement_csv
from fairway.world.clock import DAY, datetime_of, parse_instant

_PATH: Final = "/reports/statement.csv"


def statement_href(month: str) -> str:
    """The address of the statement of a month, such as `2026-11`."""
    return f"{MOUNT}{_PATH}?month={month}"


def newest_months(now: int) -> tuple[str, str]:
    """The month of an instant (ns) and the one before it, such as `2026-11`, UTC."""
    first = datetime_of(now).replace(day=1)
    before = first.replace(year=first.year - 1, month=12) if first.month == 1 else first.replace(month=first.month - 1)
    return f"{first:%Y-%m}", f"{before:%Y-%m}"


def period_of(month: str, now: int) -> tuple[int, int]:
    """The begin of the last day (ns) and how many days: all of a month, or as far as it has come. Raises HttpProblem."""
    try:
        begin = parse_instant(f"{month}-01T00:00:00Z")
    except ValueError:
        raise HttpProblem(422, "MONTH_WRONG", f"month={month} is no month; an example: month=2026-11") from None
    if begin > now:
        raise HttpProblem(422, "MONTH_AHEAD", f"month={month} has not come yet")
    first = datetime_of(begin)
    after = first.replace(year=first.year + 1, month=1) if first.month == 12 else first.replace(month=first.month + 1)
    end = parse_instant(f"{after:%Y-%m}-01T00:00:00Z")
    last = min(end, now - now % DAY + DAY) - DAY
    return last, (last - begin) // DAY + 1


def add_statement(pages: FastAPI, context: ServerContext) -> None:
    """Adds the path to the application of the pages, which asks for a sign-in before it."""

    @pages.get(_PATH)
    def statement(request: Request, month: str) -> Response:
        try:
            return _statement(request.state.caller, context, month)
        except Exception as error:
            problem = problem_of(error)
            if problem is None:
                raise
            return response_of(problem, request.url.path)


def _statement(caller: Caller, context: ServerContext, month: str) -> Response:
    """Raises HttpProblem, Refusal, JournalErrors."""
    if not context.authenticator.has_own_password(caller.actor.name):
        raise HttpProblem(403, "PASSWORD_ONE_TIME", ONE_TIME)
    day, days = period_of(month, context.clock.now())
    asked = PeriodRequest(config=context.config, day=day, days=days)
    whole = perform(PERIOD, Call(actor=caller.actor, request=asked)).whole
    headers = {"Content-Disposition": f'attachment; filename="fairway-statement-{month}.csv"', "Cache-Control": "no-store"}
    return Response(statement_csv(whole), media_type="text/csv; charset=utf-8", headers=headers)
