"""Operations on the vault's master key, which encrypts the keys of all accounts: make it, and change it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fairway.operations.operation import Call, Exposure, Of, Operation, Outcome, Preview, Subject
from fairway.operations.people.registry_place import RegistryPlace, note_of
from fairway.operations.refusal import against_rule, wrong_input
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
from fairway.people.roles import UserAct
from fairway.people.secret import FILE, path_of
from fairway.store.failures import StoreMissing
from fairway.world.chance import SystemChance


@dataclass(frozen=True, slots=True, kw_only=True)
class InitVaultRequest:
    """replace: the master key before this one is lost; the keys that it encrypted are destroyed."""

    place: RegistryPlace
    replace: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RotateVaultRequest:
    place: RegistryPlace
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultOutcome(Outcome):
    """master_key_id: in hexadecimal; never the key itself."""

    master_key_id: str


def perform_init(call: Call[InitVaultRequest]) -> VaultOutcome:
    """Raises Refusal, SecretUnusable, StoreErrors, VaultErrors."""
    asked = call.request
    path, held = _file_of_new(asked), _accounts_with_keys(asked.place)
    made = make_file(path, fresh_from(SystemChance()))
    lines: list[str] = []
    if held:
        with asked.place.opened() as (_, registrar):
            registrar.give_up(note_of(call, asked.reason))
        lines.append(f"the keys of {held} accounts are destroyed; give each new ones:  fairway accounts rotate")
    lines.append(f"the master key {made.id.hex()} is in {path}, which only you can read.")
    lines.append("Keep a copy in another place, such as a password manager: without it the vault cannot be opened.")
    return VaultOutcome(master_key_id=made.id.hex(), lines=tuple(lines))


def _file_of_new(asked: InitVaultRequest) -> Path:
    """Where the new master key goes. Raises Refusal, SecretUnusable, StoreErrors."""
    path = _file_of(check_place(asked.place.master_key))
    if path is None:
        name = asked.place.master_key.removeprefix("env:")
        raise wrong_input(
            f"MASTER_KEY_IN_VARIABLE: name={name}",
            "Fairway does not make a master key for a variable; make it where you set the variable:  "
            f'export {name}="$(head -c 32 /dev/urandom | base64)"',
        )
    held = _accounts_with_keys(asked.place)
    if held and not asked.replace:
        raise against_rule(
            f"VAULT_IN_USE: accounts={held}",
            f"the vault holds the keys of {held} accounts, which a new master key does not open; name the place of the old one "
            "with --master-key, or restore its backup; if it is lost, --replace",
        )
    return path


def _file_of(place: str) -> Path | None:
    """The path of a `file:` reference, None for a variable."""
    return path_of(place) if place.startswith(FILE) else None


def _accounts_with_keys(place: RegistryPlace) -> int:
    try:
        with place.opened() as (registry, _):
            return registry.accounts_with_keys()
    except StoreMissing:
        return 0


def perform_rotate(call: Call[RotateVaultRequest]) -> VaultOutcome:
    """Raises Refusal, SecretUnusable, ChangeRefused, StoreErrors, VaultErrors."""
    place = call.request.place
    path = _file_of(check_place(place.master_key))
    renewed = _rotated_variable(call) if path is None else _rotated_file(call, path)
    first = master_keys(place.master_key)[0].id.hex()
    lines = (
        f"all keys in the vault, {renewed} of them, are closed with the new master key {first}.",
        "Keep a copy of it in another place. The old one opens older copies of the registry only: destroy it with these.",
    )
    return VaultOutcome(master_key_id=first, lines=lines)


def _rotated_variable(call: Call[RotateVaultRequest]) -> int:
    """How many keys the new master key closes now. Raises Refusal where the variable holds no new one."""
    asked = call.request
    with asked.place.opened() as (_, registrar):
        if not registrar.outdated():
            raise against_rule(
                f"MASTER_KEY_NOT_NEW: place={asked.place.master_key}",
                f"all of the vault is closed with the first master key in {asked.place.master_key}; put a new one before it, "
                "with a space between them, and run this again",
            )
        return registrar.renew(note_of(call, asked.reason))


def _rotated_file(call: Call[RotateVaultRequest], path: Path) -> int:
    """At every moment the file holds what opens the vault: first both master keys, and the new one alone at the end."""
    asked = call.request
    note = note_of(call, asked.reason)
    with alone_with(path), asked.place.opened() as (_, registrar):
        if not registrar.outdated():  # else an earlier rotation was interrupted, and is finished now
            new = MasterKey(fresh_from(SystemChance())(KEY_BYTES))
            replace_file(path, [new, *master_keys(asked.place.master_key)])
        renewed = registrar.renew(note)
        replace_file(path, master_keys(asked.place.master_key)[:1])
        return renewed


def preview_init(call: Call[InitVaultRequest]) -> Preview:
    """Raises Refusal, SecretUnusable, StoreErrors."""
    path, held = _file_of_new(call.request), _accounts_with_keys(call.request.place)
    lost = f"; the keys of {held} accounts are destroyed" if held else ""
    return Preview(effect=f"makes a master key in {path}{lost}")


def preview_rotate(call: Call[RotateVaultRequest]) -> Preview:
    """Raises StoreErrors."""
    held = _accounts_with_keys(call.request.place)
    return Preview(effect=f"closes the keys of {held} accounts with a new master key, all or none; traders that run go on")


def _registry(asked: object) -> Subject:
    return Subject(Of.REGISTRY)


INIT_VAULT = Operation(
    name="vault init",
    summary="Make the master key of the vault.",
    act=UserAct.GOVERN,
    exposure=Exposure.KEEPS,
    request=InitVaultRequest,
    subject=_registry,
    preview=preview_init,
    perform=perform_init,
)
ROTATE_VAULT = Operation(
    name="vault rotate",
    summary="Change the master key of the vault.",
    act=UserAct.GOVERN,
    exposure=Exposure.KEEPS,
    request=RotateVaultRequest,
    subject=_registry,
    preview=preview_rotate,
    perform=perform_rotate,
)
OPERATIONS: Final = (INIT_VAULT, ROTATE_VAULT)
