"""The running system as a drill sees and moves it: the port that the real one and a simulated one implement."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from fairway.operations.drills.observed_account import ObservedAccount


@dataclass(frozen=True, slots=True)
class ObservedKill:
    """What the kill command itself says. lines: for people, with the way to trade again."""

    is_verified: bool
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class RollbackPromise:
    """What the plan says about the way back. within_ns: 0 where it says nothing; software: what it names, in words."""

    within_ns: int
    software: str


class RunningSystem(Protocol):
    """A method that moves the system returns why that was refused, "" where it was done.

    All raise VenueErrors and JournalErrors.
    """

    def observed(self) -> AbstractAsyncContextManager[ObservedAccount]:
        """The account of the drill, with a connection of its own to the venue."""
        ...

    def lacks_trader(self) -> str:
        """Why no trader is known to run, "" where one does."""
        ...

    def lacks_pilot(self) -> str:
        """Why no pilot flies a launch beside it, "" where one does."""
        ...

    def lacks_supervisor(self) -> str:
        """Why nothing would start a process again that a drill ends, "" where `fairway up` does."""
        ...

    def is_killed(self) -> bool:
        """Whether the kill latch of the account is set."""
        ...

    async def kill(self, reason: str) -> ObservedKill: ...
    async def resume(self, reason: str) -> str:
        """Stops the trader, ends the kill, and lets the trader start again."""
        ...

    def lacks_free_hold(self) -> str:
        """Why a hold of the drill could not be told from one that is there, so that both were released; "" where it could."""
        ...

    async def contain(self, reason: str) -> str:
        """Holds the launch so that nothing is opened."""
        ...

    async def release(self, reason: str) -> str: ...
    async def limit_positions(self, positions: int, reason: str) -> str: ...
    async def lift_limit(self, reason: str) -> str: ...
    async def trial_entry(self, symbol: str, reason: str) -> None:
        """Asks the trader's risk whether it would open a position now. The answer, if any, is in the trader's journal."""
        ...

    async def end_pilot(self, down_ns: int) -> str:
        """Kills the pilot's process, and keeps it from being started again for so long at most."""
        ...

    async def let_pilot_start(self) -> str: ...
    async def differences(self) -> Sequence[str]:
        """Where the account's books and the venue differ; empty where they agree."""
        ...

    def rollback_promise(self) -> RollbackPromise: ...
