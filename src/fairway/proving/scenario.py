"""A scenario before it is run: a strategy's signals, prices, conditions and faults; and how it becomes a harness."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from fairway.orders.plan import PLAIN, ExitPlan
from fairway.proving.conditions import Conditions
from fairway.proving.delayed_inbox import DelayedInbox
from fairway.proving.harness import Harness
from fairway.proving.injected_fault import HarnessActions, HarnessFault, InjectedFault
from fairway.proving.lease_faults import LEASE_FAULTS, renewals
from fairway.proving.machine_faults import MACHINE_FAULTS
from fairway.proving.market_faults import MARKET_FAULTS, halting, swung
from fairway.proving.person_faults import PERSON_FAULTS
from fairway.proving.scenario_script import ExchangeFault, Path, ScriptedSignal
from fairway.proving.second_trader import SECOND_TRADER

HARNESS_FAULTS: Final[Mapping[str, HarnessFault]] = {
    **MACHINE_FAULTS,
    **PERSON_FAULTS,
    **LEASE_FAULTS,
    **SECOND_TRADER,
}
"""Faults that are no faults of the exchange, by what they put into a play."""
QUIET_S: Final = 260
"""After the last fault a play goes on for so long."""
SHOWN_MAX: Final = 60
"""Prices of a symbol that are printed."""

AnyStage = TypeVar("AnyStage", bound=Harness)


@dataclass(frozen=True, slots=True)
class Scenario:
    """prices: by symbol, from a second on, before faults move them. quiet_from: the second at which all faults are over."""

    seed: int
    signals: Sequence[ScriptedSignal]
    prices: Mapping[str, Path]
    faults: Sequence[InjectedFault]
    conditions: Conditions = field(default_factory=Conditions)
    quiet_from: float = 400

    @property
    def minutes(self) -> float:
        return (self.quiet_from + QUIET_S) / 60

    def without(self, number: int) -> "Scenario":
        """The same, less one fault."""
        return replace(self, faults=[*self.faults[:number], *self.faults[number + 1 :]])

    def on(self, stage: type[AnyStage]) -> AnyStage:
        """The play on a stage of this kind."""
        given = self.conditions
        made = stage(
            *self.signals,
            faults=[exchange_fault for fault in self.faults for exchange_fault in _exchange_faults(fault)],
            prices=swung(self.prices, self.faults),
            balances={"USDT": "10000"} | {symbol.split("/")[0]: str(given.own_coins) for symbol in self.prices},
            acts=self._acts(),
            rules=given.rules,
            seed=self.seed,
        )
        made.interval, made.telling, made.lease = given.interval, given.telling, given.lease
        made.needs_lease, made.delayed_inbox = given.lease is not None, DelayedInbox()
        made.stops_where_fenced = any(_leaves_unknown_orders(fault) for fault in self.faults)
        return made

    def _acts(self) -> dict[float, Callable[[Harness], object]]:
        acts: HarnessActions = {}
        for fault in self.faults:
            if fault.kind in HARNESS_FAULTS:
                HARNESS_FAULTS[fault.kind].inject(fault, acts)
        if self.conditions.lease is not None:
            renewals(self.conditions.begins_s, self.minutes * 60, acts)
        return acts

    def __str__(self) -> str:
        signals = ", ".join(f"{signal.symbol} at bar {signal.bar}: {_words(signal)}" for signal in self.signals)
        prices = [f"{symbol} {_course(path)}" for symbol, path in self.prices.items()]
        return "\n".join(
            [f"seed {self.seed}", str(self.conditions), f"signals {signals or 'nothing'}", *prices, *map(str, self.faults)]
        )


def _exchange_faults(fault: InjectedFault) -> Sequence[ExchangeFault]:
    """What a fault asks of the exchange."""
    if fault.kind == "halt":
        return [halting(fault)]
    if fault.kind in HARNESS_FAULTS or fault.kind in MARKET_FAULTS:
        return []
    return [ExchangeFault(fault.kind, fault.since, fault.until, fault.symbol, fault.endpoints, fault.options)]


def _leaves_unknown_orders(fault: InjectedFault) -> bool:
    return fault.kind in HARNESS_FAULTS and HARNESS_FAULTS[fault.kind].leaves_unknown_orders


def _course(path: Path) -> str:
    """Of many prices some."""
    told = [f"{at}s:{price}" for at, price in path.items()]
    return " ".join(told[:: 1 + len(told) // SHOWN_MAX])


def _words(signal: ScriptedSignal) -> str:
    if not signal.stop:
        return "lease"
    beside = [f"{name} {value}" for name, value in _set_fields(signal.exit_plan)]
    return ", ".join(["enter", f"stop {signal.stop}", f"target {signal.target}", *beside])


def _set_fields(plan: ExitPlan) -> list[tuple[str, object]]:
    return [(name, value) for name in plan.__struct_fields__ if (value := getattr(plan, name)) != getattr(PLAIN, name)]
