"""Review: a wish is granted only while its candle is the newest, and only where candle and quote tell the same story."""

from decimal import Decimal

import pytest
from msgspec.structs import replace
from tests.pure.risk.test_review import GOOD, check

from fairway.risk.entry import EntryRefusal, Sized
from fairway.risk.review import review


def test_a_wish_is_late_when_the_next_candle_has_closed() -> None:
    """To the nanosecond."""
    late = replace(GOOD, intent_age_ns=60_000_000_000)
    check(late, "INTENT_LATE")
    assert isinstance(review(replace(late, intent_age_ns=late.intent_age_ns - 1)), Sized)


@pytest.mark.parametrize("close", ["111.2", "90", "1e999", "0.01"])
def test_a_quote_far_from_the_candle_is_not_believed(close: str) -> None:
    """One of the two is absurd, and it is not known which."""
    verdict = review(replace(GOOD, close=Decimal(close)))
    assert isinstance(verdict, EntryRefusal)
    assert verdict.code.startswith("DATA_DISAGREES")


@pytest.mark.parametrize("close", ["111.1", "91.1", "100"])
def test_a_quote_may_differ_from_the_candle_by_a_tenth(close: str) -> None:
    """Markets move while a candle travels."""
    assert isinstance(review(replace(GOOD, close=Decimal(close))), Sized)
