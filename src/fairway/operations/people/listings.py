"""Shows users and accounts as the registry has them; nothing is changed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fairway.operations.operation import OWN_THINGS, Call, Exposure, Of, Operation, Outcome, Preview, Subject
from fairway.operations.people.registry_place import RegistryPlace
from fairway.operations.permissions import may_read
from fairway.people.account import Account
from fairway.people.lifecycle import LifecycleState
from fairway.people.roles import UserAct
from fairway.people.user import User

if TYPE_CHECKING:
    from fairway.people.registry import RecordedChange


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
    """accounts: ids of those that were not removed."""

    user: User
    accounts: tuple[str, ...]


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
    with call.request.place.opened() as (registry, _):
        users, accounts = registry.users(), registry.every_account()
    present = [account for account in accounts if account.state is not LifecycleState.REMOVED]
    return UsersOutcome(
        users=tuple(
            ListedUser(user=each, accounts=tuple(account.id for account in present if account.user == each.id)) for each in users
        )
    )


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
OPERATIONS: Final = (LIST_ACCOUNTS, SHOW_ACCOUNT, LIST_USERS)
