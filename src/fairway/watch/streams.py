"""Starts, streams and signals in the journal: which streams came back, and which intents of the strategy were approved."""

from fairway.journal.kinds import CaughtUp, EntryPlanned, EntryRefused, StreamLost, TraderStarted, Unexplained
from fairway.watch.account import MeasuredAccount, Note
from fairway.world.clock import SECOND


def of_start(account: MeasuredAccount, event: TraderStarted, at: int, note: Note) -> None:
    account.lots = dict(event.lots)
    for life in account.lives.values():
        life.is_of_before = True
    account.down.clear()
    account.came_back_holding = bool(account.trips)


def of_loss(account: MeasuredAccount, event: StreamLost, at: int, note: Note) -> None:
    account.down.setdefault(event.channel, at)


def of_catch_up(account: MeasuredAccount, event: CaughtUp, at: int, note: Note) -> None:
    """A stream counts as lost until all that was missed is booked."""
    for channel in event.channels:
        lost_at = account.down.pop(channel, None)
        if lost_at is not None:
            note("order_paths", at, 1, "ws_reconnect")
            note("reconnect_seconds", at, (at - lost_at) / SECOND, channel)
    if account.came_back_holding:
        account.came_back_holding = False
        note("order_paths", at, 1, "restart_with_position")


def of_refusal(account: MeasuredAccount, event: EntryRefused, at: int, note: Note) -> None:
    note("refusals", at, 1, event.code.partition(":")[0].strip())
    of_wish(event, at, note)


def of_wish(event: EntryPlanned | EntryRefused, at: int, note: Note) -> None:
    """How old the intent was when risk approved or refused it, and how long the trader took for that."""
    if event.intent_age_ns is not None:
        note("signal_latency", at, event.intent_age_ns / SECOND)
    if event.decision_ns is not None:
        note("decision_time", at, event.decision_ns / SECOND)


def of_unexplained(account: MeasuredAccount, event: Unexplained, at: int, note: Note) -> None:
    """One bad sample of two invariants, at once and not with the next minute."""
    note("reconciled", at, 0)
    note("tied_out", at, 0)
