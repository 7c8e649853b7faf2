"""What the control center shows: processes, success, strategies, risk settings in force, and what runs when."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

from fairway.operations.actor import Actor
from fairway.operations.processes.show import PROCESSES, ProcessesOutcome, ProcessesRequest, ProcessState
from fairway.operations.trader.caps import CAPS, CapsOutcome, CapsRequest
from fairway.operations.trader.day_metrics import DAY_METRICS, DayMetricsRequest
from fairway.operations.trader.risk_rules import RISK_RULES, RiskRulesOutcome, RiskRulesRequest
from fairway.operations.trader.status import STATUS, StatusOutcome, StatusRequest
from fairway.operations.trader.stories import TRADES, StoriesOutcome, StoriesRequest
from fairway.panel.feed import Question
from fairway.panel.pages.schedule_facts import PlannedFacts, ask_schedule
from fairway.panel.pages.strategy_facts import StrategyFacts, strategies_of
from fairway.panel.sources import Sources
from fairway.panel.state_marks import Mark
from fairway.reports.ratio import ratio
from fairway.reports.sliding_window import WindowCounts
from fairway.settings import Settings, load
from fairway.texts.display import NOTHING, percent
from fairway.texts.durations import duration_words
from fairway.world.clock import MINUTE, SECOND, text_of

_MARKS: Final = {"ready": Mark.GOOD, "crashed": Mark.BAD, "ended": Mark.BAD, "stopped": Mark.HELD}
SERVER, TRADER = "server", "trader"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessFacts:
    """One process. news: what is worth a person's look, "" where nothing is. is_older: whether it read an older file."""

    name: str
    mark: Mark
    state: str
    since: int
    crashes: str
    news: str
    is_older: bool
    can_start: bool
    can_restart: bool


@dataclass(frozen=True, slots=True)
class PairFacts:
    """A name, what is in force, and where that comes from."""

    name: str
    value: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlFacts:
    """is_up: whether a supervisor runs."""

    sentence: str
    mark: Mark
    second: str
    is_up: bool
    trader_runs: bool
    processes: tuple[ProcessFacts, ...]
    success: tuple[PairFacts, ...]
    strategies: tuple[StrategyFacts, ...]
    strategy_keys: tuple[PairFacts, ...]
    risk: tuple[PairFacts, ...]
    schedule: tuple[PlannedFacts, ...]


def ask_control(sources: Sources, actor: Actor) -> ControlFacts:
    """Raises what the operations raise."""
    config, now = sources.context.config, sources.context.clock.now()
    settings = load(config)
    return control_facts(
        settings,
        sources.outcome(actor, PROCESSES, ProcessesRequest(config=config)),
        sources.outcome(actor, STATUS, StatusRequest(config=config)),
        sources.outcome(actor, TRADES, StoriesRequest(config=config)),
        sources.outcome(actor, DAY_METRICS, DayMetricsRequest(config=config)).counts,
        sources.outcome(actor, RISK_RULES, RiskRulesRequest(config=config), SECOND),
        sources.outcome(actor, CAPS, CapsRequest(config=config)),
        ask_schedule(sources, actor, settings, now),
        changed_at=_changed_at(config),
        now=now,
    )


def _changed_at(config: Path) -> int:
    """When the file was written last (ns); 0 where that is not known."""
    try:
        return config.stat().st_mtime_ns
    except OSError:
        return 0


def control_facts(
    settings: Settings,
    shown: ProcessesOutcome,
    status: StatusOutcome,
    stories: StoriesOutcome,
    day: WindowCounts,
    rules: RiskRulesOutcome,
    caps: CapsOutcome,
    schedule: tuple[PlannedFacts, ...],
    *,
    changed_at: int,
    now: int,
) -> ControlFacts:
    """At an instant (ns)."""
    runs = bool(status.trader.is_running)
    sentence, mark = _headline(shown, runs=runs)
    return ControlFacts(
        sentence=sentence,
        mark=mark,
        second=_second(shown, changed_at),
        is_up=shown.is_up,
        trader_runs=runs,
        processes=tuple(_process(each, changed_at) for each in shown.processes),
        success=tuple(_success(shown, stories, day, now)),
        strategies=strategies_of(settings, caps, runs=runs),
        strategy_keys=tuple(_strategy(settings)),
        risk=tuple(_risk(settings, rules)),
        schedule=schedule,
    )


def _headline(shown: ProcessesOutcome, *, runs: bool) -> tuple[str, Mark]:
    if not shown.is_up:
        return ("A trader runs without a supervisor: nothing restarts it.", Mark.HELD) if runs else ("Nothing runs.", Mark.BAD)
    if shown.safe_mode:
        return f"Safe mode: {shown.safe_mode}. Nothing is opened until a person lifts it.", Mark.BAD
    wrong = [each for each in shown.processes if each.state not in ("ready", "idle")]
    if wrong:
        return "; ".join(f"{each.name} is {each.state}" for each in wrong) + ".", Mark.BAD
    ready = ", ".join(each.name for each in shown.processes if each.state == "ready")
    idle = "".join(f"; {each.name} is idle: {each.said}" for each in shown.processes if each.state == "idle")
    return f"Every process is ready: {ready}{idle}.", Mark.GOOD


def _second(shown: ProcessesOutcome, changed_at: int) -> str:
    older = [each.name for each in shown.processes if _is_older(each, changed_at)]
    if older:
        verb = "still runs" if len(older) == 1 else "still run"
        names = ", ".join(older)
        return (
            f"The configuration was changed at {text_of(changed_at)[11:19]}; {names} {verb} by the one before, until a restart."
        )
    return "Every process runs by the configuration as the file has it." if shown.is_up else ""


def _is_older(process: ProcessState, changed_at: int) -> bool:
    """Whether it has read the file before it was changed. The practice exchange reads none."""
    return process.state == "ready" and process.since < changed_at and process.name != "exchange"


def _process(process: ProcessState, changed_at: int) -> ProcessFacts:
    is_older = _is_older(process, changed_at)
    before = "runs by the configuration before" if is_older else ""
    return ProcessFacts(
        name=process.name,
        mark=_MARKS.get(process.state, Mark.PENDING),
        state=process.state,
        since=process.since,
        crashes=str(process.crashes),
        news="; ".join(filter(None, (process.held, process.said, before))),
        is_older=is_older,
        can_start=process.state == "ended",
        can_restart=process.state == "ready" and process.name not in (SERVER, "exchange"),
    )


def _success(shown: ProcessesOutcome, stories: StoriesOutcome, day: WindowCounts, now: int) -> Iterator[PairFacts]:
    trips = [each.trip for story in stories.stories.values() for each in story.trips]
    won = sum(each.result.value > 0 for each in trips)
    trader = next((each for each in shown.processes if each.name == TRADER), None)
    if shown.is_up:
        yield PairFacts("system up", duration_words(_whole(now - shown.began_at)))
    if trader is not None and trader.state == "ready":
        yield PairFacts("trader up", duration_words(_whole(now - trader.since)))
    yield PairFacts("trades, 24 h", f"{day.trades:,}", f"{day.targets:,} at the target, {day.stops:,} at the stop")
    yield PairFacts("trades, in all", f"{len(trips):,}")
    share = percent(ratio(Decimal(won), Decimal(len(trips))), 0) if trips else NOTHING
    yield PairFacts("won", share, f"{won:,} of {len(trips):,}" if trips else "no trade has ended")
    good = percent(1 - day.error_share, 1) if day.error_share is not None else NOTHING
    yield PairFacts(
        "orders that succeeded, 24 h", good, f"{day.sent - day.failed:,} of {day.sent:,}" if day.sent else "none was sent"
    )


def _whole(length: int) -> int:
    """So that it changes seldom: seconds in the first minutes, then minutes."""
    unit = MINUTE if length > 10 * MINUTE else 10 * SECOND
    return max(length, 0) // unit * unit


def _strategy(settings: Settings) -> Iterator[PairFacts]:
    for name in type(settings.strategy.own).model_fields:
        value = getattr(settings.strategy.own, name)
        is_set = name in settings.strategy.own.model_fields_set
        yield PairFacts(name.replace("_", " "), _text(value), "the file" if is_set else "its default")


def _text(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or NOTHING
    return NOTHING if value is None else str(value)


def _risk(settings: Settings, rules: RiskRulesOutcome) -> Iterator[PairFacts]:
    """The numbers that a configuration may tighten, by account where there are several."""
    own = settings.risk
    for account, its in rules.accounts.items():
        whose = f"{account}: " if len(rules.accounts) > 1 else ""
        profile = f"profile {own.profile}" if settings.people is None else "the profile of its user"
        for name, value in (
            ("loss of a trade at its stop", _share(its.rules.per_trade)),
            ("largest position", _share(its.rules.position_max)),
            ("positions at a time", str(its.rules.positions_max)),
        ):
            key = {"loss of a trade at its stop": own.per_trade, "largest position": own.position_max}.get(
                name, own.positions_max
            )
            yield PairFacts(f"{whose}{name}", value, "the file" if key is not None else profile)
        for field, name in (("slippage", "slippage allowed for"), ("spread_max", "widest spread")):
            source = "the file" if field in own.model_fields_set else "its default"
            yield PairFacts(f"{whose}{name}", _share(getattr(its.rules, field)), source)
        yield PairFacts(f"{whose}guards", str(len(its.guards)), profile)


def _share(value: object) -> str:
    return str(value)


CONTROL: Final = Question("control", ask_control)
