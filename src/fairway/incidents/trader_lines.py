"""What the records of a trader's journal say in the timeline of an incident. Fills and marks are counted, and not shown."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder

from fairway.incidents.timeline import Entry, MoneyImpact, TextOf, TimelineSource
from fairway.journal import kinds
from fairway.journal.events import Codec
from fairway.money.amount import Amount
from fairway.orders.lifecycle import OrderFilled, OrderLost, OrderRejected
from fairway.risk.guards.sentences import cap_reason, with_sentences

CODEC: Final = Codec(*kinds.EVENTS)


class _Fee(Struct, frozen=True, gc=False):
    fee: Amount


class _FeeOfFill(Struct, frozen=True, gc=False):
    """As much of an `OrderFilled` as is counted."""

    fill: _Fee


class _Worth(Struct, frozen=True, gc=False):
    """As much of a `Marked` as is counted: half of a journal are such records, and most of one are its prices."""

    worth: Amount


def trader_source(money: MoneyImpact) -> TimelineSource:
    """The trader's journal; money is filled while its lines are made."""
    fees, worths = Decoder(_FeeOfFill).decode, Decoder(_Worth).decode

    def filled(entry: Entry) -> str:
        try:
            fee = fees(entry.body).fill.fee
        except MsgspecError:
            return _shown(str, entry)  # raises, with the record's number
        money.fills += 1
        money.fee(fee)
        return ""

    def marked(entry: Entry) -> str:
        try:
            worth = worths(entry.body).worth
        except MsgspecError:
            return _shown(str, entry)
        money.mark(entry.account, worth)
        return ""

    counted = {OrderFilled.__name__: filled, kinds.Marked.__name__: marked}
    assert all(CODEC.version(kind) == 1 for kind in counted), "a kind with several versions is decoded by the codec"
    texts: dict[str, TextOf] = {kind.__name__: partial(_shown, text) for kind, text in SHOWN.items()}
    texts |= {kind.__name__: partial(_noted, money, note) for kind, note in NOTED.items()}
    return TimelineSource("trader", {**texts, **counted})


def _shown(text: Callable[[Any], str], entry: Entry) -> str:
    return text(CODEC.decode(entry))


def _noted(money: MoneyImpact, note: Callable[[MoneyImpact, Any, str], str], entry: Entry) -> str:
    return note(money, CODEC.decode(entry), entry.account)


def _rejected(money: MoneyImpact, event: OrderRejected, account: str) -> str:
    money.rejected += 1
    return f"order {event.order_id} was rejected: {event.why}"


def _transfer(money: MoneyImpact, event: kinds.TransferAnnounced, account: str) -> str:
    money.disturbed.add(account)
    return f"{event.by} announced a transfer of {event.amount}: {event.why}"


def _unexplained(money: MoneyImpact, event: kinds.Unexplained, account: str) -> str:
    money.disturbed.add(account)
    return f"{event.amount} is not explained by any fill"


def _unprotected(money: MoneyImpact, event: kinds.NakedTooLong, account: str) -> str:
    money.unprotected += 1
    return f"the position in {event.symbol} is WITHOUT its whole protection for too long"


NOTED: Final[Mapping[type, Callable[[MoneyImpact, Any, str], str]]] = {
    OrderRejected: _rejected,
    kinds.TransferAnnounced: _transfer,
    kinds.Unexplained: _unexplained,
    kinds.NakedTooLong: _unprotected,
}


def _guard(event: kinds.GuardTripped) -> str:
    return f"guard {event.guard} {event.level.name} ({event.severity.value}): {with_sentences(event.code, event.level)}"


def _instruction(event: kinds.InstructionTaken) -> str:
    return f"{event.by} said: {event.what}" + (f"; NOT DONE: {event.refused}" if event.refused else "")


SHOWN: Final[Mapping[type, Callable[[Any], str]]] = {
    kinds.TraderStarted: lambda event: f"the trader started with strategy {event.strategy}",
    kinds.TraderStopped: lambda event: f"the trader stopped: {event.why}",
    kinds.AccountFailed: lambda event: f"the account failed: {event.why}",
    kinds.StopFailed: lambda event: f"the stop in {event.symbol} did not sell: {event.why}",
    kinds.ExitWanted: lambda event: f"the position in {event.symbol} is to be closed: {event.why}",
    kinds.Protected: lambda event: f"the position in {event.symbol} is protected by stops at the venue",
    kinds.CapRaised: lambda event: f"cap {event.cap.id} raised: {cap_reason(event.cap)}",
    kinds.CapLifted: lambda event: f"cap {event.cap_id} lifted by {event.by}: {event.why}",
    kinds.GuardTripped: _guard,
    kinds.GuardCleared: lambda event: f"guard {event.guard} cleared: {event.why}",
    kinds.EscalationChanged: lambda event: f"the account is {event.level.name}, and was {event.was.name}: {event.why}",
    kinds.InstructionTaken: _instruction,
    kinds.StreamLost: lambda event: f"the {event.channel} stream is lost: {event.why}",
    kinds.StreamRestored: lambda event: f"the {event.channel} stream is back",
    kinds.CaughtUp: lambda event: f"what was missed is booked: {', '.join(event.channels)}",
    OrderLost: lambda event: f"whether order {event.order_id} exists is unknown: {event.why}",
}
