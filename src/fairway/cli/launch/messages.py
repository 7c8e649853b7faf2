"""`fairway launch messages`: lists the messages that the plan's `say` has made due, for a program that sends them."""

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

from fairway.cli.exits import ExitCode, Failure
from fairway.cli.shared_options import USUAL, Config, Flag
from fairway.cli.whole_numbers import whole
from fairway.settings import Settings, load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fairway.launch.control.launch_events import MessageDue


def messages(
    config: Config = USUAL,
    /,
    *,
    after: Annotated[int, whole(12)] = 0,
    json: Flag = False,
) -> int:
    """List who is to be told what, oldest first. Fairway sends nothing itself: the program that reads the list sends it.

    Parameters
    ----------
    after: int
        Only those after this number, such as the last that was carried on.
    json: bool
        One JSON object a line: number, at, to, by, about, text.
    """
    from fairway.launch.views.event_text import event_in_words
    from fairway.world.clock import text_of

    if after < 0:
        raise Failure(
            f"--after is {after}, and must be a number of a message, or 0 for all; a right one is --after 12", ExitCode.USAGE
        )
    due = list(_due(load(config), after))
    for at, each in due:
        if json:
            sys.stdout.write(_line(each, text_of(at)) + "\n")
        else:
            print(f"{each.number} {text_of(at)[:19]} {event_in_words(each)}")
    if not due:  # not on standard output: a program that sends the list must find nothing there
        print(f"no message is due yet{f' after number {after}' if after else ''}", file=sys.stderr)
    return ExitCode.OK


def _due(settings: Settings, after: int) -> "Iterator[tuple[int, MessageDue]]":
    """Reads nothing else of the launch, because the program that sends messages asks often. Raises NotBegun, JournalErrors."""
    from fairway.assembly.tower import launch_as_begun, reader_of
    from fairway.journal.port import JournalMissing
    from fairway.launch.control.launch_events import MessageDue
    from fairway.launch.control.state import CODEC

    records = []
    with suppress(JournalMissing), reader_of(settings) as journal:
        records = [record for record in journal.read() if record.kind == MessageDue.__name__]
    if not records:
        launch_as_begun(settings)
    for record in records:
        event = CODEC.decode(record)
        assert isinstance(event, MessageDue)
        if event.number > after:
            yield record.at, event


def _line(message: "MessageDue", at: str) -> str:
    import msgspec

    document = {
        "number": message.number,
        "at": at,
        "to": message.to,
        "by": message.by,
        "about": message.about,
        "text": message.text,
    }
    return msgspec.json.encode(document).decode()
