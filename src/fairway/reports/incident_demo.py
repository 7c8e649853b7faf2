"""What an exchange did in an incident that was scripted for it: the truth that is held against what the bot believed."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from fairway.orders.ids import Role


class ActionKind(StrEnum):
    """What an exchange does with an order, with its answer, or with the account's stream."""

    ACCEPTED = "accepted"
    TRIGGERED = "triggered"
    FILLED = "filled"
    ENDED = "ended"
    CUT = "cut"
    """The connection, before the answer was sent."""
    REPORTED_LATE = "reported late"
    FELL_SILENT = "fell silent"
    SPOKE_AGAIN = "spoke again"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeAction:
    """One action of the exchange at an instant (ns). What its kind has no use for is left empty."""

    at: int
    kind: ActionKind
    role: Role = Role.ENTRY
    """Of the order that it concerns."""
    order_id: str = ""
    trade_id: str = ""
    quantity: Decimal = Decimal(0)
    price: Decimal = Decimal(0)
    """Of the fill; of a stop or a target the level at which it sells."""


class IncidentKind(StrEnum):
    LOST_ANSWER = "lost answer"
    """The exchange accepted an order, and its answer was lost."""
    SILENT_STREAM = "silent stream"
    """The account's stream is open, answers pings, and reports nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoIncident:
    """One incident from its first instant (ns) to its last, around one order; actions: what the exchange did, oldest first."""

    kind: IncidentKind
    symbol: str
    order_id: str
    began_at: int
    ended_at: int
    actions: tuple[ExchangeAction, ...]

    @property
    def is_purchase(self) -> bool:
        """Whether it is about an order that buys; else about one that sells."""
        return self.kind is IncidentKind.LOST_ANSWER
