"""The paths of commands: one for each operation, and one that says what became of a command."""

import re
from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Header, Path, Query, Response, status
from pydantic import BaseModel, Field, TypeAdapter
from starlette.concurrency import run_in_threadpool

from fairway.api.authentication import Caller
from fairway.api.command_bodies import CommandForm, command_forms
from fairway.api.command_record import CommandRecord, CommandState
from fairway.api.command_runner import CommandRunner
from fairway.api.context import Asking, Context, Lowering, ServerContext
from fairway.api.problems import HttpProblem, documented
from fairway.api.threads import short
from fairway.operations.operation import Call, Exposure, Preview
from fairway.operations.perform import preview
from fairway.operations.permissions import may_read_all
from fairway.world.clock import text_of

KEY_MAX: Final = 100
WAIT_MAX_S: Final = 30
_WAIT: Final = re.compile(r"(?:^|[,;\s])wait=(\d{1,4})(?:$|[,;\s])")
_PROBLEMS: Final = documented(401, 403, 409, 413, 422, 429, 503)

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=KEY_MAX,
        description="The same command with the same key is performed once, however often it is sent",
    ),
]
Prefer = Annotated[str, Header(max_length=200, description="`wait=5` waits up to 5 s for the end, 30 s at most")]


class CommandStatus(BaseModel):
    """What became of a command. ended_at: "" while it runs. request, outcome: of the operation's own fields."""

    id: str
    operation: str
    by: str
    state: CommandState
    accepted_at: str = Field(examples=["2026-11-25T12:00:00.000000Z"])
    ended_at: str
    code: str = Field(description="Why it was refused; empty where it was performed")
    sentences: list[str] = Field(description="What happened, in words for people")
    request: dict[str, Any]
    outcome: dict[str, Any] | None


class CommandPreview(BaseModel):
    """What a command would do now; nothing is changed."""

    effect: str
    details: list[str]
    accounts: list[str]
    orders: list[str]
    positions: list[str]
    changes: list[str]
    unknown: list[str]


def shown_preview(found: Preview) -> CommandPreview:
    """A preview as it is shown."""
    return CommandPreview(
        effect=found.effect,
        details=list(found.details),
        accounts=list(found.accounts),
        orders=list(found.orders),
        positions=list(found.positions),
        changes=list(found.changes),
        unknown=list(found.unknown),
    )


def status_of(record: CommandRecord) -> CommandStatus:
    """A command as it is shown."""
    return CommandStatus(
        id=record.id,
        operation=record.operation,
        by=record.by,
        state=record.state,
        accepted_at=text_of(record.accepted_at),
        ended_at=text_of(record.ended_at) if record.ended_at else "",
        code=record.code,
        sentences=list(record.sentences),
        request=msgspec.json.decode(record.request),
        outcome=msgspec.json.decode(record.outcome) if record.outcome else None,
    )


def command_router(runner: CommandRunner) -> APIRouter:
    """All commands of one server."""
    router = APIRouter(prefix="/api/v1/commands", tags=["commands"])
    for form in command_forms().values():
        _add_command(router, form, runner)
        _add_preview(router, form)
    _add_reading(router, runner)
    return router


async def sent(
    runner: CommandRunner, form: CommandForm, body: BaseModel, caller: Caller, context: ServerContext, key: str, wait_s: float
) -> CommandRecord:
    """Accepts a command, and waits for its end for a while. Raises HttpProblem, Refusal, JournalErrors."""
    shown = TypeAdapter(type(body)).dump_json(body).decode()
    request = form.request(body, caller, context)
    record = await short(runner.accept, form.operation, request, shown, caller, key)
    return await runner.ended(record.id, wait_s) if wait_s else record


def _add_command(router: APIRouter, form: CommandForm, runner: CommandRunner) -> None:
    async def command(
        body: Any, context: Context, caller: Any, response: Response, idempotency_key: Any = "", prefer: Any = ""
    ) -> CommandStatus:
        record = await sent(runner, form, body, caller, context, idempotency_key, _wait_s(prefer))
        response.headers["Location"] = f"/api/v1/commands/{record.id}"
        if record.state is not CommandState.RUNNING:
            response.status_code = status.HTTP_200_OK
        return status_of(record)

    lowers = form.operation.exposure is Exposure.LOWERS
    own = {"body": form.body, "caller": Lowering if lowers else Asking, "idempotency_key": IdempotencyKey, "prefer": Prefer}
    command.__annotations__ = {**command.__annotations__, **own}
    router.add_api_route(
        f"/{form.slug}",
        command,
        methods=["POST"],
        status_code=status.HTTP_202_ACCEPTED,
        responses={
            200: {"model": CommandStatus, "description": "It has ended: the sender waited, or sent it before"},
            **_PROBLEMS,
        },
        summary=form.operation.summary,
        description=_described(form),
        operation_id=f"command_{form.slug.replace('-', '_')}",
    )


def _described(form: CommandForm) -> str:
    exposure = form.operation.exposure
    asks = {
        Exposure.RAISES: "It raises exposure or rights, so it asks for a sign-in of the last 5 minutes.",
        Exposure.LOWERS: "It lowers exposure: a user may always do that to the own accounts, and no limit of requests counts.",
        Exposure.KEEPS: "It keeps exposure as it is.",
    }[exposure]
    return f"{asks} The answer names the command; what became of it is told at `/api/v1/commands/{{id}}` and by the events."


def _add_preview(router: APIRouter, form: CommandForm) -> None:
    async def shown(body: Any, context: Context, caller: Asking) -> CommandPreview:
        call = Call(actor=caller.actor, request=form.request(body, caller, context))
        return shown_preview(await run_in_threadpool(preview, form.operation, call))

    shown.__annotations__ = {**shown.__annotations__, "body": form.body}
    router.add_api_route(
        f"/{form.slug}/preview",
        shown,
        methods=["POST"],
        responses=documented(401, 403, 409, 413, 422, 429, 502, 503, 504),
        summary=f"What this would do now: {form.operation.summary}",
        operation_id=f"preview_{form.slug.replace('-', '_')}",
    )


def _add_reading(router: APIRouter, runner: CommandRunner) -> None:
    @router.get("", responses=documented(401, 403, 422, 429, 503))
    def commands(caller: Asking, limit: Annotated[int, Query(ge=1, le=1_000)] = 100) -> list[CommandStatus]:
        """The newest commands, the newest first: all of them for who may read the whole bot, else the own ones."""
        return [status_of(each) for each in runner.newest(limit) if _may_see(caller, each)]

    @router.get("/{command_id}", responses=documented(401, 403, 404, 422, 429, 503))
    def command(caller: Asking, command_id: Annotated[str, Path(pattern="^[0-9a-f]{1,32}$")]) -> CommandStatus:
        """What became of a command at the venue, the trader or the pilot."""
        found = runner.get(command_id)
        if found is None or not _may_see(caller, found):
            raise HttpProblem(404, f"COMMAND_UNKNOWN: id={command_id}", f"there is no command {command_id}")
        return status_of(found)


def _may_see(caller: Caller, record: CommandRecord) -> bool:
    """A command is seen by who sent it, and by who may read the whole bot."""
    return record.by == caller.actor.name or may_read_all(caller.actor)


def _wait_s(prefer: str) -> float:
    """Of a header `Prefer: wait=5` (RFC 7240)."""
    found = _WAIT.search(prefer)
    return float(min(int(found[1]), WAIT_MAX_S)) if found else 0.0
