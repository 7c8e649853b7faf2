"""A snapshot of a soak: all that is known of the run at an instant, as one line of NDJSON."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from fairway.proving.soak.meter import Pooled, SoakMeter
from fairway.world.clock import HOUR, text_of

EVERY_S: Final = 300
"""Seconds from one snapshot to the next."""
DIGITS: Final = 6


class SoakSnapshot(Struct, frozen=True, kw_only=True):
    """Shares are of 1, times in seconds, from the soak's beginning on. None: not known.

    orders: intents that came to an end. errors: calls of the venue and commits of the database that failed. protection: the share
    of minutes in which no position was without its stop for longer than may be.
    """

    at: str
    elapsed_hours: float
    uptime: float | None
    orders: int
    order_success: float | None
    ack_mean_s: float | None
    ack_p50_s: float | None
    ack_p95_s: float | None
    ack_p99_s: float | None
    signals: int
    decision_p95_s: float | None
    venue_calls: int
    venue_api: float | None
    errors: int
    incidents: int
    failures: int
    starts: int
    reconnects: int
    reconnect_longest_s: float | None
    memory_bytes: float | None
    data_age_s: float | None
    drawdown: float | None
    positions: int
    protection: float | None
    reconciled: float | None
    tied_out: float | None


def snapshot_of(meters: Sequence[SoakMeter], since: int, now: int) -> SoakSnapshot:
    """Of all traders together, from one instant until another (ns)."""

    def pooled(indicator: str) -> Pooled:
        return Pooled(meters, indicator, now, since)

    ack, calls, commits = pooled("order_ack"), pooled("venue_api"), pooled("db_ok")
    reconnects = [seconds for meter in meters for seconds in meter.reconnects_s]
    lost = [seconds for meter in meters if (seconds := meter.still_lost_s(now)) > 0]
    drawdowns = [share for meter in meters for share in meter.drawdowns()]
    return SoakSnapshot(
        at=text_of(now),
        elapsed_hours=round((now - since) / HOUR, 4),
        uptime=_down(pooled("uptime").share),
        orders=pooled("order_success").count,
        order_success=_down(pooled("order_success").share),
        ack_mean_s=_rounded(ack.mean),
        ack_p50_s=_rounded(ack.quantile(0.5)),
        ack_p95_s=_rounded(ack.quantile(0.95)),
        ack_p99_s=_rounded(ack.quantile(0.99)),
        signals=pooled("decision_time").count,
        decision_p95_s=_rounded(pooled("decision_time").quantile(0.95)),
        venue_calls=calls.count,
        venue_api=_down(calls.share),
        errors=round(calls.count - calls.total + commits.count - commits.total),
        incidents=pooled("incidents").count,
        failures=sum(meter.failures for meter in meters),
        starts=sum(meter.starts for meter in meters),
        reconnects=len(reconnects),
        reconnect_longest_s=_rounded(max([*reconnects, *lost], default=None)),
        memory_bytes=pooled("rss").newest,
        data_age_s=_rounded(pooled("data_age").newest),
        drawdown=_rounded(max(drawdowns, default=None)),
        positions=sum(meter.open_positions for meter in meters),
        protection=_down(pooled("protected").share),
        reconciled=_down(pooled("reconciled").share),
        tied_out=_down(pooled("tied_out").share),
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)


def _down(share: float | None) -> float | None:
    """Rounded down, so that 1 means all."""
    return None if share is None else int(share * 10**DIGITS) / 10**DIGITS
