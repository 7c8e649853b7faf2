"""Ends pages whose sign-in has ended, and opens those again whose person may do something else now."""

import asyncio
import logging
from typing import Final

from fastapi import Request
from starlette.responses import Response

from fairway.api.authentication import Authenticator, Caller
from fairway.api.problems import HttpProblem
from fairway.api.threads import short
from fairway.panel.sources import reader_of
from fairway.panel.visit import Visit

LOOK_S: Final = 2.0
"""So long at most a page stays open after its sign-in has ended."""
_LOG: Final = logging.getLogger(__name__)


class OpenPages:
    """Of one server. Used on its event loop only."""

    def __init__(self, authenticator: Authenticator) -> None:
        self._authenticator = authenticator
        self._visits: set[Visit] = set()

    def add(self, visit: Visit) -> None:
        """A page that has just been opened."""
        self._visits.add(visit)
        visit.client.on_delete(lambda: self._visits.discard(visit))

    async def renew(self, request: Request) -> Response:
        """Gives an open page the fresh sign-in of the same person, whose cookie came with the request."""
        caller: Caller = request.state.caller
        asked = await request.json()
        client = asked.get("client") if isinstance(asked, dict) else None
        for visit in self._visits:
            if visit.client.id == client and visit.caller.actor.name == caller.actor.name:
                visit.caller = caller
        return Response(status_code=204)

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                await self.look()
            except Exception:  # a registry that cannot be read refuses every command by itself
                _LOG.exception("the panel could not ask whether sign-ins have ended")

    async def look(self) -> None:
        """Asks of each sign-in once whether it still counts."""
        by_token: dict[str, list[Visit]] = {}
        for visit in self._visits:
            by_token.setdefault(visit.caller.token_id, []).append(visit)
        for visits in by_token.values():
            try:
                now: Caller = await short(self._authenticator.again, visits[0].caller)
            except HttpProblem:
                for visit in visits:
                    _end(visit, "fairway.ended()")
                continue
            for visit in visits:
                if reader_of(now.actor) != reader_of(visit.caller.actor):
                    _end(visit, "location.reload()")


def _end(visit: Visit, leave: str) -> None:
    """Nothing more is shown on it, whatever its browser does."""
    visit.client.run_javascript(leave)
    visit.close()
    visit.client.content.clear()
