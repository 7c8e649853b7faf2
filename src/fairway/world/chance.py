"""Deals out chance: named streams of random numbers that a seed alone decides.

A stream belongs to a name ("link trader exchange", "candles BTCUSDT"), so a new user of chance does not shift
the numbers of the others, and a failure found under a seed stays found.
"""

from __future__ import annotations

import hashlib
import os
import random
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np

Stream: TypeAlias = random.Random
"""One named stream of random numbers, for the type hints of those who are handed one."""


class Chance:
    """Chance that repeats: the same seed and name give the same numbers, in whatever order streams are asked for."""

    __slots__ = ("seed",)

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def stream(self, name: str) -> random.Random:
        """The stream of this name, from its beginning. Ask once and keep it: asking again starts it from its beginning."""
        return random.Random(self._digest("stream", name))

    def columns(self, name: str) -> np.random.Generator:
        """A stream of this name that is drawn from in columns, of thousands of numbers at once."""
        import numpy as np

        return np.random.default_rng(self._digest("columns", name))

    def hex(self, name: str, digits: int = 64) -> str:
        """A key or secret of `digits` hexadecimal digits that belongs to this name."""
        bits = random.Random(self._digest("hex", name)).getrandbits(4 * digits)
        return f"{bits:0{digits}x}"

    def child(self, name: str) -> Chance:
        """Chance of its own for one part of the world, which may name its streams without asking the others."""
        return Chance(self._digest("child", name))

    def _digest(self, kind: str, name: str) -> int:
        # The seed's digits end before the first letter, so no two (seed, kind, name) write the same text.
        return int.from_bytes(hashlib.sha256(f"{self.seed}/{kind}/{name}".encode()).digest())


class SystemChance(Chance):
    """Unpredictable chance, for production: seeded from the operating system, never the same twice."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(int.from_bytes(os.urandom(32)))

    def stream(self, name: str) -> random.Random:
        """A fresh stream, other than any before; the name is only for the reader."""
        return random.Random(int.from_bytes(os.urandom(32)))

    def columns(self, name: str) -> np.random.Generator:
        """Unpredictable columns, whatever their name."""
        import numpy as np

        return np.random.default_rng(int.from_bytes(os.urandom(32)))

    def hex(self, name: str, digits: int = 64) -> str:
        """A fresh unguessable secret of `digits` hexadecimal digits, straight from the operating system."""
        return os.urandom((digits + 1) // 2).hex()[:digits]

    def child(self, name: str) -> Chance:
        """Unpredictable chance again."""
        return SystemChance()
