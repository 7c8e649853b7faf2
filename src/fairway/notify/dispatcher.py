"""Sends what waits in the outbox: one worker for each channel, so that a slow channel delays no other.

An event is durable before the outbox takes it over. A crash between a send and its event leads to a second delivery with the
same id, and never to a loss.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from fairway.notify.message import Message
from fairway.notify.outbox import MessageFailed, MessageSent, Outbox, OutboxEvent, Waiting
from fairway.notify.port import KeepsThreads, OpenChannel, SendFailure
from fairway.notify.queueing import queued
from fairway.notify.rate import SendRate
from fairway.notify.retries import after_failure
from fairway.notify.sending import TIMEOUT_S, sent
from fairway.world.backoff import Draws
from fairway.world.clock import MINUTE, SECOND, Clock
from fairway.world.tasks import Tasks

LOOK_AGAIN_NS: Final = MINUTE
"""A worker looks at the clock at least so often: the machine's clock may be set meanwhile."""

Write = Callable[[Sequence[OutboxEvent]], Awaitable[None]]
"""Makes events durable, and returns when they are. What it raises ends the dispatcher."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelStatus:
    """What people are shown of a channel. sent_at: when the last message was sent (ns), 0 for never."""

    name: str
    kind: str
    waiting: int
    broken: str
    """Why the service refuses the channel itself; "" where it does not."""
    failed: str
    """Why the last message failed for good; "" where a later one was sent."""
    sent_at: int


class Dispatcher:
    """channels: by name. write: makes events durable. read_by: the command that shows what is left out of a channel."""

    def __init__(
        self,
        channels: Mapping[str, OpenChannel],
        outbox: Outbox,
        write: Write,
        clock: Clock,
        draws: Draws,
        *,
        timeout_s: float = TIMEOUT_S,
        read_by: str = "",
    ) -> None:
        self._channels, self._outbox, self._write = dict(channels), outbox, write
        self._clock, self._draws, self._timeout_s, self._read_by = clock, draws, timeout_s, read_by
        self._news = {name: asyncio.Event() for name in channels}

    async def queue(self, message: Message, channels: Sequence[str]) -> None:
        """Queues a message; when it returns, the message is durable. For a channel that knows the id nothing happens."""
        for channel in dict.fromkeys(channels):  # one by one: each may merge what waits
            await self._record(self.queueing(message, [channel]))

    def queueing(self, message: Message, channels: Sequence[str]) -> list[OutboxEvent]:
        """The events of `queue`, for a caller that commits them together with its own and then calls `take`."""
        known = [channel for channel in channels if channel in self._channels]
        events = queued(self._outbox, message, known, self._clock.now(), self._read_by)
        strangers = [each for each in dict.fromkeys(channels) if each not in self._channels]
        return [*events, *(_unknown(message.id, each) for each in strangers if not self._outbox.knows(message.id, each))]

    def take(self, events: Sequence[OutboxEvent]) -> None:
        """Takes over events that are durable."""
        for event in events:
            self._outbox.apply(event, self._clock.now())
            if event.channel in self._news:
                self._news[event.channel].set()

    def wake(self) -> None:
        """Has every worker look at the outbox, whose owner has queued something there."""
        for news in self._news.values():
            news.set()

    def failing(self) -> tuple[str, ...]:
        """The channels whose service refuses them, or whose last message failed for good."""
        return tuple(each.name for each in self.statuses() if each.broken or each.failed)

    def statuses(self) -> list[ChannelStatus]:
        """Of every channel, by name."""
        return [self._status(name) for name in sorted(self._channels)]

    async def run(self) -> None:
        """Sends until it is cancelled, and closes the channels then. What waits stays in the outbox.

        Raises an ExceptionGroup of what the writer raises.
        """
        await self._fail_strangers()
        try:
            async with Tasks("dispatcher", at_most=len(self._channels)) as tasks:
                for each in self._channels.values():
                    tasks.spawn(f"channel {each.name}", self._work(each))
        finally:
            for each in self._channels.values():
                with suppress(Exception):  # whatever a channel of another package raises, the others are closed
                    await each.channel.close()

    async def _fail_strangers(self) -> None:
        """Messages for channels that the configuration has no more."""
        for name in [name for name in self._outbox.channels() if name not in self._channels]:
            for id, each in list(self._outbox.queue_of(name).waiting.items()):
                await self._record([_unknown(id, name, each.tries)])

    async def _work(self, channel: OpenChannel) -> None:
        if isinstance(channel.channel, KeepsThreads):
            channel.channel.resume_threads(self._outbox.receipts(channel.name))
        rate = SendRate(channel.per_minute)
        while True:
            news = self._news[channel.name]
            news.clear()
            await self._record(self._outbox.expired(self._clock.now(), channel.name))
            due = self._outbox.due(self._clock.now(), channel.name)
            wait_ns = rate.wait_ns(self._clock.monotonic())
            if due and wait_ns == 0:
                rate.note(self._clock.monotonic())
                await self._try(channel, due[0])
            else:
                await self._rest(channel.name, news, wait_ns if due else 0)

    async def _try(self, channel: OpenChannel, waiting: Waiting) -> None:
        try:
            receipt = await sent(channel.channel, waiting.message, self._timeout_s)
        except SendFailure as failure:
            await self._record([after_failure(waiting, failure, self._clock.now(), self._draws)])
        else:
            event = MessageSent(id=waiting.message.id, channel=channel.name, receipt=receipt, tries=waiting.tries + 1)
            await self._record([event])

    async def _rest(self, name: str, news: asyncio.Event, wait_ns: int) -> None:
        """Until the rate allows one more, until something is due, or until something is queued."""
        now = self._clock.now()
        wake_at = self._outbox.wake_at(now, name)
        until_ns = wait_ns or (LOOK_AGAIN_NS if wake_at is None else wake_at - now)
        try:
            async with asyncio.timeout(min(max(until_ns, 1), LOOK_AGAIN_NS) / SECOND):
                await (asyncio.Event() if wait_ns else news).wait()
        except TimeoutError:
            return

    async def _record(self, events: Sequence[OutboxEvent]) -> None:
        if events:
            await self._write(events)
            self.take(events)

    def _status(self, name: str) -> ChannelStatus:
        queue = self._outbox.queue_of(name)
        return ChannelStatus(
            name=name,
            kind=self._channels[name].kind,
            waiting=len(queue.waiting),
            broken=queue.broken,
            failed=queue.failed,
            sent_at=queue.sent_at,
        )


def _unknown(id: str, channel: str, tries: int = 0) -> MessageFailed:
    return MessageFailed(id=id, channel=channel, why=f"the configuration has no channel {channel}", tries=tries)
