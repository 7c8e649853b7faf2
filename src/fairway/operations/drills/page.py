"""Page: an incident of each severity that pages is opened as a drill, and a person acknowledges it within five minutes."""

from typing import TYPE_CHECKING, Final

from fairway.launch.evidence.producers import PAGE
from fairway.operations.drills.drill import Drill
from fairway.operations.drills.drill_run import DrillNotPossible, DrillRun
from fairway.operations.drills.observed_account import first_time
from fairway.operations.drills.pager import Pager, PageSeen
from fairway.people.roles import UserAct
from fairway.risk.causes import AlertSeverity
from fairway.world.clock import MINUTE, SECOND

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

PAGING: Final = (AlertSeverity.P0, AlertSeverity.P1)
SENT_WITHIN_NS: Final = 10 * SECOND
ACKNOWLEDGED_WITHIN_NS: Final = 5 * MINUTE
TITLE: Final = "DRILL: nothing is wrong; acknowledge this page of {severity} now"
REASON: Final = "a drill of the pages is over"


async def carry_out(run: DrillRun) -> None:
    """Raises DrillNotPossible, JournalErrors."""
    if run.pager is None:
        raise DrillNotPossible("no alerting process is known that could page")
    for severity in PAGING:
        incident = await run.pager.page(severity, TITLE.format(severity=severity.value))
        try:
            await _watch(run, run.pager, severity, incident)
        finally:
            if why := await run.pager.end(incident, REASON):
                ended = f"fairway incident resolve {run.config} --incident {incident} --reason 'a drill'"
                run.leave(f"the incident {incident} stays open ({why}); end it:  {ended}")


async def _watch(run: DrillRun, pager: Pager, severity: AlertSeverity, incident: str) -> None:
    """From the opening of an incident until a person has acknowledged it, or should have."""
    took = await first_time(run.clock, _whether(pager, incident, lambda page: bool(page.sent)), SENT_WITHIN_NS, SECOND)
    page = await pager.seen(incident)
    told = f"{incident}, by {', '.join(page.sent)}" if page.sent else f"{incident}, by no channel"
    expected = f"a page of {severity.value} is sent by a channel within {SENT_WITHIN_NS / SECOND:g} s"
    run.note(f"page {severity.value}", expected, told, took or SENT_WITHIN_NS, holds=took is not None)
    await first_time(run.clock, _whether(pager, incident, lambda page: bool(page.by)), ACKNOWLEDGED_WITHIN_NS, SECOND)
    page = await pager.seen(incident)
    is_late = not page.by or page.took_ns > ACKNOWLEDGED_WITHIN_NS
    seen = f"{page.by} acknowledged it after {page.took_ns / SECOND:.0f} s" if page.by else "no person acknowledged it"
    expected = f"a person acknowledges it within {ACKNOWLEDGED_WITHIN_NS / MINUTE:g} minutes"
    run.note(f"acknowledged {severity.value}", expected, seen, page.took_ns or ACKNOWLEDGED_WITHIN_NS, holds=not is_late)


def _whether(pager: Pager, incident: str, is_so: "Callable[[PageSeen], bool]") -> "Callable[[], Awaitable[bool]]":
    async def asked() -> bool:
        return is_so(await pager.seen(incident))

    return asked


DRILL = Drill(
    name="page",
    claim=PAGE,
    does="an incident of P0 and then one of P1 is opened as a drill: people on call are paged, and acknowledge it with "
    "`fairway incident ack`; users are told nothing; then it is resolved",
    lasts="until each of the two is acknowledged, 5 minutes each at most",
    carry_out=carry_out,
    act=UserAct.RESPOND,
    is_watched=False,
)
