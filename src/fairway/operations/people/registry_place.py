"""Opens the registry and the vault of its accounts' keys, at the places that a request names."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from fairway.operations.operation import Call
from fairway.people.master_key import DEFAULT_PLACE, check_place, fresh_from, master_keys
from fairway.people.registrar import Registrar
from fairway.people.registry import Registry
from fairway.people.second_factor import SecondFactors
from fairway.people.sign_ins import SignIns
from fairway.people.tables import Tables
from fairway.people.user import ChangeNote
from fairway.people.vault import Vault
from fairway.store.place import place_of
from fairway.world.chance import SystemChance
from fairway.world.clock import SystemClock


class OpenRegistry:
    """One store: what reads it, what changes it, and who signs in. Close it when it is not needed any more."""

    def __init__(self, tables: Tables, vault: Vault) -> None:
        self._tables = tables
        self.registry, self.registrar = Registry(tables, vault), Registrar(tables, vault)
        self.sign_ins = SignIns(tables, fresh_from(SystemChance()))
        self.second_factors = SecondFactors(tables, vault, fresh_from(SystemChance()))

    def close(self) -> None:
        self._tables.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryPlace:
    """registry: a file, or a PostgreSQL URL. master_key: the place of the vault's master key, env:NAME or file:PATH."""

    registry: str
    master_key: str = DEFAULT_PLACE

    @contextmanager
    def opened(self, *, begin: bool = False) -> Iterator[tuple[Registry, Registrar]]:
        """The registry, and what changes it. begin: make it where there is none. Raises StoreErrors, SecretUnusable."""
        with closing(self.open(begin=begin)) as opened:
            yield opened.registry, opened.registrar

    @contextmanager
    def sign_ins(self) -> Iterator[SignIns]:
        """The passwords and tokens of the registry's users. Raises StoreErrors, SecretUnusable."""
        with closing(self.open()) as opened:
            yield opened.sign_ins

    @contextmanager
    def second_factors(self) -> Iterator[SecondFactors]:
        """The codes of the registry's users. Raises StoreErrors, SecretUnusable."""
        with closing(self.open()) as opened:
            yield opened.second_factors

    def open(self, *, begin: bool = False) -> OpenRegistry:
        """All of it, for a program that goes on asking. Raises StoreErrors, SecretUnusable."""
        place = check_place(self.master_key)
        vault = Vault(lambda: master_keys(place), fresh_from(SystemChance()))  # no key is read before one is used
        tables = Tables(place_of(self.registry))
        try:
            tables.prepare(begin=begin)
        except BaseException:
            tables.close()
            raise
        return OpenRegistry(tables, vault)


def note_of(call: Call[object], reason: str) -> ChangeNote:
    """Who changes the registry now, and why."""
    return ChangeNote(by=call.actor.name, reason=reason.strip(), at=SystemClock().now())
