"""Starting is recovering: replay the journal, then doubt everything that was in flight when it ended."""

from collections.abc import Iterable, Iterator

from fairway.journal.kinds import Event, TraderStarted
from fairway.orders.ids import EPOCH_MAX
from fairway.orders.lifecycle import OrderLost
from fairway.orders.order import OrderState
from fairway.trading.account_state import AccountState


def replay(desk: AccountState, history: Iterable[tuple[Event, int]]) -> None:
    """Moves a fresh desk through its journal: (event, instant in ns), oldest first."""
    for event, at in history:
        desk.apply(event, at)


def restart(desk: AccountState, *, release: str, venue: str, strategy: str, run: str) -> Iterator[Event]:
    """What a start adds to the journal before the venue is asked: a new epoch, and no trust in unanswered orders.

    run: a fresh one. It is taken where the journal has none, or no number of a start is left in its own.
    """
    is_first = not desk.run or desk.epoch >= EPOCH_MAX
    desk.seen.spare_run = "" if is_first else run
    yield TraderStarted(
        account=desk.terms.account,
        epoch=desk.epoch + 1 if desk.epoch < EPOCH_MAX else 1,
        release=release,
        venue=venue,
        strategy=strategy,
        symbols=desk.terms.symbols,
        lots={symbol: desk.terms.instruments[symbol].lot for symbol in desk.terms.symbols},
        bot=desk.terms.bot,
        guards=desk.guards.told(),
        leased=desk.terms.needs_lease,
        run=run if is_first else desk.run,
    )
    for order in list(desk.blotter.live.values()):
        if order.state in (OrderState.SENT, OrderState.CANCELLING):
            yield OrderLost(order.id, "the trader stopped before the venue answered")
        elif order.state is OrderState.UNKNOWN:  # no clock tells how long that has been so: it may have been set meanwhile
            yield OrderLost(order.id, "the trader stopped before the venue said what became of it")
