"""Pages people without the alerting process: one message, sent at once by every channel that P0 goes to.

It is for the moment at which the supervisor gives a process up, which may be the alerting process itself. Nothing is tried again
and nothing is journaled; what could not be sent is in the answer.
"""

import asyncio
from typing import Final

from fairway.assembly.alerting_policy import routes_of
from fairway.assembly.channels import channels_of
from fairway.notify.message import Message, MessagePhase
from fairway.notify.port import OpenChannel, SendFailure
from fairway.notify.registry import CONSOLE
from fairway.notify.sending import sent
from fairway.plugins import BrokenPlugin, UnknownPlugin
from fairway.risk.causes import AlertSeverity
from fairway.settings import Settings
from fairway.settings.alerts import AlertSettings

WITHIN_S: Final = 15.0


async def page_directly(settings: Settings, title: str, lines: tuple[str, ...], at: int) -> str:
    """What was sent, as a sentence. at: ns. Raises nothing: the caller has more to do."""
    message = Message(
        id=f"direct page at {at}", title=title, lines=lines, at=at, severity=AlertSeverity.P0.value, phase=MessagePhase.OPENED
    )
    try:
        channels = _channels(settings)
    except (UnknownPlugin, BrokenPlugin) as error:
        return f"no person could be paged: {error}"
    if not channels:
        return "no person was paged: the configuration names no channel for P0 (notify.channels)"
    told = await asyncio.gather(*(_sent(each, message) for each in channels))
    return "; ".join(told)


def _channels(settings: Settings) -> list[OpenChannel]:
    """Those of P0, without this terminal, which shows it anyway."""
    names = routes_of(settings, settings.alerts or AlertSettings())[AlertSeverity.P0]
    known = channels_of(settings.notify)
    return [known[name] for name in names if name != CONSOLE]


async def _sent(channel: OpenChannel, message: Message) -> str:
    try:
        await sent(channel.channel, message, WITHIN_S)
    except SendFailure as failure:
        return f"{channel.name} could not page: {failure.why}"
    finally:
        await channel.channel.close()
    return f"{channel.name} was paged"
