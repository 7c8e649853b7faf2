"""The command inbox of a launch is put back from an older copy: the next command bears a number that was read already."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from shutil import copy

import pytest
from tests.pure.launch.launches import BEGIN, Flight

from fairway.journal.command_reader import ReadCommand
from fairway.journal.port import JournalBroken
from fairway.launch.control import commands as said
from fairway.launch.control.command_inbox import command_reader_of, launch_inbox_beside, tell
from fairway.launch.control.commands import LaunchInstruction
from fairway.launch.control.tick import tick

REVIEW = said.Review(reason="ten trades")


class InboxFile:
    """A pilot hears what people say there; `begin` is its next life, which knows what its journal knows."""

    def __init__(self, folder: Path) -> None:
        self.journal, self.flight = folder / "fairway.journal", Flight()
        self.begin()

    def begin(self) -> None:
        self._hearing = command_reader_of(self.journal, mode="practice", trader="main")

    def say(self, *wishes: LaunchInstruction) -> None:
        for each in wishes:
            tell(self.journal, each, mode="practice", trader="main", by="bob", at=BEGIN)

    def hear(self) -> Sequence[ReadCommand]:
        launch = self.flight.launch
        heard = asyncio.run(self._hearing.heard(launch.commands_read, launch.commands_read, launch.commands_digest))
        self.flight.take(*tick(self.flight.plan, launch, self.flight.observation(), heard).events)
        return heard

    def put_back(self, folder: Path) -> None:
        """As they were after three words."""
        command_inbox, kept = launch_inbox_beside(self.journal), folder / "kept"
        assert isinstance(command_inbox, Path)
        self.say(REVIEW, REVIEW, REVIEW)
        copy(command_inbox, kept)
        self.say(REVIEW, REVIEW)
        assert len(self.hear()) == 5
        for each in folder.glob(f"{command_inbox.name}-*"):
            each.unlink()
        kept.replace(command_inbox)


@pytest.mark.parametrize("has_begun_anew", [False, True])
def test_a_word_under_a_number_that_was_heard_is_not_taken_for_heard(has_begun_anew: bool, tmp_path: Path) -> None:
    """An abort must not be lost so: whom nobody can tell to stop issues no lease."""
    command_inbox = InboxFile(tmp_path)
    command_inbox.put_back(tmp_path)
    if has_begun_anew:
        command_inbox.begin()
    command_inbox.say(said.Abort(reason="it loses"))
    with pytest.raises(JournalBroken, match="does not hold instruction 5"):
        command_inbox.hear()
    command_inbox.say(REVIEW, REVIEW)
    with pytest.raises(JournalBroken, match="does not hold instruction 5"):
        command_inbox.hear()


def test_what_follows_is_heard_as_ever(tmp_path: Path) -> None:
    command_inbox = InboxFile(tmp_path)
    command_inbox.say(REVIEW, REVIEW)
    assert [each.number for each in command_inbox.hear()] == [1, 2]
    command_inbox.begin()
    assert command_inbox.hear() == []
    command_inbox.say(said.Abort(reason="it loses"))
    assert [each.number for each in command_inbox.hear()] == [3]
    assert command_inbox.flight.where[1] == "aborted"
