"""What the guards of an account watch for. None in a field: nobody watches that."""

from msgspec import Struct

from fairway.money.amount import Amount
from fairway.money.fraction import Fraction
from fairway.world.clock import SECOND


class GuardRules(Struct, frozen=True, kw_only=True):
    """Money is in the account's quote asset; fractions of it are of the account's worth, or of its capital where that is less."""

    daily_loss: Fraction | None = None
    """Lost in 24 hours, or since midnight UTC: opens nothing any more."""
    breaker_loss: Fraction | None = None
    """The same, and all is sold (breaker L2)."""
    drawdown: Fraction | None = None
    """Lost from the highest worth: all is sold (breaker L2)."""
    worth_unknown_ns: int | None = 10 * SECOND
    """How long something held may have no sound price before nothing is opened; only beside a guard of the account's losses."""
    losses_in_a_row: int | None = None
    position_loss: Amount | None = None
    """Lost with one position: it is sold, and its symbol held."""
    outlier_bar: Fraction | None = None
    """Largest move within one candle, or from the close before it."""
    volume_a_day: Amount | None = None
    """Least that a symbol must trade, at the pace of the newest candles."""
    latency_ns: int | None = None
    """Mean time from sending an order to the venue's answer."""
    slippage: Fraction | None = None
    """Mean of what entries cost above the price they were sized at."""
    orders_a_minute: int | None = None
    """Orders of all kinds, protection too: more would be a loop of our own making."""
    fees: Fraction | None = None
    """Fees of a day's trades, of what these trades moved."""
    errors: Fraction | None = None
    """Orders that failed, of those sent."""
    memory_a_day: Fraction | None = None
    """Growth of the process in 24 hours."""
    skew_ns: int | None = None
    """Difference between our clock and the venue's."""
    edge: bool = False
    """Whether a strategy that has shown no edge is stopped."""


NO_GUARDS = GuardRules()
