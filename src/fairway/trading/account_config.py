"""The configuration that one account is traded by; it does not change while a trader runs."""

from collections.abc import Mapping
from dataclasses import dataclass

from fairway.market.instrument import Instrument
from fairway.money.fees import Fees
from fairway.risk.rules import RiskRules
from fairway.strategies.api import Strategy


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountConfig:
    """One account's. interval_ns: length of the strategy's candles; quote: the asset worth is in."""

    account: str
    quote: str
    symbols: tuple[str, ...]
    interval: str
    interval_ns: int
    instruments: Mapping[str, Instrument]
    fees: Mapping[str, Fees]
    strategy: Strategy
    rules: RiskRules
    strategy_name: str = ""
    needs_lease: bool = False
    """Whether positions may be opened only while a lease is fresh."""
    maintenance: tuple[tuple[int, int], ...] = ()
    """Planned maintenance (ns, from and until), apart from each other: nothing is opened in it."""
    bot: str = ""
    """Digest of all that makes the bot what it is; "" where there is none."""
    addresses: int = 1
    """At how many addresses the venue can be asked."""
