"""How a person's command reaches a trader: written into the command inbox, read by the poller, obeyed once for each account."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from shutil import copy
from typing import cast

import pytest
from tests.pure.trading.test_safety_checks import STARTED
from tests.pure.trading.test_step import ENTER, Scene
from tests.pure.trading.test_step_under_faults import refusals

from fairway.journal.command_inbox import command_inbox_beside, say
from fairway.journal.commands import Instruction, LiftCap, Pause, StopEveryone
from fairway.journal.events import Codec
from fairway.journal.kinds import InstructionTaken, TraderStarted
from fairway.journal.port import COMMAND_STREAM, JournalError
from fairway.journal.sql import open_journal
from fairway.store.engine import begin_file
from fairway.store.place import Place
from fairway.trading.account_executor import AccountExecutor
from fairway.trading.account_state import AccountState
from fairway.trading.command_inbox import JournalCommandInbox
from fairway.trading.command_poller import FAILURES_MAX, LISTEN_S, CommandPoller
from fairway.trading.connection_commands import ConnectionCommands
from fairway.trading.inputs import CommandInboxFailed, CommandInboxRecovered, CommandReceived, Input
from fairway.trading.latch import Latch
from fairway.trading.market_feed import MarketFeed
from fairway.venues.port import Venue
from fairway.world.clock import SystemClock

PAUSE = Pause(reason="lunch", account="main")
LIFT = LiftCap(reason="back", account="main", cap_id="paused")


class House:
    """a command inbox, a poller, and executors whose inputs are kept instead of being worked on."""

    def __init__(self, journal: Place, *executors: AccountExecutor) -> None:
        self.where = command_inbox_beside(journal)
        self.command_inbox = JournalCommandInbox(self.where, mode="practice", trader="main")
        self.handed: list[Input] = []
        self.executors = {f"account {number}": each for number, each in enumerate(executors or (executor(),))}
        connection = ConnectionCommands(cast(MarketFeed, None), self.executors)
        self.poller = CommandPoller(self.command_inbox, self.executors, lambda whom, news: self.handed.append(news), connection)

    def say(self, *instructions: Instruction, by: str = "ann") -> list[int]:
        return [say(self.where, each, mode="practice", trader="main", by=by, at=7) for each in instructions]

    def listen(self, times: int = 1) -> list[Input]:
        """What he hands in."""

        async def listen() -> None:
            for _ in range(times):
                await self.poller.listen()

        del self.handed[:]
        asyncio.run(listen())
        return list(self.handed)


def executor(state: AccountState | None = None, *, heard: int = 0) -> AccountExecutor:
    """One that never meets its venue."""
    state = state or Scene().state
    state.limits.last_command = heard
    return AccountExecutor(state, cast(Venue, None), cast(Latch, None), SystemClock())


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path / "fairway.journal")
    yield house
    house.command_inbox.close()


def numbers(handed: Sequence[Input]) -> list[int]:
    return [each.number for each in handed if isinstance(each, CommandReceived)]


def test_what_is_said_is_heard_once_in_its_order_with_who_said_it(house: House) -> None:
    """Before the first word there is no file, and that is no failure."""
    assert house.listen() == []
    assert not house.where.exists()  # type: ignore[union-attr]
    house.say(PAUSE, by="ann")
    assert house.listen() == [CommandReceived(1, "ann", PAUSE)]
    house.say(LIFT, StopEveryone(reason="strange"), by="bob")
    assert house.listen(2) == [CommandReceived(2, "bob", LIFT), CommandReceived(3, "bob", StopEveryone(reason="strange"))]
    assert house.listen() == []


def test_in_a_database_the_command_inbox_is_a_stream_beside_the_traders(postgres: str) -> None:
    """The same promise; the trader's own journal may be written all the while."""
    writer = open_journal(postgres, Codec(TraderStarted), mode="practice", trader="main")
    house = House(postgres)
    assert house.listen() == []
    house.say(PAUSE)
    assert house.listen() == [CommandReceived(1, "ann", PAUSE)]
    house.command_inbox.close()
    writer.close()


def test_a_trader_that_comes_back_goes_on_where_it_was(house: House, tmp_path: Path) -> None:
    """It goes on after the number that its state has taken; a rebuilt state reads again the commands that it may lack."""
    house.say(PAUSE, LIFT)
    again = House(tmp_path / "fairway.journal", executor(heard=1))
    assert numbers(again.listen(2)) == [2]
    for each in again.executors.values():
        each.begin_anew(Scene().state)
    assert numbers(again.listen(2)) == [1, 2]
    again.command_inbox.close()


def test_an_account_that_comes_later_hears_what_the_others_have_heard(house: House) -> None:
    """It alone: nobody hears anything twice, and without any account nobody listens."""
    house.say(PAUSE, LIFT)
    assert numbers(house.listen()) == [1, 2]
    house.executors["late"] = executor()
    assert numbers(house.listen(2)) == [1, 2]
    house.executors.clear()
    house.say(PAUSE)
    assert house.listen() == []


def test_what_is_said_to_another_account_is_not_handed_in(house: House) -> None:
    """A long launch says thousands of things to each; all of them for all would fill the inbox at a start."""
    house.say(Pause(reason="lunch", account="bob"), PAUSE, Pause(reason="tea"))
    assert numbers(house.listen()) == [2, 3]
    assert house.executors["account 0"].heard == 3
    assert house.listen() == []


def test_whoever_comes_is_told_without_waiting_for_the_next_second(house: House) -> None:
    """A pause that was said before must be there before its first entry."""
    house.say(PAUSE)

    async def hurried() -> None:
        serving = asyncio.ensure_future(house.poller.serve())
        house.poller.hurry()
        async with asyncio.timeout(LISTEN_S / 2):
            while not house.handed:
                await asyncio.sleep(0)
        serving.cancel()

    asyncio.run(hurried())
    assert numbers(house.handed) == [1]


def test_a_restart_does_not_obey_twice(house: House) -> None:
    """Pause and lift were taken; a replay of the state's own journal passes over both, though all of it is read again."""
    house.say(PAUSE, LIFT)
    scene = Scene()
    for told in house.listen():
        scene.news(told)
    scene.state = scene.replayed()
    house.executors["main"] = executor()
    events = [event for told in house.listen() for event in scene.news(told).events]
    assert [event for event in events if isinstance(event, InstructionTaken)] == []
    assert scene.state.limits.caps == {}
    assert scene.state.limits.last_command == 2


def test_many_writers_at_once_wait_for_each_other(house: House) -> None:
    """No command is refused because another one is written, and none is lost."""
    people = [f"p{number}" for number in range(40)]
    speakers = [threading.Thread(target=house.say, args=(PAUSE,), kwargs={"by": person}) for person in people]
    for speaker in speakers:
        speaker.start()
    for speaker in speakers:
        speaker.join()
    heard = house.listen()
    assert numbers(heard) == list(range(1, 41))
    assert {told.by for told in heard if isinstance(told, CommandReceived)} == set(people)


def test_a_command_inbox_that_cannot_be_read_stops_entries_until_it_can(house: House) -> None:
    """Reported once, after more failures in a row than an opening writer causes; it ends by itself, and the commands are read
    then."""
    house.say(PAUSE)
    house.listen()
    assert isinstance(house.where, Path)
    away = house.where.rename(house.where.with_name("away"))
    assert house.listen(FAILURES_MAX - 1) == []
    [failed, again] = house.listen(2)
    assert failed == again
    assert isinstance(failed, CommandInboxFailed)
    assert (
        failed.why
        == f"the command inbox {house.where} does not hold instruction 1, which the trader has taken; put back the one that does"
    )
    scene = Scene()
    scene.news(failed)
    scene.news(failed)
    assert list(scene.state.limits.caps) == ["commands"]
    assert refusals(scene.wish(ENTER)) == [f"STATE_REDUCE_ONLY: what people say cannot be read: {failed.why}"]
    away.rename(house.where)
    house.say(LIFT)
    assert numbers(house.listen(2)) == [2]
    assert [type(each) for each in house.handed] == [CommandInboxRecovered, CommandReceived]
    scene.news(house.handed[0])
    assert scene.state.limits.caps == {}


def test_before_the_first_reading_one_failure_is_enough(house: House) -> None:
    """A pause may be waiting there."""
    assert isinstance(house.where, Path)
    house.where.write_text("no journal")
    assert [type(each) for each in house.listen()] == [CommandInboxFailed]


@pytest.mark.parametrize("begins", ["", "PRAGMA journal_mode = WAL"])
def test_while_somebody_makes_the_file_for_his_first_word_nobody_has_said_anything(house: House, begins: str) -> None:
    """That takes some milliseconds, and is no failure; once something was heard, the same file is one."""
    assert isinstance(house.where, Path)
    begin_file(house.where)
    with closing(sqlite3.connect(house.where)) as connection:
        connection.execute(begins)
        assert house.listen(FAILURES_MAX) == []
    house.say(PAUSE)
    assert numbers(house.listen()) == [1]
    house.where.unlink()
    begin_file(house.where)
    assert [type(each) for each in house.listen(FAILURES_MAX)] == [CommandInboxFailed]


def test_a_command_inbox_of_0_bytes_stops_entries_before_any_command_was_read(house: House) -> None:
    """What was said there was lost; a program that makes the file never leaves it so."""
    assert isinstance(house.where, Path)
    house.where.touch()
    assert [type(each) for each in house.listen()] == [CommandInboxFailed]


def test_a_journal_that_was_begun_anew_is_not_taken_for_the_old_one(house: House) -> None:
    """Its numbers would be those of instructions that were obeyed already, and a pause would be passed over."""
    house.say(PAUSE, LIFT)
    house.listen()
    assert isinstance(house.where, Path)
    house.where.unlink()
    house.say(PAUSE)
    house.executors["late"] = executor()
    assert [type(each) for each in house.listen(FAILURES_MAX)] == [CommandInboxFailed]


def test_a_word_that_was_changed_after_it_was_said_is_not_obeyed(house: House) -> None:
    """It may raise exposure; what stands before it is heard."""
    house.say(PAUSE, PAUSE)
    assert isinstance(house.where, Path)
    with closing(sqlite3.connect(house.where)) as connection, connection:
        connection.execute("DROP TRIGGER records_stay")
        connection.execute("""UPDATE records SET body = '{"reason":"back","cap_id":"paused"}', kind = 'LiftCap' WHERE seq = 2""")
    assert numbers(house.listen()) == [1]
    [failed] = house.listen(FAILURES_MAX)
    assert isinstance(failed, CommandInboxFailed)
    assert failed.why == "the command inbox was changed at record 2; put back a backup"


def test_the_command_inbox_of_another_mode_is_not_read(tmp_path: Path) -> None:
    """What was said to a rehearsal does not reach real money."""
    house = House(tmp_path / "fairway.journal")
    say(house.where, PAUSE, mode="live", trader="main", by="ann", at=1)
    with pytest.raises(JournalError, match="is of mode live, and this is practice"):
        asyncio.run(house.command_inbox.waiting(0, 0))
    house.command_inbox.close()


def test_a_start_takes_its_command_inbox_for_sound_until_it_fails_again() -> None:
    """The cap of a command inbox that failed in an earlier run does not stay for ever."""
    scene = Scene()
    scene.news(CommandInboxFailed("gone"))
    scene.news(STARTED)
    assert scene.state.limits.caps == {}


def test_the_stream_has_its_own_name() -> None:
    """As `fairway journal show --stream commands` writes it."""
    assert COMMAND_STREAM == "commands"


def test_a_command_in_an_inbox_put_back_from_an_older_copy_is_not_taken_for_read(house: House, tmp_path: Path) -> None:
    """It bears the number of one that was, and a pause must not be lost so."""
    command_inbox, kept = house.where, tmp_path / "kept"
    assert isinstance(command_inbox, Path)
    house.say(PAUSE, LIFT)
    copy(command_inbox, kept)
    house.say(LIFT)
    assert numbers(house.listen()) == [1, 2, 3]
    for each in tmp_path.glob(f"{command_inbox.name}-*"):
        each.unlink()
    kept.replace(command_inbox)
    house.say(PAUSE, LIFT)
    [failed] = house.listen(FAILURES_MAX)
    assert isinstance(failed, CommandInboxFailed)
    assert "does not hold instruction 3" in failed.why
