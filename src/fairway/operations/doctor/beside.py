"""What `fairway doctor` asks of the traders beside: can they be followed, and does a shadow run the same release?"""

from collections.abc import Callable, Iterator
from functools import partial

from fairway.assembly import bot_of
from fairway.assembly.beside import control_of, shadow_of
from fairway.journal.port import JournalError
from fairway.journal.sql import open_reader
from fairway.launch.observation.comparison.comparison_sources import Unfollowed
from fairway.operations.doctor.checks import DoctorFinding, fail, ok, warn
from fairway.settings import Settings


def check_beside(settings: Settings) -> Iterator[DoctorFinding]:
    """One finding for each that the configuration names."""
    beside = settings.beside
    if beside.shadow is not None:
        yield _shadow(settings, partial(shadow_of, settings, beside.shadow))
    if beside.control is not None:
        yield _followed("control", partial(control_of, settings, beside.control))


def _shadow(settings: Settings, other: Callable[[], Settings]) -> DoctorFinding:
    found = _followed("shadow", other)
    try:
        release = bot_of(other()).digest
    except Unfollowed:
        return found
    own = bot_of(settings).digest
    if release != own:
        differs = f"its configuration makes release {release[:12]}, and this one {own[:12]}, so nothing can be paired"
        return fail(
            "shadow", differs, "pairs, interval, strategy with its code and settings, and risk must be equal, to the letter"
        )
    return found


def _followed(name: str, other: Callable[[], Settings]) -> DoctorFinding:
    try:
        settings = other()
        with open_reader(settings.journal, trader=settings.account) as reader:
            last = reader.last()
    except Unfollowed as error:
        return fail(name, str(error), f"mend that file, or name another under  beside: {{{name}: …}}")
    except JournalError as error:
        return warn(name, str(error), "start that trader; until then gates that ask for it pass nothing")
    return ok(name, f"its journal can be read, and has {last.seq if last is not None else 0:,} records")
