"""What an exchange did in an incident that was scripted for it: the truth that is held against what the bot believed."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from fairway.orders.ids import Role


class Deed(StrEnum):
    """What an exchange does with an order, or with what it tells of it."""

    ACCEPTED = "accepted"
    TRIGGERED = "triggered"
    FILLED = "filled"
    ENDED = "ended"
    CUT = "cut"
    """The connection, before the answer was sent."""
    TOLD_LATE = "told late"
    FELL_SILENT = "fell silent"
    SPOKE_AGAIN = "spoke again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One deed at an instant (ns). What the deed has no use for is left empty."""

    at: int
    deed: Deed
    role: Role = Role.ENTRY
    """Of the order that it was done with."""
    order_id: str = ""
    trade_id: str = ""
    quantity: Decimal = Decimal(0)
    price: Decimal = Decimal(0)
    """Of the fill; of a stop or a target the level at which it sells."""


class MishapKind(StrEnum):
    LOST_ANSWER = "lost answer"
    """The exchange accepted an order, and its answer was lost."""
    SILENT_STREAM = "silent stream"
    """The account's stream is open, answers pings, and does not tell what happens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mishap:
    """One mishap from its first instant (ns) to its last, around one order; done is what the exchange did, oldest first."""

    kind: MishapKind
    symbol: str
    order_id: str
    began_at: int
    ended_at: int
    done: tuple[Done, ...]

    @property
    def is_purchase(self) -> bool:
        """Whether it is about an order that buys; else about one that sells."""
        return self.kind is MishapKind.LOST_ANSWER
