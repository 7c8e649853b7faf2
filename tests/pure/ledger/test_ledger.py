"""The ledger: exact costs and results through any fills, fees in any asset, dust, and a worth that ties out."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from fairway.ledger.balances import differences
from fairway.ledger.result import Ledger
from fairway.market.instrument import Instrument
from fairway.money.amount import Amount, Price
from fairway.orders.order import Fill, Side

PAIR = Instrument(symbol="BTC/USDT", venue_symbol="BTCUSDT", base="BTC", quote="USDT", tick=Decimal("0.01"), lot=Decimal("0.001"))


def a_fill(trade_id: str, quantity: str, price: str, fee: str = "0", fee_asset: str = "USDT") -> Fill:
    at = Price.of(price, "BTC", "USDT")
    amount = Amount.of(quantity, "BTC")
    return Fill(
        trade_id=trade_id,
        price=at,
        quantity=amount,
        quote=at * amount,
        fee=Amount.of(fee, fee_asset),
        is_maker=False,
        at=int(trade_id),
    )


def a_ledger() -> Ledger:
    ledger = Ledger({PAIR.symbol: PAIR})
    ledger.balances.totals = {"USDT": Decimal(1000)}
    return ledger


def test_a_round_trip_nets_price_and_fees() -> None:
    """Buy 1 at 100 and sell at 110, 0.1 each way in quote: the result is 9.8 and the cash says the same."""
    ledger = a_ledger()
    assert ledger.book(PAIR.symbol, Side.BUY, a_fill("1", "1", "100", "0.1")) is None
    trip = ledger.book(PAIR.symbol, Side.SELL, a_fill("2", "1", "110", "0.1"))
    assert trip is not None
    assert (trip.result, trip.entry, trip.exit) == (Amount.of("9.8", "USDT"), Decimal(100), Decimal(110))
    assert ledger.balances.totals["USDT"] == Decimal("1009.8")
    assert not ledger.positions


def test_a_fee_in_base_leaves_dust_whose_cost_is_in_the_result() -> None:
    """What no order can sell any more has no cost; the position is closed and not chased for ever."""
    ledger = a_ledger()
    ledger.book(PAIR.symbol, Side.BUY, a_fill("1", "1", "100", "0.0005", "BTC"))
    trip = ledger.book(PAIR.symbol, Side.SELL, a_fill("2", "0.999", "100"))
    assert trip is not None
    assert trip.result == Amount.of("-0.1", "USDT")
    assert ledger.dust == {"BTC": Decimal("0.0005")}


def test_a_traded_coin_without_a_price_makes_worth_unknown_not_smaller() -> None:
    """Unknown is not zero; but what is not traded, such as the coin that fees are paid in, is not looked at."""
    ledger = a_ledger()
    ledger.open({"USDT": Decimal(100), "BNB": Decimal(1)})
    assert ledger.worth("USDT", {}) == Amount.of("100", "USDT")
    ledger.balances.move(Amount.of("2", "BTC"))
    assert ledger.worth("USDT", {}) is None
    assert ledger.worth("USDT", {"BTC/USDT": Decimal(5)}) == Amount.of("110", "USDT")


def test_differences_name_both_sides() -> None:
    """A balance that only one side knows is a difference; equal numbers are none."""
    ours = {"USDT": Decimal("10.0"), "BTC": Decimal(0)}
    assert differences(ours, {"USDT": Decimal(10), "ETH": Decimal(2)}) == {"ETH": (Decimal(0), Decimal(2))}


quantities = st.integers(1, 5000).map(lambda lots: Decimal(lots) / 1000)
prices = st.integers(100, 1_000_000).map(lambda ticks: Decimal(ticks) / 100)


@given(st.lists(st.tuples(st.booleans(), quantities, prices, st.sampled_from(["USDT", "BTC"])), max_size=40), prices)
def test_worth_always_ties_out_to_the_last_digit(trades: list[tuple[bool, Decimal, Decimal, str]], mark: Decimal) -> None:
    """Change of worth = closed and open results + marked positions - their cost + marked dust, for any trades and any mark."""
    ledger, opening = a_ledger(), Decimal(1000)
    closed = Decimal(0)
    for number, (buys, quantity, price, fee_asset) in enumerate(trades, 1):
        held = ledger.position(PAIR.symbol).quantity.value
        size = quantity if buys else min(quantity, held - held % PAIR.lot)
        if not size:
            continue
        fee = size / 1000 if fee_asset == "BTC" and buys else size * price / 1000
        fill = a_fill(str(number), str(size), str(price), str(fee), fee_asset if buys else "USDT")
        trip = ledger.book(PAIR.symbol, Side.BUY if buys else Side.SELL, fill)
        closed += trip.result.value if trip else 0
    worth = ledger.worth("USDT", {PAIR.symbol: mark})
    position = ledger.position(PAIR.symbol)
    explained = closed + position.result.value + position.quantity.value * mark - position.cost.value
    explained += ledger.dust.get("BTC", Decimal(0)) * mark
    assert worth is not None
    assert worth.value - opening == explained
