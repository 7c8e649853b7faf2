"""Reads which accounts a trader has, what each may do, and which instructions wait; from the trader's journal and registry."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

from fairway.operations.refusal import wrong_input

if TYPE_CHECKING:
    from fairway.journal.account_permissions import AccountPermissions
    from fairway.journal.commands import Instruction
    from fairway.settings import Settings


def permissions_of(settings: "Settings") -> "Mapping[str, AccountPermissions]":
    """By account; those that the configuration names are always among them, started or not.

    Raises JournalErrors; a journal that does not exist yet holds nothing.
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
    return {**{name: AccountPermissions() for name in carried_accounts(settings)}, **found}


def carried_accounts(settings: "Settings") -> list[str]:
    """The accounts that the configuration names. A registry that cannot be read names none: a pause works even so."""
    if settings.people is None:
        return [settings.account]
    from fairway.assembly.fleet import carried, registry_of
    from fairway.store.failures import StoreError

    try:
        with registry_of(settings) as registry:
            return [account.id for account in carried(settings, registry)]
    except StoreError:
        return []


def removed_accounts(settings: "Settings", known: "Mapping[str, AccountPermissions]") -> list[str]:
    """Accounts that this trader once had and has no more; none where the registry cannot be read."""
    carried = carried_accounts(settings) if settings.people is not None else ()
    return [name for name in known if name not in carried] if carried else []


def is_launched(known: "Mapping[str, AccountPermissions]") -> bool:
    """Whether a launch gives leases to this trader: an account's last lease is of a stage."""
    return any(each.lease is not None and each.lease.stage for each in known.values())


def waiting_instructions(settings: "Settings", heard: int) -> "list[tuple[int, str, Instruction]]":
    """The instructions that the trader has not taken yet: number, author, instruction. heard: the last number that it took.

    Raises JournalErrors; a command inbox that does not exist yet holds nothing.
    """
    from fairway.journal.command_inbox import CODEC, command_inbox_beside
    from fairway.journal.port import COMMAND_STREAM, JournalMissing
    from fairway.journal.sql import open_reader

    try:
        with open_reader(command_inbox_beside(settings.journal), trader=settings.account, stream=COMMAND_STREAM) as inbox:
            return [(record.seq, record.author, cast("Instruction", CODEC.decode(record))) for record in inbox.read(heard)]
    except JournalMissing:
        return []


def last_heard(settings: "Settings") -> int:
    """The number of the last instruction that the trader took. Raises JournalErrors."""
    return max((each.heard for each in permissions_of(settings).values()), default=0)


def chosen_account(settings: "Settings", account: str) -> str:
    """The account that is meant; the configured one where none is named. Raises Refusal for one that the trader never had."""
    if settings.people is None and account in ("", settings.account):
        return settings.account
    known = permissions_of(settings)
    if not account:
        raise wrong_input(
            "ACCOUNT_NOT_NAMED: field=account",
            f"this trader carries a registry's accounts; say which with --account: {', '.join(known) or 'there is none yet'}",
        )
    removed = removed_accounts(settings, known)
    there = [name for name in known if name not in removed]
    if account in removed:
        what = f"{account} is traded here no more (fairway accounts show {account}); this trader has {', '.join(there)}"
        raise wrong_input(f"ACCOUNT_REMOVED: account={account}", what, field="account")
    if account not in known:
        what = f"{account} is none of this trader's; it has {', '.join(there) or 'none yet'}"
        raise wrong_input(f"ACCOUNT_UNKNOWN: account={account}", what, field="account")
    return account


def meant_account(settings: "Settings", account: str, *, everyone: bool) -> str:
    """The account that is meant, "" for all accounts. Raises Refusal."""
    if everyone and account:
        raise wrong_input(
            f"ACCOUNT_AND_EVERYONE: account={account}", "--everyone and --account do not go together; leave one of them out"
        )
    return "" if everyone else chosen_account(settings, account)


def account_option(settings: "Settings", account: str) -> str:
    """The words that make a command be about this account."""
    return "" if settings.people is None and account == settings.account else f" --account {account}"
