"""Logs the events of a trader's journal: the kind, the account, the order's id, and the event's own fields."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from msgspec import Struct

from fairway.journal import kinds
from fairway.journal.kinds import Event
from fairway.journal.port import COMMAND_STREAM
from fairway.logs.log import Logger
from fairway.orders import lifecycle
from fairway.world.clock import text_of

_HUMP: Final = re.compile(r"(?<!^)(?=[A-Z])")
_ERRORS: Final = (kinds.AccountFailed, kinds.NakedTooLong, kinds.StopFailed)
_WARNINGS: Final = (
    lifecycle.OrderLost,
    lifecycle.OrderUnsent,
    lifecycle.OrderRejected,
    lifecycle.CancelRefused,
    kinds.StreamLost,
    kinds.AddressSwitched,
    kinds.Unexplained,
    kinds.ExternalFill,
    kinds.GuardTripped,
    kinds.OtherBotSeen,
)
_DETAILS: Final = (kinds.Marked, kinds.ProcessMeasured)
"""Written each minute, whatever happens."""


class EventLines:
    """A watcher of a trader: it is called with events once they are durable."""

    def __init__(self, log: Logger, later: Callable[[Callable[[], None]], object] | None = None) -> None:
        """later calls something when the orders that follow from these events have left; without it lines are written at once."""
        self._log, self._later = log, later
        self._waiting: list[tuple[str, Sequence[Event], int]] = []

    def hear(self, account: str, events: Sequence[Event], at: int) -> None:
        self._waiting.append((account, events, at))
        if self._later is None:
            self.flush()
        elif len(self._waiting) == 1:
            self._later(self.flush)

    def flush(self) -> None:
        """Writes what waits."""
        waiting, self._waiting = self._waiting, []
        for account, events, at in waiting:
            whose = {"account": account} if account else {}
            for event in events:
                getattr(self._log, level_of(event))(name_of(event), at=text_of(at), **(fields_of(event) | whose))


def level_of(event: Event) -> str:
    if isinstance(event, _ERRORS):
        return "error"
    if isinstance(event, _WARNINGS) or (isinstance(event, kinds.SignalReceived) and event.lost):
        return "warning"
    return "debug" if isinstance(event, _DETAILS) else "info"


def name_of(event: Struct) -> str:
    """`order_filled` of an OrderFilled."""
    return name_of_kind(type(event))


def name_of_kind(kind: type[Struct]) -> str:
    return _HUMP.sub("_", kind.__name__).lower()


def fields_of(event: Event) -> dict[str, Any]:
    """The event's fields that have a value. The id of an order is always `order_id`, its symbol `symbol`; the number of a
    command is `command_id`, and the id of a stage's beginning `stage_id`, as in the pilot's log."""
    own = {name: getattr(event, name) for name in event.__struct_fields__}
    fields = {NAMES.get(name, name): value for name, value in own.items() if value not in (None, "", ())}
    order = own.get("order")
    if order is not None and hasattr(order, "id"):
        fields |= {"order_id": order.id, "symbol": order.symbol}
    match event:
        case kinds.InstructionTaken():
            fields["command_id"] = command_id(COMMAND_STREAM, fields.pop("number"))
        case kinds.SignalReceived(signal=signal):
            its = {name: getattr(signal, name) for name in signal.__struct_fields__}
            del fields["signal"]
            fields |= {f"signal_{name}" if name == "id" else name: value for name, value in its.items() if value is not None}
        case kinds.LeaseAccepted(stage=stage) | kinds.StageBegan(stage=stage) if stage:
            fields["stage_id"] = fields.pop("stage")
    return fields


def command_id(stream: str, number: int) -> str:
    """The same in the log of the process that writes a command and of the one that reads it: `commands-17`."""
    return f"{stream.replace(' ', '-')}-{number}"


NAMES: Final = {"event": "event_name", "level": "guard_level", "at": "event_at"}
"""Names that a log line uses itself."""
