"""Guard figures: how far each guard of an account is from its thresholds, by the journal, and how alarmed the account is."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.operation import OWN_THINGS, Call, Exposure, Operation, Outcome, Preview
from fairway.operations.permissions import may_read
from fairway.operations.trader.accounts_of_trader import removed_accounts
from fairway.operations.trader.journal_view import seen_permissions
from fairway.people.roles import UserAct
from fairway.risk.escalation import Level
from fairway.settings import load

if TYPE_CHECKING:
    from fairway.operations.trader.guard_view import GuardedAccount
    from fairway.risk.guards.port import Guard, GuardReading

NOT_JOURNALED: Final = "the trader's process alone measures it; the journal does not hold it"
NOTHING_SEEN: Final = (
    "it looks at what is held, at the newest candles, or at a limit of the stage; the journal shows none of it now"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardFiguresRequest:
    """config: of the trader."""

    config: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardFigure:
    """One guard. value: in the unit of its bounds, None where it is unknown, and why. symbol: "" for the account.

    bounds: by level, calmest first. bounds_text: the same as a person would name them, "" where the bounds are that. level: how
    alarmed it is. trips: how often it was alarmed.
    """

    guard: str
    symbol: str
    measures: str
    unit: str
    value: Decimal | None
    unknown: str
    bounds: Mapping[Level, Decimal]
    bounds_text: str
    level: Level
    trips: int
    person_from: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountGuards:
    """One account. level: that of its most alarmed guard; why: those guards; since when (ns), 0 for ever.

    marked_at: of which instant the prices are that losses are counted by (ns), 0 for none.
    """

    account: str
    level: Level
    why: str
    since: int
    marked_at: int
    guards: tuple[GuardFigure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardFiguresOutcome(Outcome):
    """Of the accounts that the actor may read."""

    accounts: tuple[AccountGuards, ...]


def tell_guard_figures(call: Call[GuardFiguresRequest]) -> GuardFiguresOutcome:
    """Raises SettingsError, JournalErrors."""
    from fairway.money.amount import CONTEXT
    from fairway.operations.trader.guard_view import guard_view
    from fairway.world.clock import SystemClock

    settings, now = load(call.request.config), SystemClock().now()
    permissions, _ = seen_permissions(settings)
    removed = removed_accounts(settings, permissions)
    with guard_view(settings) as view, localcontext(CONTEXT):
        found = [
            _of_account(name, its, now)
            for name, its in view.accounts.items()
            if name not in removed and may_read(call.actor, name)
        ]
    return GuardFiguresOutcome(accounts=tuple(found))


def _of_account(account: str, its: "GuardedAccount", now: int) -> AccountGuards:
    escalation = its.escalation
    return AccountGuards(
        account=account,
        level=its.state.guards.level,
        why=escalation.why if escalation is not None else "",
        since=its.escalated_at,
        marked_at=its.marked_at,
        guards=tuple(_figure(its, guard, reading) for guard, reading in its.readings(now)),
    )


def _figure(its: "GuardedAccount", guard: "Guard", reading: "GuardReading | None") -> GuardFigure:
    from fairway.risk.guards.port import Measured
    from fairway.risk.guards.registry import guards

    plugin = next(each for each in guards() if each.guard.name == guard.name)
    symbol = reading.symbol if reading is not None else ""
    unknown = "" if reading is not None else NOT_JOURNALED if Measured in guard.hears else NOTHING_SEEN
    alarms = its.state.guards.alarms
    return GuardFigure(
        guard=guard.name,
        symbol=symbol,
        measures=guard.measures,
        unit=plugin.unit,
        value=reading.value if reading is not None else None,
        unknown=unknown,
        bounds=dict(guard.bounds),
        bounds_text=plugin.bounds_text(its.state.guards.rules) if plugin.bounds_text is not None else "",
        level=max(
            (level for (name, of), level in alarms.items() if name == guard.name and symbol in ("", of)), default=Level.NORMAL
        ),
        trips=its.state.guards.trips.get(guard.name, 0),
        person_from=guard.person_from,
    )


GUARD_FIGURES = Operation(
    name="guard figures",
    summary="Show how far each guard of an account is from its thresholds, and how alarmed the account is.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=GuardFiguresRequest,
    subject=lambda asked: OWN_THINGS,
    preview=lambda call: Preview(effect="reads the journal; nothing is changed"),
    perform=tell_guard_figures,
)
OPERATIONS: Final = (GUARD_FIGURES,)
