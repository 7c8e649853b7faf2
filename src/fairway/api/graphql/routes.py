"""The path of GraphQL: POST /graphql, for who has signed in."""

from typing import Any, Final

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from graphql import OperationType
from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema

from fairway.api.access_log import REFUSED
from fairway.api.authentication import Caller
from fairway.api.command_runner import CommandRunner
from fairway.api.context import Context, ServerContext, Uncounted, count_request
from fairway.api.graphql.asking import GraphQLAsking
from fairway.api.graphql.bounds import DEPTH_MAX, QUERY_MAX, AskedOperation
from fairway.api.graphql.errors import extensions_of
from fairway.api.graphql.mutations import LOWERING
from fairway.api.graphql.schema import asked_of, executed
from fairway.api.problems import HttpProblem, documented
from fairway.api.sign_in_routes import Body

PATH: Final = "/graphql"
READING_THREADS: Final = 8
"""Documents that are executed at the same time; the others wait their turn."""
LOWERING_THREADS: Final = 16
"""For documents of which every field lowers exposure; nothing else ever takes one of these."""
_DESCRIPTION: Final = """\
The same operations as under `/api/v1`, with the same sign-in, roles and limits. The schema is in `docs/reference/schema.graphql`.
What is refused within a document is told in `errors`, each with `extensions.code` and `extensions.status`."""


class GraphQLBody(Body):
    """A document of GraphQL."""

    query: str = Field(max_length=QUERY_MAX, examples=["{ strategies { id status whyNot } }"])
    variables: dict[str, Any] | None = None
    operation_name: str | None = Field(default=None, alias="operationName", max_length=200)
    extensions: dict[str, Any] | None = Field(default=None, description="Taken, and not used")


class GraphQLFault(BaseModel):
    """Why a field, or the document, was not answered. extensions: code and status, as in a problem document."""

    message: str
    extensions: dict[str, Any]
    locations: list[dict[str, int]] | SkipJsonSchema[None] = None
    path: list[str | int] | SkipJsonSchema[None] = None


class GraphQLAnswer(BaseModel):
    """data is left out where the document itself is refused; errors where there is none."""

    data: dict[str, Any] | None = None
    errors: list[GraphQLFault] | SkipJsonSchema[None] = None


def graphql_router(runner: CommandRunner) -> APIRouter:
    """Of one server."""
    router = APIRouter(tags=["graphql"])
    reading, lowering = CapacityLimiter(READING_THREADS), CapacityLimiter(LOWERING_THREADS)

    @router.post(
        PATH,
        response_model=GraphQLAnswer,
        responses=documented(401, 403, 413, 422, 429, 503),
        summary="Ask for several things at once, and for the fields that you need",
        description=_DESCRIPTION,
    )
    async def graphql(body: GraphQLBody, request: Request, context: Context, caller: Uncounted) -> JSONResponse:
        asking = GraphQLAsking(caller=caller, server=context, runner=runner)
        try:
            asked = asked_of(body.query, body.variables or {}, body.operation_name or "")
        except HttpProblem as problem:
            count_request(caller, context)
            return _refused(problem)
        lowers = _counted(asked, request, caller, context)
        answer = await to_thread.run_sync(_answer, body, asking, limiter=lowering if lowers else reading)
        _note_refusal(answer, request)
        return JSONResponse(answer)

    return router


def _counted(asked: AskedOperation, request: Request, caller: Caller, context: ServerContext) -> bool:
    """Whether all that is asked lowers exposure: no limit of requests and no full disk stands in its way. Raises HttpProblem."""
    request.state.asked = f"{PATH} {' '.join(asked.roots)}"
    lowers = asked.kind is OperationType.MUTATION and bool(asked.roots) and LOWERING.issuperset(asked.roots)
    if lowers:
        request.state.lowers = True
    else:
        count_request(caller, context)
    return lowers


def _answer(body: GraphQLBody, asking: GraphQLAsking) -> dict[str, Any]:
    """Blocks."""
    try:
        return executed(body.query, body.variables or {}, body.operation_name or "", asking)
    except RecursionError:
        return _told(HttpProblem(422, f"QUERY_DEEP: max={DEPTH_MAX}", "values of the query are nested too deeply"))


def _refused(problem: HttpProblem) -> JSONResponse:
    return JSONResponse(_told(problem))


def _told(problem: HttpProblem) -> dict[str, Any]:
    return {"errors": [{"message": problem.detail, "extensions": extensions_of(problem)}]}


def _note_refusal(answer: dict[str, Any], request: Request) -> None:
    """The first refusal of a field goes into the server's journal as one of a path does."""
    for error in answer.get("errors", ()):
        if error["extensions"]["status"] in REFUSED:
            request.state.refused, request.state.code = error["extensions"]["status"], error["extensions"]["code"]
            return
