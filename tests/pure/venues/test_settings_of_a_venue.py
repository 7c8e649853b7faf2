"""What may be set about a venue, what is said of mistakes, and what the client is made of."""

import subprocess
import sys
from typing import Any

import pytest

from fairway.venues.ccxt.address import VenueAddress
from fairway.venues.ccxt.settings import CcxtSettings
from fairway.venues.ccxt.venue import CcxtVenue
from fairway.venues.port import Rejected
from fairway.world.clock import MILLISECOND
from fairway.world.loop import run, running


def with_client(settings: CcxtSettings, look: Any) -> None:
    async def main() -> None:
        address = VenueAddress(settings, running().clock, running().chance, None)
        client = address.new_client(settings, address.new_gate())
        try:
            look(client)
        finally:
            await address.close(client)

    run(main)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ({"url": "127.0.0.1:9100"}, "http://127.0.0.1:9100"),
        ({"url": "ws://127.0.0.1"}, "http://127.0.0.1:9100"),
        ({"timeout_s": 0}, "timeout_s"),
        ({"market_silence_s": -1}, "market_silence_s"),
        ({"candle_grace_s": 60}, "between 0 and 60"),
    ],
)
def test_a_mistake_is_named_with_a_right_example(wrong: dict[str, Any], right: str) -> None:
    """The key, the value, and what would be right."""
    with pytest.raises(ValueError, match=right) as caught:
        CcxtSettings(**({"exchange": "binance"} | wrong))
    (key,) = wrong
    assert str(caught.value).startswith(key)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (CcxtSettings(exchange="binanse"), "ccxt streams no 'binanse'; a right one is 'binance'"),
        (CcxtSettings(exchange="kraken", url="http://127.0.0.1:1"), "cannot be changed for 'kraken'"),
        (CcxtSettings(exchange="kraken", sandbox=True), "knows no test network of kraken"),
    ],
)
def test_a_venue_that_cannot_be_is_refused_when_it_is_opened(settings: CcxtSettings, words: str) -> None:
    """In one clear sentence."""

    async def main() -> None:
        venue = CcxtVenue(settings, running().clock, running().chance)
        with pytest.raises(Rejected, match=words):
            await venue.open()
        await venue.close()

    run(main)


def test_an_address_moves_every_endpoint() -> None:
    """REST, sapi, streams and the WebSocket API, each with its own path; also from the test network's addresses."""

    def look(client: Any) -> None:
        api = client.urls["api"]
        assert api["public"] == api["private"] == "http://127.0.0.1:9100/api/v3"
        assert api.get("sapi") == (None if client.isSandboxModeEnabled else "http://127.0.0.1:9100/sapi/v1")
        assert api["ws"]["spot"] == "ws://127.0.0.1:9100/ws"
        assert api["ws"]["ws-api"]["spot"] == "ws://127.0.0.1:9100/ws-api/v3"

    for sandbox in (False, True):
        with_client(CcxtSettings(exchange="binance", url="http://127.0.0.1:9100/", sandbox=sandbox), look)


def test_the_test_network_is_binances_own() -> None:
    """Without an address of ours."""

    def look(client: Any) -> None:
        assert client.urls["api"]["private"] == "https://testnet.binance.vision/api/v3"
        assert "testnet" in client.urls["api"]["ws"]["ws-api"]["spot"]

    with_client(CcxtSettings(exchange="binance", sandbox=True), look)


def test_the_client_reads_our_clock_and_hands_on_texts() -> None:
    """Milliseconds are the clock's, and numbers stay as they were written."""

    def look(client: Any) -> None:
        assert client.milliseconds() == client.nonce() == running().clock.now() // MILLISECOND
        assert client.parse_number("0.10000000") == "0.10000000"

    with_client(CcxtSettings(exchange="binance"), look)


def test_any_exchange_of_ccxts_can_be_made() -> None:
    """With its own limits of requests, which we do not know."""

    def look(client: Any) -> None:
        assert client.id == "kraken"
        assert client.enableRateLimit

    with_client(CcxtSettings(exchange="kraken"), look)


def test_accounts_of_any_exchange_keep_one_pace() -> None:
    """Of an exchange whose weights we do not know ccxt keeps the pace, for all accounts together."""

    async def main() -> None:
        settings = CcxtSettings(exchange="kraken")
        address = VenueAddress(settings, running().clock, running().chance, None)
        one, other = (address.new_client(settings, address.new_gate()) for _ in range(2))
        assert one.throttler is other.throttler
        for client in (one, other):
            await address.close(client)

    run(main)


def test_the_library_is_imported_only_when_a_client_is_made() -> None:
    """Naming a venue costs no second of start-up."""
    code = "import sys, fairway.venues.ccxt; sys.exit('ccxt' in sys.modules or 'aiohttp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
