"""What the composition root hands down: the time, chance and place of files that this run lives with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fairway.world.chance import Chance
from fairway.world.clock import Clock


@dataclass(frozen=True, slots=True)
class World:
    """The surroundings of one run; real or simulated, nobody below the composition root can tell.

    `folder` is where files that must outlive the run are kept.
    """

    clock: Clock
    chance: Chance
    folder: Path
