"""Review of an entry before it becomes an order: the checks in their order, the size between them; the first no refuses."""

from collections.abc import Callable

from fairway.money.amount import Amount
from fairway.risk.checks import account, data, market, order
from fairway.risk.checks.data import QUOTE_AGE_MAX_NS as QUOTE_AGE_MAX_NS
from fairway.risk.checks.data import unsound as unsound
from fairway.risk.entry import EntryRefusal, Sized
from fairway.risk.entry import ProposedEntry as ProposedEntry
from fairway.risk.sizing import size_entry

INTENT_CHECKS: tuple[Callable[[ProposedEntry], str | None], ...] = (
    market.is_trading,
    account.may_enlarge,
    account.is_allowed,
    account.is_of_an_allowed_strategy,
    account.is_of_an_allowed_profile,
    account.is_in_hours,
    data.is_timely,
    data.is_blind,
    data.is_clock_right,
    market.is_confident,
    data.has_sound_quote,
    market.meets_no_own_order,
    account.is_free,
    market.has_narrow_spread,
    market.is_in_collar,
    market.has_sense,
    market.is_stop_near,
    account.has_known_worth,
    account.has_capital,
    account.has_room,
    account.has_few_open_orders,
    account.has_room_beside_others,
    account.is_no_duplicate,
    account.is_slow_enough,
)
"""Asked before the size; each may rely on those before it."""
ORDER_CHECKS: tuple[Callable[[ProposedEntry, Amount], str | None], ...] = (
    order.is_small_enough,
    order.stays_exposed_within,
    order.is_levered_within,
    order.is_paid_for,
    order.loses_within,
    order.loses_within_with_others,
    order.costs_little_slippage,
    order.is_no_repetition,
    order.fits_filters,
    order.leaves_room_for_its_exit,
)


def review(entry: ProposedEntry) -> Sized | EntryRefusal:
    """The quantity that may be bought, or the refusal of the first check that says no. A check that cannot be made says no."""
    asked: Callable[..., object] = review
    try:
        for asked in INTENT_CHECKS:
            why = asked(entry)
            if why is not None:
                return EntryRefusal(why)
        asked = size_entry
        sized = size_entry(entry)
        if isinstance(sized, EntryRefusal):
            return sized
        for asked in ORDER_CHECKS:
            why = asked(entry, sized.quantity)
            if why is not None:
                return EntryRefusal(why)
    except Exception as error:  # ends in a refusal and an alarm: what cannot be checked is not bought
        return EntryRefusal(f"CHECK_FAILED: check={asked.__name__} error={type(error).__name__}: {error}")
    return sized
