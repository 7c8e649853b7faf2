"""Marking many accounts at once gives what marking each by itself gives, to the last digit, and wakes whom it should."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway.ledger.marking import Marking, TooLarge
from fairway.market.instrument import Instrument

BTC = Instrument(
    symbol="BTC/USDT", venue_symbol="BTCUSDT", base="BTC", quote="USDT", tick=Decimal("0.01"), lot=Decimal("0.00001")
)
SHIB = Instrument(
    symbol="SHIB/USDT", venue_symbol="SHIBUSDT", base="SHIB", quote="USDT", tick=Decimal("0.00000001"), lot=Decimal(1)
)
CENT = Decimal("0.01")


def marked(*prices: tuple[str, str]) -> Marking:
    marking = Marking([BTC, SHIB])
    for symbol, price in prices:
        half = {"BTC/USDT": BTC, "SHIB/USDT": SHIB}[symbol].tick
        marking.mark(symbol, Decimal(price) - half, Decimal(price) + half)
    return marking


@given(
    cash=st.decimals(0, 10_000, places=2),
    btc=st.integers(0, 10**6),
    shib=st.integers(0, 10**7),
    prices=st.lists(st.tuples(st.integers(10**6, 10**7), st.integers(100, 10_000)), min_size=1, max_size=10),
)
def test_a_row_is_worth_what_its_parts_are_worth(cash: Decimal, btc: int, shib: int, prices: list[tuple[int, int]]) -> None:
    """After any sequence of prices, exactly: no float, no rounding that adds up."""
    marking = marked(("BTC/USDT", "50000"), ("SHIB/USDT", "0.00002"))
    held = {"BTC/USDT": btc * BTC.lot, "SHIB/USDT": Decimal(shib)}
    marking.hold("ann", cash, held)
    for bid_cents, bid_units in prices:
        bids = {"BTC/USDT": bid_cents * BTC.tick, "SHIB/USDT": bid_units * SHIB.tick}
        marking.mark("BTC/USDT", bids["BTC/USDT"], bids["BTC/USDT"] + BTC.tick)
        marking.mark("SHIB/USDT", bids["SHIB/USDT"], bids["SHIB/USDT"] + SHIB.tick)
        middles = {"BTC/USDT": bids["BTC/USDT"] + BTC.tick / 2, "SHIB/USDT": bids["SHIB/USDT"] + SHIB.tick / 2}
        assert marking.worth("ann") == cash + sum(held[symbol] * middles[symbol] for symbol in held)


def test_only_who_fell_through_the_floor_is_woken() -> None:
    """At the floor nothing happens; a cent below it, that account alone."""
    marking = marked(("BTC/USDT", "50000"))
    for name in ("ann", "bob"):
        marking.hold(name, Decimal(0), {"BTC/USDT": Decimal(1)})
    marking.watch("ann", Decimal(49_000), {})
    assert marking.mark("BTC/USDT", Decimal("48999.99"), Decimal("49000.01")) == ()
    assert marking.mark("BTC/USDT", Decimal("48999.98"), Decimal("49000.00")) == ("ann",)


def test_a_level_wakes_at_its_price() -> None:
    """Whatever else the account holds."""
    marking = marked(("BTC/USDT", "50000"))
    marking.hold("ann", Decimal(10**6), {"BTC/USDT": Decimal(1)})
    marking.watch("ann", None, {"BTC/USDT": Decimal(45_000)})
    assert marking.mark("BTC/USDT", Decimal("45000.00"), Decimal("45000.01")) == ()
    assert marking.mark("BTC/USDT", Decimal("44999.99"), Decimal("45000.01")) == ("ann",)
    marking.watch("ann", None, {})
    assert marking.mark("BTC/USDT", Decimal("44000"), Decimal("44000.01")) == ()


def test_more_accounts_than_rows_find_room() -> None:
    """Rows grow, and nobody's worth is lost by it."""
    marking = marked(("BTC/USDT", "100"))
    for number in range(200):
        marking.hold(f"a{number}", Decimal(number), {"BTC/USDT": Decimal(1)})
    marking.mark("BTC/USDT", Decimal("199.99"), Decimal("200.01"))
    assert [marking.worth(f"a{number}") for number in range(200)] == [200 + number for number in range(200)]


def test_an_account_that_is_too_large_is_refused_and_not_wrapped_around() -> None:
    """Sixty-four bits would make a debt of it without a word."""
    marking = marked(("BTC/USDT", "50000"))
    with pytest.raises(TooLarge):
        marking.hold("ann", Decimal(10) ** 12, {})
    marking.hold("ann", Decimal(7), {})
    assert marking.worth("ann") == 7


def test_accounts_of_new_rows_are_woken_like_the_first() -> None:
    """By their floors and their levels, whole numbers all of them; and who asked for nothing sleeps."""
    marking = marked(("BTC/USDT", "100"))
    for number in range(150):
        marking.hold(f"a{number}", Decimal(0), {"BTC/USDT": Decimal(1)})
    marking.watch("a140", Decimal(99), {})
    marking.watch("a149", None, {"BTC/USDT": Decimal("98.5")})
    marking.watch("a3", None, {"BTC/USDT": Decimal("97.5")})
    assert marking.mark("BTC/USDT", Decimal("98.98"), Decimal("99.00")) == ("a140",)
    assert marking.mark("BTC/USDT", Decimal("98.49"), Decimal("98.51")) == ("a140", "a149")
    assert marking.mark("BTC/USDT", Decimal("97.49"), Decimal("97.51")) == ("a3", "a140", "a149")
    assert marking.worth("a0") == Decimal("97.5")


def test_the_same_price_again_wakes_nobody() -> None:
    marking = marked(("BTC/USDT", "100"))
    marking.hold("ann", Decimal(0), {"BTC/USDT": Decimal(1)})
    marking.watch("ann", Decimal(200), {})
    assert marking.mark("BTC/USDT", Decimal("99.99"), Decimal("100.01")) == ()
    assert marking.mark("BTC/USDT", Decimal("99.99"), Decimal("100.02")) == ("ann",)
    assert marking.mark("BTC/USDT", Decimal("99.99"), Decimal("100.02")) == ()


def test_what_has_no_price_yet_counts_as_nothing_and_wakes_nobody() -> None:
    marking = Marking([BTC, SHIB])
    marking.hold("ann", Decimal(5), {"BTC/USDT": Decimal(1), "SHIB/USDT": Decimal(10)})
    assert marking.worth("ann") == 5
    marking.mark("SHIB/USDT", Decimal("0.10"), Decimal("0.10"))
    assert marking.worth("ann") == 6
