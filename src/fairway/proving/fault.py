"""One fault of a play: what goes wrong, from when to when, and what was chosen of it; and the acts that it puts into a play."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fairway.proving.harness import Harness

Act = Callable[[Harness], object]
Acts = dict[float, Act]
"""By second of the play."""


@dataclass(frozen=True, slots=True)
class InjectedFault:
    """since and until: seconds from the beginning of the play. kind: of the exchange's mischief, or one of ours, see `plays`."""

    kind: str
    since: float
    until: float
    endpoints: tuple[str, ...] = ()
    options: Mapping[str, object] = field(default_factory=dict)
    symbol: str = ""
    """As people write it; "" where it concerns all."""

    def __str__(self) -> str:
        chosen = "".join(f" {name}={value}" for name, value in self.options.items())
        where = f" on {', '.join(self.endpoints)}" if self.endpoints else ""
        which = f" of {self.symbol}" if self.symbol else ""
        return f"{self.since:>8.4f} to {self.until:>8.4f}: {self.kind}{chosen}{where}{which}"


def add(acts: Acts, at: float, act: Act) -> None:
    """Two acts that are to happen in one instant happen one after the other."""
    while at in acts:
        at += 1e-6
    acts[at] = act
