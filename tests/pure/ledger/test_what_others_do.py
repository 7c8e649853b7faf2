"""What somebody else does on the account, in the books: what was the bot's, what was not, and each trade once."""

from decimal import Decimal

import pytest
from msgspec.structs import replace
from tests.pure.ledger.test_ledger import PAIR, a_fill, a_ledger

from fairway.ledger.result import Foreign, Ledger
from fairway.ledger.trades import TRADES_KEPT, split
from fairway.money.amount import Amount
from fairway.orders.order import Side

SYMBOL = PAIR.symbol


def holding(quantity: str = "2", others: str = "0") -> Ledger:
    """A position, bought at 100, and coins beside it."""
    ledger = a_ledger()
    ledger.balances.move(Amount.of(others, "BTC"))
    ledger.book(SYMBOL, Side.BUY, a_fill("1", quantity, "100"))
    return ledger


@pytest.mark.parametrize(
    ("others", "sold", "left"),
    [("0", "0.5", "1.5"), ("1", "0.5", "2"), ("1", "1", "2"), ("1", "1.5", "1.5"), ("0", "2", "0"), ("5", "7", "0")],
)
def test_they_sell_their_own_first(others: str, sold: str, left: str) -> None:
    """Only what they had not is taken from the position; what is left of it keeps its share of the cost."""
    ledger = holding(others=others)
    booked = ledger.book_external(SYMBOL, Side.SELL, a_fill("2", sold, "110", "0.3"))
    ours, rest = (part.quantity.value if part else Decimal(0) for part in (booked.ours, booked.rest))
    assert (ours, ours + rest) == (2 - Decimal(left), Decimal(sold))
    assert ledger.position(SYMBOL).quantity == Amount.of(left, "BTC")
    assert ledger.position(SYMBOL).cost == Amount.of(left, "USDT") * 100
    assert ledger.balances.totals["BTC"] == 2 + Decimal(others) - Decimal(sold)
    assert ledger.balances.totals["USDT"] == 800 + Decimal(sold) * 110 - Decimal("0.3")


def test_dust_of_the_bot_is_not_theirs_to_sell() -> None:
    """0.4 that no order of the bot could sell, and 1 of their own: of 1.5 that they sold half a coin was the position's."""
    ledger = holding(others="1.4")
    ledger.dust["BTC"] = Decimal("0.4")
    ledger.book_external(SYMBOL, Side.SELL, a_fill("2", "1.5", "110"))
    assert ledger.position(SYMBOL).quantity == Amount.of("1.5", "BTC")


def test_coins_that_an_order_of_the_bot_locks_were_sold_by_nobody_else() -> None:
    """Half a coin of the position is locked: of 4 that they sold, no more than the other one and a half were the position's."""
    ledger = holding(others="2")
    ledger.book_external(SYMBOL, Side.SELL, a_fill("2", "4", "110"), Decimal("0.5"))
    assert ledger.position(SYMBOL).quantity == Amount.of("0.5", "BTC")


def test_a_position_that_they_sold_whole_is_a_round_trip() -> None:
    """With the result that it had."""
    booked = holding().book_external(SYMBOL, Side.SELL, a_fill("2", "2", "110"))
    assert booked.trip is not None
    assert booked.trip.result == Amount.of("20", "USDT")
    assert booked.rest is None


def test_what_they_buy_is_theirs() -> None:
    """The balances have it, and no position."""
    ledger = holding()
    booked = ledger.book_external(SYMBOL, Side.BUY, a_fill("2", "3", "100", "0.01", "BTC"))
    assert (booked.ours, ledger.position(SYMBOL).quantity) == (None, Amount.of("2", "BTC"))
    assert ledger.balances.totals["BTC"] == Decimal("4.99")


def test_a_trade_moves_the_books_once_whoever_it_was_of() -> None:
    """Even one that turns out to be ours after it was booked as theirs: a person was called then."""
    ledger = holding()
    fill = a_fill("2", "3", "100")
    for _ in range(2):
        ledger.book_external(SYMBOL, Side.BUY, fill)
    before = dict(ledger.balances.totals)
    assert ledger.book(SYMBOL, Side.BUY, fill) is None
    assert ledger.balances.totals == before
    assert ledger.has_booked(SYMBOL, fill)


def test_a_fill_from_before_all_that_is_remembered_is_taken_for_booked() -> None:
    """Ids are kept for a while; what is older cannot be told from what was booked, and shows as unexplained at worst."""
    ledger = a_ledger()
    for number in range(1, TRADES_KEPT + 2):
        ledger.book(SYMBOL, Side.BUY, a_fill(str(number), "0.001", "1"))
    assert not ledger.has_booked(SYMBOL, a_fill("1", "1", "1"))
    assert ledger.book_external(SYMBOL, Side.BUY, a_fill("1", "1", "1")) == Foreign()
    younger = replace(a_fill("1", "1", "1"), trade_id="x", at=TRADES_KEPT)
    assert ledger.book_external(SYMBOL, Side.BUY, younger).rest == younger


def test_what_is_taken_away_without_a_trade_is_a_loss_of_the_position() -> None:
    """But only where others had not enough; and the same word of the venue counts once."""
    ledger = holding(others="1")
    assert ledger.adjust(Amount.of("-1", "BTC"), 5) == Foreign()
    for _ in range(2):
        booked = ledger.adjust(Amount.of("-0.5", "BTC"), 6)
    assert booked == Foreign()
    position = ledger.position(SYMBOL)
    assert (position.quantity, position.cost, position.result) == (
        Amount.of("1.5", "BTC"),
        Amount.of("150", "USDT"),
        Amount.of("-50", "USDT"),
    )
    gone = ledger.adjust(Amount.of("-1.5", "BTC"), 7)
    assert gone.trip is not None
    assert (gone.trip.result, gone.trip.closed_at) == (Amount.of("-200", "USDT"), 7)
    assert ledger.unexplained == {"BTC": Decimal(-3)}


def test_a_fill_in_two_parts_adds_up() -> None:
    """To the last digit, whatever the share."""
    fill = a_fill("1", "3", "100.01", "0.1")
    first, rest = split(fill, Amount.of("1", "BTC"))
    assert first is not None
    assert rest is not None
    assert (first.quote + rest.quote, first.fee + rest.fee) == (fill.quote, fill.fee)
    assert (split(fill, Amount.of("0", "BTC")), split(fill, fill.quantity)) == ((None, fill), (fill, None))
