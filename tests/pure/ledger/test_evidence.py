"""What of an answer about the balances is booked, by what else the venue says; and what of it is a transfer."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from tests.ids import own_id
from tests.pure.ledger.test_ledger import PAIR, a_fill, a_ledger

from fairway.ledger.evidence import BalanceEvidence, contradictions, locked_by, why_not_believed
from fairway.ledger.result import Ledger
from fairway.ledger.transfers import ANNOUNCED_FOR_NS, KEPT, Transfers
from fairway.money.amount import Amount, Price
from fairway.orders.order import Side

SECOND_SOURCE_LACKS = "the account's answer says 5 BTC, and no second source confirms it"


def usdt(value: str) -> Amount:
    return Amount.of(value, "USDT")


@dataclass(frozen=True)
class Open:
    """An open sale of 1 BTC, but for what is said."""

    side: Side = Side.SELL
    quantity: Amount = Amount(Decimal(1), "BTC")
    filled: Amount = Amount(Decimal(0), "BTC")
    price: Price | None = None
    symbol: str = PAIR.symbol


def held(position: str = "0", **totals: str) -> Ledger:
    """10 BTC in the books, of which so much is a position."""
    ledger = a_ledger()
    if Decimal(position):
        ledger.book(PAIR.symbol, Side.BUY, a_fill("1", position, "10"))
    ledger.balances.totals |= {"BTC": Decimal(10)} | {asset: Decimal(value) for asset, value in totals.items()}
    return ledger


def why(told: str | None, *, position: str = "0", locked: str = "0", second: str | None = "same", asset: str = "BTC") -> str:
    """Of 10 that the books explain. second: the other endpoint's word; "" where it lacks the asset, None where it is silent."""
    other = told if second == "same" else second
    sources = None if other is None else {asset: Decimal(other)} if other else {}
    seen = BalanceEvidence(locked={asset: Decimal(locked)}, second=sources)
    return why_not_believed(held(position), asset, Decimal(10), Decimal(told) if told else None, seen)


@pytest.mark.parametrize(
    ("told", "more", "reason"),
    [
        ("5", {}, ""),
        ("5", {"second": None}, SECOND_SOURCE_LACKS),
        ("5", {"second": ""}, SECOND_SOURCE_LACKS),
        ("5", {"second": "10"}, "the account's answer says 5 BTC, and another answer of the venue says 10 BTC"),
        (None, {"second": None}, "the account's answer lacks BTC, and no second source confirms it"),
        (None, {"second": "0"}, ""),
        ("5", {"locked": "5"}, ""),
        ("5", {"locked": "5.1"}, "open orders lock 5.1 BTC, so the account's answer says 5 BTC cannot be true"),
        ("9.8", {"second": None}, ""),
        ("9.79", {"second": None}, "the account's answer says 9.79 BTC, and no second source confirms it"),
        ("10.2", {"second": None}, ""),
        ("9.8", {"second": None, "position": "9.8"}, ""),
        ("9.8", {"second": None, "position": "9.8009"}, ""),
        ("9.8", {"second": None, "position": "9.801"}, "the account's answer says 9.8 BTC, and no second source confirms it"),
        ("9.9991", {"second": None, "position": "10"}, ""),
        ("9.999", {"second": None, "position": "10"}, "the account's answer says 9.999 BTC, and no second source confirms it"),
        ("1", {"second": None, "asset": "BNB", "locked": "7"}, ""),
    ],
)
def test_an_answer_is_booked_where_nothing_speaks_against_it(told: str | None, more: dict[str, str], reason: str) -> None:
    """A small change alone, and of a position less than a lot; any other with a second source that says the same."""
    assert why(told, **more) == reason


@pytest.mark.parametrize(
    ("asset", "told", "believed"),
    [("BTC", "0.0091", True), ("BTC", "0.009", False), ("BTC", "0.0109", True), ("USDT", "0.0095", False)],
)
def test_less_than_a_lot_of_coins_is_small_however_few_there_are(asset: str, told: str, believed: bool) -> None:
    """Of 0.01 in the books; money has no lots."""
    silent = BalanceEvidence(locked={}, second=None)
    assert (why_not_believed(held(), asset, Decimal("0.01"), Decimal(told), silent) == "") is believed


def test_what_a_person_announced_needs_no_second_source() -> None:
    ledger = held()
    ledger.transfers.announce(Amount.of("-5", "BTC"), 1)
    silent = BalanceEvidence(locked={}, second=None)
    assert why_not_believed(ledger, "BTC", Decimal(10), Decimal(5), silent) == ""
    assert why_not_believed(ledger, "BTC", Decimal(10), Decimal(4), silent) != ""


def test_books_begin_with_no_answer_that_contradicts_itself() -> None:
    told = {"BTC": Decimal(1), "USDT": Decimal(100)}

    def found(second: dict[str, Decimal] | None, **locked: str) -> list[str]:
        seen = BalanceEvidence(locked={asset: Decimal(value) for asset, value in locked.items()}, second=second)
        return list(contradictions(["BTC", "USDT", "ETH"], told, seen))

    assert found(None) == found(told) == found(told, BTC="1") == []
    assert found(None, BTC="1.1", ETH="2") == [
        "open orders lock 1.1 BTC, and the account's answer says 1 BTC",
        "open orders lock 2 ETH, and the account's answer lacks ETH",
    ]
    assert found({"BTC": Decimal(2), "ETH": Decimal(3)}) == [
        "the account's answer says 1 BTC, and another answer of the venue says 2 BTC",
        "the account's answer says 100 USDT, and another answer of the venue says 0 USDT",
        "the account's answer lacks ETH, and another answer of the venue says 3 ETH",
    ]


@pytest.mark.parametrize(
    ("told", "locked"),
    [
        ([(own_id("x"), Open())], {"BTC": "1"}),
        ([(own_id("x"), Open(filled=Amount.of("0.4", "BTC")))], {"BTC": "0.6"}),
        ([(own_id("s"), Open()), (own_id("t"), Open())], {"BTC": "1"}),
        ([(own_id("s"), Open(quantity=Amount.of("2", "BTC"))), (own_id("t"), Open())], {"BTC": "2"}),
        ([(own_id("t"), Open()), (own_id("s"), Open(quantity=Amount.of("2", "BTC")))], {"BTC": "2"}),
        ([(own_id("s", 1), Open()), (own_id("t", 2), Open())], {"BTC": "2"}),
        ([(own_id("x", 1), Open()), (own_id("e", 1), Open())], {"BTC": "2"}),
        ([("web_1", Open()), ("web_2", Open())], {"BTC": "1"}),
        ([("web_1", Open()), ("web_2", Open(filled=Amount.of("0.5", "BTC")))], {"BTC": "1.5"}),
        ([("web_1", Open(side=Side.BUY, price=Price.of("90", "BTC", "USDT")))], {"USDT": "90"}),
        ([("web_1", Open(side=Side.BUY))], {}),
        ([("web_1", Open(side=Side.BUY, price=Price.of("90", "BTC", "USDT"), symbol="ETH/USDT"))], {}),
    ],
)
def test_what_open_orders_lock(told: list[tuple[str, Open]], locked: dict[str, str]) -> None:
    """The legs of a pair lock the same coins, and orders of others that are alike may be a pair."""
    assert locked_by(held(), told, []) == {asset: Decimal(value) for asset, value in locked.items()}


def test_what_the_venue_lists_counts_before_what_the_books_know() -> None:
    known = [(own_id("x", 1), Open()), (own_id("x", 2), Open())]
    listed = [(own_id("x", 1), Open(filled=Amount.of("0.4", "BTC")))]
    assert locked_by(held(), listed, known) == {"BTC": Decimal("1.6")}


def test_a_transfer_is_announced_and_then_booked_once() -> None:
    """To the last digit; what leaves unannounced is a loss until it is announced, or comes back."""
    transfers = Transfers()
    assert transfers.announce(usdt("-5"), 1) is None
    assert (transfers.expects(usdt("-5")), transfers.expects(usdt("-6"))) == (True, False)
    assert transfers.book(usdt("-5"), 2) == usdt("-5")
    assert not transfers.expects(usdt("-5"))
    assert transfers.book(usdt("-5"), 3) is None
    assert transfers.lost == [usdt("-5")]
    assert transfers.announce(usdt("-5"), 4) == usdt("-5")
    assert (transfers.lost, transfers.announced) == ([], [])


def test_what_comes_is_a_transfer_unless_it_undoes_a_loss() -> None:
    transfers = Transfers()
    assert transfers.book(usdt("0.5"), 1) == usdt("0.5")
    transfers.book(usdt("-7"), 2)
    assert transfers.book(usdt("6"), 3) == usdt("6")
    assert transfers.book(usdt("7"), 4) is None
    assert transfers.lost == []
    assert transfers.book(usdt("7"), 5) == usdt("7")


@pytest.mark.parametrize(("later", "stands"), [(ANNOUNCED_FOR_NS - 1, True), (ANNOUNCED_FOR_NS, False)])
def test_an_announcement_ends_after_a_week(later: int, stands: bool) -> None:
    transfers = Transfers()
    transfers.announce(usdt("-5"), 10)
    assert (transfers.book(usdt("-5"), 10 + later) is not None) is stands
    other = Transfers()
    other.announce(usdt("-5"), 10)
    other.announce(usdt("-6"), 10 + later)
    assert other.expects(usdt("-5")) is stands


def test_only_the_newest_losses_are_kept() -> None:
    transfers = Transfers()
    for number in range(1, KEPT + 3):
        transfers.book(usdt(str(-number)), number)
    assert (len(transfers.lost), transfers.lost[0], transfers.lost[-1]) == (KEPT, usdt("-3"), usdt(str(-KEPT - 2)))
