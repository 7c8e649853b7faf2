"""Flies a plan to its end in simulated time, by the real trader, pilot and alerting service, on evidence that was produced.

No evidence is typed: each item of the checklist is given by a `Showing`, which looks at something when it is asked. What the
trader's journal or the alerting process shows by itself, no person brings.
"""

import re
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from fairway.assembly import Bot
from fairway.assembly.alerting_process import AlertingMachine, opened_alerting
from fairway.exchange.market_data import MarketUpdate
from fairway.exchange.markets import THREE_PAIRS
from fairway.exchange.units import ONE
from fairway.launch.control.lifecycle import Phase
from fairway.launch.evidence.model import Evidence
from fairway.launch.gates.port import Claim
from fairway.launch.plan.compile import PlanCompiler
from fairway.launch.plan.compiled_plan import CompiledPlan
from fairway.launch.plan.limits import Mode
from fairway.launch.plan.load import parse, whole
from fairway.launch.simulation.population import SimulatedUser
from fairway.money.fraction import Fraction
from fairway.money.grid import Round
from fairway.orders.intent import Enter, Intent
from fairway.proving.launched import QUOTE, LaunchSimulation, LaunchViewer
from fairway.proving.market import GENERATED_FROM, SimulatedMarket
from fairway.proving.night import ALERTING, CONFIG, NightSimulation, SimulatedUse
from fairway.proving.scenario_script import moment
from fairway.settings.alerts import AlertSettings
from fairway.strategies.api import View
from fairway.texts.durations import as_setting, duration_of
from fairway.trading.schedule import Schedule
from fairway.world.clock import HOUR, MINUTE, SECOND, SimClock
from fairway.world.loop import running

INTERVAL: Final = "1m"
STEP_S: Final = 10
HISTORY_NS: Final = HOUR
WAVE_NS: Final = 9 * MINUTE
WAVE: Final = Decimal("0.056")
"""Of the price, from the bottom of a wave to its top: a bot of fifty dollars loses more than a hundredth to the lot size."""
CRASH_EVERY: Final = 15
"""Every so many waves a price falls where it should rise, so that stops are hit."""
CRASH: Final = Decimal("0.7")
"""How deep it falls, as a part of a wave: below the stop of a purchase, and not far below."""
STOP, TARGET = Decimal("0.012"), Decimal("0.024")
STRONG, WEAK = Fraction.parse("90 %"), Fraction.parse("10 %")
"""How sure the bot is of a rise that has just begun, and of anything else, which risk refuses."""
PACE: Final = Schedule(idle_ns=SECOND, reconcile_ns=30 * SECOND, rights_ns=HOUR)
ALERTING_TICK_S: Final = 60.0
"""Nothing but a drill pages here, and for that it is looked each second."""
LEASE_NS: Final = 10 * MINUTE
RENEW_NS: Final = 4 * MINUTE
_LENGTH: Final = re.compile(r"\b(stay: \{at_least|over|span): (\d+(?:ms|s|m|h|d|w))")


class WaveStrategy:
    """Buys where a wave begins to rise. Every other candle is a weak signal, so that risk has something to decide each minute."""

    warm_up = 4

    def decide(self, view: View) -> Sequence[Intent]:
        before, first, second, last = (each.close for each in view.candles[-4:])
        is_bottom = before >= first < second < last
        stop = view.instrument.price(last * (1 - STOP), Round.DOWN)
        target = view.instrument.price(last * (1 + TARGET), Round.UP)
        return (Enter(symbol=view.symbol, stop=stop, target=target, reason="it rises", confidence=STRONG if is_bottom else WEAK),)


def wave_market(ns: int) -> SimulatedMarket:
    """Prices that go up and down like waves, for so long (ns): a bot that buys early in a rise earns, and sometimes loses."""
    since = GENERATED_FROM - HISTORY_NS
    return SimulatedMarket(
        symbols=tuple(f"{each.rules.base}/{each.rules.quote}" for each in THREE_PAIRS),
        rules=tuple(each.rules for each in THREE_PAIRS),
        updates=_waves(since, GENERATED_FROM + ns),
        history_from=since,
        trading_from=GENERATED_FROM,
        ends_at=GENERATED_FROM + ns,
        quiet_ns=STEP_S * SECOND,
    )


def _waves(since: int, until: int) -> Iterator[MarketUpdate]:
    for number, at in enumerate(range(since, until, STEP_S * SECOND)):
        for place, pair in enumerate(THREE_PAIRS):
            share = Decimal(1) + WAVE * _height(at + place * WAVE_NS // 3, 3 * place)
            tick = pair.rules.tick
            price = int(pair.price * share) // tick * tick
            yield moment(pair.rules.symbol, price, at, number, 1_000 * ONE, tick)


def _height(at: int, place: int) -> Decimal:
    """Between 0 and 1; in some waves the rise breaks off halfway and falls at once."""
    wave, within = divmod(at, WAVE_NS)
    share = Decimal(within) / WAVE_NS
    top = Decimal("0.5")
    if share > top:
        return 2 * (1 - share)
    is_crash = (wave + place) % CRASH_EVERY == 0 and share > Decimal("0.42")
    return max(Decimal(0), 2 * share - CRASH) if is_crash else 2 * share


def shortened(text: str, longest_ns: int, of: Mapping[str, int] = {}) -> str:
    """A plan whose stays and windows last so long at most (ns). of: by stage, another length.

    What takes days of observations to be proven need only not be disproven by a hundred of them. All else of the plan stays.
    """
    found, longest = [], longest_ns
    for line in text.splitlines():
        named = re.match(r"  - name: ([\w-]+)$", line)
        longest = of.get(named[1], longest_ns) if named is not None else longest
        found.append(_cut(_weaker(line), longest))
    return "\n".join(found) + "\n"


def _cut(line: str, most: int) -> str:
    return _LENGTH.sub(lambda seen: f"{seen[1]}: {_least(seen[2], most)}", line)


def _weaker(line: str) -> str:
    change = _NOT_DISPROVEN.get(_gate_of(line))
    return change(line) if change is not None else line


def _gate_of(line: str) -> str:
    found = re.search(r"gate: (\w+), of: (\w+)", line)
    return f"{found[1]} of {found[2]}" if found is not None else ""


_WEAKER: Final = "strength: not_disproven, at_least_n: 100"
_NOT_DISPROVEN: Final[Mapping[str, Callable[[str], str]]] = {
    "proportion of order_success": lambda line: line.replace("strength: proven", _WEAKER),
    "proportion of venue_api": lambda line: line.replace("strength: proven", _WEAKER),
    "expectancy of trade_pnl_r": lambda line: re.sub(r"strength: proven(, tail: \{[^}]*\})?", _WEAKER, line),
    "quantile of db_latency": lambda line: line.replace("}", f", {_WEAKER}}}"),
}
"""By gate, how its line is written in a shortened plan."""


def _least(length: str, most: int) -> str:
    return length if duration_of(length) <= most else as_setting(most)


def compiled(text: str) -> CompiledPlan:
    """The plan as it is flown, with leases for a simulation's pace. Raises PlanError."""
    plan = PlanCompiler(whole(parse(text)), QUOTE, Mode.PAPER).compiled()
    return replace(plan, lease_ns=LEASE_NS, renew_ns=RENEW_NS, venue_check_lasts_ns=65 * MINUTE)


Showing = Callable[["FlightSimulation", Claim, int], Coroutine[Any, Any, Evidence | None]]
"""Produces evidence for a claim at an instant (ns); None where it cannot be produced yet."""


@dataclass(slots=True, kw_only=True)
class FlightSimulation(NightSimulation):
    """A launch that is flown with all the guards that its plan asks for."""

    async def _alert(self) -> None:
        """Its ticks are slower, for a launch lasts days."""
        loop, alerts = running(), self.settings.alerts or AlertSettings()
        machine = AlertingMachine(SimClock(loop), loop.process_chance().stream("notify"), SimulatedUse(loop))
        with opened_alerting(self.settings, alerts, CONFIG, machine, tick_s=ALERTING_TICK_S) as self.alerting:
            self._journals[ALERTING] = self.alerting.journal
            await self.alerting.service.run(self.alerting.dispatcher)

    def _bot(self, user: SimulatedUser) -> Bot:
        return LaunchSimulation._bot(self, user)


class FlightViewer(LaunchViewer):
    """Ends the simulation at the plan's end. at: when it was looked last (ns); reached: stages that were entered, in their order.

    The end is that every track is steady: its last stage was passed.
    """

    show_every_ns = 5 * MINUTE

    def __init__(self, plan: CompiledPlan) -> None:
        self._plan = plan
        self.reached: list[str] = []
        self.is_over = False
        self.at = 0

    def show(self, at: int, share_done: float, simulation: LaunchSimulation) -> None:
        self.at = at
        phases = []
        for track in self._plan.tracks:
            progress = simulation.pilot.launch.track(track.name)
            phases.append(progress.phase)
            if progress.settled_at and (name := track.stages[progress.stage].name) not in self.reached:
                self.reached.append(name)
        self.is_over = all(phase is Phase.STEADY for phase in phases)

    @property
    def stop_wanted(self) -> bool:
        return self.is_over


def journal_in(folder: Path) -> Path:
    """Where a flight's trader writes."""
    return folder / "journal.db"
