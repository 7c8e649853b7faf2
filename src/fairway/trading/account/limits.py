"""Keeps what an account may do: the caps in force, its lease, and the last command that was read for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from msgspec.structs import replace

from fairway.journal.kinds import CapLifted, CapRaised, Event, InstructionTaken, LeaseAccepted, TraderStarted
from fairway.risk.caps import Cap, binding, in_force, of_settings
from fairway.risk.limits import NO_LIMITS, Limits, TradingState


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to open positions, between two instants (ns)."""

    epoch: int
    accepted_at: int
    until: int
    stage: str = ""

    def is_fresh(self, now: int) -> bool:
        """Whether it is in force. Not where the clock stands before its beginning: then the time is not known."""
        return self.accepted_at <= now < self.until


class AccountLimits:
    """configured: the limits of the configuration file, a cap like any other. needs_lease: whether an entry needs a lease."""

    remembers: ClassVar[Mapping[str, Any]] = {
        "caps": dict[str, Cap],
        "lifted": dict[str, int],
        "lease": Lease | None,
        "last_command": int,
    }

    def __init__(self, configured: Limits = NO_LIMITS, *, needs_lease: bool = False) -> None:
        self._needs_lease = needs_lease
        self.caps: dict[str, Cap] = {}
        if configured != NO_LIMITS:
            cap = of_settings(configured)
            self.caps[cap.id] = cap
        self.lifted: dict[str, int] = {}
        """By id of a cap: when it was last lifted (ns)."""
        self.lease: Lease | None = None
        self.last_command = 0
        """Number of the last command from people that was read."""
        self._in_force: dict[str, Limits] = {}

    def apply(self, event: Event, at: int) -> None:
        """Applies a journaled event; `at` is its instant in ns."""
        handler = _HANDLERS.get(type(event))
        if handler is not None:
            handler(self, event, at)

    def of(self, symbol: str) -> Limits:
        """The limits in force for a symbol ("" for the account): the tightest of all caps."""
        known = self._in_force.get(symbol)
        if known is None:
            known = self._in_force[symbol] = in_force(self.caps.values(), symbol)
        return known

    def may_sell(self, symbol: str) -> bool:
        return self.of(symbol).state >= TradingState.REDUCE_ONLY

    def why_limited(self, symbol: str) -> str:
        """Why no position may be opened in a symbol, as its caps say; "" where one may."""
        if self.of(symbol).state is TradingState.ACTIVE:
            return ""
        return "; ".join(cap.reason for cap in binding(self.caps.values(), "state", symbol))

    def lacks_lease(self, now: int) -> bool:
        """Whether entries need a lease and none is in force."""
        return self._needs_lease and not (self.lease is not None and self.lease.is_fresh(now))

    def _raise(self, event: CapRaised, at: int) -> None:
        self.caps[event.cap.id] = event.cap
        self._in_force.clear()

    def _lift(self, event: CapLifted, at: int) -> None:
        self.caps.pop(event.cap_id, None)
        self.lifted[event.cap_id] = at
        self._in_force.clear()

    def _accept_lease(self, event: LeaseAccepted, at: int) -> None:
        self.lease = Lease(event.epoch, at, event.until, event.stage)

    def _note_command(self, event: InstructionTaken, at: int) -> None:
        self.last_command = event.number

    def _date_back(self, event: TraderStarted, at: int) -> None:
        """An earlier start may have had a clock that was ahead: no cap begins in the future."""
        self.caps = {cap.id: replace(cap, since=min(cap.since, at)) for cap in self.caps.values()}


_HANDLERS: Final[dict[type[Event], Callable[[AccountLimits, Any, int], None]]] = {
    CapRaised: AccountLimits._raise,
    CapLifted: AccountLimits._lift,
    LeaseAccepted: AccountLimits._accept_lease,
    InstructionTaken: AccountLimits._note_command,
    TraderStarted: AccountLimits._date_back,
}
