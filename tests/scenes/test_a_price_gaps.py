"""The price falls by more than a tenth between two trades, long before the next candle closes: what is held is sold at once."""

from collections.abc import Sequence
from decimal import Decimal
from typing import cast

import pytest
from msgspec.structs import replace
from tests.scenes.harness import RULES, Scene
from tests.scenes.script import Path, decimal, enter, exchange_fault

from fairway.exchange.answers import OrderSnapshot as Truth
from fairway.journal.kinds import CapLifted, CapRaised, GuardTripped, StopFailed
from fairway.money.amount import Amount
from fairway.money.fraction import Fraction
from fairway.orders.plan import ExitPlan
from fairway.risk.disposal import Disposal
from fairway.risk.guards.rules import GuardRules
from fairway.trading.kill import Killing
from fairway.trading.latch import Killed, KillScope

FLATTEN = Killed(scope=KillScope.ACCOUNT, reason="enough", by="ann", disposal=Disposal.FLATTEN)
GAPPED = ExitPlan(stop_gap=Amount.of("0.5", "USDT"))
WITHIN_S = 5
"""From the trigger to the sale (docs/reference/failure-cases.md, D5)."""
FALLS = pytest.mark.parametrize(("share", "price"), [(12, "88"), (25, "75"), (40, "60")])
INTERVALS = pytest.mark.parametrize(("interval", "gap_at"), [("1m", 90), ("15m", 960)])


class Market(Scene):
    """A price of 100, and a gap; eight seconds later half of what was left of it is gone as well."""

    def __init__(self, interval: str, gap_at: int, price: str, **more: object) -> None:
        self.interval, self.gap_at = interval, gap_at
        path = {0: "100", gap_at: price, gap_at + 20: str(Decimal(price) / 2)}
        super().__init__(enter(0, exit_plan=more.pop("exit_plan", GAPPED)), prices={"BTC/USDT": path}, **more)  # type: ignore[arg-type]

    def play(self, *, seconds: int = 60) -> None:
        self.run(minutes=(self.gap_at + seconds) / 60)

    def sales(self) -> Sequence[Truth]:
        """Orders of the trader that sold something, by the exchange's own record."""
        return [order for order in self.orders if order.side.value == "SELL" and order.executed]

    def sold_at(self) -> Decimal:
        """The mean price of all that was sold."""
        sales = self.sales()
        return decimal(sum(order.executed_quote for order in sales)) / decimal(sum(order.executed for order in sales))

    def assert_all_is_sold(self, *, within_s: float, at: str) -> None:
        self.assert_belief_is_truth()
        assert self.held_at_exchange()["BTC"] < Decimal("0.001")
        late_s = max((order.updated_at - self.second(self.gap_at)) / 1e9 for order in self.sales())
        assert late_s <= within_s, late_s
        assert self.sold_at() >= Decimal(at) * Decimal("0.99"), self.sold_at()


class Far(Scene):
    """Candles of 15 minutes."""

    interval = "15m"


@INTERVALS
@FALLS
def test_a_stop_limit_that_a_gap_jumps_over_is_sold_within_five_seconds(
    interval: str, gap_at: int, share: int, price: str
) -> None:
    """The candle that has closed last says 100 for up to 15 minutes more; the stop's own trigger says that this is over."""
    stage = Market(interval, gap_at, price)
    stage.play()
    stage.assert_all_is_sold(within_s=WITHIN_S, at=price)
    assert len(stage.events(StopFailed)) == 1


@INTERVALS
@FALLS
def test_a_stop_at_market_sells_at_what_the_gap_left(interval: str, gap_at: int, share: int, price: str) -> None:
    stage = Market(interval, gap_at, price, exit_plan=ExitPlan())
    stage.play()
    stage.assert_all_is_sold(within_s=1, at=price)
    assert stage.events(StopFailed, CapRaised) == []


@INTERVALS
@FALLS
def test_a_stop_that_finds_an_empty_book_is_followed_at_the_price_of_now(
    interval: str, gap_at: int, share: int, price: str
) -> None:
    """For two seconds the book has no bid; then it has bids 12 % or more below the last candle."""
    empty = exchange_fault("partial_fills", levels=0, since=gap_at - 0.5, until=gap_at + 1.5)
    stage = Market(interval, gap_at, price, exit_plan=ExitPlan(), faults=[empty])
    stage.play()
    stage.assert_all_is_sold(within_s=WITHIN_S, at=price)


@INTERVALS
@FALLS
def test_a_thin_book_is_sold_to_as_often_as_it_fills_up(interval: str, gap_at: int, share: int, price: str) -> None:
    """Each second the book bids for 2 more: what the stop could not sell goes in slices, one for each time of new depth."""
    thin = exchange_fault("partial_fills", levels=1, quantity="2", since=gap_at - 0.5, until=gap_at + 60)
    stage = Market(interval, gap_at, price, exit_plan=ExitPlan(), faults=[thin])
    stage.play()
    stage.assert_all_is_sold(within_s=20, at=price)
    assert len(stage.sales()) >= 8


@INTERVALS
def test_a_book_that_is_empty_for_long_is_sold_to_as_soon_as_it_is_not(interval: str, gap_at: int) -> None:
    """However often the sale has failed by then, the next bid is sold to within five seconds."""
    empty = exchange_fault("partial_fills", levels=0, since=gap_at - 0.5, until=gap_at + 150)
    stage = Market(interval, gap_at, "75", exit_plan=ExitPlan(), faults=[empty])
    stage.play(seconds=200)
    stage.assert_all_is_sold(within_s=150 + WITHIN_S, at="37.5")


@INTERVALS
def test_a_halt_before_the_gap_delays_the_sale_until_it_ends_and_no_longer(interval: str, gap_at: int) -> None:
    """While the symbol is halted no order is taken; the stop-limit is followed once the exchange takes orders again."""
    halted = exchange_fault("delisting", since=gap_at - 10, until=gap_at + 15)
    stage = Market(interval, gap_at, "75", faults=[halted])
    stage.play()
    stage.assert_all_is_sold(within_s=15 + WITHIN_S, at="75")


@INTERVALS
def test_while_the_market_stream_is_mute_the_book_is_asked_for(interval: str, gap_at: int) -> None:
    """The account's stream tells that the stop has triggered; the price that was seen last is from before."""
    mute = exchange_fault("muted_stream", account=False, since=gap_at - 0.5, until=gap_at + 60)
    stage = Market(interval, gap_at, "75", faults=[mute])
    stage.play()
    stage.assert_all_is_sold(within_s=WITHIN_S, at="75")


@INTERVALS
def test_while_the_market_stream_is_mute_an_empty_book_is_asked_for_until_it_fills_up(interval: str, gap_at: int) -> None:
    mute = exchange_fault("muted_stream", account=False, since=gap_at - 0.5, until=gap_at + 100)
    empty = exchange_fault("partial_fills", levels=0, since=gap_at - 0.5, until=gap_at + 15)
    stage = Market(interval, gap_at, "75", exit_plan=ExitPlan(), faults=[mute, empty])
    stage.play()
    stage.assert_all_is_sold(within_s=15 + WITHIN_S, at="75")


@pytest.mark.parametrize("price", ["88", "60", "5"])
def test_one_quote_far_from_the_last_candle_sells_nothing(price: str) -> None:
    """A second at a price that no other quote agrees with: no guard acts on it."""
    guards = GuardRules(daily_loss=Fraction.parse("3 %"), breaker_loss=Fraction.parse("4 %"))
    rules = replace(RULES, per_trade=Fraction.parse("50 %"), guards=guards)
    prices = {"BTC/USDT": {0: "100", 960: price, 961: "100"}}
    stage = Far(enter(0, stop="4", target="190"), prices=prices, rules=rules)
    stage.run(minutes=18)
    stage.assert_belief_is_truth()
    assert stage.events(GuardTripped, StopFailed, CapRaised) == []
    assert [order.side.value for order in stage.orders if order.executed] == ["BUY"]


class Lively(Far):
    """Ten quotes a second."""

    updates_a_second = 10


def test_four_tenths_of_a_second_far_from_the_last_candle_sell_nothing() -> None:
    """Four quotes agree with each other, and half a second has not passed between them."""
    rules = replace(RULES, per_trade=Fraction.parse("50 %"), guards=GuardRules(breaker_loss=Fraction.parse("4 %")))
    spike = cast(Path, {0: "100", 960: "60", 960.4: "100"})
    stage = Lively(enter(0, stop="4", target="190"), prices={"BTC/USDT": spike}, rules=rules)
    stage.run(minutes=16.2)
    stage.assert_belief_is_truth()
    assert stage.events(GuardTripped, StopFailed, CapRaised) == []


@pytest.mark.parametrize("price", ["88", "75"])
def test_a_loss_guard_judges_by_a_gap_within_seconds(price: str) -> None:
    """Two quotes agree with each other, and not with a candle of minutes ago: the account has lost 6 % or more, and is sold."""
    guards = GuardRules(breaker_loss=Fraction.parse("5 %"))
    rules = replace(RULES, per_trade=Fraction.parse("50 %"), guards=guards)
    prices = {"BTC/USDT": {0: "100", 960: price, 968: "30"}}
    stage = Far(enter(0, stop="4", target="190"), prices=prices, rules=rules)
    stage.run(minutes=18)
    stage.assert_belief_is_truth()
    [tripped] = stage.seconds_of(GuardTripped)
    assert 960 < tripped < 965
    [sale] = [order for order in stage.orders if order.side.value == "SELL" and order.executed]
    assert decimal(sale.executed_quote) / decimal(sale.executed) > Decimal(price) * Decimal("0.99")


def test_a_symbol_without_a_price_hides_no_loss_of_another() -> None:
    """The stream is mute about one that is held; the other falls by an eighth, the account by 5 %: all is sold at once."""
    mute = exchange_fault("muted_stream", account=False, since=70, until=300, symbol="BTCUSDT")
    rules = replace(
        RULES,
        per_trade=Fraction.parse("50 %"),
        position_max=Fraction.parse("40 %"),
        guards=GuardRules(breaker_loss=Fraction.parse("4 %")),
    )
    prices = {"BTC/USDT": {0: "100"}, "ETH/USDT": {0: "100", 95: "87.5"}}
    far = (enter(0, stop="4", target="190"), enter(0, stop="4", target="190", symbol="ETH/USDT"))
    stage = Scene(*far, prices=prices, rules=rules, faults=[mute])
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    tripped = [it.guard for it in stage.events(GuardTripped) if isinstance(it, GuardTripped)]
    assert "daily loss" in tripped
    assert 95 < stage.seconds_of(GuardTripped)[tripped.index("daily loss")] < 100
    assert stage.account_state.money.ledger.positions == {}


def test_entries_stop_after_ten_seconds_in_which_no_two_quotes_agree() -> None:
    """The price leaps to and fro, far from the candle: it tells no loss, so nothing is opened until a price does."""
    leaps = {960 + second: "60" if second % 2 else "75" for second in range(20)}
    rules = replace(RULES, per_trade=Fraction.parse("50 %"), guards=GuardRules(breaker_loss=Fraction.parse("60 %")))
    stage = Far(enter(0, stop="4", target="190"), prices={"BTC/USDT": {0: "100", **leaps, 980: "100"}}, rules=rules)
    stage.run(minutes=17)
    stage.assert_belief_is_truth()
    [raised], [lifted] = stage.seconds_of(CapRaised), stage.seconds_of(CapLifted)
    assert 970 <= raised < 973
    assert 980 <= lifted < 983
    assert [it.guard for it in stage.events(GuardTripped) if isinstance(it, GuardTripped)] == ["unknown worth"]


@FALLS
def test_a_kill_that_is_to_sell_sells_at_the_price_of_now(share: int, price: str) -> None:
    """The newest candle closed before the gap: the collar hangs below the best bid, once two answers agree on it."""
    acts = {95.0: lambda stage: stage.kill(FLATTEN)}
    stage = Scene(enter(0, stop="30", target="190"), prices={"BTC/USDT": {0: "100", 90: price}}, acts=acts)
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    [killing] = stage.killings
    assert isinstance(killing, Killing)
    assert killing.unsold == {}
    sold = [order for order in stage.orders if order.side.value == "SELL" and order.executed]
    assert stage.held_at_exchange()["BTC"] < Decimal("0.001")
    assert max(order.updated_at for order in sold) < stage.second(105)
    assert min(order.executed_quote / order.executed for order in sold) >= float(price) * 0.99


def test_a_kill_goes_on_when_a_thin_book_fills_up() -> None:
    """Each second the book bids for a seventh of the position, and gets it, until all is sold."""
    thin = exchange_fault("partial_fills", levels=1, quantity="0.203", since=89.5, until=200)
    prices = {"BTC/USDT": {0: "100", 90: "75"}}
    stage = Scene(enter(0, stop="30", target="190"), prices=prices, acts={95.0: lambda stage: stage.kill(FLATTEN)}, faults=[thin])
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    [killing] = stage.killings
    assert isinstance(killing, Killing)
    assert killing.unsold == {}
