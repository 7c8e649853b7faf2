"""Shows what became of the messages of the outbox: by which channel, when, after how many tries, and why not."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.incidents.instruct import incident_subject
from fairway.operations.incidents.reading import alerting_events
from fairway.operations.operation import Call, Exposure, Operation, Outcome, Preview
from fairway.operations.refusal import wrong_input
from fairway.people.roles import UserAct
from fairway.settings import Settings, load
from fairway.world.clock import SECOND, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fairway.notify.deliveries import Deliveries, MessageDelivery

SHOWN: Final = 50
"""So many are shown where no other number is asked for."""
SHOWN_MAX: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLogRequest:
    """channel: its name, "" for all. incident: its id, or another thread of messages, "" for all. limit: the newest so many."""

    config: Path
    channel: str = ""
    incident: str = ""
    failed: bool = False
    limit: int = SHOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLogOutcome(Outcome):
    """deliveries: the newest first. older: how many more match."""

    deliveries: "tuple[MessageDelivery, ...]"
    older: int


def perform_log(call: Call[MessageLogRequest]) -> MessageLogOutcome:
    """Raises Refusal, SettingsError, JournalErrors."""
    from fairway.incidents.announcing import threads_of
    from fairway.notify.deliveries import DeliveryFilter

    asked = call.request
    if not 1 <= asked.limit <= SHOWN_MAX:
        raise wrong_input(
            f"LIMIT_OUT_OF_RANGE: limit={asked.limit}",
            f"{asked.limit} is not between 1 and {SHOWN_MAX:,}",
            field="limit",
            example=str(SHOWN),
        )
    settings = load(asked.config)
    all_of_them = deliveries_of(settings)
    _check_channel(asked.channel, settings, all_of_them)
    threads = threads_of(asked.incident) if asked.incident else ()
    wanted = DeliveryFilter(channel=asked.channel, threads=threads, failed=asked.failed)
    matching = tuple(all_of_them.newest_first(wanted))
    shown, older = matching[: asked.limit], max(0, len(matching) - asked.limit)
    return MessageLogOutcome(deliveries=shown, older=older, lines=tuple(_lines(shown, older)))


def deliveries_of(settings: Settings) -> "Deliveries":
    """Of the alerting journal. Raises JournalErrors."""
    from fairway.notify.deliveries import Deliveries
    from fairway.notify.outbox import MessageDelayed, MessageFailed, MessageQueued, MessageSent

    found = Deliveries()
    for at, event in alerting_events(settings, (MessageQueued, MessageSent, MessageDelayed, MessageFailed)):
        found.apply(event, at)
    return found


def _check_channel(channel: str, settings: Settings, found: "Deliveries") -> None:
    """A channel that the configuration had before is known as long as its messages are. Raises Refusal."""
    from fairway.notify.registry import CONSOLE

    known = sorted({CONSOLE, *(each.name for each in settings.notify.channels), *found.channels()})
    if channel and channel not in known:
        raise wrong_input(
            f"CHANNEL_UNKNOWN: channel={channel}",
            f"{channel!r} names no channel; there are {', '.join(known)}",
            field="channel",
            example=known[0],
        )


def _lines(shown: "tuple[MessageDelivery, ...]", older: int) -> "Iterator[str]":
    for each in shown:
        yield _line(each)
    if not shown:
        yield "no such message was queued"
    if older:
        yield f"{older:,} older ones match, too; --limit shows more"


def _line(each: "MessageDelivery") -> str:
    severity = (each.message.severity if each.message is not None else "") or "—"
    title = " ".join(each.message.title.split()) if each.message is not None else each.id
    stands = f" (instead of {each.stands_for:,})" if each.stands_for > 1 else ""
    return f"{text_of(each.queued_at)[:19]}  {each.channel}  {severity}  {state_words(each)}  {title}{stands}"


def state_words(each: "MessageDelivery") -> str:
    """What became of it, such as `sent after 0.4 s, 1 try, receipt 17`."""
    from fairway.notify.deliveries import DeliveryState

    tries = f"{each.tries} {'try' if each.tries == 1 else 'tries'}"
    match each.state:
        case DeliveryState.SENT:
            receipt = f", receipt {each.receipt}" if each.receipt else ""
            return f"sent after {(each.took_ns or 0) / SECOND:,.1f} s, {tries}{receipt}"
        case DeliveryState.DELAYED:
            return f"delayed until {text_of(each.retry_at)[:19]}, {tries}: {each.why}"
        case DeliveryState.FAILED:
            return f"failed, {tries}: {each.why}"
        case DeliveryState.WAITING:
            return "waiting"


def _preview(call: object) -> Preview:
    return Preview(effect="reads the alerting journal; nothing is changed or sent")


MESSAGE_LOG: Final = Operation(
    name="notify log",
    summary="Show what became of the messages to people, the newest first.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=MessageLogRequest,
    subject=incident_subject,
    preview=_preview,
    perform=perform_log,
)
OPERATIONS: Final = (MESSAGE_LOG,)
