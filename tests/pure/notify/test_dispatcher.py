"""The dispatcher, in simulated time: each message is sent at least once whatever crashes, and no channel delays another."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest

from fairway.notify.dispatcher import Dispatcher
from fairway.notify.message import Message
from fairway.notify.outbox import MessageDelayed, MessageFailed, MessageQueued, MessageSent, Outbox, OutboxEvent
from fairway.notify.port import ConfigurationFailure, OpenChannel, PermanentFailure, SendFailure, TransientFailure
from fairway.notify.retries import BROKEN_RETRY_NS
from fairway.world.clock import SECOND, SimClock
from fairway.world.loop import EPOCH_NS, run, running


def message(id: str, severity: str = "P2", thread: str = "") -> Message:
    return Message(id=id, title=id, at=EPOCH_NS, severity=severity, thread=thread)


@dataclass
class Receiver:
    """A channel. takes_s: how long a send takes; failures: what the next sends raise, first to last."""

    takes_s: float = 0.0
    failures: list[SendFailure | None] = field(default_factory=list)
    got: list[tuple[str, float]] = field(default_factory=list)
    """Ids and when they came (s)."""
    threads: dict[str, str] = field(default_factory=dict)
    is_closed: bool = False

    async def send(self, message: Message) -> str:
        await asyncio.sleep(self.takes_s)
        if self.failures and (failure := self.failures.pop(0)):
            raise failure
        self.got.append((message.id, running().time()))
        return f"receipt {message.id}"

    def resume_threads(self, receipts: Mapping[str, str]) -> None:
        self.threads.update(receipts)

    async def close(self) -> None:
        self.is_closed = True

    @property
    def ids(self) -> list[str]:
        return [id for id, _ in self.got]


class Crash(Exception):
    """The process ends."""


@dataclass
class Store:
    """A journal. crash_at: which commit crashes, from 0; is_kept: whether what was written then is there after the crash."""

    events: list[tuple[OutboxEvent, int]] = field(default_factory=list)
    crash_at: int = -1
    is_kept: bool = False
    commits: int = 0

    async def write(self, events: Sequence[OutboxEvent]) -> None:
        await asyncio.sleep(0.001)
        crashes = 0 <= self.crash_at <= self.commits  # after the crash, nothing of the process works any more
        is_first = self.commits == self.crash_at
        self.commits += 1
        if not crashes or (is_first and self.is_kept):
            self.events += [(event, running().wall_ns) for event in events]
        if crashes:
            raise Crash

    def outbox(self) -> Outbox:
        outbox = Outbox()
        for event, at in self.events:
            outbox.apply(event, at)
        return outbox

    def of(self, kind: type[OutboxEvent]) -> list[Any]:
        return [event for event, _ in self.events if isinstance(event, kind)]


def dispatcher(store: Store, receivers: Mapping[str, Receiver], per_minute: int = 6_000) -> Dispatcher:
    channels = {
        name: OpenChannel(name=name, kind="test", channel=receiver, per_minute=per_minute) for name, receiver in receivers.items()
    }
    return Dispatcher(channels, store.outbox(), store.write, SimClock(running()), Random(1))


async def during(its: Dispatcher, work: Callable[[], Coroutine[Any, Any, Any]]) -> None:
    """Runs it while work runs. Raises what it raises."""
    task = asyncio.create_task(its.run())
    try:
        await work()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def sends(
    store: Store, receivers: Mapping[str, Receiver], messages: Sequence[Message], seconds: float, **keys: Any
) -> Dispatcher:
    """Queues all for all channels, and runs so long; returns the dispatcher as it was at the end."""
    made: list[Dispatcher] = []

    async def main() -> None:
        its = dispatcher(store, receivers, **keys)
        made.append(its)

        async def work() -> None:
            for each in messages:
                await its.queue(each, list(receivers))
            await asyncio.sleep(seconds)

        await during(its, work)

    run(main)
    return made[0]


def test_a_message_is_durable_before_it_is_sent_and_its_receipt_afterwards() -> None:
    store, receiver = Store(), Receiver()
    its = sends(store, {"chat": receiver}, [message("a")], 1)
    assert [type(event) for event, _ in store.events] == [MessageQueued, MessageSent]
    assert store.of(MessageSent) == [MessageSent(id="a", channel="chat", receipt="receipt a", tries=1)]
    assert (its.statuses()[0].waiting, receiver.is_closed) == (0, True)


@pytest.mark.parametrize("is_kept", [False, True])
def test_whichever_commit_crashes_every_message_is_sent_and_none_is_lost(is_kept: bool) -> None:
    """The caller queues again what it does not know to be durable, under the same id. A repeated one has the same id."""
    messages = [message("a"), message("b", "P0"), message("c")]
    for crash_at in range(20):
        store = Store(crash_at=crash_at, is_kept=is_kept)
        receivers = {"chat": Receiver(failures=[TransientFailure("down")]), "mail": Receiver(takes_s=1)}
        with suppress(BaseExceptionGroup, Crash):
            sends(store, receivers, messages, 30)
        crashed = store.commits > crash_at
        store.crash_at = -1
        sends(store, receivers, messages, 30)
        for receiver in receivers.values():
            assert set(receiver.ids) == {"a", "b", "c"}
            assert len(receiver.ids) <= 3 + crashed
        assert [store.outbox().queue_of(name).waiting for name in receivers] == [{}, {}]
    assert not crashed, "the last run was to have no crash"


def test_an_error_of_the_writer_ends_the_dispatcher_and_closes_its_channels() -> None:
    store, receiver = Store(crash_at=1), Receiver()

    async def main() -> None:
        its = dispatcher(store, {"chat": receiver})
        await its.queue(message("a"), ["chat"])
        with pytest.raises(ExceptionGroup) as caught:
            await its.run()
        assert isinstance(caught.value.exceptions[0], Crash)

    run(main)
    assert receiver.is_closed


def test_a_slow_channel_delays_no_other() -> None:
    slow, fast = Receiver(takes_s=9), Receiver()
    sends(Store(), {"slow": slow, "fast": fast}, [message(f"{index}") for index in range(3)], 30)
    assert all(at < 0.1 for _, at in fast.got)
    assert [round(at) for _, at in slow.got] == [9, 18, 27]


def test_a_send_that_takes_longer_than_ten_seconds_is_tried_again() -> None:
    store, receiver = Store(), Receiver(takes_s=11)
    sends(store, {"chat": receiver}, [message("a")], 12)
    [event] = store.of(MessageDelayed)
    assert (event.why, receiver.got) == ("no answer within 10 s", [])


def test_the_rate_of_a_channel_is_kept_and_p0_is_next() -> None:
    receiver = Receiver()
    sends(
        Store(), {"chat": receiver}, [message(f"{index}", "P0" if index == 4 else "P2") for index in range(5)], 121, per_minute=2
    )
    assert receiver.ids == ["0", "1", "4", "2", "3"]
    assert [int(at) for _, at in receiver.got] == [0, 0, 60, 60, 120]


def test_retry_after_is_obeyed_for_the_whole_channel() -> None:
    receiver = Receiver(failures=[TransientFailure("429", 30)])
    sends(Store(), {"chat": receiver}, [message("a"), message("b")], 40)
    assert sorted(receiver.ids) == ["a", "b"]
    assert all(at >= 30 for _, at in receiver.got)


def test_a_refused_message_is_not_sent_again() -> None:
    store, receiver = Store(), Receiver(failures=[PermanentFailure("400: too long")])
    its = sends(store, {"chat": receiver}, [message("a"), message("b")], 3_600)
    assert receiver.ids == ["b"]
    assert store.of(MessageFailed) == [MessageFailed(id="a", channel="chat", why="400: too long", tries=1)]
    assert its.statuses()[0].failed == ""


def test_a_broken_channel_is_shown_and_works_again_when_it_is_repaired() -> None:
    store, receiver = Store(), Receiver(failures=[ConfigurationFailure("401: token")] * 2)
    shown: list[str] = []

    async def main() -> None:
        its = dispatcher(store, {"chat": receiver})

        async def work() -> None:
            for id in ("a", "b"):
                await its.queue(message(id), ["chat"])
            for _ in range(3):
                await asyncio.sleep(BROKEN_RETRY_NS / SECOND)
                shown.append(its.statuses()[0].broken)

        await during(its, work)

    run(main)
    assert shown == ["401: token", "401: token", ""]
    assert receiver.ids == ["a", "b"]
    assert len(store.of(MessageDelayed)) == 2


def test_what_waits_for_a_channel_that_was_removed_is_failed_and_said() -> None:
    store = Store()
    with suppress(BaseExceptionGroup):
        sends(store, {"old": Receiver(failures=[TransientFailure("down")] * 99)}, [message("a")], 1)
    sends(store, {"chat": Receiver()}, [], 1)
    [event] = store.of(MessageFailed)
    assert (event.channel, event.why) == ("old", "the configuration has no channel old")


def test_a_message_for_a_channel_that_does_not_exist_is_failed_at_once() -> None:
    store, receiver = Store(), Receiver()

    async def main() -> None:
        its = dispatcher(store, {"chat": receiver})
        for _ in range(2):
            await its.queue(message("a"), ["fax", "chat"])

    run(main)
    assert store.of(MessageFailed) == [MessageFailed(id="a", channel="fax", why="the configuration has no channel fax", tries=0)]
    assert len(store.of(MessageQueued)) == 1


def test_a_channel_learns_the_threads_that_an_earlier_process_began() -> None:
    store = Store()
    sends(store, {"chat": Receiver()}, [message("a", thread="incident-7")], 1)
    later = Receiver()
    sends(store, {"chat": later}, [message("b", thread="incident-7")], 1)
    assert later.threads == {"incident-7": "receipt a"}


def test_events_that_the_caller_commits_itself_are_sent_like_others() -> None:
    """As one commit with the decision that they follow from."""
    store, receiver = Store(), Receiver()

    async def main() -> None:
        its = dispatcher(store, {"chat": receiver})

        async def work() -> None:
            await asyncio.sleep(1)
            events = its.queueing(message("a"), ["chat"])
            await store.write(events)
            its.take(events)
            await asyncio.sleep(1)

        await during(its, work)

    run(main)
    assert receiver.ids == ["a"]


def test_a_message_is_failed_after_a_day_also_where_the_channel_asked_to_wait() -> None:
    store, receiver = Store(), Receiver(failures=[TransientFailure("down")] * 9_999)
    sends(store, {"chat": receiver}, [message("a", "P0")], 86_400 + 60)
    [event] = store.of(MessageFailed)
    assert event.why == "not sent within 24 h; down"
    assert 1_400 < event.tries < 3_000
