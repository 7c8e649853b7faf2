"""Keeps open pages current: it asks each question once for all browsers that show its answer, and tells them what has changed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, Generic, NamedTuple, TypeVar

from fairway.journal.port import JournalError
from fairway.journal.reader import SqlReader
from fairway.operations.actor import Actor
from fairway.operations.launch.show import SHOW_LAUNCH
from fairway.operations.trader.read_journal import JournalName, opened_reader
from fairway.panel.failures import told
from fairway.panel.sources import Reader, Sources, reader_of
from fairway.world.clock import MILLISECOND, SECOND

F = TypeVar("F")

LOOK_S: Final = 0.25
"""How often the journals are asked whether there is something new."""
AGAIN_NS: Final = 2 * SECOND
"""Without news everything is asked again after this time: some answers change by the clock alone."""
REST_NS: Final = 400 * MILLISECOND
"""Between two rounds at least, however much is written."""
_LOG: Final = logging.getLogger(__name__)


async def _no_beat() -> None:
    """Before anybody listens."""


class Question(NamedTuple, Generic[F]):
    """What one kind of page shows. about: which of several, such as an order's id. ask: blocks; its answers compare by value."""

    name: str
    ask: Callable[[Sources, Actor], F]
    about: Hashable = ""


@dataclass(frozen=True, slots=True)
class Unseen:
    """Stands for an answer that could not be had, and says why."""

    why: str


@dataclass(slots=True)
class _Watched(Generic[F]):
    question: Question[F]
    actor: Actor
    shows: list[Callable[[F | Unseen], None]] = field(default_factory=list)
    last: F | Unseen | None = None


class Feed:
    """Of one server. Used on its event loop only."""

    def __init__(self, sources: Sources) -> None:
        self._sources, self._clock = sources, sources.context.clock
        self._watched: dict[tuple[str, Hashable, Reader], _Watched[Any]] = {}
        self._readers: dict[JournalName, SqlReader] = {}
        self._marks: dict[JournalName, int] = {}
        self._round_at = 0
        self.beat: Callable[[], Awaitable[None]] = _no_beat
        """Called after each look: a page that hears nothing knows that it is stale."""

    async def first(self, question: Question[F], actor: Actor) -> F | Unseen:
        """The answer for a page that is being opened: what others see already, where it is fresh."""
        watched = self._watched.get((question.name, question.about, reader_of(actor)))
        if watched is not None and watched.last is not None:
            found: F | Unseen = watched.last
            return found
        return await asyncio.to_thread(self._answer, question, actor)

    def watch(self, question: Question[F], actor: Actor, show: Callable[[F | Unseen], None]) -> Callable[[], None]:
        """Calls show with each new answer until what is returned is called."""
        key = (question.name, question.about, reader_of(actor))
        watched = self._watched.setdefault(key, _Watched(question, actor))
        watched.shows.append(show)

        def leave() -> None:
            with suppress(ValueError):
                watched.shows.remove(show)
            if not watched.shows and self._watched.get(key) is watched:
                del self._watched[key]

        return leave

    async def run(self) -> None:
        """Until it is cancelled."""
        try:
            while True:
                try:
                    if self._watched:
                        await self._look()
                    await self.beat()
                except Exception:  # pages grey themselves while this lasts
                    _LOG.exception("the panel could not be brought up to date")
                await asyncio.sleep(LOOK_S)
        finally:
            for reader in self._readers.values():
                reader.close()

    async def refresh(self) -> None:
        """Asks everything again now: something was done."""
        self._round_at = self._clock.monotonic()
        for watched in list(self._watched.values()):
            found = await asyncio.to_thread(self._answer, watched.question, watched.actor)
            if found != watched.last:
                watched.last = found
                for show in list(watched.shows):
                    self._show(show, found)

    async def _look(self) -> None:
        now = self._clock.monotonic()
        if now - self._round_at < REST_NS:
            return
        marks = await asyncio.to_thread(self._newest)
        if marks != self._marks or now - self._round_at >= AGAIN_NS:
            if marks[JournalName.LAUNCH] != self._marks.get(JournalName.LAUNCH):
                self._sources.forget(SHOW_LAUNCH)
            self._marks = marks
            await self.refresh()

    def _newest(self) -> dict[JournalName, int]:
        return {journal: self._last(journal) for journal in JournalName}

    def _last(self, journal: JournalName) -> int:
        """The number of the newest record; 0 where there is none that can be read: answers say what is wrong with it."""
        try:
            reader = self._readers.get(journal) or opened_reader(self._sources.context.settings, journal)
            self._readers[journal] = reader
            last = reader.last()
        except JournalError:
            if (broken := self._readers.pop(journal, None)) is not None:
                broken.close()
            return 0
        return last.seq if last is not None else 0

    def _answer(self, question: Question[F], actor: Actor) -> F | Unseen:
        try:
            return question.ask(self._sources, actor)
        except Exception as error:  # one page's trouble is that page's alone
            return Unseen(told(error, _LOG, f"the question {question.name}"))

    def _show(self, show: Callable[[F | Unseen], None], found: F | Unseen) -> None:
        try:
            show(found)
        except Exception:
            _LOG.exception("a page of the panel could not show what is new")
