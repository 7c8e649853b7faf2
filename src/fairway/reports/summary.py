"""Writes `summary.json`: every figure of a run as exact text, in an order that does not change.

The same run gives the same bytes, so nothing of the machine or of how long it took is in it.
"""

import json
from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any, Final

from fairway.money.amount import Price, text_of
from fairway.reports.ratio import kept
from fairway.reports.report import Report
from fairway.reports.run_metrics import RunMetrics, WorthDrawdown
from fairway.reports.story import OpenPosition, ReportedTrip
from fairway.reports.tie_out import TieOut, WorthTie
from fairway.world.clock import text_of as instant_text

FORM: Final = 1
"""Version of the summary's own shape; raised when a key changes its meaning or goes."""


def summary_bytes(report: Report) -> bytes:
    """The file's bytes: JSON, UTF-8, two spaces, a line break at the end. Decimals are text; what is not defined is null."""
    return (json.dumps(summary(report), indent=2, ensure_ascii=False) + "\n").encode()


def summary(report: Report) -> dict[str, Any]:
    """The same as plain values."""
    run, story = report.run, report.story
    return {
        "form": FORM,
        "run": {
            "release": run.release,
            "command": run.command,
            "seed": run.seed,
            "is_complete": run.is_complete,
            "started_at": instant_text(run.started_at),
            "ended_at": instant_text(run.ended_at),
            "symbols": list(run.instruments),
            "quote": run.quote,
            "data": [{"file": file.name, "sha256": file.sha256} for file in run.data],
            "remarks": list(run.remarks),
        },
        "journal": {"digest": run.journal_digest, "events": run.journal_count},
        "figures": _figures(report.figures),
        "tie_out": _tie_out(report.tie),
        "prices": _texts(report.prices),
        "round_trips": [_trip(trip) for trip in story.trips],
        "open_positions": [_position(held, report.prices) for held in story.positions],
        "dust": _texts(story.dust),
        "fees": _texts(story.fees),
        "fills": len(story.fills),
        "orders": {state.value: count for state, count in sorted(story.orders_ended.items())},
        "orders_live": len(story.orders_live),
        "orders_of_unknown_fate": story.orders_lost,
        "refusals": dict(sorted(story.refusals.items())),
        "streams_lost": len(story.outages),
        "caps": [
            {"since": instant_text(cap.since), "symbol": cap.symbol, "source": cap.source.value, "reason": cap.reason}
            for cap in story.caps
        ],
        "adjustments": [
            {"at": instant_text(each.at), "asset": each.amount.asset, "amount": text_of(each.amount.value), "why": each.why}
            for each in story.adjustments
        ],
        "troubles": story.troubles_count,
        "starts": len(story.starts),
    }


def _figures(figures: RunMetrics) -> dict[str, Any]:
    return {field.name: _plain(getattr(figures, field.name)) for field in fields(figures)}


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return text_of(value)
        case WorthDrawdown():
            return {
                "share": text_of(value.share),
                "amount": text_of(value.amount),
                "peak_at": instant_text(value.peak_at),
                "low_at": instant_text(value.low_at),
                "longest_ns": value.longest_ns,
            }
        case Price():
            return text_of(value.value)
        case _:
            return value


def _texts(amounts: Mapping[str, Decimal]) -> dict[str, str]:
    return {name: text_of(value) for name, value in sorted(amounts.items())}


def _tie_out(tie: TieOut) -> dict[str, Any]:
    return {
        "is_exact": tie.is_exact,
        "assets": {
            each.asset: {
                "ledger": text_of(each.ledger),
                "exchange": text_of(each.exchange),
                "difference": text_of(each.difference),
            }
            for each in sorted(tie.assets, key=lambda each: each.asset)
        },
        "flows": {
            flow.asset: {
                "opening": text_of(flow.opening),
                "bought": text_of(flow.bought),
                "sold": text_of(flow.sold),
                "fees": text_of(flow.fees),
                "adjustments": text_of(flow.adjustments),
                "balance": text_of(flow.balance),
            }
            for flow in sorted(tie.flows, key=lambda flow: flow.asset)
        },
        "worth": _worth(tie.worth) if tie.worth else None,
    }


def _worth(worth: WorthTie) -> dict[str, str]:
    parts = {field.name: getattr(worth, field.name) for field in fields(worth)}
    quote = parts.pop("quote")
    parts |= {"change": worth.change, "explained": worth.explained, "difference": worth.difference}
    return {"quote": quote, **{name: text_of(value) for name, value in parts.items()}}


def _trip(trip: ReportedTrip) -> dict[str, Any]:
    round_trip = trip.trip
    return {
        "symbol": round_trip.symbol,
        "opened_at": instant_text(round_trip.opened_at),
        "closed_at": instant_text(round_trip.closed_at),
        "quantity": text_of(round_trip.quantity.value),
        "entry": text_of(kept(round_trip.entry)),
        "exit": text_of(kept(round_trip.exit)),
        "result": text_of(round_trip.result.value),
        "r": _plain(trip.r),
        "stop": _plain(trip.stop),
        "target": _plain(trip.target),
        "fees": _texts(trip.fees),
        "entered_why": trip.entered_why,
        "left_by": trip.leaving.value,
        "left_why": trip.left_why,
        "naked_ns": trip.naked_ns,
    }


def _position(held: OpenPosition, prices: Mapping[str, Decimal]) -> dict[str, Any]:
    position = held.position
    return {
        "symbol": position.symbol,
        "quantity": text_of(position.quantity.value),
        "cost": text_of(position.cost.value),
        "mark": _plain(prices.get(position.symbol)),
        "stop": _plain(held.stop),
        "target": _plain(held.target),
        "entered_why": held.entered_why,
    }
