"""Says when what one host sends to another arrives: latency, bandwidth, partition.

A link is one direction between two hosts. Connections hold on to their links, so a change is felt at once by the
connections that are open.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final, TypeAlias

from fairway.world.clock import SECOND, Duration

Delay: TypeAlias = int | Callable[[], int]
"""Nanoseconds on the way: always the same, or drawn for each segment."""


class Link:
    """The way from one host to another. `latency` and `bandwidth_bytes_per_s` may be set at any time."""

    __slots__ = ("_free_at", "_held", "bandwidth_bytes_per_s", "blocked", "latency")

    def __init__(self, latency: Delay, bandwidth_bytes_per_s: int | None = None) -> None:
        self.latency = latency
        self.bandwidth_bytes_per_s = bandwidth_bytes_per_s
        self.blocked = False
        self._free_at: Duration = 0
        self._held: list[Callable[[], object]] = []

    def arrival(self, now: Duration, size_bytes: int) -> Duration:
        """The time at which a segment sent now arrives, in the same nanoseconds as `now`.

        Segments of all connections queue for the bandwidth, each taking the time of its bytes, rounded up.
        """
        latency = self.latency
        delay = latency if type(latency) is int else latency()  # type: ignore[operator]
        if self.bandwidth_bytes_per_s is None:
            return now + delay
        begins = max(now, self._free_at)
        self._free_at = begins - (-size_bytes * SECOND // self.bandwidth_bytes_per_s)
        return self._free_at + delay

    def hold(self, resend: Callable[[], object]) -> None:
        """Keep a segment that cannot leave now; TCP repeats it until the way is free.

        Simplification: segments that were under way when the partition began still arrive.
        """
        self._held.append(resend)

    def block(self) -> None:
        """Let nothing pass until `heal`."""
        self.blocked = True

    def heal(self) -> None:
        """Let everything pass again, first what was held, in the order in which it was sent."""
        self.blocked = False
        held, self._held = self._held, []
        for resend in held:
            resend()


class NoLink(Link):
    """The way into nowhere: what is sent on it is never heard of again, as on a half-open connection."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(0)
        self.blocked = True

    def hold(self, resend: Callable[[], object]) -> None:
        """Forget it."""

    def heal(self) -> None:
        """Nothing can mend it."""


VOID: Final = NoLink()


def jittered(least_ns: Duration, mean_extra_ns: Duration, stream: random.Random) -> Callable[[], int]:
    """A latency with a floor and an exponential tail, as measured on the internet; the stream alone decides it."""
    expovariate = stream.expovariate

    def draw() -> int:
        return least_ns + int(expovariate(1.0) * mean_extra_ns)

    return draw
