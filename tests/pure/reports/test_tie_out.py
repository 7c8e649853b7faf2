"""The tie-out is exact for any fills at any prices, and shows the smallest difference."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.pure.reports.runs import LAST_PRICES, PAIRS, Scribe, pair, two_trips

from fairway.journal import kinds
from fairway.money.amount import Amount, Price
from fairway.orders.ids import Role
from fairway.orders.order import Fill, Side
from fairway.reports.event_log import story_of
from fairway.reports.headline import verdict
from fairway.reports.report import report_of
from fairway.reports.tie_out import tie_out


def _decimals(low: str, high: str, places: int) -> some.SearchStrategy[Decimal]:
    return some.decimals(min_value=low, max_value=high, places=places, allow_nan=False, allow_infinity=False)


_FILLS = some.lists(
    some.tuples(
        some.sampled_from(("BTC/USDT", "ETH/USDT")),
        some.booleans(),
        _decimals("0.00001", "3", 8),
        _decimals("0.01", "70000", 8),
        _decimals("0", "0.01", 5),
        some.sampled_from(("base", "quote", "BNB")),
        some.sampled_from(("bot", "bot", "another user")),
    ),
    max_size=25,
)


@settings(max_examples=150, deadline=None)
@given(fills=_FILLS, marks=some.tuples(*[_decimals("0.01", "90000", 8)] * 3), adjusted=_decimals("-5", "5", 8))
def test_random_fills_always_tie_out(
    fills: list[tuple[str, bool, Decimal, Decimal, Decimal, str, str]], marks: tuple[Decimal, ...], adjusted: Decimal
) -> None:
    """Any mix of purchases, sales, fees in any asset, and trades and transfers of another user ties out exactly."""
    opening = {"USDT": Decimal(1_000_000), "BNB": Decimal(10), "BTC": Decimal("0.5")}
    scribe = Scribe(opening=opening).begin()
    for symbol, is_buy, quantity, price, rate, fee_in, who in fills:
        base = Amount(quantity, PAIRS[symbol].base)
        fees = {"base": base * rate, "quote": Amount(quantity * price * rate, "USDT"), "BNB": Amount(rate, "BNB")}
        if who == "bot":
            order = scribe.draft(symbol, Role.ENTRY if is_buy else Role.EXIT, quantity)
            scribe.fill(order, quantity, price, fees[fee_in])
        else:
            _by_hand(scribe, symbol, is_buy, base, price, fees[fee_in])
    if adjusted:
        scribe.exchange.move(Amount(adjusted, "BTC"))
        scribe.write(kinds.Unexplained(amount=Amount(adjusted, "BTC"), asked_at=1))
    pairs = {**PAIRS, "BNB/USDT": pair("BNB/USDT")}
    prices = dict(zip(("BTC/USDT", "ETH/USDT", "BNB/USDT"), marks, strict=True))
    tie = tie_out(story_of(scribe.events, pairs), scribe.exchange.totals, prices, "USDT")
    assert tie.worth is not None
    assert tie.worth.difference == 0
    assert tie.is_exact


def _by_hand(scribe: Scribe, symbol: str, is_buy: bool, base: Amount, price: Decimal, fee: Amount) -> None:
    scribe.trades += 1
    quote = Amount(base.value * price, "USDT")
    for amount in (base, -quote, -fee) if is_buy else (-base, quote, -fee):
        scribe.exchange.move(amount)
    fill = Fill(
        trade_id=f"hand-{scribe.trades}",
        price=Price(price, base.asset, "USDT"),
        quantity=base,
        quote=quote,
        fee=fee,
        is_maker=False,
        at=scribe.now,
    )
    scribe.write(kinds.ExternalFill(symbol=symbol, side=Side.BUY if is_buy else Side.SELL, fill=fill))


def test_a_difference_in_the_last_digit_is_seen() -> None:
    """One hundred-millionth that the exchange does not have is no rounding: it is a difference."""
    run = two_trips()
    run.exchange.move(Amount.of("-0.00000001", "BTC"))
    report = report_of(run.result(LAST_PRICES))
    assert not report.tie.is_exact
    assert {tie.asset: tie.difference for tie in report.tie.assets}["BTC"] == Decimal("-1E-8")


@pytest.mark.parametrize("prices", [LAST_PRICES, {"BTC/USDT": Decimal(1), "ETH/USDT": Decimal(1)}])
def test_the_equation_holds_at_any_prices(prices: dict[str, Decimal]) -> None:
    """Results do not depend on prices, and what is open and dust is valued at the same ones on both sides."""
    tie = report_of(two_trips().result(prices)).tie
    assert tie.is_exact
    assert tie.worth is not None
    assert tie.worth.change == tie.worth.explained != 0


def _given_away() -> Scribe:
    """A coin without a price, more of which came in and was booked."""
    scribe = Scribe(opening={"USDT": Decimal(100), "XYZ": Decimal(1)}).begin()
    scribe.exchange.move(Amount.of(1, "XYZ"))
    scribe.write(kinds.Unexplained(amount=Amount.of(1, "XYZ"), asked_at=1))
    return scribe


def test_an_asset_that_moved_and_has_no_price_makes_it_unknown_not_exact() -> None:
    """Unknown is never pass."""
    scribe = _given_away()
    tie = tie_out(story_of(scribe.events, PAIRS), scribe.exchange.totals, {}, "USDT")
    assert tie.worth is None
    assert not tie.is_exact


def test_what_lay_there_untouched_needs_no_price() -> None:
    """An account may hold coins that the bot does not trade: they are the same on both sides, whatever they are worth."""
    scribe = Scribe(opening={"USDT": Decimal(100), "XYZ": Decimal(1)}).begin()
    assert tie_out(story_of(scribe.events, PAIRS), scribe.exchange.totals, {}, "USDT").is_exact


def test_each_asset_flows_from_its_opening_to_its_balance() -> None:
    """opening + bought - sold - fees + adjustments is what the ledger holds."""
    story = story_of(two_trips().events, PAIRS)
    dollars = {flow.asset: flow for flow in story.flows}["USDT"]
    assert dollars.opening == 10_000
    assert dollars.sold == Decimal("0.021") * Decimal("46420.10") + Decimal("0.5") * 3700 + Decimal("0.01") * 47100
    assert all(flow.is_exact for flow in story.flows)


def test_a_difference_fails_though_something_has_no_price() -> None:
    """Any fail is fail: a price that is missing does not turn it into a doubt."""
    scribe = _given_away()
    assert verdict(report_of(scribe.result({}))).text == "The tie-out is not known: something held has no price"
    scribe.exchange.move(Amount.of(1, "XYZ"))
    assert verdict(report_of(scribe.result({}))).text.startswith("Does not tie out with the exchange")
