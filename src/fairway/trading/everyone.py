"""Everyone's trouble: whether so many of a trader's accounts fail that it is no account's own."""

from collections.abc import Iterable

from fairway.risk.breakers import Health, everyones_trouble
from fairway.risk.escalation import Level
from fairway.risk.guards.orders import Errors
from fairway.trading.desk import Desk


def trouble_of(desks: Iterable[Desk]) -> str:
    """Why the breaker L3 must trip, as a code, or ""."""
    errors = (Health(desk.terms.account, desk.guards.alarms.get((Errors.name, ""), Level.NORMAL)) for desk in desks)
    return everyones_trouble(errors) or ""
