"""A signal from outside: what another program, such as a TradingView alert, proposes to a trader. It names no quantity."""

from decimal import Decimal
from enum import StrEnum
from typing import Final

from msgspec import Struct

ID_LENGTH_MAX: Final = 64
SOURCE_LENGTH_MAX: Final = 32


class SignalAction(StrEnum):
    BUY = "buy"
    """Open a long position."""
    SELL = "sell"
    """Close the whole position: on a spot venue nothing is sold short."""


class SignalPosition(StrEnum):
    FLAT = "flat"
    LONG = "long"


class ExternalSignal(Struct, frozen=True, kw_only=True):
    """One signal. id: the sender's own, unique within its source. sent_at: by the sender's clock (ns).

    expected: the position that the sender has in mind before this signal; None where it says none. number: counts the signals of
    the source, one by one; None where it counts none. stop, target: in quote per base; None where the strategy finds them.
    """

    source: str
    id: str
    symbol: str
    action: SignalAction
    sent_at: int
    expected: SignalPosition | None = None
    number: int | None = None
    stop: Decimal | None = None
    target: Decimal | None = None

    @property
    def name(self) -> str:
        """Such as `tradingview/42`."""
        return f"{self.source}/{self.id}"
