"""Elements of a page without a browser: what they are, and what would be sent of them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import Client, core
from nicegui.element import Element
from nicegui.page import page


def on_a_page(act: Callable[[Client], Awaitable[None] | None]) -> None:
    """Calls act with a page that is being built."""

    async def run() -> None:
        core.loop = asyncio.get_running_loop()
        client = Client(page("/test"), request=None)
        with client:
            done = act(client)
            if done is not None:
                await done
        client.delete()

    asyncio.run(run())


async def scripts(client: Client) -> list[str]:
    """The JavaScript that was sent to it, oldest first."""
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return [data["code"] for _, kind, data in client.outbox.messages if kind == "run_javascript"]


def sent_again(client: Client) -> set[int]:
    """The ids of elements that are sent, as they are then; none from now on."""
    found = {key for key, each in client.outbox.updates.items() if isinstance(each, Element)}
    client.outbox.updates.clear()
    return found


def tags(parent: Element, tag: str) -> list[Any]:
    """The elements of this tag within another one."""
    return [each for each in parent.descendants() if each.tag == tag]
