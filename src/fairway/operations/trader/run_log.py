"""Reports a run in real time as progress: what is worth telling, a line each, with the instant it happened."""

from collections.abc import Iterable, Mapping, Sequence

from fairway.assembly import TraderObserver
from fairway.journal.kinds import Event, TraderStopped
from fairway.market.instrument import Instrument
from fairway.operations.operation import Progress, Tell
from fairway.reports.event_log import EventLog
from fairway.world.clock import Clock, text_of


class RunLog(TraderObserver):
    """Of one account. stopped_at: when the trader had stopped, by the clock's monotonic time (ns); None before."""

    def __init__(self, clock: Clock, tell: Tell) -> None:
        self._clock, self._tell = clock, tell
        self._events = EventLog({})
        self.stopped_at: int | None = None

    def meet(self, instruments: Mapping[str, Instrument], history: Iterable[tuple[Event, int]]) -> None:
        self._events = EventLog(instruments)
        for event, at in history:
            self._events.take(event, at)

    def hear(self, account: str, events: Sequence[Event], at: int) -> None:
        if any(isinstance(event, TraderStopped) for event in events):
            self.stopped_at = self._clock.monotonic()
        for line in self._events.lines(events, at):
            self._tell(Progress(f"{text_of(at)}  {line}"))

    def tell(self, what: str) -> None:
        """Reports what cannot be journaled."""
        self._tell(Progress(f"{text_of(self._clock.now())}  ! {what}"))


class FleetLog:
    """Of many accounts: an event log for each, and the account's name before each line."""

    def __init__(self, clock: Clock, tell: Tell) -> None:
        self._clock, self._tell = clock, tell
        self._instruments: Mapping[str, Instrument] = {}
        self._events: dict[str, EventLog] = {}

    def meet(self, instruments: Mapping[str, Instrument], history: Iterable[tuple[str, Event, int]]) -> None:
        """history: what the journal holds of earlier runs (account, event, instant in ns)."""
        self._instruments = instruments
        for account, event, at in history:
            self._of(account).take(event, at)

    def hear(self, account: str, events: Sequence[Event], at: int) -> None:
        whose = f"{account}: " if account else ""  # what concerns the whole trader is of no account
        for line in self._of(account).lines(events, at):
            self._tell(Progress(f"{text_of(at)}  {whose}{line}"))

    def tell(self, what: str) -> None:
        """Reports what concerns no single account."""
        self._tell(Progress(f"{text_of(self._clock.now())}  {what}"))

    def _of(self, account: str) -> EventLog:
        if account not in self._events:
            self._events[account] = EventLog(self._instruments)
        return self._events[account]
