"""`fairway notify`: shows the channels by which messages reach people, tests them, and shows what became of each message."""

from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from fairway.cli.answer import CommandOutput, instant, shows
from fairway.cli.perform import outcome_of, perform_here
from fairway.cli.shared_options import USUAL, By, Config, Flag
from fairway.cli.whole_numbers import whole

if TYPE_CHECKING:
    from fairway.notify.deliveries import MessageDelivery

app = App(name="notify", help="Channels by which messages reach people: show and test them, and see what became of each message.")


@app.command
@shows
def channels(config: Config = USUAL, /) -> CommandOutput:
    """Show the channels of a configuration, and whom each reaches."""
    from fairway.cli.registry import show_rows
    from fairway.operations.notify.channels import LIST_CHANNELS, ListChannelsRequest

    found = outcome_of(LIST_CHANNELS, ListChannelsRequest(config=config)).channels
    rows = [(each.name, each.kind, each.medium, str(each.per_minute), ", ".join(each.to)) for each in found]
    columns = ("channel", "kind", "medium", "per minute", "reaches")
    return CommandOutput(value={"channels": found}, text=lambda: show_rows(columns, rows))


@app.command(name="test")
def send_test(
    channel: Annotated[str, Parameter(help="The channel's name in the configuration, or console.")],
    config: Config = USUAL,
    /,
    *,
    by: By = "",
) -> int:
    """Send a test message by a channel at once; it ends with 0 only where the service took it."""
    from fairway.operations.notify.channels import TEST_CHANNEL, ChannelTestRequest

    return perform_here(TEST_CHANNEL, ChannelTestRequest(config=config, channel=channel), by)


@app.command
@shows
def log(
    config: Config = USUAL,
    /,
    *,
    channel: str = "",
    incident: str = "",
    failed: Flag = False,
    limit: Annotated[int, whole(50)] = 50,
) -> CommandOutput:
    """Show what became of the messages to people, the newest first: sent, waiting, delayed until when, or failed and why.

    Parameters
    ----------
    channel: str
        Those of one channel; all where it is left out.
    incident: str
        Those of one incident, such as INC-20260105-1, or of another thread; all where it is left out.
    failed: bool
        Only those that failed for good.
    limit: int
        At most so many.
    """
    from fairway.operations.notify.log import MESSAGE_LOG, MessageLogRequest

    request = MessageLogRequest(config=config, channel=channel, incident=incident, failed=failed, limit=limit)
    outcome = outcome_of(MESSAGE_LOG, request)
    return CommandOutput(value={"messages": list(map(_value, outcome.deliveries)), "older": outcome.older}, text=outcome.lines)


def _value(each: "MessageDelivery") -> dict[str, object]:
    message = each.message
    return {
        "message": each.id,
        "channel": each.channel,
        "title": message.title if message is not None else "",
        "severity": message.severity if message is not None else "",
        "thread": each.thread,
        "queued": instant(each.queued_at),
        "state": each.state,
        "delayed_until": instant(each.retry_at),
        "ended": instant(each.ended_at),
        "took_ms": each.took_ns // 1_000_000 if each.took_ns is not None else None,
        "tries": each.tries,
        "receipt": each.receipt,
        "why": each.why,
        "stands_for": each.stands_for,
    }
