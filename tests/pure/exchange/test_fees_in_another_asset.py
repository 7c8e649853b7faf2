"""Fees in a third asset: three quarters of them at the last price, as long as there is enough; else from what is received."""

from dataclasses import replace

from tests.pure.exchange.small_backend import RULES, Floor, ask, done, u
from tests.pure.exchange.wire_ground import Ground, read, run

from fairway.exchange.answers import Balance, Fill, OrderSnapshot
from fairway.exchange.events import BalancesChanged
from fairway.exchange.listing import Listing

BNB = "BNBUSDT"


class TwoPairs(Floor):
    """BTC is sold at 100 by bob, who pays as all do; ann pays in BNB, which was last traded at 500."""

    def __init__(self, bnb: str) -> None:
        super().__init__(maker_fee=100_000, taker_fee=100_000)
        floor = self.exchange.engine
        floor.listings[BNB] = Listing(replace(RULES, symbol=BNB, base="BNB"), floor.accounts)
        self.exchange.accounts.set_fee_asset("ann", "BNB")
        self.exchange.accounts.deposit("ann", "BNB", u(bnb))
        for side, name in (("SELL", "bob"), ("BUY", "eve")):
            self.exchange.accounts.deposit(name, "BNB", u("1"))
            assert isinstance(done(self.exchange.place(name, ask(side, "LIMIT", "1", "500", symbol=BNB))), OrderSnapshot)
        self.place("bob", "SELL", "LIMIT", "10", "100")
        self.events()

    def buys(self) -> Fill:
        (fill,) = self.place("ann", "BUY", "LIMIT", "10", "100").fills
        return fill


def test_three_quarters_of_the_fee_are_taken_in_it_and_all_that_was_bought_is_kept() -> None:
    """0.1 % of 1,000 is one dollar; of it 0.75 at 500 are 0.0015 BNB. Nothing comes from nowhere, and the owner is told."""
    floor = TwoPairs("0.0015")
    before = floor.totals()
    fill = floor.buys()
    assert (fill.commission, fill.commission_asset) == (u("0.0015"), "BNB")
    assert floor.balance("ann", "BTC") == (u("1010"), 0)
    assert floor.balance("ann", "BNB") == (0, 0)
    assert floor.totals() == before
    told = [event.balances for event in floor.events() if isinstance(event, BalancesChanged) and event.account == "ann"]
    assert any(Balance("BNB", 0, 0) in balances for balances in told)


def test_with_a_unit_too_little_it_is_taken_from_what_is_received() -> None:
    """The whole fee, without discount, and none of the other asset."""
    floor = TwoPairs("0.00149999")
    fill = floor.buys()
    assert (fill.commission, fill.commission_asset) == (u("0.01"), "BTC")
    assert floor.balance("ann", "BNB") == (u("0.00149999"), 0)


def test_it_is_rounded_up_in_favour_of_the_house() -> None:
    """0.111 at 100.01 are 11.10111: three quarters of a thousandth of that, at 500, are 1665.1665 units."""
    floor = TwoPairs("1")
    floor.buys()
    floor.place("bob", "SELL", "LIMIT", "0.111", "100.01")
    (fill,) = floor.place("ann", "BUY", "LIMIT", "0.111", "100.01").fills
    assert fill.commission == 1666


def test_the_wire_tells_of_the_discount() -> None:
    """Where the account has it, and only there."""

    async def scene() -> None:
        ground = await Ground().begin()
        told = read(await ground.ask("GET", "/api/v3/account/commission", symbol="BTCUSDT"))
        assert told["discount"]["enabledForAccount"] is False
        ground.exchange.backend.accounts.set_fee_asset("alice", "BNB")
        told = read(await ground.ask("GET", "/api/v3/account/commission", symbol="BTCUSDT"))
        assert told["discount"] == {
            "enabledForAccount": True,
            "enabledForSymbol": True,
            "discountAsset": "BNB",
            "discount": "0.75000000",
        }

    run(scene())
