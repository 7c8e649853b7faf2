"""Calls of a venue: how many it answered, and how many it did not, for measurements."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(slots=True)
class Calls:
    """answered: also by a refusal, which is the venue's right. failed: not in time, not at all, or with a fault of its own.

    What our own budget held back was never sent, and a venue that asks for rest has neither answered nor failed.
    """

    answered: int = 0
    failed: int = 0


@runtime_checkable
class CountsCalls(Protocol):
    """A venue that counts its calls since it was made."""

    calls: Calls
