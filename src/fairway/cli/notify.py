"""`fairway notify`: shows the channels by which messages reach people, and tests them."""

from typing import Annotated

from cyclopts import App, Parameter

from fairway.cli.answer import CommandOutput, shows
from fairway.cli.perform import outcome_of, perform_here
from fairway.cli.shared_options import USUAL, By, Config

app = App(name="notify", help="Channels by which messages reach people: show and test them.")


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
