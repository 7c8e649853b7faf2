"""What the accounts of a caller are worth together, and what they began with, by the trader's journal."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext

from fairway.api.authentication import Caller
from fairway.api.context import ServerContext
from fairway.api.views.portfolio import status_of
from fairway.money.amount import CONTEXT, ZERO
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.operations.trader.stories import TRADES, StoriesRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSums:
    """In the trader's quote asset. Unknown where one of the accounts was never valued: None."""

    start: Decimal | None
    """What the accounts were worth when each was first valued."""
    worth: Decimal | None
    earned: Decimal | None
    """By the bot's own trades, open positions at the mark included."""
    worth_before_open: Decimal | None
    """Worth without what open positions have earned."""
    began_at: int
    """When the first of them was started (ns); 0 for never."""


def sums_of(caller: Caller, context: ServerContext) -> AccountSums:
    """Of all accounts that the caller may read. Raises Refusal, SettingsError, JournalErrors."""
    accounts = [each.holdings for each in status_of(caller, context).accounts]
    told = perform(TRADES, Call(actor=caller.actor, request=StoriesRequest(config=context.config))).stories
    stories = [told[each.account] for each in accounts if each.account in told]
    worth = _sum(each.worth.value if each.worth is not None else None for each in accounts)
    open_ = _sum(held.result.value if held.result is not None else None for each in accounts for held in each.held)
    with localcontext(CONTEXT):
        before = worth - open_ if worth is not None and open_ is not None else None
    return AccountSums(
        start=_sum(story.worths[0].worth if story.worths else None for story in stories) if stories else None,
        worth=worth if accounts else None,
        earned=_sum(each.in_all.result.value if each.in_all.result is not None else None for each in accounts),
        worth_before_open=before if accounts else None,
        began_at=min((story.began_at for story in stories if story.began_at), default=0),
    )


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    """None where one is unknown."""
    found = ZERO
    with localcontext(CONTEXT):
        for value in values:
            if value is None:
                return None
            found += value
    return found
