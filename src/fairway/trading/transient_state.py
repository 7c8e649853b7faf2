"""What a trader has learned of one account and does not journal: after a start it asks the venue for it again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedForeignOrder:
    symbol: str
    base: str
    locked: Decimal
    """Base that it locks; a list of orders locks what the largest of them does."""
    list_id: str
    """Shared by the orders of a list; its own id for one alone."""
    is_conditional: bool
    """Whether it waits, or waited, for a price."""


@dataclass(slots=True)
class TransientState:
    """Of one account."""

    decided: dict[str, int] = field(default_factory=dict)
    """By symbol: opening (ns) of the newest candle that was decided on, or was there before the start."""
    marked_to: int = 0
    """Close of the newest candle that the account was marked at (ns)."""
    restless: dict[str, None] = field(default_factory=dict)
    """Symbols in which time alone may bring something to do; the others are looked at when an input concerns them."""
    asked_at: int = 0
    """When the venue was last asked for everything and answered (ns); 0 before the first time since the start."""
    booked_at: int = 0
    """When the venue was last asked for everything, and nothing of it was left in doubt (ns)."""
    reconciled: int = 0
    """How many of the venue's whole answers were explained, since the account was taken up; …"""
    differing: int = 0
    """… and how many were not."""
    queried_singly: dict[str, None] = field(default_factory=dict)
    """Symbols of which the venue reported each order of ours and the fills one by one, because the list of open orders or the
    account could not be read, and in which only our orders had traded."""
    spare_run: str = ""
    """A run that was drawn for this start and is not used: for ids, should the journal turn out not to be whole."""
    foreign: dict[str, None] = field(default_factory=dict)
    """Open orders of other traders in our symbols, by the venue's id: each is journaled once."""
    foreign_orders: dict[str, LockedForeignOrder] = field(default_factory=dict)
    """Open orders in this account that are not the trader's own, by the venue's id."""
    locked_besides: Mapping[str, Decimal] = field(default_factory=dict)
    """By asset: what the venue says is locked beyond the orders that it listed; below zero where it is less."""
    knows_others: bool = False
    """Whether the venue has listed other traders' orders since the start, ended ones among them."""
    other_bots: dict[str, None] = field(default_factory=dict)
    """Names of other bots whose orders the venue has shown: each is journaled once."""
    orphans: dict[str, str] = field(default_factory=dict)
    """By id of an open order with an id of ours that the journal lacks, and that was left alone when last seen: its symbol. They
    sell, and there was no position. What they had sold by then is booked as another trader's."""
