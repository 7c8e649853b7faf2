"""Rehearsals of plans: one at a time, in a process of its own, which goes on while the page that began it is left."""

import logging
import threading
from dataclasses import dataclass, field, replace
from typing import Final

from fairway.operations.actor import Actor
from fairway.operations.launch.plan_text import REHEARSE, RehearseOutcome, RehearseRequest
from fairway.operations.operation import Call, Progress
from fairway.operations.perform import perform
from fairway.panel.failures import told
from fairway.world.clock import Clock

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """One rehearsal. number: from 1; 0 where none was begun. at: when it began, ended_at: when it ended (ns), 0 while it runs.

    told: a sentence for each bot that was played. outcome: at the end. trouble: why there is none.
    """

    number: int = 0
    by: str = ""
    seeds: int = 0
    at: int = 0
    ended_at: int = 0
    told: tuple[str, ...] = ()
    outcome: RehearseOutcome | None = None
    trouble: str = ""

    @property
    def is_running(self) -> bool:
        return bool(self.number) and not self.ended_at


@dataclass(slots=True)
class Rehearsals:
    """Of one server. Any thread may call it."""

    seen: Rehearsal = Rehearsal()
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _is_wanted: bool = False

    def begin(self, actor: Actor, text: str, seeds: int, clock: Clock) -> str:
        """Starts one; why it is not, "" where it is."""
        with self._turn:
            if self.seen.is_running:
                return f"a rehearsal of {self.seen.by} is under way; stop it, or wait for its end"
            self.seen = Rehearsal(number=self.seen.number + 1, by=actor.name, seeds=seeds, at=clock.now())
            self._is_wanted = True
        request = RehearseRequest(text=text, seeds=seeds, goes_on=lambda: self._is_wanted)
        threading.Thread(target=self._run, args=(actor, request, clock), name="rehearsal", daemon=True).start()
        return ""

    def stop(self) -> None:
        """Ends the one that runs; what was played until then is shown."""
        self._is_wanted = False

    def _run(self, actor: Actor, request: RehearseRequest, clock: Clock) -> None:
        try:
            outcome = perform(REHEARSE, Call(actor=actor, request=request, tell=self._tell))
            self._change(outcome=outcome, ended_at=clock.now())
        except Exception as error:
            self._change(trouble=told(error, _LOG, "a rehearsal"), ended_at=clock.now())

    def _tell(self, progress: Progress) -> None:
        self._change(told=(*self.seen.told, progress.sentence))

    def _change(self, **changes: object) -> None:
        with self._turn:
            self.seen = replace(self.seen, **changes)  # type: ignore[arg-type]
