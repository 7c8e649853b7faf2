"""A book kept from differences is the book, or says that something is missing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from fairway.market.book import Book, BookGap

levels = some.lists(some.tuples(some.integers(1, 30).map(Decimal), some.integers(0, 3).map(Decimal)), max_size=6)


@given(some.lists(some.tuples(levels, levels), max_size=30), some.data())
def test_a_snapshot_in_between_changes_nothing(
    changes: list[tuple[list[tuple[Decimal, Decimal]], ...]], data: some.DataObject
) -> None:
    """Joining at any update gives the same book as following from the beginning."""
    whole, joined = Book("BTC/USDT"), Book("BTC/USDT")
    at = data.draw(some.integers(0, len(changes)))
    for number, (bids, asks) in enumerate(changes, start=1):
        whole.apply(number, number, bids, asks)
        if number == at:
            joined.reset(number, list(whole.bids.items()), list(whole.asks.items()))
    for number, (bids, asks) in enumerate(changes, start=1):
        assert joined.apply(number, number, bids, asks) == (number > at)
    assert (joined.bids, joined.asks, joined.update_id) == (whole.bids, whole.asks, whole.update_id)
    assert all(quantity > 0 for side in (whole.bids, whole.asks) for quantity in side.values())


def test_a_missing_difference_is_told() -> None:
    """The error names the updates that are missing, and the book stays as it was."""
    book = Book("BTC/USDT")
    book.reset(7, [(Decimal(1), Decimal(2))], [])
    with pytest.raises(BookGap, match="BTC/USDT: updates 8 to 9 are missing"):
        book.apply(10, 12, [(Decimal(1), Decimal(0))], [])
    assert (book.update_id, book.bids) == (7, {Decimal(1): Decimal(2)})


def test_the_top_is_best_first() -> None:
    """Highest bids and lowest asks, as many as asked for."""
    book = Book("BTC/USDT")
    book.reset(1, [(Decimal(price), Decimal(1)) for price in (3, 5, 4)], [(Decimal(price), Decimal(1)) for price in (8, 6, 7)])
    bids, asks = book.top(2)
    assert [price for price, _ in bids] == [5, 4]
    assert [price for price, _ in asks] == [6, 7]
