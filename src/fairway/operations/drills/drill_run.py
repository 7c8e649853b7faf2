"""One run of a drill: its steps as they are seen, what a person has to lift afterwards, and the system that it moves."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from fairway.operations.drills.running_system import RunningSystem
from fairway.operations.operation import Progress, Tell

if TYPE_CHECKING:
    from fairway.launch.evidence.drill_record import DrillStep
    from fairway.operations.drills.pager import Pager
    from fairway.settings import Settings
    from fairway.world.clock import Clock


class DrillNotPossible(Exception):
    """It cannot be carried out, and nothing was changed. The sentence says what is missing."""


class DrillNotObserved(Exception):
    """It was begun, and did not show anything in time: evidence neither for nor against. The sentence says why."""


@dataclass(slots=True, kw_only=True)
class DrillRun:
    """settings: None where the drilled system has no configuration file. release: of the launch, or of the trader.

    gives_back: whether the drill lifts what it has set. With real money it does not: that would raise exposure.
    resumes: whether a killed account is resumed. patience_ns: how long to wait for something that the strategy has to want.
    """

    system: RunningSystem
    clock: "Clock"
    tell: Tell
    config: Path
    settings: "Settings | None" = None
    release: str = ""
    gives_back: bool = True
    resumes: bool = False
    patience_ns: int = 0
    pager: "Pager | None" = None
    """The way to the people on call; None where no alerting is configured."""
    steps: "list[DrillStep]" = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    """What a person has to lift, each as a sentence with its command."""

    def note(self, name: str, expected: str, seen: str, took_ns: int, *, holds: bool | None) -> None:
        """Adds a step, and shows it."""
        from fairway.launch.evidence.drill_record import DrillStep

        step = DrillStep(name=name, expected=expected, seen=seen, holds=holds, took_ns=took_ns)
        self.steps.append(step)
        self.tell(Progress(str(step)))

    def leave(self, sentence: str) -> None:
        """What a person has to lift afterwards."""
        self.left.append(sentence)
        self.tell(Progress(f"LEFT TO YOU: {sentence}"))

    @asynccontextmanager
    async def given_back(self, what: str, give_back: Callable[[], Awaitable[str]], command: str) -> AsyncIterator[None]:
        """Surrounds the time in which something is set that a person could lift, and lifts it however that time ends.

        give_back: lifts it, and returns why it is not lifted, "" where it is. Where the drill does not give it back, or cannot,
        the command is left to a person.
        """
        try:
            yield
        finally:
            why = await give_back() if self.gives_back else "with real money a drill gives nothing back"
            if why:
                self.leave(f"{what} stays ({why}); lift it:  {command}")
