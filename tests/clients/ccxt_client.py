"""An unmodified ccxt.pro client of a served practice exchange: only its base addresses and keys are changed."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import ccxt.pro
from tests.clients.served import Account, Served

BTC = "BTC/USDT"


Scene = Callable[[Any], Coroutine[Any, Any, None]]


@asynccontextmanager
async def client(served: Served, account: Account | None, **options: Any) -> AsyncIterator[Any]:
    settings: dict[str, Any] = {"enableRateLimit": False, "options": {"fetchMarkets": {"types": ["spot"]}, **options}}
    if account is not None:
        settings |= {"apiKey": account.key, "secret": account.secret}
    exchange = ccxt.pro.binance(settings)
    addresses = exchange.urls["api"]
    addresses["public"] = addresses["private"] = f"{served.url}/api/v3"
    addresses["sapi"], addresses["sapiV3"] = f"{served.url}/sapi/v1", f"{served.url}/sapi/v3"
    addresses["ws"]["spot"] = f"{served.ws}/ws"
    addresses["ws"]["ws-api"]["spot"] = served.ws_api
    try:
        yield exchange
    finally:
        await exchange.close()


def play(served: Served, account: Account | None, scene: Scene, **options: Any) -> None:
    """Run a scene with one client; nothing in it may take longer than 20 seconds."""

    async def main() -> None:
        async with asyncio.timeout(20), client(served, account, **options) as exchange:
            await scene(exchange)

    asyncio.run(main())


async def far_prices(exchange: Any) -> tuple[float, float]:
    """A price well below the market, and one well above."""
    last = (await exchange.fetch_ticker(BTC))["last"]
    return round(last * 0.8, 2), round(last * 1.2, 2)
