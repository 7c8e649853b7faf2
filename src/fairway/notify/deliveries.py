"""Says what became of each message of the outbox, by channel, folded from its events.

The outbox forgets what has ended; this view keeps it, up to a bound. It is pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from fairway.notify.message import Message
from fairway.notify.outbox import REMEMBERED_NS, MessageDelayed, MessageFailed, MessageQueued, MessageSent, OutboxEvent

DELIVERIES_MAX: Final = 200_000
"""At most so many are kept; beyond it the oldest are forgotten."""


class DeliveryState(StrEnum):
    WAITING = "waiting"
    """No try was made yet."""
    DELAYED = "delayed"
    """A try failed, and another follows."""
    SENT = "sent"
    FAILED = "failed"
    """No further try follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDelivery:
    """One message on its way by one channel.

    message: None where it failed before it was queued, for then its text is in no event. queued_at: an instant (ns). retry_at:
    before it no further try is made (ns), 0 where none follows. ended_at: when it was sent or failed (ns), 0 while it waits.
    tries: with the one that succeeded. receipt: the service's own id, "" where it has none. why: why the last try failed.
    """

    id: str
    channel: str
    message: Message | None
    queued_at: int
    state: DeliveryState = DeliveryState.WAITING
    tries: int = 0
    retry_at: int = 0
    ended_at: int = 0
    receipt: str = ""
    why: str = ""
    stands_for: int = 1
    """How many messages it is instead of."""

    @property
    def took_ns(self) -> int | None:
        """From queueing until the service took it; None where it did not."""
        return self.ended_at - self.queued_at if self.state is DeliveryState.SENT else None

    @property
    def thread(self) -> str:
        return self.message.thread if self.message is not None else ""

    @property
    def has_ended(self) -> bool:
        return self.state in (DeliveryState.SENT, DeliveryState.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFilter:
    """channel: "" for all. threads: none for all. failed: those that failed, only."""

    channel: str = ""
    threads: tuple[str, ...] = ()
    failed: bool = False

    def admits(self, each: MessageDelivery) -> bool:
        return (
            self.channel in ("", each.channel)
            and (not self.threads or each.thread in self.threads)
            and (not self.failed or each.state is DeliveryState.FAILED)
        )


class Deliveries:
    """most: so many are kept."""

    def __init__(self, most: int = DELIVERIES_MAX) -> None:
        self._most = most
        self._kept: dict[int, MessageDelivery] = {}
        """By number, oldest first."""
        self._newest: dict[tuple[str, str], int] = {}
        """By message id and channel, the number of the newest delivery."""
        self._texts: dict[str, Message] = {}
        """By message id, of those that are kept: what fails before it is queued for one channel may be queued for another."""
        self._count = 0

    def apply(self, event: OutboxEvent, at: int) -> None:
        """Takes over the next event. at: its instant (ns)."""
        match event:
            case MessageQueued():
                self._queue(event, at)
            case MessageSent():
                self._change(
                    event.id, event.channel, at, DeliveryState.SENT, tries=event.tries, ended_at=at, receipt=event.receipt
                )
            case MessageDelayed():
                until = max(event.retry_at, event.channel_until)
                self._change(event.id, event.channel, at, DeliveryState.DELAYED, tries=event.tries, retry_at=until, why=event.why)
            case MessageFailed():
                self._change(event.id, event.channel, at, DeliveryState.FAILED, tries=event.tries, ended_at=at, why=event.why)

    def newest_first(self, wanted: DeliveryFilter) -> Iterator[MessageDelivery]:
        return (each for each in reversed(self._kept.values()) if wanted.admits(each))

    def channels(self) -> tuple[str, ...]:
        """Every channel of those that are kept, by the alphabet."""
        return tuple(sorted({each.channel for each in self._kept.values()}))

    def _queue(self, event: MessageQueued, at: int) -> None:
        known = self._known(event.message.id, event.channel)
        if known is not None and (not known.has_ended or known.ended_at > at - REMEMBERED_NS):
            return  # two callers queued it at once, and the outbox takes it once
        self._add(
            MessageDelivery(
                id=event.message.id, channel=event.channel, message=event.message, queued_at=at, stands_for=event.stands_for
            )
        )

    def _change(
        self,
        id: str,
        channel: str,
        at: int,
        state: DeliveryState,
        *,
        tries: int,
        retry_at: int = 0,
        ended_at: int = 0,
        receipt: str = "",
        why: str = "",
    ) -> None:
        known = self._known(id, channel)
        if known is None or known.has_ended:
            known = self._add(MessageDelivery(id=id, channel=channel, message=self._texts.get(id), queued_at=at))
        self._kept[self._newest[id, channel]] = replace(
            known, state=state, tries=tries, retry_at=retry_at, ended_at=ended_at, receipt=receipt, why=why or known.why
        )

    def _known(self, id: str, channel: str) -> MessageDelivery | None:
        number = self._newest.get((id, channel))
        return self._kept.get(number) if number is not None else None

    def _add(self, delivery: MessageDelivery) -> MessageDelivery:
        self._count += 1
        self._kept[self._count] = delivery
        self._newest[delivery.id, delivery.channel] = self._count
        if delivery.message is not None:
            self._texts[delivery.id] = delivery.message
        while len(self._kept) > self._most:
            self._forget(next(iter(self._kept)))
        return delivery

    def _forget(self, number: int) -> None:
        old = self._kept.pop(number)
        if self._newest.get((old.id, old.channel)) == number:
            del self._newest[old.id, old.channel]
        self._texts.pop(old.id, None)
