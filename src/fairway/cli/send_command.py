"""What the commands share that speak to a trader: they write one command into the inbox, and wait for the trader's own answer."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from fairway.cli.exits import Exit, Failure
from fairway.cli.shared_options import speaker

if TYPE_CHECKING:
    from fairway.journal.account_permissions import AccountPermissions
    from fairway.journal.commands import Instruction
    from fairway.journal.kinds import InstructionTaken
    from fairway.settings import Settings

LOOKS_MAX: Final = 30
NAP_S: Final = 0.1
"""Three seconds all in all: a trader that runs listens once a second."""


def given(reason: str, example: str) -> str:
    """The reason, which whoever reads the journal reads. Raises Failure for an empty one."""
    if not reason.strip():
        raise Failure(f'--reason is empty; a right one is --reason "{example}"', Exit.USAGE)
    return reason.strip()


def load_to_lower(config: Path) -> "Settings":
    """The configuration, for a command that asks for less risk. Raises Failure, which names the command that needs none."""
    from fairway.settings import SettingsError, load

    try:
        return load(config)
    except SettingsError as error:
        way = f'a kill needs no sound configuration:  fairway kill {config} --reason "..."'
        raise Failure(f"{error}\nNOTHING was written down; {way}", Exit.SETTINGS) from None


def permissions_of(settings: "Settings") -> "Mapping[str, AccountPermissions]":
    """By account; those that the trader carries by its configuration are always among them, begun or not.

    Raises JournalErrors; a journal that is not there holds nothing.
    """
    from fairway.journal.account_permissions import AccountPermissions, permissions_by_account
    from fairway.journal.port import JournalMissing
    from fairway.journal.sql import open_reader

    try:
        with open_reader(settings.journal, trader=settings.account) as journal:
            found = permissions_by_account(journal.read())
    except JournalMissing:
        if isinstance(settings.journal, Path) and settings.journal.exists():
            raise
        found = {}
    return {**{name: AccountPermissions() for name in _carried(settings)}, **found}


def lost_of(settings: "Settings") -> "Mapping[str, Mapping[str, tuple[int, str]]]":
    """See `lost_streams`; none where there is no journal yet. Raises JournalErrors."""
    from fairway.journal.account_permissions import lost_streams
    from fairway.journal.port import JournalMissing
    from fairway.journal.sql import open_reader

    try:
        with open_reader(settings.journal, trader=settings.account) as journal:
            return lost_streams(journal.read())
    except JournalMissing:
        return {}


def _carried(settings: "Settings") -> list[str]:
    """The accounts that the configuration names. A registry that cannot be read names none: a pause is heard even so."""
    if settings.people is None:
        return [settings.account]
    from fairway.assembly.fleet import carried, registry_of
    from fairway.store.failures import StoreError

    try:
        with registry_of(settings) as registry:
            return [account.id for account in carried(settings, registry)]
    except StoreError:
        return []


def gone_of(settings: "Settings", known: "Mapping[str, AccountPermissions]") -> list[str]:
    """Accounts that this trader had and has no more; none where the registry cannot be read."""
    carried = _carried(settings) if settings.people is not None else ()
    return [name for name in known if name not in carried] if carried else []


def leases_are_of_a_stage(known: "Mapping[str, AccountPermissions]") -> bool:
    """Whether a launch issues leases here: an account's last lease is of a stage."""
    return any(permissions.lease is not None and permissions.lease.stage for permissions in known.values())


def waiting(settings: "Settings", heard: int) -> "list[tuple[int, str, Instruction]]":
    """What people have said that the trader has not taken yet: number, who, what. heard: the last number that it took.

    Raises JournalErrors; no command where the inbox was never written.
    """
    from fairway.journal.command_inbox import CODEC, command_inbox_beside
    from fairway.journal.port import COMMAND_STREAM, JournalMissing
    from fairway.journal.sql import open_reader

    try:
        with open_reader(command_inbox_beside(settings.journal), trader=settings.account, stream=COMMAND_STREAM) as command_inbox:
            return [
                (record.seq, record.author, cast("Instruction", CODEC.decode(record))) for record in command_inbox.read(heard)
            ]
    except JournalMissing:
        return []


def chosen(settings: "Settings", account: str) -> str:
    """The account that is meant; the configured one where none is named. Raises Failure for one that the trader never had."""
    if settings.people is None and account in ("", settings.account):
        return settings.account
    known = permissions_of(settings)
    if not account:
        raise Failure(
            f"this trader carries a registry's accounts; say which with --account: {', '.join(known) or 'there is none yet'}",
            Exit.USAGE,
        )
    gone = gone_of(settings, known)
    there = [name for name in known if name not in gone]
    if account in gone:
        what = f"--account {account} is traded here no more (fairway accounts show {account})"
        raise Failure(f"{what}; this trader has {', '.join(there)}", Exit.USAGE)
    if account not in known:
        raise Failure(f"--account {account} is none of this trader's; it has {', '.join(there) or 'none yet'}", Exit.USAGE)
    return account


def option_of(settings: "Settings", account: str) -> str:
    """What must be added to a command so that it is about this account."""
    return "" if settings.people is None and account == settings.account else f" --account {account}"


def speak(settings: "Settings", instruction: "Instruction", by: str, then: str) -> int:
    """Says it, and prints the trader's answer. then: what follows where it is obeyed. Raises JournalErrors.

    It is written down before the trader's own journal is looked at: whoever wants less must be heard even where that is damaged.
    """
    from fairway.journal.command_inbox import command_inbox_beside, say
    from fairway.world.clock import SystemClock

    after = _end_of_journal(settings)
    by, now = speaker(by), SystemClock().now()
    number = say(command_inbox_beside(settings.journal), instruction, mode=settings.mode, trader=settings.account, by=by, at=now)
    print(f"written down as instruction {number}, by {by}: {instruction.reason}", flush=True)
    taken = _answers(settings, number, after) if after is not None else {}
    if not taken:
        return _unanswered(settings, number)
    return _told(taken, then)


def _told(taken: "Mapping[str, InstructionTaken]", then: str) -> int:
    from fairway.reports.refusals import in_words

    for account, event in taken.items():
        refused = f"NOT DONE: {in_words(event.refused)} ({event.refused})" if event.refused else f"done; {then}"
        print(f"{account}: {refused}")
    return Exit.NO if any(event.refused for event in taken.values()) else Exit.OK


def _unanswered(settings: "Settings", number: int) -> int:
    """Nobody answered: no trader runs, or it does not hear. Raises JournalBroken where it would never hear."""
    from fairway.journal.command_inbox import command_inbox_beside, lost

    heard = max((permissions.heard for permissions in permissions_of(settings).values()), default=0)
    if number <= heard:
        raise lost(command_inbox_beside(settings.journal), heard)
    print(
        "no trader has answered: where none runs, the next start obeys before it opens anything; `fairway caps` shows what waits"
    )
    return Exit.NO


def _end_of_journal(settings: "Settings") -> int | None:
    """Number of the last record of the trader's journal; None where it cannot be read, so that no answer can be seen."""
    from fairway.journal.port import JournalError
    from fairway.journal.sql import open_reader

    try:
        with open_reader(settings.journal, trader=settings.account) as journal:
            last = journal.last()
    except JournalError:
        return None
    return last.seq if last else 0


def _answers(settings: "Settings", number: int, after: int) -> "Mapping[str, InstructionTaken]":
    """All accounts answer in one commit, so the first answer comes with the others."""
    from fairway.journal.account_permissions import answers
    from fairway.journal.sql import open_reader

    with open_reader(settings.journal, trader=settings.account) as journal:
        for _ in range(LOOKS_MAX):
            taken = answers(journal.read(after), number)
            if taken:
                return taken
            time.sleep(NAP_S)
    return {}
