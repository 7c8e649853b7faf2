"""What became of the messages to people."""

from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from fairway.api.context import Asking, Context
from fairway.api.problems import documented
from fairway.api.threads import short
from fairway.api.views.shown import instant
from fairway.notify.deliveries import MessageDelivery
from fairway.operations.notify.log import MESSAGE_LOG, SHOWN, SHOWN_MAX, MessageLogRequest
from fairway.operations.operation import Call
from fairway.operations.perform import perform

router: Final = APIRouter(prefix="/api/v1", tags=["incidents"])
READING: Final = documented(401, 403, 409, 422, 429, 503)
ChannelName = Annotated[str, Query(max_length=100, description="Those of one channel; of all where it is left out")]
Thread = Annotated[str, Query(max_length=100, description="Those of one incident or other thread; all where it is left out")]
Limit = Annotated[int, Query(ge=1, le=SHOWN_MAX, description="The newest so many")]


class ShownDelivery(BaseModel):
    """A message on its way by one channel. Instants are texts in UTC, "" for what has not happened."""

    message: str = Field(description="The message's id")
    channel: str
    title: str
    severity: str
    thread: str
    queued: str
    state: str = Field(description="waiting, delayed, sent or failed")
    delayed_until: str
    ended: str
    took_ms: int | None = Field(description="From queueing until the service took it; null where it did not")
    tries: int
    receipt: str
    why: str
    stands_for: int = Field(description="How many messages it is instead of")


class ShownDeliveries(BaseModel):
    """Messages, the newest first. older: how many more match."""

    messages: list[ShownDelivery]
    older: int


@router.get("/notify/deliveries", responses=READING)
async def list_deliveries(
    caller: Asking,
    context: Context,
    channel: ChannelName = "",
    incident: Thread = "",
    failed: bool = False,
    limit: Limit = SHOWN,
) -> ShownDeliveries:
    """What became of the messages to people, the newest first; with failed only those that failed for good."""
    request = MessageLogRequest(config=context.config, channel=channel, incident=incident, failed=failed, limit=limit)
    outcome = await short(perform, MESSAGE_LOG, Call(actor=caller.actor, request=request))
    return ShownDeliveries(messages=[_shown(each) for each in outcome.deliveries], older=outcome.older)


def _shown(each: MessageDelivery) -> ShownDelivery:
    message = each.message
    return ShownDelivery(
        message=each.id,
        channel=each.channel,
        title=message.title if message is not None else "",
        severity=message.severity if message is not None else "",
        thread=each.thread,
        queued=instant(each.queued_at),
        state=each.state.value,
        delayed_until=instant(each.retry_at),
        ended=instant(each.ended_at),
        took_ms=each.took_ns // 1_000_000 if each.took_ns is not None else None,
        tries=each.tries,
        receipt=each.receipt,
        why=each.why,
        stands_for=each.stands_for,
    )
