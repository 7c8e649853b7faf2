"""GET /alerts: every reason to be careful that is in force now; an empty list where there is none."""

from collections.abc import Iterator
from typing import Final

from fastapi import APIRouter
from pydantic import BaseModel, Field

from fairway.api.authentication import Caller
from fairway.api.context import Asking, Context, ServerContext
from fairway.api.health import Health, health_of
from fairway.api.problems import documented
from fairway.api.views.shown import instant
from fairway.assembly.tower import NotBegun
from fairway.launch.views.reason_text import ends_when
from fairway.operations.launch.show import SHOW_LAUNCH, ShowLaunchRequest
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.operations.refusal import Ground, Refusal
from fairway.operations.trader.caps import CAPS, AccountCaps, CapsRequest
from fairway.risk.cap_kinds import LEASE
from fairway.risk.caps import Cap
from fairway.risk.causes import AlertSeverity
from fairway.risk.limits import TradingState

router: Final = APIRouter(tags=["documents"])
ON_PURPOSE: Final = "info"
"""The severity of what a person or a plan has ordered: nothing went wrong."""


class ActiveAlert(BaseModel):
    """What is wrong now. severity: P0 (money may be lost now), P1 (trading has stopped), P2 (a warning), or info (ordered)."""

    severity: str = Field(examples=[AlertSeverity.P1.value])
    kind: str = Field(description="cap, hold, stream, trader or component", examples=["cap"])
    about: str = Field(description="The id of the cap or hold, the channel of a stream, or the component")
    account: str
    symbol: str
    since: str = Field(description="Empty where that is not known")
    what: str
    ends: str = Field(description="Who ends it, or when it ends")


@router.get("/alerts", responses=documented(401, 403, 422, 429, 503))
def documents_alerts(caller: Asking, context: Context) -> list[ActiveAlert]:
    """Caps, holds, lost streams, a silent trader and parts that are not well; the most severe first."""
    outcome = perform(CAPS, Call(actor=caller.actor, request=CapsRequest(config=context.config)))
    found = [alert for its in outcome.accounts for alert in _of_account(its)]
    found += [*_holds(caller, context), *_components(context)]
    return sorted(found, key=lambda each: (each.severity == ON_PURPOSE, each.severity))


def _of_account(its: AccountCaps) -> Iterator[ActiveAlert]:
    yield from (_cap(its.account, cap) for cap in its.caps if not _is_fresh_lease(cap))
    for channel, (since, why) in its.lost.items():
        yield _alert(AlertSeverity.P2, "stream", channel, why, its.account, since, "when it is caught up")
    if its.doubt:
        yield _alert(AlertSeverity.P1, "trader", "journal", its.doubt, its.account, 0, "when the trader writes again")


def _is_fresh_lease(cap: Cap) -> bool:
    """A launch that lets positions be opened is no alert; one that does not is."""
    return cap.is_a(LEASE) and cap.limits.state is TradingState.ACTIVE


def _cap(account: str, cap: Cap) -> ActiveAlert:
    return ActiveAlert(
        severity=_severity(cap.kind.severity),
        kind="cap",
        about=cap.id,
        account=account,
        symbol=cap.symbol,
        since=instant(cap.since),
        what=cap.reason,
        ends=cap.kind.clears,
    )


def _holds(caller: Caller, context: ServerContext) -> Iterator[ActiveAlert]:
    """None where no launch has begun, or this person may not read it."""
    try:
        found = perform(SHOW_LAUNCH, Call(actor=caller.actor, request=ShowLaunchRequest(config=context.config)))
    except NotBegun:
        return
    except Refusal as refusal:
        if refusal.ground is Ground.PERMISSION:
            return
        raise
    for hold in found.status.launch.holds.values():
        yield _alert(hold.kind.severity, "hold", hold.id, hold.reason, "", hold.since, ends_when(hold))


def _components(context: ServerContext) -> Iterator[ActiveAlert]:
    for name, part in health_of(context.settings, context.clock).components.items():
        if part.status is not Health.OK:
            yield _alert(AlertSeverity.P1, "component", name, part.why, "", 0, "when it is well again")


def _alert(severity: AlertSeverity | None, kind: str, about: str, what: str, account: str, since: int, ends: str) -> ActiveAlert:
    return ActiveAlert(
        severity=_severity(severity),
        kind=kind,
        about=about,
        account=account,
        symbol="",
        since=instant(since),
        what=what,
        ends=ends,
    )


def _severity(severity: AlertSeverity | None) -> str:
    return severity.value if severity is not None else ON_PURPOSE
