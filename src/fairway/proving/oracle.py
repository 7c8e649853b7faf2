"""The oracle: judges what the trader did by the practice exchange's own log, and never by the trader's books.

Each rule is a pure function of the log and of the facts of the play; it yields each violation in words, with the second, the
client id of the order and the quantity.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from fairway.exchange.answers import OrderSnapshot
from fairway.exchange.units import ONE, short_text
from fairway.orders.ids import ClientId, Role
from fairway.proving.coins import LIVE, Tracker, Unprotected, own_id
from fairway.proving.oracle_case import OracleCase
from fairway.proving.oracle_leases import (
    an_older_trader_buys_nothing,
    nothing_is_bought_while_forbidden,
    nothing_is_bought_without_a_lease,
)
from fairway.proving.oracle_money import a_loss_stops_entries, an_emergency_sells_everything, buys_are_within_limits
from fairway.proving.outages import Outage, is_free_from
from fairway.proving.scenario_script import seconds_into
from fairway.world.clock import SECOND

PROTECTED_WITHIN_NS: Final = 5 * SECOND
"""From the purchase of each coin on, and from the end of what kept the trader from acting."""
SELLS_AGAIN_NS: Final = 35 * SECOND
"""After nothing could be sold a person is called, and the trader tries again within this time."""
RESTS_NS: Final = 65 * SECOND
"""How long an order that is neither stop nor target may be open at the end of the play."""


# -- coins -----------------------------------------------------------------------------------------------------------


def each_bought_coin_is_protected(case: OracleCase) -> Iterator[str]:
    for name, tracker in case.unshared.items():
        symbol = case.facts.pairs[name].symbol
        troubles = [*case.facts.troubles_of(symbol), *_unsellable(case, name)]
        for naked in tracker.unprotected:
            if naked.until - naked.since <= PROTECTED_WITHIN_NS or _is_of_several(case, tracker, naked):
                continue
            told = _told_of_forgotten(case, symbol, naked.order_id)
            free_from = is_free_from(naked.since, [*troubles, *told], case.log.answers, PROTECTED_WITHIN_NS)
            if naked.until - free_from > PROTECTED_WITHIN_NS:
                yield _unprotected_in_words(symbol, naked, free_from)
                break


def _is_of_several(case: OracleCase, tracker: Tracker, naked: Unprotected) -> bool:
    """Whether it is only that two traders on one key have each less than a lot, which together is one."""
    return case.facts.traders > 1 and Decimal(naked.quantity) / ONE < tracker.pair.lot * case.facts.traders


def _unprotected_in_words(symbol: str, naked: Unprotected, free_from: int) -> str:
    return (
        f"{symbol}: {short_text(naked.quantity)} bought by order {naked.order_id} had no stop from second "
        f"{seconds_into(naked.since):.3f} to {seconds_into(naked.until):.3f}, and nothing hindered the trader from second "
        f"{seconds_into(free_from):.3f} on"
    )


def _unsellable(case: OracleCase, venue_symbol: str) -> Iterator[Outage]:
    """Nothing is bid, or the exchange refuses even to sell: neither a stop nor a sale can help, and a person is called."""
    for since, until in case.log.empty_books(venue_symbol):
        yield Outage(since, until + SELLS_AGAIN_NS, "nothing is bid")
    for answer in case.log.answers:
        if answer.symbol == venue_symbol and answer.refusal is not None and answer.endpoint == "order.place":
            own = next((own for text in answer.ids if (own := ClientId.parse(text)) is not None), None)
            if own is not None and own.role is Role.EXIT:
                yield Outage(answer.at, answer.at + SELLS_AGAIN_NS, "the exchange refuses the sale")


def _told_of_forgotten(case: OracleCase, symbol: str, order_id: str) -> Iterator[Outage]:
    """Coins of an order that was lost with its journal are protected, or a person is told and nothing is opened in the symbol."""
    if order_id not in case.facts.journaled:
        yield from (Outage(it.since, it.until, it.why) for it in case.facts.restrictions if it.calls_person and it.covers(symbol))


def no_coin_is_sold_twice(case: OracleCase) -> Iterator[str]:
    for name, tracker in case.unshared.items():
        symbol = case.facts.pairs[name].symbol
        for position in tracker.positions:
            second = f"{symbol}: at second {seconds_into(position.at):.3f}"
            if position.held < 0:
                yield f"{second} orders of the bot had sold {short_text(-position.held)} more than its orders had bought"
                break
            if position.closing > position.held:
                ids = ", ".join(order.client_id for order in position.sells)
                yield f"{second} orders {ids} were to sell {short_text(position.closing)} of {short_text(position.held)}"
                break


def at_the_end_each_order_has_its_purpose(case: OracleCase) -> Iterator[str]:
    """No entry and no sale at market is still open. That no stop rests without coins is asked of each moment."""
    if case.facts.is_hindered_at_end:
        return
    for name in case.trackers:
        live = _live_at_end(case, name)
        for order_id, order in live.items():
            own = ClientId.parse(order_id) if order_id in case.log.sent else None
            if own is not None and own.role in (Role.ENTRY, Role.EXIT) and case.facts.ended_at - order.created_at > RESTS_NS:
                age_s = (case.facts.ended_at - order.created_at) // SECOND
                yield f"{name}: order {order_id} over {short_text(order.quantity)} is open at the end, {age_s} s old"


def _live_at_end(case: OracleCase, venue_symbol: str) -> dict[str, OrderSnapshot]:
    live = dict[str, OrderSnapshot]()
    for report in case.log.reports:
        if report.order.symbol == venue_symbol:
            live.pop(own_id(report), None)
            if report.order.status in LIVE:
                live[own_id(report)] = report.order
    return live


# -- identity --------------------------------------------------------------------------------------------------------


def a_client_id_is_used_once(case: OracleCase) -> Iterator[str]:
    orders = {report.order.order_id: (own_id(report), report.order) for report in case.log.reports}
    times = Counter(order_id for order_id, _ in orders.values() if order_id in case.log.sent)
    for order_id, order in orders.values():
        if times[order_id] > 1:
            times[order_id] = 0
            yield (
                f"the exchange accepted more than one order {order_id}; the last one at second "
                f"{seconds_into(max(it.created_at for name, it in orders.values() if name == order_id)):.3f} over "
                f"{short_text(order.quantity)}"
            )


ORACLE: Final[Mapping[str, Callable[[OracleCase], Iterator[str]]]] = {
    "1 a client id is used once": a_client_id_is_used_once,
    "4 at the end each order has its purpose": at_the_end_each_order_has_its_purpose,
    "6 each bought coin is protected": each_bought_coin_is_protected,
    "7 no coin is sold twice": no_coin_is_sold_twice,
    "8 nothing is bought while forbidden": nothing_is_bought_while_forbidden,
    "8 nothing is bought without a lease": nothing_is_bought_without_a_lease,
    "8 an older trader buys nothing": an_older_trader_buys_nothing,
    "8 a loss stops entries": a_loss_stops_entries,
    "8 an emergency sells everything": an_emergency_sells_everything,
    "8 buys are within limits": buys_are_within_limits,
}
"""By number in the list of invariants (docs/explanation/proving.md), and what each promises."""
