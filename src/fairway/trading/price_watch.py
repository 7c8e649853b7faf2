"""Wakes an account as soon as its worth has fallen since its guards looked, so that they wait for no clock.

All accounts of a process are marked at once, with each quote; only those that have lost something are looked at.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from fairway.ledger.marking import Marking, TooLarge
from fairway.market.candles import Quote
from fairway.market.instrument import Instrument
from fairway.money.fraction import Fraction
from fairway.trading.account_state import AccountState

FALL: Final = Fraction.parse("0.1 %")
"""Of its worth: an account that has lost so much since it was looked at is looked at again."""


class PriceWatch:
    """instruments: those that are traded, all with one quote asset."""

    def __init__(self, instruments: Iterable[Instrument]) -> None:
        self._marking = Marking(list(instruments))
        self._kept: dict[str, None] = {}
        self._doubted: dict[str, None] = {}
        self._waiting: dict[str, None] = {}

    def keep(self, state: AccountState) -> None:
        """Marks an account from here on; one that holds nothing is left in peace. One too large for it is looked at each second,
        as every account is that holds something."""
        account, positions = state.config.account, state.money.ledger.positions
        self._note_doubt(account, is_suspected=state.guards.suspects)
        if not positions and account not in self._kept:
            return
        held = {symbol: position.quantity.value for symbol, position in positions.items()}
        try:
            self._marking.hold(account, state.money.ledger.balances.of(state.config.quote).value, held)
        except TooLarge:
            held = {}
        if held:
            self._kept[account] = None
            self._marking.watch(account, self._marking.worth(account) * (1 - FALL.value), {})
        else:
            self._kept.pop(account, None)
            self._marking.watch(account, None, {})

    def _note_doubt(self, account: str, *, is_suspected: bool) -> None:
        """One that a guard suspects is looked at once more with the next price, for it takes two. Further looks wait for the
        clock: in a fall there may be thousands of accounts."""
        if not is_suspected:
            self._doubted.pop(account, None)
            self._waiting.pop(account, None)
        elif account not in self._doubted:
            self._doubted[account] = self._waiting[account] = None

    def woken(self, quote: Quote) -> Sequence[str]:
        """The accounts that must be looked at, after a quote that may be traded on."""
        if quote.flaw() is not None:
            return ()
        fallen = self._marking.mark(quote.symbol, quote.bid, quote.ask)
        if not self._waiting:
            return fallen
        woken = tuple({**self._waiting, **dict.fromkeys(fallen)})
        self._waiting.clear()
        return woken
