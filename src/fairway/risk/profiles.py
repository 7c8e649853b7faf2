"""Profiles: conservative, moderate and aggressive, with every number that an account is traded by.

What a profile says of years and of rebalancing (its target return, how often it rebalances, how many requests a model may make)
stands with the rooms that will rebalance and ask models. Leverage is 1 in all of them: the venues are spot venues.
"""

from typing import Final

from msgspec import Struct

from fairway.money.amount import Amount
from fairway.money.fraction import Fraction
from fairway.risk.allocation import Allocation
from fairway.risk.guards.registry import rules_of_profile
from fairway.risk.limits import Limits
from fairway.risk.profile import Profile as Profile
from fairway.risk.rules import RiskRules
from fairway.world.clock import MILLISECOND, SECOND

DOLLARS: Final = frozenset({"USDT", "USDC", "FDUSD", "TUSD", "DAI", "USD"})
"""Quote assets in which a dollar's limit is a number."""


percent = Fraction.parse


class ProfileNumbers(Struct, frozen=True, kw_only=True):
    """In what profiles differ. Money in dollars."""

    allocation: Allocation
    asset_max: Fraction
    loss_max: Fraction
    """Farthest stop of a position, and deepest drawdown of all."""
    confidence_min: Fraction
    size: Fraction
    positions: int
    position_value: int
    exposure_value: int
    entries_a_minute: int


NUMBERS: Final = {
    Profile.CONSERVATIVE: ProfileNumbers(
        allocation=Allocation(large=percent("70 %"), middle=percent("20 %"), small=percent("0 %"), cash=percent("10 %")),
        asset_max=percent("15 %"),
        loss_max=percent("15 %"),
        confidence_min=percent("80 %"),
        size=percent("50 %"),
        positions=3,
        position_value=1_000,
        exposure_value=3_000,
        entries_a_minute=3,
    ),
    Profile.MODERATE: ProfileNumbers(
        allocation=Allocation(large=percent("50 %"), middle=percent("30 %"), small=percent("15 %"), cash=percent("5 %")),
        asset_max=percent("20 %"),
        loss_max=percent("25 %"),
        confidence_min=percent("70 %"),
        size=percent("100 %"),
        positions=5,
        position_value=5_000,
        exposure_value=25_000,
        entries_a_minute=5,
    ),
    Profile.AGGRESSIVE: ProfileNumbers(
        allocation=Allocation(large=percent("30 %"), middle=percent("40 %"), small=percent("25 %"), cash=percent("5 %")),
        asset_max=percent("30 %"),
        loss_max=percent("35 %"),
        confidence_min=percent("60 %"),
        size=percent("150 %"),
        positions=10,
        position_value=20_000,
        exposure_value=200_000,
        entries_a_minute=10,
    ),
}
PER_TRADE: Final = percent("0.75 %")
"""At risk in a trade, before a profile's appetite."""


def rules_of(profile: Profile, quote: str) -> RiskRules:
    """The rules of a profile for an account that is counted in a dollar's quote asset. Raises ValueError for any other."""
    if quote not in DOLLARS:
        raise ValueError(f"the limits of a profile are in dollars, and {quote} is none of {', '.join(sorted(DOLLARS))}")
    numbers = NUMBERS[profile]
    return RiskRules(
        per_trade=PER_TRADE,
        position_max=numbers.asset_max,
        positions_max=numbers.positions,
        size=numbers.size,
        kelly=True,
        ranges=True,
        capital_share=percent("10 %"),
        free_share=percent("15 %"),
        drift=percent("5 %"),
        allocation=numbers.allocation,
        correlated_max=percent("30 %"),
        stop_max=numbers.loss_max,
        confidence_min=numbers.confidence_min,
        collar=percent("2 %"),
        slippage_max=percent("0.5 %"),
        repeats_max=3,
        duplicate_ns=5 * SECOND,
        skew_max_ns=500 * MILLISECOND,
        profile=profile.value,
        limits=_limits(numbers, quote),
        guards=rules_of_profile(profile, quote),
    )


def _limits(numbers: ProfileNumbers, quote: str) -> Limits:
    return Limits(
        positions=numbers.positions,
        position_value=Amount.of(numbers.position_value, quote),
        exposure_value=Amount.of(numbers.exposure_value, quote),
        exposure=percent("50 %"),
        orders_a_minute=numbers.entries_a_minute,
    )
