"""What an exchange lists is asked for at the start: an answer without any pair is none, and one strange pair hides no other."""

import pytest
from tests.pure.venues.scripted_venue import ScriptedVenue, says, settings, symbol

from fairway.venues.allowance import BINANCE_SPOT
from fairway.venues.budget import Budget
from fairway.venues.ccxt.venue import CcxtVenue
from fairway.venues.port import Unreachable
from fairway.world.loop import run, running

LISTED = "/api/v3/exchangeInfo"
STRANGE = {**symbol("ETHUSDT", "ETH"), "filters": [{"filterType": "LOT_SIZE", "stepSize": "a handful"}]}


def opened(*answers: object) -> list[str]:
    """The pairs that a venue finds; it is opened once for each of these answers."""

    async def main() -> list[str]:
        loop = running()
        async with ScriptedVenue() as exchange:
            venue = CcxtVenue(settings(), loop.clock, loop.chance, budget=Budget(loop.clock, BINANCE_SPOT))
            try:
                for answer in answers[:-1]:
                    exchange.on("GET", LISTED, says(answer))
                    with pytest.raises(Unreachable, match="trades no pair at all; start again in a minute"):
                        await venue.open()
                exchange.on("GET", LISTED, says(answers[-1]))
                return list(await venue.open())
            finally:
                await venue.close()

    return run(main)


def test_an_answer_without_any_pair_is_no_answer() -> None:
    """Whoever starts the trader again tries again; the next answer counts."""
    assert opened({"symbols": []}, {"symbols": [symbol()]}) == ["BTC/USDT"]


def test_a_pair_that_cannot_be_read_hides_no_other() -> None:
    assert opened({"symbols": [STRANGE, symbol()]}) == ["BTC/USDT"]
