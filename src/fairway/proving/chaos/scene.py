"""What a chaos scene is: the trouble that it injects, what must be seen of it, and the bound of each number that it measures."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from fairway.proving.chaos.seen import Seen
from fairway.proving.chaos.stage import ChaosHarness
from fairway.proving.harness import QUIET_PRICE, RULES
from fairway.proving.scenario_script import ExchangeFault, Path, ScriptedSignal
from fairway.risk.rules import RiskRules
from fairway.strategies.api import Strategy

Act = Callable[[ChaosHarness], object]
Ask = Callable[[Seen], float | None]


class SceneKind(StrEnum):
    """Which list of the planning documents a scene is from."""

    CASE = "case"
    INJECTION = "error injection"
    HIGH_RISK = "high-risk scenario"
    LOAD = "load"


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneCheck:
    """One number, and its bound. ask: returns it, None where it was not seen; that never holds.

    part: what it shows of a high-risk scenario, such as `degradation`; "" elsewhere.
    """

    tells: str
    ask: Ask
    at_most: float | None = None
    at_least: float | None = None
    unit: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Injection:
    """One trouble of a play, and how fast the system must be itself again once it is over.

    since, until: seconds of the play; equal for what takes no time, such as `kill -9`. loses_stream: whether the account's stream
    must be subscribed again. lifts_cap: whether the trader raised a cap of its own that it must lift.
    """

    tells: str
    since: float
    until: float
    within_s: float
    loses_stream: bool = False
    lifts_cap: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenePlay:
    """One run of a whole system. acts: what happens to it, by second."""

    tells: str
    minutes: float
    signals: Sequence[ScriptedSignal] = ()
    faults: Sequence[ExchangeFault] = ()
    prices: Mapping[str, Path] = field(default_factory=lambda: QUIET_PRICE)
    balances: Mapping[str, str] = field(default_factory=lambda: {"USDT": "10000"})
    acts: Mapping[float, Act] = field(default_factory=dict)
    rules: RiskRules = RULES
    updates_a_second: int = 1
    has_database: bool = False
    stops_where_fenced: bool = False
    make_strategy: Callable[[], Strategy] | None = None
    injections: Sequence[Injection] = ()
    checks: Sequence[SceneCheck] = ()

    def stage(self, seed: int) -> ChaosHarness:
        made = ChaosHarness(
            *self.signals,
            faults=self.faults,
            prices=self.prices,
            balances=self.balances,
            acts=self.acts,
            rules=self.rules,
            seed=seed,
        )
        made.updates_a_second, made.has_database = self.updates_a_second, self.has_database
        made.make_strategy = self.make_strategy
        made.stops_where_fenced = self.stops_where_fenced
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class ChaosScene:
    """source: where a planning document asks for it. items: those of a checklist that it is evidence for.

    swept: scenarios of the sweep whose trader is killed after each of its steps; a scene has plays or sweeps, or both.
    """

    name: str
    kind: SceneKind
    source: str
    shows: str
    injects: str
    assumes: str
    plays: Sequence[ScenePlay] = ()
    swept: Sequence[str] = ()
    items: Sequence[str] = ()
