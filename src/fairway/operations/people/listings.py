"""Shows users and accounts as the registry has them; nothing is changed."""

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fairway.operations.operation import OWN_THINGS, Call, Exposure, Of, Operation, Outcome, Preview, Subject
from fairway.operations.people.registry_place import RegistryPlace
from fairway.operations.permissions import may_read
from fairway.operations.refusal import wrong_input
from fairway.people.account import Account
from fairway.people.lifecycle import LifecycleState
from fairway.people.roles import UserAct
from fairway.people.user import User

if TYPE_CHECKING:
    from fairway.people.registry import RecordedChange

CHANGES_MAX: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRequest:
    place: RegistryPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowAccountRequest:
    """account: the id."""

    place: RegistryPlace
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedAccount:
    """in_force: the state that counts, which is paused where the account's user is."""

    account: Account
    in_force: LifecycleState


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountsOutcome(Outcome):
    """Those that the actor may read, by id, the removed ones too."""

    accounts: tuple[ListedAccount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownAccountOutcome(Outcome):
    """history: all that was done to the account, oldest first."""

    account: Account
    history: "tuple[RecordedChange, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedUser:
    """accounts: ids of those that were not removed. has_second_factor: whether a sign-in asks for a code."""

    user: User
    accounts: tuple[str, ...]
    has_second_factor: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesRequest:
    """count: how many at most."""

    place: RegistryPlace
    count: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesOutcome(Outcome):
    """Newest first."""

    changes: "tuple[RecordedChange, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class UsersOutcome(Outcome):
    """By id, the removed ones too."""

    users: tuple[ListedUser, ...]


def list_accounts(call: Call[ListRequest]) -> AccountsOutcome:
    """Raises StoreErrors."""
    with call.request.place.opened() as (registry, _):
        accounts = registry.every_account()
        in_force = {account.id: account.state for account in registry.accounts()}
    return AccountsOutcome(
        accounts=tuple(
            ListedAccount(account=each, in_force=in_force.get(each.id, each.state))
            for each in accounts
            if may_read(call.actor, each.id)
        )
    )


def show_account(call: Call[ShowAccountRequest]) -> ShownAccountOutcome:
    """Raises ChangeRefused for an account that never was, StoreErrors."""
    account = call.request.account
    with call.request.place.opened() as (registry, _):
        return ShownAccountOutcome(account=registry.account(account), history=tuple(registry.history(f"account {account}")))


def list_users(call: Call[ListRequest]) -> UsersOutcome:
    """Raises StoreErrors."""
    with closing(call.request.place.open()) as opened:
        users, accounts = opened.registry.users(), opened.registry.every_account()
        with_code = opened.second_factors.confirmed()
    present = [account for account in accounts if account.state is not LifecycleState.REMOVED]
    return UsersOutcome(
        users=tuple(
            ListedUser(
                user=each,
                accounts=tuple(account.id for account in present if account.user == each.id),
                has_second_factor=each.id in with_code,
            )
            for each in users
        )
    )


def list_changes(call: Call[ChangesRequest]) -> ChangesOutcome:
    """Raises Refusal, StoreErrors."""
    asked = call.request
    if not 1 <= asked.count <= CHANGES_MAX:
        raise wrong_input(
            f"COUNT_WRONG: count={asked.count}", f"is not between 1 and {CHANGES_MAX}", field="count", example="100"
        )
    with asked.place.opened() as (registry, _):
        return ChangesOutcome(changes=tuple(registry.newest_changes(asked.count)))


def _preview(call: Call[Any]) -> Preview:
    return Preview(effect="reads the registry; nothing is changed")


LIST_ACCOUNTS = Operation(
    name="accounts list",
    summary="Show all accounts, the removed ones too.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=ListRequest,
    subject=lambda request: OWN_THINGS,
    preview=_preview,
    perform=list_accounts,
)
SHOW_ACCOUNT = Operation(
    name="accounts show",
    summary="Show one account, and all that was done to it.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=ShowAccountRequest,
    subject=lambda request: Subject(Of.ACCOUNT, request.account),
    preview=_preview,
    perform=show_account,
)
LIST_USERS = Operation(
    name="users list",
    summary="Show all users, the removed ones too.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=ListRequest,
    subject=lambda request: Subject(Of.REGISTRY),
    preview=_preview,
    perform=list_users,
)
LIST_CHANGES = Operation(
    name="registry changes",
    summary="Show the newest changes of users and accounts, with who made each and why.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=ChangesRequest,
    subject=lambda request: Subject(Of.REGISTRY),
    preview=_preview,
    perform=list_changes,
)
OPERATIONS: Final = (LIST_ACCOUNTS, SHOW_ACCOUNT, LIST_USERS, LIST_CHANGES)
