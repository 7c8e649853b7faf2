"""What a trader decided, from its journal: entries, refusals, exits and caps, each with its reason and the orders after it."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from msgspec import Struct

from fairway.journal.kinds import CapRaised, EntryPlanned, EntryRefused, ExitWanted, StopFailed
from fairway.money.amount import Price
from fairway.orders.ids import Role
from fairway.orders.lifecycle import OrderSent
from fairway.orders.order import Order
from fairway.reports.refusals import in_words
from fairway.risk.guards.sentences import cap_reason

DECISIONS_MAX: Final = 1_000
"""Decisions remembered of an account; the oldest go first. The journal keeps all of them."""
FOLLOWING_MAX: Final = 50
"""Orders remembered of one decision, the newest: a stop that moves is a new order each time."""


class DecisionAction(StrEnum):
    """What a trader decided to do."""

    ENTER = "enter"
    REFUSE = "refuse"
    """A strategy wanted to enter, and risk said no."""
    EXIT = "exit"
    CAP = "cap"
    """A reason to be careful is in force from then on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TraderDecision:
    """One decision, at an instant (ns). number: of its record in the trader's journal. symbol: "" for the whole account.

    code: of a refusal its reason code, of an exit its cause, of a cap its id; "" for an entry. Levels are of an entry.
    """

    number: int
    at: int
    symbol: str
    action: DecisionAction
    reason: str
    code: str = ""
    price: Price | None = None
    """What an entry was sized at."""
    stop: Price | None = None
    target: Price | None = None
    rungs: tuple[Price, ...] = ()
    """Prices between entry and target at which a part is sold."""
    orders: tuple[str, ...] = ()
    """Client order ids that followed, oldest first."""

    def concerns(self, symbol: str) -> bool:
        """Whether it is about a symbol: a cap on the whole account is about each. "" asks for all."""
        return symbol in ("", self.symbol) or not self.symbol


class DecisionLog:
    """Folds the events of one account into its newest decisions. Only `take` changes it."""

    def __init__(self) -> None:
        self._kept: dict[int, TraderDecision] = {}
        """By number, oldest first."""
        self._entries: dict[str, int] = {}
        """By symbol, the number of its last planned entry."""
        self._exits: dict[str, int] = {}
        """By symbol, the number of the last exit of the position that it has."""

    def take(self, event: Struct, number: int, at: int) -> None:
        """Adds an event; number: of its record, at: its instant (ns)."""
        match event:
            case EntryPlanned():
                self._exits.pop(event.symbol, None)
                self._entries[event.symbol] = number
                self._keep(_planned(event, number, at))
            case ExitWanted() | StopFailed():
                self._exits[event.symbol] = number
                self._keep(_exit(event, number, at))
            case EntryRefused():
                self._keep(_refused(event, number, at))
            case CapRaised():
                self._keep(_capped(event, number, at))
            case OrderSent(order=order) if order is not None:
                self._follow(order)

    def newest(self, symbol: str, limit: int) -> tuple[TraderDecision, ...]:
        """The newest that concern a symbol, the newest first; of all symbols where it is ""."""
        return tuple(each for each in reversed(self._kept.values()) if each.concerns(symbol))[:limit]

    def _keep(self, decision: TraderDecision) -> None:
        self._kept[decision.number] = decision
        while len(self._kept) > DECISIONS_MAX:
            del self._kept[next(iter(self._kept))]

    def _follow(self, order: Order) -> None:
        """Stops and targets follow from the entry; what closes a position follows from its last exit."""
        by_symbol = self._exits if order.role is Role.EXIT and order.symbol in self._exits else self._entries
        found = self._kept.get(by_symbol.get(order.symbol, -1))
        if found is not None and order.id not in found.orders:
            self._kept[found.number] = replace(found, orders=(*found.orders, order.id)[-FOLLOWING_MAX:])


def _planned(event: EntryPlanned, number: int, at: int) -> TraderDecision:
    plan = event.exit_plan
    return TraderDecision(
        number=number,
        at=at,
        symbol=event.symbol,
        action=DecisionAction.ENTER,
        reason=event.why,
        price=event.price,
        stop=event.stop,
        target=event.target,
        rungs=tuple(rung.price for rung in plan.rungs),
        orders=(event.order_id,),
    )


def _refused(event: EntryRefused, number: int, at: int) -> TraderDecision:
    action, reason = DecisionAction.REFUSE, in_words(event.code)
    return TraderDecision(number=number, at=at, symbol=event.symbol, action=action, reason=reason, code=event.code)


def _exit(event: ExitWanted | StopFailed, number: int, at: int) -> TraderDecision:
    """A stop through which the price has gone is an exit by the stop."""
    cause = event.cause.value if isinstance(event, ExitWanted) else "stop"
    return TraderDecision(number=number, at=at, symbol=event.symbol, action=DecisionAction.EXIT, reason=event.why, code=cause)


def _capped(event: CapRaised, number: int, at: int) -> TraderDecision:
    cap, action = event.cap, DecisionAction.CAP
    return TraderDecision(number=number, at=at, symbol=cap.symbol, action=action, reason=cap_reason(cap), code=cap.id)
