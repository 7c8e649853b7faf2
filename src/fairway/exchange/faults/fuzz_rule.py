"""How the fuzz test draws a fault into its scenarios, and which delays of the trader the fault excuses."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from fairway.world.chance import Stream

DrawScope = Callable[[Stream, dict[str, object]], tuple[str, ...]]
"""Draws the endpoints of a fault, given the options drawn so far, to which it may add."""


class SymbolDraw(StrEnum):
    """Which symbols of a scenario a drawn fault concerns."""

    ALL = "all"
    ONE = "one"
    ONE_OR_ALL = "one or all"


@dataclass(frozen=True, slots=True, kw_only=True)
class FuzzRule:
    """The defaults draw a fault that has no options, concerns everything, and excuses nothing."""

    options: Mapping[str, Sequence[object]] = field(default_factory=dict)
    """Values to draw from, by option. An option that is not named keeps its default."""
    endpoints: tuple[str, ...] = ()
    """One or more of these become the scope's endpoints; () leaves the scope open."""
    draw_scope: DrawScope | None = None
    """Draws what depends on more than one option, in place of `endpoints`."""
    symbols: SymbolDraw = SymbolDraw.ALL
    weight: int = 1
    """How many times as often as others the fault is drawn."""
    lasts_long: bool = False
    """Whether it does little unless it lasts, so that only durations of 20 s and more are drawn."""
    needs_lease: bool = False
    """Whether only a trader that needs a lease can meet it."""
    protection_late_s: int | None = None
    """None where the trader must protect its positions in time despite the fault. Otherwise how many seconds after the end of the
    fault it may still be late, beside what the options ending in `_ms` hold back."""
    lasts_to_minute_end: bool = False
    """Whether its harm lasts to the end of the exchange's minute."""
    hides_market: bool = False
    """Whether a trader cannot see losses meanwhile, because prices are wrong or missing."""

    def draw(self, chance: Stream) -> tuple[dict[str, object], tuple[str, ...]]:
        """Options and endpoints of one fault."""
        options = {name: chance.choice(list(values)) for name, values in self.options.items()}
        if self.draw_scope is not None:
            return options, self.draw_scope(chance, options)
        if self.endpoints:
            return options, tuple(chance.sample(self.endpoints, chance.randint(1, len(self.endpoints))))
        return options, ()
