"""What a simulated night is made of: its market, the launch's plan, the configuration of alerting, and the run itself."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from fairway.exchange.markets import THREE_PAIRS, generated
from fairway.launch.plan.compile import PlanCompiler
from fairway.launch.plan.compiled_plan import CompiledPlan
from fairway.launch.plan.limits import Mode
from fairway.launch.plan.load import parse as parse_plan
from fairway.launch.plan.load import whole
from fairway.launch.simulation.population import SimulatedUser
from fairway.market.candles import INTERVALS
from fairway.proving import night
from fairway.proving.launched import QUOTE, LaunchFinalState, LaunchViewer
from fairway.proving.market import SimulatedMarket
from fairway.proving.night import InboxOnDisk, NightSimulation, Service
from fairway.proving.users import TWELVE
from fairway.settings.load import parse
from fairway.strategies.periodic import Periodic, PeriodicSettings
from fairway.trading.schedule import Schedule
from fairway.world import loop as simulated
from fairway.world.chance import Chance
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND, parse_instant
from fairway.world.process_memory import SimProcessMemory

BEGINS: Final = parse_instant("2026-01-01T22:00:00.000Z")
PREPARED_NS: Final = 15 * MINUTE
"""So long before it the launch begins, and people approve it."""
STEP_S: Final = 10
INTERVAL: Final = "5m"
STRATEGY: Final = PeriodicSettings.model_validate({"every_bars": 8, "bars_max": 2})
PACE: Final = Schedule(idle_ns=15 * SECOND, reconcile_ns=2 * MINUTE, rights_ns=HOUR)
LEASE_NS: Final = 5 * MINUTE
RENEW_NS: Final = MINUTE
PILOT_TICK_S: Final = 10.0
VENUE_CHECK_EVERY_S: Final = 120.0
RESIDENT_BYTES: Final = 80_000_000

PLAN: Final = """
plan: night
about: One stage for all users, which is older than the night.
author: ann
approvals: {need: {owner: 1, risk: 1}, expires: 4h}
guards: [daily loss, drawdown, unknown worth, position loss]
say: [{to: team, by: chat, at: [entered, demoted, incident]}]
stages:
  - name: everyone
    limits: {mode: live, users: 12, capital: 50000 USD, capital_per_user: {at_most: 2000 USD}, loss: 2000 USD}
    stay: {at_least: 7d}
    gates:
      - {name: harm, gate: expectancy, of: trade_pnl_r, not_below: -5 R, winsorise: 9 R}
"""

CONFIGURATION: Final = """\
mode: practice
account: fleet
venue: {exchange: binance, url: "http://127.0.0.1:9100", key: key-of-the-night, secret: secret-of-the-night}
symbols: [BTC/USDT, ETH/USDT, SOL/USDT]
interval: 5m
strategy: {name: periodic}
journal: journal.db
up: {plan: night}
alerts:
  channels: {P0: [ops-mail, team-chat], P1: [ops-mail, team-chat], P2: [ops-mail], P3: [ops-mail]}
  contacts:
    anna: {pager: [anna-phone], telegram: [anna-phone], email: [ops-mail]}
    ben: {pager: [ben-phone], telegram: [ben-phone], email: [ops-mail]}
  on_call: {rotations: [{people: [anna, ben], begins: 2025-12-29}]}
  users: [users]
  status_page:
    folder: status
    url: https://status.fairway.example
    components: {data: Prices, venue: Trading, trader: Trading, books: Balances, orders: Trading, pilot: Limits}
  rules:
    change:
      win-rate: {enabled: false}
      slow-signals: {above: 5 s}
      engine-slow: {above: 5 s}
      data-slow: {above: 20 s}
      uptime: {enabled: false}
      venue-errors-half: {enabled: false}
      orders-failing-1: {enabled: false}
"""
"""The strategy of the night has no edge, so the rule about won round trips would fire rightly, and is off. The simulated market
moves so seldom that a candle's close is seen seconds later. The objective of a day allows a minute and a half: after the first
fault the night would be one long alert about it. Windows of an hour and of six hours outlast the night, and their incidents would
be open at its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What is run. hours: how long; play: what people and faults do, beside it; prepared_ns: how long before it the launch
    begins; changes: of further rules, as the section alerts.rules.change has them."""

    folder: Path
    channels: str
    services: Mapping[str, tuple[str, Service]]
    play: Callable[[NightSimulation], Coroutine[Any, Any, None]]
    hours: float
    seed: int = 7
    users: Sequence[SimulatedUser] = TWELVE
    prepared_ns: int = PREPARED_NS
    changes: str = ""


def lived(what: Night) -> tuple[NightSimulation, LaunchFinalState]:
    """Runs a night to its end. Raises SettingsError and PlanError where its texts are wrong."""
    found = NightSimulation(
        market=market_of(what),
        users=what.users,
        plan=plan_of_night(),
        text=PLAN,
        strategy=Periodic(STRATEGY),
        interval=INTERVAL,
        journal=what.folder / "journal.db",
        watching=LaunchViewer(),
        pace=PACE,
        pilot_tick_s=PILOT_TICK_S,
        venue_check_every_s=VENUE_CHECK_EVERY_S,
        memory=SimProcessMemory(RESIDENT_BYTES),
        command_inbox=InboxOnDisk(what.folder / "journal.db"),
        settings=parse(configuration(what), name=night.CONFIG, folder=what.folder),
        services=what.services,
    )
    ended = simulated.run(lambda: found.live(what.play), seed=what.seed, epoch_ns=found.market.trading_from)
    return found, ended


def configuration(what: Night) -> str:
    """The text of the night's configuration file."""
    return CONFIGURATION + what.changes + what.channels


def market_of(what: Night) -> SimulatedMarket:
    """The generated market from a while before the night to its end."""
    trading_from, length = BEGINS - what.prepared_ns, round(what.hours * HOUR) + what.prepared_ns
    history_ns = (Periodic(STRATEGY).warm_up + 1) * INTERVALS[INTERVAL]
    began = trading_from - history_ns
    days = (history_ns + length) / DAY
    return SimulatedMarket(
        symbols=tuple(f"{each.rules.base}/{each.rules.quote}" for each in THREE_PAIRS),
        rules=tuple(each.rules for each in THREE_PAIRS),
        updates=generated(THREE_PAIRS, chance=Chance(what.seed), start_ns=began, days=days, step_s=STEP_S),
        history_from=began,
        trading_from=trading_from,
        ends_at=trading_from + length,
        quiet_ns=STEP_S * SECOND,
    )


def plan_of_night() -> CompiledPlan:
    """The plan, with leases that are renewed once a minute; with the checks of the venue no spell of its journal is silent."""
    compiled = PlanCompiler(whole(parse_plan(PLAN)), QUOTE, Mode.PAPER).compiled()
    return replace(compiled, lease_ns=LEASE_NS, renew_ns=RENEW_NS, venue_check_lasts_ns=65 * MINUTE)
