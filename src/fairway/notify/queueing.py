"""Decides which events queue a message for channels, and what is merged where too many wait for one."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from fairway.notify.message import Message, MessagePhase, rank
from fairway.notify.outbox import P0_WAITING_MAX, WAITING_MAX, MessageFailed, MessageQueued, Outbox, OutboxEvent, Waiting
from fairway.notify.wording import time_of

MERGED_AT_ONCE: Final = 100
"""So many make room at once, so that not every further message merges again."""


def queued(outbox: Outbox, message: Message, channels: Sequence[str], now: int, read_by: str = "") -> list[OutboxEvent]:
    """The events that queue a message; none for a channel that knows it already. They are to be durable, and then applied.

    now: the instant (ns). read_by: the command that shows what is left out of a channel.
    """
    return [event for channel in dict.fromkeys(channels) for event in _for_channel(outbox, message, channel, now, read_by)]


def _for_channel(outbox: Outbox, message: Message, channel: str, now: int, read_by: str) -> Iterator[OutboxEvent]:
    if outbox.knows(message.id, channel):
        return
    waiting = outbox.queue_of(channel).waiting
    if message.severity == "P0" and len(waiting) >= P0_WAITING_MAX:  # by far most of them are P0: all others are merged
        why = f"{P0_WAITING_MAX:,} messages of P0 wait for the channel already"
        yield MessageFailed(id=message.id, channel=channel, why=why, tries=0)
        return
    yield MessageQueued(channel=channel, message=message)
    if len(waiting) + 1 > WAITING_MAX:
        yield from _merged(outbox, channel, now, read_by)


def _merged(outbox: Outbox, channel: str, now: int, read_by: str) -> Iterator[OutboxEvent]:
    """The oldest of the lowest severity end, and one message says how many they were."""
    waiting = [each for each in outbox.queue_of(channel).waiting.values() if each.message.severity != "P0"]
    waiting.sort(key=lambda each: -rank(each.message.severity))  # stable: the oldest first within a severity
    left_out = waiting[:MERGED_AT_ONCE]
    if len(left_out) < 2:  # merging one makes no room
        return
    for each in left_out:
        why = f"left out: more than {WAITING_MAX:,} messages wait for the channel"
        yield MessageFailed(id=each.message.id, channel=channel, why=why, tries=each.tries)
    yield MessageQueued(
        channel=channel, message=_summary(channel, left_out, now, read_by), stands_for=sum(each.stands_for for each in left_out)
    )


def _summary(channel: str, left_out: Sequence[Waiting], now: int, read_by: str) -> Message:
    count = sum(each.stands_for for each in left_out)
    by_severity = Counter(each.message.severity or "none" for each in left_out)
    first, last = min(left_out, key=_at), max(left_out, key=_at)
    where = "the command below shows them" if read_by else "they stand in the journal"
    return Message(
        id=f"left out of {channel}: {first.message.id} and {count - 1} more",
        title=f"{count:,} messages were left out of {channel}",
        lines=(
            f"More than {WAITING_MAX:,} messages waited, so the oldest of the lowest severity are not sent one by one; {where}.",
            f"From {time_of(first.message)} to {time_of(last.message)}.",
            "By severity: " + ", ".join(f"{severity} {number}" for severity, number in sorted(by_severity.items())),
        ),
        at=now,
        severity=min((each.message.severity for each in left_out), key=rank),
        phase=MessagePhase.NOTE,
        command=read_by,
    )


def _at(each: Waiting) -> int:
    return each.message.at
