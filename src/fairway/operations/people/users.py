"""Operations on users: add, pause, resume and remove them, and give them a role and a risk profile."""

from dataclasses import dataclass
from typing import Final

from fairway.operations.operation import Call, Exposure, Of, Operation, Outcome, Preview, Subject
from fairway.operations.people.registry_place import RegistryPlace, note_of
from fairway.people.lifecycle import AccountChange
from fairway.people.roles import UserAct, UserRole, may
from fairway.people.user import Profile, User, check_user


@dataclass(frozen=True, slots=True, kw_only=True)
class AddUserRequest:
    """user: an id that was never used. name: for people, such as Ann Lee."""

    place: RegistryPlace
    user: str
    name: str
    role: UserRole
    profile: Profile
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRequest:
    """user: the id."""

    place: RegistryPlace
    user: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRoleRequest(UserRequest):
    role: UserRole


@dataclass(frozen=True, slots=True, kw_only=True)
class UserProfileRequest(UserRequest):
    profile: Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class UserOutcome(Outcome):
    """state: of the user afterwards."""

    user: str
    state: str


def perform_add(call: Call[AddUserRequest]) -> UserOutcome:
    """The first user begins the registry. Raises ChangeRefused, StoreErrors."""
    asked, note = call.request, note_of(call, call.request.reason)
    user = check_user(User(id=asked.user, name=asked.name, role=asked.role, profile=asked.profile, created_at=note.at, said=note))
    with asked.place.opened(begin=True) as (registry, registrar):
        registrar.add_user(user)
        has_accounts = bool(registry.every_account())
    lines = [f"user {user.id} is added: {user.role}, {user.profile}"]
    if may(user.role, UserAct.OWN, to_self=True):
        if not has_accounts:
            lines.append("next, once for all users:  fairway vault init")
        then = "next" if has_accounts else "then"
        lines.append(f"{then}, for each account:    fairway accounts add ID --user {user.id} --exchange binance --mode testnet")
    return UserOutcome(user=user.id, state=user.state, lines=tuple(lines))


def perform_pause(call: Call[UserRequest]) -> UserOutcome:
    """Raises ChangeRefused, StoreErrors."""
    return _change(call, AccountChange.PAUSE, "no account of {0} opens anything; what is held stays, and stays protected")


def perform_resume(call: Call[UserRequest]) -> UserOutcome:
    """Raises ChangeRefused, StoreErrors."""
    return _change(call, AccountChange.RESUME, "accounts of {0} may open positions again, if they are not paused by themselves")


def perform_remove(call: Call[UserRequest]) -> UserOutcome:
    """Raises ChangeRefused, StoreErrors."""
    return _change(call, AccountChange.REMOVE, "the history of {0} stays, and the id is never used again")


def _change(call: Call[UserRequest], change: AccountChange, meaning: str) -> UserOutcome:
    asked = call.request
    with asked.place.opened() as (_, registrar):
        changed = registrar.change_user(asked.user, change, note_of(call, asked.reason))
    line = f"user {asked.user} is {changed.state}: {meaning.format(asked.user)}"
    return UserOutcome(user=asked.user, state=changed.state, lines=(line,))


def perform_role(call: Call[UserRoleRequest]) -> UserOutcome:
    """Raises ChangeRefused, StoreErrors."""
    asked = call.request
    with asked.place.opened() as (_, registrar):
        changed = registrar.set_role(asked.user, asked.role, note_of(call, asked.reason))
    return UserOutcome(user=asked.user, state=changed.state, lines=(f"user {asked.user} is {asked.role} now",))


def perform_profile(call: Call[UserProfileRequest]) -> UserOutcome:
    """Raises ChangeRefused, StoreErrors."""
    asked = call.request
    with asked.place.opened() as (_, registrar):
        changed = registrar.set_profile(asked.user, asked.profile, note_of(call, asked.reason))
    return UserOutcome(user=asked.user, state=changed.state, lines=(f"user {asked.user} is {asked.profile} now",))


def preview_add(call: Call[AddUserRequest]) -> Preview:
    """Reads nothing: the registry may not exist yet."""
    asked = call.request
    return Preview(effect=f"adds the user {asked.user}: {asked.role}, {asked.profile}")


def _preview(call: Call[UserRequest], effect: str) -> Preview:
    """The effect on a user and the accounts of this user. Raises ChangeRefused, StoreErrors."""
    asked = call.request
    with asked.place.opened() as (registry, _):
        registry.user(asked.user)
        accounts = tuple(each.id for each in registry.accounts() if each.user == asked.user)
    return Preview(effect=effect, accounts=accounts)


def user_subject(asked: UserRequest | AddUserRequest) -> Subject:
    """The user that a request names."""
    return Subject(Of.USER, asked.user)


ADD_USER = Operation(
    name="users add",
    summary="Add a user.",
    act=UserAct.GOVERN,
    exposure=Exposure.KEEPS,
    request=AddUserRequest,
    subject=user_subject,
    preview=preview_add,
    perform=perform_add,
)
PAUSE_USER = Operation(
    name="users pause",
    summary="Pause a user: no account of this user opens anything.",
    act=UserAct.PAUSE,
    exposure=Exposure.LOWERS,
    request=UserRequest,
    subject=user_subject,
    preview=lambda call: _preview(call, "opens nothing; what is held stays protected"),
    perform=perform_pause,
)
RESUME_USER = Operation(
    name="users resume",
    summary="End a user's pause.",
    act=UserAct.GOVERN,
    exposure=Exposure.RAISES,
    request=UserRequest,
    subject=user_subject,
    preview=lambda call: _preview(call, "may open positions again, where the account itself is not paused"),
    perform=perform_resume,
)
REMOVE_USER = Operation(
    name="users remove",
    summary="Remove a user who has no accounts any more.",
    act=UserAct.GOVERN,
    exposure=Exposure.KEEPS,
    request=UserRequest,
    subject=user_subject,
    preview=lambda call: _preview(call, "the user is removed for good, and the id is never used again"),
    perform=perform_remove,
)
SET_ROLE = Operation(
    name="users role",
    summary="Give a user another role.",
    act=UserAct.GOVERN,
    exposure=Exposure.KEEPS,
    request=UserRoleRequest,
    subject=user_subject,
    preview=lambda call: _preview(call, f"the user becomes {call.request.role}"),
    perform=perform_role,
)
SET_PROFILE = Operation(
    name="users profile",
    summary="Give a user another risk profile.",
    act=UserAct.GOVERN,
    exposure=Exposure.RAISES,
    request=UserProfileRequest,
    subject=user_subject,
    preview=lambda call: _preview(call, f"the accounts trade by the profile {call.request.profile}"),
    perform=perform_profile,
)
OPERATIONS: Final = (ADD_USER, PAUSE_USER, RESUME_USER, REMOVE_USER, SET_ROLE, SET_PROFILE)
