"""Starting is recovering: replay the journal, then doubt everything that was in flight when it ended."""

from collections.abc import Iterable, Iterator

from fairway.journal.kinds import Event, TraderStarted
from fairway.orders.ids import EPOCH_MAX
from fairway.orders.lifecycle import OrderLost
from fairway.orders.order import OrderState
from fairway.trading.account_state import AccountState


def replay(state: AccountState, history: Iterable[tuple[Event, int]]) -> None:
    """Moves a fresh state through its journal: (event, instant in ns), oldest first."""
    for event, at in history:
        state.apply(event, at)


def restart(state: AccountState, *, release: str, venue: str, strategy: str, run: str) -> Iterator[Event]:
    """What a start adds to the journal before the venue is asked: a new epoch, and no trust in unanswered orders.

    run: a fresh one. It is taken where the journal has none, or no number of a start is left in its own.
    """
    is_first = not state.starts.run or state.starts.epoch >= EPOCH_MAX
    state.transient.spare_run = "" if is_first else run
    yield TraderStarted(
        account=state.config.account,
        epoch=state.starts.epoch + 1 if state.starts.epoch < EPOCH_MAX else 1,
        release=release,
        venue=venue,
        strategy=strategy,
        symbols=state.config.symbols,
        lots={symbol: state.config.instruments[symbol].lot for symbol in state.config.symbols},
        bot=state.config.bot,
        guards=state.guards.bounds(),
        leased=state.config.needs_lease,
        run=run if is_first else state.starts.run,
    )
    for order in list(state.orders.blotter.live.values()):
        if order.state in (OrderState.SENT, OrderState.CANCELLING):
            yield OrderLost(order.id, "the trader stopped before the venue answered")
        elif order.state is OrderState.UNKNOWN:  # no clock tells how long that has been so: it may have been set meanwhile
            yield OrderLost(order.id, "the trader stopped before the venue said what became of it")
