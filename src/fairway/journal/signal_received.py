"""The event of a signal from outside, as a trader's journal keeps it."""

from fairway.journal.account_event import AccountEvent
from fairway.orders.external_signal import ExternalSignal


class SignalReceived(AccountEvent, frozen=True, tag=True, omit_defaults=True):
    """A signal from outside that was not received before, obeyed or not: `InstructionTaken` says which.

    lost: the code of a loss that it shows: signals of its source that never came, or a position that its sender does not expect.
    doubted: symbols in which no signal of the source opens a position from now on. is_settled: that ends for the signal's own
    symbol, because its sender and the account agree on the position again.
    """

    signal: ExternalSignal
    lost: str = ""
    doubted: tuple[str, ...] = ()
    is_settled: bool = False
