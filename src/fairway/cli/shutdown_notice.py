"""Says what still protects a person when a trader has ended, and what does not."""

from fairway.orders.ids import Role
from fairway.texts.display import count_text
from fairway.trading.account_state import AccountState


def shutdown_notice(account_state: AccountState) -> str:
    """What still works for a person when the trader has ended, and what does not."""
    resting = [order for order in account_state.orders.blotter.live.values() if order.role in (Role.STOP, Role.TARGET)]
    naked = sorted(set(account_state.money.ledger.positions) - {order.symbol for order in resting if order.role is Role.STOP})
    told = ["Stopped."]
    if resting:
        stay = count_text(len(resting), "protective order stays", "protective orders stay")
        told.append(f"{stay} at the venue, where they work without Fairway; start it again to go on.")
    if naked:
        told.append(f"{', '.join(naked)} is held WITHOUT a stop: start again at once, or sell it at the venue's own page.")
    elif not resting:
        told.append(_nothing_of_ours(len(account_state.transient.foreign_orders)))
    return " ".join(told)


def _nothing_of_ours(others: int) -> str:
    """others: open orders that are not in the journal; they may be all that protects coins whose journal was lost."""
    if not others:
        return "No position is open, and no protective order was left at the venue."
    rest = count_text(others, "order rests", "orders rest")
    return f"By its journal no position is open, but {rest} at the venue that it does not know: look at the venue's own page."
