"""What the venue reports of single orders and their fills where the list of open orders, or the account, cannot be read.

One order that cannot be read hides all the others in a list. What is held is protected all the same, by what the venue says of
the orders and fills that the books know; nothing is opened until the whole answer is there.
"""

from collections.abc import Iterator

from fairway.journal.kinds import Event
from fairway.trading.account_state import AccountState
from fairway.trading.event_mapping import has_no_owner, mute, of_fill, of_find
from fairway.trading.inputs import OrderQueried, SingleOrdersReported
from fairway.venues.port import FillReport


def of_singly(state: AccountState, answer: SingleOrdersReported, now: int) -> Iterator[Event]:
    """Fills of our orders, and what became of these. A symbol in which another party has traded is not known well enough."""
    for fill in answer.fills:
        yield from _of_fill(state, fill, answer.began_at, now)
    reports = {report.client_id: report for report in answer.orders}
    for order in [order for order in state.orders.blotter.live.values() if order.id in reports]:
        yield from of_find(state, OrderQueried(order, reports[order.id], answer.began_at), now)
    for order in answer.denied:
        yield from of_find(state, OrderQueried(order, None, answer.began_at), now)
    strange = {fill.symbol for fill in answer.fills if has_no_owner(state, fill)}
    state.transient.queried_singly = dict.fromkeys(symbol for symbol in answer.symbols if symbol not in strange)


def _of_fill(state: AccountState, fill: FillReport, began_at: int, now: int) -> Iterator[Event]:
    events = list(of_fill(state, fill))
    if events:
        yield from mute(state, f"trade {fill.fill.trade_id} filled", fill.fill.at, began_at)
    yield from events
