"""`fairway users`: who has accounts here and who looks after them; added, paused, given a role, a profile, a password."""

from typing import TYPE_CHECKING

from cyclopts import App

from fairway.cli.answer import CommandOutput, shows
from fairway.cli.perform import outcome_of, perform_here
from fairway.cli.registry import TYPED, CommandPlace, check_secret, secret_given, show_rows
from fairway.cli.shared_options import Flag, UserId, WhyChanged
from fairway.people.roles import UserRole
from fairway.people.user import Profile

if TYPE_CHECKING:
    from fairway.operations.people.listings import ListedUser

app = App(name="users", help="Users: add, pause, resume and remove them, and give them roles and risk profiles.")

HERE = CommandPlace()


@app.command(name="list")
@shows
def list_users(*, place: CommandPlace = HERE) -> CommandOutput:
    """Show all users, the removed ones too."""
    from fairway.operations.people.listings import LIST_USERS, ListRequest

    users = outcome_of(LIST_USERS, ListRequest(place=place.where), place.by).users
    if not users:
        none = 'no users yet; add the first with:  fairway users add ann --name "Ann Lee" --role trader'
        return CommandOutput(value={"users": []}, text=[none])
    rows = [_row(each) for each in users]
    columns = ("user", "name", "role", "profile", "accounts", "state")
    value = [
        {**dict(zip(columns, row, strict=True)), "accounts": list(each.accounts)} for row, each in zip(rows, users, strict=True)
    ]
    return CommandOutput(value={"users": value}, text=lambda: show_rows(columns, rows))


def _row(each: "ListedUser") -> tuple[str, ...]:
    user = each.user
    return user.id, user.name, user.role, user.profile, " ".join(each.accounts), user.state


@app.command
def add(
    user: str,
    /,
    *,
    name: str = "",
    role: UserRole,
    profile: Profile = Profile.CONSERVATIVE,
    reason: WhyChanged = "",
    place: CommandPlace = HERE,
) -> int:
    """Add a user. The first one begins the registry.

    Parameters
    ----------
    user: str
        The user's id, such as ann; it is never used again.
    name: str
        The name for people, such as "Ann Lee".
    role: Role
        admin: everything. trader: has accounts, and looks after these. support: may pause each account. viewer: changes nothing.
    profile: Profile
        How much the user is ready to lose.
    """
    from fairway.operations.people.users import ADD_USER, AddUserRequest

    request = AddUserRequest(place=place.where, user=user, name=name, role=role, profile=profile, reason=reason)
    return perform_here(ADD_USER, request, place.by)


@app.command
def pause(user: UserId, /, *, reason: WhyChanged = "", place: CommandPlace = HERE) -> int:
    """Pause a user: no account of this user opens anything; what is held stays, and stays protected."""
    from fairway.operations.people.users import PAUSE_USER, UserRequest

    return perform_here(PAUSE_USER, UserRequest(place=place.where, user=user, reason=reason), place.by)


@app.command
def resume(user: UserId, /, *, reason: WhyChanged, place: CommandPlace = HERE) -> int:
    """End a user's pause. Accounts that were paused by themselves stay so."""
    from fairway.operations.people.users import RESUME_USER, UserRequest

    return perform_here(RESUME_USER, UserRequest(place=place.where, user=user, reason=reason), place.by)


@app.command
def remove(user: UserId, /, *, reason: WhyChanged, place: CommandPlace = HERE) -> int:
    """Remove a user who has no accounts any more. The history and the id stay."""
    from fairway.operations.people.users import REMOVE_USER, UserRequest

    return perform_here(REMOVE_USER, UserRequest(place=place.where, user=user, reason=reason), place.by)


@app.command(name="role")
def set_role(user: UserId, role: UserRole, /, *, reason: WhyChanged, place: CommandPlace = HERE) -> int:
    """Give a user another role.

    Parameters
    ----------
    role: Role
        admin, trader, support or viewer; `fairway users add --help` says what they may do.
    """
    from fairway.operations.people.users import SET_ROLE, UserRoleRequest

    request = UserRoleRequest(place=place.where, user=user, role=role, reason=reason)
    return perform_here(SET_ROLE, request, place.by)


@app.command(name="profile")
def set_profile(user: UserId, profile: Profile, /, *, reason: WhyChanged, place: CommandPlace = HERE) -> int:
    """Give a user another risk profile.

    Parameters
    ----------
    profile: Profile
        conservative, moderate or aggressive.
    """
    from fairway.operations.people.users import SET_PROFILE, UserProfileRequest

    request = UserProfileRequest(place=place.where, user=user, profile=profile, reason=reason)
    return perform_here(SET_PROFILE, request, place.by)


@app.command(name="second-factor")
def second_factor(user: UserId, /, *, end: Flag = False, reason: WhyChanged = "", place: CommandPlace = HERE) -> int:
    """Let a user sign in with password and code: shows the secret for an app that makes codes, and asks for a first code.

    Parameters
    ----------
    end: bool
        End the second factor instead; the password alone is enough then.
    """
    from fairway.operations.people.second_factor import (
        BEGIN_SECOND_FACTOR,
        CONFIRM_SECOND_FACTOR,
        END_SECOND_FACTOR,
        ConfirmRequest,
    )
    from fairway.operations.people.users import UserRequest

    request = UserRequest(place=place.where, user=user, reason=reason)
    if end:
        return perform_here(END_SECOND_FACTOR, request, place.by)
    perform_here(BEGIN_SECOND_FACTOR, request, place.by)
    code = secret_given(TYPED, "the code that the app shows").reveal()
    confirmed = ConfirmRequest(place=place.where, user=user, code=code, reason=reason)
    return perform_here(CONFIRM_SECOND_FACTOR, confirmed, place.by)


@app.command
def password(
    user: UserId,
    /,
    *,
    password: str = TYPED,
    one_time: Flag = False,
    reason: WhyChanged = "",
    place: CommandPlace = HERE,
) -> int:
    """Give a user a password for the HTTP server. Sign-ins by the old one end.

    Parameters
    ----------
    password: str
        Where the new password is: env:NAME, file:PATH, or - to type it unseen or pipe it in.
    one_time: bool
        Print a password for one sign-in instead; the user then sets another one.
    """
    from fairway.operations.people.passwords import ONE_TIME_PASSWORD, SET_PASSWORD, SetPasswordRequest
    from fairway.operations.people.users import UserRequest

    if one_time:
        return perform_here(ONE_TIME_PASSWORD, UserRequest(place=place.where, user=user, reason=reason), place.by)
    check_secret("--password", password)
    given = secret_given(password, "the new password")
    return perform_here(SET_PASSWORD, SetPasswordRequest(place=place.where, user=user, reason=reason, password=given), place.by)
