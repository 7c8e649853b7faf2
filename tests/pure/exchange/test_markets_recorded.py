"""A recorded market shows exactly the book that was, and the trades that were told."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from tests.pure.exchange.market_backends import check_well_formed, exchange, feed, kept_by_hand
from tests.shared_data import BTC_FRAMES, ETH_FRAMES, needs_shared_data

from fairway.exchange.market_data import BookLevel, MarketUpdate
from fairway.exchange.markets import recorded, rules_for
from fairway.exchange.markets.contents import lacks
from fairway.exchange.units import text
from fairway.market.candles import Quote, Trade
from fairway.market.files import FrameFile, read_frames
from fairway.market.files.frames import BookSnapshot, Difference, Frame, FrameEvent, Levels, Top


def levels(*pairs: tuple[int, int]) -> Levels:
    return [(Decimal(price), Decimal(quantity)) for price, quantity in pairs]


def file_of(*events: FrameEvent) -> FrameFile:
    frames = tuple(Frame(line, line, event) for line, event in enumerate(events, start=1))
    return FrameFile(file="x", symbol="BTC/USDT", frames=frames, problems=(), digest="")


def books(*events: FrameEvent) -> list[tuple[int, list[tuple[int, int]], list[tuple[int, int]]]]:
    """Time and both sides, in whole units, of each update that shows a book."""
    return [
        (update.at, _whole(update.bids), _whole(update.asks or ()))
        for update in recorded([file_of(*events)])
        if update.bids is not None
    ]


def _whole(side: Sequence[BookLevel]) -> list[tuple[int, int]]:
    return [(level.price // 10**8, level.quantity // 10**8) for level in side]


SNAPSHOT = BookSnapshot(10, levels((99, 1), (98, 2)), levels((101, 1), (102, 2)))


def change(at: int, first: int, last: int, bids: Levels | None = None, asks: Levels | None = None) -> Difference:
    return Difference(at, first, last, bids or [], asks or [])


def test_the_book_is_joined_by_the_exchanges_rule() -> None:
    """What the snapshot holds is dropped; the first difference used reaches from before the next update to after it."""
    early, joining = change(1, 5, 10, levels((99, 9))), change(2, 9, 12, levels((99, 5)), levels((101, 0)))
    last = change(3, 13, 13, None, levels((103, 4)))
    expected = [(2, [(99, 5), (98, 2)], [(102, 2)]), (3, [(99, 5), (98, 2)], [(102, 2), (103, 4)])]
    assert books(early, joining, SNAPSHOT, last) == expected
    assert books(SNAPSHOT, early, joining, last) == expected
    assert books(early, SNAPSHOT, joining, last) == [(1, [(99, 1), (98, 2)], [(101, 1), (102, 2)]), *expected]


def test_nothing_is_shown_before_the_snapshot() -> None:
    """A book whose beginning is to come is no book yet."""
    later = BookSnapshot(6, levels((98, 1)), levels((101, 1)))
    shown = books(change(1, 5, 5, levels((99, 9))), later, change(2, 7, 7, levels((97, 1))))
    assert shown == [(2, [(98, 1), (97, 1)], [(101, 1)])]


def top(update_id: int, bid: tuple[int, int], ask: tuple[int, int]) -> Top:
    (bid_price, bid_quantity), (ask_price, ask_quantity) = levels(bid, ask)
    return Top(update_id, Quote("BTC/USDT", bid_price, bid_quantity, ask_price, ask_quantity, 0, update_id))


def test_without_a_snapshot_the_book_grows_from_what_changes() -> None:
    """It holds what was told of it; bookTicker tells the best of each side, as of the end of each difference."""
    shown = books(
        change(1, 5, 6, levels((97, 9)), levels((104, 1))),
        top(7, (99, 1), (101, 2)),
        top(8, (98, 4), (101, 2)),
        top(12, (90, 1), (91, 1)),
        change(2, 7, 8, levels((99, 0), (96, 3))),
        change(3, 9, 10, levels((98, 0))),
    )
    assert shown == [
        (1, [(97, 9)], [(104, 1)]),
        (2, [(98, 4), (97, 9), (96, 3)], [(101, 2), (104, 1)]),
        (3, [(97, 9), (96, 3)], [(101, 2), (104, 1)]),
    ]


def test_after_the_last_snapshot_a_hole_does_not_end_the_book() -> None:
    """It is empty for one update, and grows again from what was told since the hole."""
    shown = books(SNAPSHOT, change(1, 11, 11), change(2, 13, 14, levels((97, 1))), change(3, 15, 15, None, levels((105, 2))))
    assert shown[1:] == [(2, [], []), (3, [(97, 1)], [(105, 2)])]


def test_best_prices_alone_make_a_market_of_one_level() -> None:
    """By the recorder's clock, as wrong as it was when the first trade arrived."""
    trade = Trade("BTC/USDT", "1", 1000, Decimal(100), Decimal(1), True)
    file = file_of(top(1, (99, 1), (101, 2)), SNAPSHOT, trade, top(2, (98, 4), (101, 0)))
    updates = list(recorded([file]))
    assert [(it.at, len(it.prints)) for it in updates] == [(998, 0), (1000, 1), (1001, 0)]
    assert (_whole(updates[0].bids or ()), _whole(updates[0].asks or ())) == ([(99, 1)], [(101, 2)])
    assert (_whole(updates[2].bids or ()), updates[2].asks) == ([(98, 4)], ())
    assert rules_for(file_of(top(1, (99, 1), (101, 2)))).symbol == "BTCUSDT"


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ((SNAPSHOT, change(1, 11, 11)), ""),
        ((change(1, 11, 11), top(2, (1, 1), (2, 1))), "no depth snapshot: the book grows from 1 changes and 1 best prices"),
        ((SNAPSHOT, change(1, 11, 11), change(2, 14, 14)), "line 3: updates 12 to 13 are missing, and no depth snapshot follows"),
        ((change(1, 9, 11), SNAPSHOT, change(2, 12, 12)), ""),
        ((SNAPSHOT, change(1, 13, 13), SNAPSHOT, change(2, 14, 14)), ""),
        ((top(2, (1, 1), (2, 1)),), "no changes of the book: the best price of each side is shown, 1 of them"),
        ((Trade("BTC/USDT", "1", 5, Decimal(1), Decimal(1), True),), "trades and no book: the depth around them is made up"),
    ],
)
def test_what_a_recording_lacks_is_told_with_what_to_record(events: tuple[FrameEvent, ...], words: str) -> None:
    """Nothing where nothing is missing, or a snapshot follows."""
    told = lacks(file_of(*events))
    assert words in told
    assert bool(words) is ("GET /api/v3/depth?limit=5000" in told)


@needs_shared_data
@pytest.mark.parametrize("path", [BTC_FRAMES, ETH_FRAMES])
def test_a_whole_recording_lacks_nothing(path: Path) -> None:
    """Although its snapshot is older than differences that arrived before it."""
    assert lacks(read_frames(path)) == ""


@needs_shared_data
def test_a_real_recording_without_its_snapshot_shows_a_part_of_the_true_book() -> None:
    """Each level is the true one, and the best of each side is never missing."""
    whole = read_frames(BTC_FRAMES)
    frames = tuple(frame for frame in whole.frames if not isinstance(frame.event, BookSnapshot))
    grown = (it for it in recorded([replace(whole, frames=frames)]) if it.bids is not None)
    true = (it for it in recorded([whole]) if it.bids is not None)
    compared, part = 0, next(grown)
    for number, book in enumerate(true):
        while part.at < book.at:
            part = next(grown)
        if number % 50 or part.at != book.at:
            continue
        for mine, right in ((part.bids or (), book.bids or ()), (part.asks or (), book.asks or ())):
            assert set(mine) <= set(right)
            assert mine[0] == right[0]
        compared += 1
    assert compared > 60


def test_a_hole_empties_the_book_until_the_next_snapshot() -> None:
    """Nobody trades against levels that may be gone."""
    shown = books(
        SNAPSHOT,
        change(1, 11, 11, levels((99, 3))),
        change(2, 13, 14, levels((97, 1))),
        change(3, 15, 15),
        BookSnapshot(14, levels((96, 1)), levels((104, 1))),
        change(4, 16, 16, levels((95, 7))),
    )
    assert shown == [
        (1, [(99, 3), (98, 2)], [(101, 1), (102, 2)]),
        (2, [], []),
        (3, [(96, 1)], [(104, 1)]),
        (4, [(96, 1), (95, 7)], [(104, 1)]),
    ]


def test_a_book_that_crosses_itself_is_lost_too() -> None:
    """The exchange never shows one."""
    assert books(SNAPSHOT, change(1, 11, 11, levels((101, 3)))) == [(1, [], [])]


def test_trades_are_printed_at_their_own_time() -> None:
    """Also where they arrived after a depth update that is later, and before one of the same instant."""

    def trade(number: int, at: int, *, maker: bool) -> Trade:
        return Trade("BTC/USDT", str(number), at, Decimal(100), Decimal("0.5"), maker)

    events: list[FrameEvent] = [SNAPSHOT, change(5, 11, 11), trade(1, 4, maker=True), change(6, 12, 12), trade(2, 6, maker=False)]
    updates = list(recorded([file_of(*events)]))
    assert [(update.at, len(update.prints)) for update in updates] == [(4, 1), (5, 0), (6, 1), (6, 0)]
    sale, buy = updates[0].prints[0], updates[2].prints[0]
    assert (sale.price, sale.quantity, sale.quote, sale.trades) == (100 * 10**8, 10**8 // 2, 50 * 10**8, 1)
    assert (sale.buyer_is_maker, sale.taker_buy_quantity, sale.taker_buy_quote) == (True, 0, 0)
    assert (buy.buyer_is_maker, buy.taker_buy_quantity, buy.taker_buy_quote) == (False, 10**8 // 2, 50 * 10**8)


def test_two_files_of_one_pair_are_refused() -> None:
    """They would contradict each other."""
    with pytest.raises(ValueError, match="a pair of its own"):
        recorded([file_of(SNAPSHOT), file_of(SNAPSHOT)])


def _as_text(side: Sequence[BookLevel]) -> list[tuple[str, str]]:
    return [(text(price), text(quantity)) for price, quantity in side]


@needs_shared_data
@pytest.mark.parametrize("path", [BTC_FRAMES, ETH_FRAMES])
def test_the_exchange_shows_the_real_book_at_each_update(path: Path) -> None:
    """Every level of every hundredth book equals the one kept by hand; the best of each agrees with the stream bookTicker."""
    file = read_frames(path)
    rules = rules_for(file)
    backend, clock = exchange([rules])
    by_hand = kept_by_hand(file)
    tops = {frame.event.update_id: frame.event.quote for frame in file.frames if isinstance(frame.event, Top)}
    compared = seen = 0
    for update in feed(backend, clock, recorded([file])):
        if update.bids is None:
            continue
        seen += 1
        kept = next(by_hand)
        if seen % 100 == 0:
            depth = asyncio.run(backend.depth(rules.symbol, 10_000))
            for shown, right in zip((depth.bids, depth.asks), kept.top(10_000), strict=True):
                assert _as_text(shown) == [(f"{price:.8f}", f"{quantity:.8f}") for price, quantity in right]
        if kept.update_id in tops:
            quote, best = tops[kept.update_id], backend.market.book(rules.symbol, 1)
            assert _as_text(best.bids) == [(f"{quote.bid:.8f}", f"{quote.bid_quantity:.8f}")]
            assert _as_text(best.asks) == [(f"{quote.ask:.8f}", f"{quote.ask_quantity:.8f}")]
            compared += 1
    assert seen > 3_000
    assert compared > 500
    assert next(by_hand, None) is None


@needs_shared_data
def test_real_recordings_trade_every_trade_on_the_grid() -> None:
    """The tape has what was recorded: count, and quantity to the digit."""
    file = read_frames(ETH_FRAMES)
    rules = rules_for(file)
    updates: list[MarketUpdate] = list(recorded([file]))
    check_well_formed(updates[::50], rules)
    trades = [frame.event for frame in file.frames if isinstance(frame.event, Trade)]
    prints = [trade for update in updates for trade in update.prints]
    assert len(prints) == len(trades) == 6_106
    assert sum(trade.quantity for trade in prints) == int(sum(trade.quantity for trade in trades) * 10**8)
