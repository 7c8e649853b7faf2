"""The kill latch of a play: real files, whose changes are counted, and noted by the true time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from fairway.proving.exchange_recorder import LatchChange
from fairway.trading.latch import FileLatch, Killed, KillScope
from fairway.world.loop import running

NAME: Final = "main"
"""What the account of a play calls itself, unless told otherwise."""


@dataclass(slots=True)
class LatchLog:
    """Each change of the latch in a scenario, by the trader or by a person."""

    latchings: list[LatchChange] = field(default_factory=list)
    changes: int = 0


class HarnessLatch(FileLatch):
    """A latch whose changes are counted, not dated: the machine's own clock must not decide what happens in a play."""

    def __init__(self, folder: Path, account: str, symbols: Sequence[str], log: LatchLog) -> None:
        super().__init__(folder, account, symbols)
        self._log, self._seen = log, -1

    @property
    def folder_of_files(self) -> Path:
        return self._folder

    def read_anew(self) -> "HarnessLatch":
        """The same files, by a reader that has not read them yet."""
        return HarnessLatch(self._folder, self._account, self._symbols, self._log)

    def may_have_changed(self) -> bool:
        return self._seen != self._log.changes

    def read(self) -> Sequence[Killed]:
        self._seen = self._log.changes
        return super().read()

    def set(self, killed: Killed) -> Path:
        path = super().set(killed)
        self._log.latchings.append(LatchChange(running().wall_ns, killed))
        self._log.changes += 1
        return path

    def clear(self, scope: KillScope, symbol: str = "") -> None:
        super().clear(scope, symbol)
        self._log.changes += 1
        now = running().wall_ns
        self._log.latchings[:] = [it._replace(until=min(it.until, now)) for it in self._log.latchings]
