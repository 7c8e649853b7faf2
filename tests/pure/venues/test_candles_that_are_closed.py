"""Closed candles, each once and in order, by whatever the venue's history shows and whenever it answers."""

import asyncio
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from fairway.market.candles import Candle
from fairway.venues.ccxt.candles import CandleFollower
from fairway.venues.port import Throttled, Unreachable
from fairway.world.clock import MINUTE, SECOND, SimClock
from fairway.world.loop import EPOCH_NS, run, running


def candle(open_at: int, close: int = 100) -> Candle:
    price = Decimal(close)
    return Candle(
        symbol="BTC/USDT",
        open_at=open_at,
        close_at=open_at + MINUTE,
        open=price,
        high=price,
        low=price,
        close=price,
        volume=Decimal(1),
    )


class History:
    """A venue's candles by its own clock: what began before now is shown, the last one still forming."""

    def __init__(self) -> None:
        self.first = EPOCH_NS - 5 * MINUTE
        self.lag_ns = 0
        """How much later than its beginning a candle is first shown."""
        self.missing: set[int] = set()
        self.failure: Exception | None = None
        self.asked: list[int] = []
        self.told: list[tuple[int, int]] = []
        """Minutes since the beginning of the world: when a candle began, and seconds after its end it was told."""

    async def rows(self, symbol: str, interval: str, since: int, limit: int) -> Sequence[Candle]:
        self.asked.append(running().elapsed_ns)
        if self.failure is not None:
            raise self.failure
        now = running().wall_ns - self.lag_ns
        begun = [at for at in range(self.first, now + 1, MINUTE) if at not in self.missing]
        shown = [at for at in begun if at >= since]
        return [candle(at) for at in (shown[:limit] if since else shown[-limit:])]

    async def server_time(self) -> int:
        return running().wall_ns

    def sink(self, event: Any) -> None:
        late = running().wall_ns - event.close_at
        self.told.append(((event.open_at - EPOCH_NS) // MINUTE, late // SECOND))


def follow(minutes: float, change: Callable[[History, CandleFollower], None] | None = None, skew_ns: int = 0) -> History:
    """What is told in so many minutes."""
    history = History()

    async def main() -> None:
        clock = SimClock(running(), skew_ns=skew_ns)
        follower = CandleFollower("BTC/USDT", "1m", history.rows, history.server_time, clock, grace_s=0.5)
        if change is not None:
            change(history, follower)
        task = asyncio.create_task(follower.follow(history.sink))
        await asyncio.sleep(minutes * 60)
        task.cancel()
        await asyncio.wait([task])

    run(main)
    return history


def test_it_begins_with_the_newest_closed_and_goes_on() -> None:
    """Each soon after its end, with one question each."""
    history = follow(3.5)
    assert history.told == [(-1, 0), (0, 0), (1, 0), (2, 0)]
    assert len(history.asked) == 4


def test_it_goes_on_after_what_is_known() -> None:
    """Everything since the last known candle is caught up with, and the known one is not told again."""
    history = follow(1.5, lambda _, follower: follower.after(candle(EPOCH_NS - 4 * MINUTE)))
    assert [open_at for open_at, _ in history.told] == [-3, -2, -1, 0]


def test_a_candle_without_a_successor_waits_until_it_is_settled() -> None:
    """The venue shows the next candle only when something trades: the last is believed ten seconds after its end."""

    def quiet(history: History, _: CandleFollower) -> None:
        history.lag_ns = 40 * SECOND

    told = follow(5, quiet).told
    assert [open_at for open_at, _ in told] == [-2, -1, 0, 1, 2, 3]
    assert all(10 <= late < 30 for open_at, late in told if open_at >= 0)


def test_candles_that_the_venue_never_had_are_skipped() -> None:
    """A halt leaves a hole; what follows it is told."""

    def halted(history: History, _: CandleFollower) -> None:
        history.missing = {EPOCH_NS + minute * MINUTE for minute in (1, 2)}

    assert [open_at for open_at, _ in follow(6, halted).told] == [-1, 0, 3, 4]


def test_a_venue_that_does_not_answer_is_asked_ever_more_slowly_and_nothing_is_lost() -> None:
    """Pauses grow to fifteen seconds; afterwards every candle comes, in order."""
    history = History()

    async def main() -> None:
        follower = CandleFollower("BTC/USDT", "1m", history.rows, history.server_time, running().clock, grace_s=0.5)
        task = asyncio.create_task(follower.follow(history.sink))
        await asyncio.sleep(90)
        history.failure = Unreachable("no connection")
        before = len(history.asked)
        await asyncio.sleep(600)
        assert 35 <= len(history.asked) - before <= 45
        history.failure = None
        await asyncio.sleep(60)
        task.cancel()
        await asyncio.wait([task])

    run(main)
    assert [open_at for open_at, _ in history.told] == list(range(-1, 12))


def test_a_throttled_question_waits_for_the_venues_time() -> None:
    """Nothing is asked before it."""
    history = History()

    async def main() -> None:
        follower = CandleFollower("BTC/USDT", "1m", history.rows, history.server_time, running().clock, grace_s=0.5)
        history.failure = Throttled("slow down", retry_at=EPOCH_NS + 90 * SECOND)
        task = asyncio.create_task(follower.follow(history.sink))
        await asyncio.sleep(89)
        assert len(history.asked) == 1
        history.failure = None
        await asyncio.sleep(2)
        assert history.told == [(0, 30)]
        task.cancel()
        await asyncio.wait([task])

    run(main)


def test_a_clock_that_is_wrong_makes_candles_late_at_most() -> None:
    """Ahead: we ask too early and again. Behind: we ask too late. A forming candle is never told as closed."""
    for skew_ns in (-3 * SECOND, 3 * SECOND, 20 * SECOND):
        told = follow(4, skew_ns=skew_ns).told
        assert [open_at for open_at, _ in told][:4] == [-1, 0, 1, 2]
        assert all(0 <= late <= 15 for open_at, late in told if open_at >= 0)


def test_a_clock_that_is_set_while_we_wait_is_noticed() -> None:
    """An hour ahead by mistake, then set right: within a minute the candles go on."""
    history = History()

    async def main() -> None:
        clock = SimClock(running(), skew_ns=-3_600 * SECOND)
        follower = CandleFollower("BTC/USDT", "1m", history.rows, history.server_time, clock, grace_s=0.5)
        task = asyncio.create_task(follower.follow(history.sink))
        await asyncio.sleep(30)
        clock.jump(3_600 * SECOND)
        await asyncio.sleep(120)
        task.cancel()
        await asyncio.wait([task])

    run(main)
    assert [open_at for open_at, _ in history.told] == [-1, 0, 1]
