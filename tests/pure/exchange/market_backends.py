"""What tests of the practice exchange's markets share: the book's rules, and a back end fed by a market."""

from collections.abc import Iterable, Iterator

from tests.pure.exchange.hand_clock import HandClock

from fairway.exchange.backend import MatchingBackend
from fairway.exchange.market_data import MarketUpdate
from fairway.exchange.rules import SymbolRules
from fairway.market.book import Book
from fairway.market.files import FrameFile
from fairway.market.files.frames import BookSnapshot, Difference


def exchange(rules: Iterable[SymbolRules]) -> tuple[MatchingBackend, HandClock]:
    """An exchange without accounts, and its clock."""
    clock = HandClock()
    return MatchingBackend(rules, clock), clock


def feed(backend: MatchingBackend, clock: HandClock, market: Iterable[MarketUpdate]) -> Iterator[MarketUpdate]:
    """Applies each update at its time, and hands it on."""
    for update in market:
        clock.at = update.at
        backend.apply(update)
        backend.drain()
        yield update


def check_well_formed(updates: Iterable[MarketUpdate], rules: SymbolRules) -> None:
    """Every number on the grid, best levels first, sides apart, time never backwards."""
    last_at = 0
    for update in updates:
        assert update.at >= last_at
        last_at = update.at
        bids, asks = [level.price for level in update.bids or ()], [level.price for level in update.asks or ()]
        assert bids == sorted(set(bids), reverse=True)
        assert asks == sorted(set(asks))
        assert not (bids and asks) or bids[0] < asks[0]
        assert all(price > 0 and price % rules.tick == 0 for price in (*bids, *asks))
        for level in (*(update.bids or ()), *(update.asks or ())):
            assert level.quantity > 0
            assert level.quantity % rules.lot == 0
        for trade in update.prints:
            assert trade.price > 0
            assert trade.price % rules.tick == 0
            assert trade.quantity > 0
            assert trade.quantity % rules.lot == 0
            assert trade.at == update.at


def kept_by_hand(file: FrameFile) -> Iterator[Book]:
    """The book after each difference from the snapshot on, kept by `market.book`; the same object each time."""
    book, waiting = Book(file.symbol), list[Difference]()
    for frame in file.frames:
        event = frame.event
        if isinstance(event, BookSnapshot):
            book.reset(event.last_id, event.bids, event.asks)
            for before in waiting:
                book.apply(before.first_id, before.last_id, before.bids, before.asks)
            if waiting and waiting[-1].last_id == book.update_id:
                yield book
        elif isinstance(event, Difference) and not book.update_id:
            waiting.append(event)
        elif isinstance(event, Difference):
            book.apply(event.first_id, event.last_id, event.bids, event.asks)
            yield book
