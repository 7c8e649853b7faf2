"""What the page of users shows: who they are, what they may do, how they sign in; and what was changed by whom."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from fairway.operations.actor import Actor
from fairway.operations.people.listings import LIST_CHANGES, LIST_USERS, ChangesRequest, ListedUser, ListRequest
from fairway.operations.trader.read_journal import PAGE_MAX, READ_JOURNAL, JournalName, JournalRequest
from fairway.panel.facts.audit import Deed, deeds
from fairway.panel.feed import Question
from fairway.panel.pages.accounts_facts import STATE_MARKS, ChangeFacts, change_facts
from fairway.panel.sources import Sources
from fairway.panel.state_marks import Mark
from fairway.people.lifecycle import TRANSITIONS, AccountChange
from fairway.people.problems import ChangeRefused
from fairway.texts.display import NOTHING
from fairway.world.clock import SECOND

CHANGES_SHOWN: Final = 200
AUDIT_FRESH_NS: Final = 2 * SECOND
"""The audit is asked again after this time, however many look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserFacts:
    """One user. possible: changes that the state allows."""

    id: str
    name: str
    role: str
    state: str
    state_mark: Mark | None
    state_why: str
    profile: str
    second_factor: str
    second_factor_mark: Mark
    accounts: tuple[str, ...]
    created_at: int
    possible: frozenset[AccountChange]


@dataclass(frozen=True, slots=True, kw_only=True)
class UsersFacts:
    """changes: of the registry, deeds: by the server; both newest first."""

    users: tuple[UserFacts, ...]
    changes: tuple[ChangeFacts, ...]
    deeds: tuple[Deed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPageFacts:
    """One user, with the newest changes of this user's own and by this user."""

    user: UserFacts
    changes: tuple[ChangeFacts, ...]


def users_facts(sources: Sources, actor: Actor) -> UsersFacts:
    """Raises what the operations raise."""
    context = sources.context
    found = sources.outcome(actor, LIST_USERS, ListRequest(place=context.place)).users
    asked = JournalRequest(config=context.config, journal=JournalName.SERVER, newest=True, limit=PAGE_MAX)
    return UsersFacts(
        users=tuple(user_facts(each) for each in found),
        changes=_changes(sources, actor),
        deeds=deeds(sources.outcome(actor, READ_JOURNAL, asked, AUDIT_FRESH_NS).records),
    )


def user_page_facts(user: str, sources: Sources, actor: Actor) -> UserPageFacts:
    """Raises ChangeRefused for a user that never was, and what the operations raise."""
    found = sources.outcome(actor, LIST_USERS, ListRequest(place=sources.context.place)).users
    listed = next((each for each in found if each.user.id == user), None)
    if listed is None:
        raise ChangeRefused(f"there is no user {user!r}; the page of users shows them")
    changes = [each for each in _changes(sources, actor) if each.subject == f"user {user}" or each.author == user]
    return UserPageFacts(user=user_facts(listed), changes=tuple(changes))


def _changes(sources: Sources, actor: Actor) -> tuple[ChangeFacts, ...]:
    asked = ChangesRequest(place=sources.context.place, count=CHANGES_SHOWN)
    return tuple(change_facts(each) for each in sources.outcome(actor, LIST_CHANGES, asked).changes)


def user_facts(listed: ListedUser) -> UserFacts:
    """One user of the registry."""
    user, has_code = listed.user, listed.has_second_factor
    said = f"by {user.said.by}{f': {user.said.reason}' if user.said.reason else ''}"
    return UserFacts(
        id=user.id,
        name=user.name or NOTHING,
        role=user.role.value,
        state=user.state.value,
        state_mark=STATE_MARKS[user.state],
        state_why=said if STATE_MARKS[user.state] is not Mark.GOOD else "",
        profile=user.profile.value,
        second_factor="password and code" if has_code else "password alone",
        second_factor_mark=Mark.GOOD if has_code else Mark.PENDING,
        accounts=listed.accounts,
        created_at=user.created_at,
        possible=frozenset(change for state, change in TRANSITIONS if state is user.state),
    )


def user_question(user: str) -> Question[UserPageFacts]:
    """What the page of one user asks."""
    return Question("user", partial(user_page_facts, user), about=user)


USERS: Final = Question("users", users_facts)
