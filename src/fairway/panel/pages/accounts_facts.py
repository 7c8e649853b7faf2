"""What the page of accounts shows: whose each is, where it trades, by what rights, and what it is worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fairway.operations.actor import Actor
from fairway.operations.people.listings import (
    LIST_ACCOUNTS,
    LIST_USERS,
    SHOW_ACCOUNT,
    ListedAccount,
    ListRequest,
    ShowAccountRequest,
)
from fairway.operations.permissions import may_read_all
from fairway.operations.trader.status import STATUS, AccountStatus, StatusRequest
from fairway.panel.feed import Question
from fairway.panel.sources import Sources
from fairway.panel.state_marks import Mark
from fairway.people.account import Account, KeyCheck
from fairway.people.lifecycle import TRANSITIONS, AccountChange, LifecycleState
from fairway.people.registry import RecordedChange
from fairway.people.user import Profile
from fairway.settings import Settings
from fairway.texts.display import NOTHING, amount, places_for

STATE_MARKS: Final = {
    LifecycleState.ACTIVE: Mark.GOOD,
    LifecycleState.PAUSED: Mark.HELD,
    LifecycleState.DEACTIVATED: Mark.BAD,
    LifecycleState.REMOVED: None,
}
_KEY_MARKS: Final = {KeyCheck.SOUND: Mark.GOOD, KeyCheck.NOT_TOLD: Mark.UNKNOWN, KeyCheck.NOT_CHECKED: Mark.UNKNOWN}
BY_CONFIGURATION: Final = "the configuration"
"""Stands in for the user of the account that is in the file, and in no registry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredAccountFacts:
    """One account. is_registered: whether the registry has it, so that it can be changed here. worth_value: to order by."""

    id: str
    user: str
    venue: str
    state: str
    state_mark: Mark | None
    why_not: str
    profile: str
    symbols: str
    capital: str
    cohort: str
    keys: str
    keys_mark: Mark
    keys_version: str
    keys_at: int
    worth: str
    worth_value: float
    is_registered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountsFacts:
    """removed: those that are gone for good."""

    accounts: tuple[RegisteredAccountFacts, ...]
    removed: tuple[RegisteredAccountFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFacts:
    """One entry of the record of changes."""

    seq: int
    at: int
    author: str
    subject: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPageFacts:
    """One account with all that was done to it, newest first. possible: changes that its own state allows."""

    account: RegisteredAccountFacts
    history: tuple[ChangeFacts, ...]
    possible: frozenset[AccountChange]


def accounts_facts(sources: Sources, actor: Actor) -> AccountsFacts:
    """Raises what the operations raise."""
    context = sources.context
    listed = sources.outcome(actor, LIST_ACCOUNTS, ListRequest(place=context.place)).accounts
    status = _status(sources, actor)
    profiles = _profiles(sources, actor)
    rows = [account_facts(each, status.get(each.account.id), profiles) for each in listed]
    known = {each.id for each in rows}
    rows += [configured_facts(context.settings, each) for name, each in status.items() if name not in known]
    removed = tuple(each for each in rows if each.state == LifecycleState.REMOVED.value)
    return AccountsFacts(accounts=tuple(each for each in rows if each not in removed), removed=removed)


def account_page_facts(account: str, sources: Sources, actor: Actor) -> AccountPageFacts:
    """Raises what the operations raise."""
    place = sources.context.place
    shown = sources.outcome(actor, SHOW_ACCOUNT, ShowAccountRequest(place=place, account=account))
    listed = sources.outcome(actor, LIST_ACCOUNTS, ListRequest(place=place)).accounts
    in_force = next((each.in_force for each in listed if each.account.id == account), shown.account.state)
    return AccountPageFacts(
        account=account_facts(
            ListedAccount(account=shown.account, in_force=in_force),
            _status(sources, actor).get(account),
            _profiles(sources, actor),
        ),
        history=tuple(change_facts(each) for each in reversed(shown.history)),
        possible=frozenset(change for state, change in TRANSITIONS if state is shown.account.state),
    )


def account_facts(listed: ListedAccount, status: AccountStatus | None, profiles: Mapping[str, Profile]) -> RegisteredAccountFacts:
    """An account of the registry. status: by the trader's journal, None where it tells nothing of it."""
    its, profile = listed.account, profiles.get(listed.account.user)
    words, value = _worth(status)
    why_not = _why_not(listed, status)
    return RegisteredAccountFacts(
        id=its.id,
        user=its.user,
        venue=its.venue,
        state=listed.in_force.value,
        state_mark=_held(STATE_MARKS[listed.in_force], why_not),
        why_not=why_not,
        profile=profile.value if profile is not None else NOTHING,
        symbols=", ".join(its.symbols) or "those of the bot",
        capital=_capital(its),
        cohort=its.cohort.value,
        keys=its.key_check.value,
        keys_mark=_KEY_MARKS[its.key_check],
        keys_version=f"number {its.keys_version}",
        keys_at=its.keys_at,
        worth=words,
        worth_value=value,
        is_registered=True,
    )


def configured_facts(settings: Settings, status: AccountStatus) -> RegisteredAccountFacts:
    """The account of the configuration's own keys, which belongs to no user of the registry."""
    words, value = _worth(status)
    return RegisteredAccountFacts(
        id=status.holdings.account,
        user=BY_CONFIGURATION,
        venue=f"{settings.venue.exchange} {settings.mode}",
        state=LifecycleState.ACTIVE.value,
        state_mark=_held(Mark.GOOD, status.why_not),
        why_not=status.why_not,
        profile=str(settings.risk.profile),
        symbols=", ".join(settings.symbols),
        capital=NOTHING,
        cohort=NOTHING,
        keys="of the configuration; see fairway doctor",
        keys_mark=Mark.UNKNOWN,
        keys_version=NOTHING,
        keys_at=0,
        worth=words,
        worth_value=value,
        is_registered=False,
    )


def change_facts(change: RecordedChange) -> ChangeFacts:
    """An entry of the record of changes."""
    return ChangeFacts(
        seq=change.seq, at=change.at, author=change.author, subject=change.subject, what=change.what, reason=change.reason
    )


def _status(sources: Sources, actor: Actor) -> dict[str, AccountStatus]:
    found = sources.outcome(actor, STATUS, StatusRequest(config=sources.context.config))
    return {each.holdings.account: each for each in found.accounts}


def _profiles(sources: Sources, actor: Actor) -> dict[str, Profile]:
    """By user; nothing for who may not read the registry."""
    if not may_read_all(actor):
        return {}
    users = sources.outcome(actor, LIST_USERS, ListRequest(place=sources.context.place)).users
    return {each.user.id: each.user.profile for each in users}


def _held(mark: Mark | None, why_not: str) -> Mark | None:
    """An active account that opens nothing is held."""
    return Mark.HELD if mark is Mark.GOOD and why_not else mark


def _worth(status: AccountStatus | None) -> tuple[str, float]:
    worth = status.holdings.worth if status is not None else None
    if worth is None:
        return NOTHING, 0.0
    return amount(worth, places_for(worth.asset, worth.value)), float(worth.value)


def _why_not(listed: ListedAccount, status: AccountStatus | None) -> str:
    if listed.in_force is LifecycleState.PAUSED and listed.account.state is LifecycleState.ACTIVE:
        return "its user is paused"
    if listed.in_force is not LifecycleState.ACTIVE:
        said = listed.account.said
        return f"by {said.by}{f': {said.reason}' if said.reason else ''}"
    return status.why_not if status is not None else "no trader carries it yet"


def _capital(account: Account) -> str:
    least, most = account.capital_min, account.capital_max
    match (least, most):
        case (None, None):
            return "all of it"
        case (None, _):
            return f"{amount(most)} at most"
        case (_, None):
            return f"{amount(least)} at least"
    return f"{amount(least)} to {amount(most)}"


ACCOUNTS: Final = Question("accounts", accounts_facts)
