"""How a kill deals with a venue that answers late, not at all, or asks to be left alone; and how it slices what it sells."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.pure.trading.test_killing import STOP, Done, HandVenue, flatten, kill, order, sold, venue
from tests.pure.trading.test_step import SYMBOL

from fairway.market.candles import Candle
from fairway.money.amount import Amount
from fairway.trading.kill import LOOK_AGAIN_S, PATIENCE_S, ROUNDS_MAX, Unanswered
from fairway.venues.port import NewOrder, OrderReport, Throttled, Unreachable
from fairway.world.clock import SECOND
from fairway.world.loop import running


@dataclass
class MoodyVenue(HandVenue):
    """An exchange whose list of open orders fails a few times first; it notes when it was asked (s)."""

    fails: list[Exception] = field(default_factory=list)
    throttled_s: float = 0
    """For so long from its first answer on it wants to hear nothing."""
    asked_at: list[float] = field(default_factory=list)
    placed_at: list[float] = field(default_factory=list)
    limits: list[int] = field(default_factory=list)

    async def place(self, new: NewOrder) -> None:
        self.placed_at.append(running().time())
        await super().place(new)

    async def open_orders(self, symbols: Sequence[str] = ()) -> list[OrderReport]:
        self.asked_at.append(round(running().time(), 3))
        if self.throttled_s:
            until, self.throttled_s = running().clock.now() + int(self.throttled_s * SECOND), 0
            raise Throttled("slow down", retry_at=until)
        if self.fails:
            raise self.fails.pop(0)
        return await super().open_orders(symbols)

    async def candles(self, symbol: str, interval: str, limit: int) -> list[Candle]:
        self.limits.append(limit)
        return await super().candles(symbol, interval, limit)


def moody(*orders: OrderReport, **more: Any) -> MoodyVenue:
    return MoodyVenue({each.client_id: each for each in orders}, **more)


def gaps(at: MoodyVenue) -> list[float]:
    return [round(later - earlier, 3) for earlier, later in zip(at.asked_at, at.asked_at[1:], strict=False)]


def test_a_venue_that_fails_is_asked_again_less_and_less_often(tmp_path: Path) -> None:
    """From a fifth of a second up to two seconds: a kill never waits long for an answer, and floods nobody."""
    at = moody(fails=[Unreachable("away") for _ in range(6)])
    kill(tmp_path, at)
    assert gaps(at)[:6] == [0.2, 0.4, 0.8, 1.6, 2.0, 2.0]


@pytest.mark.parametrize("pause_s", [0.05, 5.0, 60.0])
def test_a_venue_that_asks_for_a_pause_is_given_it(tmp_path: Path, pause_s: float) -> None:
    """To the instant that it names, but never less than a moment; a minute is as long as anybody waits for it."""
    at = moody(throttled_s=pause_s)
    kill(tmp_path, at)
    assert gaps(at)[0] == pytest.approx(max(pause_s, LOOK_AGAIN_S), abs=0.01)


def test_a_venue_that_asks_for_more_than_a_minute_is_given_up_at_once(tmp_path: Path) -> None:
    """A person can still go to its own page."""
    at = moody(throttled_s=60.5)
    with pytest.raises(Unanswered, match="the venue does not answer: slow down"):
        kill(tmp_path, at)
    assert len(at.asked_at) == 1


def test_a_venue_that_never_answers_is_given_up_after_a_minute(tmp_path: Path) -> None:
    """With its own words."""
    at = moody(fails=[Unreachable("the line is dead") for _ in range(10**3)])
    with pytest.raises(Unanswered, match="the venue does not answer: the line is dead"):
        kill(tmp_path, at)
    assert PATIENCE_S <= at.asked_at[-1] - at.asked_at[0] <= PATIENCE_S + 2


def test_a_question_that_hangs_is_given_up_after_a_minute(tmp_path: Path) -> None:
    """A connection that is up and says nothing is no answer."""

    @dataclass
    class Hanging(MoodyVenue):
        async def open_orders(self, symbols: Sequence[str] = ()) -> list[OrderReport]:
            await asyncio.sleep(10**6)
            raise AssertionError("nobody waits so long")

    with pytest.raises(Unanswered):
        kill(tmp_path, Hanging({}))


# -- slices --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quantity", "slices"),
    [
        ("1", ["0.2"] * 5),
        ("0.999", ["0.199"] * 4 + ["0.203"]),
        ("0.27", ["0.054"] * 5),
        ("0.26", ["0.052"] * 4 + ["0.052"]),
    ],
)
def test_a_last_slice_takes_what_would_be_too_little_alone(tmp_path: Path, quantity: str, slices: list[str]) -> None:
    """What the lots leave over is sold with the last slice, and nothing stays behind."""
    at = venue(order(STOP.client_id, quantity))
    done = flatten(tmp_path, at)
    assert [each.partition(" ")[0] for each in sold(at)] == slices
    assert (done.said.sold, done.said.unsold) == ({SYMBOL: Amount.of(quantity, "BTC")}, {})


@pytest.mark.parametrize(("second", "slices"), [("0.12", ["0.2"] * 4 + ["0.28"]), ("0.1", ["0.2"] * 5 + ["0.1"])])
def test_less_than_half_a_slice_is_sold_with_the_one_before_it(tmp_path: Path, second: str, slices: list[str]) -> None:
    """The book took only a part of the second slice; half a slice is one of its own."""
    takes = iter([None, Decimal(second)])
    at = venue(STOP, takes=lambda new: next(takes, None) or new.quantity.value)
    done = flatten(tmp_path, at)
    assert [each.partition(" ")[0] for each in sold(at)] == slices
    assert done.said.sold == {SYMBOL: Amount.of("1", "BTC")}


def test_a_book_that_fills_up_now_and_then_is_not_given_up(tmp_path: Path) -> None:
    """Only slices in a row that sold nothing count, and each that sold something begins the count again."""
    takes = iter(([Decimal(0)] * (ROUNDS_MAX - 1) + [Decimal("0.2")]) * 2 + [Decimal("0.2")] * 9)
    at = venue(STOP, takes=lambda new: next(takes))
    done = flatten(tmp_path, at)
    assert done.said.sold == {SYMBOL: Amount.of("1", "BTC")}
    assert len(at.placed) == 2 * ROUNDS_MAX + 3


def test_a_sale_is_dated_in_the_latch_for_the_trader_that_reads_it(tmp_path: Path) -> None:
    """An order without an instant would be from before all fills."""
    done: Done = flatten(tmp_path, venue(order(STOP.client_id, "0.2")))
    [sale] = done.latch.sales
    assert sale.created_at == sale.updated_at > 0


def test_half_a_second_lies_between_two_looks_at_a_bid_far_from_the_close(tmp_path: Path) -> None:
    """And only the newest candle is asked for."""
    at = moody(order(STOP.client_id, "0.2"), bids=["80", "80"])
    flatten(tmp_path, at)
    assert sold(at) == ["0.2 at 77.6"]
    assert at.placed_at == [pytest.approx(0.5, abs=0.01)]
    assert set(at.limits) == {1}
