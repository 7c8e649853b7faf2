"""Says who performs an operation, through which shell, and with which role."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from fairway.people.lifecycle import LifecycleState
from fairway.people.roles import UserRole
from fairway.people.token import TokenScope

if TYPE_CHECKING:
    from fairway.people.registry import Registry


class Shell(StrEnum):
    """The shell through which an operation is performed."""

    CLI = "cli"
    API = "api"
    PANEL = "panel"
    TELEGRAM = "telegram"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person who performs an operation."""

    name: str
    shell: Shell
    role: UserRole | None = None
    """None for the owner of this machine, who may read and write its files and so may do everything."""
    is_active: bool = True
    """Whether the registry lets this user act at all."""
    accounts: frozenset[str] = frozenset()
    """The accounts that belong to this user, in whatever state they are."""
    scope: TokenScope = TokenScope.MANAGE
    """What the token allows at most that was shown."""
    is_recent: bool = True
    """Whether this person signed in within the last 5 minutes."""


def owner_of_machine(name: str, shell: Shell = Shell.CLI) -> Actor:
    """The person who runs commands on this machine. The right to open its files is the permission."""
    return Actor(name=name, shell=shell)


def actor_of(
    registry: "Registry", user_id: str, shell: Shell, *, scope: TokenScope = TokenScope.MANAGE, is_recent: bool = True
) -> Actor:
    """A registered user, with role and accounts as the registry has them now. Raises ChangeRefused and StoreErrors."""
    user = registry.user(user_id)
    return Actor(
        name=user.id,
        shell=shell,
        role=user.role,
        is_active=user.state is LifecycleState.ACTIVE,
        accounts=frozenset(each.id for each in registry.every_account() if each.user == user_id),
        scope=scope,
        is_recent=is_recent,
    )
