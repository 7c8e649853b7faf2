"""What is known of money while an incident is handled: whether positions are protected, what is held, and what was earned."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import Final

from fairway.incidents.incident_tick import IncidentFacts
from fairway.incidents.protection import PositionProtection
from fairway.launch.plan.model import Plan
from fairway.launch.views.launch_view import LaunchSnapshot
from fairway.launch.views.verifications import verifications_seen
from fairway.money.amount import CONTEXT, ZERO, Amount
from fairway.risk import cap_kinds
from fairway.watch.account import MeasuredAccount
from fairway.watch.account_gauges import AccountGauges
from fairway.watch.watcher import Watcher
from fairway.world.clock import MINUTE, text_of

FRESH_NS: Final = 3 * MINUTE
"""The trader measures itself once a minute; what it said longer ago is not known to be so now."""


def facts_of(
    watcher: Watcher | None, accounts: AccountGauges | None, launch: LaunchSnapshot, plan: Plan | None, now: int
) -> IncidentFacts:
    """At an instant (ns). watcher, accounts: of the trader's journal; plan: of the launch; each None where it cannot be read."""
    facts = IncidentFacts(
        detail="the trader's journal cannot be read",
        stage=", ".join(_stage(launch, track) for track in launch.tracks),
        holds=tuple(hold.id for hold in launch.holds),
        verifications=verifications_seen(plan, launch, now),
    )
    if watcher is None or accounts is None:
        return facts
    protection, detail = _protection(watcher, accounts, now)
    with localcontext(CONTEXT):
        exposure, realized = _exposure(watcher.accounts.values()), _realized(watcher, accounts)
    return replace(facts, protection=protection, detail=detail, exposure=exposure, realized=realized)


def _stage(launch: LaunchSnapshot, track: str) -> str:
    place, phase = launch.tracks[track]
    names = launch.stages.get(track, ())
    return f"{track}: {names[place] if 0 <= place < len(names) else 'none'} ({phase.value})"


def _protection(watcher: Watcher, accounts: AccountGauges, now: int) -> tuple[PositionProtection, str]:
    """By the trader's own word, which compares with the venue; a trader that is silent says nothing about now."""
    naked = [
        f"{name} {cap.symbol}".rstrip()
        for name, facts in accounts.accounts.items()
        for cap in facts.caps.values()
        if cap.is_a(cap_kinds.NAKED)
    ]
    if naked:
        return PositionProtection.UNPROTECTED, f"no stop covers all of {', '.join(naked)}"
    if not watcher.beats:
        return PositionProtection.UNKNOWN, "the trader has not measured itself yet; stops rest at the venue"
    if now - watcher.beats > FRESH_NS:
        seen = f"last seen at {text_of(watcher.beats)[:19]}"
        return PositionProtection.UNKNOWN, f"the trader is silent; stops rest at the venue, {seen}"
    return PositionProtection.PROTECTED, "stops at the venue cover all that is held"


def _exposure(measured: Iterable[MeasuredAccount]) -> Amount | None:
    """All positions at market. None where a position has no price, or nothing was ever held."""
    total, quote = ZERO, ""
    for account in measured:
        for symbol, trip in account.trips.items():
            price = account.prices.get(symbol)
            if price is None:
                return None
            total, quote = total + price * trip.position.quantity.value, trip.position.cost.asset
    return Amount(total, quote) if quote else None


def _realized(watcher: Watcher, accounts: AccountGauges) -> Amount | None:
    """What all closed round trips have brought, net of fees, to the cent: it was summed from statistics."""
    quote = next((each.worth.asset for each in accounts.accounts.values() if each.worth is not None), "")
    found = watcher.series.get("trade_pnl")
    if not quote or found is None:
        return None
    return Amount(Decimal(str(round(found.total, 2))), quote)
