"""Errors as problem documents (RFC 9457): a status, a code for programs, a sentence for people, and a right example."""

from typing import Any, Final

from fastapi import FastAPI, Request, status
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from fairway.assembly.tower import NotBegun, TraderNeverRan
from fairway.journal.port import JournalError
from fairway.launch.evidence.importers.port import ImportFailed
from fairway.operations.refusal import Ground, Refusal
from fairway.people.problems import ChangeRefused, PeopleError
from fairway.store.failures import StoreError
from fairway.texts.problems import FileError

MEDIA_TYPE: Final = "application/problem+json"
REFERENCE: Final = "#/components/schemas/ProblemDocument"
NO_TYPE: Final = "about:blank"
"""The reason is told by `code`; no page on the network is needed to read it."""


class FieldProblem(BaseModel):
    """One field of a request that is wrong."""

    field: str
    what: str


class ProblemDocument(BaseModel):
    """Why a request was not served, as RFC 9457 has it. code: `CATEGORY_CONDITION`, perhaps with `: key=value`."""

    type: str = NO_TYPE
    title: str = Field(examples=["Conflict"])
    status: int = Field(examples=[409])
    code: str = Field(examples=["LAUNCH_NOT_BEGUN"])
    detail: str = Field(examples=["no launch has begun beside this trader; start one with: fairway launch start"])
    instance: str = Field(default="", examples=["/api/v1/launch"])
    errors: list[FieldProblem] = []


STATUS: Final[dict[Ground, int]] = {
    Ground.INPUT: status.HTTP_422_UNPROCESSABLE_CONTENT,
    Ground.RULE: status.HTTP_409_CONFLICT,
    Ground.PERMISSION: status.HTTP_403_FORBIDDEN,
    Ground.CONFIGURATION: status.HTTP_503_SERVICE_UNAVAILABLE,
    Ground.IN_USE: status.HTTP_409_CONFLICT,
    Ground.KEY_REFUSED: status.HTTP_502_BAD_GATEWAY,
    Ground.VENUE_UNREACHABLE: status.HTTP_504_GATEWAY_TIMEOUT,
}
"""By the ground of a refusal."""

TITLES: Final = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    408: "Request Timeout",
    409: "Conflict",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


class HttpProblem(Exception):
    """Raised where the HTTP layer itself refuses a request; what an operation refuses is a Refusal."""

    def __init__(
        self,
        code: int,
        reason: str,
        detail: str,
        *,
        headers: dict[str, str] | None = None,
        errors: tuple[FieldProblem, ...] = (),
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = code, reason, detail
        self.headers, self.errors = headers or {}, errors


def documented(*codes: int) -> dict[int | str, dict[str, Any]]:
    """The problems that a path may answer with, for its OpenAPI."""
    content = {MEDIA_TYPE: {"schema": {"$ref": REFERENCE}}}
    return {code: {"content": content, "description": TITLES[code]} for code in sorted(codes)}


def problem_of(error: Exception) -> HttpProblem | None:
    """The problem that a known error of the rooms below is; None for a bug."""
    match error:
        case HttpProblem():
            return error
        case Refusal():
            fields = (FieldProblem(field=error.field, what=error.sentence()),) if error.field else ()
            return HttpProblem(STATUS[error.ground], error.code, error.sentence(), errors=fields)
        case ChangeRefused():
            return HttpProblem(409, _code_in(str(error), "CHANGE_REFUSED"), str(error))
        case NotBegun() | TraderNeverRan():
            return HttpProblem(409, "LAUNCH_NOT_BEGUN", str(error))
        case JournalError():
            return HttpProblem(503, f"JOURNAL_{type(error).__name__.removeprefix('Journal').upper()}", str(error))
        case StoreError():
            return HttpProblem(503, f"REGISTRY_{type(error).__name__.removeprefix('Store').upper()}", str(error))
        case PeopleError():
            return HttpProblem(503, "VAULT_UNUSABLE", str(error))
        case ImportFailed():
            return HttpProblem(422, "EVIDENCE_UNREADABLE", str(error))
        case FileError():
            return HttpProblem(503, "CONFIGURATION_WRONG", str(error))
    return None


def _code_in(text: str, otherwise: str) -> str:
    """The code that a refusal of the registry begins with, where it begins with one."""
    head = text.partition(";")[0]
    word = head.partition(":")[0]
    return head if word.isupper() and "_" in word else otherwise


def response_of(problem: HttpProblem, instance: str) -> JSONResponse:
    """The document as it is sent."""
    document = ProblemDocument(
        title=TITLES.get(problem.status, "Error"),
        status=problem.status,
        code=problem.code,
        detail=problem.detail,
        instance=instance,
        errors=list(problem.errors),
    )
    return JSONResponse(
        document.model_dump(exclude_defaults=True) | {"type": NO_TYPE},
        status_code=problem.status,
        headers=problem.headers,
        media_type=MEDIA_TYPE,
    )


def handle_problems(app: FastAPI) -> None:
    """Makes every error of this application a problem document."""

    async def known(request: Request, error: Exception) -> JSONResponse:
        problem = problem_of(error)
        if problem is None:
            raise error
        request.state.code = problem.code
        return response_of(problem, request.url.path)

    async def invalid(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        return await known(request, _of_validation(error))

    async def plain(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        return await known(request, _of_status(error, request))

    for kind in (HttpProblem, Refusal, PeopleError, StoreError, JournalError, FileError, NotBegun, TraderNeverRan):
        app.add_exception_handler(kind, known)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, plain)


def _of_validation(error: RequestValidationError) -> HttpProblem:
    found = error.errors()
    if any(each["type"] == "json_invalid" for each in found):
        return _no_json()
    fields = tuple(FieldProblem(field=_place(each["loc"]), what=each["msg"][:300]) for each in found[:20])
    told = "; ".join(f"{each.field}: {each.what}" for each in fields)
    return HttpProblem(
        422, "FIELD_WRONG: " + " ".join(f"field={each.field}" for each in fields)[:200], told[:2_000], errors=fields
    )


def _no_json() -> HttpProblem:
    what = 'the body is no JSON; a right one is an object such as {"reason": "it buys every minute"}'
    return HttpProblem(422, "BODY_WRONG: form=json", what)


def _place(loc: tuple[int | str, ...]) -> str:
    """Where a value stands, as `body.symbol`."""
    return ".".join(str(each)[:64] for each in loc)


def _of_status(error: HTTPException, request: Request) -> HttpProblem:
    headers = dict(error.headers or {})
    match error.status_code:
        case 400 if "parsing the body" in str(error.detail):  # FastAPI's word for a body that is no text, or nested too deeply
            return _no_json()
        case 404:
            return HttpProblem(404, "PATH_UNKNOWN", f"there is nothing at {request.url.path[:200]}; /docs lists what there is")
        case 405:
            return HttpProblem(
                405, "METHOD_WRONG", f"{request.method} is not served at {request.url.path[:200]}", headers=headers
            )
    return HttpProblem(error.status_code, "REQUEST_WRONG", str(error.detail), headers=headers)
