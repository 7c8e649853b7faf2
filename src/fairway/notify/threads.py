"""Remembers, by thread, the receipt of the first message, so that a channel can answer to it."""

from collections.abc import Mapping
from typing import Final

THREADS_MAX: Final = 10_000
"""Beyond it the oldest are forgotten, and their next message begins a thread again."""


class ThreadReceipts:
    def __init__(self) -> None:
        self._first: dict[str, str] = {}

    def of(self, thread: str) -> str:
        """The receipt of the thread's first message; "" where none was sent, and for no thread."""
        return self._first.get(thread, "") if thread else ""

    def note(self, thread: str, receipt: str) -> None:
        """A message was sent. Only the first of a thread counts."""
        if thread and receipt:
            self._first.setdefault(thread, receipt)
        while len(self._first) > THREADS_MAX:
            del self._first[next(iter(self._first))]

    def resume(self, receipts: Mapping[str, str]) -> None:
        """What an earlier process sent."""
        for thread, receipt in receipts.items():
            self.note(thread, receipt)
