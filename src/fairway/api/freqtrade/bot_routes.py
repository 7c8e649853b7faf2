"""What the bot is and how it is, as freqtrade's clients ask for it."""

from typing import Annotated, Final

from fastapi import APIRouter, Query

import fairway
from fairway.api.authentication import Caller
from fairway.api.context import Asking, Context, ServerContext
from fairway.api.freqtrade.account_sums import sums_of
from fairway.api.freqtrade.bot_models import FtConfig, FtHealth, FtLogs, FtPing, FtSysInfo, FtVersion
from fairway.api.freqtrade.json_values import date_text, milliseconds
from fairway.api.freqtrade.trade_routes import PROBLEMS, positions_max
from fairway.api.views.portfolio import status_of
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.operations.trader.caps import CAPS, AccountCaps, CapsRequest
from fairway.operations.trader.recent_events import LINES_MAX, RECENT_EVENTS, RecentEventsRequest
from fairway.reports.event_context import Weight
from fairway.reports.trader_view import RecentEvent
from fairway.risk.cap_kinds import PAUSED
from fairway.texts.durations import duration_of
from fairway.world.clock import MILLISECOND, MINUTE
from fairway.world.machine import measure_machine

router: Final = APIRouter(prefix="/api/v1", tags=["freqtrade"])
API_VERSION: Final = 2.40
"""Of freqtrade's API: a client asks for nothing that came later."""
LEVELS: Final = {Weight.NEWS: "INFO", Weight.TROUBLE: "WARNING"}


@router.get("/ping")
async def freqtrade_ping() -> FtPing:
    """Whether the server answers; without a sign-in."""
    return FtPing()


@router.get("/version", responses=PROBLEMS)
def freqtrade_version(caller: Asking) -> FtVersion:
    """Fairway's version."""
    return FtVersion(version=f"fairway {fairway.__version__}")


@router.get("/show_config", responses=PROBLEMS)
def freqtrade_show_config(caller: Asking, context: Context) -> FtConfig:
    """The configuration, and whether the bot trades."""
    settings, interval = context.settings, duration_of(context.settings.interval)
    is_real = settings.mode == "live"
    caps = perform(CAPS, Call(actor=caller.actor, request=CapsRequest(config=context.config))).accounts
    return FtConfig(
        version=f"fairway {fairway.__version__}",
        api_version=API_VERSION,
        dry_run=not is_real,
        stake_currency=settings.quote,
        max_open_trades=positions_max(caps),
        timeframe=settings.interval,
        timeframe_ms=interval // MILLISECOND,
        timeframe_min=interval // MINUTE,
        exchange=settings.venue.exchange,
        strategy=settings.strategy.name,
        bot_name=settings.account,
        state=state_of(caller, context, caps),
        runmode="live" if is_real else "dry_run",
    )


def state_of(caller: Caller, context: ServerContext, caps: tuple[AccountCaps, ...]) -> str:
    """`stopped` where no trader runs; `paused` where a person has paused each account that the caller may read."""
    trader = status_of(caller, context).trader
    if not trader.is_started or trader.is_running is False:
        return "stopped"
    return "paused" if caps and all(is_paused(each) for each in caps) else "running"


def is_paused(account: AccountCaps) -> bool:
    """Whether a person has paused the account."""
    return any(cap.is_a(PAUSED) for cap in account.caps)


@router.get("/health", responses=PROBLEMS)
def freqtrade_health(caller: Asking, context: Context) -> FtHealth:
    """When the trader last wrote. `/api/v1/health/`, with the slash, is another path: how each part of the system is."""
    last, began = status_of(caller, context).trader.last_at or 0, sums_of(caller, context).began_at
    return FtHealth(
        last_process=date_text(last) or None,
        last_process_ts=milliseconds(last) // 1_000 or None,
        bot_start=date_text(began) or None,
        bot_start_ts=milliseconds(began) // 1_000 or None,
    )


@router.get("/sysinfo", responses=PROBLEMS)
def freqtrade_sysinfo(caller: Asking) -> FtSysInfo:
    """How busy the machine is, over a quarter of a second."""
    found = measure_machine()
    return FtSysInfo(cpu_pct=list(found.cores), ram_pct=found.memory)


@router.get("/logs", responses=PROBLEMS)
def freqtrade_logs(caller: Asking, context: Context, limit: Annotated[int, Query(ge=1, le=LINES_MAX)] = LINES_MAX) -> FtLogs:
    """What happened lately, in words, oldest first: from the trader's journal, without what is routine."""
    request = RecentEventsRequest(config=context.config, limit=limit)
    found = perform(RECENT_EVENTS, Call(actor=caller.actor, request=request)).events
    return FtLogs(log_count=len(found), logs=[_line(each) for each in found])


def _line(event: RecentEvent) -> tuple[str, int, str, str, str]:
    text = event.text
    told = f"{text.what}. {text.did}" if text.did else text.what
    return date_text(event.at), milliseconds(event.at), f"fairway.{event.account}", LEVELS.get(text.weight, "INFO"), told
