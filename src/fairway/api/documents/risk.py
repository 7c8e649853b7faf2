"""GET /risk/policy, /risk/presets and /risk/guardrails: limits in force, the profiles' numbers, and the guards that are on."""

from typing import Any, Final

from fastapi import APIRouter
from pydantic import BaseModel, Field

from fairway.api.context import Asking, Context
from fairway.api.problems import documented
from fairway.api.views.shown import instant, number, plain
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.operations.trader.caps import CAPS, AccountCaps, CapsRequest
from fairway.operations.trader.risk_rules import RISK_RULES, GuardOn, RiskRulesOutcome, RiskRulesRequest
from fairway.risk.caps import in_force
from fairway.risk.limits import Limits, TradingState
from fairway.risk.rules import RiskRules

router: Final = APIRouter(prefix="/risk", tags=["documents"])
PROBLEMS: Final = documented(401, 403, 422, 429, 503)
NO_LEASE: Final = Limits(state=TradingState.REDUCE_ONLY)


class RiskPolicy(BaseModel):
    """What bounds one account now: the tightest of configuration, stage and every cap. Shares are of one: 0.03 is 3 %."""

    account: str
    profile: str
    trading_state: str
    may_open: bool
    in_force: dict[str, Any]
    configured: dict[str, Any] = Field(description="Of configuration and profile alone")
    of_stage: dict[str, Any] | None = Field(description="Of the lease; null where there is none, or none is needed")
    stage: str
    lease_until: str
    caps: list[str] = Field(description="Ids of the caps; /api/v1/caps explains them")


class RiskPreset(BaseModel):
    """A profile with its numbers. rules: of sizes and checks; guards: the settings of all guards."""

    profile: str
    limits: dict[str, Any]
    rules: dict[str, Any]
    guards: dict[str, Any]


class Guardrail(BaseModel):
    """A guard that watches an account. bounds: by level, in the unit of what it measures."""

    account: str
    guard: str
    measures: str
    bounds: dict[str, str]
    lifted_by_person_from: str = Field(description="From this level on only a person lifts its cap")


@router.get("/policy", responses=PROBLEMS)
def documents_risk_policy(caller: Asking, context: Context) -> list[RiskPolicy]:
    """The limits in force of each account that you may read."""
    outcome = perform(CAPS, Call(actor=caller.actor, request=CapsRequest(config=context.config)))
    rules = _rules(caller, context).accounts
    profiles = {name: each.rules.profile for name, each in rules.items()}
    return [_policy(each, profiles.get(each.account, ""), context.clock.now()) for each in outcome.accounts]


@router.get("/presets", responses=PROBLEMS)
def documents_risk_presets(caller: Asking, context: Context) -> list[RiskPreset]:
    """The profiles conservative, moderate and aggressive, with every number of theirs."""
    return [_preset(name, rules) for name, rules in _rules(caller, context).profiles.items()]


@router.get("/guardrails", responses=PROBLEMS)
def documents_risk_guardrails(caller: Asking, context: Context) -> list[Guardrail]:
    """The guards that are on in each account, with their bounds; those of a stage are on where its stage has such a limit."""
    found = _rules(caller, context).accounts
    return [_guardrail(name, guard) for name, each in found.items() for guard in each.guards]


def _rules(caller: Asking, context: Context) -> RiskRulesOutcome:
    return perform(RISK_RULES, Call(actor=caller.actor, request=RiskRulesRequest(config=context.config)))


def _policy(its: AccountCaps, profile: str, now: int) -> RiskPolicy:
    lease = its.lease if its.lease is not None and now < its.lease.until else None
    limits = in_force([*its.caps, its.settings_cap])
    if its.needs_lease:
        limits &= lease.limits if lease is not None else NO_LEASE
    return RiskPolicy(
        account=its.account,
        profile=profile,
        trading_state=limits.state.name,
        may_open=its.may_open,
        in_force=limit_values(limits),
        configured=limit_values(its.settings_cap.limits),
        of_stage=limit_values(lease.limits) if lease is not None and its.needs_lease else None,
        stage=lease.stage.partition(" ")[0] if lease is not None else "",
        lease_until=instant(lease.until) if lease is not None else "",
        caps=[cap.id for cap in its.caps],
    )


def limit_values(limits: Limits) -> dict[str, Any]:
    """The fields that limit something; the state by its name."""
    found: dict[str, Any] = plain(limits)
    return {name: value for name, value in found.items() if name != "state"} | {"state": limits.state.name}


def _preset(name: str, rules: RiskRules) -> RiskPreset:
    found: dict[str, Any] = plain(rules)
    apart = ("limits", "guards", "profile")
    return RiskPreset(
        profile=name,
        limits=limit_values(rules.all_limits),
        rules={key: value for key, value in found.items() if key not in apart},
        guards={key: plain(value) for key, value in rules.guards},
    )


def _guardrail(account: str, guard: GuardOn) -> Guardrail:
    return Guardrail(
        account=account,
        guard=guard.guard,
        measures=guard.measures,
        bounds={level: number(bound) or "" for level, bound in guard.bounds.items()},
        lifted_by_person_from=guard.person_from,
    )
