"""Whatever is sent, the exchange answers it with a refusal, and stays as it was."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pure.exchange.wire_ground import KEY, START, Ground, crowd, run

from fairway.exchange.server import Server
from fairway.exchange.wire.parameters import Parameters
from fairway.exchange.wire.rest import ROUTES
from fairway.world.chance import Chance

NAMES = ("symbol", "symbols", "limit", "timestamp", "recvWindow", "signature", "orderId", "side", "type", "quantity", "price")
ODD = ["BTCUSDT", "", "1m", "0", "1", "-1", "1e9", "9" * 25, "%", "%zz", "%ff", "[", '["BTCUSDT"]', "null", "é"]
PAIR = st.tuples(st.sampled_from(NAMES), st.one_of(st.sampled_from(ODD), st.text(max_size=8)))


@settings(max_examples=300, deadline=None)
@given(route=st.sampled_from(sorted(ROUTES)), pairs=st.lists(PAIR, max_size=6), keyed=st.booleans(), split=st.integers(0, 6))
def test_every_request_is_answered(route: tuple[str, str], pairs: list[tuple[str, str]], keyed: bool, split: int) -> None:
    """JSON, a status that HTTP knows, and no order placed: an unsigned request changes nothing."""

    async def scene() -> None:
        ground = await Ground().begin()
        query = "&".join(f"{name}={value}" for name, value in pairs[:split])
        body = "&".join(f"{name}={value}" for name, value in pairs[split:])
        response = await ground.send(*route, query, body, key=KEY if keyed else "")
        assert response.status in (200, 400, 401, 410)
        json.loads(response.body)
        assert await ground.exchange.backend.open_orders("alice", None) == []

    run(scene())


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=6,
)
MESSAGE = st.fixed_dictionaries(
    {},
    optional={
        "id": JSON,
        "method": st.one_of(st.sampled_from(["ping", "depth", "order.place", "SUBSCRIBE", "userDataStream.subscribe"]), JSON),
        "params": st.one_of(
            JSON, st.dictionaries(st.sampled_from(["symbol", "apiKey", "signature", "timestamp"]), JSON, max_size=3)
        ),
    },
)


@settings(max_examples=300, deadline=None)
@given(text=st.one_of(st.text(max_size=20), MESSAGE.map(json.dumps), JSON.map(json.dumps)))
def test_every_message_is_answered(text: str) -> None:
    """On streams and on the WebSocket API: one answer, in JSON."""

    async def scene() -> None:
        ground = await Ground().begin()
        for connection in (ground.listener(), ground.api()):
            answers = await connection.receive(text)
            assert answers is not None
            assert len(answers) == 1
            json.loads(answers[0])

    run(scene())


DEEP = ["[" * 100_000, '{"a":' * 50_000, '{"id":1,"x":' + "[" * 100_000, '{"id":1,"method":"ping","params":{"a":' + "[" * 100_000]


@pytest.mark.parametrize("text", DEEP)
def test_deeply_nested_json_is_refused_as_any_other_that_is_none(text: str) -> None:
    """Deeper than Python can read: the connection stays, and answers what comes next."""

    async def scene() -> None:
        ground = await Ground().begin()
        stream, api = ground.listener(), ground.api()
        (refused,) = await stream.receive(text)
        assert json.loads(refused)["error"]["code"] in (2, 3)
        answers = await api.receive(text)
        assert answers is not None
        assert json.loads(answers[0])["error"]["code"] == -1135
        assert await ask_of(stream, '{"method":"LIST_SUBSCRIPTIONS","id":1}') == {"result": [], "id": 1}
        assert (await ask_of(api, '{"method":"ping","id":1}'))["status"] == 200

    run(scene())


@pytest.mark.parametrize("method", ["[" * 400 + "]" * 400, '{"a":1}', "7"])
def test_a_method_that_is_no_word_is_not_repeated(method: str) -> None:
    """The answer says what is wrong in one short sentence."""

    async def scene() -> None:
        stream = (await Ground().begin()).listener()
        error = (await ask_of(stream, f'{{"method":{method},"id":1}}'))["error"]
        assert error == {"code": 2, "msg": "Invalid request: method must be a string"}

    run(scene())


async def ask_of(connection: Any, text: str) -> Any:
    (answer,) = await connection.receive(text)
    return json.loads(answer)


def test_a_number_is_read_exactly_or_not_at_all() -> None:
    """Numbers of the WebSocket API keep every digit that was written."""
    assert Parameters({"price": "0.00000001"}).amount("price") == 1
    assert Parameters({"price": "92233720368.54775807"}).amount("price") == 2**63 - 1


@asynccontextmanager
async def served(ground: Ground) -> AsyncIterator[Any]:
    async with Server(ground.exchange, Chance(1)).listening("127.0.0.1", 0) as address:
        yield address


def test_a_market_that_fails_stops_the_server_and_says_why() -> None:
    """A crossed book is a bug of the market: whoever serves it is told, instead of serving a market that stands still."""
    good, bad = crowd(START, 50_000), crowd(START, 50_000)
    ground = Ground([good, bad._replace(bids=bad.asks, asks=bad.bids)])

    async def main() -> None:
        async with served(ground):
            await asyncio.sleep(60)

    with pytest.raises(ValueError, match="not below its best ask"):
        run(main())


NO_REQUESTS = {
    "a URL of 100 kB": (b"GET /api/v3/ping?a=" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
    "a header of 100 kB": (b"GET /api/v3/ping HTTP/1.1\r\nHost: " + b"a" * 100_000 + b"\r\n\r\n", 414),
    "20,000 headers": (b"GET / HTTP/1.1\r\n" + b"".join(b"X%d: a\r\n" % it for it in range(20_000)) + b"\r\n", 400),
    "a length that is none": (b"POST /practice HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n", 400),
    "a chunk that is none": (b"POST /practice/pause HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
    "no path": (b"GET /api/v3/\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "no method": (b"\x00\x01 GET\r\n\r\n", 400),
    "a body of 2 MB": (
        b"POST /practice/pause HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2000000\r\n\r\n" + b"a" * 2_000_000,
        413,
    ),
    "no handshake": (b"GET /ws HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 400),
    "a body that is not gzip": (
        b"POST /practice/pause HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
        400,
    ),
}


@pytest.mark.parametrize("name", NO_REQUESTS)
def test_what_is_no_request_is_answered_without_a_traceback(name: str, caplog: pytest.LogCaptureFixture) -> None:
    """With a body of code and msg as any refusal has, and nothing in the server's log."""
    sent, status = NO_REQUESTS[name]

    async def main() -> bytes:
        async with served(await Ground().begin()) as address:
            reader, writer = await asyncio.open_connection(address.host, address.port)
            writer.write(sent)
            answer = await asyncio.wait_for(reader.read(), 10)
            writer.close()
            return answer

    head, _, body = run(main()).partition(b"\r\n\r\n")
    assert head.split()[1] == str(status).encode(), head
    assert set(json.loads(body)) == {"code", "msg"}
    assert caplog.records == []


def test_an_error_of_whoever_serves_stays_what_it_is() -> None:
    """It is not wrapped, and the port is free again."""

    async def main() -> None:
        async with served(Ground()):
            raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        run(main())
