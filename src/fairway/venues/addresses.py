"""Decides at which of its addresses a venue is asked: at the first one, and at the next while that one does not answer.

Bookkeeping over what was answered and the instants of a clock that never jumps; what a switch moves is told to `on_switch`.
"""

import re
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import urlsplit

from fairway.venues.port import AddressChanged
from fairway.world.clock import HOUR, MINUTE, SECOND, Clock

FAILURES_MIN: Final = 5
"""Requests in a row that the address did not answer, after which the venue goes to the next one, …"""
LASTING_MIN_NS: Final = 2 * SECOND
"""… where they failed over so long a time at least: many accounts whose requests break off at once have met one failure."""
LASTING_ALONE_NS: Final = 15 * SECOND
"""Where an address swallows requests, each fails by its deadline: then two in a row prove enough that lie so far apart."""
STAY_NS: Final = 30 * SECOND
"""After a switch of its own the venue stays so long; after each further one twice as long, …"""
STAY_LONGEST_NS: Final = 5 * MINUTE
"""… up to this bound: where no address answers, going round does not help."""
CALM_NS: Final = HOUR // 2
"""After so long without a switch of its own the next one may come at once."""
GOOD_NS: Final = 5 * MINUTE
"""The first address has answered its probes for so long when the venue returns to it, twice as long after further switches, …"""
GOOD_LONGEST_NS: Final = 20 * MINUTE
"""… up to this bound."""
TOGETHER_NS: Final = 10 * SECOND
"""Instructions within so long after a switch have the same cause, and do not switch back."""
PROBE_EVERY_S: Final = 30.0
"""How often the first address is asked for its time while another one is used."""


class VenueAddresses:
    """Of one venue, shared by all accounts. addresses: the first one and its fallbacks, in order; "" is the exchange's own."""

    def __init__(self, addresses: Sequence[str], clock: Clock) -> None:
        self.all = tuple(addresses)
        self.turn = 0
        """Counts switches. Who asks keeps it, so that late failures of another address do not count against this one."""
        self.named: Callable[[str], str] = str
        """How an address is shown to people."""
        self.on_switch: Callable[[AddressChanged], None] = ignore_switch
        self._clock = clock
        self._index = 0
        self._failures, self._failing_since = 0, 0
        self._in_a_row = 0
        """Switches of its own, with less than the calm time after each."""
        self._switched_at: int | None = None
        self._good_since: int | None = None
        """Since when each probe of the first address was answered."""

    @property
    def current(self) -> str:
        return self.all[self._index]

    @property
    def is_at_first(self) -> bool:
        return self._index == 0

    def answered(self, turn: int) -> None:
        """The address that was in use at a turn has answered, be it with a refusal."""
        if turn == self.turn:
            self._failures = 0

    def failed(self, turn: int, why: str) -> None:
        """The address that was in use at a turn has not answered, or only with a failure of its own."""
        if turn != self.turn or len(self.all) == 1:
            return
        now = self._clock.monotonic()
        if not self._failures:
            self._failing_since = now
        self._failures += 1
        if self._has_failed(now - self._failing_since) and self._may_leave(now):
            self._in_a_row += 1
            self._go(self._next(), f"{self._failures} requests in a row were not answered; the last: {why}")

    def switch(self, why: str) -> bool:
        """Goes to the next address because of an instruction. False where there is none, or the venue has just switched."""
        if len(self.all) == 1 or self._since_switch(self._clock.monotonic(), TOGETHER_NS) < TOGETHER_NS:
            return False
        self._in_a_row = 0  # an address that it was sent to and that does not answer is left at once
        self._go(self._next(), why)
        return True

    def skip_unanswered(self, why: str) -> bool:
        """Goes to the next address while the venue is being opened. False where this was the last one; it then stays."""
        if self._index + 1 == len(self.all):
            return False
        self._go(self._index + 1, f"it did not answer when it was opened: {why}")
        return True

    def probed(self, *, is_good: bool) -> None:
        """The first address was probed while another one is in use."""
        now = self._clock.monotonic()
        if self.is_at_first or not is_good:
            self._good_since = None
            return
        self._good_since = now if self._good_since is None else self._good_since
        good_ns = min(GOOD_NS << max(self._in_a_row - 1, 0), GOOD_LONGEST_NS)
        if now - self._good_since >= good_ns:
            self._go(0, f"{self.named(self.all[0])} has answered again for {good_ns // MINUTE} minutes")

    def _has_failed(self, lasting_ns: int) -> bool:
        is_often = self._failures >= FAILURES_MIN and lasting_ns >= LASTING_MIN_NS
        return is_often or (self._failures >= 2 and lasting_ns >= LASTING_ALONE_NS)

    def _may_leave(self, now: int) -> bool:
        if self._since_switch(now, CALM_NS) >= CALM_NS:
            self._in_a_row = 0
        stay_ns = min(STAY_NS << (self._in_a_row - 1), STAY_LONGEST_NS) if self._in_a_row else 0
        return self._since_switch(now, stay_ns) >= stay_ns

    def _since_switch(self, now: int, never: int) -> int:
        return never if self._switched_at is None else now - self._switched_at

    def _next(self) -> int:
        """The first address where its last probe was good, else the next in order."""
        return 0 if self._good_since is not None else (self._index + 1) % len(self.all)

    def _go(self, index: int, why: str) -> None:
        left = self.current
        self._index, self.turn = index, self.turn + 1
        self._failures, self._good_since = 0, None
        self._switched_at = self._clock.monotonic()
        self.on_switch(AddressChanged(self.named(left), self.named(self.current), why))


def ignore_switch(changed: AddressChanged) -> None:
    """Moves nothing."""


class PendingSwitches:
    """Keeps switches until a sink takes them: the first ones come before any stream runs."""

    def __init__(self) -> None:
        self._waiting: deque[AddressChanged] = deque(maxlen=100)
        self._sink: Callable[[AddressChanged], None] | None = None

    def tell(self, changed: AddressChanged) -> None:
        if self._sink is None:
            self._waiting.append(changed)
        else:
            self._sink(changed)

    def take(self, sink: Callable[[AddressChanged], None] | None) -> None:
        """From now on switches go to this sink, those that wait first; None: they wait."""
        self._sink = sink
        while sink is not None and self._waiting:
            sink(self._waiting.popleft())


def addresses_of(venue: object) -> VenueAddresses | None:
    """The addresses of a venue; None where it has one that cannot be changed. It has them in its attribute `addresses`."""
    addresses = getattr(venue, "addresses", None)
    return addresses if isinstance(addresses, VenueAddresses) else None


def what_is_wrong(fallback: str, *, is_url: bool) -> str:
    """What is wrong with a fallback address, with a right example; "" where nothing is. is_url: whether the first is a URL."""
    if is_url:
        parts = urlsplit(fallback)
        is_right = parts.scheme in ("http", "https") and bool(parts.netloc)
        return "" if is_right else "is no URL, and `url` is one; a right one is 'http://127.0.0.1:9101'"
    return "" if _HOST.fullmatch(fallback) else "is no host name; a right one is 'api1.binance.com'"


_HOST: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.(?!-)[a-z0-9-]{1,63})+", re.IGNORECASE)
