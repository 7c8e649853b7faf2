"""A kill from an address that the exchange has banned for hours: the person is told within a minute, not hours later."""

from pathlib import Path

import pytest
from tests.ids import RUN
from tests.pure.venues.scripted_venue import ScriptedVenue, now_ms, refuses, settings

from fairway.trading.kill import PATIENCE_S, Killer, NotDone
from fairway.trading.latch import FileLatch, Killed, KillScope
from fairway.venues.ccxt.venue import CcxtVenue
from fairway.world.clock import HOUR, MILLISECOND
from fairway.world.loop import run, running


def test_it_is_told_as_not_done_while_there_is_time_to_go_to_the_exchanges_own_page(tmp_path: Path) -> None:
    async def main() -> float:
        loop, killed = running(), Killed(scope=KillScope.ACCOUNT, reason="enough", by="ann")
        async with ScriptedVenue() as exchange:
            until = now_ms() + 2 * HOUR // MILLISECOND
            words = f"Way too much request weight used; IP banned until {until}. Please use WebSocket Streams."
            exchange.on("GET", "/api/v3/exchangeInfo", refuses(-1003, words, 418))
            venue, latch = CcxtVenue(settings(), loop.clock, loop.chance), FileLatch(tmp_path, "main", ["BTC/USDT"])
            try:
                with pytest.raises(NotDone, match=r"the venue does not answer: .*banned"):
                    await Killer(venue, latch, loop.clock, "main", killed, run=RUN).run()
            finally:
                await venue.close()
            return loop.time()

    assert run(main) <= PATIENCE_S
