"""Caps: every reason to be careful, each with who raised it, why, since when, and who may lift it.

What is in force is the tightest of all caps: they combine in any order, raising one twice changes nothing, and lifting one lifts
no other. Anyone may raise a cap.
"""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from fairway.money.fraction import Fraction
from fairway.risk.limits import NO_LIMITS, Limits, TradingState
from fairway.world.clock import SECOND


class Source(StrEnum):
    """What a cap comes from."""

    SETTINGS = "settings"
    STAGE = "stage"
    GUARD = "guard"
    LOSS_BUDGET = "loss budget"
    BLINDNESS = "blindness"
    INCIDENT = "incident"
    PERSON = "person"
    LEASE = "lease"


class Lifting(StrEnum):
    """Who lifts a cap."""

    ITSELF = "by itself"
    """Whoever raised it, when its reason is gone."""
    PERSON = "a person"
    """A person, with a reason; no restart and no clock does."""
    NOBODY = "nobody"
    """It is part of the configuration."""


class About(StrEnum):
    """What a cap is about, where code asks for it."""

    BALANCE = "balance"
    """A balance that one answer of the venue claims and nothing else confirms."""
    OTHER = "other"


class Cap(Struct, frozen=True, kw_only=True):
    """id: raising a cap under the same id replaces it. symbol: "" for the whole account. since: ns.

    not_before: the earliest instant (ns) at which even a person may lift it; 0 for at once.
    said_at: when a person said so, by the clock where they said it (ns), which need not be ours; 0 where it was no person.
    is_over: of one that keeps the trader's hands off: whoever sells meanwhile is done.
    must_stay: of a kill: what is held is not known, or cannot be sold, says whoever killed; so nobody sells it by himself.
    about: None in records of before it was kept, and where nobody asks for it.
    """

    id: str
    source: Source
    limits: Limits
    reason: str
    since: int
    lifting: Lifting
    symbol: str = ""
    not_before: int = 0
    said_at: int = 0
    is_over: bool = False
    must_stay: bool = False
    about: About | None = None

    def covers(self, symbol: str) -> bool:
        return self.symbol in ("", symbol)


def reduce_only(
    cap_id: str,
    reason: str,
    since: int,
    *,
    source: Source = Source.INCIDENT,
    lifting: Lifting = Lifting.PERSON,
    symbol: str = "",
    about: About = About.OTHER,
) -> Cap:
    """Nothing is opened; what is held stays, and stays protected."""
    limits = Limits(state=TradingState.REDUCE_ONLY)
    return Cap(id=cap_id, source=source, limits=limits, reason=reason, since=since, lifting=lifting, symbol=symbol, about=about)


def held_id(symbol: str) -> str:
    """The id of the cap that holds a symbol."""
    return f"held {symbol}"


def held(symbol: str, reason: str, since: int) -> Cap:
    """No entries in this symbol until a person has looked."""
    return reduce_only(held_id(symbol), reason, since, symbol=symbol)


def paused(reason: str, by: str, since: int) -> Cap:
    """A person's own pause."""
    return reduce_only("paused", f"paused by {by}: {reason}", since, source=Source.PERSON)


def resumed(reason: str, by: str, since: int) -> Cap:
    """After a kill an account comes back at the smallest stage, never at the one it left."""
    return Cap(
        id="resumed",
        source=Source.STAGE,
        limits=Limits(positions=1, size=Fraction.parse("25 %")),
        reason=f"resumed after a kill by {by}: {reason}",
        since=since,
        lifting=Lifting.PERSON,
    )


def of_settings(limits: Limits) -> Cap:
    """What the configuration allows: a cap like any other, so that one list tells of all that is in force."""
    return Cap(
        id="settings",
        source=Source.SETTINGS,
        limits=limits,
        reason="the configuration and its profile",
        since=0,
        lifting=Lifting.NOBODY,
    )


def why_it_stays(cap: Cap, now: int) -> str:
    """Why a person may not lift a cap at an instant (ns), as a code; "" where they may."""
    if cap.lifting is not Lifting.PERSON:
        return f"CAP_NOT_YOURS: cap={cap.id} lifting={cap.lifting.value}"
    if now < cap.not_before:
        return f"CAP_TOO_EARLY: cap={cap.id} wait_s={-(-(cap.not_before - now) // SECOND)}"
    return ""


def in_force(caps: Iterable[Cap], symbol: str = "") -> Limits:
    """The tightest of all caps that cover a symbol; of those on the whole account only, where it is ""."""
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
