"""Numbers as a venue can name them: up to ten digits before the point and eight after it."""

from decimal import Decimal

from hypothesis import strategies as some

values = some.integers(min_value=-(10**18), max_value=10**18).map(lambda units: Decimal(units).scaleb(-8))
positive = some.integers(min_value=1, max_value=10**18).map(lambda units: Decimal(units).scaleb(-8))
steps = some.builds(
    lambda digits, places: Decimal(digits).scaleb(-places), some.sampled_from([1, 2, 3, 5, 25, 7]), some.integers(0, 8)
)
assets = some.sampled_from(["BTC", "ETH", "USDT"])
