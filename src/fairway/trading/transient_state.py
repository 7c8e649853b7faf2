"""What a trader has seen of one account and does not journal: it is asked for again after a start."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

from fairway.ledger.reconcile import Standing
from fairway.market.candles import Candle, Quote
from fairway.venues.port import BalanceReport, Channel, OrderReport


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignOrder:
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
    """Of one account. Quotes and candles are the board's."""

    remembers: ClassVar[Mapping[str, Any]] = {
        "failures": dict[str, int],
        "wait_until": dict[str, int],
        "stalled": dict[str, tuple[int, int]],
    }
    """Of these three the journal tells a part: which sales found no buyer, and which positions have closed."""

    quotes: dict[str, Quote]
    candles: dict[str, deque[Candle]]
    decided: dict[str, int] = field(default_factory=dict)
    """By symbol: opening (ns) of the newest candle that was decided on, or seen before the start."""
    reports: dict[str, OrderReport] = field(default_factory=dict)
    """The venue's last word on each live order, and on an ended one of which fills are still missing."""
    balances: BalanceReport | None = None
    down: dict[Channel, str] = field(default_factory=dict)
    """Channels that are down or not caught up, with why. Before the first catch-up, all."""
    restored: dict[Channel, int] = field(default_factory=dict)
    """When a channel in `down` was subscribed again (ns): a catch-up begun later makes it whole."""
    unexplained: dict[str, Decimal] = field(default_factory=dict)
    """Balance differences of the last reconciliation: one is noise, the same one twice is a fact."""
    wait_until: dict[str, int] = field(default_factory=dict)
    """By symbol: no further action before this instant (ns), after the venue failed to carry one out."""
    stalled: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By symbol: when an order to sell or to protect came to nothing (ns), and until when no other is sent unless a newer bid
    is shown."""
    failures: dict[str, int] = field(default_factory=dict)
    """By symbol: closes and protections refused, or without effect, in a row."""
    setbacks: dict[str, int] = field(default_factory=dict)
    """By symbol: requests in a row that failed for whatever reason; the pauses between them grow with it."""
    up_at: dict[Channel, int] = field(default_factory=dict)
    """When a channel was last subscribed (ns): what happens later, it must tell."""
    foreign: dict[str, None] = field(default_factory=dict)
    """Open orders of somebody else in our symbols, by the venue's id: each is told once."""
    standing: Standing = Standing()
    """How account and key stand, as far as the venue has told since the start."""
    rights_at: int = 0
    """When the venue last told what the key may do, or that it does not tell (ns); 0 before the first time since the start."""
    booked_at: int = 0
    """When the venue was last asked for everything, and nothing of it was left in doubt (ns)."""
    reconciled: int = 0
    """How often all that the venue answered was explained, since this was made; …"""
    differing: int = 0
    """… and how often it was not."""
    asked_at: int = 0
    """When the venue was last asked for everything and answered (ns); 0 before the first time since the start."""
    told_singly: dict[str, None] = field(default_factory=dict)
    """Symbols of which each order of ours and the fills were told by themselves, because the list of open orders or the account
    could not be read; and in which nobody else had traded."""
    spare_run: str = ""
    """A run that was drawn for this start and not taken: for ids, should the journal turn out not to be whole."""
    knows_others: bool = False
    """Whether the venue has told since the start which orders of other traders it has, those that are over among them."""
    other_bots: dict[str, None] = field(default_factory=dict)
    """Names of other bots whose orders the venue has shown: each is told once."""
    denied: dict[str, int] = field(default_factory=dict)
    """By live order: when it was last asked for (ns), and the venue answered that there is no such order."""
    doubted: dict[str, int] = field(default_factory=dict)
    """Orders that are held for refused or unknown, and that a fill may be of: in doubt until this instant (ns)."""
    marked_to: int = 0
    """Close of the newest candle that the account was marked at (ns)."""
    restless: dict[str, None] = field(default_factory=dict)
    """Symbols in which time alone may bring something to do; the others are looked at when there is news of them."""
    beyond: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By symbol: when the price was first seen beyond the stop (ns), and the instant of that quote."""
    orphans: dict[str, str] = field(default_factory=dict)
    """Symbols of open orders with an id of ours that the journal does not know, and that were left alone when last seen: they
    sell, and there was no position. What they had done by then is in the books as somebody else's."""
    foreign_orders: dict[str, ForeignOrder] = field(default_factory=dict)
    """Open orders in this account that are not the trader's own, by the venue's id."""
    locked_besides: Mapping[str, Decimal] = field(default_factory=dict)
    """By asset: what the venue said was locked beyond the orders that it listed; below zero where it was less."""
