"""Everyone's trouble: whether so many of a trader's accounts fail that it is no account's own."""

from collections.abc import Iterable, Sequence

from fairway.risk.breakers import EVERYONE, FAILING_MIN, Health, everyones_trouble
from fairway.risk.escalation import Level
from fairway.risk.guards.orders import Errors
from fairway.trading.desk import Desk


def standing(desks: Iterable[Desk]) -> str:
    """Why L3 is in force in any of these accounts, or "": whoever joins them is stopped alike."""
    return next((desk.caps[EVERYONE].reason for desk in desks if EVERYONE in desk.caps), "")


def trouble_of(desks: Sequence[Desk]) -> str:
    """Why the breaker L3 must trip, as a code, or ""."""
    if len(desks) < FAILING_MIN:
        return ""  # asked once a second
    errors = (Health(desk.terms.account, desk.guards.alarms.get((Errors.name, ""), Level.NORMAL)) for desk in desks)
    return everyones_trouble(errors) or ""
