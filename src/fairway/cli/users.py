"""`fairway users`: who has accounts here and who looks after them; added, paused, resumed, removed, given a role or a profile."""

from cyclopts import App

from fairway.cli.answer import CommandOutput, shows
from fairway.cli.exits import ExitCode
from fairway.cli.registry import CommandPlace, show_rows
from fairway.cli.shared_options import UserId, WhyChanged
from fairway.people.lifecycle import AccountChange, LifecycleState
from fairway.people.roles import UserAct, UserRole, may
from fairway.people.user import Profile, User, check_user

app = App(name="users", help="Users: add, pause, resume and remove them, and give them roles and risk profiles.")

HERE = CommandPlace()


@app.command(name="list")
@shows
def list_users(*, place: CommandPlace = HERE) -> CommandOutput:
    """Show all users, the removed ones too."""
    with place.opened() as (registry, _):
        users, accounts = registry.users(), registry.every_account()
    if not users:
        none = 'no users yet; add the first with:  fairway users add ann --name "Ann Lee" --role trader'
        return CommandOutput(value={"users": []}, told=[none])
    living = [account for account in accounts if account.state is not LifecycleState.REMOVED]
    owned = {user.id: " ".join(account.id for account in living if account.user == user.id) for user in users}
    rows = [(each.id, each.name, each.role, each.profile, owned[each.id], each.state) for each in users]
    columns = ("user", "name", "role", "profile", "accounts", "state")
    value = [{**dict(zip(columns, row, strict=True)), "accounts": owned[row[0]].split()} for row in rows]
    return CommandOutput(value={"users": value}, told=lambda: show_rows(columns, rows))


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
        admin: everything. trader: has accounts, and looks after these. support: may pause anybody's. viewer: changes nothing.
    profile: Profile
        How much the user is ready to lose.
    """
    said = place.said(reason)
    wanted = check_user(User(id=user, name=name, role=role, profile=profile, created_at=said.at, said=said))
    with place.opened(begin=True) as (registry, registrar):
        registrar.add_user(wanted)
        has_vault = bool(registry.every_account())
    print(f"user {user} is added: {role}, {profile}")
    if may(role, UserAct.OWN, to_self=True):
        if not has_vault:
            print("next, once for all users:  fairway vault init")
        then = "next" if has_vault else "then"
        print(f"{then}, for each account:    fairway accounts add ID --user {user} --exchange binance --mode testnet")
    return ExitCode.OK


@app.command
def pause(user: UserId, /, *, reason: WhyChanged = "", place: CommandPlace = HERE) -> int:
    """Pause a user: no account of this user opens anything; what is held stays, and stays protected."""
    return _change(
        user, AccountChange.PAUSE, reason, place, "no account of {0} opens anything; what is held stays, and stays protected"
    )


@app.command
def resume(user: UserId, /, *, reason: WhyChanged, place: CommandPlace = HERE) -> int:
    """End a user's pause. Accounts that were paused by themselves stay so."""
    return _change(
        user,
        AccountChange.RESUME,
        reason,
        place,
        "accounts of {0} may open positions again, if they are not paused by themselves",
    )


@app.command
def remove(user: UserId, /, *, reason: WhyChanged, place: CommandPlace = HERE) -> int:
    """Remove a user who has no accounts any more. The history and the id stay."""
    return _change(user, AccountChange.REMOVE, reason, place, "the history of {0} stays, and the id is never used again")


@app.command(name="role")
def set_role(user: UserId, role: UserRole, /, *, reason: WhyChanged, place: CommandPlace = HERE) -> int:
    """Give a user another role.

    Parameters
    ----------
    role: Role
        admin, trader, support or viewer; `fairway users add --help` says what they may do.
    """
    with place.opened() as (_, registrar):
        registrar.set_role(user, role, place.said(reason))
    print(f"user {user} is {role} now")
    return ExitCode.OK


@app.command(name="profile")
def set_profile(user: UserId, profile: Profile, /, *, reason: WhyChanged, place: CommandPlace = HERE) -> int:
    """Give a user another risk profile.

    Parameters
    ----------
    profile: Profile
        conservative, moderate or aggressive.
    """
    with place.opened() as (_, registrar):
        registrar.set_profile(user, profile, place.said(reason))
    print(f"user {user} is {profile} now")
    return ExitCode.OK


def _change(user: str, change: AccountChange, reason: str, place: CommandPlace, meaning: str) -> int:
    with place.opened() as (_, registrar):
        changed = registrar.change_user(user, change, place.said(reason))
    print(f"user {user} is {changed.state}: {meaning.format(user)}")
    return ExitCode.OK
