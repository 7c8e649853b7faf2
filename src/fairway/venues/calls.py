"""Calls of a venue: how many it answered, and how many it did not, for measurements."""

from dataclasses import dataclass


@dataclass(slots=True)
class Calls:
    """answered: also by a refusal, which is the venue's right. failed: not in time, not at all, or with a fault of its own.

    What our own budget held back was never sent, and a venue that asks for rest has neither answered nor failed.
    """

    answered: int = 0
    failed: int = 0


def calls_of(venue: object) -> Calls | None:
    """The calls of a venue since it was made; None where it does not count them. It has them in its attribute `calls`."""
    calls = getattr(venue, "calls", None)
    return calls if isinstance(calls, Calls) else None
