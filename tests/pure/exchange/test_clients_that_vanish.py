"""A client that is gone before its request began is no error; one that is gone later changes nothing."""

import asyncio
import gc
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from fairway.exchange.acceptor import Acceptor

REQUEST = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"


class Line(asyncio.Transport):
    """A connection that goes nowhere."""

    def is_closing(self) -> bool:
        return False

    def close(self) -> None: ...

    def abort(self) -> None: ...

    def write(self, data: bytes | bytearray | memoryview) -> None: ...


def story(play: Callable[[RequestHandler], Any], handle: Callable[[web.BaseRequest], Any]) -> list[BaseException]:
    """The errors that the loop was told of while one connection was made and lost."""
    errors: list[BaseException] = []

    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, told: errors.append(told["exception"]))
        connection = Acceptor(handle)()
        connection.connection_made(Line())
        await play(connection)
        connection.connection_lost(None)
        await settle()
        del connection
        gc.collect()  # a task whose error nobody fetched tells of it when it is let go
        await settle()

    asyncio.run(main())
    return errors


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def answer(request: web.BaseRequest) -> web.Response:
    raise AssertionError("nobody waits for this")


async def dials(connection: RequestHandler) -> None:
    """And nothing more."""


async def waits(connection: RequestHandler) -> None:
    await settle()


async def asks_and_is_gone(connection: RequestHandler) -> None:
    await settle()
    connection.data_received(REQUEST)


@pytest.mark.parametrize("play", [dials, waits, asks_and_is_gone])
def test_a_client_that_is_gone_before_its_request_began_is_no_error(play: Callable[[RequestHandler], Any]) -> None:
    """Whichever moment it chose, and its request is not carried out."""
    assert story(play, answer) == []


def test_a_request_that_has_begun_is_carried_out_although_the_client_is_gone() -> None:
    """As at the exchange: the order stands."""
    done = []

    async def carry_out(request: web.BaseRequest) -> web.Response:
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        done.append(request.path)
        return web.Response()

    async def asks(connection: RequestHandler) -> None:
        await asks_and_is_gone(connection)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not done

    assert story(asks, carry_out) == []
    assert done == ["/"]


def test_an_error_of_the_server_is_told(caplog: pytest.LogCaptureFixture) -> None:
    """It is not taken for a client that vanished."""

    async def asks(connection: RequestHandler) -> None:
        await asks_and_is_gone(connection)
        await settle()

    story(asks, answer)
    assert "nobody waits for this" in caplog.text
