"""The record of a launch as a PDF, for who is signed in."""

import asyncio
import re
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from fairway.api.context import ServerContext
from fairway.api.problems import problem_of, response_of
from fairway.api.threads import short
from fairway.launch.views.record import LaunchRecord
from fairway.launch.views.record_forms import pdf
from fairway.operations.actor import Actor, Shell
from fairway.operations.launch.show import SHOW_RECORD, ShowLaunchRequest
from fairway.operations.operation import Call
from fairway.operations.perform import perform

RECORD_PDF: Final = "/launch/record.pdf"
"""Below the mount."""
_UNFIT: Final = re.compile(r"[^A-Za-z0-9.-]+")


def record_pdf(context: ServerContext) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    """What answers the path. The guard before all pages has set `request.state.caller`."""

    async def answer(request: Request) -> Response:
        actor = replace(request.state.caller.actor, shell=Shell.PANEL)
        if not await short(context.authenticator.has_own_password, actor.name):
            return RedirectResponse("/?set_password=1", status_code=303)
        try:
            record, content = await asyncio.to_thread(_made, context, actor)
        except Exception as error:
            problem = problem_of(error)
            if problem is None:
                raise
            return response_of(problem, request.url.path)
        headers = {"Content-Disposition": f'attachment; filename="{file_name(record)}"', "Cache-Control": "no-store"}
        return Response(content, media_type="application/pdf", headers=headers)

    return answer


def file_name(record: LaunchRecord) -> str:
    """Such as `beta-NO-GO-2026-11-25T14-05-00.pdf`, of characters that every system takes."""
    return f"{_UNFIT.sub('-', f'{record.plan}-{record.verdict}-{record.made_at}').strip('-.')}.pdf"


def _made(context: ServerContext, actor: Actor) -> tuple[LaunchRecord, bytes]:
    record = perform(SHOW_RECORD, Call(actor=actor, request=ShowLaunchRequest(config=context.config))).record
    return record, pdf(record)
