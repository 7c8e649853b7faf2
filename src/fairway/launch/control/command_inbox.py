"""The command inbox of a launch: people's commands to its pilot. It lies beside the launch's journal and the trader's."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Protocol, cast

from fairway.journal.command_inbox import write_down, writing
from fairway.journal.command_reader import CommandReader, ReadCommand
from fairway.journal.commands import IssueLease
from fairway.journal.events import Codec
from fairway.journal.port import JournalMissing
from fairway.journal.sql import open_reader
from fairway.launch.control.commands import INSTRUCTIONS, LaunchInstruction
from fairway.launch.control.launch_events import LeaseIssued
from fairway.risk.limits import TradingState
from fairway.store.place import Place

CODEC: Final = Codec(*INSTRUCTIONS)
PILOT_STREAM: Final = "launch"
PILOT_COMMAND_STREAM: Final = "launch commands"


class LaunchInbox(Protocol):
    """Where people's instructions wait."""

    async def heard(self, after: int, known: int, digest: str) -> Sequence[ReadCommand]:
        """The next instructions after a number, oldest first. digest: of the one with that number. Raises JournalErrors."""
        ...


def launch_beside(journal: Place) -> Place:
    """Where the launch of a trader's journal is: a file beside its file, or a stream in the same database."""
    return journal.with_name(f"{journal.name}.launch") if isinstance(journal, Path) else journal


def launch_inbox_beside(journal: Place) -> Place:
    return journal.with_name(f"{journal.name}.launch.commands") if isinstance(journal, Path) else journal


def command_reader_of(journal: Place, *, mode: str, trader: str) -> CommandReader:
    """What is said through the command inbox of the launch beside a trader's journal."""
    return CommandReader(launch_inbox_beside(journal), CODEC, mode=mode, trader=trader, stream=PILOT_COMMAND_STREAM)


def tell(journal: Place, instruction: LaunchInstruction, *, mode: str, trader: str, by: str, at: int) -> int:
    """Writes down a person's instruction to the pilot; the number of its record. Raises JournalErrors."""
    command_inbox = launch_inbox_beside(journal)
    with writing(command_inbox, CODEC, mode=mode, trader=trader, stream=PILOT_COMMAND_STREAM) as open_inbox:
        return write_down(open_inbox, [instruction], [""], by=by, at=at)


def waiting(journal: Place, after: int, *, trader: str) -> list[ReadCommand]:
    """Commands that no pilot has read yet, oldest first. after: number of the last that was read. Raises JournalErrors."""
    try:
        with open_reader(launch_inbox_beside(journal), trader=trader, stream=PILOT_COMMAND_STREAM) as command_inbox:
            return [ReadCommand(each.seq, each.author, each.at, CODEC.decode(each)) for each in command_inbox.read(after)]
    except JournalMissing:  # no command was ever written
        return []


def lease_commands(lease: LeaseIssued) -> Iterator[IssueLease]:
    """What is said to the trader, account by account."""
    opens = lease.limits.state is TradingState.ACTIVE
    for account in lease.accounts:
        yield IssueLease(
            reason="the launch's stage" if opens else "the launch is held, or goes back (fairway launch explain)",
            account=account,
            epoch=lease.epoch,
            until=lease.until,
            limits=lease.limits,
            stage=lease.stage,
        )


def instruction_of(command: ReadCommand) -> LaunchInstruction:
    return cast(LaunchInstruction, command.instruction)
