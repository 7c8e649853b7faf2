"""What the ledger keeps of fills, transfers and losses, figure by figure."""

from decimal import Decimal

import pytest
from msgspec.structs import replace
from tests.pure.ledger.test_ledger import PAIR, a_fill, a_ledger

from fairway.ledger.positions import Position, after_fill, after_loss
from fairway.ledger.result import Foreign, RoundTrip
from fairway.ledger.trades import TRADES_KEPT, KnownTrades, split
from fairway.money.amount import Amount
from fairway.orders.order import Side

SYMBOL = PAIR.symbol


def btc(value: str) -> Amount:
    return Amount.of(value, "BTC")


def usdt(value: str) -> Amount:
    return Amount.of(value, "USDT")


def told(position: Position) -> list[str]:
    """Quantity, cost, result; bought, paid, sold, received."""
    of = position
    return [str(each) for each in (of.quantity, of.cost, of.result, of.bought, of.paid, of.sold, of.received)]


def test_a_position_through_its_life() -> None:
    """Fees in quote are cost, fees in base are quantity, fees in a third asset are neither."""
    flat = Position.flat(PAIR)
    assert (flat.is_open, flat.average_entry, flat.average_exit, flat.opened_at) == (False, Decimal(0), Decimal(0), 0)
    first = after_fill(flat, Side.BUY, a_fill("5", "0.5", "100", "1"))
    assert told(first) == ["0.5 BTC", "51 USDT", "0 USDT", "0.5 BTC", "50 USDT", "0 BTC", "0 USDT"]
    second = after_fill(first, Side.BUY, a_fill("6", "0.5", "120", "0.1", "BTC"))
    assert told(second) == ["0.9 BTC", "111 USDT", "0 USDT", "1 BTC", "110 USDT", "0 BTC", "0 USDT"]
    assert (second.opened_at, second.is_open, second.average_entry) == (5, True, Decimal(110))
    part = after_fill(second, Side.SELL, a_fill("7", "0.3", "130", "3"))
    assert told(part) == ["0.6 BTC", "74 USDT", "-1 USDT", "1 BTC", "110 USDT", "0.3 BTC", "39 USDT"]
    rest = after_fill(part, Side.SELL, a_fill("8", "0.5", "150", "0.1", "BTC"))
    assert told(rest) == ["0 BTC", "0 USDT", "0 USDT", "1 BTC", "110 USDT", "0.8 BTC", "114 USDT"]
    assert (rest.is_open, rest.average_exit) == (False, Decimal("142.5"))
    paid_elsewhere = after_fill(flat, Side.BUY, a_fill("9", "1", "100", "1", "BNB"))
    assert told(paid_elsewhere)[:3] == ["1 BTC", "100 USDT", "0 USDT"]


def test_what_goes_without_a_sale_is_lost_at_its_cost() -> None:
    third = after_loss(after_fill(Position.flat(PAIR), Side.BUY, a_fill("1", "3", "100")), btc("1"))
    assert told(third)[:3] == ["2 BTC", "200 USDT", "-100 USDT"]
    uneven = after_loss(after_fill(Position.flat(PAIR), Side.BUY, a_fill("1", "3", "33.34")), btc("0.7"))
    assert uneven.cost.value + -uneven.result.value == Decimal("100.02")


def test_what_is_sold_takes_its_share_of_the_cost_and_the_last_sale_takes_the_rest() -> None:
    """The share is cut to twelve decimals, and nothing of what was paid is lost, however many decimals it had."""
    whole = after_fill(Position.flat(PAIR), Side.BUY, replace(a_fill("1", "3", "33"), quote=usdt("100.00000000000001")))
    most = after_fill(whole, Side.SELL, a_fill("2", "2", "50"))
    assert told(most)[1:3] == ["33.33333333333401 USDT", "33.333333333334 USDT"]
    assert told(after_fill(most, Side.SELL, a_fill("3", "1", "50")))[:3] == ["0 BTC", "0 USDT", "49.99999999999999 USDT"]


def test_a_round_trip_says_all_of_it() -> None:
    ledger = a_ledger()
    ledger.book(SYMBOL, Side.BUY, a_fill("3", "0.5", "100"))
    ledger.book(SYMBOL, Side.BUY, a_fill("4", "0.5", "110"))
    assert ledger.book(SYMBOL, Side.SELL, a_fill("5", "0.4", "120")) is None
    assert ledger.book(SYMBOL, Side.SELL, a_fill("7", "0.6", "130")) == RoundTrip(
        symbol=SYMBOL, opened_at=3, closed_at=7, quantity=btc("1"), entry=Decimal(105), exit=Decimal(126), result=usdt("21")
    )
    ledger.book(SYMBOL, Side.BUY, a_fill("8", "1", "100"))
    ledger.book(SYMBOL, Side.SELL, a_fill("9", "1", "101"))
    assert ledger.results == {"USDT": Decimal(22)}


def test_a_purchase_ends_no_position_however_little_it_was() -> None:
    """A first fill of one lot is less than a lot after its fee; the next ones join it."""
    ledger = a_ledger()
    assert ledger.book(SYMBOL, Side.BUY, a_fill("1", "0.001", "100", "0.000001", "BTC")) is None
    assert ledger.book(SYMBOL, Side.BUY, a_fill("2", "0.5", "100", "0.0005", "BTC")) is None
    assert (ledger.dust, ledger.position(SYMBOL).quantity) == ({}, btc("0.500499"))


def test_less_than_a_lot_is_dust_and_a_lot_is_none() -> None:
    ledger = a_ledger()
    ledger.book(SYMBOL, Side.BUY, a_fill("1", "1", "100"))
    assert ledger.book(SYMBOL, Side.SELL, a_fill("2", "0.999", "100")) is None
    assert (ledger.dust, ledger.position(SYMBOL).quantity) == ({}, btc("0.001"))
    assert ledger.write_off(SYMBOL, 9).closed_at == 9
    ledger.book(SYMBOL, Side.BUY, a_fill("3", "1", "100", "0.0002", "BTC"))
    ledger.book(SYMBOL, Side.SELL, a_fill("4", "0.999", "100"))
    assert ledger.dust == {"BTC": Decimal("0.0018")}


def test_fees_add_up_by_asset() -> None:
    ledger = a_ledger()
    for number, (fee, asset) in enumerate((("1", "USDT"), ("2", "USDT"), ("0.5", "BNB")), 1):
        ledger.book(SYMBOL, Side.BUY, a_fill(str(number), "1", "10", fee, asset))
    assert ledger.fees == {"USDT": Decimal(3), "BNB": Decimal("0.5")}
    assert ledger.balances.totals == {"USDT": Decimal(967), "BTC": Decimal(3), "BNB": Decimal("-0.5")}


def test_the_newest_trade_is_where_catching_up_begins() -> None:
    """Ids are numbers that a venue tells as text: 10 is later than 9, in whatever order they come."""
    ledger = a_ledger()
    for trade in ("9", "10", "8"):
        ledger.book(SYMBOL, Side.BUY, a_fill(trade, "1", "10"))
    assert ledger.last_trade == {SYMBOL: "10"}


def test_a_trade_moves_the_ledger_once() -> None:
    """By its symbol; and one from before the ids that are kept may have been booked, so a stranger's is not booked again."""
    ledger = a_ledger()
    fill = a_fill("5", "1", "10")
    assert not ledger.knows(SYMBOL, fill)
    ledger.book(SYMBOL, Side.BUY, fill)
    assert ledger.has_booked(SYMBOL, fill)
    assert not ledger.has_booked("ETH/USDT", fill)
    assert ledger.book(SYMBOL, Side.BUY, fill) is None
    assert ledger.book_external(SYMBOL, Side.BUY, fill) == Foreign()
    assert ledger.position(SYMBOL).quantity == btc("1")
    ledger.trades[SYMBOL].forgotten_to = 7
    for at, known in (("6", True), ("7", True), ("8", False)):
        assert ledger.knows(SYMBOL, a_fill(at, "1", "10")) is known
        assert not ledger.has_booked(SYMBOL, a_fill(at, "1", "10"))


def test_of_old_trades_only_the_time_is_kept() -> None:
    known = KnownTrades()
    for number in range(1, TRADES_KEPT + 1):
        known.add(a_fill(str(number), "1", "10"))
    assert (len(known.at_by_id), known.forgotten_to) == (TRADES_KEPT, 0)
    for number in (TRADES_KEPT + 1, TRADES_KEPT + 2):
        known.add(a_fill(str(number), "1", "10"))
    assert (len(known.at_by_id), known.forgotten_to) == (TRADES_KEPT, 2)
    assert min(known.at_by_id, key=int) == "3"


@pytest.mark.parametrize(
    ("quantity", "ours", "rest"),
    [
        ("0", [], ["3 BTC", "100 USDT", "0.5 USDT"]),
        ("3", ["3 BTC", "100 USDT", "0.5 USDT"], []),
        ("4", ["3 BTC", "100 USDT", "0.5 USDT"], []),
        ("1", ["1 BTC", "33.333333333333 USDT", "0.166666666666 USDT"], ["2 BTC", "66.666666666667 USDT", "0.333333333334 USDT"]),
    ],
)
def test_a_fill_in_two(quantity: str, ours: list[str], rest: list[str]) -> None:
    """Both together are the fill, to the last digit; the second keeps what is cut."""
    whole = replace(a_fill("1", "3", "33", "0.5"), quote=usdt("100"))
    halves = split(whole, btc(quantity))
    assert [[str(each) for each in (half.quantity, half.quote, half.fee)] if half else [] for half in halves] == [ours, rest]


def test_what_came_or_went_is_kept_by_asset_and_booked_once() -> None:
    ledger = a_ledger()
    assert ledger.adjust(usdt("-5"), 1) == Foreign()
    assert ledger.adjust(usdt("-5"), 1) == Foreign()
    assert ledger.adjust(usdt("2"), 2) == Foreign(moved=usdt("2"))
    assert ledger.adjust(btc("1"), 1) == Foreign(moved=btc("1"))
    assert ledger.unexplained == {"USDT": Decimal(-3), "BTC": Decimal(1)}
    assert ledger.balances.totals == {"USDT": Decimal(997), "BTC": Decimal(1)}


@pytest.mark.parametrize(
    ("gone", "lost", "left", "ends"),
    [("-1", None, "2", False), ("-1.5", "0.5", "1.5", False), ("-3", "2", "0", True), ("-4", "2", "0", True)],
)
def test_of_coins_that_go_a_stranger_s_go_first(gone: str, lost: str | None, left: str, ends: bool) -> None:
    """3 in the account, 2 of them a position: what it then lacks it has lost, and never more than it was."""
    ledger = a_ledger()
    ledger.balances.move(btc("1"))
    ledger.book(SYMBOL, Side.BUY, a_fill("1", "2", "100"))
    foreign = ledger.adjust(btc(gone), 5)
    assert foreign.lost == (btc(lost) if lost else None)
    assert ledger.position(SYMBOL).quantity == btc(left)
    assert (foreign.trip is not None) is ends
    if foreign.trip:
        assert (foreign.trip.closed_at, foreign.trip.result) == (5, usdt("-200"))


def test_what_a_position_loses_to_an_announced_transfer_is_told_as_one() -> None:
    """The coins are lost to the position, and the guards count no loss of the account."""
    ledger = a_ledger()
    ledger.book(SYMBOL, Side.BUY, a_fill("1", "2", "100"))
    ledger.transfers.announce(btc("-0.5"), 4)
    assert ledger.adjust(btc("-0.5"), 5) == Foreign(lost=btc("0.5"), moved=btc("-0.5"))


def test_what_is_worth_something_in_another_quote_is_not_counted() -> None:
    ledger = a_ledger()
    ledger.book(SYMBOL, Side.BUY, a_fill("1", "2", "100"))
    marks = {SYMBOL: Decimal(110)}
    assert ledger.worth("USDT", marks) == usdt("1020")
    assert ledger.worth("EUR", marks) == Amount.of("0", "EUR")
    assert a_ledger().worth("USDT", {}) == usdt("1000")
