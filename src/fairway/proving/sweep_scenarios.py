"""The scenarios of the sweep: each a short part of a trade's life, with the seconds in which the fault may happen.

One more life is one more entry.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from fairway.money.amount import Amount, Price
from fairway.money.fraction import Fraction
from fairway.orders.plan import ExitPlan, Rung, Trailing
from fairway.proving.harness import QUIET_PRICE, Harness
from fairway.proving.scenario_script import ExchangeFault, Path, ScriptedSignal, enter, exchange_fault, leave
from fairway.risk.disposal import Disposal
from fairway.trading.latch import Killed, KillScope

QUIET_S: Final = 200
"""After the last fault a scenario goes on for so long: an order of unknown fate takes a
minute to be given up, and a kill may sell for two."""

KEEP: Final = Killed(scope=KillScope.ACCOUNT, reason="enough", by="ann")
FLATTEN: Final = Killed(scope=KillScope.ACCOUNT, reason="enough", by="ann", disposal=Disposal.FLATTEN)


TRAIL: Final = ExitPlan(trailing=Trailing(starts=Price.of("106", "BTC", "USDT"), distance=Amount.of("4", "USDT")))
LADDER: Final = ExitPlan(
    rungs=(
        Rung(Fraction.parse("50 %"), Price.of("105", "BTC", "USDT")),
        Rung(Fraction.parse("30 %"), Price.of("108", "BTC", "USDT")),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepScenario:
    """since and until: the seconds of the play in which it is swept."""

    tells: str
    signals: Sequence[ScriptedSignal]
    since: float
    until: float
    faults: Sequence[ExchangeFault] = ()
    prices: Mapping[str, Path] = field(default_factory=lambda: QUIET_PRICE)
    acts: Mapping[float, Callable[[Harness], object]] = field(default_factory=dict)

    def stage(self, acts: Mapping[float, Callable[[Harness], object]]) -> Harness:
        return Harness(
            *self.signals,
            faults=self.faults,
            prices=self.prices,
            balances={"USDT": "10000", "BTC": "50"},
            acts={**self.acts, **acts},
        )

    @property
    def minutes(self) -> float:
        return (self.until + QUIET_S) / 60


SWEEP_SCENARIOS: Final[Mapping[str, SweepScenario]] = {
    "start": SweepScenario(tells="it starts, and has nothing yet", signals=[enter(0)], since=0, until=1),
    "entry": SweepScenario(
        tells="a candle closes, it enters and protects what it bought", signals=[enter(0)], since=60, until=63
    ),
    "partial fill": SweepScenario(
        tells="the entry gets a part of what it asked for",
        signals=[enter(0)],
        since=60,
        until=64,
        faults=[exchange_fault("partial_fills", quantity="2", levels=3, since=58)],
    ),
    "protect": SweepScenario(
        tells="the answer to its stop and target is lost",
        signals=[enter(0)],
        since=60.5035,
        until=66,
        faults=[exchange_fault("reset_after", "orderList.place.oco", since=60, until=63, times=1)],
    ),
    "stop": SweepScenario(
        tells="the price falls through its stop",
        signals=[enter(0)],
        since=89,
        until=92,
        prices={"BTC/USDT": {0: "100", 90: "94"}},
    ),
    "target": SweepScenario(
        tells="its target is reached in parts",
        signals=[enter(0)],
        since=89,
        until=94,
        prices={"BTC/USDT": {0: "100", 90: "111"}},
        faults=[exchange_fault("partial_fills", quantity="4", levels=1, since=88, until=95)],
    ),
    "trail": SweepScenario(
        tells="its stop follows the close of a candle",
        signals=[enter(0, exit_plan=TRAIL)],
        since=180,
        until=183,
        prices={"BTC/USDT": {0: "100", 130: "107"}},
    ),
    "ladder": SweepScenario(
        tells="a rung is sold on the way to its target, and the rest stays under its stops",
        signals=[enter(0, exit_plan=LADDER)],
        since=89,
        until=94,
        prices={"BTC/USDT": {0: "100", 90: "105.5"}},
        faults=[exchange_fault("partial_fills", quantity="1", levels=1, since=88, until=95)],
    ),
    "exit": SweepScenario(tells="it cancels its stop and sells", signals=[enter(0), leave(1)], since=120, until=124),
    "reconcile": SweepScenario(
        tells="a fill is never told, and found when everything is asked for",
        signals=[enter(0)],
        since=84,
        until=92,
        prices={"BTC/USDT": {0: "100", 82: "94"}},
        faults=[exchange_fault("missing_events", since=80, until=84)],
    ),
    "kill": SweepScenario(
        tells="a person has everything sold",
        signals=[enter(0)],
        since=90,
        until=94,
        acts={90: lambda stage: stage.kill(FLATTEN)},
    ),
}
