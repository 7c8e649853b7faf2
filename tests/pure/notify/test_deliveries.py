"""What became of each message, as `fairway notify log` shows it: folded from the outbox's own events."""

from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests.pure.notify.test_outbox import T0, message, put

from fairway.cli import run
from fairway.cli.init import TEMPLATE
from fairway.incidents.alerting_journal import ALERTING_CODEC, ALERTING_STREAM, alerting_beside
from fairway.journal.sql import open_journal
from fairway.notify.deliveries import Deliveries, DeliveryFilter, DeliveryState, MessageDelivery
from fairway.notify.outbox import REMEMBERED_NS, MessageDelayed, MessageFailed, MessageQueued, MessageSent, Outbox, OutboxEvent
from fairway.operations.actor import owner_of_machine
from fairway.operations.notify.log import MESSAGE_LOG, MessageLogOutcome, MessageLogRequest
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.operations.refusal import Refusal
from fairway.settings import load
from fairway.world.clock import MINUTE, SECOND

ALL = DeliveryFilter()


def folded(*events: tuple[int, OutboxEvent], most: int = 1_000) -> Deliveries:
    found = Deliveries(most)
    for at, event in events:
        found.apply(event, T0 + at * SECOND)
    return found


def only(found: Deliveries) -> MessageDelivery:
    (each,) = found.newest_first(ALL)
    return each


def queue(id: str, channel: str = "chat", thread: str = "") -> MessageQueued:
    return MessageQueued(channel=channel, message=message(id, "P0", thread=thread))


def test_a_message_that_was_sent_after_a_failed_try_has_tries_receipt_and_time() -> None:
    delayed = MessageDelayed(id="a", channel="chat", why="503", tries=1, retry_at=T0 + 5 * SECOND)
    sent = MessageSent(id="a", channel="chat", receipt="17", tries=2)
    before = only(folded((0, queue("a")), (1, delayed)))
    assert (before.state, before.retry_at, before.why, before.took_ns) == (DeliveryState.DELAYED, T0 + 5 * SECOND, "503", None)
    after = only(folded((0, queue("a")), (1, delayed), (6, sent)))
    assert (after.state, after.tries, after.receipt, after.took_ns) == (DeliveryState.SENT, 2, "17", 6 * SECOND)
    assert (after.retry_at, after.why) == (0, "503")


def test_a_channel_that_waits_longer_than_the_message_sets_the_time_of_the_next_try() -> None:
    delayed = MessageDelayed(id="a", channel="chat", why="429", tries=1, retry_at=T0, channel_until=T0 + MINUTE)
    assert only(folded((0, queue("a")), (1, delayed))).retry_at == T0 + MINUTE


def test_what_failed_before_it_was_queued_is_shown_with_its_id() -> None:
    failed = only(folded((0, MessageFailed(id="a", channel="gone", why="the configuration has no channel gone", tries=0))))
    assert (failed.id, failed.message, failed.state, failed.took_ns) == ("a", None, DeliveryState.FAILED, None)


def test_what_failed_for_one_channel_has_the_text_that_another_channel_has() -> None:
    found = folded((0, queue("a")), (0, MessageFailed(id="a", channel="gone", why="no channel gone", tries=0)))
    assert [(each.channel, each.message is not None) for each in found.newest_first(ALL)] == [("gone", True), ("chat", True)]


def test_a_message_that_two_callers_queued_is_shown_once_and_one_of_another_week_twice() -> None:
    week = REMEMBERED_NS // SECOND
    sent = MessageSent(id="a", channel="chat", receipt="", tries=1)
    assert len(list(folded((0, queue("a")), (1, queue("a")), (2, sent), (3, queue("a"))).newest_first(ALL))) == 1
    states = [each.state for each in folded((0, queue("a")), (2, sent), (week + 3, queue("a"))).newest_first(ALL)]
    assert states == [DeliveryState.WAITING, DeliveryState.SENT]


def test_filters_name_channel_thread_and_failures() -> None:
    found = folded(
        (0, queue("a", "chat", "INC-1")),
        (0, queue("a", "mail", "INC-1")),
        (1, queue("b", "chat", "users INC-1")),
        (2, queue("c", "chat")),
        (3, MessageFailed(id="b", channel="chat", why="404", tries=1)),
    )

    def ids(wanted: DeliveryFilter) -> list[tuple[str, str]]:
        return [(each.id, each.channel) for each in found.newest_first(wanted)]

    assert ids(ALL) == [("c", "chat"), ("b", "chat"), ("a", "mail"), ("a", "chat")]
    assert ids(DeliveryFilter(channel="mail")) == [("a", "mail")]
    assert ids(DeliveryFilter(threads=("INC-1", "users INC-1"))) == [("b", "chat"), ("a", "mail"), ("a", "chat")]
    assert ids(DeliveryFilter(failed=True)) == [("b", "chat")]


def test_beyond_the_bound_the_oldest_are_forgotten() -> None:
    found = folded(*((at, queue(str(at))) for at in range(5)), most=3)
    assert [each.id for each in found.newest_first(ALL)] == ["4", "3", "2"]


@given(
    some.lists(some.tuples(some.sampled_from("abc"), some.sampled_from(("chat", "mail")), some.sampled_from("qsdf")), max_size=30)
)
def test_what_waits_here_is_what_waits_in_the_outbox(steps: list[tuple[str, str, str]]) -> None:
    outbox, found = Outbox(), Deliveries()
    for number, (id, channel, what) in enumerate(steps):
        at = T0 + number * SECOND
        if what == "q":
            events: list[OutboxEvent] = put(outbox, message(id), channel, at=at)
        elif id in outbox.queue_of(channel).waiting:
            ends: dict[str, OutboxEvent] = {
                "s": MessageSent(id=id, channel=channel, receipt="", tries=1),
                "d": MessageDelayed(id=id, channel=channel, why="503", tries=1, retry_at=at + 1),
                "f": MessageFailed(id=id, channel=channel, why="404", tries=1),
            }
            events = [ends[what]]
            outbox.apply(events[0], at)
        else:
            continue
        for event in events:
            found.apply(event, at)
    waiting = {(each.id, each.channel) for each in found.newest_first(ALL) if not each.has_ended}
    assert waiting == {(id, name) for name in outbox.channels() for id in outbox.queue_of(name).waiting}


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BINANCE_API_KEY", "x")
    monkeypatch.setenv("BINANCE_API_SECRET", "x")
    path = tmp_path / "fairway.yaml"
    path.write_text(TEMPLATE)
    return path


def journaled(config: Path, *events: tuple[int, OutboxEvent]) -> None:
    settings = load(config)
    where, mode, trader = alerting_beside(settings.journal), settings.mode, settings.account
    with closing(open_journal(where, ALERTING_CODEC, mode=mode, trader=trader, stream=ALERTING_STREAM)) as journal:
        for at, event in events:
            journal.append([event], account="", author="alerting", at=T0 + at * SECOND)
        journal.sync()


def log(config: Path, *, channel: str = "", incident: str = "", failed: bool = False, limit: int = 50) -> MessageLogOutcome:
    request = MessageLogRequest(config=config, channel=channel, incident=incident, failed=failed, limit=limit)
    return perform(MESSAGE_LOG, Call(actor=owner_of_machine("ann"), request=request))


def test_the_command_reads_the_alerting_journal(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journaled(
        config,
        (0, queue("INC-1-1", "chat", "INC-1")),
        (0, queue("INC-1-1", "mail", "INC-1")),
        (2, MessageSent(id="INC-1-1", channel="chat", receipt="17", tries=1)),
        (3, MessageFailed(id="INC-1-1", channel="mail", why="550 no such user", tries=1)),
        (4, queue("users-1", "chat", "users INC-1")),
    )
    assert run(["notify", "log"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2023-11-14T22:13:24  chat  P0  waiting  users-1",
        "2023-11-14T22:13:20  mail  P0  failed, 1 try: 550 no such user  INC-1-1",
        "2023-11-14T22:13:20  chat  P0  sent after 2.0 s, 1 try, receipt 17  INC-1-1",
    ]
    assert [each.channel for each in log(config, incident="INC-1", limit=2).deliveries] == ["chat", "mail"]
    assert log(config, incident="INC-1", limit=2).older == 1
    assert [each.why for each in log(config, failed=True).deliveries] == ["550 no such user"]
    assert log(config, channel="console").lines == ("no such message was queued",)


def refused(config: Path, *, channel: str = "", limit: int = 50) -> Refusal:
    with pytest.raises(Refusal) as found:
        log(config, channel=channel, limit=limit)
    return found.value


def test_bad_input_is_refused_with_a_right_example(config: Path) -> None:
    assert refused(config).code == "ALERTING_NEVER_RAN: journal"
    journaled(config, (0, queue("a")))
    assert refused(config, channel="char").sentence() == (
        "channel 'char' names no channel; there are chat, console; a right one is channel chat"
    )
    assert refused(config, limit=0).sentence() == "limit 0 is not between 1 and 10,000; a right one is limit 50"
