"""Whether each part of the system is alive: when it last gave a sign, and whether that is too long ago."""

from dataclasses import dataclass

from fairway.api.health import Health, checks
from fairway.operations.alerts.show import AlertsOutcome
from fairway.operations.launch.show import LaunchOutcome
from fairway.operations.trader.status import StatusOutcome
from fairway.panel.sources import Sources
from fairway.panel.state_marks import Mark

_MARKS = {Health.OK: Mark.GOOD, Health.FAILED: Mark.BAD, Health.UNKNOWN: Mark.UNKNOWN}


@dataclass(frozen=True, slots=True)
class LifeSign:
    """at: its last sign (ns), 0 where only its state is known. why: what is wrong, "" where nothing is."""

    name: str
    mark: Mark
    at: int
    why: str


def life_signs(
    sources: Sources, status: StatusOutcome, launch: LaunchOutcome | None, alerts: AlertsOutcome
) -> tuple[LifeSign, ...]:
    """Of trader, market data, venue, pilot, alerting and journal."""
    found = {name: check() for name, check in checks(sources.context.settings, sources.context.clock).items()}

    def sign(part: str, name: str, at: int) -> LifeSign:
        health, why = found.get(part, (Health.UNKNOWN, "nothing tells of it"))
        return LifeSign(name, _MARKS[health], at, why)

    marked = max((each.holdings.marked_at for each in status.accounts), default=0)
    signs = [sign("trader", "trader", status.trader.last_at or 0)]
    trader_runs = signs[0].mark is Mark.GOOD
    signs.append(
        LifeSign("market data", Mark.GOOD if trader_runs and marked else Mark.UNKNOWN, marked, "" if marked else "no price yet")
    )
    if launch is not None:
        signs.append(sign("pilot", "pilot", launch.status.launch.written_at))
    silent = "alerting is silent: what fires is unknown" if alerts.is_silent else ""
    signs.append(LifeSign("alerting", Mark.UNKNOWN if silent else Mark.GOOD, alerts.evaluated_at, silent))
    signs.append(sign("journal", "journal", 0))
    if "processes" in found:
        signs.append(sign("processes", "processes", 0))
    return tuple(signs)
