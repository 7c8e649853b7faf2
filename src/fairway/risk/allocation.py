"""Allocation: how much of an account may be in assets of large, middle and small market capitalization."""

from enum import StrEnum
from typing import Final

from msgspec import Struct

from fairway.money.fraction import Fraction


class AssetSize(StrEnum):
    LARGE = "large"
    MIDDLE = "middle"
    SMALL = "small"
    """Every asset that is in neither of the other two lists."""


_SIZES: Final = {
    AssetSize.LARGE: ("BTC", "ETH"),
    AssetSize.MIDDLE: ("BNB", "SOL", "XRP", "ADA", "AVAX", "DOT", "LINK", "LTC", "BCH", "TRX", "DOGE", "TON", "XLM"),
}
SIZE_OF: Final = {asset: size for size, assets in _SIZES.items() for asset in assets}


class Allocation(Struct, frozen=True, kw_only=True):
    """Most that assets of a size may be worth together, as shares of the account, and the least that stays in quote."""

    large: Fraction
    middle: Fraction
    small: Fraction
    cash: Fraction

    def most(self, asset: str) -> Fraction:
        """Of what the account is worth, for an asset and all of its size."""
        return {AssetSize.LARGE: self.large, AssetSize.MIDDLE: self.middle, AssetSize.SMALL: self.small}[size_of(asset)]


def size_of(asset: str) -> AssetSize:
    return SIZE_OF.get(asset, AssetSize.SMALL)
