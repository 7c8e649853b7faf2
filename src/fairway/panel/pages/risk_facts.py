"""What the page of risk says: what each account may do and why, its limits against their use, its guards, and the budgets."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from fairway.assembly.tower import NotBegun
from fairway.launch.views.budgets import BudgetOutlook, budget_outlooks
from fairway.operations.actor import Actor
from fairway.operations.launch.show import SHOW_LAUNCH, ShowLaunchRequest
from fairway.operations.permissions import may_read_all
from fairway.operations.trader.caps import CAPS, AccountCaps, CapsOutcome, CapsRequest
from fairway.operations.trader.guard_figures import (
    GUARD_FIGURES,
    AccountGuards,
    GuardFiguresOutcome,
    GuardFiguresRequest,
)
from fairway.operations.trader.limit_use import LIMIT_USE, AccountLimitUse, LimitUse, LimitUseOutcome, LimitUseRequest
from fairway.panel.facts.budgets import BudgetFacts, budget_facts
from fairway.panel.facts.caps import CapFacts, cap_facts, mark_of_state
from fairway.panel.facts.guards import LEVEL_MARKS, GuardFacts, guard_facts
from fairway.panel.feed import Question
from fairway.panel.journal_links import records_of
from fairway.panel.sources import Sources, UnknownOutcome
from fairway.panel.state_marks import Mark
from fairway.risk.caps import in_force
from fairway.risk.escalation import Level
from fairway.risk.guards.sentences import cap_sentence
from fairway.risk.limits import TradingState
from fairway.texts.display import NOTHING, count_text, number
from fairway.world.clock import SECOND

BESIDE_NS: Final = SECOND
"""Guards and limits are counted again after this time: that reads the journal once more, beside what others read."""
STATES: Final = {
    TradingState.KILLED: "killed: opens nothing, until a person resumes it",
    TradingState.HALTED: "halted: cancels entries and protects what is held, nothing else",
    TradingState.REDUCE_ONLY: "reduce only: opens nothing; what is held stays protected, and may be sold",
    TradingState.ACTIVE: "active: may open positions, within its limits",
}
LEVELS: Final = {
    Level.NORMAL: "normal: no guard takes anything away",
    Level.WARNING: "warning: trades on, at half the size",
    Level.CRITICAL: "critical: opens nothing; what a person lets be opened all the same is a quarter of the size",
    Level.EMERGENCY: "emergency: opens nothing, and sells what is held at market",
}
_COUNTED_FROM: Final = {
    "positions": "OrderFilled",
    "open orders": "OrderSent",
    "orders a minute": "OrderSent",
    "loss": "StageBegan",
}
"""By limit, the kind of records that its use is counted from; the others are of the account's marks."""
_COUNTING: Final = "the journal is being read for it"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRisk:
    """What one account may do. order: what it stands by, the tightest first."""

    account: str
    order: tuple[int, int]
    state: str
    mark: Mark
    why: str
    level: str
    level_mark: Mark
    level_why: str
    level_since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UseFacts:
    """One limit of one account. share: of it that is used, None where that is not known. records: what it is counted from."""

    account: str
    limit: str
    words: str
    share: float | None
    by: str
    mark: Mark
    records: str

    @property
    def key(self) -> tuple[str, str]:
        return self.account, self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskFacts:
    """entry_limits: what each single entry is checked against. uses_trouble, guards_trouble: why they are not shown."""

    sentence: str
    mark: Mark
    accounts: tuple[AccountRisk, ...]
    caps: tuple[CapFacts, ...]
    uses: tuple[UseFacts, ...]
    entry_limits: str
    uses_trouble: str
    guards: tuple[GuardFacts, ...]
    guards_trouble: str
    marked_at: int
    budgets: tuple[BudgetFacts, ...]
    no_budgets: str


def risk_facts(sources: Sources, actor: Actor) -> RiskFacts:
    """Raises what the operations raise."""
    config = sources.context.config
    caps = sources.outcome(actor, CAPS, CapsRequest(config=config))
    guards = sources.known(actor, GUARD_FIGURES, GuardFiguresRequest(config=config), BESIDE_NS)
    uses = sources.known(actor, LIMIT_USE, LimitUseRequest(config=config), BESIDE_NS)
    budgets, no_budgets = _budgets(sources, actor)
    return facts_of_risk(caps, guards, uses, budgets, no_budgets)


def facts_of_risk(
    caps: CapsOutcome,
    guards: GuardFiguresOutcome | UnknownOutcome | None,
    uses: LimitUseOutcome | UnknownOutcome | None,
    budgets: Sequence[BudgetOutlook],
    no_budgets: str,
) -> RiskFacts:
    """Of what is known. guards, uses: None while the journal is being read for them."""
    of_guards = guards.accounts if isinstance(guards, GuardFiguresOutcome) else ()
    of_uses = uses.accounts if isinstance(uses, LimitUseOutcome) else ()
    alarmed = {each.account: each for each in of_guards}
    accounts = sorted((_account(each, alarmed.get(each.account)) for each in caps.accounts), key=lambda each: each.order)
    return RiskFacts(
        sentence=_sentence(accounts, caps),
        mark=accounts[0].mark if accounts else Mark.UNKNOWN,
        accounts=tuple(accounts),
        caps=cap_facts(caps),
        uses=tuple(_use(each.account, use) for each in of_uses for use in each.uses),
        entry_limits="; ".join(_of_one_entry(each) for each in of_uses if each.of_one_entry),
        uses_trouble=_trouble(uses),
        guards=tuple(guard_facts(each.account, figure) for each in of_guards for figure in each.guards),
        guards_trouble=_trouble(guards),
        marked_at=min((each.marked_at for each in of_guards if each.marked_at), default=0),
        budgets=tuple(budget_facts(each) for each in budgets),
        no_budgets=no_budgets,
    )


def _of_one_entry(its: AccountLimitUse) -> str:
    limits = (f"{name.replace('_', ' ')} {text} (by {by})" for name, text, by in its.of_one_entry)
    return f"{its.account}: {', '.join(limits)}"


def _trouble(found: GuardFiguresOutcome | LimitUseOutcome | UnknownOutcome | None) -> str:
    if isinstance(found, UnknownOutcome):
        return found.why
    return _COUNTING if found is None else ""


def _account(its: AccountCaps, guards: AccountGuards | None) -> AccountRisk:
    state = in_force(cap for cap in its.caps if not cap.symbol).state
    why = "; ".join(
        dict.fromkeys(cap_sentence(cap) for cap in its.caps if not cap.symbol and cap.limits.state is not TradingState.ACTIVE)
    )
    words, mark = STATES[state], mark_of_state(state)
    if state is TradingState.ACTIVE and not its.may_open:
        why = its.doubt or _why_not(its)
        words, mark = ("unknown", Mark.UNKNOWN) if its.doubt else ("opens nothing now", Mark.HELD)
    level = guards.level if guards is not None else None
    return AccountRisk(
        account=its.account,
        order=(state, -(level or 0)),
        state=words,
        mark=mark,
        why=why,
        level=LEVELS[level] if level is not None else f"unknown: {_COUNTING}",
        level_mark=LEVEL_MARKS[level] if level is not None else Mark.UNKNOWN,
        level_why=guards.why if guards is not None and guards.level else "",
        level_since=guards.since if guards is not None else 0,
    )


def _why_not(its: AccountCaps) -> str:
    if its.lost:
        return f"a stream was lost: {', '.join(its.lost)}"
    return "it has no lease that is fresh" if its.needs_lease else ""


def _sentence(accounts: Sequence[AccountRisk], caps: CapsOutcome) -> str:
    if not accounts:
        return "No account is traded yet."
    shut = [each for each in accounts if each.mark is not Mark.GOOD]
    waiting = f" {count_text(len(caps.waiting), 'instruction')} wait for the trader." if caps.waiting else ""
    if not shut:
        return f"{count_text(len(accounts), 'account').capitalize()} may open positions, within the limits below.{waiting}"
    first = shut[0]
    more = f", and {len(shut) - 1} more" if len(shut) > 1 else ""
    return f"{first.account}{more}: {first.state}{f' ({first.why})' if first.why else ''}.{waiting}"


def _use(account: str, use: LimitUse) -> UseFacts:
    share = float(use.share) if use.share is not None else None
    return UseFacts(
        account=account,
        limit=use.limit,
        words=f"{_amount(use.used, use.unit)} of {_amount(use.most, use.unit)}" if use.used is not None else "unknown",
        share=share,
        by=use.by,
        mark=Mark.UNKNOWN if share is None else Mark.HELD if share >= 1 else Mark.GOOD,
        records=records_of(_COUNTED_FROM.get(use.limit, "Marked"), account=account),
    )


def _amount(value: Decimal | None, unit: str) -> str:
    """Money with cents, shares in percent, numbers as they are."""
    if value is None:
        return NOTHING
    if unit == "%":
        return f"{number(value * 100, 2)} %"
    return f"{number(value, 2)} {unit}" if unit else number(value)


def _budgets(sources: Sources, actor: Actor) -> tuple[tuple[BudgetOutlook, ...], str]:
    if not may_read_all(actor):
        return (), "The launch's budgets are for operators."
    try:
        status = sources.outcome(actor, SHOW_LAUNCH, ShowLaunchRequest(config=sources.context.config)).status
    except NotBegun as error:
        return (), f"No launch flies, so no budget is counted: {error}"
    found = budget_outlooks(status)
    return found, "" if found else "The plan has no objectives, so no budget is counted."


RISK: Final = Question("risk", risk_facts)
