"""The rows of a report's tables, as people read them: every one a plain value with texts."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from fairway.reports.event_context import EventText
from fairway.reports.headline import money_places, unexplained_text
from fairway.reports.refusals import in_words
from fairway.reports.report import Report
from fairway.reports.story import ReportedTrip
from fairway.reports.table import r_text
from fairway.texts.display import NOTHING, amount, count_text, moment_text, number, places_for, signed, tick_places
from fairway.texts.durations import duration_words
from fairway.texts.messages.refusals import RefusalMessage
from fairway.world.clock import text_of as instant_text


@dataclass(frozen=True, slots=True, kw_only=True)
class TripRow:
    number: int
    symbol: str
    opened: str
    held: str
    quantity: str
    entry: str
    exit: str
    left_by: str
    result: str
    r: str
    tone: str
    entered_why: str
    left_why: str
    stop: str
    target: str
    naked: str


def trip_rows(report: Report) -> Iterator[TripRow]:
    for index, trip in enumerate(report.story.trips, start=1):
        yield _trip_row(report, trip, index)


def _trip_row(report: Report, trip: ReportedTrip, index: int) -> TripRow:
    round_trip, pair = trip.trip, report.story.instruments[trip.trip.symbol]
    places = tick_places(pair.tick)
    result = round_trip.result
    return TripRow(
        number=index,
        symbol=round_trip.symbol,
        opened=moment_text(round_trip.opened_at),
        held=duration_words(round_trip.closed_at - round_trip.opened_at),
        quantity=number(round_trip.quantity.value),
        entry=number(round_trip.entry, places),
        exit=number(round_trip.exit, places),
        left_by=trip.leaving.value,
        result=signed(result.value, places_for(result.asset, report.figures.worth_start or result.value)),
        r=r_text(trip.r),
        tone=tone(result.value),
        entered_why=trip.entered_why,
        left_why=trip.left_why,
        stop=number(trip.stop.value, places) if trip.stop else NOTHING,
        target=number(trip.target.value, places) if trip.target else NOTHING,
        naked=duration_words(trip.naked_ns),
    )


def tone(value: Decimal | None) -> str:
    """Which colour supports a number; its sign says it already."""
    if not value:
        return ""
    return "gain" if value > 0 else "loss"


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionRow:
    symbol: str
    opened: str
    quantity: str
    entry: str
    mark: str
    stop: str
    target: str
    result: str
    tone: str


def position_rows(report: Report) -> Iterator[PositionRow]:
    for held in report.story.positions:
        position = held.position
        places = tick_places(report.story.instruments[position.symbol].tick)
        mark = report.prices.get(position.symbol)
        result = None if mark is None else position.result.value + mark * position.quantity.value - position.cost.value
        yield PositionRow(
            symbol=position.symbol,
            opened=moment_text(position.opened_at),
            quantity=number(position.quantity.value),
            entry=number(position.average_entry, places),
            mark=number(mark, places),
            stop=number(held.stop.value, places) if held.stop else NOTHING,
            target=number(held.target.value, places) if held.target else NOTHING,
            result=signed(result, money_places(report)),
            tone=tone(result),
        )


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """Every digit of both sides."""

    asset: str
    ledger: str
    exchange: str
    difference: str
    is_exact: bool


def balance_rows(report: Report) -> Iterator[BalanceRow]:
    for tie in report.tie.assets:
        yield BalanceRow(tie.asset, number(tie.ledger), number(tie.exchange), number(tie.difference), not tie.difference)


@dataclass(frozen=True, slots=True)
class ExplainedRow:
    """A line of the equation; is_sum where it is what the lines above add up to."""

    name: str
    value: str
    is_sum: bool = False


def explained_rows(report: Report) -> Iterator[ExplainedRow]:
    """Change of worth on the one side, results on the other, with every digit; nothing where a price is missing."""
    worth = report.tie.worth
    if worth is None:
        return
    yield ExplainedRow("Results of round trips, fees included", signed(worth.results))
    if worth.open_results:
        yield ExplainedRow("Taken already from open positions", signed(worth.open_results))
    if worth.open_marked or worth.open_cost:
        yield ExplainedRow("Open positions at market, less their cost", signed(worth.open_marked - worth.open_cost))
    if worth.dust:
        yield ExplainedRow("Dust too small to sell, at market", signed(worth.dust))
    if worth.adjustments:
        yield ExplainedRow("Moved by another user of the account, at market", signed(worth.adjustments))
    if worth.other_fees:
        yield ExplainedRow("Fees paid in other assets, at market", signed(-worth.other_fees))
    yield ExplainedRow("Explained by the ledger", signed(worth.explained), is_sum=True)
    yield ExplainedRow("Change of worth at the exchange", signed(worth.change), is_sum=True)
    yield ExplainedRow("Difference", number(worth.difference), is_sum=True)


@dataclass(frozen=True, slots=True)
class FlowRow:
    asset: str
    opening: str
    bought: str
    sold: str
    fees: str
    adjustments: str
    balance: str


def flow_rows(report: Report) -> Iterator[FlowRow]:
    for flow in report.tie.flows:
        values = (flow.opening, flow.bought, flow.sold, flow.fees, flow.adjustments, flow.balance)
        yield FlowRow(flow.asset, *(number(value) for value in values))


@dataclass(frozen=True, slots=True)
class CountRow:
    name: str
    count: str
    note: str = ""


def order_rows(report: Report) -> Iterator[CountRow]:
    story = report.story
    for state, count in story.orders_ended.items():
        yield CountRow(state.value, f"{count:,}")
    if story.orders_live:
        yield CountRow("still at work", f"{len(story.orders_live):,}")
    if story.orders_lost:
        yield CountRow("unknown for a time", f"{story.orders_lost:,}")


def refusal_rows(report: Report) -> Iterator[CountRow]:
    """Most frequent first."""
    for category, count in sorted(report.story.refusals.items(), key=lambda pair: (-pair[1], pair[0])):
        words = in_words(category)
        known = category in RefusalMessage.__members__ or words != category
        yield CountRow(words[0].upper() + words[1:], f"{count:,}", category if known else "")


@dataclass(frozen=True, slots=True)
class TroubleRow:
    """at: when it happened first; again: how often after that, in words, or `""`."""

    at: str
    what: str
    did: str
    can: str
    again: str


def trouble_rows(report: Report) -> Iterator[TroubleRow]:
    """In the order in which they first happened; the same trouble is shown once. Last, what is not explained at the end."""
    alike: dict[EventText, list[int]] = {}
    for trouble in report.story.troubles:
        alike.setdefault(trouble.words, []).append(trouble.at)
    for words, (first, *later) in alike.items():
        again = f"and {count_text(len(later), 'more time', 'more times')}, last {moment_text(later[-1])}" if later else ""
        yield TroubleRow(moment_text(first), words.what, words.did, words.can, again)
    if report.unexplained:
        yield TroubleRow(
            at=moment_text(report.run.ended_at),
            what=unexplained_text(report),
            did="The bot books a difference once it has read it twice in a row, and it ended before that.",
            can="If you traded or moved money by hand, this is it; the next run on this journal books it. "
            "If it was not you, check who else uses this account.",
            again="",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FillTableRow:
    at: str
    symbol: str
    deal: str
    quantity: str
    price: str
    quote: str
    fee: str
    trade_id: str


def fill_rows(report: Report) -> Iterator[FillTableRow]:
    for booked in report.story.fills:
        fill = booked.fill
        yield FillTableRow(
            at=instant_text(fill.at),
            symbol=booked.symbol,
            deal=f"{booked.side.value} ({booked.role.name.lower()})",
            quantity=number(fill.quantity.value),
            price=number(fill.price.value),
            quote=number(fill.quote.value),
            fee=amount(fill.fee),
            trade_id=fill.trade_id,
        )
