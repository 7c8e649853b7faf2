"""Order life: all that belongs to one order, from the decision that led to it to the orders that followed, with the records."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.operation import Call, Exposure, Of, Operation, Outcome, Preview, Subject
from fairway.operations.refusal import wrong_input
from fairway.operations.trader.caps import rules_in_use
from fairway.operations.trader.journal_view import view_of
from fairway.operations.trader.read_journal import JournalName, opened_reader
from fairway.operations.trader.round_trips import NumberedTrip, RoundTripsRequest, number_trips
from fairway.orders.ids import ClientId, Role
from fairway.people.roles import UserAct
from fairway.settings import Settings, load

if TYPE_CHECKING:
    from fairway.journal.models import OrderRow
    from fairway.journal.port import Record
    from fairway.reports.decisions import TraderDecision
    from fairway.reports.entry_margins import CheckMargin
    from fairway.reports.trader_view import AccountJournalView, OrderMoment

MOMENTS_MAX: Final = 200
"""Moments that are told of one life; those in the middle are left out first."""
PLANNED: Final = "EntryPlanned"
PLANNED_WITHIN: Final = 20
"""An entry's plan is among so many records before its order: both are written at once."""
PAGES_MAX: Final = 40
"""Pages of the journal that are read for their records; later moments come without theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLifeRequest:
    """order: the client order id."""

    config: Path
    order: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeMoment:
    """One event, at an instant (ns). order: whose it is, "" of a decision. record: its line in the journal, None if not read."""

    number: int
    at: int
    kind: str
    order: str
    sentence: str
    record: "Record | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLifeOutcome(Outcome):
    """moments: of the order, of its family and of the decisions, oldest first.

    family: other orders of the same position: what opened it, protects it or closed it. trip: that position.
    """

    order: "OrderRow"
    family: "tuple[OrderRow, ...]"
    decisions: "tuple[TraderDecision, ...]"
    moments: tuple[LifeMoment, ...]
    margins: "tuple[CheckMargin, ...]"
    """Of its checks, those whose figures the journal holds."""
    checks: int
    """So many checks it has passed; 0 for an order that is not an entry."""
    trip: NumberedTrip | None


def tell_order_life(call: Call[OrderLifeRequest]) -> OrderLifeOutcome:
    """Raises Refusal, SettingsError, JournalErrors."""
    asked = call.request
    settings, account = load(asked.config), _account_of(asked)
    trips = number_trips(Call(actor=call.actor, request=RoundTripsRequest(config=asked.config, account=account))).trips
    with view_of(settings) as view:
        known = view.accounts.get(account)
        if known is None or asked.order not in known.orders:
            raise wrong_input(f"ORDER_UNKNOWN: order={asked.order}", f"there is no order {asked.order!r} in the journal")
        trip = _trip_of(known, asked.order, trips)
        entry = _entry_of(known, asked.order, trip)
        decisions = _decisions(settings, known, {asked.order, *_of_trip(trip)}, entry)
        ids = _family(known, asked.order, decisions, trip)
        order, family = known.orders[asked.order].order, tuple(known.orders[each].order for each in ids)
        told = [(each, moment) for each in (asked.order, *ids) for moment in known.orders[each].moments]
    moments = _with_records(settings, account, _bounded([*_decided(decisions), *(_moment(*each) for each in told)]))
    margins, checks = _margins(settings, account, order, moments)
    return OrderLifeOutcome(
        order=order, family=family, decisions=decisions, moments=moments, margins=margins, checks=checks, trip=trip
    )


def _account_of(asked: OrderLifeRequest) -> str:
    parsed = ClientId.parse(asked.order)
    return parsed.account if parsed is not None else ""


def _trip_of(known: "AccountJournalView", order: str, trips: Sequence[NumberedTrip]) -> NumberedTrip | None:
    """The position of an order, of the other leg of its pair, or of what was decided with it: an order may have done nothing."""
    from fairway.reports.decisions import DECISIONS_MAX

    parsed = ClientId.parse(order)
    leg = str(parsed.other_leg) if parsed is not None and parsed.other_leg is not None else ""
    decided = next((each.orders for each in known.decisions.newest("", DECISIONS_MAX) if order in each.orders), ())
    for ids in ({order}, {leg}, set(decided)):
        for trip in trips:
            if ids & set(_of_trip(trip)):
                return trip
    return None


def _of_trip(trip: NumberedTrip | None) -> tuple[str, ...]:
    return tuple(row.order_id for row in trip.orders) if trip is not None else ()


def _entry_of(known: "AccountJournalView", order: str, trip: NumberedTrip | None) -> "OrderMoment | None":
    """The first moment of the entry that began it."""
    for each in (order, *_of_trip(trip)):
        life = known.orders.get(each)
        if life is not None and life.order.role == Role.ENTRY.value and life.moments:
            return life.moments[0]
    return None


def _decisions(
    settings: Settings, known: "AccountJournalView", orders: set[str], entry: "OrderMoment | None"
) -> "tuple[TraderDecision, ...]":
    """What led to one of these orders, oldest first. Of an old entry the journal tells it: only the newest are remembered."""
    from fairway.reports.decisions import DECISIONS_MAX, DecisionAction, DecisionLog

    found = [each for each in known.decisions.newest("", DECISIONS_MAX) if orders & set(each.orders)]
    if entry is not None and not any(each.action is DecisionAction.ENTER for each in found):
        from fairway.assembly import CODEC

        log = DecisionLog()
        with opened_reader(settings, JournalName.TRADER) as reader:
            for record in reader.page(max(0, entry.seq - PLANNED_WITHIN), known.account):
                if record.seq < entry.seq and record.kind == PLANNED:
                    log.take(CODEC.decode(record), record.seq, record.at)
        found += [each for each in log.newest("", PLANNED_WITHIN) if orders & set(each.orders)]
    return tuple(reversed(found))


def _family(
    known: "AccountJournalView", order: str, decisions: "Sequence[TraderDecision]", trip: NumberedTrip | None
) -> tuple[str, ...]:
    """Others of the position that are known: what was decided with it, what moved it, and the other legs of their pairs."""
    ids = dict.fromkeys([order, *_of_trip(trip), *(each for decision in decisions for each in decision.orders)])
    parsed = [ClientId.parse(each) for each in ids]
    ids |= dict.fromkeys(str(each.other_leg) for each in parsed if each is not None and each.other_leg is not None)
    del ids[order]
    return tuple(
        sorted((each for each in ids if each in known.orders), key=lambda each: (known.orders[each].order.created_at, each))
    )


def _decided(decisions: "Sequence[TraderDecision]") -> Iterator[LifeMoment]:
    for each in decisions:
        yield LifeMoment(number=each.number, at=each.at, kind=each.action.value, order="", sentence=each.reason, record=None)


def _moment(order: str, moment: "OrderMoment") -> LifeMoment:
    return LifeMoment(number=moment.seq, at=moment.at, kind=moment.kind, order=order, sentence=moment.sentence, record=None)


def _bounded(moments: list[LifeMoment]) -> list[LifeMoment]:
    moments.sort(key=lambda each: each.number)
    half = MOMENTS_MAX // 2
    return moments if len(moments) <= MOMENTS_MAX else [*moments[:half], *moments[-half:]]


def _with_records(settings: Settings, account: str, moments: Sequence[LifeMoment]) -> tuple[LifeMoment, ...]:
    """Raises JournalErrors."""
    from dataclasses import replace

    records = _records(settings, account, [each.number for each in moments])
    return tuple(replace(each, record=records.get(each.number)) for each in moments)


def _records(settings: Settings, account: str, numbers: Sequence[int]) -> "Mapping[int, Record]":
    """By number. Numbers ascend; a page of the journal holds many of them, for what belongs together is written together."""
    found: dict[int, Record] = {}
    pages = 0
    with opened_reader(settings, JournalName.TRADER) as reader:
        for number in numbers:
            if number in found or pages >= PAGES_MAX:
                continue
            pages += 1
            found |= {each.seq: each for each in reader.page(number - 1, account)}
    return {number: found[number] for number in numbers if number in found}


def _margins(
    settings: Settings, account: str, order: "OrderRow", moments: Sequence[LifeMoment]
) -> "tuple[tuple[CheckMargin, ...], int]":
    """Of the entry's checks, and how many it passed."""
    from decimal import Decimal

    from fairway.assembly import CODEC
    from fairway.journal.kinds import EntryPlanned
    from fairway.market.candles import INTERVALS
    from fairway.reports.entry_margins import CHECKS, entry_margins
    from fairway.risk.caps import in_force

    record = next((each.record for each in moments if each.record is not None and each.record.kind == PLANNED), None)
    planned = CODEC.decode(record) if record is not None else None
    if not isinstance(planned, EntryPlanned) or planned.order_id != order.order_id:
        return (), 0
    rules = rules_in_use(settings, account)
    with view_of(settings) as view:
        limits = in_force(view.accounts[account].permissions.caps.values(), order.symbol) & rules.all_limits
    return entry_margins(planned, Decimal(order.quantity), rules, limits, INTERVALS[settings.interval]), CHECKS


ORDER_LIFE = Operation(
    name="order life",
    summary="Show an order with the decision that led to it, its checks, its records, and the orders of the same position.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=OrderLifeRequest,
    subject=lambda asked: Subject(Of.ACCOUNT, _account_of(asked)),
    preview=lambda call: Preview(effect="reads the journal; nothing is changed"),
    perform=tell_order_life,
)
OPERATIONS: Final = (ORDER_LIFE,)
