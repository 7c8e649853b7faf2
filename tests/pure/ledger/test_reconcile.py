"""Differences between books and venue, each by its name and in a sentence."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from msgspec.structs import replace
from tests.ids import RUN, kill_id, own_id
from tests.pure.ledger.test_ledger import a_fill, a_ledger
from tests.pure.orders.test_lifecycle import order

from fairway.ledger.reconcile import (
    Belief,
    Difference,
    Standing,
    Truth,
    in_words,
    reconcile,
    standing_differences,
)
from fairway.money.amount import Amount, Price
from fairway.orders.blotter import Blotter
from fairway.orders.lifecycle import OrderAccepted, OrderSent
from fairway.orders.order import Fill, OrderState, Side

ID = order(OrderState.SENT).id


@dataclass(frozen=True)
class Told:
    """An order, as a venue lists it."""

    client_id: str
    venue_id: str = "7"
    symbol: str = "BTC/USDT"
    side: Side = Side.BUY
    quantity: Amount = Amount(Decimal(1), "BTC")
    filled: Amount = Amount(Decimal(0), "BTC")
    price: Price | None = None
    stop_price: Price | None = None
    at: int = 5
    created_at: int = 0


@dataclass(frozen=True)
class Traded:
    fill: Fill
    client_id: str = ""
    venue_id: str = "7"
    symbol: str = "BTC/USDT"
    side: Side = Side.BUY


def belief() -> Belief:
    """1,000 USDT, an open order that the venue calls 7, at start 2."""
    blotter = Blotter()
    blotter.apply(OrderSent(ID, order=order(OrderState.SENT)), 1)
    blotter.apply(OrderAccepted(ID, venue_id="7"), 2)
    return Belief(account="main", numbered={RUN: {1: 9, 2: 0}}, symbols=("BTC/USDT",), blotter=blotter, ledger=a_ledger())


def found(*orders: Told, fills: tuple[Traded, ...] = (), asked_at: int = 9, **totals: str) -> list[str]:
    held = {"USDT": Decimal(1000)} | {asset: Decimal(value) for asset, value in totals.items()}
    told = reconcile(belief(), Truth(orders=orders, fills=fills, totals=held, asked_at=asked_at))
    return [_named(each) for each in told]


def _named(difference: Difference) -> str:
    return f"{type(difference).__name__}: {in_words(difference)}"


OURS = Told(ID)
BOUGHT = a_fill("5", "1", "100", "0.1")


def test_where_both_agree_there_is_nothing() -> None:
    """Nor is an asset of zero a difference."""
    assert found(OURS, BTC="0") == []


def test_an_empty_list_is_an_answer() -> None:
    """An open order that it lacks is gone, unless it moved after the question: then the list is too old to tell."""
    assert found() == [f"GoneOrder: BTC/USDT: order {ID} is open in our books, and the venue does not list it"]
    assert found(asked_at=2) == []


@pytest.mark.parametrize("name", ["", ID])
def test_a_fill_of_ours_is_known_by_either_id_and_explains_the_balances(name: str) -> None:
    """The history has the venue's number of the order only."""
    assert found(OURS, fills=(Traded(BOUGHT, name), Traded(BOUGHT, name)), USDT="899.9", BTC="1") == [
        f"MissingFill: BTC/USDT: 1 BTC bought at 100 by our order {ID}, which our books lack (trade 5)"
    ]


def test_a_fill_of_a_listed_order_that_is_ours_is_ours() -> None:
    """Though the journal knows neither."""
    lost = Told(own_id("e", 9), venue_id="9")
    assert [name.split(":")[0] for name in found(OURS, lost, fills=(Traded(BOUGHT, venue_id="9"),), USDT="899.9", BTC="1")] == [
        "OrphanOrder",
        "MissingFill",
    ]


def test_a_fill_of_nobody_we_know_is_foreign_and_explains_the_balances_too() -> None:
    """The same number in another symbol is another order; and what we do not trade is not looked at."""
    assert found(OURS, fills=(Traded(BOUGHT, venue_id="8", side=Side.SELL),), USDT="1099.9", BTC="-1") == [
        "ForeignFill: BTC/USDT: 1 BTC sold at 100 by an order that is not ours (trade 5)"
    ]
    assert found(OURS, fills=(Traded(BOUGHT, venue_id="8", symbol="ETH/USDT"),)) == []


def test_what_no_fill_explains_is_left_over() -> None:
    """More and less, asset by asset."""
    assert found(OURS, USDT="990", BNB="0.5") == [
        "BalanceOff: the venue holds 10 USDT less than is explained",
        "BalanceOff: the venue holds 0.5 BNB more than is explained",
    ]


@pytest.mark.parametrize(
    ("client_id", "name"),
    [
        (own_id("e", 9), "OrphanOrder"),
        (kill_id(9), "OrphanOrder"),
        (own_id("e", 10), "RivalOrder"),
        (own_id("e", 9, epoch=2), "RivalOrder"),
        (own_id("s", 1, epoch=3), "RivalOrder"),
        (own_id("e", 9, run="zzzzz"), "OtherRunOrder"),
        (own_id("e", 9, run=""), "OtherRunOrder"),
        (own_id("s", 1, account="other"), "ForeignOrder"),
        ("web_1", "ForeignOrder"),
    ],
)
def test_an_order_that_we_do_not_know_is_named_by_its_id(client_id: str, name: str) -> None:
    """An older start of ours, a kill, a number beyond the journal's, a run that it never had, another bot, a person."""
    [told] = found(OURS, Told(client_id, venue_id="8"))
    assert told.split(":")[0] == name


@pytest.mark.parametrize(
    ("numbered", "client_id", "name"),
    [
        ({1: 9, 2: 5}, own_id("e", 5, epoch=2), "OrphanOrder"),
        ({1: 9, 2: 5}, own_id("e", 6, epoch=2), "RivalOrder"),
        ({2: 5}, own_id("e", 99, epoch=1), "OrphanOrder"),
        ({}, own_id("e", 1, epoch=1), "RivalOrder"),
    ],
)
def test_a_number_beyond_the_journals_is_a_rivals(numbered: dict[int, int], client_id: str, name: str) -> None:
    """The last number of the last start is the journal's own; of a start whose last number is not kept nobody can say."""
    known = belief()
    books = Belief(account="main", numbered={RUN: numbered}, symbols=("BTC/USDT",), blotter=known.blotter, ledger=known.ledger)
    truth = Truth(orders=(OURS, Told(client_id, venue_id="8")), fills=(), totals={"USDT": Decimal(1000)}, asked_at=9)
    assert [type(each).__name__ for each in reconcile(books, truth)] == [name]


def test_an_order_of_somebody_else_in_another_symbol_is_theirs_alone() -> None:
    """Nothing to tell."""
    assert found(OURS, Told("web_1", venue_id="8", symbol="ETH/USDT")) == []


def test_how_an_account_stands() -> None:
    """What is not told is not wrong; a kind that was never told has not changed."""
    sound = Standing(kind="SPOT", account_trades=True, key_trades=True, key_withdraws=False)

    def wrong(known: Standing | None, told: Standing) -> list[str]:
        return [in_words(each) for each in standing_differences(known, told)]

    assert wrong(None, sound) == wrong(sound, sound) == wrong(sound, Standing()) == wrong(Standing(), sound) == []
    assert wrong(sound, replace(sound, kind="MARGIN")) == ["the account was of the kind SPOT, and is MARGIN now"]
    lost = ["the account or its key may not trade"]
    assert wrong(sound, replace(sound, account_trades=False)) == wrong(None, replace(sound, key_trades=False)) == lost
    assert wrong(sound, replace(sound, key_withdraws=True)) == ["the key may withdraw, which no trader needs"]
