"""A fault of a scenario, and the faults that the exchange does not make: what each does to the harness, and how it is drawn."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fairway.exchange.faults.fuzz_rule import FuzzRule
from fairway.proving.harness import Harness

HarnessAction = Callable[[Harness], object]
HarnessActions = dict[float, HarnessAction]
"""By second of the scenario."""


@dataclass(frozen=True, slots=True)
class InjectedFault:
    """One fault of a scenario, with its options."""

    kind: str
    """A fault of the practice exchange, or one of `HARNESS_FAULTS` or `MARKET_FAULTS`."""
    since: float
    """Seconds from the beginning of the scenario."""
    until: float
    endpoints: tuple[str, ...] = ()
    options: Mapping[str, object] = field(default_factory=dict)
    symbol: str = ""
    """Such as BTC/USDT; "" where the fault concerns all."""

    def __str__(self) -> str:
        chosen = "".join(f" {name}={value}" for name, value in self.options.items())
        where = f" on {', '.join(self.endpoints)}" if self.endpoints else ""
        which = f" of {self.symbol}" if self.symbol else ""
        return f"{self.since:>8.4f} to {self.until:>8.4f}: {self.kind}{chosen}{where}{which}"


@dataclass(frozen=True, slots=True, kw_only=True)
class HarnessFault:
    """A fault that the exchange does not make, such as a dead process: `inject` adds to the harness's actions what happens."""

    inject: Callable[[InjectedFault, HarnessActions], None]
    fuzz: FuzzRule = FuzzRule()
    leaves_unknown_orders: bool = False
    """Whether the trader may meet orders that it does not know afterwards, and is right to stop."""


def add(actions: HarnessActions, at: float, action: HarnessAction) -> None:
    """Adds an action. Two at the same instant happen one after the other, in the order in which they were added."""
    while at in actions:
        at += 1e-6
    actions[at] = action
