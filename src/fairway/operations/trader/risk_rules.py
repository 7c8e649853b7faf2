"""Risk rules: the profiles with their numbers, and what each account is traded by, with the guards that watch it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.operation import OWN_THINGS, Call, Exposure, Operation, Outcome, Preview
from fairway.operations.permissions import may_read
from fairway.operations.trader.accounts_of_trader import carried_accounts
from fairway.operations.trader.caps import rules_in_use
from fairway.people.roles import UserAct
from fairway.settings import load

if TYPE_CHECKING:
    from fairway.risk.guards.port import Guard
    from fairway.risk.rules import RiskRules


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskRulesRequest:
    """config: of the trader."""

    config: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardOn:
    """A guard that watches an account. bounds: by level, calmest first, in the unit of what it measures."""

    guard: str
    measures: str
    bounds: Mapping[str, Decimal]
    person_from: str
    """The level from which on only a person lifts its cap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesOfAccount:
    """What one account is traded by."""

    rules: "RiskRules"
    guards: tuple[GuardOn, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskRulesOutcome(Outcome):
    """profiles: each with all its rules, most careful first. accounts: those that the actor may read."""

    profiles: "Mapping[str, RiskRules]"
    accounts: Mapping[str, RulesOfAccount]


def show_risk_rules(call: Call[RiskRulesRequest]) -> RiskRulesOutcome:
    """Raises SettingsError."""
    from fairway.risk.profiles import Profile, rules_of

    settings = load(call.request.config)
    known = {name: rules_in_use(settings, name) for name in carried_accounts(settings) if may_read(call.actor, name)}
    return RiskRulesOutcome(
        profiles={each.value: rules_of(each, settings.quote) for each in Profile},
        accounts={name: RulesOfAccount(rules=rules, guards=_guards(rules, settings.quote)) for name, rules in known.items()},
    )


def _guards(rules: "RiskRules", quote: str) -> tuple[GuardOn, ...]:
    from fairway.risk.guards.roster import Roster

    roster = Roster(rules.guards, quote)
    return tuple(_guard_on(each) for each in (*roster.guards, *roster.of_stage))


def _guard_on(guard: "Guard") -> GuardOn:
    return GuardOn(
        guard=guard.name,
        measures=guard.measures,
        bounds={str(level): bound for level, bound in guard.bounds.items()},
        person_from=str(guard.person_from),
    )


RISK_RULES = Operation(
    name="risk rules",
    summary="Show the risk profiles, and the rules and guards of each account.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=RiskRulesRequest,
    subject=lambda asked: OWN_THINGS,
    preview=lambda call: Preview(effect="reads the configuration and the registry; nothing is changed"),
    perform=show_risk_rules,
)
OPERATIONS: Final = (RISK_RULES,)
