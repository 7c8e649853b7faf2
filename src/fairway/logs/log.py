"""Builds the operational log of a process: structlog with the clock that is handed in, secrets redacted, lines for a file."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, Final, Protocol

from fairway.logs.redaction import Redaction
from fairway.world.clock import Clock, text_of

Fields = dict[str, Any]
LEVELS: Final = {"debug": 10, "info": 20, "warning": 30, "error": 40}


class LogForm(StrEnum):
    JSON = "json"
    CONSOLE = "console"


class Process(StrEnum):
    """The process that writes a log, as its lines name it in `process`."""

    TRADER = "trader"
    PILOT = "pilot"
    METRICS = "metrics"
    EXCHANGE = "exchange"


class Logger(Protocol):
    """Takes an event by its name and its fields. A structlog logger is one."""

    def is_enabled_for(self, level: int) -> bool: ...
    def bind(self, **fields: Any) -> "Logger": ...
    def debug(self, event: str, **fields: Any) -> Any: ...
    def info(self, event: str, **fields: Any) -> Any: ...
    def warning(self, event: str, **fields: Any) -> Any: ...
    def error(self, event: str, **fields: Any) -> Any: ...


class _Lines:
    """What structlog hands its rendered lines to."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self.debug = self.info = self.warning = self.error = self.critical = self.msg = write


def new_log(
    write: Callable[[str], None],
    clock: Clock,
    *,
    level: str = "info",
    form: LogForm = LogForm.JSON,
    redaction: Redaction | None = None,
) -> Logger:
    """A log whose lines go to `write`, without a line feed. A line's instant is the clock's, unless a field `at` says another."""
    import structlog

    hides = redaction or Redaction()
    tracebacks = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)

    def stamped(_: Any, name: str, fields: Fields) -> Fields:
        return {"at": text_of(clock.now()), "level": name, "event": fields.pop("event", ""), **fields}

    def redacted(_: Any, __: str, fields: Fields) -> Fields:
        return {name: hides.of(value) for name, value in fields.items()}

    rendered = structlog.processors.JSONRenderer() if form is LogForm.JSON else _console
    logger: Logger = structlog.wrap_logger(
        _Lines(write),
        processors=[stamped, structlog.processors.ExceptionRenderer(tracebacks), redacted, rendered],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        cache_logger_on_first_use=True,
    )
    return logger


def _console(_: Any, __: str, fields: Fields) -> str:
    """`2026-01-03T22:00:00.000Z warning order_lost account=main order_id=… why="cut off"`."""
    import structlog

    head = " ".join(str(fields.pop(name, "")) for name in ("at", "level", "event"))
    pairs = structlog.processors.LogfmtRenderer(bool_as_flag=False)(
        None, "", {name: str(value) for name, value in fields.items()}
    )
    return f"{head} {pairs}".rstrip()
