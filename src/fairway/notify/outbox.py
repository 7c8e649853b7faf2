"""Keeps what waits for each channel, folded from events: what is queued is sent at least once, or failed with a reason.

It is pure. An event is durable before it is applied; after a restart the same events give the same outbox.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from msgspec import Struct

from fairway.notify.message import Message, MessagePhase, rank
from fairway.world.clock import DAY

AGE_MAX_NS: Final = DAY
"""A message that waits longer is failed: its news is old."""
WAITING_MAX: Final = 1_000
"""Messages that wait for one channel; beyond it the oldest of the lowest severity are merged into one."""
P0_WAITING_MAX: Final = 10_000
"""P0 is never merged; beyond so many for one channel a further one is failed at once."""
REMEMBERED_NS: Final = 7 * DAY
"""So long the ids of what ended are remembered, and the same is not queued again."""
REMEMBERED_MAX: Final = 100_000
"""At most so many; beyond it the oldest are forgotten."""


class MessageQueued(Struct, frozen=True, kw_only=True, tag=True):
    """A message waits for a channel. stands_for: how many messages it is instead of."""

    channel: str
    message: Message
    stands_for: int = 1


class MessageSent(Struct, frozen=True, kw_only=True, tag=True):
    """receipt: the service's own id, "" where it has none. tries: with the one that succeeded."""

    id: str
    channel: str
    receipt: str
    tries: int


class MessageDelayed(Struct, frozen=True, kw_only=True, tag=True):
    """A try failed, and another follows at retry_at (ns).

    channel_until: before it no message of the channel is tried (ns), 0 for no such bound. is_broken: whether the service refuses
    the channel itself.
    """

    id: str
    channel: str
    why: str
    tries: int
    retry_at: int
    channel_until: int = 0
    is_broken: bool = False


class MessageFailed(Struct, frozen=True, kw_only=True, tag=True):
    """No further try follows."""

    id: str
    channel: str
    why: str
    tries: int


OutboxEvent: TypeAlias = MessageQueued | MessageSent | MessageDelayed | MessageFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A message that waits for a channel. queued_at, retry_at: instants (ns)."""

    channel: str
    message: Message
    queued_at: int
    retry_at: int
    tries: int = 0
    why: str = ""
    """Why the last try failed."""
    stands_for: int = 1

    @property
    def expires_at(self) -> int:
        return self.queued_at + AGE_MAX_NS


@dataclass(slots=True)
class ChannelQueue:
    """What is known of one channel."""

    waiting: dict[str, Waiting] = field(default_factory=dict)
    """By message id, oldest first."""
    until: int = 0
    """Before it nothing is tried (ns)."""
    broken: str = ""
    """Why the service refuses the channel itself; "" where it does not."""
    sent_at: int = 0
    failed: str = ""
    """Why the last message that failed for good did so; "" where a later one was sent."""
    threads: dict[str, tuple[str, int]] = field(default_factory=dict)
    """By thread, the receipt of its first message and when it was sent (ns)."""


class Outbox:
    def __init__(self) -> None:
        self._queues: dict[str, ChannelQueue] = {}
        self._ended: dict[tuple[str, str], int] = {}

    def apply(self, event: OutboxEvent, at: int) -> None:
        """Takes over an event that is durable. at: its instant (ns)."""
        queue = self._queues.setdefault(event.channel, ChannelQueue())
        match event:
            case MessageQueued() if self.knows(event.message.id, event.channel):
                pass  # two callers queued it at once
            case MessageQueued():
                queue.waiting[event.message.id] = Waiting(
                    channel=event.channel, message=event.message, queued_at=at, retry_at=at, stands_for=event.stands_for
                )
            case MessageDelayed():
                _delay(queue, event)
            case MessageSent():
                self._end(event.id, event.channel, at)
                ended = queue.waiting.pop(event.id, None)
                queue.until, queue.broken, queue.sent_at, queue.failed = 0, "", at, ""
                if ended is not None and ended.message.thread and event.receipt:
                    queue.threads.setdefault(ended.message.thread, (event.receipt, at))
            case MessageFailed():
                self._end(event.id, event.channel, at)
                queue.waiting.pop(event.id, None)
                queue.failed = event.why
        self._forget(at)

    def knows(self, id: str, channel: str) -> bool:
        """Whether this message waits for the channel, or has ended in the last 7 d."""
        return (id, channel) in self._ended or id in self.queue_of(channel).waiting

    def queue_of(self, channel: str) -> ChannelQueue:
        """What is known of a channel; it is read, and not changed."""
        return self._queues.get(channel, ChannelQueue())

    def channels(self) -> Sequence[str]:
        """Every channel that an event has named."""
        return tuple(self._queues)

    def receipts(self, channel: str) -> Mapping[str, str]:
        """By thread, the receipt of its first message."""
        return {thread: receipt for thread, (receipt, _) in self.queue_of(channel).threads.items()}

    def due(self, now: int, channel: str = "") -> list[Waiting]:
        """What may be tried now, of one channel or of all: P0 first, then the oldest."""
        names = [channel] if channel else list(self._queues)
        found = [each for name in names for each in _due(self.queue_of(name), now)]
        return sorted(found, key=lambda each: (each.message.severity != "P0", each.queued_at))

    def waits_since(self, severity: str) -> int | None:
        """When the oldest message of a severity that still waits for a channel was queued (ns); None where none waits."""
        waiting = (each for queue in self._queues.values() for each in queue.waiting.values())
        return min((each.queued_at for each in waiting if each.message.severity == severity), default=None)

    def wake_at(self, now: int, channel: str) -> int | None:
        """When the next try or the next end by age of a channel is due (ns); None where nothing waits."""
        queue = self.queue_of(channel)
        times = [min(max(each.retry_at, queue.until), each.expires_at) for each in _unblocked(queue)]
        times += [each.expires_at for each in queue.waiting.values()]
        return max(min(times), now) if times else None

    def expired(self, now: int, channel: str) -> list[MessageFailed]:
        """What has waited too long, as the events that end it."""
        return [
            MessageFailed(id=id, channel=channel, why=f"not sent within 24 h; {each.why or 'no try was made'}", tries=each.tries)
            for id, each in self.queue_of(channel).waiting.items()
            if each.expires_at <= now
        ]

    def _end(self, id: str, channel: str, at: int) -> None:
        self._ended.pop((id, channel), None)
        self._ended[id, channel] = at

    def _forget(self, now: int) -> None:
        """What ended long ago. They stand in the order of their ends."""
        while self._ended:
            oldest = next(iter(self._ended))
            if self._ended[oldest] > now - REMEMBERED_NS and len(self._ended) <= REMEMBERED_MAX:
                break
            del self._ended[oldest]
        for queue in self._queues.values():
            while queue.threads:
                thread, (_, at) = next(iter(queue.threads.items()))
                if at > now - REMEMBERED_NS:
                    break
                del queue.threads[thread]


def _delay(queue: ChannelQueue, event: MessageDelayed) -> None:
    known = queue.waiting.get(event.id)
    if known is not None:
        queue.waiting[event.id] = replace(known, tries=event.tries, why=event.why, retry_at=event.retry_at)
    queue.until = max(queue.until, event.channel_until)
    queue.broken = event.why if event.is_broken else queue.broken


def _due(queue: ChannelQueue, now: int) -> Iterator[Waiting]:
    if now >= queue.until:
        yield from (each for each in _unblocked(queue) if each.retry_at <= now < each.expires_at)


def _unblocked(queue: ChannelQueue) -> Iterator[Waiting]:
    """Messages of one thread keep their order, so that nothing is opened again after it was resolved.

    One that is more urgent than all before it goes ahead, unless it says that the matter is over.
    """
    most_urgent: dict[str, int] = {}
    for each in queue.waiting.values():
        thread, own = each.message.thread, rank(each.message.severity)
        before = most_urgent.get(thread) if thread else None
        if before is None or (own < before and each.message.phase is not MessagePhase.RESOLVED):
            yield each
        if thread:
            most_urgent[thread] = own if before is None else min(own, before)
