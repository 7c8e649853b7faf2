"""Runbooks: what each is for, its steps, and when it was last executed."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from fairway.api.context import Asking, Context
from fairway.api.problems import documented
from fairway.api.views.shown import instant
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.operations.runbooks.listing import LIST_RUNBOOKS, SHOW_RUNBOOK, RunbookRequest, RunbooksRequest, RunbookSummary

router: Final = APIRouter(prefix="/api/v1/runbooks", tags=["incidents"])
Name = Annotated[str, Path(pattern="^[a-z0-9-]{1,60}$", examples=["orders-failing"])]


class ShownRunbook(BaseModel):
    """last_executed: "" for never. is_overdue: not followed to its end within 30 days."""

    name: str = Field(examples=["orders-failing"])
    about: str
    severity: str
    alerts: list[str]
    steps: int
    last_executed: str
    last_by: str
    last_end: str
    is_overdue: bool


class RunbookDetails(BaseModel):
    """A runbook as its file has it."""

    summary: ShownRunbook
    runbook: dict[str, Any]


@router.get("", responses=documented(401, 403, 422, 429, 503))
def runbooks(caller: Asking, context: Context) -> list[ShownRunbook]:
    """Every runbook, by name."""
    found = perform(LIST_RUNBOOKS, Call(actor=caller.actor, request=RunbooksRequest(config=context.config)))
    return [_shown(each) for each in found.runbooks]


@router.get("/{name}", responses=documented(401, 403, 422, 429, 503))
def runbook(caller: Asking, context: Context, name: Name) -> RunbookDetails:
    """A runbook with its steps."""
    found = perform(SHOW_RUNBOOK, Call(actor=caller.actor, request=RunbookRequest(config=context.config, name=name)))
    tree = found.written.composed.tree
    return RunbookDetails(summary=_shown(found.summary), runbook=tree if isinstance(tree, dict) else {})


def _shown(summary: RunbookSummary) -> ShownRunbook:
    last = summary.last
    return ShownRunbook(
        name=summary.name,
        about=summary.about,
        severity=summary.severity,
        alerts=list(summary.alerts),
        steps=summary.steps,
        last_executed=instant(last.at) if last is not None else "",
        last_by=last.by if last is not None else "",
        last_end=last.end.value if last is not None else "",
        is_overdue=summary.is_overdue,
    )
