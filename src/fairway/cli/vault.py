"""`fairway vault`: the shells of the operations on the master key, which encrypts the keys of all accounts."""

from cyclopts import App

from fairway.cli.perform import perform_here
from fairway.cli.registry import CommandPlace
from fairway.cli.shared_options import Flag, WhyChanged

app = App(name="vault", help="The vault of the accounts' keys: make and change its master key.")

HERE = CommandPlace()


@app.command
def init(*, replace: Flag = False, reason: WhyChanged = "", place: CommandPlace = HERE) -> int:
    """Make the master key, in a file that only you can read. It is never printed.

    Parameters
    ----------
    replace: bool
        The master key before this one is lost: the keys that it closed are destroyed, and each account needs new ones.
    """
    from fairway.operations.people.vault import INIT_VAULT, InitVaultRequest

    return perform_here(INIT_VAULT, InitVaultRequest(place=place.where, replace=replace, reason=reason), place.by)


@app.command
def rotate(*, reason: WhyChanged = "", place: CommandPlace = HERE) -> int:
    """Change the master key: every account's keys are closed with a new one, all or none. Traders that run go on.

    With file:PATH the new one is made here and takes the old one's place. With env:NAME put the new one before the old one first,
    with a space between them; when this has run, take the old one out.
    """
    from fairway.operations.people.vault import ROTATE_VAULT, RotateVaultRequest

    return perform_here(ROTATE_VAULT, RotateVaultRequest(place=place.where, reason=reason), place.by)
