"""The traders beside a launch, as its configuration names them: each is found by its own configuration file."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from fairway.journal.port import Record
from fairway.journal.reader import SqlReader
from fairway.journal.sql import open_reader
from fairway.launch.control.pilot import Source
from fairway.launch.observation.comparison.comparison_sources import Control, Shadow, Unfollowed, asked_of_control
from fairway.launch.plan.compiled_plan import CompiledPlan
from fairway.market.candles import INTERVALS
from fairway.settings import Settings, SettingsError, load
from fairway.store.failures import StoreError
from fairway.store.patience import OwnThread

REAL: Final = "live"


class Companions:
    """What a pilot hears from them."""

    def __init__(self, settings: Settings, plan: CompiledPlan) -> None:
        self._open: list[Follower] = []
        self.sources: Sequence[Source] = tuple(self._sources(settings, plan))

    def _sources(self, settings: Settings, plan: CompiledPlan) -> Iterator[Source]:
        beside, asked = settings.beside, asked_of_control(plan)
        if beside.control is not None and asked:
            yield Control(self._following(partial(control_of, settings, beside.control)), asked)
        if beside.shadow is not None:
            shadow = self._following(partial(shadow_of, settings, beside.shadow))
            yield Shadow(self._following(lambda: settings), shadow, INTERVALS[settings.interval])

    def _following(self, settings: Callable[[], Settings]) -> "Follower":
        self._open.append(Follower(settings))
        return self._open[-1]

    def close(self) -> None:
        for each in self._open:
            each.close()


class Follower:
    """Reads the journal of a trader. settings: of the trader, asked for until its journal could be opened; raises Unfollowed."""

    def __init__(self, settings: Callable[[], Settings]) -> None:
        self._settings = settings
        self._thread = OwnThread("a trader beside")
        """Where it is opened: a database that does not answer keeps no pilot waiting."""
        self._reader: SqlReader | None = None

    async def news(self, after: int) -> Sequence[Record]:
        """Raises Unfollowed, JournalErrors."""
        if self._reader is None:
            try:
                self._reader = await self._thread.wait_for(self._opened)
            except StoreError as error:
                raise Unfollowed(str(error)) from None
        return await self._reader.news(after)

    def _opened(self) -> SqlReader:
        settings = self._settings()
        return open_reader(settings.journal, trader=settings.account)

    def close(self) -> None:
        self._thread.close()
        if self._reader is not None:
            self._reader.close()


def control_of(own: Settings, config: Path) -> Settings:
    """Raises Unfollowed for what cannot be followed."""
    try:
        settings = load(config, environ={})
    except SettingsError as error:
        raise Unfollowed(" ".join(str(error).split())) from None
    if (settings.journal, settings.account) == (own.journal, own.account):
        raise Unfollowed(f"{config.name} is the configuration of this trader itself, or names its journal")
    return settings


def shadow_of(own: Settings, config: Path) -> Settings:
    """Raises Unfollowed for what is no shadow."""
    settings = control_of(own, config)
    if settings.mode == REAL:
        raise Unfollowed(f"{config.name} says  mode: {REAL},  and a shadow trades on paper or on a test network")
    return settings
