"""What runs when: each thing that a clock or a bound decides, as it is now, and the next instant at which that changes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from fairway.alerting.on_call import next_hand_over, turn_words
from fairway.launch.views.claim_standing import claim_standings
from fairway.operations.actor import Actor
from fairway.operations.alerts.show import ALERTS, AlertsOutcome, AlertsRequest
from fairway.operations.launch.show import SHOW_LAUNCH, LaunchOutcome, ShowLaunchRequest
from fairway.operations.runbooks.listing import LIST_RUNBOOKS, RunbooksOutcome, RunbooksRequest
from fairway.operations.trader.caps import CAPS, CapsOutcome, CapsRequest
from fairway.operations.trader.risk_rules import RISK_RULES, RiskRulesOutcome, RiskRulesRequest
from fairway.panel.sources import Sources, UnknownOutcome
from fairway.risk.caps import in_force
from fairway.risk.escalation import Level
from fairway.risk.guards.daily_loss import DailyLoss
from fairway.risk.guards.drawdown import Drawdown
from fairway.risk.hours import Hours
from fairway.settings import Settings
from fairway.texts.display import percent
from fairway.texts.durations import duration_words
from fairway.watch.series import merged
from fairway.world.clock import DAY, MINUTE, SECOND, text_of

EFFECTS: Final = {Level.WARNING: "half the size", Level.CRITICAL: "opens nothing", Level.EMERGENCY: "sells all, opens nothing"}
"""What an account may do from a level on, in a few words; `Level` says it in full."""
REDUCING: Final = {DailyLoss.name: "loss of a day", Drawdown.name: "fall below the highest worth"}
"""Guards that reduce an account's risk by what it lost, and what each counts."""
LAPSES_MAX: Final = 5
SPELLS_MAX: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFacts:
    """One thing. now: how it is. next_at: when that changes (ns), 0 where no clock decides it. key: of the configuration."""

    name: str
    now: str
    next_at: int = 0
    key: str = ""


def ask_schedule(sources: Sources, actor: Actor, settings: Settings, now: int) -> tuple[PlannedFacts, ...]:
    """Soonest first; then what no clock decides. Raises what the operations raise."""
    config = sources.context.config
    found = [
        *hours_facts(settings, sources.outcome(actor, CAPS, CapsRequest(config=config)), now),
        *maintenance_facts(settings, now),
        *day_facts(now),
        *_duties(sources, actor, settings, now),
        *reducing_facts(sources.outcome(actor, RISK_RULES, RiskRulesRequest(config=config), SECOND)),
        PlannedFacts(name="candle of the strategy", now=settings.interval, key="interval"),
        PlannedFacts(
            name="all of each account is asked for",
            now=f"every {duration_words(settings.reconcile_every)}",
            key="reconcile_every",
        ),
    ]
    return tuple(sorted(found, key=lambda each: each.next_at or 2**63))


def hours_facts(settings: Settings, caps: CapsOutcome, now: int) -> Iterator[PlannedFacts]:
    """Whether positions may be opened by the hours of the configuration and the stage; by account where they differ."""
    known = {each.account: in_force((*each.caps, each.settings_cap)).hours for each in caps.accounts}
    distinct = dict.fromkeys(known.values()) or {settings.risk.hours: None}
    for hours in distinct:
        whose = ", ".join(name for name, its in known.items() if its == hours)
        yield _hours(f"hours of {whose}" if len(distinct) > 1 else "trading hours", hours, now)


def _hours(name: str, hours: Hours | None, now: int) -> PlannedFacts:
    key = "risk.hours, and the plan's"
    if hours is None:
        return PlannedFacts(name=name, now="open at all hours", key=key)
    ends_at, is_open = hours.changes_at(now), hours.allow(now)
    until = f" until {_clock_time(ends_at)}" if ends_at is not None else " at all hours"
    said = f"{'open' if is_open else 'shut'}{until} ({hours} UTC)"
    return PlannedFacts(name=name, now=said, next_at=ends_at or 0, key=key)


def maintenance_facts(settings: Settings, now: int) -> Iterator[PlannedFacts]:
    """The spells that are not over."""
    coming = [spell for spell in merged(settings.maintenance) if spell[1] > now][:SPELLS_MAX]
    for since, until in coming:
        is_now = since <= now
        said = f"{'nothing is opened' if is_now else 'from ' + _minute(since)} until {_minute(until)}"
        yield PlannedFacts(name="maintenance", now=said, next_at=until if is_now else since, key="maintenance")
    if not coming:
        yield PlannedFacts(name="maintenance", now="none is planned", key="maintenance")


def day_facts(now: int) -> Iterator[PlannedFacts]:
    """What happens at the end of each day, by UTC."""
    midnight = (now // DAY + 1) * DAY
    yield PlannedFacts(name="roll-over of the day", now="the loss since midnight begins at nothing again", next_at=midnight)
    yield PlannedFacts(name="report of today", now="grows until midnight; see Reports", next_at=midnight)


def reducing_facts(rules: RiskRulesOutcome) -> Iterator[PlannedFacts]:
    """From which loss on an account's risk is reduced without a person, and how."""
    found = dict[tuple[str, str], list[str]]()
    for account, its in rules.accounts.items():
        for guard in its.guards:
            if guard.guard in REDUCING and guard.bounds:
                found.setdefault((guard.guard, bounds_text(guard.bounds)), []).append(account)
    for (name, said), accounts in found.items():
        whose = f" ({', '.join(accounts)})" if len(accounts) < len(rules.accounts) else ""
        yield PlannedFacts(name=f"risk reduced by the {REDUCING[name]}{whose}", now=said, key="risk.profile")


def bounds_text(bounds: Mapping[str, Decimal]) -> str:
    """bounds: by level, fractions of the account."""
    drawn = [(str(level), what) for level, what in EFFECTS.items() if str(level) in bounds]
    return "; ".join(f"{level} at {percent(bounds[level], 1)}: {what}" for level, what in drawn)


def _duties(sources: Sources, actor: Actor, settings: Settings, now: int) -> Iterator[PlannedFacts]:
    """What people do by the clock."""
    alerts, config = settings.alerts, sources.context.config
    if alerts is None:
        yield PlannedFacts(name="alerting", now="not configured", key="alerts")
    elif alerts.on_call is not None:
        hand_over = next_hand_over(alerts.on_call, now)
        yield PlannedFacts(name="on call", now=turn_words(alerts.on_call, now), next_at=hand_over or 0, key="alerts.on_call")
    else:
        said = "no schedule: alerts go to the channels of each severity"
        yield PlannedFacts(name="on call", now=said, key="alerts.on_call")
    if alerts is not None and alerts.surveys is not None:
        found = sources.known(actor, ALERTS, AlertsRequest(config=config), MINUTE)
        at = found.survey_at if isinstance(found, AlertsOutcome) else 0
        said = f"every {duration_words(alerts.surveys.every)}"
        yield PlannedFacts(name="survey of users", now=said, next_at=max(at, now) if at else 0, key="alerts.surveys")
    yield from _runbooks(sources.known(actor, LIST_RUNBOOKS, RunbooksRequest(config=config), MINUTE))
    yield from _lapses(sources.known(actor, SHOW_LAUNCH, ShowLaunchRequest(config=config), MINUTE), now)


def _runbooks(found: RunbooksOutcome | UnknownOutcome | None) -> Iterator[PlannedFacts]:
    if isinstance(found, UnknownOutcome):
        yield PlannedFacts(name="runbooks", now=f"not known: {found.why}")
    elif found is not None:
        overdue = sum(each.is_overdue for each in found.runbooks)
        late = f"{overdue} of {len(found.runbooks)} were not followed to their end for 30 days"
        yield PlannedFacts(name="runbooks", now=late if overdue else "each was followed to its end within 30 days")


def _lapses(found: LaunchOutcome | UnknownOutcome | None, now: int) -> Iterator[PlannedFacts]:
    """Drills and other evidence of the launch that lapse next."""
    if isinstance(found, UnknownOutcome):
        yield PlannedFacts(name="drills and other evidence", now=found.why)
    elif found is not None:
        standings = sorted((each for each in claim_standings(found.status) if each.ends_at > now), key=lambda each: each.ends_at)
        for each in standings[:LAPSES_MAX]:
            yield PlannedFacts(name=f"{each.claim.name} lapses", now="to be shown again before", next_at=each.ends_at)


def _clock_time(at: int) -> str:
    return text_of(at)[11:16]


def _minute(at: int) -> str:
    return text_of(at)[:16].replace("T", " ")
