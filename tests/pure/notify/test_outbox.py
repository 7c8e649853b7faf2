"""The outbox: what waits, in which order, how long, and how much at most. Its events alone decide it."""

from collections.abc import Iterable, Sequence
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from fairway.journal.events import Codec
from fairway.journal.port import Record
from fairway.notify.message import SEVERITIES, Message, MessagePhase
from fairway.notify.outbox import (
    AGE_MAX_NS,
    P0_WAITING_MAX,
    REMEMBERED_NS,
    WAITING_MAX,
    MessageDelayed,
    MessageFailed,
    MessageQueued,
    MessageSent,
    Outbox,
    OutboxEvent,
)
from fairway.notify.port import ConfigurationFailure, PermanentFailure, SendFailure, TransientFailure
from fairway.notify.queueing import MERGED_AT_ONCE, queued
from fairway.notify.rate import SendRate
from fairway.notify.retries import BROKEN_RETRY_NS, after_failure
from fairway.world.clock import HOUR, MINUTE, SECOND

T0 = 1_700_000_000 * SECOND


def message(id: str, severity: str = "P2", *, thread: str = "", phase: MessagePhase = MessagePhase.OPENED) -> Message:
    return Message(id=id, title=id, at=T0, severity=severity, thread=thread, phase=phase)


def put(outbox: Outbox, each: Message, *channels: str, at: int = T0) -> list[OutboxEvent]:
    """Queues, and takes over what follows; returns it."""
    events = queued(outbox, each, channels or ("chat",), at, "fairway journal show")
    for event in events:
        outbox.apply(event, at)
    return events


def sent(id: str, channel: str = "chat", receipt: str = "r", tries: int = 1) -> MessageSent:
    return MessageSent(id=id, channel=channel, receipt=receipt, tries=tries)


def names(outbox: Outbox, now: int = T0, channel: str = "chat") -> list[str]:
    return [each.message.id for each in outbox.due(now, channel)]


def failed(outbox: Outbox, id: str, failure: SendFailure, now: int = T0, channel: str = "chat") -> OutboxEvent:
    """A try of a message fails, and the outbox knows."""
    event = after_failure(outbox.queue_of(channel).waiting[id], failure, now, Random(1))
    outbox.apply(event, now)
    return event


def test_a_message_waits_for_each_channel_until_it_is_sent_there() -> None:
    outbox = Outbox()
    put(outbox, message("a"), "chat", "mail", "chat")
    assert [(each.channel, each.message.id) for each in outbox.due(T0)] == [("chat", "a"), ("mail", "a")]
    outbox.apply(sent("a"), T0)
    assert [each.channel for each in outbox.due(T0)] == ["mail"]
    assert outbox.queue_of("chat").sent_at == T0


def test_the_same_message_is_queued_once_while_it_waits_and_for_seven_days_after() -> None:
    outbox = Outbox()
    put(outbox, message("a"))
    assert put(outbox, message("a")) == []
    outbox.apply(sent("a"), T0)
    assert put(outbox, message("a"), at=T0 + REMEMBERED_NS - 1) == []
    outbox.apply(sent("other"), T0 + REMEMBERED_NS)
    assert len(put(outbox, message("a"), at=T0 + REMEMBERED_NS)) == 1


def test_a_copy_that_two_callers_queued_at_once_is_not_sent_twice() -> None:
    outbox = Outbox()
    twice = queued(outbox, message("a"), ["chat"], T0) + queued(outbox, message("a"), ["chat"], T0)
    outbox.apply(twice[0], T0)
    outbox.apply(sent("a"), T0)
    outbox.apply(twice[1], T0)
    assert names(outbox) == []


def test_p0_goes_first_and_then_the_oldest() -> None:
    outbox = Outbox()
    for index, severity in enumerate(("P3", "P1", "P0", "", "P0")):
        put(outbox, message(f"{index}", severity), at=T0 + index)
    assert names(outbox, T0 + 9) == ["2", "4", "0", "1", "3"]


def test_messages_of_a_thread_keep_their_order_so_that_nothing_opens_again() -> None:
    outbox = Outbox()
    put(outbox, message("opened", thread="i"))
    put(outbox, message("updated", thread="i"))
    put(outbox, message("resolved", thread="i", phase=MessagePhase.RESOLVED))
    put(outbox, message("other"))
    assert names(outbox) == ["opened", "other"]
    failed(outbox, "opened", TransientFailure("down"))
    assert names(outbox) == ["other"]
    outbox.apply(sent("opened"), T0)
    assert names(outbox) == ["updated", "other"]


def test_an_escalation_does_not_wait_for_what_is_less_urgent_but_an_end_does() -> None:
    outbox = Outbox()
    put(outbox, message("P2", "P2", thread="i"))
    put(outbox, message("P0", "P0", thread="i"))
    put(outbox, message("over", "P0", thread="i", phase=MessagePhase.RESOLVED))
    assert names(outbox) == ["P0", "P2"]
    outbox.apply(sent("P0"), T0)
    assert names(outbox) == ["P2"]
    outbox.apply(sent("P2"), T0)
    assert names(outbox) == ["over"]


def test_the_first_receipt_of_a_thread_is_kept_for_those_that_follow() -> None:
    outbox = Outbox()
    for id in ("a", "b"):
        put(outbox, message(id, thread="i"))
        outbox.apply(sent(id, receipt=f"receipt {id}"), T0)
    assert outbox.receipts("chat") == {"i": "receipt a"}
    outbox.apply(sent("c"), T0 + REMEMBERED_NS)
    assert outbox.receipts("chat") == {}


def test_waits_double_up_to_a_bound_which_is_short_for_p0() -> None:
    waits = {}
    for severity in ("P0", "P2"):
        outbox, now, waits[severity] = Outbox(), T0, list[float]()
        put(outbox, message("a", severity))
        for _ in range(12):
            event = failed(outbox, "a", TransientFailure("down"), now)
            assert isinstance(event, MessageDelayed)
            waits[severity].append((event.retry_at - now) / SECOND)
            assert names(outbox, event.retry_at - 1) == []
            now = event.retry_at
    assert 1 <= waits["P0"][0] <= 2
    assert 30 <= waits["P0"][-1] <= 60
    assert 2.5 <= waits["P2"][0] <= 5
    assert 450 <= waits["P2"][-1] <= 900


def test_a_wait_that_the_service_asks_for_is_the_whole_channels() -> None:
    outbox = Outbox()
    put(outbox, message("a"))
    put(outbox, message("b", "P0"))
    failed(outbox, "a", TransientFailure("429", 30.0))
    assert names(outbox, T0 + 30 * SECOND - 1) == []
    assert outbox.wake_at(T0, "chat") == T0 + 30 * SECOND
    assert names(outbox, T0 + 30 * SECOND) == ["b", "a"]


def test_a_refused_message_ends_and_the_others_go_on() -> None:
    outbox = Outbox()
    put(outbox, message("a"))
    put(outbox, message("b"))
    assert failed(outbox, "a", PermanentFailure("400")) == MessageFailed(id="a", channel="chat", why="400", tries=1)
    assert names(outbox) == ["b"]
    assert outbox.queue_of("chat").failed == "400"


def test_a_refused_channel_is_broken_and_tried_now_and_then_until_it_is_repaired() -> None:
    outbox = Outbox()
    put(outbox, message("a"))
    put(outbox, message("b", "P0"))
    failed(outbox, "a", ConfigurationFailure("401"))
    assert outbox.queue_of("chat").broken == "401"
    assert names(outbox, T0 + BROKEN_RETRY_NS - 1) == []
    now = T0 + BROKEN_RETRY_NS
    assert names(outbox, now) == ["b", "a"]
    failed(outbox, "b", ConfigurationFailure("401"), now)
    assert names(outbox, now) == []
    now += BROKEN_RETRY_NS
    outbox.apply(sent("b"), now)
    assert outbox.queue_of("chat").broken == ""
    assert names(outbox, now) == ["a"]


def test_news_of_yesterday_is_failed_and_not_sent() -> None:
    outbox = Outbox()
    put(outbox, message("a"))
    assert outbox.expired(T0 + AGE_MAX_NS - 1, "chat") == []
    assert names(outbox, T0 + AGE_MAX_NS) == []
    [event] = outbox.expired(T0 + AGE_MAX_NS, "chat")
    assert event.why == "not sent within 24 h; no try was made"
    assert outbox.wake_at(T0 + HOUR, "chat") == T0 + HOUR
    ended = failed(outbox, "a", TransientFailure("down"), T0 + AGE_MAX_NS - 1)
    assert ended == MessageFailed(id="a", channel="chat", why="not sent within 24 h; down", tries=1)


def test_beyond_a_thousand_the_oldest_of_the_lowest_severity_become_one_message() -> None:
    outbox = Outbox()
    put(outbox, message("first", "P1"))
    for index in range(WAITING_MAX - 1):
        put(outbox, message(f"{index}", "P3" if index % 2 else "P2"))
    events = put(outbox, message("last", "P0"))
    left_out = [each.id for each in events if isinstance(each, MessageFailed)]
    assert left_out == [f"{index}" for index in range(1, 2 * MERGED_AT_ONCE, 2)]
    *_, summary = events
    assert isinstance(summary, MessageQueued)
    assert summary.stands_for == MERGED_AT_ONCE
    assert (summary.message.title, summary.message.severity) == ("100 messages were left out of chat", "P3")
    assert summary.message.command == "fairway journal show"
    assert summary.message.lines[2] == "By severity: P3 100"
    assert len(outbox.queue_of("chat").waiting) == WAITING_MAX + 2 - MERGED_AT_ONCE


def test_a_summary_that_is_left_out_itself_counts_all_that_it_stood_for() -> None:
    outbox = Outbox()
    for index in range(5 * WAITING_MAX):
        put(outbox, message(f"{index}", "P3"))
        assert len(outbox.queue_of("chat").waiting) <= WAITING_MAX
    assert sum(each.stands_for for each in outbox.queue_of("chat").waiting.values()) == 5 * WAITING_MAX


def test_p0_is_never_merged_and_bounded_by_a_failure_that_is_journaled() -> None:
    outbox = Outbox()
    for index in range(P0_WAITING_MAX):
        assert len(put(outbox, message(f"{index}", "P0"))) == 1
    [event] = put(outbox, message("last", "P0"))
    assert event == MessageFailed(id="last", channel="chat", why="10,000 messages of P0 wait for the channel already", tries=0)


@given(some.lists(some.tuples(some.sampled_from(SEVERITIES), some.booleans()), max_size=60))
def test_the_events_alone_give_the_outbox_also_through_the_journals_codec(steps: Sequence[tuple[str, bool]]) -> None:
    codec = Codec(MessageQueued, MessageSent, MessageDelayed, MessageFailed)
    outbox, again = Outbox(), Outbox()
    journal: list[tuple[OutboxEvent, int]] = []
    for index, (severity, works) in enumerate(steps):
        now = T0 + index * MINUTE
        journal += [(event, now) for event in put(outbox, message(f"{index}", severity, thread="i"), "chat", "mail", at=now)]
        for each in outbox.due(now)[:1]:
            failure = TransientFailure("down", 5.0)
            ended: OutboxEvent = (
                sent(each.message.id, each.channel) if works else after_failure(each, failure, now, Random(index))
            )
            outbox.apply(ended, now)
            journal.append((ended, now))
    for event, at in journal:
        kind, version, body = codec.encode(event)
        record = Record(seq=1, kind=kind, version=version, body=body, at=at, account="", author="", digest="")
        decoded = codec.decode(record)
        assert decoded == event
        again.apply(event, at)
    for channel in ("chat", "mail"):
        assert again.queue_of(channel) == outbox.queue_of(channel)


@given(some.lists(some.integers(0, 30 * SECOND), min_size=1, max_size=200), some.integers(1, 20))
def test_no_minute_has_more_sends_than_the_rate_allows(gaps: Iterable[int], most: int) -> None:
    rate, now, at = SendRate(most), 0, list[int]()
    for gap in gaps:
        now += gap
        now += rate.wait_ns(now)
        assert rate.wait_ns(now) == 0
        rate.note(now)
        at.append(now)
    for first, later in zip(at, at[most:], strict=False):
        assert later - first >= MINUTE


def test_a_message_of_the_outbox_can_be_read_as_json() -> None:
    event = MessageQueued(channel="chat", message=message("a"))
    assert msgspec.json.decode(msgspec.json.encode(event), type=MessageQueued) == event


@pytest.mark.parametrize("severity", SEVERITIES)
def test_every_severity_is_sent(severity: str) -> None:
    outbox = Outbox()
    put(outbox, message("a", severity))
    assert names(outbox) == ["a"]
