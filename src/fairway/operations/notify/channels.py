"""Shows the channels of a configuration, and sends a test message by one of them at once."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fairway.assembly.channels import channels_of
from fairway.notify.message import Message, MessagePhase
from fairway.notify.port import OpenChannel, SendFailure
from fairway.notify.registry import CONSOLE, KIND
from fairway.notify.sending import sent
from fairway.operations.operation import WHOLE_BOT, Call, Exposure, Operation, Outcome, Preview
from fairway.operations.refusal import wrong_input
from fairway.people.roles import UserAct
from fairway.settings import Settings, load
from fairway.settings.notify import kinds_in_use
from fairway.world.clock import SystemClock, text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChannelsRequest:
    config: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTestRequest:
    """channel: its name in the configuration, or console."""

    config: Path
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedChannel:
    """medium: how a launch plan names it in `by`. to: the recipients of the configuration that it reaches, as `team by chat`."""

    name: str
    kind: str
    medium: str
    per_minute: int
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelsOutcome(Outcome):
    channels: tuple[ListedChannel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTestOutcome(Outcome):
    """is_done: whether the service took the message. receipt: its own id. why, advice: of a failure."""

    channel: str
    kind: str
    receipt: str = ""
    why: str = ""
    advice: str = ""


def list_channels(call: Call[ListChannelsRequest]) -> ChannelsOutcome:
    """Raises SettingsError."""
    settings = load(call.request.config)
    console = KIND.named(CONSOLE)
    reached = _reached(settings)
    listed = [
        ListedChannel(
            name=CONSOLE, kind=CONSOLE, medium=console.word, per_minute=console.settings().per_minute, to=reached.get(CONSOLE, ())
        )
    ]
    for each, kind in kinds_in_use(settings.notify):
        to = reached.get(each.name, ())
        listed.append(ListedChannel(name=each.name, kind=each.kind, medium=kind.word, per_minute=each.own.per_minute, to=to))
    return ChannelsOutcome(channels=tuple(listed))


def _reached(settings: Settings) -> Mapping[str, tuple[str, ...]]:
    """By channel, whom it reaches by which medium."""
    found: dict[str, tuple[str, ...]] = {}
    for to, media in settings.notify.recipients.items():
        for by, names in media.items():
            for name in names:
                found[name] = (*found.get(name, ()), f"{to} by {by}")
    return found


def send_test(call: Call[ChannelTestRequest]) -> ChannelTestOutcome:
    """Sends at once, without the outbox. Raises Refusal for a channel that does not exist, SettingsError."""
    settings, name = load(call.request.config), call.request.channel
    channel = _opened(settings, name)
    now = SystemClock().now()
    message = Message(
        id=f"test of {name} at {text_of(now)}",
        title="a test message of Fairway",
        lines=(f"{call.actor.name} asked for it; nothing happened, and nothing is to be done.",),
        at=now,
        phase=MessagePhase.NOTE,
    )
    try:
        receipt = asyncio.run(_sent_and_closed(channel, message))
    except SendFailure as failure:
        lines = [f"{name} ({channel.kind}) did not take the message: {failure.why}"]
        lines += [f"What you can do: {failure.advice}"] if failure.advice else []
        return ChannelTestOutcome(
            is_done=False, channel=name, kind=channel.kind, why=failure.why, advice=failure.advice, lines=tuple(lines)
        )
    shown = f"; its receipt is {receipt}" if receipt else ""
    line = f"{name} ({channel.kind}) took the message{shown}; look there whether it is readable"
    return ChannelTestOutcome(channel=name, kind=channel.kind, receipt=receipt, lines=(line,))


async def _sent_and_closed(channel: OpenChannel, message: Message) -> str:
    """The receipt. Raises SendFailure."""
    try:
        return await sent(channel.channel, message)
    finally:
        await channel.channel.close()


def _opened(settings: Settings, name: str) -> OpenChannel:
    """Raises Refusal."""
    channels = channels_of(settings.notify)
    if name not in channels:
        told = f"there is no channel {name!r}; there are {', '.join(channels)}"
        raise wrong_input(f"CHANNEL_UNKNOWN: channel={name}", told)
    return channels[name]


def _preview_list(call: Call[Any]) -> Preview:
    return Preview(effect="reads the configuration; nothing is sent")


def _preview_test(call: Call[ChannelTestRequest]) -> Preview:
    """Raises Refusal for a channel that does not exist, SettingsError."""
    channel = _opened(load(call.request.config), call.request.channel)
    return Preview(effect=f"one test message is sent by {channel.name} ({channel.kind}) to all who read there")


LIST_CHANNELS = Operation(
    name="notify channels",
    summary="Show the channels by which messages reach people.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=ListChannelsRequest,
    subject=lambda request: WHOLE_BOT,
    preview=_preview_list,
    perform=list_channels,
)
TEST_CHANNEL = Operation(
    name="notify test",
    summary="Send a test message by a channel at once.",
    act=UserAct.STOP,  # of those who look after the whole bot
    exposure=Exposure.KEEPS,
    request=ChannelTestRequest,
    subject=lambda request: WHOLE_BOT,
    preview=_preview_test,
    perform=send_test,
)
OPERATIONS: Final = (LIST_CHANNELS, TEST_CHANNEL)
