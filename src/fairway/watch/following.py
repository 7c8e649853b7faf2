"""Follows a journal as it grows, step by step, in a thread beside the loop that shows what was read."""

import asyncio
from collections.abc import Callable
from typing import Final, Protocol

from fairway.journal.port import JournalError
from fairway.store.failures import StoreError
from fairway.store.patience import OwnThread

LOOK_S: Final = 1.0
RETRY_S: Final = 5.0


class JournalFollower(Protocol):
    """Reads a journal step by step. journal_trouble: why it could not be read the last time, "" where it could."""

    journal_trouble: str

    @property
    def trouble(self) -> str:
        """Why reading or saving fails, in one sentence; "" where nothing fails."""
        ...

    def step(self) -> int:
        """Reads the next records, blocking; how many they were. Raises JournalErrors and StoreErrors."""
        ...


async def follow(reading: JournalFollower, what: str, report: Callable[[str], None]) -> None:
    """Until it is cancelled. what: is read, in words; report is called with one sentence for each new trouble."""
    thread, reported = OwnThread(what), ""
    try:
        while True:
            wait_s = await _stepped(reading, thread)
            if reading.trouble != reported:
                reported = reading.trouble
                if reported:
                    report(reported)
            await asyncio.sleep(wait_s)
    finally:
        thread.close()


async def _stepped(reading: JournalFollower, thread: OwnThread) -> float:
    """How long to wait before the next step."""
    try:
        count = await thread.wait_for(reading.step)
    except (JournalError, StoreError) as error:
        reading.journal_trouble = str(error)
        return RETRY_S
    reading.journal_trouble = ""
    return 0 if count else LOOK_S
