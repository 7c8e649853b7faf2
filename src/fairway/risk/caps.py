"""Caps: every reason to limit an account, with its kind, its limits, why it was raised and since when.

The limits in force are the tightest of all caps. Caps combine in any order; raising one twice changes nothing; lifting one lifts
no other. No permission is needed to raise a cap.
"""

from collections.abc import Iterable

from msgspec import Struct

from fairway.money.fraction import Fraction
from fairway.risk import cap_kinds
from fairway.risk.cap_kinds import CapKind
from fairway.risk.cap_kinds import CapSource as CapSource
from fairway.risk.cap_kinds import Lifting as Lifting
from fairway.risk.limits import NO_LIMITS, Limits, TradingState
from fairway.world.clock import SECOND


class Cap(Struct, frozen=True, kw_only=True):
    id: str
    """Tells the cap from others of its account: raising one under the same id replaces it."""
    kind: CapKind
    """What decides how the cap is counted, what follows from it, and who lifts it."""
    limits: Limits
    reason: str
    since: int
    """Instant (ns)."""
    symbol: str = ""
    """"" for the whole account."""
    not_before: int = 0
    """The earliest instant (ns) at which a person may lift it; 0 for at once."""
    said_at: int = 0
    """When a person ordered it, by the clock of the machine where the order was written (ns); 0 where no person did."""
    is_over: bool = False
    """Of a kill that sells: whether the program that sells has finished."""
    must_stay: bool = False
    """Of a kill: whether nothing may be sold, because what is held is unknown or cannot be sold."""

    @property
    def source(self) -> CapSource:
        return self.kind.source

    @property
    def lifting(self) -> Lifting:
        return self.kind.lifting

    def is_a(self, kind: CapKind) -> bool:
        """Whether the cap is of a kind. Compared by the kind's name, for a journal may hold the words of an earlier release."""
        return self.kind.name == kind.name

    def covers(self, symbol: str) -> bool:
        return self.symbol in ("", symbol)


def reduce_only(kind: CapKind, reason: str, since: int, *, symbol: str = "", scope: str = "") -> Cap:
    """A cap under which nothing is opened; what is held stays, and stays protected. scope: in its id, where it has no symbol."""
    limits = Limits(state=TradingState.REDUCE_ONLY)
    return Cap(id=kind.id_of(symbol or scope), kind=kind, limits=limits, reason=reason, since=since, symbol=symbol)


def held(symbol: str, reason: str, since: int) -> Cap:
    """A cap under which nothing is opened in a symbol until a person has looked at it."""
    return reduce_only(cap_kinds.HELD, reason, since, symbol=symbol)


def paused(reason: str, by: str, since: int) -> Cap:
    """The cap of a person's pause."""
    return reduce_only(cap_kinds.PAUSED, f"paused by {by}: {reason}", since)


def limited(positions: int, reason: str, by: str, since: int) -> Cap:
    """The cap of a person who lets an account hold fewer positions than its configuration does."""
    limits = Limits(positions=positions)
    kind = cap_kinds.LIMITED
    return Cap(id=kind.id_of(), kind=kind, limits=limits, reason=f"limited by {by}: {reason}", since=since)


def resumed(reason: str, by: str, since: int) -> Cap:
    """The cap of an account that was resumed after a kill: it trades at the smallest stage, whichever it was in before."""
    return Cap(
        id=cap_kinds.RESUMED.id_of(),
        kind=cap_kinds.RESUMED,
        limits=Limits(positions=1, size=Fraction.parse("25 %")),
        reason=f"resumed after a kill by {by}: {reason}",
        since=since,
    )


def of_settings(limits: Limits) -> Cap:
    """The limits of the configuration as a cap, so that one list shows everything that is in force."""
    return Cap(
        id=cap_kinds.SETTINGS.id_of(),
        kind=cap_kinds.SETTINGS,
        limits=limits,
        reason="the configuration and its profile",
        since=0,
    )


def why_it_stays(cap: Cap, now: int) -> str:
    """Why a person may not lift a cap at an instant (ns), as a code; "" where they may."""
    if cap.lifting is not Lifting.PERSON:
        return f"CAP_NOT_YOURS: cap={cap.id} lifting={cap.lifting.value}"
    if now < cap.not_before:
        return f"CAP_TOO_EARLY: cap={cap.id} wait_s={-(-(cap.not_before - now) // SECOND)}"
    return ""


def in_force(caps: Iterable[Cap], symbol: str = "") -> Limits:
    """The tightest limits of all caps that cover a symbol; of those on the whole account only, where it is ""."""
    limits = NO_LIMITS
    for cap in caps:
        if cap.covers(symbol):
            limits &= cap.limits
    return limits


def binding(caps: Iterable[Cap], field: str, symbol: str = "") -> list[Cap]:
    """The caps that make a field of the limits in force as tight as it is."""
    covering = [cap for cap in caps if cap.covers(symbol)]
    tightest = getattr(in_force(covering, symbol), field)
    if tightest == getattr(NO_LIMITS, field):
        return []
    return [cap for cap in covering if getattr(cap.limits, field) == tightest]
