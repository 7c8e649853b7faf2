"""`fairway vault`: makes the master key that the keys of all accounts are closed with, and changes it."""

from pathlib import Path

from cyclopts import App

from fairway.cli.exits import ExitCode, Failure
from fairway.cli.registry import CommandPlace, file_of
from fairway.cli.shared_options import Flag, WhyChanged
from fairway.people.master_key import (
    KEY_BYTES,
    MasterKey,
    alone_with,
    check_place,
    fresh_from,
    make_file,
    master_keys,
    replace_file,
)
from fairway.people.user import ChangeNote
from fairway.store.failures import StoreMissing
from fairway.world.chance import SystemChance

app = App(name="vault", help="The vault of the accounts' keys: make and change its master key.")

HERE = CommandPlace()


@app.command
def init(*, anew: Flag = False, reason: WhyChanged = "", place: CommandPlace = HERE) -> int:
    """Make the master key, in a file that nobody else reads. It is never printed.

    Parameters
    ----------
    anew: bool
        The master key before this one is lost: what it closed is destroyed, and each account needs new keys.
    """
    path = file_of(check_place(place.master_key))
    if path is None:
        raise Failure(
            f"a master key in a variable is made by whoever sets it:  export {place.master_key.removeprefix('env:')}="
            '"$(head -c 32 /dev/urandom | base64)"',
            ExitCode.USAGE,
        )
    held = _held(place)
    if held and not anew:
        raise Failure(
            f"the vault holds the keys of {held} accounts, which a new master key does not open; name the place of the old one "
            "with --master-key, or restore its backup; if it is lost, --anew",
            ExitCode.NO,
        )
    made = make_file(path, fresh_from(SystemChance()))
    if held:
        with place.opened() as (_, registrar):
            registrar.give_up(place.said(reason))
        print(f"the keys of {held} accounts are destroyed; give each new ones:  fairway accounts rotate")
    print(f"the master key {made.id.hex()} is in {path}, which nobody but you can read.")
    print("Keep a copy in another place, such as a password manager: without it nobody opens the vault.")
    return ExitCode.OK


@app.command
def rotate(*, reason: WhyChanged = "", place: CommandPlace = HERE) -> int:
    """Change the master key: every account's keys are closed with a new one, all or none. Traders that run go on.

    With file:PATH the new one is made here and takes the old one's place. With env:NAME put the new one before the old one first,
    with a space between them; when this has run, take the old one out.
    """
    path = file_of(check_place(place.master_key))
    said = place.said(reason)
    renewed = _rotated_variable(place, said) if path is None else _rotated_file(place, path, said)
    first = master_keys(place.master_key)[0]
    print(f"all keys in the vault, {renewed} of them, are closed with the new master key {first.id.hex()}.")
    print("Keep a copy of it in another place. The old one opens older copies of the registry only: destroy it with these.")
    return ExitCode.OK


def _rotated_variable(place: CommandPlace, said: ChangeNote) -> int:
    with place.opened() as (_, registrar):
        if not registrar.outdated():
            raise Failure(
                f"all of the vault is closed with the first master key in {place.master_key}; put a new one before it, "
                "with a space between them, and run this again",
                ExitCode.NO,
            )
        return registrar.renew(said)


def _rotated_file(place: CommandPlace, path: Path, said: ChangeNote) -> int:
    """At every moment the file holds what opens the vault: first both master keys, and the new one alone at the end."""
    with alone_with(path), place.opened() as (_, registrar):
        if not registrar.outdated():  # else an earlier rotation was cut short, and is finished now
            new = MasterKey(fresh_from(SystemChance())(KEY_BYTES))
            replace_file(path, [new, *master_keys(place.master_key)])
        renewed = registrar.renew(said)
        replace_file(path, master_keys(place.master_key)[:1])
        return renewed


def _held(place: CommandPlace) -> int:
    try:
        with place.opened() as (registry, _):
            return registry.accounts_with_keys()
    except StoreMissing:
        return 0
