"""Says what protects an account whose trader has stopped, and what does not."""

from dataclasses import dataclass

from fairway.orders.ids import Role
from fairway.texts.messages.catalogue import rendered
from fairway.texts.messages.message import message
from fairway.texts.messages.stop_messages import StopMessage
from fairway.trading.account_state import AccountState


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedAccount:
    """An account at the end of a run."""

    account: str
    protective_orders: int
    """Stops and targets that rest at the venue."""
    without_stop: tuple[str, ...]
    """Symbols of positions that no stop protects."""
    foreign_orders: int
    """Open orders that are not in the journal; they may be all that protects coins whose journal was lost."""

    @property
    def sentence(self) -> str:
        """What still works for a person now, and what does not."""
        return rendered(
            message(
                StopMessage.STOPPED,
                protective=self.protective_orders,
                without_stop=", ".join(self.without_stop),
                foreign=self.foreign_orders,
            )
        ).what


def stopped_account(account: str, state: AccountState) -> StoppedAccount:
    """What rests at the venue for the account, by its state when the trader stopped."""
    resting = [order for order in state.orders.blotter.live.values() if order.role in (Role.STOP, Role.TARGET)]
    stops = {order.symbol for order in resting if order.role is Role.STOP}
    return StoppedAccount(
        account=account,
        protective_orders=len(resting),
        without_stop=tuple(sorted(set(state.money.ledger.positions) - stops)),
        foreign_orders=len(state.transient.foreign_orders),
    )
