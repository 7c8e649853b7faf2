"""What shows that another trader works on the same account, and what follows: nothing is opened until a person has looked.

A trader knows its own orders by the journal. An order of the account's name that the journal cannot have sent is of another
trader, or of a journal that was lost; nothing at the venue tells which, so both are met alike. Only within one run do the numbers
of starts say who came later: that one goes on, and the earlier one ends.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from fairway.journal.kinds import CapRaised, EpochRaised, Event, OtherBotSeen
from fairway.ledger.reconcile import OtherRunOrder, ReportedOrder, RivalOrder, in_words, strange_order
from fairway.orders.ids import ClientId
from fairway.risk import cap_kinds
from fairway.risk.caps import held, reduce_only
from fairway.trading.account_state import AccountState
from fairway.world.clock import HOUR

RIVAL_CAP: Final = cap_kinds.ANOTHER_TRADER.id_of()
RECENT_NS: Final = 24 * HOUR
"""An order that is over shows another trader for so long; an open one as long as it is open."""


class Fenced(Exception):
    """A later start of the same run trades this account: this one sends nothing more."""


def of_orders(state: AccountState, told: Iterable[ReportedOrder], now: int) -> Iterator[Event]:
    """What orders of any kind and age prove that the venue has told: in its list, its history, or its stream. Raises Fenced."""
    rivals: list[RivalOrder] = []
    for order in told:
        own = ClientId.parse(order.client_id)
        if own is None:
            continue
        if own.account != state.config.account:
            yield from _of_another_bot(state, order, own, now)
            continue
        match strange_order(state.orders.blotter, state.starts.numbered, order, own):
            case RivalOrder() as rival if own.run == state.starts.run:
                rivals.append(rival)
            case (OtherRunOrder() | RivalOrder()) as other if _is_news(state, RIVAL_CAP, order):
                yield from _hold_all(state, in_words(other), now)
    yield from _meet_rivals(state, rivals, now)


def telling(state: AccountState, history: Iterable[ReportedOrder], now: int) -> Iterator[ReportedOrder]:
    """Of a history the orders that tell something of a trader that is still at work, and all of our own runs: whatever their age,
    one that the journal does not have tells that it is not whole."""
    for order in history:
        own = ClientId.parse(order.client_id)
        is_of_our_runs = own is not None and own.account == state.config.account and own.run in state.starts.numbered
        if is_of_our_runs or (order.created_at or order.at) >= now - RECENT_NS:
            yield order


def _meet_rivals(state: AccountState, rivals: list[RivalOrder], now: int) -> Iterator[Event]:
    """At a start they show that the journal is not whole: its ids would be repeated, so it takes another run. Later, those of a
    start that is not before this one show that this one was taken over."""
    if not state.transient.knows_others and rivals:
        epoch = max(state.starts.epoch, *(rival.own.epoch for rival in rivals))
        yield EpochRaised(epoch=epoch + 1, run=state.transient.spare_run or state.starts.run)
        why = f"{in_words(rivals[0])}: the journal was cut off or restored, or another trader has a copy of it"
        yield from _hold_all(state, why, now)
        return
    for rival in rivals:
        if rival.own.epoch >= state.starts.epoch:
            raise Fenced(
                f"another trader is at work on account {rival.own.account}: the venue holds an order {rival.reported.client_id} "
                f"of its start {rival.own.epoch}; this is start {state.starts.epoch}, so this one stops and sends nothing more"
            )


def _hold_all(state: AccountState, why: str, now: int) -> Iterator[Event]:
    if RIVAL_CAP not in state.limits.caps:
        advice = "make sure that no other trader has this key; then lift this"
        yield CapRaised(cap=reduce_only(cap_kinds.ANOTHER_TRADER, f"{why}; {advice}", now))


def _of_another_bot(state: AccountState, order: ReportedOrder, own: ClientId, now: int) -> Iterator[Event]:
    """A bot of another name trades with the same key. In a symbol of both nothing is opened until a person has looked."""
    if own.account not in state.transient.other_bots:
        state.transient.other_bots[own.account] = None
        yield OtherBotSeen(bot=own.account, symbol=order.symbol, client_id=order.client_id)
    if order.symbol in state.config.symbols:
        cap = held(order.symbol, f"bot {own.account} trades it with the same key: order {order.client_id}", now)
        if cap.id not in state.limits.caps and _is_news(state, cap.id, order):
            yield CapRaised(cap=cap)


def _is_news(state: AccountState, cap_id: str, order: ReportedOrder) -> bool:
    """Not an order from before a person lifted the hold: that person has judged it."""
    return (order.created_at or order.at) > state.limits.lifted.get(cap_id, 0)
