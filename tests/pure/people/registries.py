"""A registry to test with, and people and accounts to put into it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from fairway.people.account import Account, KeyCheck
from fairway.people.master_key import KEY_BYTES, MasterKey, fresh_from
from fairway.people.registrar import Registrar
from fairway.people.registry import Registry
from fairway.people.roles import UserRole
from fairway.people.secret import Keys, Secret
from fairway.people.tables import Tables
from fairway.people.user import ChangeNote, Profile, User
from fairway.people.vault import Vault
from fairway.store.place import Place
from fairway.world.chance import Chance

FRESH = fresh_from(Chance(11))
KEYS = Keys(Secret("key-0123456789"), Secret("secret-0123456789"))


def said(by: str = "operator", reason: str = "", at: int = 7) -> ChangeNote:
    return ChangeNote(by=by, reason=reason, at=at)


def user(user_id: str = "ann", role: UserRole = UserRole.TRADER, **more: Any) -> User:
    made = User(id=user_id, name="Ann Lee", role=role, profile=Profile.MODERATE, created_at=7, said=said())
    return replace(made, **more)


def account(account_id: str = "main", owner: str = "ann", **more: Any) -> Account:
    made = Account(
        id=account_id,
        user=owner,
        exchange="binance",
        mode="live",
        created_at=7,
        said=said(),
        keys_at=7,
        key_check=KeyCheck.SOUND,
    )
    return replace(made, **more)


@dataclass
class Ground:
    """One place, its registry, and master keys that a test may change."""

    place: Place
    masters: list[MasterKey] = field(default_factory=lambda: [MasterKey(FRESH(KEY_BYTES))])

    others: list["Ground"] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tables = Tables(self.place)
        self.tables.prepare(begin=True)
        vault = Vault(self.look, FRESH)
        self.registry, self.registrar = Registry(self.tables, vault), Registrar(self.tables, vault)

    def look(self) -> Sequence[MasterKey]:
        return tuple(self.masters)

    def again(self) -> "Ground":
        """The same place as another process opens it."""
        other = Ground(self.place, self.masters)
        self.others.append(other)
        return other

    def close(self) -> None:
        for each in (self, *self.others):
            each.tables.close()
