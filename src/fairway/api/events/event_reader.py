"""One reader of events: which records it may see, where it goes on, and when it is dropped."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Final

from fairway.api.authentication import Authenticator, Caller
from fairway.api.events.tail import JournalEvent, JournalTail
from fairway.api.problems import HttpProblem
from fairway.api.threads import short
from fairway.operations.permissions import may_read_all
from fairway.operations.trader.read_journal import JournalName, sees

HEARTBEAT_S: Final = 15.0
"""After so long without an event something is sent, so that both sides notice a dead connection."""
SEND_WITHIN_S: Final = 10.0
"""A reader that has not taken what was sent by then is dropped: nobody waits for it, and it resumes from its last number."""
PROVED_EVERY_S: Final = 30.0
"""So often the sign-in of a reader is looked at again: a token may have been revoked, a role taken away."""
READERS_MAX: Final = 2_000

Send = Callable[[bytes | None, JournalEvent | None], Awaitable[None]]


class ReadersFull(HttpProblem):
    """Too many read already."""

    def __init__(self) -> None:
        super().__init__(503, "READERS_TOO_MANY", f"{READERS_MAX} clients read events already", headers={"Retry-After": "30"})


class EventReader:
    """Made for one connection. `batches` gives what it may see; None is a heartbeat."""

    _open = 0

    def __init__(self, tail: JournalTail, caller: Caller, prove: Authenticator) -> None:
        self._tail, self._caller, self._prove = tail, caller, prove

    async def begin(self, after: int | None) -> int:
        """The number from which it goes on: as asked, or the newest. Raises HttpProblem, JournalErrors."""
        if self._tail.journal is JournalName.LAUNCH and not may_read_all(self._caller.actor):
            what = f"the role of {self._caller.actor.name} does not allow to read the launch's journal; ask an admin"
            raise HttpProblem(403, f"ROLE_FORBIDS: by={self._caller.actor.name} operation=journal", what)
        if EventReader._open >= READERS_MAX:
            raise ReadersFull
        newest = await self._tail.join()
        EventReader._open += 1
        if after is not None and after > newest:
            self.end()
            what = (
                f"the journal ends at {newest}, and you have read up to {after}: it is another one, or was put back from a copy"
            )
            raise HttpProblem(409, f"EVENTS_AHEAD: newest={newest} after={after}", f"{what}; begin again without a number")
        return newest if after is None else after

    def end(self) -> None:
        """The connection is over. Once for each that began."""
        EventReader._open -= 1
        self._tail.leave()

    async def batches(self, seq: int) -> AsyncIterator[Sequence[JournalEvent] | None]:
        """Events after a number as they come, those that the reader may see. It ends with the server, and with the sign-in."""
        proved_at = asyncio.get_running_loop().time()
        while True:
            try:
                async with asyncio.timeout(HEARTBEAT_S):
                    found = await self._tail.after(seq)
            except TimeoutError:
                found = None
            if found is not None and not found:
                return
            if asyncio.get_running_loop().time() - proved_at > PROVED_EVERY_S:
                if not await self._is_still_proven():
                    return
                proved_at = asyncio.get_running_loop().time()
            if found is None:
                yield None
                continue
            seq = found[-1].seq
            visible = [each for each in found if sees(self._caller.actor, self._tail.journal, each.account, each.author)]
            if visible:
                yield visible

    async def _is_still_proven(self) -> bool:
        """Takes over what the registry says of the user now."""
        try:
            self._caller = await short(self._prove.again, self._caller)
        except HttpProblem:
            return False
        return self._caller.actor.is_active or bool(self._caller.actor.accounts)
