"""Where what we believe of an account and what its venue says differ, each difference by its name. The venue is right.

Empty, missing, error and zero are four answers. What is reported here was reported by the venue: a question that failed never
comes here; an empty list is an answer, and it says that there is nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Protocol

from msgspec import Struct

from fairway.ledger.balances import Balances, differences
from fairway.ledger.evidence import BalanceEvidence, locked_by, why_not_believed
from fairway.ledger.result import Ledger
from fairway.money.amount import Amount, Price, text_of
from fairway.orders.blotter import Blotter
from fairway.orders.ids import ClientId
from fairway.orders.order import Fill, Order, OrderState, Side
from fairway.texts.messages.catalogue import line
from fairway.texts.messages.difference_messages import DifferenceMessage
from fairway.texts.messages.message import KeyedMessage, message

CLOCKS_APART_NS: Final = 60_000_000_000
"""What the venue dates so much earlier than our order may still be of it, by clocks that disagree."""


class ReportedOrder(Protocol):
    """An open order, as the venue lists it."""

    @property
    def client_id(self) -> str: ...
    @property
    def venue_id(self) -> str: ...
    @property
    def symbol(self) -> str: ...
    @property
    def side(self) -> Side: ...
    @property
    def quantity(self) -> Amount: ...
    @property
    def filled(self) -> Amount: ...
    @property
    def at(self) -> int: ...
    @property
    def created_at(self) -> int: ...
    @property
    def price(self) -> Price | None: ...
    @property
    def stop_price(self) -> Price | None: ...


class ReportedFill(Protocol):
    """A fill, as the venue's history has it; client_id is "" where it does not tell."""

    @property
    def client_id(self) -> str: ...
    @property
    def venue_id(self) -> str: ...
    @property
    def symbol(self) -> str: ...
    @property
    def side(self) -> Side: ...
    @property
    def fill(self) -> Fill: ...


class Standing(Struct, frozen=True, kw_only=True):
    """How an account and its key stand at the venue: None, or "", where it does not tell."""

    kind: str = ""
    """The account's kind in the venue's own word, such as SPOT."""
    account_trades: bool | None = None
    key_trades: bool | None = None
    key_withdraws: bool | None = None

    @property
    def may_trade(self) -> bool:
        """Whether nothing is known to forbid it."""
        return self.account_trades is not False and self.key_trades is not False


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """What we hold for true of one account."""

    account: str
    numbered: Mapping[str, Mapping[int, int]]
    """By run that the journal has had: the last number of an order, by start."""
    symbols: Sequence[str]
    blotter: Blotter
    ledger: Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What the venue answered. asked_at: before the first question (ns).

    totals: by asset; an asset that the answer lacks is absent, which is not zero. second: the same by the venue's other endpoint;
    None where there is none, it was not asked, or did not answer.
    """

    orders: Sequence[ReportedOrder]
    fills: Sequence[ReportedFill]
    totals: Mapping[str, Decimal]
    asked_at: int
    second: Mapping[str, Decimal] | None = None


class MissingFill(Struct, frozen=True):
    """A fill of an order of ours that we had not heard of."""

    order_id: str
    reported: ReportedFill


class ForeignFill(Struct, frozen=True):
    """A fill of an order that is not ours, in a symbol that we trade."""

    reported: ReportedFill


class OrphanOrder(Struct, frozen=True):
    """An order with an id of ours that we do not know: of a journal that was lost, or of a kill."""

    reported: ReportedOrder
    own: ClientId


class RivalOrder(Struct, frozen=True):
    """An order of a run of ours with a number beyond those in the journal: the journal was cut off, or restored, or copied."""

    reported: ReportedOrder
    own: ClientId


class OtherRunOrder(Struct, frozen=True):
    """An order of our account's name and a run that the journal never had: of a lost journal, or of another trader."""

    reported: ReportedOrder
    own: ClientId


class ForeignOrder(Struct, frozen=True):
    """An open order of another trader in a symbol that we trade."""

    reported: ReportedOrder


class GoneOrder(Struct, frozen=True):
    """An order that we hold for open and the venue does not list: what became of it must be asked."""

    order: Order


class BalanceOff(Struct, frozen=True):
    """What the venue holds more, or less, than all fills explain. doubt: why its answer is not believed; "" where it may be."""

    amount: Amount
    doubt: str = ""


class KindChanged(Struct, frozen=True):
    """The account is of another kind than it was."""

    was: str
    now: str


class RightLost(Struct, frozen=True):
    """The account or its key may not trade."""


class RightTooMany(Struct, frozen=True):
    """The key may take money away, which no trader needs."""


Difference = (
    MissingFill
    | ForeignFill
    | OrphanOrder
    | RivalOrder
    | OtherRunOrder
    | ForeignOrder
    | GoneOrder
    | BalanceOff
    | KindChanged
    | RightLost
    | RightTooMany
)


def reconcile(belief: Belief, truth: Truth) -> Sequence[Difference]:
    """All differences of books, in the order in which they are booked: orders before their fills, fills before balances."""
    return [
        *_strange_orders(belief, truth.orders),
        *_fills(belief, truth),
        *(GoneOrder(order) for order in gone_orders(belief.blotter, truth.orders, truth.asked_at)),
        *_balances(belief, truth),
    ]


def standing_differences(known: Standing | None, reported: Standing) -> Iterator[Difference]:
    """What is wrong with how an account stands, or is not what it was."""
    if known is not None and known.kind and reported.kind and reported.kind != known.kind:
        yield KindChanged(known.kind, reported.kind)
    if not reported.may_trade:
        yield RightLost()
    if reported.key_withdraws:
        yield RightTooMany()


def _strange_orders(belief: Belief, reported: Iterable[ReportedOrder]) -> Iterator[Difference]:
    for order in reported:
        own = ClientId.parse(order.client_id)
        if own is None or own.account != belief.account:
            if order.symbol in belief.symbols:
                yield ForeignOrder(order)
        elif (strange := strange_order(belief.blotter, belief.numbered, order, own)) is not None:
            yield strange


def strange_order(
    blotter: Blotter, numbered: Mapping[str, Mapping[int, int]], reported: ReportedOrder, own: ClientId
) -> OrphanOrder | RivalOrder | OtherRunOrder | None:
    """What an order of our account's name is that the blotter does not have; None for one that it has.

    What we send is in the journal before it is on the wire, so a number beyond the journal's is not from us as we are now.
    """
    known = blotter.get(reported.client_id)
    if known is not None and known.symbol == reported.symbol:
        return None
    if own.is_of_a_kill:
        return OrphanOrder(reported, own)
    if own.run not in numbered:
        return OtherRunOrder(reported, own)
    return RivalOrder(reported, own) if known is not None or _is_beyond(numbered[own.run], own) else OrphanOrder(reported, own)


def _is_beyond(numbered: Mapping[int, int], own: ClientId) -> bool:
    """Whether an order's number is higher than the journal's last one of that start, or of a later start than its last."""
    return own.epoch > max(numbered, default=0) or own.sequence > numbered.get(own.epoch, own.sequence)


def _fills(belief: Belief, truth: Truth) -> Iterator[MissingFill | ForeignFill]:
    names = {(order.symbol, order.venue_id): order.client_id for order in truth.orders}
    for reported in {(reported.symbol, reported.fill.trade_id): reported for reported in truth.fills}.values():
        name = reported.client_id or names.get((reported.symbol, reported.venue_id), "")
        order = owner_of(belief.blotter, reported, name)
        if order is not None:
            if reported.fill.trade_id not in order.trade_ids:
                yield MissingFill(order.id, reported)
        elif reported.symbol in belief.symbols and not belief.ledger.knows(reported.symbol, reported.fill):
            is_lost = belief.blotter.get(name) is None and is_ours(name, belief.account, belief.numbered)
            yield MissingFill(name, reported) if is_lost else ForeignFill(reported)


def owner_of(blotter: Blotter, reported: ReportedFill, name: str = "") -> Order | None:
    """Our order that a fill is of. One of another symbol or side, or from before the order was made, is of another order, though
    it may bear its id. name: the order's id, where the fill does not tell it."""
    order = blotter.owner(name or reported.client_id, reported.venue_id, reported.symbol)
    is_of_it = order is not None and reported.side is order.side and reported.fill.at >= order.created_at - CLOCKS_APART_NS
    return order if is_of_it else None


def is_ours(client_id: str, account: str, numbered: Mapping[str, Mapping[int, int]]) -> bool:
    """Whether an id is of a run that our journal has had, or of a kill of this account."""
    own = ClientId.parse(client_id)
    return own is not None and own.account == account and (own.is_of_a_kill or own.run in numbered)


def gone_orders(blotter: Blotter, reported: Iterable[ReportedOrder], asked_at: int) -> Iterator[Order]:
    """Orders that we hold for open and the venue does not list. One that moved since the question may be younger than it."""
    listed = {order.client_id for order in reported}
    for order in blotter.live.values():
        is_open = order.state in (OrderState.OPEN, OrderState.PARTLY)
        if is_open and order.id not in listed and order.updated_at < asked_at:
            yield order


def _balances(belief: Belief, truth: Truth) -> Iterator[BalanceOff]:
    """What is left when every fill that was reported has been booked."""
    explained = Balances(dict(belief.ledger.balances.totals))
    for reported in (difference.reported for difference in _fills(belief, truth)):
        if not belief.ledger.has_booked(reported.symbol, reported.fill):
            explained.book(reported.side, reported.fill)
    off = differences(explained.totals, truth.totals)
    seen = evidence_of(belief, truth) if off else None
    for asset, (ours, theirs) in off.items():
        doubt = why_not_believed(belief.ledger, asset, ours, truth.totals.get(asset), seen) if seen is not None else ""
        yield BalanceOff(Amount(theirs - ours, asset), doubt)


def evidence_of(belief: Belief, truth: Truth) -> BalanceEvidence:
    """What the venue's orders and its other endpoint say of balances. An order that our books hold for open locks its coins until
    the venue has reported how it ended: an empty list of orders may be incomplete as well."""
    known = ((order.id, order) for order in belief.blotter.live.values() if order.state in (OrderState.OPEN, OrderState.PARTLY))
    locked = locked_by(belief.ledger, ((order.client_id, order) for order in truth.orders), known)
    return BalanceEvidence(locked=locked, second=truth.second)


def in_words(difference: Difference) -> str:
    """One sentence for a person. The sentences are in `texts/messages/difference_messages.py`."""
    return line(_message_of(difference))


def _message_of(difference: Difference) -> KeyedMessage:
    match difference:
        case MissingFill(order_id, reported):
            trade_id = reported.fill.trade_id
            return message(
                DifferenceMessage.MISSING_FILL,
                symbol=reported.symbol,
                traded=_traded(reported),
                order_id=order_id,
                trade_id=trade_id,
            )
        case ForeignFill(reported):
            trade_id = reported.fill.trade_id
            return message(DifferenceMessage.FOREIGN_FILL, symbol=reported.symbol, traded=_traded(reported), trade_id=trade_id)
        case OrphanOrder(reported):
            return message(DifferenceMessage.ORPHAN_ORDER, symbol=reported.symbol, order=_order(reported))
        case RivalOrder(reported, own):
            return message(DifferenceMessage.RIVAL_ORDER, symbol=reported.symbol, order=_order(reported), epoch=str(own.epoch))
        case OtherRunOrder(reported, own):
            return message(DifferenceMessage.OTHER_RUN_ORDER, symbol=reported.symbol, order=_order(reported), account=own.account)
        case ForeignOrder(reported):
            return message(DifferenceMessage.FOREIGN_ORDER, symbol=reported.symbol, order=_order(reported))
        case GoneOrder(order):
            return message(DifferenceMessage.GONE_ORDER, symbol=order.symbol, order_id=order.id, state=order.state.value)
        case BalanceOff(amount, doubt):
            is_more = amount.value > 0
            return message(DifferenceMessage.BALANCE_OFF, amount=str(abs(amount)), is_more=is_more, doubt=doubt)
        case KindChanged(was, now):
            return message(DifferenceMessage.KIND_CHANGED, was=was, now=now)
        case RightLost():
            return message(DifferenceMessage.RIGHT_LOST)
        case RightTooMany():
            return message(DifferenceMessage.RIGHT_TOO_MANY)


def _traded(reported: ReportedFill) -> KeyedMessage:
    quantity, price = str(reported.fill.quantity), text_of(reported.fill.price.value)
    if reported.side is Side.BUY:
        return message(DifferenceMessage.BOUGHT, quantity=quantity, price=price)
    return message(DifferenceMessage.SOLD, quantity=quantity, price=price)


def _order(reported: ReportedOrder) -> KeyedMessage:
    order_id = reported.client_id or reported.venue_id
    return message(DifferenceMessage.ORDER, side=reported.side.value, order_id=order_id, quantity=str(reported.quantity))
