"""What a user sees of the own accounts."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Final

from fairway.operations.actor import Actor
from fairway.operations.trader.caps import CAPS, CapsRequest
from fairway.operations.trader.status import STATUS, AccountStatus, StatusRequest
from fairway.operations.trader.worth import WORTH, WorthRequest
from fairway.panel.facts.caps import CapFacts, cap_facts
from fairway.panel.facts.events import EventFacts, recent_events
from fairway.panel.facts.kills import ask_kills
from fairway.panel.facts.money import Curve, MoneyFacts, Signed, drawn_curve, money_facts, signed_amount
from fairway.panel.facts.positions import PositionFacts, position_facts
from fairway.panel.facts.safety import safety
from fairway.panel.feed import Question
from fairway.panel.sources import Sources
from fairway.panel.state_marks import Mark
from fairway.risk.cap_kinds import PAUSED
from fairway.texts.display import amount
from fairway.world.clock import SECOND

CURVE_NS: Final = 10 * SECOND
"""The curve of a week is asked again after this time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAccount:
    """One account. state: whether it may open positions, and why not. is_paused: whether its user may let it go on."""

    name: str
    worth: str
    today: Signed
    state: str
    is_paused: bool
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFacts:
    """All accounts of one user."""

    safety: tuple[str, Mark]
    money: MoneyFacts
    curve: Curve
    accounts: tuple[OwnAccount, ...]
    positions: tuple[PositionFacts, ...]
    caps: tuple[CapFacts, ...]
    events: tuple[EventFacts, ...]


def own_facts(sources: Sources, actor: Actor) -> OwnFacts:
    """Raises what the operations raise."""
    config = sources.context.config
    status = sources.outcome(actor, STATUS, StatusRequest(config=config))
    worth = sources.outcome(actor, WORTH, WorthRequest(config=config), CURVE_NS)
    positions = position_facts(status)
    caps = sources.outcome(actor, CAPS, CapsRequest(config=config))
    paused = {each.account for each in caps.accounts if any(cap.is_a(PAUSED) for cap in each.caps)}
    return OwnFacts(
        safety=safety(status, positions, ask_kills(sources, actor, caps, None)),
        money=money_facts(status, worth),
        curve=drawn_curve(worth),
        accounts=tuple(_account(each, paused) for each in status.accounts),
        positions=positions,
        caps=cap_facts(caps),
        events=recent_events(sources, actor),
    )


def _account(each: AccountStatus, paused: Set[str]) -> OwnAccount:
    its = each.holdings
    return OwnAccount(
        name=its.account,
        worth=amount(its.worth, 2),
        today=signed_amount(its.today.result, 2),
        state=f"opens nothing: {each.why_not}" if each.why_not else "trades",
        is_paused=its.account in paused,
        mark=Mark.HELD if each.why_not else Mark.GOOD,
    )


OWN: Final = Question("own", own_facts)
