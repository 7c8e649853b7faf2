"""Whether each part of the system is alive: when it last gave a sign, and whether that is too long ago."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from fairway.api.health import Health, checks, pilot_health
from fairway.market.candles import INTERVALS
from fairway.operations.alerts.show import AlertsOutcome
from fairway.operations.launch.show import LaunchOutcome
from fairway.operations.trader.status import AccountStatus, StatusOutcome, TraderStatus
from fairway.panel.sources import Sources
from fairway.panel.state_marks import Mark
from fairway.settings import Settings
from fairway.texts.durations import duration_words
from fairway.venues.port import StreamChannel
from fairway.world.clock import MILLISECOND, MINUTE, SECOND

VALUES_MAX: Final = 3
"""When so many values of an account in a row were left out, its prices are too old."""
MARGIN_NS: Final = 20 * SECOND
"""What a value may come late."""
MEASURES_NS: Final = 3 * MINUTE
"""A trader measures itself once a minute."""
QUOTE_NS: Final = MINUTE
"""A quote that is older when the trader measures itself belongs to a stream that tells nothing."""
_MARKS = {Health.OK: Mark.GOOD, Health.FAILED: Mark.BAD, Health.UNKNOWN: Mark.UNKNOWN}
_NO_TRADER: Final = "no trader runs that would see it"


@dataclass(frozen=True, slots=True)
class LifeSign:
    """at: its last sign (ns), 0 where only its state is known. why: what is wrong, or a figure where it is well."""

    name: str
    mark: Mark
    at: int
    why: str


def life_signs(
    sources: Sources, status: StatusOutcome, launch: LaunchOutcome | None, alerts: AlertsOutcome
) -> tuple[LifeSign, ...]:
    """Of trader, pilot, venue, market data, alerting and journal."""
    settings = sources.context.settings
    found = {name: check() for name, check in checks(settings, sources.context.clock).items()}

    def sign(part: str, name: str, at: int) -> LifeSign:
        health, why = found.get(part, (Health.UNKNOWN, "nothing tells of it"))
        return LifeSign(name, _MARKS[health], at, why)

    trader = sign("trader", "trader", status.trader.last_at or 0)
    signs = [trader]
    if launch is not None:
        found.setdefault("pilot", pilot_health(settings))  # also one that `fairway up` has not started
        signs.append(sign("pilot", "pilot", launch.status.launch.written_at))
    runs = trader.mark is Mark.GOOD
    signs += [venue_sign(status, runs=runs), data_sign(status, valued_every(settings), runs=runs)]
    silent = "alerting is silent: what fires is unknown" if alerts.is_silent else ""
    signs.append(LifeSign("alerting", Mark.UNKNOWN if silent else Mark.GOOD, alerts.evaluated_at, silent))
    signs.append(sign("journal", "journal", 0))
    if "processes" in found:
        signs.append(sign("processes", "processes", 0))
    return tuple(signs)


def venue_sign(status: StatusOutcome, *, runs: bool) -> LifeSign:
    """Of the venue's answers, as the trader has had them: its calls in the last minute, its streams, and an order's time."""
    measures, answers = status.trader.measures, [each.answer for each in status.accounts if each.answer is not None]
    newest = max(answers, key=lambda each: each.at, default=None)
    at = max(measures.at if measures is not None and measures.calls > measures.calls_failed else 0, newest.at if newest else 0)
    lost = list(_lost(status.accounts, of_account=True))
    if not runs:
        return LifeSign("venue", Mark.UNKNOWN, at, _NO_TRADER)
    if lost:
        return LifeSign("venue", Mark.BAD, at, lost[0])
    if measures is None or status.now - measures.at > MEASURES_NS:
        return LifeSign("venue", Mark.UNKNOWN, at, "the trader has not measured its answers lately")
    if not measures.calls:
        return LifeSign("venue", Mark.UNKNOWN, at, "it was not asked anything in the last minute")
    if measures.calls_failed:
        mark = Mark.BAD if measures.calls_failed == measures.calls else Mark.HELD
        return LifeSign("venue", mark, at, f"{measures.calls_failed:,} of {measures.calls:,} calls failed in the last minute")
    took = f"; the last order was taken in {newest.latency_ns // MILLISECOND:,} ms" if newest is not None else ""
    return LifeSign("venue", Mark.GOOD, at, f"{measures.calls:,} calls answered in a minute{took}")


def valued_every(settings: Settings) -> int:
    """How often an account is valued (ns): where it is reconciled, once a candle at most."""
    return max(INTERVALS[settings.interval], settings.reconcile_every)


def data_sign(status: StatusOutcome, every_ns: int, *, runs: bool) -> LifeSign:
    """Of the prices: as old as those of the account that was valued longest ago, for one that is dead must not hide.

    every_ns: how often an account is valued.
    """
    oldest = min(status.accounts, key=lambda each: each.holdings.marked_at, default=None)
    at = oldest.holdings.marked_at if oldest is not None else 0
    if not runs:
        return LifeSign("market data", Mark.UNKNOWN, at, _NO_TRADER)
    lost = list(_lost(status.accounts, of_account=False))
    if lost:
        return LifeSign("market data", Mark.BAD, at, lost[0])
    if oldest is None or not at:
        of = f" of {oldest.holdings.account}" if oldest is not None else ""
        return LifeSign("market data", Mark.UNKNOWN, 0, f"no price yet{of}")
    old = status.now - at
    if old > VALUES_MAX * every_ns + MARGIN_NS:
        why = f"{oldest.holdings.account} was last valued {duration_words(old)} ago, and is every {duration_words(every_ns)}"
        return LifeSign("market data", Mark.BAD, at, why)
    silent = _silent_ns(status.trader)
    if silent > QUOTE_NS:
        return LifeSign("market data", Mark.BAD, at, f"the oldest quote was {duration_words(silent)} old in the last minute")
    return LifeSign("market data", Mark.GOOD, at, "")


def _silent_ns(trader: TraderStatus) -> int:
    """How old the oldest quote was when the trader measured itself last; 0 where it did not."""
    measures = trader.measures
    return measures.at - measures.oldest_quote_at if measures is not None and measures.oldest_quote_at is not None else 0


def _lost(accounts: Sequence[AccountStatus], *, of_account: bool) -> Iterator[str]:
    for each in accounts:
        for channel, (_, why) in each.lost.items():
            if (channel == StreamChannel.ACCOUNT) is of_account:
                yield f"{each.holdings.account} lost the {channel} stream: {why}"
