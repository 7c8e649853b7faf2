"""The status page for who has no sign-in: the static files that alerting keeps, as they are."""

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from fairway.api.context import Context, ServerContext
from fairway.api.problems import HttpProblem, documented
from fairway.api.status_files import StatusFiles

router: Final = APIRouter(prefix="/status", tags=["status"])
_CACHED: Final = {"Cache-Control": "public, max-age=15"}
"""A CDN may answer for a while: the page says by itself when it is stale."""


@router.get("/", response_class=Response, responses={200: {"content": {"text/html": {}}}, **documented(404)})
async def page(context: Context) -> Response:
    """The status page: components, incidents, maintenance and the last 90 days. It needs no sign-in."""
    found = await _files(context)
    return Response(
        found.html, media_type="text/html; charset=utf-8", headers={**_CACHED, "Content-Security-Policy": found.policy}
    )


@router.get("/status.json", response_class=Response, responses={200: {"content": {"application/json": {}}}, **documented(404)})
async def document(context: Context) -> Response:
    """The same as JSON. It needs no sign-in."""
    return Response((await _files(context)).json, media_type="application/json", headers=_CACHED)


async def _files(context: ServerContext) -> StatusFiles:
    """Raises HttpProblem where no page is configured, or none was written yet."""
    found = await context.status_files.now()
    if found.missing:
        raise HttpProblem(404, "STATUS_PAGE_MISSING", found.missing)
    return found
