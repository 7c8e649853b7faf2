"""The rules that an account is traded by: what a configuration and its profile say of size, checks, limits and guards."""

from msgspec import Struct

from fairway.money.fraction import Fraction
from fairway.risk.allocation import Allocation
from fairway.risk.guards.rules import NO_GUARDS, GuardRules
from fairway.risk.limits import NO_LIMITS, Limits

ALL = Fraction.parse("100 %")


class RiskRules(Struct, frozen=True, kw_only=True):
    """Fractions of money are of what the account counts as worth. None in a field: that bound is not drawn, or not looked at."""

    per_trade: Fraction
    """Lost when a stop is hit."""
    position_max: Fraction
    """Largest share that one position may take."""
    positions_max: int
    slippage: Fraction = Fraction.parse("0.1 %")
    """Allowed for each way, as a fraction of price."""
    spread_max: Fraction = Fraction.parse("0.5 %")
    """Widest spread to enter at, as a fraction of the middle."""
    size: Fraction = ALL
    """A profile's appetite: what is left, or more, of the risk of a trade."""
    kelly: bool = False
    """Whether the record of closed trades, and the drawdown, bound the risk of a trade."""
    ranges: bool = False
    """Whether the market's own range does."""
    capital_share: Fraction | None = None
    """Most of the account that one entry may take."""
    free_share: Fraction | None = None
    """Most of what is free that one entry may take."""
    drift: Fraction = Fraction.of(0)
    """Room that a position is left to grow by its price alone, before it is larger than position_max."""
    allocation: Allocation | None = None
    correlated_max: Fraction | None = None
    """Most that correlated symbols may take together."""
    stop_max: Fraction | None = None
    """Farthest stop, as a fraction of the price."""
    confidence_min: Fraction | None = None
    """Least that a strategy must be sure, where it says how sure it is."""
    collar: Fraction | None = None
    """Farthest that the price may be from the close that led to the intent."""
    slippage_max: Fraction | None = None
    """Most that the size is expected to cost above the ask."""
    repeats_max: int | None = None
    """Entries with the same symbol, quantity, stop and target within ten minutes."""
    duplicate_ns: int = 0
    """Time in which a second entry in a symbol is held for the first one come twice."""
    skew_max_ns: int | None = None
    """Farthest that our clock may be from the venue's."""
    profile: str = ""
    """The name of the profile that they come from; "" where they come from none."""
    limits: Limits = NO_LIMITS
    guards: GuardRules = NO_GUARDS

    @property
    def all_limits(self) -> Limits:
        """The limits together with `positions_max` and `position_max`: all that bounds an account, for people who ask."""
        return self.limits & Limits(positions=self.positions_max, position=self.position_max)

    @property
    def entry_max(self) -> Fraction:
        """Most of an account without positions that one entry may take."""
        shares = (Fraction(self.position_max.value / (1 + self.drift.value)), self.capital_share, self.free_share)
        return min(share for share in shares if share is not None)
