"""Opens the registry and the vault of its accounts' keys, at the places that a request names."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from fairway.operations.operation import Call
from fairway.people.master_key import DEFAULT_PLACE, check_place, fresh_from, master_keys
from fairway.people.registrar import Registrar
from fairway.people.registry import Registry
from fairway.people.sign_ins import SignIns
from fairway.people.tables import Tables
from fairway.people.user import ChangeNote
from fairway.people.vault import Vault
from fairway.store.place import place_of
from fairway.world.chance import SystemChance
from fairway.world.clock import SystemClock


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryPlace:
    """registry: a file, or a PostgreSQL URL. master_key: the place of the vault's master key, env:NAME or file:PATH."""

    registry: str
    master_key: str = DEFAULT_PLACE

    @contextmanager
    def opened(self, *, begin: bool = False) -> Iterator[tuple[Registry, Registrar]]:
        """The registry, and what changes it. begin: make it where there is none. Raises StoreErrors, SecretUnusable."""
        place = check_place(self.master_key)
        vault = Vault(lambda: master_keys(place), fresh_from(SystemChance()))  # no key is read before one is used
        with closing(Tables(place_of(self.registry))) as tables:
            tables.prepare(begin=begin)
            yield Registry(tables, vault), Registrar(tables, vault)

    @contextmanager
    def sign_ins(self) -> Iterator[SignIns]:
        """The passwords and tokens of the registry's users. Raises StoreErrors."""
        with closing(Tables(place_of(self.registry))) as tables:
            tables.prepare()
            yield SignIns(tables, fresh_from(SystemChance()))


def note_of(call: Call[object], reason: str) -> ChangeNote:
    """Who changes the registry now, and why."""
    return ChangeNote(by=call.actor.name, reason=reason.strip(), at=SystemClock().now())
