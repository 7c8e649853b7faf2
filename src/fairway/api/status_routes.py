"""The status page for who has no sign-in: the static files that alerting keeps, as they are."""

import base64
import hashlib
import re
from pathlib import Path
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from fairway.api.context import Context, ServerContext
from fairway.api.problems import HttpProblem, documented
from fairway.assembly.status_page_files import HTML, JSON

router: Final = APIRouter(prefix="/status", tags=["status"])
_SCRIPT: Final = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
_CACHED: Final = {"Cache-Control": "public, max-age=15"}
"""A CDN may answer for a while: the page says by itself when it is stale."""


@router.get("/", response_class=Response, responses={200: {"content": {"text/html": {}}}, **documented(404)})
def page(context: Context) -> Response:
    """The status page: components, incidents, maintenance and the last 90 days. It needs no sign-in."""
    content = _read(context, HTML)
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in _SCRIPT.findall(content))
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src {hashes}; frame-ancestors 'none'; base-uri 'none'"
    return Response(content, media_type="text/html; charset=utf-8", headers={**_CACHED, "Content-Security-Policy": policy})


@router.get("/status.json", response_class=Response, responses={200: {"content": {"application/json": {}}}, **documented(404)})
def document(context: Context) -> Response:
    """The same as JSON. It needs no sign-in."""
    return Response(_read(context, JSON), media_type="application/json", headers=_CACHED)


def _digest(script: bytes) -> str:
    return base64.b64encode(hashlib.sha256(script).digest()).decode()


def _read(context: ServerContext, name: str) -> bytes:
    """Raises HttpProblem where no page is configured, or none was written yet."""
    where = context.settings.alerts.status_page if context.settings.alerts is not None else None
    if where is None:
        raise HttpProblem(404, "STATUS_PAGE_MISSING", "no status page is configured; the key is alerts.status_page")
    try:
        return (Path(where.folder) / name).read_bytes()
    except OSError:
        raise HttpProblem(
            404, "STATUS_PAGE_MISSING", "no status page was written yet; alerting writes it: fairway alerts run"
        ) from None
