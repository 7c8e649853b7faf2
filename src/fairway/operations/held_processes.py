"""Holds a child process of `fairway up` down for a while, so that its supervisor does not start it; or asks it to start one.

The hold is a file beside the status of the system. It ends by itself, so a program that dies leaves no process down for good.
What is asked is a file, too; the supervisor takes it away when it starts the child, and it counts for two minutes only: what was
asked of a system that has gone starts nothing later.
"""

from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from fairway.assembly.system_status import is_up, place_of
from fairway.settings import Settings
from fairway.world.clock import MINUTE, text_of
from fairway.world.files import write_whole

LONGEST_NS: Final = 10 * MINUTE
"""A hold counts for no longer, whatever its file says."""
ASKED_NS: Final = 2 * MINUTE
PILOT: Final = "pilot"
TRADER: Final = "trader"


class HeldProcess(Struct, frozen=True, kw_only=True):
    """A child that is held down. since, until: ns. why: a sentence for people."""

    name: str
    since: int
    until: int
    why: str

    def is_in_force(self, now: int) -> bool:
        """Whether it counts at an instant (ns)."""
        return self.since <= now < min(self.until, self.since + LONGEST_NS)

    def __str__(self) -> str:
        return f"held down until {text_of(self.until)[11:19]}: {self.why}"


def is_supervised(settings: Settings) -> bool:
    """Whether a supervisor of this system runs now, by the lock that it holds."""
    return is_up(place_of(settings))


def hold_down(settings: Settings, held: HeldProcess) -> None:
    """From now on the supervisor does not start this child. Raises OSError."""
    write_whole(_place(settings, held.name), msgspec.json.encode(held))


def let_start(settings: Settings, name: str) -> None:
    """Ends a hold. Raises OSError."""
    with suppress(FileNotFoundError):
        _place(settings, name).unlink()


def held_down(settings: Settings, name: str, now: int) -> HeldProcess | None:
    """The hold of a child that is in force; None where none is, or where its file cannot be read: then the child is started."""
    with suppress(OSError, msgspec.MsgspecError):
        found = msgspec.json.decode(_place(settings, name).read_bytes(), type=HeldProcess)
        return found if found.is_in_force(now) else None
    return None


def ask_start(settings: Settings, name: str, now: int) -> None:
    """The supervisor is to start this child again once it has ended. now: ns. Raises OSError."""
    write_whole(_asked(settings, name), msgspec.json.encode(now))


def take_start(settings: Settings, name: str, now: int) -> bool:
    """Whether a start was asked for lately; it is no longer asked for then. now: ns."""
    place = _asked(settings, name)
    try:
        asked_at = msgspec.json.decode(place.read_bytes(), type=int)
        place.unlink()
    except (OSError, msgspec.MsgspecError):
        return False
    return now - ASKED_NS <= asked_at <= now


def is_start_asked(settings: Settings, name: str) -> bool:
    """Whether a start is asked for that the supervisor has not taken yet."""
    return _asked(settings, name).exists()


def _place(settings: Settings, name: str) -> Path:
    place = place_of(settings)
    return place.with_name(f"{place.name}.held-{name}")


def _asked(settings: Settings, name: str) -> Path:
    place = place_of(settings)
    return place.with_name(f"{place.name}.start-{name}")
