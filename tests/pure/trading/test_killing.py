"""What a kill does at a venue: what it cancels, in which slices and at which prices it sells, and when it gives up."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest
from tests.ids import RUN, own_id
from tests.pure.trading.test_step import PAIR, SYMBOL

from fairway.market.candles import Candle, Quote
from fairway.market.instrument import Instrument
from fairway.money.amount import Amount, text_of
from fairway.money.grid import Round
from fairway.orders.order import Fill, Side
from fairway.risk.disposal import Disposal
from fairway.trading.kill import LOOK_AGAIN_S, PATIENCE_S, REFILLS_S, ROUNDS_MAX, Killer, Killing, NotDone
from fairway.trading.latch import FileLatch, Killed, KillScope
from fairway.venues.port import (
    Ambiguous,
    BalanceReport,
    FillReport,
    NewOrder,
    OrderReport,
    Rejected,
    ReportStatus,
    Unreachable,
    Venue,
    VenueFeatures,
)
from fairway.world.clock import HOUR, SECOND
from fairway.world.loop import run, running

ETH = replace(PAIR, symbol="ETH/USDT", venue_symbol="ETHUSDT", base="ETH")
INSTRUMENTS = {SYMBOL: PAIR, ETH.symbol: ETH}


def order(client_id: str, quantity: str = "1", *, filled: str = "0", symbol: str = SYMBOL) -> OrderReport:
    base = INSTRUMENTS[symbol].base
    return OrderReport(
        client_id=client_id,
        venue_id=client_id[-3:],
        symbol=symbol,
        side=Side.SELL,
        status=ReportStatus.OPEN,
        quantity=Amount.of(quantity, base),
        filled=Amount.of(filled, base),
        price=None,
        stop_price=None,
        at=1,
    )


def filled(bought: OrderReport, fee: str) -> FillReport:
    fill = Fill(
        trade_id="1",
        price=PAIR.price(Decimal(100), Round.DOWN),
        quantity=bought.filled,
        quote=Amount.of("100", "USDT"),
        fee=Amount.of(fee, "BTC"),
        is_maker=False,
        at=1,
    )
    return FillReport(client_id="", venue_id=bought.venue_id, symbol=bought.symbol, side=bought.side, fill=fill)


STOP, TARGET, ENTRY, EXIT = (order(own_id(role, number)) for role, number in (("s", 1), ("t", 1), ("e", 2), ("x", 3)))
FOREIGN = order("web_1")


@dataclass
class HandVenue:
    """An exchange of one account: what is open, what each sale takes of its quantity, and what the market shows."""

    open_now: dict[str, OrderReport]
    takes: Callable[[NewOrder], Decimal] = lambda order: order.quantity.value
    close: str = "100"
    bids: Sequence[str | None] = (None,)
    """Of each look at the book; the last one stays. None: no answer."""
    refuses: list[Exception] = field(default_factory=list)
    """What the next sales are answered."""
    stubborn: bool = False
    """Whether a cancel does nothing."""
    stays_open: int = 0
    """How often a sale is still open when it is asked for."""
    asked: list[tuple[str, ...]] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    placed: list[NewOrder] = field(default_factory=list)
    over: dict[str, OrderReport] = field(default_factory=dict)
    history: Sequence[OrderReport] = ()
    """Orders that were over before."""
    fee: str = "0"
    """Of each purchase, in BTC."""
    free: str = "0"
    """Of BTC, once every order is cancelled."""
    promises: VenueFeatures = VenueFeatures(pairs=True, key_rights=True, finds_by_client_id=True, order_history=True)

    async def newest_orders(self, symbol: str) -> list[OrderReport]:
        return [each for each in (*self.history, *self.over.values()) if each.symbol == symbol]

    async def fills_since(self, symbol: str, trade_id: str, since: int) -> list[FillReport]:
        """The fee of each purchase was taken from it."""
        return [filled(each, self.fee) for each in self.history if each.side is Side.BUY and each.symbol == symbol]

    async def balances(self) -> BalanceReport:
        free = Amount.of(self.free, "BTC")
        return BalanceReport(balances={"BTC": (free, Amount.of("0", "BTC"))}, is_complete=True, at=1)

    async def open(self) -> dict[str, Instrument]:
        return INSTRUMENTS

    async def open_orders(self, symbols: Sequence[str] = ()) -> list[OrderReport]:
        self.asked.append(tuple(symbols))
        return [each for each in self.open_now.values() if not symbols or each.symbol in symbols]

    async def cancel(self, symbol: str, client_id: str) -> None:
        self.cancelled.append(client_id)
        if self.stubborn:
            raise Unreachable("away")
        if client_id in self.open_now:
            self.over[client_id] = replace(self.open_now.pop(client_id), status=ReportStatus.CANCELLED)

    async def place(self, new: NewOrder) -> None:
        self.placed.append(new)
        refusal = self.refuses.pop(0) if self.refuses else None
        if refusal is not None and not isinstance(refusal, Ambiguous):
            raise refusal
        taken = order(new.client_id, str(new.quantity.value), filled=str(self.takes(new)), symbol=new.symbol)
        self.over[new.client_id] = replace(taken, status=ReportStatus.EXPIRED)
        if refusal is not None:
            raise refusal

    async def find(self, symbol: str, client_id: str) -> OrderReport | None:
        found = self.over.get(client_id)
        if found is not None and self.stays_open and client_id.endswith("x"):
            self.stays_open -= 1
            return replace(found, status=ReportStatus.OPEN)
        return found

    async def quote(self, symbol: str) -> Quote:
        bid, self.bids = self.bids[0], self.bids[1:] or self.bids
        if bid is None:
            raise Unreachable("away")
        now, best = running().clock.now(), Decimal(bid)
        return Quote(symbol, best, Decimal(1), best + Decimal("0.01"), Decimal(1), now, now)

    async def candles(self, symbol: str, interval: str, limit: int) -> list[Candle]:
        close = Decimal(self.close)
        known = {"symbol": symbol, "open_at": 0, "close_at": 60 * SECOND, "volume": Decimal(1)}
        return [Candle(open=close, high=close, low=close, close=close, **known)] if close else []  # type: ignore[arg-type]


@dataclass
class Done:
    """A kill that was carried out: what it says, what the latch says after it, and how long it took."""

    said: Killing
    latch: Killed
    took: float


def kill(folder: Path, venue: HandVenue, **asked: Any) -> Done:
    killed = Killed(**{"scope": KillScope.ACCOUNT, "reason": "enough", "by": "ann", **asked})

    async def main() -> Done:
        loop, latch = running(), FileLatch(folder, "main", [SYMBOL, ETH.symbol])
        latch.set(killed)
        killer = Killer(cast(Venue, venue), latch, loop.clock, "main", killed, [SYMBOL], run=RUN)
        said = await killer.run()
        return Done(said, latch.read()[0], loop.time())

    return run(cast(Callable[[], Awaitable[Done]], main))  # type: ignore[arg-type]


def venue(*orders: OrderReport, **more: Any) -> HandVenue:
    return HandVenue({each.client_id: each for each in orders}, **more)


def flatten(folder: Path, at: HandVenue, /, **asked: Any) -> Done:
    return kill(folder, at, disposal=Disposal.FLATTEN, **asked)


def sold(at: HandVenue) -> list[str]:
    return [f"{each.quantity.value} at {text_of(each.price.value) if each.price else '-'}" for each in at.placed]


def test_a_kill_that_keeps_stops_cancels_what_could_open_or_close(tmp_path: Path) -> None:
    """What others have sent is left alone; it ends when the venue lists nothing more of ours among all there is."""
    at = venue(STOP, TARGET, ENTRY, EXIT, FOREIGN)
    done = kill(tmp_path, at)
    assert at.cancelled == [ENTRY.client_id, EXIT.client_id]
    assert [each.client_id for each in done.said.protective] == [STOP.client_id, TARGET.client_id]
    assert [each.client_id for each in done.said.foreign] == ["web_1"]
    assert (done.said.cancelled, done.said.sold, done.said.unsold, at.placed) == (2, {}, {}, [])
    assert at.asked == [(SYMBOL,), ()]
    assert not done.latch.is_over


def test_a_kill_of_a_symbol_leaves_the_others(tmp_path: Path) -> None:
    at = venue(ENTRY, order(own_id("e", 9), symbol=ETH.symbol))
    done = kill(tmp_path, at, scope=KillScope.SYMBOL, symbol=ETH.symbol)
    assert at.cancelled == [own_id("e", 9)]
    assert [each.client_id for each in done.said.foreign] == [ENTRY.client_id]


def test_a_position_is_sold_in_five_slices_below_the_close(tmp_path: Path) -> None:
    """As far below as the collar, under ids of the kill's own, each noted in the latch before it leaves."""
    at = venue(STOP, TARGET)
    done = flatten(tmp_path, at)
    assert sold(at) == ["0.2 at 97"] * 5
    assert [each.client_id for each in at.placed] == [f"fw-main-{RUN}-kill-{number}-x" for number in range(1, 6)]
    assert {(str(each.side), str(each.type), each.symbol) for each in at.placed} == {("sell", "limit", SYMBOL)}
    assert (done.said.sold, done.said.unsold, done.said.cancelled) == ({SYMBOL: Amount.of("1", "BTC")}, {}, 2)
    assert (done.said.protective, done.latch.is_over) == ([], True)
    assert [(each.id, each.quantity, each.price) for each in done.latch.sales] == [
        (each.client_id, each.quantity, each.price) for each in at.placed
    ]


@pytest.mark.parametrize(("scope", "is_over"), [(KillScope.ACCOUNT, True), (KillScope.BOT, False), (KillScope.ALL, False)])
def test_the_end_is_noted_in_a_latch_of_one_account(tmp_path: Path, scope: KillScope, is_over: bool) -> None:
    """In one of many another may still be sold."""
    assert flatten(tmp_path, venue(STOP), scope=scope).latch.is_over is is_over


def test_what_stop_and_target_have_sold_is_not_sold_again(tmp_path: Path) -> None:
    at = venue(order(STOP.client_id, filled="0.3"), order(TARGET.client_id, filled="0.2"))
    assert flatten(tmp_path, at).said.sold == {SYMBOL: Amount.of("0.5", "BTC")}
    assert sold(at) == ["0.1 at 97"] * 5


def test_each_symbol_is_sold_by_all_its_stops(tmp_path: Path) -> None:
    at = venue(STOP, order(own_id("s", 4), "0.5"), order(own_id("s", 5), "2", symbol=ETH.symbol))
    done = flatten(tmp_path, at)
    assert done.said.sold == {SYMBOL: Amount.of("1.5", "BTC"), ETH.symbol: Amount.of("2", "ETH")}


def test_what_a_slice_leaves_over_is_tried_again(tmp_path: Path) -> None:
    at = venue(STOP, takes=lambda new: new.quantity.value / 2)
    done = flatten(tmp_path, at)
    assert sold(at)[:3] == ["0.2 at 97"] * 3
    assert done.said.sold[SYMBOL].value + Decimal(done.said.unsold[SYMBOL].split()[0]) == 1


def test_a_book_that_takes_nothing_is_given_up(tmp_path: Path) -> None:
    """After fifteen slices in a row, a second apart; the rest is named."""
    at = venue(STOP, takes=lambda new: Decimal(0))
    done = flatten(tmp_path, at)
    assert len(at.placed) == ROUNDS_MAX
    assert done.said.sold == {SYMBOL: Amount.of("0", "BTC")}
    assert done.said.unsold == {SYMBOL: "1 BTC: the book would not take it within the collar"}
    assert done.took == pytest.approx(ROUNDS_MAX * REFILLS_S, abs=0.5)


def test_what_the_venue_would_refuse_is_not_sent(tmp_path: Path) -> None:
    """Slices too small for it are one; what is too small as a whole is named with the venue's rule."""
    small = venue(order(STOP.client_id, "0.2"))
    assert flatten(tmp_path, small).said.sold == {SYMBOL: Amount.of("0.2", "BTC")}
    assert sold(small) == ["0.2 at 97"]
    dust = venue(order(STOP.client_id, "0.05"))
    done = flatten(tmp_path, dust)
    assert (dust.placed, done.said.unsold[SYMBOL].partition(" BTC: ")[0]) == ([], "0.05")
    assert "NOTIONAL" in done.said.unsold[SYMBOL]


@pytest.mark.parametrize(
    ("bids", "floor"),
    [
        (["99"], "96.03"),
        (["100.5"], "97"),
        (["80"], "77.6"),
        (["80", "90"], "97"),
        (["80", None], "97"),
        ([None], "97"),
        (["0"], "97"),
    ],
)
def test_the_collar_hangs_below_the_lower_of_close_and_bid(tmp_path: Path, bids: list[str | None], floor: str) -> None:
    """A bid far from the close counts once a second one agrees with it."""
    at = venue(order(STOP.client_id, "0.2"), bids=bids)
    flatten(tmp_path, at)
    assert sold(at)[:1] == [f"0.2 at {floor}"]


def test_without_any_price_the_others_are_sold_all_the_same(tmp_path: Path) -> None:
    done = flatten(tmp_path, venue(STOP, close="0"))
    assert (done.said.sold, done.said.unsold) == ({}, {SYMBOL: f"{SYMBOL} has no price to sell at"})


@pytest.mark.parametrize("refusal", [Rejected("no", "-2010"), Unreachable("away")])
def test_a_slice_that_never_came_to_be_is_tried_again(tmp_path: Path, refusal: Exception) -> None:
    at = venue(order(STOP.client_id, "0.2"), refuses=[refusal])
    assert flatten(tmp_path, at).said.sold == {SYMBOL: Amount.of("0.2", "BTC")}
    assert len(at.placed) == 2


def test_a_slice_of_unknown_fate_is_asked_for_and_never_sent_again(tmp_path: Path) -> None:
    """While it is open it is cancelled."""
    at = venue(order(STOP.client_id, "0.2"), refuses=[Ambiguous("reset")], stays_open=2)
    done = flatten(tmp_path, at)
    assert (done.said.sold, len(at.placed)) == ({SYMBOL: Amount.of("0.2", "BTC")}, 1)
    assert at.cancelled == [STOP.client_id, *[at.placed[0].client_id] * 2]
    assert done.took == pytest.approx(2 * LOOK_AGAIN_S, abs=0.1)
    assert done.said.cancelled == 2


def test_patience_has_an_end(tmp_path: Path) -> None:
    """What stays open however often it is cancelled is counted."""
    with pytest.raises(NotDone, match="2 orders are still open"):
        kill(tmp_path, venue(ENTRY, EXIT, stubborn=True))


def test_a_slice_that_never_ends_is_told(tmp_path: Path) -> None:
    at = venue(order(STOP.client_id, "0.2"), stays_open=10**6)
    done = flatten(tmp_path, at)
    assert done.said.unsold == {SYMBOL: f"of 0.2 BTC in {SYMBOL} it is not known whether they were sold"}
    assert done.took == pytest.approx(PATIENCE_S, abs=1)


# -- what was bought without a stop ------------------------------------------------------------------------------------------

BOUGHT = replace(order(own_id("e", 8), filled="1"), side=Side.BUY, status=ReportStatus.FILLED)


def test_what_was_bought_too_late_to_have_a_stop_is_sold(tmp_path: Path) -> None:
    """The fee was taken from it; other coins of the owner are left alone."""
    at = venue(history=[BOUGHT], fee="0.005", free="5")
    done = flatten(tmp_path, at, at=HOUR)
    assert sum(each.quantity.value for each in at.placed) == Decimal("0.995")
    assert (str(done.said.sold[SYMBOL]), done.said.unsold) == ("0.995 BTC", {})


def test_an_entry_that_the_kill_cancels_after_a_part_was_filled_is_sold(tmp_path: Path) -> None:
    at = venue(replace(order(own_id("e", 8), filled="0.25"), side=Side.BUY), free="0.25")
    flatten(tmp_path, at, at=HOUR)
    assert sum(each.quantity.value for each in at.placed) == Decimal("0.25")


def test_a_position_under_a_stop_is_sold_without_the_fee_that_was_paid_in_it(tmp_path: Path) -> None:
    at = venue(replace(STOP, quantity=Amount.of("0.97", "BTC")), history=[BOUGHT], fee="0.03", free="5")
    flatten(tmp_path, at, at=HOUR)
    assert sum(each.quantity.value for each in at.placed) == Decimal("0.97")


def test_it_is_sold_beside_what_a_stop_has_covered_and_nothing_is_sold_twice(tmp_path: Path) -> None:
    """The second purchase has no stop; of the first one half was sold by its target."""
    target = replace(TARGET, filled=Amount.of("0.5", "BTC"))
    second = replace(BOUGHT, client_id=own_id("e", 9), venue_id="2", filled=Amount.of("0.3", "BTC"))
    at = venue(STOP, target, history=[BOUGHT, second], free="0.8")
    done = flatten(tmp_path, at, at=HOUR)
    assert sum(each.quantity.value for each in at.placed) == Decimal("0.8")
    assert str(done.said.sold[SYMBOL]) == "0.8 BTC"


@pytest.mark.parametrize(
    "history",
    [
        [],
        [BOUGHT, order(own_id("x", 9), filled="1")],
        [replace(BOUGHT, client_id="web_2")],
        [replace(BOUGHT, at=1, created_at=1)],
        [BOUGHT, order(own_id("x", 9), filled="0.9999")],
    ],
    ids=["nothing was bought", "it was sold again", "a person bought it", "it was bought long ago", "it is dust"],
)
def test_coins_that_no_purchase_of_late_explains_are_left_alone(tmp_path: Path, history: list[OrderReport]) -> None:
    at = venue(history=history, free="5")
    done = flatten(tmp_path, at, at=3 * HOUR if history and history[0].created_at else HOUR)
    assert (at.placed, done.said.sold, done.said.unsold) == ([], {}, {})


def test_where_the_venue_does_not_tell_what_was_bought_the_covered_part_is_sold_and_that_is_told(tmp_path: Path) -> None:
    @dataclass
    class Silent(HandVenue):
        async def newest_orders(self, symbol: str) -> list[OrderReport]:
            raise Unreachable("away")

    at = Silent({STOP.client_id: STOP})
    done = flatten(tmp_path, at, at=HOUR)
    assert sum(each.quantity.value for each in at.placed) == 1
    assert "the venue does not answer" in done.said.unsold[SYMBOL]
