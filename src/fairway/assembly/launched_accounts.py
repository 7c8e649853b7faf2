"""Keeps each account of a venue under one launch: of all pilots of this user on this machine, one may issue leases for it.

A launch is beside one trader's journal, and its lock keeps a second pilot out. Two traders with journals of their own have
nothing in common but the account, which is known by its venue and its key. While a pilot flies it holds a lock named after them;
beside it stands whose launch it is, until that one is given up or its journal is moved away. Pilots of other machines are not
seen here; their orders at the venue are (see `trading/other_writers.py`).
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from fairway.assembly.fleet import carried
from fairway.journal.port import JournalError, JournalLocked
from fairway.journal.writer_lock import FileWriterLock
from fairway.launch.control import launch_events
from fairway.launch.control.command_inbox import launch_beside
from fairway.people.problems import PeopleError
from fairway.people.registry import Registry
from fairway.settings import Settings
from fairway.store.place import name_of
from fairway.world.files import write_whole

TWO_LAUNCHES: Final = (
    "For a second launch at the same time, give its accounts a trader of their own: another configuration with its own "
    "venue.key, venue.secret (or people) and journal, then  fairway run OTHER.yaml  and  fairway launch start OTHER.yaml PLAN"
)
"""What a person does who wants two."""
FOLDER: Final = Path("fairway") / "launches"


class AccountTaken(Exception):
    """Another launch has an account, or it cannot be checked whether one has."""


class _Claim(msgspec.Struct, frozen=True):
    """Whose launch an account is under. journal: of its trader, as a path or as a URL without its password; plan: its name."""

    journal: str
    plan: str
    is_file: bool


def folder_of(environment: Mapping[str, str]) -> Path:
    """Where the locks of one user are: `XDG_STATE_HOME`, or `~/.local/state`."""
    return Path(environment.get("XDG_STATE_HOME") or "~/.local/state").expanduser() / FOLDER


class LaunchedAccounts:
    """The accounts of one launch. plan: its name."""

    def __init__(self, settings: Settings, plan: str, folder: Path) -> None:
        self._settings, self._folder = settings, folder
        is_file = isinstance(settings.journal, Path)
        where = str(settings.journal.resolve()) if isinstance(settings.journal, Path) else name_of(settings.journal)
        self._own = _Claim(where, plan, is_file)
        self._held: dict[str, tuple[FileWriterLock, Path]] = {}

    def take(self, account: str, key: Callable[[], str]) -> None:
        """account: its name, for messages. key: brings what opens it at the venue. Raises AccountTaken, and what `key` raises."""
        if account in self._held:
            return
        opens = key()
        if not opens:
            return  # without a key nothing can be opened at the venue
        place = self._place(opens)
        hold = FileWriterLock(place)
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            hold.lock()
            other = _read(_beside(place))
            if other is not None and other.journal != self._own.journal and _is_there(other):
                raise JournalLocked("")
            _write(_beside(place), self._own)
        except JournalLocked:
            hold.release()
            raise AccountTaken(_told(account, _read(_beside(place)), _beside(place))) from None
        except (OSError, JournalError, msgspec.MsgspecError) as error:
            hold.release()
            why = getattr(error, "strerror", None) or str(error)
            raise AccountTaken(
                f"whether account {account} is under another launch cannot be seen, for {_beside(place)} cannot be used ({why}); "
                "make its directory writable, or name another by XDG_STATE_HOME, as in  export XDG_STATE_HOME=/var/lib/fairway"
            ) from None
        self._held[account] = hold, place

    def give_up(self) -> None:
        """The launch is given up: others may have its accounts, once this one has released them."""
        for _, place in self._held.values():
            _beside(place).unlink(missing_ok=True)

    def release(self) -> None:
        """This pilot ends. Its launch goes on to have the accounts, for its next one."""
        for hold, _ in self._held.values():
            hold.release()
        self._held.clear()

    def _place(self, key: str) -> Path:
        venue = self._settings.venue
        identity = (venue.exchange, self._settings.mode, venue.url or "", key)
        return self._folder / sha256(msgspec.json.encode(identity)).hexdigest()


def _beside(place: Path) -> Path:
    return place.with_suffix(".json")


def _read(file: Path) -> _Claim | None:
    try:
        return msgspec.json.decode(file.read_bytes(), type=_Claim)
    except FileNotFoundError:
        return None


def _write(file: Path, claim: _Claim) -> None:
    """Whole, or not at all: a pilot may die at any instant."""
    write_whole(file, msgspec.json.encode(claim))


def _is_there(claim: _Claim) -> bool:
    """A launch in a database counts as present: it cannot be checked from here."""
    return not claim.is_file or Path(str(launch_beside(Path(claim.journal)))).exists()


def _told(account: str, other: _Claim | None, file: Path) -> str:
    whose = f"the launch of plan {other.plan} beside {other.journal}" if other else "another launch, whose pilot flies"
    return (
        f"account {account} is under {whose}; an account follows one launch. {TWO_LAUNCHES}. To have this one instead, give the "
        "other up with its own configuration:  fairway launch abort OTHER.yaml --reason REASON  and stop its pilot; where "
        f"its journal is gone for good, delete {file}"
    )


class LaunchMembers:
    """Whose accounts a launch has: those of the registry that the trader carries, or the configured one."""

    def __init__(
        self, settings: Settings, registry: Registry | None, accounts: LaunchedAccounts, tell: Callable[[str], None]
    ) -> None:
        self._settings, self._registry, self._accounts, self._tell = settings, registry, accounts, tell
        self._refused: set[str] = set()

    def take_all(self) -> None:
        """Those that are there when the pilot starts. Raises AccountTaken, SecretMissing, StoreErrors."""
        settings, registry = self._settings, self._registry
        if registry is None:
            self._accounts.take(settings.account, lambda: settings.venue.key.reveal() if settings.venue.key else "")
            return
        for each in carried(settings, registry):
            with suppress(PeopleError):  # it is no launch account before its key can be read
                self._take(each.id, registry)

    async def accounts(self) -> Sequence[launch_events.LaunchAccount]:
        settings, registry = self._settings, self._registry
        if registry is None:
            profile = settings.risk.profile or ""
            return (launch_events.LaunchAccount(account=settings.account, user=settings.account, profile=profile, cohort="team"),)
        return tuple(
            launch_events.LaunchAccount(
                account=each.id,
                user=each.user,
                profile=registry.user(each.user).profile.value,
                cohort=each.cohort.value,
                joined_at=each.created_at,
            )
            for each in carried(settings, registry)
            if self._is_ours(each.id, registry)
        )

    def _take(self, account: str, registry: Registry) -> None:
        self._accounts.take(account, lambda: registry.keys_of(account).key.reveal())

    def _is_ours(self, account: str, registry: Registry) -> bool:
        """Of one that comes later: where another launch has it, this one goes on without it, and that is told once."""
        try:
            self._take(account, registry)
        except (AccountTaken, PeopleError) as error:
            if account not in self._refused:
                self._tell(f"account {account} gets no lease here: {error}")
            self._refused.add(account)
            return False
        return True
