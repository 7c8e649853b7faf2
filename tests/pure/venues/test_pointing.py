"""Which addresses the real ccxt client asks when its exchange is asked at another address: REST, and where it applies streams."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from fairway.venues.ccxt.address import VenueAddress
from fairway.venues.ccxt.pointing import moves_streams, own_host
from fairway.venues.ccxt.settings import CcxtSettings
from fairway.venues.port import AddressChanged
from fairway.world.loop import run, running

BINANCE_STREAMS = ["wss://stream.binance.com:9443/ws", "wss://ws-api.binance.com:443/ws-api/v3"]


def with_client(settings: CcxtSettings, look: Callable[[VenueAddress, Any], Any]) -> None:
    async def main() -> None:
        address = VenueAddress(settings, running().clock, running().chance, None)
        client = address.new_client(settings, address.new_gate())
        try:
            looked = look(address, client)
            if asyncio.iscoroutine(looked):
                await looked
        finally:
            await address.close(client)

    run(main)


async def called(client: Any, *methods: str) -> list[str]:
    """The URLs that ccxt calls for implicit endpoints, without their queries; everything but the socket is its own."""
    urls: list[str] = []

    async def fetch(url: str, *_rest: Any) -> dict[str, Any]:
        urls.append(url.partition("?")[0])
        return {}

    client.fetch = fetch
    for method in methods:
        await getattr(client, method)({})
    return urls


def streams_of(client: Any) -> list[str]:
    return [client.urls["api"]["ws"]["spot"], client.urls["api"]["ws"]["ws-api"]["spot"]]


def test_binance_is_asked_at_another_host_and_its_streams_stay() -> None:
    """The exchange lists api1 to api4 for REST; its streams have hosts of their own."""
    settings = CcxtSettings(exchange="binance", key="k", secret="s", fallbacks=("api1.binance.com",))
    methods = ("public_get_time", "private_get_account", "private_post_order", "sapi_get_account_apirestrictions")

    async def look(address: VenueAddress, client: Any) -> None:
        own = await called(client, *methods)
        assert {url.split("/")[2] for url in own} == {"api.binance.com"}
        address.addresses.switch("ann: slow")
        assert await called(client, *methods) == [url.replace("api.binance", "api1.binance") for url in own]
        assert client.urls["api"]["fapiPublic"] == "https://fapi.binance.com/fapi/v1"
        assert streams_of(client) == BINANCE_STREAMS
        assert not moves_streams(client, "api1.binance.com")
        await asyncio.sleep(60)
        address.addresses.switch("ann: back")
        assert await called(client, *methods) == own

    with_client(settings, look)


def test_a_url_moves_everything() -> None:
    settings = CcxtSettings(exchange="binance", url="http://one:1", fallbacks=("http://two:2",))

    async def look(address: VenueAddress, client: Any) -> None:
        assert await called(client, "public_get_time") == ["http://one:1/api/v3/time"]
        address.addresses.switch("ann: slow")
        assert await called(client, "public_get_time") == ["http://two:2/api/v3/time"]
        assert streams_of(client) == ["ws://two:2/ws", "ws://two:2/ws-api/v3"]
        assert moves_streams(client, "http://two:2")

    with_client(settings, look)


def test_the_test_network_has_a_host_of_its_own() -> None:
    settings = CcxtSettings(exchange="binance", sandbox=True, fallbacks=("testnet1.binance.vision",))

    async def look(address: VenueAddress, client: Any) -> None:
        address.addresses.switch("ann: slow")
        assert await called(client, "public_get_time") == ["https://testnet1.binance.vision/api/v3/time"]

    with_client(settings, look)


@pytest.mark.parametrize(
    ("exchange", "own", "fallback", "method", "url", "streams"),
    [
        ("bybit", "bybit.com", "bytick.com", "public_get_v5_market_time", "https://api.bytick.com/v5/market/time", True),
        ("okx", "www.okx.com", "aws.okx.com", "public_get_public_time", "https://aws.okx.com/api/v5/public/time", False),
        ("kraken", "api.kraken.com", "kraken.example.com", "public_get_time", "https://kraken.example.com/0/public/Time", False),
    ],
)
def test_other_exchanges_take_the_host_where_ccxt_has_a_place_for_it(
    exchange: str, own: str, fallback: str, method: str, url: str, streams: bool
) -> None:
    async def look(address: VenueAddress, client: Any) -> None:
        assert own_host(client) == own
        address.addresses.switch("ann: slow")
        assert [each.lower() for each in await called(client, method)] == [url.lower()]
        assert moves_streams(client, fallback) is streams

    with_client(CcxtSettings(exchange=exchange, fallbacks=(fallback,)), look)


def test_bybits_streams_move_with_its_host() -> None:
    """As ccxt itself makes the address of the account's stream."""

    async def look(address: VenueAddress, client: Any) -> None:
        address.addresses.switch("ann: slow")
        told = client.implode_hostname(client.urls["api"]["ws"]["private"]["spot"]["unified"])
        assert told == "wss://stream.bytick.com/v5/private"

    with_client(CcxtSettings(exchange="bybit", fallbacks=("bytick.com",)), look)


def test_a_client_made_later_asks_where_the_others_do_and_all_are_moved_together() -> None:
    """Each account has a client of its own; a probe stays at the first address."""
    settings = CcxtSettings(exchange="binance", url="http://one:1", fallbacks=("http://two:2",))

    async def look(address: VenueAddress, client: Any) -> None:
        told: list[AddressChanged] = []
        address.switches.take(told.append)
        address.addresses.switch("ann: slow")
        later, probe = address.new_client(settings, address.new_gate()), address.new_probe(settings, address.new_gate())
        urls = [each.urls["api"]["public"] for each in (client, later, probe)]
        assert urls == ["http://two:2/api/v3", "http://two:2/api/v3", "http://one:1/api/v3"]
        assert told == [AddressChanged("http://one:1", "http://two:2", "ann: slow")]
        probe.session = None
        await address.close(later)

    with_client(settings, look)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"fallbacks": ("https://api1.binance.com",)}, "is no host name; a right one is 'api1.binance.com'"),
        ({"fallbacks": ("a.com", "a.com")}, "'a.com' stands twice"),
        ({"url": "http://one:1", "fallbacks": ("api1.binance.com",)}, "is no URL, and `url` is one"),
    ],
)
def test_a_wrong_fallback_is_named(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=f"^fallbacks: .*{words}"):
        CcxtSettings(**({"exchange": "binance"} | wrong))
