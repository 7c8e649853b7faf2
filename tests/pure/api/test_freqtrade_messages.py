"""One client of freqtrade's WebSocket: what it asks for, what it is sent, and that one that does not read is dropped."""

import asyncio
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from fairway.api.authentication import Caller
from fairway.api.context import ServerContext
from fairway.api.events.tail import JournalEvent
from fairway.api.freqtrade import message_routes
from fairway.api.freqtrade.message_routes import FtClient
from fairway.api.freqtrade.messages import messages_of
from fairway.operations.actor import owner_of_machine
from fairway.reports.event_context import EventText, Weight
from fairway.reports.trader_view import RecentEvent

SETTINGS = SimpleNamespace(symbols=("BTC/USDT",), venue=SimpleNamespace(exchange="binance"))
CONTEXT = cast(ServerContext, SimpleNamespace(settings=SETTINGS, config=Path("fairway.yaml")))
CALLER = Caller(actor=owner_of_machine("me"), token=None, address="")


def answers_to(*requests: str) -> tuple[frozenset[str], list[dict[str, Any]]]:
    """What it has subscribed to, and what it was sent."""
    sent: list[dict[str, Any]] = []

    async def send(text: str) -> None:
        sent.append(json.loads(text))

    async def all_of_them() -> frozenset[str]:
        client = FtClient(send, CONTEXT, CALLER)
        for request in requests:
            await client.take(request)
        return client.topics

    return asyncio.run(all_of_them()), sent


def test_a_client_subscribes_to_types_that_exist() -> None:
    assert answers_to('{"type": "subscribe", "data": ["entry_fill", "new_candle"]}')[0] == {"entry_fill", "new_candle"}
    for wrong in ('{"type": "subscribe", "data": ["entry_fill", "gossip"]}', '{"type": "subscribe", "data": "entry_fill"}'):
        assert answers_to(wrong) == (frozenset(), [])


@pytest.mark.parametrize("text", ["", "{", "7", "[]", '{"type": []}', '{"type": "subscribe", "data": [[1]]}', "[" * 100_000])
def test_what_is_no_request_is_passed_over(text: str) -> None:
    assert answers_to(text) == (frozenset(), [])


def test_pairs_are_told_and_candles_are_not() -> None:
    pairs, candles = answers_to('{"type": "whitelist", "data": ""}', '{"type": "analyzed_df"}')[1]
    assert pairs == {"type": "whitelist", "data": ["BTC/USDT"]}
    assert candles["type"] == "exception"


def test_a_client_that_does_not_read_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_routes, "SEND_WITHIN_S", 0.01)

    async def never(text: str) -> None:
        await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        asyncio.run(FtClient(never, CONTEXT, CALLER).tell({"type": "status"}))


def event(seq: int, kind: str, body: dict[str, Any]) -> JournalEvent:
    return JournalEvent(seq, "me", "trader", kind, json.dumps({"body": body}).encode())


def test_events_become_messages() -> None:
    order = {
        "symbol": "BTC/USDT",
        "role": "e",
        "type": "market",
        "quantity": {"value": "0.5", "asset": "BTC"},
    }
    batch = [
        event(1, "OrderSent", {"order_id": "a", "order": order}),
        event(2, "OrderSent", {"order_id": "a", "order": None}),
        event(3, "OrderSent", {"order_id": "b", "order": {**order, "role": "s"}}),
        event(4, "OrderFilled", {"order_id": "c", "fill": {"trade_id": "9"}}),
        event(5, "StreamLost", {}),
        event(6, "Marked", {}),
    ]
    lost = EventText(Weight.TROUBLE, "the stream was lost", "It opens nothing")
    found = list(messages_of(batch, (), [RecentEvent(5, 0, "me", "StreamLost", lost)], "binance"))
    assert [each["type"] for each in found] == ["entry", "warning"]
    assert (found[0]["pair"], found[0]["amount"], found[0]["limit"]) == ("BTC/USDT", 0.5, None)
    assert found[1]["status"] == "me: the stream was lost. It opens nothing"
