"""GET /metrics and GET /metrics/prom: the last 24 hours as JSON, and all measurements as Prometheus reads them."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Response
from pydantic import BaseModel, Field

from fairway.api.authentication import Caller
from fairway.api.context import Asking, Context, ServerContext
from fairway.api.problems import documented
from fairway.api.views.shown import instant
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.operations.trader.day_metrics import DAY_METRICS, DayMetricsRequest
from fairway.operations.trader.metrics import METRICS, MetricsRequest

router: Final = APIRouter(tags=["documents"])
PROMETHEUS: Final = "text/plain; version=0.0.4; charset=utf-8"
_PROBLEMS: Final = documented(401, 403, 409, 422, 429, 503)
_TEXT: Final[dict[str, Any]] = {"text/plain": {"schema": {"type": "string"}}}


class DayMetrics(BaseModel):
    """The last 24 hours, as they slide: what is older by a nanosecond counts no more.

    All of it is counted from the trader's journal, over the accounts that you may read.
    """

    trades_24h: int = Field(
        description="Round trips that closed in the window: positions from their first buy to their last sale (`OrderFilled`, "
        "`DustLeft`, `ExternalFill`), by the venue's time"
    )
    error_rate: float | None = Field(
        description="Of the orders that were first sent in the window (`OrderSent`), the share that the venue refused "
        "(`OrderRejected`), that never left (`OrderUnsent`) or whose fate was unknown (`OrderLost`); null where none was sent"
    )
    tp_triggers_24h: int = Field(description="Round trips of the window that were ended by their target")
    sl_triggers_24h: int = Field(description="Round trips of the window that were ended by their stop")
    timestamp: str = Field(description="The instant at which the window ends", examples=["2026-11-25T12:00:00.000000Z"])


@router.get(
    "/metrics",
    response_model=DayMetrics,
    responses={200: {"content": _TEXT, "description": "JSON; Prometheus's text where `Accept` asks for it"}, **_PROBLEMS},
)
def documents_metrics(caller: Asking, context: Context, accept: Annotated[str, Header()] = "") -> DayMetrics | Response:
    """Trades, exits and errors of the last 24 hours, counted from the journal's own events.

    trades_24h: round trips that closed. tp_triggers_24h, sl_triggers_24h: those of them that a target or a stop ended.
    error_rate: orders refused, unsent or lost over orders sent. A Prometheus that scrapes this path gets the text of
    `/metrics/prom`.
    """
    if asks_for_prometheus(accept):
        return _prometheus(caller, context)
    outcome = perform(DAY_METRICS, Call(actor=caller.actor, request=DayMetricsRequest(config=context.config)))
    share = outcome.counts.error_share
    return DayMetrics(
        trades_24h=outcome.counts.trades,
        error_rate=float(share) if share is not None else None,
        tp_triggers_24h=outcome.counts.targets,
        sl_triggers_24h=outcome.counts.stops,
        timestamp=instant(outcome.now),
    )


@router.get("/metrics/prom", response_class=Response, responses={200: {"content": _TEXT}, **_PROBLEMS})
def documents_metrics_prom(caller: Asking, context: Context) -> Response:
    """All measurements of trader and launch, in the form that Prometheus reads: counters since the journal began."""
    return _prometheus(caller, context)


def asks_for_prometheus(accept: str) -> bool:
    """Whether a header `Accept` is that of a Prometheus: it names the version of its text format."""
    kinds = [each.strip().lower() for each in accept.split(",")]
    return any(each.startswith("application/openmetrics-text") or _is_versioned_text(each) for each in kinds)


def _is_versioned_text(kind: str) -> bool:
    name, *options = (part.strip() for part in kind.split(";"))
    return name == "text/plain" and any(option.startswith("version=") for option in options)


def _prometheus(caller: Caller, context: ServerContext) -> Response:
    outcome = perform(METRICS, Call(actor=caller.actor, request=MetricsRequest(config=context.config)))
    return Response(outcome.text, headers={"Content-Type": PROMETHEUS})
